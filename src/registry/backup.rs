//! Copies of the registry: online, whole, verified, closed to others.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{Registry, verify};
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing};
use crate::leak_control::{self, Place};
use crate::text::failure as text;

/// Pages copied between two looks at the signals.
const PAGES: i32 = 1_024;

/// Copies an open database to a new file and verifies the copy. The copy appears whole or not at all; `go_on` is asked
/// between steps.
pub fn copy(
    from: &Connection,
    to: &Path,
    existing: Existing,
    go_on: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let file = AtomicFile::create(to)?;
    if let Some(part) = file.part() {
        fill(from, part, go_on)?;
    }
    file.commit(existing)
}

fn fill(from: &Connection, part: &Path, go_on: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    let mut target = Connection::open(part)?;
    step_through(&Backup::new(from, &mut target)?, go_on)?;
    // One file, without -wal and -shm beside it.
    if let Some(text) = leak_control::text(Place::Backup) {
        let sql = "INSERT INTO mark (kind, value, run_id) SELECT 'leak', ?, max(id) FROM run";
        target.execute(sql, [text])?;
    }
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    verify(&target, part)
}

fn step_through(backup: &Backup<'_, '_>, go_on: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    loop {
        go_on()?;
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Only the holder of the lock writes, so nothing else can be in the way for long.
            StepResult::Busy | StepResult::Locked | _ => {
                return Err(Failure::failed(text::REGISTRY_BUSY).with("reason", "backup"));
            }
        }
    }
}

impl Registry {
    /// Looks at every page, every index and every foreign key.
    pub fn verify(&self) -> Result<()> {
        verify(&self.connection, &self.path)
    }

    /// Copies the registry to a new file and verifies the copy.
    pub fn back_up(&self, to: &Path, go_on: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        copy(&self.connection, to, Existing::Refuse, go_on)
    }
}
