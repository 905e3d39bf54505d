//! Files that a command line names: they are read where they lie, never moved.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::config::SourceSettings;
use crate::domain::change::hex;
use crate::failure::{Failure, Result};
use crate::formats::csv::Mapping;
use crate::text::failure as text;

/// Opens a regular file; what is none, or can't be read, is a wrong command line.
pub(super) fn open_file(path: &Path) -> Result<File> {
    let unreadable =
        |error| Failure::usage(text::FILE_UNREADABLE).with("path", path.display()).with("reason", error);
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Failure::usage(text::NOT_A_FILE).with("path", path.display()));
    }
    Ok(file)
}

/// The last part of a path, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A system's own headers, as the configuration says what they are.
pub(super) fn mapping_of(source: &SourceSettings) -> Mapping {
    let renamed = source.columns.iter();
    let mapping = renamed.fold(Mapping::default(), |all, (theirs, ours)| all.rename(theirs, ours));
    source.ignore_columns.iter().fold(mapping, |all, theirs| all.ignore(theirs))
}

/// Bytes and SHA-256 of a file, which is read from its beginning and set back there.
pub(super) fn fingerprint(file: &mut File, path: &Path) -> Result<(u64, String)> {
    let failed = |error| Failure::io(path, error);
    file.rewind().map_err(failed)?;
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = file.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    file.rewind().map_err(failed)?;
    Ok((size, hex(&hasher.finalize())))
}
