//! A stand-in for the partner at the other end of the drop: collects the list that was really sent, and answers it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::config::Settings;
use crate::failure::{Failure, Result};

/// Takes the lists out of `in/`, as a partner does; gives the numbers in them. The demonstration's lists are csv.
pub(super) fn collect(settings: &Settings) -> Result<BTreeSet<String>> {
    let folder = settings.spar.server.path.join(&settings.spar.server.put_dir);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| Failure::io(&path, error)
    };
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(failed(&folder))? {
        let path = entry.map_err(failed(&folder))?.path();
        let list = fs::read_to_string(&path).map_err(failed(&path))?;
        numbers.extend(list.split(',').map(str::to_owned));
        fs::remove_file(&path).map_err(failed(&path))?;
    }
    Ok(numbers)
}
