//! What a run leaves behind for whoever started it: plain values that the command line renders.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::failure::Failure;
use crate::registry::findings::{Finding, Opened};
use crate::registry::rejected::Rejected;
use crate::registry::runs::{LogLine, RunRow};

/// Everything about one run.
#[derive(Debug, Default)]
pub struct Report {
    /// The row, if there is one.
    pub run: Option<RunRow>,
    /// Findings that it opened or reopened: the first of them, or all.
    pub findings: Vec<Finding>,
    /// How many there are besides.
    pub more_findings: u64,
    /// Records that it rejected.
    pub rejected: Vec<Rejected>,
    /// What else a person should know of a run that ended with remarks: its more serious log lines.
    pub remarks: Vec<LogLine>,
    /// What it changed, when asked for.
    pub changes: Vec<ShownChange>,
    /// What was asked for, by the keys under which the document has it.
    pub answer: Option<Value>,
    /// Why it did not do its work.
    pub failure: Option<Failure>,
    /// The exit code.
    pub exit: u8,
}

impl From<Failure> for Report {
    /// Nothing came about, not even a row.
    fn from(failure: Failure) -> Self {
        Self { exit: failure.kind.exit_code(), failure: Some(failure), ..Self::default() }
    }
}

impl Report {
    /// Takes in what the run opened.
    pub(super) fn opened(&mut self, findings: Opened) {
        (self.findings, self.more_findings) = (findings.first, findings.more);
    }
}

/// One change as JSON shows it; of protected people without values. A country's proposal has a hundred thousand: what they
/// share is not written down for each.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownChange {
    /// Internal id.
    pub person: i64,
    /// `person`, `address`, `case`, …
    pub entity: Cow<'static, str>,
    /// The internal id of a case, a document and the like; a person has one of everything else.
    pub record: Option<i64>,
    /// Field within it.
    pub field: Cow<'static, str>,
    /// Before; none for null.
    pub old: Option<Box<Value>>,
    /// After; none for null.
    pub new: Option<Box<Value>>,
    /// The rule.
    pub why: Cow<'static, str>,
}

/// Counts by name. A record is in exactly one of `changed, unchanged, created, unknown, skipped, rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Cow<'static, str>, u64>);

/// Counts of records: there even when nothing was counted, in every job that reads records.
pub(super) const RECORDS: [&str; 7] =
    ["read", "changed", "unchanged", "created", "unknown", "skipped", "rejected"];

impl Counts {
    /// Counts of a job that reads records: the seven are there from the start.
    pub fn of_records(&mut self) {
        for name in RECORDS {
            self.0.entry(Cow::Borrowed(name)).or_default();
        }
    }

    /// Begins anew.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// Adds to a count.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, count: u64) {
        *self.0.entry(name.into()).or_default() += count;
    }

    /// One count.
    pub fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Takes another's counts in.
    pub fn absorb(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            self.add(name.clone(), *count);
        }
    }

    /// The JSON object.
    pub fn to_json(&self) -> Value {
        self.0
            .iter()
            .map(|(name, count)| (name.clone().into_owned(), Value::from(*count)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// Whether nothing was counted at all.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|count| *count == 0)
    }

    /// In order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_ref(), *count))
    }
}
