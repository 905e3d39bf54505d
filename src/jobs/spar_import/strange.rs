//! Reads the posts that nobody knows yet, in a thread of its own.

use std::sync::mpsc::{Receiver, Sender};

use super::parsed::Parsed;
use super::record::{Pack, Reader};
use crate::domain::id_number::NumberKey;
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
