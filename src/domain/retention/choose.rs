//! `--limit N`: the oldest first, and nobody before those in their care.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::guardian::Guardians;
use crate::domain::person::PersonId;

/// How many may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Most {
    /// All.
    All,
    /// So many people or cases.
    These(usize),
}

/// Somebody who is due, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The day on which they were to go.
    pub purge_on: NaiveDate,
    /// Who.
    pub person: PersonId,
}

/// The oldest of those who are due. A guardian goes only with everybody in their care who goes too: where that is more
/// than still may go, the guardian waits. In the order of ids: as few bytes as there are people, for a country's.
pub fn choose(due: impl IntoIterator<Item = Candidate>, relations: &Guardians, most: Most) -> Vec<PersonId> {
    let Most::These(most) = most else {
        let mut all: Vec<PersonId> = due.into_iter().map(|candidate| candidate.person).collect();
        all.sort_unstable();
        return all;
    };
    let mut due: Vec<Candidate> = due.into_iter().collect();
    let all: BTreeSet<PersonId> = due.iter().map(|candidate| candidate.person).collect();
    let mut wards: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
    for (guardian, ward) in relations.iter().filter(|(_, ward)| all.contains(ward)) {
        wards.entry(*guardian).or_default().push(*ward);
    }
    due.sort_unstable();
    let mut chosen = BTreeSet::new();
    for candidate in due {
        if chosen.len() >= most {
            break;
        }
        let together = with_wards(candidate.person, &wards, &chosen);
        if chosen.len() + together.len() <= most {
            chosen.extend(together);
        }
    }
    chosen.into_iter().collect()
}

/// Somebody with everybody below them who is not chosen yet.
fn with_wards(
    person: PersonId,
    wards: &BTreeMap<PersonId, Vec<PersonId>>,
    chosen: &BTreeSet<PersonId>,
) -> BTreeSet<PersonId> {
    let mut together = BTreeSet::new();
    let mut reached = vec![person];
    while let Some(next) = reached.pop() {
        if !chosen.contains(&next) && together.insert(next) {
            reached.extend(wards.get(&next).into_iter().flatten());
        }
    }
    together
}
