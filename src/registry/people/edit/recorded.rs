//! What becomes of a person with the journal row that says so: whichever thread has the time writes it down.

use super::log::{Withheld, image_text, journal_text};
use crate::domain::change::Change;
use crate::domain::person::Person;

/// Somebody who is to enter, with the journal row that says so. Without one it is made when they enter.
pub struct Arrival {
    person: Person,
    row: Option<String>,
}

impl Arrival {
    /// This person.
    pub fn of(person: Person) -> Self {
        let row = image_text(&person).ok();
        Self { person, row }
    }

    pub(super) fn row(&self) -> Option<&str> {
        self.row.as_deref()
    }

    /// Who they are.
    pub const fn person(&self) -> &Person {
        &self.person
    }
}

/// Changes, with the journal row that says so. Without one it is made when they are written.
pub struct Recorded {
    changes: Vec<Change>,
    row: Option<String>,
}

impl Recorded {
    /// These changes.
    pub fn of(changes: Vec<Change>) -> Self {
        let row = if changes.is_empty() { None } else { journal_text(&changes, Withheld::Nothing).ok() };
        Self { changes, row }
    }

    /// What they are.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes alone.
    pub fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

/// What changed, whether it is written down already or not.
#[derive(Clone, Copy)]
pub struct What<'c> {
    changes: &'c [Change],
    row: Option<&'c str>,
}

impl<'c> What<'c> {
    pub(super) const fn row(self) -> Option<&'c str> {
        self.row
    }

    /// What they are.
    pub const fn changes(self) -> &'c [Change] {
        self.changes
    }
}

impl<'c> From<&'c [Change]> for What<'c> {
    fn from(changes: &'c [Change]) -> Self {
        Self { changes, row: None }
    }
}

impl<'c> From<&'c Vec<Change>> for What<'c> {
    fn from(changes: &'c Vec<Change>) -> Self {
        Self::from(changes.as_slice())
    }
}

impl<'c> From<&'c Recorded> for What<'c> {
    fn from(recorded: &'c Recorded) -> Self {
        Self { changes: &recorded.changes, row: recorded.row.as_deref() }
    }
}
