//! Numbered migrations, and the one door through which they are applied.

use rusqlite::Connection;

use crate::failure::{Failure, Result};
use crate::text::failure as text;

/// `PRAGMA application_id`: "mntl".
pub const APPLICATION_ID: i32 = 0x6d6e_746c;

const MIGRATIONS: &[&str] =
    &[include_str!("migrations/0001_registry.sql"), include_str!("migrations/0002_spar_lists.sql")];

/// The version that this program writes.
pub fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Reads the version of an open registry.
pub fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Applies what is missing. The version is read inside the transaction: of several that open an old registry at once,
/// one migrates and the others find it done.
pub fn migrate(connection: &Connection) -> Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let result = apply_missing(connection);
    connection.execute_batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    result
}

fn apply_missing(connection: &Connection) -> Result<()> {
    let version = version(connection)?;
    if version > latest() {
        return Err(Failure::failed(text::REGISTRY_NEWER).with("version", version).with("known", latest()));
    }
    for migration in MIGRATIONS.iter().skip(version as usize) {
        connection.execute_batch(migration)?;
    }
    connection.pragma_update(None, "user_version", latest())?;
    Ok(())
}
