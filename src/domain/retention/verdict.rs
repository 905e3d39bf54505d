//! What is decided of one record: everything that keeps it, and when it goes.

use chrono::NaiveDate;

use super::rule::Rule;

/// What keeps a record. A person can be kept by several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Somebody put a hold on it (gallringsstopp).
    Hold,
    /// The case is not closed.
    Open,
    /// A document of the case must be kept.
    Document,
    /// The class is missing, or has no rule for this.
    NoClass,
    /// The class says: never.
    Never,
    /// The period is not over.
    Period,
    /// The period is over, the days of grace are not.
    Grace,
    /// A case stays.
    Case,
    /// An obligation goes on.
    Obligation,
    /// They are guardian of somebody who stays.
    Guardian,
    /// The period counts from a death.
    Alive,
    /// The day from which the period counts is not known.
    NoDate,
    /// It belongs to a case that stays.
    OfCase,
}

impl Reason {
    /// All of them, the firmest first.
    pub const ALL: [Self; 13] = [
        Self::Hold,
        Self::Open,
        Self::Document,
        Self::NoClass,
        Self::Never,
        Self::Period,
        Self::Grace,
        Self::Case,
        Self::Obligation,
        Self::Guardian,
        Self::Alive,
        Self::NoDate,
        Self::OfCase,
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Open => "open",
            Self::Document => "document",
            Self::NoClass => "no-class",
            Self::Never => "never",
            Self::Period => "period",
            Self::Grace => "grace",
            Self::Case => "case",
            Self::Obligation => "obligation",
            Self::Guardian => "guardian",
            Self::Alive => "alive",
            Self::NoDate => "no-date",
            Self::OfCase => "of-case",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of reasons; empty: nothing keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons(u16);

impl Reasons {
    /// One more reason.
    pub const fn add(&mut self, reason: Reason) {
        self.0 |= reason.bit();
    }

    /// Whether nothing keeps it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is among them.
    pub const fn has(self, reason: Reason) -> bool {
        self.0 & reason.bit() != 0
    }

    /// Whether this is the only one.
    pub const fn is_only(self, reason: Reason) -> bool {
        self.0 == reason.bit()
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.has(*reason))
    }
}

/// What is decided of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What keeps it today.
    pub kept_by: Reasons,
    /// When its period is over, as far as it can be told.
    pub due_on: Option<NaiveDate>,
    /// When it goes if nothing else keeps it: that day and the days of grace.
    pub purge_on: Option<NaiveDate>,
}

impl Verdict {
    /// Whether it goes today.
    pub const fn is_due(&self) -> bool {
        self.kept_by.is_empty()
    }

    /// Whether its period is over: it goes today, or waits only for its days of grace.
    pub const fn is_over(&self) -> bool {
        self.kept_by.is_empty() || self.kept_by.is_only(Reason::Grace)
    }

    pub(super) fn kept(reason: Reason) -> Self {
        let mut verdict = Self::default();
        verdict.kept_by.add(reason);
        verdict
    }

    /// By a rule, counted from a day.
    pub(super) fn by(rule: &Rule, from: NaiveDate, today: NaiveDate) -> Self {
        match rule.due(from) {
            None => Self::kept(Reason::Never),
            Some((due_on, purge_on)) => Self::on(due_on, purge_on, today),
        }
    }

    pub(super) fn on(due_on: NaiveDate, purge_on: NaiveDate, today: NaiveDate) -> Self {
        let mut verdict = Self { due_on: Some(due_on), purge_on: Some(purge_on), ..Self::default() };
        if today < due_on {
            verdict.kept_by.add(Reason::Period);
        } else if today < purge_on {
            verdict.kept_by.add(Reason::Grace);
        }
        verdict
    }
}
