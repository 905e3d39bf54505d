//! Reads a file in a thread of its own: every post whole and well-formed, on a tape and with a digest of it. Most posts
//! are known by that and never read; while they aren't, they are read here, so that the other side has less to do.

use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use super::parsed::Parsed;
use crate::domain::id_number::Reading;
use crate::domain::spar::recognised::PostDigest;
use crate::formats::spar_xml::{Fault, SparReader};

/// Posts travel between the threads in packs.
const PACK: usize = 256;
/// So many packs wait at most: memory stays flat when one side is slower.
pub(super) const WAITING: usize = 4;

/// Posts on their way. A pack that was worked goes back and is filled again.
#[derive(Default)]
pub(super) struct Pack {
    tape: String,
    posts: Vec<Recorded>,
    /// All of them as they were read here; nothing of them if that was left to the other side.
    pub(super) parsed: Vec<Parsed>,
}

struct Recorded {
    ordinal: u64,
    end: usize,
    digest: PostDigest,
}

/// A post on the tape.
#[derive(Clone, Copy)]
pub(super) struct Taped<'t> {
    /// From 1, in the order of the file.
    pub(super) ordinal: u64,
    /// What it says.
    pub(super) tape: &'t str,
    /// Digest of that.
    pub(super) digest: PostDigest,
}

impl Pack {
    /// The posts that it brings.
    pub(super) fn posts(&self) -> impl Iterator<Item = Taped<'_>> {
        let starts = std::iter::once(0).chain(self.posts.iter().map(|post| post.end));
        self.posts.iter().zip(starts).map(|(post, start)| Taped {
            ordinal: post.ordinal,
            tape: self.tape.get(start..post.end).unwrap_or_default(),
            digest: post.digest,
        })
    }

    /// How many they are.
    pub(super) const fn len(&self) -> usize {
        self.posts.len()
    }

    fn push(&mut self, ordinal: u64, start: usize, salt: (u64, u64)) {
        let digest = PostDigest::of(self.tape.as_bytes().get(start..).unwrap_or_default(), salt);
        self.posts.push(Recorded { ordinal, end: self.tape.len(), digest });
    }

    fn emptied(mut self) -> Self {
        self.tape.clear();
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
        loop {
            let start = pack.tape.len();
            if !reader.record_post(&mut pack.tape)? {
                break;
            }
            pack.push(reader.ordinal(), start, self.salt);
            if pack.len() == PACK {
                let next = worked.try_recv().map(Pack::emptied).unwrap_or_default();
                if sender.send(self.finished(std::mem::replace(&mut pack, next))).is_err() {
                    return Ok(());
                }
            }
        }
        // The other side may have given up; it knows why.
        drop(sender.send(self.finished(pack)));
        Ok(())
    }

    fn finished(&self, mut pack: Pack) -> Pack {
        if self.are_strange.load(Ordering::Relaxed) {
            let parsed: Vec<Parsed> =
                pack.posts().map(|taped| Parsed::of(taped, &self.reading, self.salt)).collect();
            pack.parsed = parsed;
        }
        pack
    }
}
