//! What a purge may act on: a target, a number, the records of a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::retention::{Most, Target};
use crate::registry::retention::planned::Kind;

/// What is acted on; whatever else is due stays for now, and keeps what hangs on it.
#[derive(Clone, Debug)]
pub(in crate::jobs) struct Scope {
    /// `--only`.
    pub(in crate::jobs) only: Option<Target>,
    /// `--limit`.
    pub(in crate::jobs) most: Most,
    /// The records of a plan that are as they were.
    pub(in crate::jobs) planned: Option<BTreeMap<Kind, BTreeSet<i64>>>,
}

impl Scope {
    /// Everything that is due.
    pub(in crate::jobs) const ALL: Self = Self { only: None, most: Most::All, planned: None };

    /// Whether a record may go, if it is due.
    pub(in crate::jobs) fn allows(&self, target: Target, id: i64) -> bool {
        let kind = match target {
            Target::Case => Kind::Case,
            Target::Draft => Kind::Draft,
            Target::Event => Kind::Event,
            Target::Person | Target::Reduced => Kind::Person,
        };
        let is_planned = |planned: &BTreeMap<Kind, BTreeSet<i64>>| {
            planned.get(&kind).is_some_and(|records| records.contains(&id))
        };
        self.only.is_none_or(|only| only == target)
            && self.most != Most::These(0)
            && self.planned.as_ref().is_none_or(is_planned)
    }
}
