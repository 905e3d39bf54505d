//! The settings of sync-contacts as the rules see them. (product.md, contacts.*)

use std::collections::{BTreeMap, BTreeSet};

use super::ContactField;
use super::source::SourceCategory;

/// Fields by category.
pub type FieldsByCategory = BTreeMap<SourceCategory, BTreeSet<ContactField>>;

/// Whether a rule is on for a field of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It holds.
    On,
    /// It does not.
    Off,
}

/// What an empty statement means (rule 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenEmpty {
    /// The stored value stays.
    Keep,
    /// The value goes, if this source set it.
    Clear,
}

/// Which of several sources counts (rule 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// The one that said something new.
    LastChanged,
    /// The one that was read last.
    LastSynced,
    /// The highest that says something, highest first.
    List(Vec<String>),
}

/// All settings together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// `contacts.force`.
    pub force: FieldsByCategory,
    /// `contacts.clear_flag`.
    pub clear_flag: FieldsByCategory,
    /// `contacts.empty`: fields that an empty statement clears.
    pub clear_empty: BTreeSet<ContactField>,
    /// `contacts.conflict`.
    pub precedence: Precedence,
}

/// The rules of one field of one person in one source.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'p> {
    /// Rule 5.
    pub force: Switch,
    /// Rule 4.
    pub clear_flag: Switch,
    /// Rule 7.
    pub when_empty: WhenEmpty,
    /// Rule 8.
    pub precedence: &'p Precedence,
}

impl Policy {
    /// A forced or clearing rule holds if any category of the source's rows for the person has it.
    pub fn rules(&self, field: ContactField, categories: &BTreeSet<SourceCategory>) -> Rules<'_> {
        let any = |fields: &FieldsByCategory| {
            let mut of = categories.iter().filter_map(|category| fields.get(category));
            if of.any(|fields| fields.contains(&field)) { Switch::On } else { Switch::Off }
        };
        let clears = self.clear_empty.contains(&field);
        Rules {
            force: any(&self.force),
            clear_flag: any(&self.clear_flag),
            when_empty: if clears { WhenEmpty::Clear } else { WhenEmpty::Keep },
            precedence: &self.precedence,
        }
    }
}
