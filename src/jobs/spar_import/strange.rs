//! Reads the posts that nobody knows yet, in threads of their own.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use super::parsed::Parsed;
use super::record::{Pack, Reader};
use crate::domain::id_number::NumberKey;
use crate::failure::{Failure, Result as Outcome};
use crate::formats::spar_xml::Fault;
use crate::registry::ledger::Seen;

/// A pack of posts, and which of them have to be read.
pub(super) struct Sifted {
    pub(super) pack: Pack,
    pub(super) strange: Vec<Strange>,
    /// Why one of them can't be read; nothing behind it was.
    pub(super) fault: Option<Fault>,
}

/// A post that has to be read.
pub(super) struct Strange {
    /// In the pack.
    pub(super) place: usize,
    /// Its number as it seemed to be, and what that gave.
    pub(super) seen: (Option<NumberKey>, Option<Seen>),
    /// What it says, once it was read.
    pub(super) parsed: Option<Parsed>,
}

impl Sifted {
    fn read(&mut self, reader: Reader, tape: &mut String) -> Result<(), Fault> {
        let mut strange = self.strange.iter_mut().peekable();
        for (place, taken) in self.pack.posts().enumerate() {
            if let Some(strange) = strange.next_if(|strange| strange.place == place) {
                strange.parsed = Some(Parsed::of(taken, tape, &reader.reading, reader.salt)?);
            }
        }
        Ok(())
    }
}

/// So many threads read. Where all posts are new, reading is the most of the work.
const READERS: usize = 2;
/// So many packs wait at most for each.
const WAITING: usize = 2;

/// The threads that read. They get the packs in turn and give them back in the same order.
pub(super) struct Strangers {
    readers: Vec<(SyncSender<Sifted>, Receiver<Sifted>)>,
    given: usize,
    taken: usize,
}

impl Strangers {
    /// `start` starts a thread that reads what comes and gives it back.
    pub(super) fn of(mut start: impl FnMut(Receiver<Sifted>, Sender<Sifted>)) -> Self {
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let ((sift, sifted), (done, read)) = (sync_channel(WAITING), channel());
            start(sifted, done);
            readers.push((sift, read));
        }
        Self { readers, given: 0, taken: 0 }
    }

    /// To be read.
    pub(super) fn give(&mut self, sifted: Sifted) -> Outcome<()> {
        let reader = self.readers.get(self.given % READERS);
        self.given += 1;
        // They end only after this side.
        let is_given = reader.is_some_and(|(sift, _)| sift.send(sifted).is_ok());
        if is_given { Ok(()) } else { Err(stopped()) }
    }

    /// The next one, if it was read.
    pub(super) fn try_take(&mut self) -> Option<Sifted> {
        let sifted = self.readers.get(self.taken % READERS)?.1.try_recv().ok()?;
        self.taken += 1;
        Some(sifted)
    }

    /// The next one, once it was read; none after the last that was given.
    pub(super) fn take(&mut self) -> Outcome<Option<Sifted>> {
        if self.taken == self.given {
            return Ok(None);
        }
        let reader = self.readers.get(self.taken % READERS);
        let sifted = reader.and_then(|(_, read)| read.recv().ok()).ok_or_else(stopped)?;
        self.taken += 1;
        Ok(Some(sifted))
    }
}

fn stopped() -> Failure {
    Failure::internal("a reader of posts stopped")
}

/// Until there are no more.
pub(super) fn read(reader: Reader, sifted: &Receiver<Sifted>, done: &Sender<Sifted>) {
    let mut tape = String::new();
    while let Ok(mut sifted) = sifted.recv() {
        sifted.fault = sifted.read(reader, &mut tape).err();
        // Whoever takes them may have given up, and knows why.
        if done.send(sifted).is_err() {
            return;
        }
    }
}
