//! Takes the extracts in: each is copied into the spool, so that what is hashed is what is read. All headers are looked at
//! before the first file is loaded.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::FILE_KIND;
use crate::domain::change::hex;
use crate::failure::{Failure, Result};
use crate::formats::csv::{CsvReader, Mapping};
use crate::formats::population_rows::COLUMNS;
use crate::io::spool::{Room, Spool};
use crate::jobs::run::Run;
use crate::registry::files::{FileRow, State};
use crate::text::failure as text;

/// A copy in the spool; it goes with this value.
#[derive(Debug)]
pub(super) struct Received {
    /// As it was named.
    pub(super) name: String,
    /// Of its bytes.
    pub(super) sha256: String,
    size: u64,
    path: PathBuf,
    spool: Spool,
}

impl Drop for Received {
    fn drop(&mut self) {
        // A copy that stays is swept by the next run.
        drop(self.spool.remove(&self.path));
    }
}

/// All files in the order in which they were named, each content once.
pub(super) fn receive(run: &Run<'_>, files: &[PathBuf]) -> Result<Vec<Received>> {
    for path in files {
        let unreadable =
            |error| Failure::usage(text::FILE_UNREADABLE).with("path", path.display()).with("reason", error);
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Failure::usage(text::NOT_A_FILE).with("path", path.display()));
        }
    }
    let mut received: Vec<Received> = Vec::new();
    for path in files {
        run.check_stop()?;
        let file = take_in(run, path)?;
        file.open()?;
        if !received.iter().any(|other| other.sha256 == file.sha256) {
            received.push(file);
        }
    }
    Ok(received)
}

fn take_in(run: &Run<'_>, path: &Path) -> Result<Received> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let spool = Spool::open(&run.setup.settings.spool)?;
    let copy = spool.copy_in(path, Room::Staging)?;
    Ok(Received { name, sha256: hex(&copy.sha256), size: copy.size, path: copy.path, spool })
}

impl Received {
    /// Reads encoding and header; a wrong one is exit code 2.
    pub(super) fn open(&self) -> Result<CsvReader<File>> {
        let file = File::open(&self.path).map_err(|error| Failure::io(&self.path, error))?;
        CsvReader::open(file, COLUMNS, &Mapping::default()).map_err(|fault| fault.into_failure(&self.name))
    }

    /// What the registry remembers of it.
    pub(super) fn row(&self) -> FileRow {
        FileRow {
            kind: FILE_KIND,
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            size: self.size,
            customer: String::new(),
            order: String::new(),
            created: None,
            sequence: None,
            state: State::Applied,
            spooled: None,
            posts: 0,
        }
    }
}
