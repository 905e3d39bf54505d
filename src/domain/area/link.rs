//! Links of key codes to areas (nyckelkodskopplingar).

use chrono::NaiveDate;

use super::code::Pattern;

/// Days on which something holds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Validity {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

impl Validity {
    /// Stands for "always before", and sorts as a text before every other day.
    pub const START: NaiveDate = day(1, 1, 1);
    /// Stands for "until further notice".
    pub const END: NaiveDate = day(9999, 12, 31);

    /// From and to, each open if it is none. None if it ends before it begins.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Self> {
        let validity = Self { from: from.unwrap_or(Self::START), to: to.unwrap_or(Self::END) };
        (validity.from <= validity.to).then_some(validity)
    }

    /// Whether it holds on a day.
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether there is a day on which both hold.
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// The first day, none if it is open.
    pub fn opens(self) -> Option<NaiveDate> {
        (self.from != Self::START).then_some(self.from)
    }

    /// The last day, none if it is open.
    pub fn closes(self) -> Option<NaiveDate> {
        (self.to != Self::END).then_some(self.to)
    }
}

/// Codes linked to an area of an activity (verksamhet) for some days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Whose areas: `school`, `general`, …
    pub activity: String,
    /// Which codes.
    pub pattern: Pattern,
    /// When.
    pub validity: Validity,
    /// The area.
    pub area: String,
}

impl Link {
    /// Whether two links speak of the same codes, activity and day: never both may stand.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.activity == other.activity
            && self.pattern == other.pattern
            && self.validity.overlaps(other.validity)
    }

    /// What stays the same when a link is given another area or another end.
    pub(super) fn identity(&self) -> (&str, Pattern, NaiveDate) {
        (&self.activity, self.pattern, self.validity.from)
    }
}
