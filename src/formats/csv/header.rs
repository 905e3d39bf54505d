//! Which column of a file is which: names in any order, mapped and ignored ones, and what is refused.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::fault::HeaderProblem;

/// More columns than this are no header.
const MOST_COLUMNS: usize = 256;
const LONGEST_SHOWN: usize = 40;
/// A name with so many digits may be a person's number.
const DIGITS_OF_DATA: usize = 6;

/// Whether a file can do without a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A file without it is refused.
    Required,
    /// May be absent.
    Optional,
}

/// A column that a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, whatever the case.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
}

impl Column {
    /// A column that must be there.
    pub const fn required(name: &'static str) -> Self {
        Self { name, need: Need::Required }
    }

    /// A column that may be there.
    pub const fn optional(name: &'static str) -> Self {
        Self { name, need: Need::Optional }
    }
}

/// How another system's names stand for ours (`sources.NAME.columns`, `.ignore_columns`).
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    renamed: BTreeMap<String, String>,
    ignored: BTreeSet<String>,
    others: Others,
}

/// What becomes of columns that are neither ours nor mapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Others {
    /// The file is refused.
    #[default]
    Refused,
    /// They mean nothing.
    Ignored,
}

impl Mapping {
    /// Reads the file's column `theirs` as our column `ours`.
    #[must_use]
    pub fn rename(mut self, theirs: &str, ours: &str) -> Self {
        self.renamed.insert(folded(theirs), folded(ours));
        self
    }

    /// Leaves every column alone that is neither ours nor mapped: for formats with columns of their own.
    #[must_use]
    pub fn ignore_others(self) -> Self {
        Self { others: Others::Ignored, ..self }
    }

    /// Leaves the file's column `theirs` alone, even if it has the name of one of ours.
    #[must_use]
    pub fn ignore(mut self, theirs: &str) -> Self {
        self.ignored.insert(folded(theirs));
        self
    }
}

/// Where in a record each of the columns stands, in the order of `columns`.
pub(super) fn places(
    header: &StringRecord,
    columns: &[Column],
    mapping: &Mapping,
) -> Result<Vec<Option<usize>>, HeaderProblem> {
    if header.len() > MOST_COLUMNS {
        return Err(HeaderProblem::TooMany);
    }
    // A file without header starts with somebody's data: then no word of it may be shown.
    if header.iter().any(looks_like_data) {
        return Err(HeaderProblem::NoHeader);
    }
    let mut places = vec![None; columns.len()];
    for (at, name) in header.iter().map(bare).enumerate() {
        let theirs = folded(name);
        if mapping.ignored.contains(&theirs) {
            continue;
        }
        if name.is_empty() && mapping.others == Others::Refused {
            return Err(HeaderProblem::Nameless(at + 1));
        }
        let ours = mapping.renamed.get(&theirs).unwrap_or(&theirs);
        let mut known = columns.iter().zip(&mut places);
        let Some((_, place)) = known.find(|(column, _)| folded(column.name) == *ours) else {
            if mapping.others == Others::Ignored {
                continue;
            }
            return Err(HeaderProblem::Unknown(shown(name)));
        };
        if place.replace(at).is_some() {
            return Err(HeaderProblem::Twice(shown(name)));
        }
    }
    let missing = columns.iter().zip(&places).filter(|(column, place)| match column.need {
        Need::Required => place.is_none(),
        Need::Optional => false,
    });
    let missing: Vec<_> = missing.map(|(column, _)| column.name).collect();
    if missing.is_empty() { Ok(places) } else { Err(HeaderProblem::Missing(missing.join(", "))) }
}

/// The columns for a user, required ones with a star.
pub(super) fn expected(columns: &[Column]) -> String {
    let names: Vec<_> = columns
        .iter()
        .map(|column| match column.need {
            Need::Required => format!("{}*", column.name),
            Need::Optional => column.name.to_owned(),
        })
        .collect();
    names.join(", ")
}

fn bare(name: &str) -> &str {
    // A mark that was pasted in with an older file is no part of the name.
    name.trim_start_matches('\u{feff}').trim()
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn looks_like_data(name: &str) -> bool {
    name.contains('@') || name.chars().filter(|character| character.is_numeric()).count() >= DIGITS_OF_DATA
}

fn shown(name: &str) -> String {
    if name.chars().count() <= LONGEST_SHOWN {
        return name.to_owned();
    }
    name.chars().take(LONGEST_SHOWN).chain(['…']).collect()
}
