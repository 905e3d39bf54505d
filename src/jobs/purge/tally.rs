//! What is due, what waits and what keeps, counted. Protected people stand in no table, only in one total (rules.md,
//! Protection 8).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::classes::ClassId;
use crate::domain::retention::{Action, Reason, Rule, Target, Verdict};

/// Counts of a survey.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Of people who aren't protected: what goes.
    pub(super) due: BTreeMap<(Target, Option<ClassId>, Action), u64>,
    /// What waits for its days of grace, and until when.
    pub(super) waiting: BTreeMap<(Target, Option<ClassId>, NaiveDate), u64>,
    /// What keeps: a record is counted under each of its reasons.
    pub(super) kept: BTreeMap<(Target, Reason), u64>,
    /// People who are due and protected.
    pub(super) protected: u64,
    /// Of everybody: what is due, by target.
    pub(super) due_in_all: BTreeMap<Target, u64>,
    /// Of everybody: what has no class, or one without a rule.
    pub(super) gaps: BTreeMap<Target, u64>,
}

/// One record that was judged.
#[derive(Clone, Copy)]
pub(super) struct Judged<'r> {
    pub(super) target: Target,
    pub(super) class: Option<ClassId>,
    pub(super) rule: Option<&'r Rule>,
    pub(super) verdict: Verdict,
    /// Whether its person is not protected.
    pub(super) is_open: bool,
}

impl Tally {
    /// Takes one record in.
    pub(super) fn add(&mut self, judged: Judged<'_>) {
        let Judged { target, class, rule, verdict, is_open } = judged;
        if verdict.kept_by.has(Reason::NoClass) {
            *self.gaps.entry(target).or_default() += 1;
        }
        if verdict.is_due() {
            *self.due_in_all.entry(target).or_default() += 1;
        }
        if !is_open {
            let is_person = matches!(target, Target::Person | Target::Reduced);
            self.protected += u64::from(is_person && verdict.is_due());
            return;
        }
        if verdict.is_due() {
            let action = rule.map_or(Action::Delete, |rule| rule.action);
            *self.due.entry((target, class, action)).or_default() += 1;
        }
        for reason in verdict.kept_by.iter() {
            *self.kept.entry((target, reason)).or_default() += 1;
        }
        if let Some(purge_on) = verdict.purge_on.filter(|_| verdict.kept_by.is_only(Reason::Grace)) {
            *self.waiting.entry((target, class, purge_on)).or_default() += 1;
        }
    }
}
