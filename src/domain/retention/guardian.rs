//! Who stays because they are guardian (vårdnadshavare) of somebody who stays.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::person::PersonId;

/// Guardians and those in their care, as far as the guardian could go.
pub type Guardians = [(PersonId, PersonId)];

/// Of those who could go, the ones who stay: guardians of somebody who stays, and so on upwards. Two who are each other's
/// guardians and kept by nothing else go together. `can_go` says who could go by everything else.
pub fn grounded(relations: &Guardians, can_go: impl Fn(PersonId) -> bool) -> BTreeSet<PersonId> {
    let mut guardians_of: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
    let mut stays = BTreeSet::new();
    let mut reached = Vec::new();
    for (guardian, ward) in relations.iter().filter(|(guardian, _)| can_go(*guardian)) {
        if can_go(*ward) {
            guardians_of.entry(*ward).or_default().push(*guardian);
        } else if stays.insert(*guardian) {
            reached.push(*guardian);
        }
    }
    while let Some(person) = reached.pop() {
        for guardian in guardians_of.get(&person).into_iter().flatten() {
            if stays.insert(*guardian) {
                reached.push(*guardian);
            }
        }
    }
    stays
}
