//! What was measured, on disk: a run of an hour that was stopped goes on where it was.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::measure::Cost;

/// A line for each step that is done.
pub struct Noted {
    path: PathBuf,
}

/// The cost; bytes of the registry after it, of the WAL at its largest, of the file that was read.
pub type Found = (Cost, [u64; 3]);

impl Noted {
    /// What stands in this file, if it is there.
    pub fn open(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// What was measured of a step.
    pub fn find(&self, name: &str) -> Option<Found> {
        let lines = fs::read_to_string(&self.path).ok()?;
        lines.lines().find_map(|line| read(line.strip_prefix(name)?.strip_prefix(';')?))
    }

    /// A step is done.
    pub fn add(&self, name: &str, (cost, sizes): &Found) {
        let [registry, wal, file] = sizes;
        let (wall, work, peak) = (cost.wall, cost.work, cost.peak);
        let mut lines = OpenOptions::new().create(true).append(true).open(&self.path).unwrap();
        writeln!(lines, "{name};{wall};{work};{peak};{registry};{wal};{file}").unwrap();
    }
}

fn read(values: &str) -> Option<Found> {
    let mut values = values.split(';');
    let mut seconds = || values.next()?.parse::<f64>().ok();
    let (wall, work) = (seconds()?, seconds()?);
    let mut bytes = || values.next()?.parse::<u64>().ok();
    let cost = Cost { wall, work, peak: bytes()?, exit: Some(0) };
    Some((cost, [bytes()?, bytes()?, bytes()?]))
}
