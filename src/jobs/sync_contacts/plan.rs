//! What the rows of one person make of them, worked out while others are written. Pure.

use super::scan::Staged;
use crate::domain::change::{Field, Why, diff};
use crate::domain::contact::ContactField;
use crate::domain::contact::gather::{Gathered, SourceRow, gather};
use crate::domain::contact::merge::{Outcome, hear};
use crate::domain::contact::policy::Policy;
use crate::domain::id_number::{Country, IdNumber};
use crate::domain::person::{Person, PersonId};
use crate::domain::person_set::PersonSet;
use crate::registry::people::{Recorded, Stored};
use crate::registry::staging::rows::StagedRow;

/// The rows of one person, each once.
pub(super) type Group = Vec<StagedRow<Staged>>;

/// What became of each field.
pub(super) type Outcomes = [(ContactField, Outcome); 3];

/// Who speaks, and the rules by which that is heard.
pub(super) struct Hearing {
    pub(super) source: String,
    pub(super) policy: Policy,
    pub(super) country: Country,
    /// Whose row left nothing to do last time and was not staged.
    pub(super) settled: PersonSet,
}

/// What a person is after their rows.
pub(super) struct Plan {
    pub(super) gathered: Gathered,
    pub(super) outcomes: Outcomes,
    pub(super) after: Person,
    pub(super) changes: Recorded,
}

pub(super) fn whose(group: &Group) -> Option<PersonId> {
    group.first()?.person
}

/// Equal rows count once. Gives how many there were besides.
pub(super) fn dedup(groups: &mut [Group]) -> u64 {
    let count = |groups: &[Group]| groups.iter().map(Vec::len).sum::<usize>();
    let before = count(groups);
    for group in &mut *groups {
        group.sort_by_key(|staged| staged.digest);
        group.dedup_by_key(|staged| staged.digest);
    }
    (before - count(groups)) as u64
}

impl Hearing {
    /// Of somebody who is here, and may get the number of somebody who is like them.
    pub(super) fn plan(&self, stored: &Stored, group: &Group, number: Option<IdNumber>) -> Plan {
        let mut after = stored.person.clone();
        let gathered = self.gather(stored, group);
        let outcomes = self.hear(&mut after, &gathered);
        if let Some(number) = number {
            after.change_number(number);
        }
        let changes = diff(&stored.person, &after, |field| why(field, outcomes));
        Plan { gathered, outcomes, after, changes: Recorded::of(changes) }
    }

    /// What the rows say together, with the one that was not staged.
    fn gather(&self, stored: &Stored, group: &Group) -> Gathered {
        let person = &stored.person;
        let mut rows: Vec<&SourceRow> = group.iter().map(|staged| &staged.row.row).collect();
        let again = person.heard.get(&self.source).filter(|_| self.settled.contains(stored.id));
        let again = again.map(|statement| {
            let categories = person.categories.get(&self.source).cloned().unwrap_or_default();
            SourceRow::again(statement, &categories)
        });
        rows.extend(&again);
        gather(&rows)
    }

    pub(super) fn hear(&self, person: &mut Person, gathered: &Gathered) -> Outcomes {
        hear(person, &self.source, gathered, &self.policy, self.country)
    }
}

fn why(field: Field, outcomes: Outcomes) -> Why {
    if let Field::Contact(field) = field {
        let outcome = outcomes.iter().find(|(of, _)| *of == field).map(|(_, outcome)| *outcome);
        return outcome.map_or(Why("sync-contacts"), Outcome::why);
    }
    Why(if field == Field::Number { "sync-contacts/9" } else { "sync-contacts" })
}
