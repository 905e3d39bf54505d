//! Takes the extracts in: each is copied into the spool, so that what is hashed is what is read. All headers are looked at
//! before the first file is loaded.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::FILE_KIND;
use crate::domain::change::hex;
use crate::domain::id_number::Reading;
use crate::failure::{Failure, Result};
use crate::formats::archive::{Packing, Unpacked, unpack};
use crate::formats::csv::{CsvReader, Mapping};
use crate::formats::navet_xml::{NavetReader, is_xml};
use crate::formats::population_rows::COLUMNS;
use crate::io::spool::{Room, Spool};
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::text::failure as text;

/// So much of a file tells what it is.
const BEGINNING: u64 = 4096;

const BUFFER: usize = 64 * 1024;

/// What a file is, told by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows with a header.
    Csv,
    /// Navet's XML, packed or not.
    Navet,
}

/// A copy in the spool; it goes with this value.
#[derive(Debug)]
pub(super) struct Received {
    /// As it was named.
    pub(super) name: String,
    /// Of its bytes.
    pub(super) sha256: String,
    /// What it is.
    pub(super) form: Form,
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
        if file.form == Form::Csv {
            file.open()?;
        }
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
    let sha256 = hex(&copy.sha256);
    let mut received = Received { name, sha256, form: Form::Csv, size: copy.size, path: copy.path, spool };
    received.form = received.look()?;
    Ok(received)
}

impl Received {
    /// What can't be unpacked is no CSV file; why not is said when it is read.
    fn look(&self) -> Result<Form> {
        let file = File::open(&self.path).map_err(|error| Failure::io(&self.path, error))?;
        let Ok(content) = unpack(file) else { return Ok(Form::Navet) };
        let is_packed = content.packing() != Packing::Plain;
        let mut beginning = Vec::new();
        let read = content.take(BEGINNING).read_to_end(&mut beginning);
        let is_navet = is_xml(&beginning) || (is_packed && read.is_err());
        Ok(if is_navet { Form::Navet } else { Form::Csv })
    }

    /// Opens Navet's XML.
    pub(super) fn navet(&self, reading: Reading) -> Result<NavetReader<BufReader<Unpacked<File>>>> {
        let file = File::open(&self.path).map_err(|error| Failure::io(&self.path, error))?;
        let content = unpack(file).map_err(|spoiled| spoiled.into_failure(&self.name))?;
        Ok(NavetReader::new(BufReader::with_capacity(BUFFER, content), reading))
    }

    /// Reads encoding and header; a wrong one is exit code 2.
    pub(super) fn open(&self) -> Result<CsvReader<File>> {
        let file = File::open(&self.path).map_err(|error| Failure::io(&self.path, error))?;
        CsvReader::open(file, COLUMNS, &Mapping::default()).map_err(|fault| fault.into_failure(&self.name))
    }

    /// What the registry remembers of it.
    pub(super) fn row(&self) -> FileRow {
        FileRow::of(FILE_KIND, &self.name, &self.sha256, self.size)
    }
}
