//! What lies beside a registry: its WAL, which may be a dead run's or somebody else's. (reliability.md 4, A12)

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::open::{damaged, real};
use crate::failure::{Failure, Result};

/// Whether there is a WAL with content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// None, or an empty one.
    Nothing,
    /// One with content.
    Something,
}

/// The path with an ending added to its name: SQLite's own files beside a database.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

pub(super) fn left_beside(path: &Path) -> Result<Left> {
    let wal = beside(path, "-wal");
    match std::fs::symlink_metadata(&wal) {
        Ok(meta) if meta.len() > 0 => Ok(Left::Something),
        Ok(_) => Ok(Left::Nothing),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Left::Nothing),
        Err(error) => Err(Failure::io(&wal, error)),
    }
}

/// SQLite ties a WAL to a database by nothing but its name. Our salt tells registries apart: the one in the main file
/// alone must be the one that the WAL leads to.
pub(super) fn refuse_foreign(connection: &Connection, path: &Path) -> Result<()> {
    let Some(own) = salt_without_wal(path)? else { return Ok(()) };
    let seen = salt(connection).map_err(|error| damaged(path, &error.to_string()))?;
    if seen == own { Ok(()) } else { Err(damaged(path, "the WAL beside it is another registry's")) }
}

/// None for a registry so new that its salt is in the WAL only.
fn salt_without_wal(path: &Path) -> Result<Option<String>> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let address = format!("file:{}?immutable=1", escaped(&real(path)?));
    Ok(Connection::open_with_flags(address, flags).and_then(|connection| salt(&connection)).ok())
}

fn salt(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("SELECT value FROM meta WHERE name = 'salt'", [], |row| row.get(0))
}

/// A path as the path of an address: every byte with a meaning of its own there is escaped.
fn escaped(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(byte);
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut out, byte| {
        if is_plain(byte) {
            out.push(char::from(*byte));
        } else {
            out.push('%');
            out.push_str(&crate::domain::keyed_hash::write_hex(&[*byte]));
        }
        out
    })
}
