//! The registry: one SQLite file, and the only room with SQL.
//!
//! It is opened here and nowhere else, never created by accident, and refused when anything about it is odd.

pub mod ageing;
mod along;
pub mod areas;
pub mod backup;
pub mod contacts;
pub mod feed;
pub mod files;
pub mod findings;
pub mod history;
pub mod journal;
pub mod last_runs;
pub mod ledger;
pub mod listing;
mod marks;
pub mod merged;
pub mod meta;
mod newer;
pub mod observe;
mod open;
pub mod people;
pub mod population;
pub mod protection;
pub mod rejected;
pub mod remote_files;
pub mod restored;
pub mod retained;
pub mod retention;
pub mod runs;
pub mod schedule;
pub mod schema;
pub mod search;
pub mod settled;
pub mod spar_lists;
pub mod staging;
pub mod subject;
pub mod sweep;

pub mod wal;
pub mod whereabouts;

pub use open::{Access, Check, verify};

use std::cell::Cell;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::failure::Result;

/// An open registry.
pub struct Registry {
    connection: Connection,
    path: PathBuf,
    salt: (u64, u64),
    depth: Cell<u32>,
    beyond: Cell<u64>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registry({})", self.path.display())
    }
}

impl Registry {
    /// The connection, for statements of this room.
    pub(in crate::registry) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What keys the digests of statements and rejected rows.
    pub fn salt(&self) -> (u64, u64) {
        self.salt
    }

    /// How often changing one person touched what stands with others: what was read ahead of them is old then.
    pub(in crate::registry) fn changes_beyond(&self) -> u64 {
        self.beyond.get()
    }

    /// Says that what stands with others than the person who changes is touched.
    pub(in crate::registry) fn note_change_beyond(&self) {
        self.beyond.set(self.beyond.get() + 1);
    }

    /// Stops whatever statement runs, from another thread.
    pub fn interrupt_handle(&self) -> rusqlite::InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Runs `work` in one transaction. Commits if it says so, rolls back otherwise, also when it fails.
    /// Inside another unit (a dry run is one around everything) it is a savepoint of that.
    pub fn unit<T>(&self, work: impl FnOnce() -> Result<(Outcome, T)>) -> Result<T> {
        let guard = Unit::begin(self)?;
        let (outcome, value) = work()?;
        match outcome {
            Outcome::Commit => guard.commit()?,
            Outcome::RollBack => drop(guard),
        }
        Ok(value)
    }

    /// A short write: a unit of its own, or a part of the one that runs.
    pub fn write<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.depth.get() > 0 { work() } else { self.unit(|| work().map(|value| (Outcome::Commit, value))) }
    }
}

impl Registry {
    /// One consistent view for many reads, which take one lock together. Nothing in `work` may write.
    pub fn snapshot<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.depth.get() > 0 {
            return work();
        }
        self.connection.execute_batch("BEGIN DEFERRED")?;
        let result = work();
        // Nothing was written, so it does not matter how this ends, as long as it does.
        self.connection.execute_batch("ROLLBACK")?;
        result
    }
}

/// How a unit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it did stays.
    Commit,
    /// As if it had not been: dry run, limits.
    RollBack,
}

/// A transaction that rolls back unless it is committed.
struct Unit<'r> {
    registry: &'r Registry,
    depth: u32,
    open: bool,
}

impl<'r> Unit<'r> {
    fn begin(registry: &'r Registry) -> Result<Self> {
        let depth = registry.depth.get();
        let begin = if depth == 0 { "BEGIN IMMEDIATE".to_owned() } else { format!("SAVEPOINT unit{depth}") };
        registry.connection.execute_batch(&begin)?;
        registry.depth.set(depth + 1);
        Ok(Self { registry, depth, open: true })
    }

    fn commit(mut self) -> Result<()> {
        let depth = self.depth;
        let commit = if depth == 0 { "COMMIT".to_owned() } else { format!("RELEASE unit{depth}") };
        self.registry.connection.execute_batch(&commit)?;
        self.close();
        Ok(())
    }

    fn close(&mut self) {
        self.open = false;
        self.registry.depth.set(self.depth);
    }
}

impl Drop for Unit<'_> {
    fn drop(&mut self) {
        if self.open {
            let depth = self.depth;
            let back = match depth {
                0 => "ROLLBACK".to_owned(),
                _ => format!("ROLLBACK TO unit{depth}; RELEASE unit{depth}"),
            };
            // If even this fails (a full disk may have rolled back already) the connection is closing.
            drop(self.registry.connection.execute_batch(&back));
            self.close();
        }
    }
}
