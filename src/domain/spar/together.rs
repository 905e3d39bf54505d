//! Chooses among several posts of one person in one file. (rules.md, spar-import 4)

use chrono::NaiveDate;

use super::statement::{Carried, KindName, Life, Statement};
use crate::domain::person::Said;

/// One of several posts of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which post it is, from 1.
    pub ordinal: u64,
    /// What it says.
    pub statement: Statement,
    /// Its digests: what is equal in them is equal.
    pub said: Said,
}

/// What several posts of one person amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This statement counts.
    Use(Box<Candidate>),
    /// The newest posts contradict each other: none counts.
    Conflict,
}

/// Protected wins; else the later SenasteAndringSPAR; equal and different: none. Posts of a replaced number give
/// only their link and their protection, so they count only where there is nothing else. The order never shows.
pub fn choose(candidates: Vec<Candidate>, carried: Carried) -> Option<Choice> {
    let protection = Protection::of(&candidates, carried);
    let (replaced, plain): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| candidate.statement.life == Life::NumberReplaced);
    let choice = newest(plain, carried);
    match (choice, protection) {
        (Some(Choice::Use(chosen)), Some(protection)) => Some(protection.put_on(*chosen)),
        (Some(choice), None) => Some(choice),
        (Some(Choice::Conflict) | None, Some(protection)) => {
            newest_of(replaced).map(|one| protection.put_on(one))
        }
        (None, None) => newest_of(replaced).map(|one| Choice::Use(Box::new(one))),
    }
}

/// What all posts of a person together say of protection.
struct Protection {
    marks: Vec<(KindName, Option<NaiveDate>)>,
}

impl Protection {
    /// None if none of the posts is protected.
    fn of(candidates: &[Candidate], carried: Carried) -> Option<Self> {
        let protected =
            || candidates.iter().map(|one| &one.statement).filter(|one| one.is_protected(carried));
        let mut marks: Vec<_> = protected().flat_map(|one| one.marks.iter().copied()).collect();
        // Protected by what is missing alone.
        if protected().any(|one| one.marks.is_empty()) {
            marks.push((KindName::SkyddadFolkbokforing, None));
        }
        marks.sort_by_key(|(kind, since)| (*kind as u8, *since));
        marks.dedup();
        (!marks.is_empty()).then_some(Self { marks })
    }

    fn put_on(self, mut chosen: Candidate) -> Choice {
        chosen.statement.marks = self.marks;
        Choice::Use(Box::new(chosen))
    }
}

/// The one that counts of posts that are not of a replaced number; none if there are none.
fn newest(mut plain: Vec<Candidate>, carried: Carried) -> Option<Choice> {
    if plain.iter().any(|candidate| candidate.statement.is_protected(carried)) {
        plain.retain(|candidate| candidate.statement.is_protected(carried));
        return newest_of(plain).map(|one| Choice::Use(Box::new(one)));
    }
    let latest = plain.iter().map(|candidate| candidate.statement.changed_on).max()?;
    plain.retain(|candidate| candidate.statement.changed_on == latest);
    let said = plain.first()?.said;
    if plain.iter().any(|candidate| candidate.said != said) {
        return Some(Choice::Conflict);
    }
    plain.into_iter().min_by(order).map(|chosen| Choice::Use(Box::new(chosen)))
}

fn newest_of(candidates: Vec<Candidate>) -> Option<Candidate> {
    let age = |candidate: &Candidate| candidate.statement.changed_on;
    candidates.into_iter().max_by(|left, right| age(left).cmp(&age(right)).then_with(|| order(right, left)))
}

/// An order of posts that does not depend on their place in the file: equal posts may differ in case and blanks.
fn order(left: &Candidate, right: &Candidate) -> std::cmp::Ordering {
    let text = |candidate: &Candidate| serde_json::to_string(&candidate.statement).unwrap_or_default();
    left.said.to_bytes().cmp(&right.said.to_bytes()).then_with(|| text(left).cmp(&text(right)))
}

#[cfg(test)]
mod tests;
