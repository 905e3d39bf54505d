//! A registry that a newer program upgraded: who did it, and which copy an older program can go back to. Nothing but `meta`,
//! `run` and the headers of copies is asked, and an answer may be missing: the newer schema is not known here.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::schema;
use crate::failure::Failure;
use crate::text::failure as text;

/// Where a migration notes the program that did it.
pub(super) const PROGRAM: &str = "program";

/// This program's version.
pub(super) const OWN: &str = env!("CARGO_PKG_VERSION");

/// What an older program says of a newer registry, and what to do.
pub(super) fn refusal(connection: &Connection, path: &Path, version: u32) -> Failure {
    let failure = Failure::failed(text::REGISTRY_NEWER)
        .with("version", version)
        .with("known", schema::latest())
        .with("program", program(connection))
        .with("own", OWN);
    match copy_before(path) {
        Some(copy) => failure.with("copy", copy.display()).hint(text::REGISTRY_NEWER_COPY),
        None => failure.hint(text::REGISTRY_NEWER_NO_COPY),
    }
}

/// The name of the copy that is made before an upgrade to a version.
pub(super) fn copy_name(path: &Path, version: u32) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{name}.before-v{version}"))
}

/// The program that made the registry what it is: as the upgrade noted it, else as the newest run says.
fn program(connection: &Connection) -> String {
    let ask = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).ok();
    let noted = ask("SELECT value FROM meta WHERE name = 'program'");
    noted
        .or_else(|| ask("SELECT version FROM run ORDER BY id DESC LIMIT 1"))
        .unwrap_or_else(|| "?".to_owned())
}

/// The copy beside the registry, made by the first upgrade beyond this program, that this program can read.
fn copy_before(path: &Path) -> Option<PathBuf> {
    let start = copy_name(path, 0).file_name()?.to_str()?.strip_suffix('0')?.to_owned();
    let beside = std::fs::read_dir(path.parent()?).ok()?.filter_map(|entry| Some(entry.ok()?.file_name()));
    let versions = beside.filter_map(|name| name.to_str()?.strip_prefix(&start)?.parse::<u32>().ok());
    let first = versions.filter(|version| *version > schema::latest()).min()?;
    let copy = copy_name(path, first);
    (version_in_header(&copy)? <= schema::latest()).then_some(copy)
}

/// SQLite keeps `user_version` at byte 60 of a file.
fn version_in_header(path: &Path) -> Option<u32> {
    let mut header = [0; 64];
    File::open(path).ok()?.read_exact(&mut header).ok()?;
    let version = header.last_chunk::<4>()?;
    header.starts_with(b"SQLite format 3\0").then(|| u32::from_be_bytes(*version))
}
