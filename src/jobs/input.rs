//! Files that a command line names: they are read where they lie, never moved.

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;

use crate::config::SourceSettings;
use crate::domain::change::hex;
use crate::failure::{Failure, Result};
use crate::formats::csv::{Mapping, Row, RowFault};
use crate::registry::rejected::Rejected;
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

/// Oldest first; of the same age in the order of the command line.
pub(super) fn in_order(files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut dated: Vec<(SystemTime, &PathBuf)> = Vec::new();
    for path in files {
        let modified = open_file(path)?.metadata().and_then(|metadata| metadata.modified());
        dated.push((modified.map_err(|error| Failure::io(path, error))?, path));
    }
    dated.sort_by_key(|(modified, _)| *modified);
    Ok(dated.into_iter().map(|(_, path)| path.clone()).collect())
}

/// Keyed digest of what a row says, so that the same again is not news.
pub(super) fn digest_of(salt: (u64, u64), row: &Row, columns: usize) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    (0..columns).for_each(|column| row.text(column).hash(&mut hasher));
    hasher.finish()
}

/// A row that can't be used, as the run notes it.
pub(super) fn rejected(file: &str, fault: &RowFault, digest: u64) -> Rejected {
    let params = fault.column.map(|column| serde_json::json!({ "column": column }).to_string());
    Rejected {
        file: file.to_owned(),
        record: fault.line,
        code: fault.code.to_owned(),
        params: params.unwrap_or_else(|| "{}".to_owned()),
        digest,
    }
}
