//! What sources said last of one person: statements by field, and the categories that they gave.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ContactField;
use super::value::same;

/// What a person is in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceCategory {
    /// Elev.
    Student,
    /// Personal.
    Staff,
    /// Vårdnadshavare.
    Guardian,
}

impl SourceCategory {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Student, Self::Staff, Self::Guardian];

    /// The name in files, settings, JSON and the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
            Self::Guardian => "guardian",
        }
    }

    /// Reads a name, whatever its case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name().eq_ignore_ascii_case(text))
    }
}

/// What a source says of one field. Absence is not a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Said<'s> {
    /// No such column, a value that is none, or rows that disagree.
    Nothing,
    /// An empty cell.
    Empty,
    /// A value in its stored form.
    Value(&'s str),
}

impl Said<'_> {
    /// Whether both say the same of a field.
    pub fn same_as(self, field: ContactField, other: Said<'_>) -> bool {
        match (self, other) {
            (Self::Nothing, Said::Nothing) | (Self::Empty, Said::Empty) => true,
            (Self::Value(one), Said::Value(other)) => same(field, one, other),
            (Self::Nothing | Self::Empty | Self::Value(_), _) => false,
        }
    }
}

/// A source's last statement about a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatement {
    /// By field; an empty text was said to be empty, an absent one was never said.
    #[serde(flatten)]
    pub said: BTreeMap<ContactField, String>,
    /// Fields on which the rows of the source's last file disagreed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub disputed: BTreeSet<ContactField>,
}

impl std::fmt::Debug for SourceStatement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceStatement(hidden)")
    }
}

impl SourceStatement {
    /// What it says of a field.
    pub fn of(&self, field: ContactField) -> Said<'_> {
        match self.said.get(&field).map(String::as_str) {
            None => Said::Nothing,
            Some("") => Said::Empty,
            Some(value) => Said::Value(value),
        }
    }
}

/// Every source's last statement about one person, by the source's name.
pub type Heard = BTreeMap<String, SourceStatement>;

/// Every source's categories of one person.
pub type Categories = BTreeMap<String, BTreeSet<SourceCategory>>;

/// Sources that say something of a field, each with its value.
pub fn speakers(heard: &Heard, field: ContactField) -> impl Iterator<Item = (&str, &str)> {
    heard.iter().filter_map(move |(source, statement)| match statement.of(field) {
        Said::Value(value) => Some((source.as_str(), value)),
        Said::Nothing | Said::Empty => None,
    })
}

/// Sources that contradict each other, or themselves, about one field (rules 8 and 11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction<'h> {
    /// About what.
    pub field: ContactField,
    /// Whom they contradict.
    pub between: Between,
    /// Which sources.
    pub sources: Vec<&'h str>,
}

/// Who contradicts whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Sources each other.
    Sources,
    /// Rows of one source.
    Rows,
}

/// All contradictions in what was heard of one person.
pub fn contradictions(heard: &Heard) -> Vec<Contradiction<'_>> {
    let mut found = Vec::new();
    // Most people are in one source, whose rows agree.
    if heard.len() < 2 && heard.values().all(|statement| statement.disputed.is_empty()) {
        return found;
    }
    for field in ContactField::ALL {
        let mut values = speakers(heard, field).map(|(_, value)| value);
        let first = values.next();
        if first.is_some_and(|first| values.any(|value| !same(field, first, value))) {
            let sources = speakers(heard, field).map(|(source, _)| source).collect();
            found.push(Contradiction { field, between: Between::Sources, sources });
        }
        let disputed = heard.iter().filter(|(_, statement)| statement.disputed.contains(&field));
        let sources: Vec<&str> = disputed.map(|(source, _)| source.as_str()).collect();
        if !sources.is_empty() {
            found.push(Contradiction { field, between: Between::Rows, sources });
        }
    }
    found
}
