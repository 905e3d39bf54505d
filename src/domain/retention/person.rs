//! When a person goes, or is reduced to number and class.

use chrono::{Datelike, NaiveDate};

use super::rule::{CountedFrom, Rule, Target};
use super::verdict::{Reason, Verdict};
use crate::domain::hold::Hold;

/// Whether, and when, somebody died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// They live, as far as is known.
    Alive,
    /// Nobody said when.
    Undated,
    /// On this day, or on the last that it can have been.
    On(NaiveDate),
}

impl Death {
    /// Of a date as SPAR delivers it: unknown parts are `00`, and what is unknown counts as late as it can be.
    pub fn dated(date: Option<&str>) -> Self {
        let read = |date: &str| {
            let mut parts = date.splitn(3, '-');
            let mut next = || parts.next()?.parse::<u32>().ok();
            let (year, month, day) = (next()?, next()?, next()?);
            let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
            let month = if month == 0 { 12 } else { month };
            let first = NaiveDate::from_ymd_opt(year, month, 1)?;
            let day = if day == 0 { first.num_days_in_month().into() } else { day };
            NaiveDate::from_ymd_opt(year, month, day)
        };
        date.and_then(read).map_or(Self::Undated, Self::On)
    }
}

/// Obligations (åtaganden) that go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// None.
    Nothing,
    /// The last ends on this day; none: no end is known.
    Until(Option<NaiveDate>),
}

impl Owed {
    /// One more obligation that goes on.
    pub fn and_until(&mut self, until: Option<NaiveDate>) {
        *self = match (*self, until) {
            (Self::Nothing, until) => Self::Until(until),
            (Self::Until(None), _) | (Self::Until(Some(_)), None) => Self::Until(None),
            (Self::Until(Some(one)), Some(other)) => Self::Until(Some(one.max(other))),
        };
    }
}

/// What counts of a person, everything that hangs on them summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// When they entered the registry.
    pub entered_on: Option<NaiveDate>,
    /// The last thing that happened: case, obligation, draft, event. The entry is not in it.
    pub active_on: Option<NaiveDate>,
    /// When they were reduced to number and class.
    pub reduced_on: Option<NaiveDate>,
    /// Whether they died.
    pub death: Death,
    /// A hold (gallringsstopp) that lasts on the day of the judgement.
    pub held: Option<Hold>,
    /// Obligations that go on.
    pub owed: Owed,
    /// Whether a case of theirs stays.
    pub has_case: bool,
}

impl Life {
    /// Which rule of their class is about them.
    pub const fn target(&self) -> Target {
        if self.reduced_on.is_some() { Target::Reduced } else { Target::Person }
    }

    /// Something happened on this day.
    pub fn was_active(&mut self, on: NaiveDate) {
        self.active_on = Some(self.active_on.map_or(on, |last| last.max(on)));
    }

    /// Whether anything but those whom they are guardian of keeps them. `rule` is their class's.
    pub fn judge(&self, rule: Option<&Rule>, today: NaiveDate) -> Verdict {
        let mut verdict = match rule {
            None => Verdict::kept(Reason::NoClass),
            Some(rule) => self.by_rule(rule, today),
        };
        if self.held.is_some() {
            verdict.kept_by.add(Reason::Hold);
        }
        if self.has_case {
            verdict.kept_by.add(Reason::Case);
        }
        if self.owed != Owed::Nothing {
            verdict.kept_by.add(Reason::Obligation);
        }
        verdict
    }

    fn by_rule(&self, rule: &Rule, today: NaiveDate) -> Verdict {
        let from = match (rule.from, self.reduced_on, self.death) {
            (_, Some(reduced_on), _) => Some(reduced_on),
            (CountedFrom::Deceased, None, Death::Alive) => return Verdict::kept(Reason::Alive),
            (CountedFrom::Deceased, None, Death::Undated) => None,
            (CountedFrom::Deceased, None, Death::On(day)) => Some(day),
            (CountedFrom::Created, None, _) => self.entered_on,
            // Nobody's rule counts from a closing (`Rule::check`).
            (CountedFrom::LastActivity | CountedFrom::Closed, None, _) => {
                self.entered_on.map(|entered| self.active_on.map_or(entered, |active| active.max(entered)))
            }
        };
        from.map_or(Verdict::kept(Reason::NoDate), |from| Verdict::by(rule, from, today))
    }
}
