//! Gallringsfrist: how long after a day something is due.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

/// What the Danish plans write for "never": fifty years of days.
const NEVER_IN_DAYS: u32 = 18_250;
/// Two hundred years: no retention plan knows a longer time.
const MOST_YEARS: u32 = 200;
const MOST_MONTHS: u32 = MOST_YEARS * 12;
const MOST_DAYS: u32 = MOST_YEARS * 365;

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// `P365D`
    Days(u32),
    /// `P60M`
    Months(u32),
    /// `P5Y`
    Years(u32),
    /// `keep`, `P18250D`: it is never due.
    Never,
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodFault {
    /// Not `P`, a number and one of `D`, `M`, `Y`.
    Shape,
    /// Nothing would be kept at all.
    Zero,
    /// Longer than two hundred years.
    TooLong,
}

impl Period {
    /// Reads `P365D`, `P60M`, `P5Y` or `keep`.
    pub fn parse(text: &str) -> Result<Self, PeriodFault> {
        if text == "keep" {
            return Ok(Self::Never);
        }
        let inside = text.strip_prefix('P').ok_or(PeriodFault::Shape)?;
        let (make, most): (fn(u32) -> Self, u32) = match inside.chars().last() {
            Some('D') => (Self::Days, MOST_DAYS),
            Some('M') => (Self::Months, MOST_MONTHS),
            Some('Y') => (Self::Years, MOST_YEARS),
            Some(_) | None => return Err(PeriodFault::Shape),
        };
        let digits = inside.get(..inside.len() - 1).unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PeriodFault::Shape);
        }
        match digits.parse::<u32>() {
            Ok(0) => Err(PeriodFault::Zero),
            Ok(count) if count <= most => Ok(Self::or_never(make(count))),
            Ok(_) | Err(_) => Err(PeriodFault::TooLong),
        }
    }

    fn or_never(period: Self) -> Self {
        if period == Self::Days(NEVER_IN_DAYS) { Self::Never } else { period }
    }

    /// The day on which something that began on `from` is due; the day is clamped to the month's end. None: never.
    pub fn after(self, from: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => from.checked_add_days(Days::new(days.into())),
            Self::Months(months) => from.checked_add_months(Months::new(months)),
            Self::Years(years) => from.checked_add_months(Months::new(years * 12)),
            Self::Never => None,
        }
    }

    /// Roughly, for comparing: days.
    pub fn rough_days(self) -> Option<u32> {
        match self {
            Self::Days(days) => Some(days),
            Self::Months(months) => Some(months * 30),
            Self::Years(years) => Some(years * 365),
            Self::Never => None,
        }
    }
}

/// The last day of a day's year.
pub(super) fn year_end(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 12, 31).unwrap_or(day)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "P{days}D"),
            Self::Months(months) => write!(f, "P{months}M"),
            Self::Years(years) => write!(f, "P{years}Y"),
            Self::Never => f.write_str("keep"),
        }
    }
}
