//! Goes through a file in a thread of its own: every post by itself, with a digest of it. Most posts are known by that and
//! never read; while they aren't, they are read here, so that the other side has less to do.

use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use super::parsed::Parsed;
use crate::domain::id_number::Reading;
use crate::domain::spar::recognised::PostDigest;
use crate::formats::spar_xml::{Fault, Form, Glance, SparReader, read_head};

/// Posts travel between the threads in packs.
const PACK: usize = 256;
/// So many packs wait at most: memory stays flat when one side is slower.
pub(super) const WAITING: usize = 4;

/// Posts on their way. A pack that was worked goes back and is filled again.
#[derive(Default)]
pub(super) struct Pack {
    text: String,
    posts: Vec<Recorded>,
    /// All of them as they were read here; nothing of them if that was left to the other side.
    pub(super) parsed: Vec<Parsed>,
}

struct Recorded {
    ordinal: u64,
    end: usize,
    form: Form,
    digest: PostDigest,
    glance: Option<Glance>,
}

/// A post that was taken from the file and not read yet.
#[derive(Clone, Copy)]
pub(super) struct Taken<'t> {
    /// From 1, in the order of the file.
    pub(super) ordinal: u64,
    /// What it says, in its form.
    pub(super) text: &'t str,
    /// How it was put down.
    pub(super) form: Form,
    /// Digest of the text.
    pub(super) digest: PostDigest,
    /// What has to be known of it even if it is known by its digest.
    pub(super) glance: Option<Glance>,
}

impl Pack {
    /// The posts that it brings.
    pub(super) fn posts(&self) -> impl Iterator<Item = Taken<'_>> {
        let starts = std::iter::once(0).chain(self.posts.iter().map(|post| post.end));
        self.posts.iter().zip(starts).map(|(post, start)| Taken {
            ordinal: post.ordinal,
            text: self.text.get(start..post.end).unwrap_or_default(),
            form: post.form,
            digest: post.digest,
            glance: post.glance,
        })
    }

    /// How many they are.
    pub(super) const fn len(&self) -> usize {
        self.posts.len()
    }

    fn push(&mut self, ordinal: u64, start: usize, form: Form, with: &Reader<'_>) {
        let text = self.text.get(start..).unwrap_or_default();
        let digest = PostDigest::of(text.as_bytes(), with.salt);
        let glance = match form {
            Form::Whole(_) => Glance::at(text, &with.reading),
            Form::Tape => Glance::of(&read_head(text, &with.reading)),
        };
        self.posts.push(Recorded { ordinal, end: self.text.len(), form, digest, glance });
    }

    fn emptied(mut self) -> Self {
        self.text.clear();
        self.posts.clear();
        self
    }
}

/// What a file is read with.
pub(super) struct Reader<'r> {
    /// For the numbers.
    pub(super) reading: Reading,
    /// What keys the digests.
    pub(super) salt: (u64, u64),
    /// Most posts were not known by their digest lately.
    pub(super) are_strange: &'r AtomicBool,
}

impl Reader<'_> {
    /// Reads to the end of the file, or until nobody takes the posts any more. `worked` brings packs back.
    pub(super) fn record(
        &self,
        source: Box<dyn BufRead + Send>,
        sender: &SyncSender<Pack>,
        worked: &Receiver<Pack>,
    ) -> Result<(), Fault> {
        let mut reader = SparReader::new(source, self.reading);
        let mut pack = Pack::default();
        let end = loop {
            let start = pack.text.len();
            match reader.take_post(&mut pack.text) {
                Ok(Some(form)) => pack.push(reader.ordinal(), start, form, self),
                Ok(None) => break Ok(()),
                Err(fault) => break Err(fault),
            }
            if pack.len() == PACK {
                let next = worked.try_recv().map(Pack::emptied).unwrap_or_default();
                if sender.send(self.finished(std::mem::replace(&mut pack, next))?).is_err() {
                    return Ok(());
                }
            }
        };
        // Something in these posts may be wrong too, and comes first. The other side may have given up; it knows why.
        drop(sender.send(self.finished(pack)?));
        end
    }

    fn finished(&self, mut pack: Pack) -> Result<Pack, Fault> {
        if self.are_strange.load(Ordering::Relaxed) {
            let mut tape = String::new();
            let read = |taken| Parsed::of(taken, &mut tape, &self.reading, self.salt);
            let parsed: Result<Vec<Parsed>, Fault> = pack.posts().map(read).collect();
            pack.parsed = parsed?;
        }
        Ok(pack)
    }
}
