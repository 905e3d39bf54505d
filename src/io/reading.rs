//! How far a consumer of the change feed was given rows: a small file each in the spool, so that reading needs no lock.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::{AtomicFile, Existing, private};
use crate::failure::{Failure, Result};

const FOLDER: &str = "cursors";
/// A position is two numbers.
const LONGEST: u64 = 64;

fn place(spool: &Path, cursor: &str) -> PathBuf {
    spool.join(FOLDER).join(cursor)
}

/// Remembers where a reading ended. `cursor` is a name that has been checked.
pub fn remember(spool: &Path, cursor: &str, position: &str) -> Result<()> {
    private::create_folder(spool)?;
    private::create_folder(&spool.join(FOLDER))?;
    let path = place(spool, cursor);
    let mut file = AtomicFile::create(&path)?;
    file.write_all(position.as_bytes()).map_err(|error| Failure::io(&path, error))?;
    file.commit(Existing::Replace)
}

/// Where the last reading ended; none if there was none.
pub fn recall(spool: &Path, cursor: &str) -> Result<Option<String>> {
    let path = place(spool, cursor);
    let file = match std::fs::File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| Failure::io(&path, error))?,
    };
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| Failure::io(&path, error))?;
    Ok(Some(text))
}
