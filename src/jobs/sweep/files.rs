//! Files of the spool and files that were named: plain, zip or gzip; CSV, XML or JSON.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::numbers::Wanted;
use super::{Around, Place, Spot, Sweep};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::formats::archive::unpack;

/// Folders in folders, but not for ever.
const DEEPEST: usize = 16;

pub(super) fn look(around: &Around<'_>, wanted: &Wanted, found: &mut Sweep) -> Result<()> {
    for file in below(&around.settings.spool, found) {
        around.check_stop()?;
        look_into(&file, Place::Spool, wanted, found);
    }
    for path in around.paths {
        if path.symlink_metadata().is_err() {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            found.block(path, Failure::io(path, missing));
        }
        for file in below(path, found) {
            around.check_stop()?;
            look_into(&file, Place::Named, wanted, found);
        }
    }
    Ok(())
}

/// The plain files below a path, in order, or the path itself. Links are not followed; what isn't there has nothing in it.
pub(super) fn below(path: &Path, found: &mut Sweep) -> Vec<PathBuf> {
    let mut files = Vec::new();
    descend(path, DEEPEST, &mut files, found);
    files.sort();
    files
}

fn descend(path: &Path, deeper: usize, files: &mut Vec<PathBuf>, found: &mut Sweep) {
    let Ok(facts) = path.symlink_metadata() else { return };
    if facts.is_file() {
        files.push(path.to_owned());
    }
    if !facts.is_dir() || deeper == 0 {
        return;
    }
    match std::fs::read_dir(path) {
        Ok(entries) => {
            for entry in entries.flatten() {
                descend(&entry.path(), deeper - 1, files, found);
            }
        }
        Err(error) => found.block(path, Failure::io(path, error)),
    }
}

/// Searches one file for the numbers.
pub(super) fn look_into(file: &Path, place: Place, wanted: &Wanted, found: &mut Sweep) {
    found.files += 1;
    match people_in(file, wanted) {
        Ok(people) => {
            for person in people {
                let standing = wanted.standing(person);
                found.note(Spot { place, file: Some(file.to_owned()), column: None, standing }, person);
            }
        }
        Err(failure) => found.block(file, failure),
    }
}

fn people_in(path: &Path, wanted: &Wanted) -> Result<BTreeSet<Option<PersonId>>> {
    let failed = |error| Failure::io(path, error);
    let content = unpack(File::open(path).map_err(failed)?)
        .map_err(|spoiled| spoiled.into_failure(&path.display().to_string()))?;
    wanted.find_in(content).map_err(failed)
}
