//! When drafts (utkast) and events (händelser) go: they keep nobody, and nobody's class has to speak of them.

use chrono::{Days, NaiveDate};

use super::rule::Rule;
use super::verdict::{Reason, Verdict};

/// What a setting says of those whose class says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Untouched for so many days.
    Days(u32),
    /// They stay.
    Keep,
}

/// A draft or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loose {
    /// When it was last touched.
    pub touched: NaiveDate,
    /// It belongs to a case that stays, and stays with it: an event of any case, a draft of one with a hold.
    pub with_case: bool,
}

impl Loose {
    /// Whether it goes today.
    pub fn judge(&self, rule: Option<&Rule>, setting: Setting, today: NaiveDate) -> Verdict {
        let mut verdict = match (rule, setting) {
            (Some(rule), _) => Verdict::by(rule, self.touched, today),
            (None, Setting::Keep) => Verdict::kept(Reason::Never),
            (None, Setting::Days(days)) => match self.touched.checked_add_days(Days::new(days.into())) {
                Some(due_on) => Verdict::on(due_on, due_on, today),
                None => Verdict::kept(Reason::Never),
            },
        };
        if self.with_case {
            verdict.kept_by.add(Reason::OfCase);
        }
        verdict
    }
}
