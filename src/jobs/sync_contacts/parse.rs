//! Reads the rows of a file in a thread of its own: whose each is and what it is like. Nothing is looked up here.

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::sync::mpsc::SyncSender;

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

/// Rows on their way.
pub(super) type Pack = Vec<Parsed>;

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
    /// Reads to the end of the file, or until nobody takes the rows any more.
    pub(super) fn parse(self, sender: &SyncSender<Pack>) -> Result<()> {
        let (empty, mut pack) = (self.rows.row(), Pack::with_capacity(PACK));
        loop {
            let mut row = empty.clone();
            let outcome = self.rows.advance(&mut row).map_err(|fault| fault.into_failure(self.file))?;
            let Some(outcome) = outcome else { break };
            pack.push(self.parsed(row, outcome)?);
            if pack.len() == PACK
                && sender.send(std::mem::replace(&mut pack, Pack::with_capacity(PACK))).is_err()
            {
                return Ok(());
            }
        }
        // The other side may have given up; it knows why.
        drop(sender.send(pack));
        Ok(())
    }

    fn parsed(&self, row: ContactRow, outcome: std::result::Result<(), RowFault>) -> Result<Parsed> {
        let side = self.side(&row)?;
        let digest = self.digest(&row, &side);
        let number = outcome.and_then(|()| match row.presence()? {
            Presence::Absent => Ok(None),
            Presence::Present => row.number(&side).map(Some),
        });
        Ok(Parsed { row, side, digest, number })
    }

    fn side(&self, row: &ContactRow) -> Result<Side> {
        let (Some(sides), Some(id)) = (&self.sides, row.source_id()) else {
            return Ok(Side::default());
        };
        let (birth_date, categories) = sides.find(id)?;
        Ok(Side { birth_date, categories })
    }

    fn digest(&self, row: &ContactRow, side: &Side) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(self.salt.0, self.salt.1);
        self.rules.hash(&mut hasher);
        row.digest_into(side, &mut hasher);
        hasher.finish()
    }
}
