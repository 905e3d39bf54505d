//! Copies of the registry: online, whole, verified, closed to others.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Registry, verify};
use crate::failure::{Failure, Result};
use crate::io::private;

/// Copies an open database to a new file and verifies the copy. The copy appears whole or not at all.
pub fn copy(from: &Connection, to: &Path) -> Result<()> {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let part = to.with_file_name(format!("{name}.part"));
    drop(std::fs::remove_file(&part));
    drop(private::create_new(&part)?);
    let result = fill(from, &part);
    if result.is_err() {
        drop(std::fs::remove_file(&part));
    }
    result?;
    let synced = std::fs::File::open(&part).and_then(|file| file.sync_all());
    synced.map_err(|error| Failure::io(&part, error))?;
    std::fs::rename(&part, to).map_err(|error| Failure::io(to, error))?;
    private::sync_folder(to.parent().unwrap_or(Path::new(".")))
}

fn fill(from: &Connection, part: &Path) -> Result<()> {
    let mut target = Connection::open(part)?;
    Backup::new(from, &mut target)?.run_to_completion(1024, Duration::ZERO, None)?;
    // One file, without -wal and -shm beside it.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    verify(&target, part)
}

impl Registry {
    /// Copies the registry to a new file and verifies the copy.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        copy(&self.connection, to)
    }
}
