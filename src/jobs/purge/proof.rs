//! `purge proof` and `purge verify`: was this number disposed of, and are the records whole. Read only.

use crate::config::Settings;
use crate::domain::id_number::IdNumber;
use crate::failure::{Failure, Result};
use crate::io::secret_key::SecretKey;
use crate::io::side_file::SideFile;
use crate::registry::Registry;
use crate::registry::retention::disposal::Disposal;
use crate::text::{failure as text, purge as purge_text};

/// What a look at all records found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Records that stand, up to the first that doesn't fit.
    pub records: u64,
    /// The first record that doesn't fit.
    pub broken: Option<i64>,
    /// Numbers that the side file remembers and no record has.
    pub missing: u64,
}

/// The records of a number, the oldest first. Fails if there are none, or if they can't be told with this key.
pub fn proof(registry: &Registry, settings: &Settings, number: &IdNumber) -> Result<Vec<Disposal>> {
    let key = own_key(registry, settings)?;
    let records = registry.disposals_of(key.hash(number))?;
    if records.is_empty() {
        return Err(Failure::failed(text::NOT_FOUND).with("what", "ID").hint(purge_text::NO_RECORD_HINT));
    }
    Ok(records)
}

/// Follows the chain, and asks for each number that the side file remembers.
pub fn verify(registry: &Registry, settings: &Settings) -> Result<Chain> {
    let key = own_key(registry, settings)?;
    let side = SideFile::find(&settings.side_file())?.ok_or_else(|| {
        Failure::failed(text::SIDE_FILE_MISSING).with("path", settings.side_file().display())
    })?;
    let remembered = super::replay::disposed_numbers(&side.read()?);
    registry.snapshot(|| {
        let (records, broken) = registry.verify_disposals(&key)?;
        let mut missing = 0;
        for hash in remembered.keys() {
            missing += u64::from(!registry.is_disposed(*hash)?);
        }
        Ok(Chain { records, broken, missing })
    })
}

/// The key with which the records were made.
fn own_key(registry: &Registry, settings: &Settings) -> Result<SecretKey> {
    let key = SecretKey::load(&settings.key_file())?;
    if registry.belongs_to_another_key(key.fingerprint())? {
        return Err(Failure::failed(purge_text::KEY_FOREIGN).with("path", settings.key_file().display()));
    }
    Ok(key)
}
