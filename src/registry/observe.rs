//! What `doctor` asks of a registry: pieces of the full check, figures, and what runs left. Reads only.

use rusqlite::{OptionalExtension, params};

use super::open::{refuse_foreign_schema, verify_pages, verify_references};
use super::{Registry, schema, wal};
use crate::failure::{Failure, Result};

/// How large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Bytes of its pages, those in the WAL too.
    pub bytes: u64,
    /// Bytes of pages that hold nothing.
    pub free_bytes: u64,
    /// Bytes of the WAL beside it.
    pub wal_bytes: u64,
}

impl Registry {
    /// The version of its tables.
    pub fn version(&self) -> Result<u32> {
        Ok(schema::version(self.connection())?)
    }

    /// Whether its tables are those of this version.
    pub fn verify_schema(&self) -> Result<()> {
        refuse_foreign_schema(self.connection(), self.path())
    }

    /// Looks at every page and every index.
    pub fn verify_pages(&self) -> Result<()> {
        verify_pages(self.connection(), self.path())
    }

    /// Looks at every reference from one table to another.
    pub fn verify_references(&self) -> Result<()> {
        verify_references(self.connection(), self.path())
    }

    /// How large it is.
    pub fn figures(&self) -> Result<Figures> {
        let number = |sql: &str| -> Result<u64> {
            let number: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
            Ok(number.unsigned_abs())
        };
        let page = number("PRAGMA page_size")?;
        let log = wal::beside(self.path(), "-wal");
        let wal_bytes = match std::fs::symlink_metadata(&log) {
            Ok(facts) => facts.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(Failure::io(&log, error)),
        };
        Ok(Figures {
            bytes: page * number("PRAGMA page_count")?,
            free_bytes: page * number("PRAGMA freelist_count")?,
            wal_bytes,
        })
    }

    /// When the newest run began or ended, UTC; none if there never was one.
    pub fn newest_instant(&self) -> Result<Option<String>> {
        self.instant("SELECT max(max(started, coalesce(ended, started))) FROM run")
    }

    /// When the first run began, UTC: the registry is not younger.
    pub fn first_instant(&self) -> Result<Option<String>> {
        self.instant("SELECT started FROM run ORDER BY id LIMIT 1")
    }

    fn instant(&self, sql: &str) -> Result<Option<String>> {
        let found = self.connection().query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }

    /// When the last run of a job that did its work began, UTC. Dry runs don't count.
    pub fn last_success(&self, job: &str) -> Result<Option<String>> {
        let sql =
            "SELECT max(started) FROM run WHERE job = ? AND dry_run = 0 AND status IN ('ok', 'remarks')";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![job], |row| row.get(0))?)
    }
}
