//! Classes (gallringsklasser): what is due when, and what becomes of it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Days, NaiveDate};

use super::period::{Period, year_end};

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Ärende.
    Case,
    /// Person.
    Person,
    /// Utkast; the class is the person's.
    Draft,
    /// Händelse; the class is the person's.
    Event,
    /// A person who was reduced to number and class.
    Reduced,
}

impl Target {
    /// All targets.
    pub const ALL: [Self; 5] = [Self::Case, Self::Person, Self::Draft, Self::Event, Self::Reduced];

    /// The name in files, on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Person => "person",
            Self::Draft => "draft",
            Self::Event => "event",
            Self::Reduced => "reduced",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == text)
    }
}

/// The day from which a period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedFrom {
    /// A case's closing.
    Closed,
    /// The last thing that happened.
    LastActivity,
    /// A case's opening, a person's entry, a reduced person's reduction.
    Created,
    /// A person's death.
    Deceased,
}

impl CountedFrom {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Closed, Self::LastActivity, Self::Created, Self::Deceased];

    /// The name in files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::LastActivity => "last_activity",
            Self::Created => "created",
            Self::Deceased => "deceased",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|from| from.name() == text)
    }

    /// Whether a target has such a day.
    const fn fits(self, target: Target) -> bool {
        match target {
            Target::Case => matches!(self, Self::Closed | Self::LastActivity | Self::Created),
            Target::Person => matches!(self, Self::LastActivity | Self::Created | Self::Deceased),
            Target::Draft | Target::Event => matches!(self, Self::LastActivity),
            Target::Reduced => matches!(self, Self::LastActivity | Self::Created),
        }
    }
}

/// What becomes of what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It goes.
    Delete,
    /// Of a person number and class stay.
    Anonymise,
}

impl Action {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Delete, Self::Anonymise];

    /// The name in files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Anonymise => "anonymise",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == text)
    }
}

/// One row of the plan: what becomes of one target of one class, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The class (gallringsklass).
    pub class: String,
    /// Of what.
    pub target: Target,
    /// How long it is kept.
    pub period: Period,
    /// From which day.
    pub from: CountedFrom,
    /// Whether the year is let run out first.
    pub year_end: bool,
    /// What happens then.
    pub action: Action,
    /// So many days are waited after it is due.
    pub grace_days: u32,
}

/// Why a rule makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFault {
    /// The target has no such day.
    CountedFrom,
    /// Only people can be reduced.
    Anonymise,
}

impl Rule {
    /// Fails if its parts don't go together.
    pub const fn check(&self) -> Result<(), RuleFault> {
        if !self.from.fits(self.target) {
            return Err(RuleFault::CountedFrom);
        }
        match (self.action, self.target) {
            (Action::Delete, _) | (Action::Anonymise, Target::Person) => Ok(()),
            (Action::Anonymise, Target::Case | Target::Draft | Target::Event | Target::Reduced) => {
                Err(RuleFault::Anonymise)
            }
        }
    }

    /// When something is due that is counted from this day, and when it goes after the days of grace. None: never.
    pub fn due(&self, from: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let from = if self.year_end { year_end(from) } else { from };
        let due_on = self.period.after(from)?;
        Some((due_on, due_on.checked_add_days(Days::new(self.grace_days.into()))?))
    }
}

/// The rule as the disposal record has it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (target, from, action) = (self.target.name(), self.from.name(), self.action.name());
        write!(f, "{target} {} {from} {action}", self.period)?;
        if self.year_end {
            f.write_str(" year_end")?;
        }
        if self.grace_days > 0 { write!(f, " grace {}", self.grace_days) } else { Ok(()) }
    }
}

/// All rules by class and target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(BTreeMap<String, BTreeMap<Target, Rule>>);

impl Rules {
    /// The rules of a plan; of two for one class and target the last counts (a file with two is refused before).
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut all = Self::default();
        for rule in rules {
            all.0.entry(rule.class.clone()).or_default().insert(rule.target, rule);
        }
        all
    }

    /// The rule for a target of a class.
    pub fn find(&self, class: &str, target: Target) -> Option<&Rule> {
        self.0.get(class)?.get(&target)
    }

    /// Every rule, by class and target.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
