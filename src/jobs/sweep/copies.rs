//! Copies of the registry: in `backup.dir`, and those that upgrades and restores left beside it. Whoever became protected
//! after a copy was made still stands in it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::files::{below, look_into};
use super::numbers::Wanted;
use super::{Around, Place, Sweep};
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::sweep::Protected;
use crate::text::sweep as text;

const SQLITE: &[u8; 16] = b"SQLite format 3\0";

pub(super) fn look(
    around: &Around<'_>,
    registry: &Registry,
    people: &[Protected],
    wanted: &Wanted,
    found: &mut Sweep,
) -> Result<()> {
    let mut files = below(&around.settings.backup.dir, found);
    files.extend(beside(&around.settings.registry));
    for file in files {
        around.check_stop()?;
        if !is_database(&file) {
            look_into(&file, Place::Backup, wanted, found);
            continue;
        }
        found.copies += 1;
        match Registry::observe_copy(&file)
            .and_then(|copy| if copy.is_of(registry) { copy.traces_of(people) } else { Err(foreign(&file)) })
        {
            Ok(traces) => found.note_traces(Place::Backup, Some(&file), &traces, wanted),
            Err(failure) => found.block(&file, failure),
        }
    }
    Ok(())
}

fn foreign(file: &Path) -> Failure {
    Failure::failed(text::FOREIGN_COPY).with("file", file.display())
}

fn is_database(file: &Path) -> bool {
    let mut start = [0; SQLITE.len()];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && &start == SQLITE
}

/// `registry.db.before-v2`, `registry.db.replaced-…`.
fn beside(registry: &Path) -> Vec<PathBuf> {
    let start = format!("{}.", registry.file_name().unwrap_or_default().to_string_lossy());
    let folder = registry.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_copy = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start)) && path.is_file()
    };
    let mut copies: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_copy).collect();
    copies.sort();
    copies
}
