//! When a case (ärende) goes.

use chrono::NaiveDate;

use super::period::Period;
use super::rule::{CountedFrom, Rule};
use super::verdict::{Reason, Verdict};

/// What counts of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// When it was opened.
    pub opened: NaiveDate,
    /// When it was closed; none: it is open.
    pub closed: Option<NaiveDate>,
    /// What its own system says.
    pub last_activity: Option<NaiveDate>,
    /// Marked for removal by hand, or taken away by hand in its own system: no period is waited for.
    pub by_hand: bool,
    /// Somebody put a hold on it.
    pub held: bool,
    /// It has a document that must be kept.
    pub must_stay: bool,
}

impl Case {
    /// The last thing that happened to it.
    pub fn last_active(&self) -> NaiveDate {
        self.closed.into_iter().chain(self.last_activity).fold(self.opened, NaiveDate::max)
    }

    /// Whether it goes today. `rule` is its class's; without one it stays, even if somebody marked it: deleting can't be
    /// taken back, and nobody has said how long it must be kept. An open case never goes.
    pub fn judge(&self, rule: Option<&Rule>, today: NaiveDate) -> Verdict {
        let closed = self.closed.filter(|closed| *closed <= today);
        let mut verdict = match (rule, closed) {
            (None, _) => Verdict::kept(Reason::NoClass),
            (Some(rule), _) if rule.period == Period::Never => Verdict::kept(Reason::Never),
            (Some(_), Some(_)) if self.by_hand => Verdict::on(today, today, today),
            (Some(rule), Some(closed)) => Verdict::by(rule, self.counted_from(rule.from, closed), today),
            (Some(_), None) => Verdict::default(),
        };
        if closed.is_none() {
            verdict.kept_by.add(Reason::Open);
        }
        if self.held {
            verdict.kept_by.add(Reason::Hold);
        }
        if self.must_stay {
            verdict.kept_by.add(Reason::Document);
        }
        verdict
    }

    fn counted_from(&self, from: CountedFrom, closed: NaiveDate) -> NaiveDate {
        match from {
            CountedFrom::LastActivity => self.last_active(),
            CountedFrom::Created => self.opened,
            // A rule of a case counts from no death (`Rule::check`).
            CountedFrom::Closed | CountedFrom::Deceased => closed,
        }
    }
}
