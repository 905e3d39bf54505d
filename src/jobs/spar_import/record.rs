//! Goes through a file in a thread of its own: every post by itself, with a digest of it. Most posts are known by that and
//! never read.

use std::io::BufRead;
use std::sync::mpsc::{Receiver, SyncSender};

use crate::domain::id_number::Reading;
use crate::domain::spar::recognised::PostDigest;
use crate::formats::spar_xml::{Fault, Form, Glance, SparReader, read_head};
use crate::jobs::packs::PACK;

/// Posts on their way. A pack that was worked goes back and is filled again.
#[derive(Default)]
pub(super) struct Pack {
    text: String,
    posts: Vec<Recorded>,
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

    fn push(&mut self, ordinal: u64, start: usize, form: Form, with: &Reader) {
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
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// For the numbers.
    pub(super) reading: Reading,
    /// What keys the digests.
    pub(super) salt: (u64, u64),
}

impl Reader {
    /// Reads to the end of the file, or until nobody takes the posts any more. `worked` brings packs back.
    pub(super) fn record(
        &self,
        source: &mut (dyn BufRead + Send),
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
            if pack.posts.len() == PACK {
                let next = worked.try_recv().map(Pack::emptied).unwrap_or_default();
                if sender.send(std::mem::replace(&mut pack, next)).is_err() {
                    return Ok(());
                }
            }
        };
        // Something in these posts may be wrong too, and comes first. Whoever takes them may have given up, and knows why.
        drop(sender.send(pack));
        end
    }
}
