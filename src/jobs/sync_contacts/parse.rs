//! Reads the rows of a file in a thread of its own: whose each is and what it is like. Nothing is looked up here.

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::sync::mpsc::{Receiver, SyncSender};

use siphasher::sip::SipHasher13;

use crate::domain::id_number::IdNumber;
use crate::failure::Result;
use crate::formats::contact_rows::{ContactRow, ContactRows, Presence, Side};
use crate::formats::csv::RowFault;
use crate::registry::staging::sides::Sides;

/// Rows travel between the threads in packs.
const PACK: usize = 256;
/// So many packs wait at most: memory stays flat when one side is slower.
pub(super) const WAITING: usize = 4;

/// Rows on their way. A pack that was worked goes back and is filled again: memory that one thread takes and another
/// gives back is dear.
#[derive(Default)]
pub(super) struct Pack {
    rows: Vec<Parsed>,
    filled: usize,
}

impl Pack {
    /// The rows that it brings.
    pub(super) fn rows(&self) -> &[Parsed] {
        self.rows.get(..self.filled).unwrap_or_default()
    }

    /// Place for one more row, which the next one takes too unless [`Self::keep`] is called.
    fn place(&mut self, empty: &ContactRow) -> Option<&mut Parsed> {
        if self.filled == self.rows.len() {
            self.rows.push(Parsed { row: empty.clone(), side: Side::default(), digest: 0, number: Ok(None) });
        }
        self.rows.get_mut(self.filled)
    }

    const fn keep(&mut self) {
        self.filled += 1;
    }

    fn emptied(mut self) -> Self {
        self.filled = 0;
        self
    }
}

/// A row as it is handed over.
pub(super) struct Parsed {
    /// What was read.
    pub(super) row: ContactRow,
    /// What other files of the delivery say.
    pub(super) side: Side,
    /// Keyed digest of its content.
    pub(super) digest: u64,
    /// Whose it is; none for one that counts as no row.
    pub(super) number: std::result::Result<Option<IdNumber>, RowFault>,
}

/// What the rows of a file are read with.
pub(super) struct Parser<'p> {
    /// The file.
    pub(super) rows: &'p mut ContactRows<File>,
    /// Its name.
    pub(super) file: &'p str,
    /// What other files of the delivery say.
    pub(super) sides: Option<Sides>,
    /// What keys the digests.
    pub(super) salt: (u64, u64),
    /// Rules that a settled row was settled by are part of its digest.
    pub(super) rules: String,
}

impl Parser<'_> {
    /// Reads to the end of the file, or until nobody takes the rows any more. `worked` brings packs back.
    pub(super) fn parse(self, sender: &SyncSender<Pack>, worked: &Receiver<Pack>) -> Result<()> {
        let (empty, mut pack) = (self.rows.row(), Pack::default());
        let seed = self.seed();
        while let Some(place) = pack.place(&empty) {
            let outcome = self.rows.advance(&mut place.row).map_err(|fault| fault.into_failure(self.file))?;
            let Some(outcome) = outcome else { break };
            place.side = side(self.sides.as_ref(), &place.row)?;
            place.read(seed, outcome);
            pack.keep();
            if pack.filled == PACK {
                let next = worked.try_recv().map(Pack::emptied).unwrap_or_default();
                if sender.send(std::mem::replace(&mut pack, next)).is_err() {
                    return Ok(());
                }
            }
        }
        // The other side may have given up; it knows why.
        drop(sender.send(pack));
        Ok(())
    }

    /// The state of a digest into which the rules went.
    fn seed(&self) -> SipHasher13 {
        let mut hasher = SipHasher13::new_with_keys(self.salt.0, self.salt.1);
        self.rules.hash(&mut hasher);
        hasher
    }
}

impl Parsed {
    fn read(&mut self, seed: SipHasher13, outcome: std::result::Result<(), RowFault>) {
        let mut hasher = seed;
        self.row.digest_into(&self.side, &mut hasher);
        self.digest = hasher.finish();
        self.number = outcome.and_then(|()| match self.row.presence()? {
            Presence::Absent => Ok(None),
            Presence::Present => self.row.number(&self.side).map(Some),
        });
    }
}

fn side(sides: Option<&Sides>, row: &ContactRow) -> Result<Side> {
    let (Some(sides), Some(id)) = (sides, row.source_id()) else {
        return Ok(Side::default());
    };
    let (birth_date, categories) = sides.find(id)?;
    Ok(Side { birth_date, categories })
}
