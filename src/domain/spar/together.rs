//! Chooses among several posts of one person in one file. (rules.md, spar-import 4)

use super::statement::{Carried, Life, Statement};
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
    let protected: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.statement.is_protected(carried)).collect();
    if !protected.is_empty() {
        return Some(Choice::Use(Box::new(merged_marks(&protected, carried)?)));
    }
    let (replaced, plain): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| candidate.statement.life == Life::NumberReplaced);
    if plain.is_empty() {
        return replaced.into_iter().min_by(order).map(|one| Choice::Use(Box::new(one)));
    }
    let newest = plain.iter().map(|candidate| candidate.statement.changed_on).max()?;
    let newest: Vec<Candidate> =
        plain.into_iter().filter(|candidate| candidate.statement.changed_on == newest).collect();
    let first = newest.iter().min_by(|left, right| order(left, right))?.clone();
    if newest.iter().any(|candidate| candidate.said != first.said) {
        return Some(Choice::Conflict);
    }
    Some(Choice::Use(Box::new(first)))
}

/// The newest protected post, with the marks of all of them.
fn merged_marks(protected: &[&Candidate], carried: Carried) -> Option<Candidate> {
    let latest = |left: &&&Candidate, right: &&&Candidate| {
        left.statement.changed_on.cmp(&right.statement.changed_on).then_with(|| order(right, left))
    };
    let mut chosen = (**protected.iter().max_by(latest)?).clone();
    for candidate in protected {
        for mark in &candidate.statement.marks {
            if !chosen.statement.marks.contains(mark) {
                chosen.statement.marks.push(*mark);
            }
        }
    }
    chosen.statement.skyddad_unsaid = carried == Carried::Yes
        && protected
            .iter()
            .any(|candidate| candidate.statement.skyddad_unsaid && candidate.statement.marks.is_empty());
    chosen.statement.marks.sort_by_key(|(kind, since)| (*kind as u8, *since));
    Some(chosen)
}

/// An order of posts that does not depend on their place in the file: equal posts may differ in case and blanks.
fn order(left: &Candidate, right: &Candidate) -> std::cmp::Ordering {
    let text = |candidate: &Candidate| serde_json::to_string(&candidate.statement).unwrap_or_default();
    left.said.to_bytes().cmp(&right.said.to_bytes()).then_with(|| text(left).cmp(&text(right)))
}
