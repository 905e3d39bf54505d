//! Rejected records: enough to say where and why, never what stood there.

use rusqlite::params;

use super::Registry;
use super::runs::RunId;
use crate::failure::Result;

/// One record that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file's name.
    pub file: String,
    /// Line in a CSV file (the header is 1), ordinal from 1 in XML.
    pub record: u64,
    /// Code in the catalogue.
    pub code: String,
    /// Parameters as JSON.
    pub params: String,
    /// Keyed digest of the content: the same record rejected again is not news.
    pub digest: u64,
}

impl Registry {
    /// Stores a run's rejected records, up to a bound.
    pub fn put_rejected(&self, run: RunId, records: &[Rejected]) -> Result<()> {
        let sql =
            "INSERT INTO rejected (run_id, file, record, code, params, digest) VALUES (?, ?, ?, ?, ?, ?)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for record in records {
            let number = i64::try_from(record.record).unwrap_or(i64::MAX);
            let digest = record.digest.cast_signed();
            statement.execute(params![run.0, record.file, number, record.code, record.params, digest])?;
        }
        Ok(())
    }

    /// Whether an earlier run rejected a record of the same content.
    pub fn was_rejected(&self, run: RunId, digest: u64) -> Result<bool> {
        let sql = "SELECT 1 FROM rejected WHERE run_id = ? AND digest = ?";
        Ok(self.connection().prepare_cached(sql)?.exists(params![run.0, digest.cast_signed()])?)
    }
}
