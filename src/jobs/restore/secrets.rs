//! Key and side file of a restore: those that are there, or new ones that get their names after the swap. Until then
//! every command fails for want of them, so that a restore that was cut off is seen and done again.

use crate::failure::Result;
use crate::io::private;
use crate::io::secret_key::SecretKey;
use crate::io::side_file::{Fact, Record, SideFile};
use crate::registry::Registry;

use super::place::{Place, folder_of, fresh, move_if_there};

/// Whether everything that was remembered can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// Key and side file are there and belong together.
    Yes,
    /// One is missing or another installation's.
    No,
}

/// What a restore hashes and remembers with.
pub(super) struct Secrets {
    pub(super) key: SecretKey,
    pub(super) side: SideFile,
    /// What the side file says, as far as it can be used.
    pub(super) records: Vec<Record>,
    pub(super) whole: Whole,
}

impl Secrets {
    /// Finds or makes them. One that is there and damaged is a failure: its copy has to be brought back first.
    pub(super) fn find(place: &Place<'_>, registry: &Registry) -> Result<Self> {
        let (key_file, side_file) = (place.settings.key_file(), place.settings.side_file());
        let has_key = key_file.symlink_metadata().is_ok();
        let old_side = SideFile::find(&side_file)?;
        let key = if has_key { SecretKey::load(&key_file)? } else { SecretKey::create(&fresh(&key_file))? };
        let mut records = old_side.as_ref().map_or(Ok(Vec::new()), SideFile::read)?;
        let side = match old_side {
            Some(side) if has_key => side,
            Some(_) | None => {
                // Hashes of a key that is gone match nobody.
                records.retain(|record| !is_of_a_person(record));
                let side = SideFile::create(&fresh(&side_file))?;
                side.append(&records)?;
                side
            }
        };
        let is_new = !has_key || fresh(&side_file).exists();
        let is_foreign = registry.belongs_to_another_key(key.fingerprint())?;
        let whole = if is_new || is_foreign { Whole::No } else { Whole::Yes };
        Ok(Self { key, side, records, whole })
    }

    /// New ones get their names; an old side file that they replace is kept.
    pub(super) fn settle(place: &Place<'_>) -> Result<()> {
        let (key_file, side_file) = (place.settings.key_file(), place.settings.side_file());
        move_if_there(&fresh(&key_file), &key_file)?;
        if fresh(&side_file).exists() {
            move_if_there(&side_file, &place.replaced(&side_file))?;
        }
        move_if_there(&fresh(&side_file), &side_file)?;
        private::sync_folder(folder_of(&side_file))
    }
}

const fn is_of_a_person(record: &Record) -> bool {
    match record.fact {
        Fact::Protected(_) | Fact::Unprotected(_) | Fact::Disposed(_) | Fact::Reduced(_) => true,
        Fact::Serial(_) | Fact::Applied(_) | Fact::Undone(_) => false,
    }
}
