//! Counts as they were, in a file beside this one, and what is to be thought of new ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions/counts.txt");
/// Per cent up or down that another processor, or the seed of a hash, may account for.
const TOLERANCE: u64 = 25;

/// What one workload took, by its name.
pub struct Counts {
    /// With which compiler.
    pub toolchain: String,
    /// Instructions.
    pub workloads: BTreeMap<String, u64>,
}

/// What a count means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// About what it was.
    Same,
    /// More than is tolerated.
    Slower,
    /// So much less that the file should say so, or it would hide what comes next.
    Faster,
    /// The file has no such workload.
    Unknown,
}

impl Counts {
    /// None yet.
    pub fn new() -> Self {
        let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
        let toolchain = format!("{}, profile dev", String::from_utf8(version).unwrap().trim());
        Self { toolchain, workloads: BTreeMap::new() }
    }

    /// Those of the file.
    pub fn read() -> Self {
        let text = fs::read_to_string(FILE).unwrap_or_default();
        let mut lines = text.lines();
        let toolchain = lines.next().unwrap_or("no counts yet").trim_start_matches("# ").to_owned();
        let workload = |line: &str| {
            let (name, count) = line.rsplit_once(' ')?;
            Some((name.trim().to_owned(), count.parse().ok()?))
        };
        Self { toolchain, workloads: lines.filter_map(workload).collect() }
    }

    /// Puts these into the file.
    pub fn write(&self) {
        let mut text = format!("# {}\n", self.toolchain);
        for (name, count) in &self.workloads {
            writeln!(text, "{name:<32}{count:>15}").unwrap();
        }
        fs::write(FILE, text).unwrap();
    }

    /// What a count means beside the known one.
    pub fn judge(&self, name: &str, count: u64) -> Verdict {
        match self.workloads.get(name) {
            None => Verdict::Unknown,
            Some(known) if count * 100 > known * (100 + TOLERANCE) => Verdict::Slower,
            Some(known) if count * 100 < known * (100 - TOLERANCE) => Verdict::Faster,
            Some(_) => Verdict::Same,
        }
    }

    /// The same in words.
    pub fn sentence(&self, name: &str, count: u64, verdict: Verdict) -> String {
        let known = self.workloads.get(name).copied().unwrap_or_default();
        let share = (count * 100).checked_div(known).unwrap_or_default();
        match verdict {
            Verdict::Same => format!("{share} % of what it was"),
            Verdict::Slower => {
                format!("{share} % of what it was: SLOWER, the limit is {} %", 100 + TOLERANCE)
            }
            Verdict::Faster => format!("{share} % of what it was: faster, please renew the file"),
            Verdict::Unknown => "not in the file".to_owned(),
        }
    }
}
