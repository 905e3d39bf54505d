//! Limits: how much one run may do before a person has to look. Exact integer arithmetic. (rules.md, Limits)

use std::{collections::BTreeMap, fmt};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitName {
    /// Newly deceased, deregistered, or two years without address.
    Blocked,
    /// People whose data would be erased.
    Protected,
    /// Rejected rows or posts of one file.
    Rejected,
    /// People of a snapshot that are gone.
    Shrink,
    /// People who lose an area.
    Areas,
    /// Numbers never asked about in one list.
    ListSize,
    /// Numbers gone from the whole watch list.
    ListShrink,
    /// Stored contact values changed or cleared.
    Contacts,
    /// Fewer rows than last time from a source.
    ContactsRows,
    /// People removed.
    Purge,
    /// Files older than the newest applied.
    Older,
    /// Missing sequence numbers.
    SequenceGap,
    /// Protected posts without a readable number.
    Unreadable,
}

/// Whether a limit can be a share of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Counted against a base: a percent or an absolute count.
    Counted,
    /// There is nothing to take a percent of.
    Absent,
}

impl LimitName {
    /// All limits in the order of the documentation.
    pub const ALL: [Self; 13] = [
        Self::Blocked,
        Self::Protected,
        Self::Rejected,
        Self::Shrink,
        Self::Areas,
        Self::ListSize,
        Self::ListShrink,
        Self::Contacts,
        Self::ContactsRows,
        Self::Purge,
        Self::Older,
        Self::SequenceGap,
        Self::Unreadable,
    ];

    /// The name in the configuration and after `--allow`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Protected => "protected",
            Self::Rejected => "rejected",
            Self::Shrink => "shrink",
            Self::Areas => "areas",
            Self::ListSize => "list_size",
            Self::ListShrink => "list_shrink",
            Self::Contacts => "contacts",
            Self::ContactsRows => "contacts_rows",
            Self::Purge => "purge",
            Self::Older => "older",
            Self::SequenceGap => "sequence_gap",
            Self::Unreadable => "unreadable",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == text)
    }

    /// Whether a percent makes sense.
    pub const fn base(self) -> Base {
        match self {
            Self::ListSize | Self::Older | Self::SequenceGap | Self::Unreadable => Base::Absent,
            Self::Blocked
            | Self::Protected
            | Self::Rejected
            | Self::Shrink
            | Self::Areas
            | Self::ListShrink
            | Self::Contacts
            | Self::ContactsRows
            | Self::Purge => Base::Counted,
        }
    }

    /// The limit of an installation that says nothing.
    pub const fn standard(self) -> Limit {
        let (amount, floor) = match self {
            Self::Blocked => (Amount::percent(5), 20),
            Self::Protected => (Amount::Share { millionths: 5_000 }, 3),
            Self::Rejected => (Amount::percent(5), 10),
            Self::Shrink | Self::Areas | Self::ListShrink => (Amount::percent(10), 20),
            Self::ListSize => (Amount::Absolute(1_000), 0),
            Self::Contacts => (Amount::percent(20), 20),
            Self::ContactsRows => (Amount::percent(50), 20),
            Self::Purge => (Amount::percent(2), 20),
            Self::Older | Self::SequenceGap | Self::Unreadable => (Amount::Absolute(0), 0),
        };
        Limit { name: self, amount, floor }
    }
}

impl fmt::Display for LimitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much, without the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many, whatever the base.
    Absolute(u64),
    /// A share of the base; 5 % is 50 000 millionths.
    Share {
        /// Millionths of the base, at most 1 000 000.
        millionths: u32,
    },
}

impl Amount {
    const fn percent(whole: u32) -> Self {
        Self::Share { millionths: whole * 10_000 }
    }

    /// Reads a percentage of at most four decimals: `5%`, `0.5 %`, `0,5%`.
    pub fn parse_percent(text: &str) -> Option<Self> {
        let number = text.trim().strip_suffix('%')?.trim_end();
        let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(decimals) || decimals.len() > 4 {
            return None;
        }
        let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 100)?;
        let millionths = whole * 10_000 + format!("{decimals:0<4}").parse::<u32>().ok()?;
        (millionths <= 1_000_000).then_some(Self::Share { millionths })
    }

    /// The count that it comes to, rounded down.
    pub fn of(self, base: u64) -> u64 {
        match self {
            Self::Absolute(count) => count,
            Self::Share { millionths } => {
                u64::try_from(u128::from(base) * u128::from(millionths) / 1_000_000).unwrap_or(u64::MAX)
            }
        }
    }
}

/// One limit: a run is held when it counts more than the ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Of what.
    pub name: LimitName,
    /// A share of the base, or a count.
    pub amount: Amount,
    /// So many are always allowed.
    pub floor: u64,
}

impl Limit {
    /// The largest count that passes: the greater of floor and share.
    pub fn ceiling(self, base: u64) -> u64 {
        self.floor.max(self.amount.of(base))
    }

    /// Whether this count stops the run.
    pub fn holds(self, count: u64, base: u64) -> bool {
        count > self.ceiling(base)
    }

    /// `--allow NAME=N`: never lower than before.
    #[must_use]
    pub fn raised_to(self, count: u64) -> Self {
        Self { floor: self.floor.max(count), ..self }
    }
}

/// All limits of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits(BTreeMap<LimitName, Limit>);

impl Limits {
    /// The limit of this name; the standard one where nothing else was said.
    pub fn get(&self, name: LimitName) -> Limit {
        self.0.get(&name).copied().unwrap_or(name.standard())
    }

    /// Replaces the limit of this name.
    pub fn set(&mut self, limit: Limit) {
        self.0.insert(limit.name, limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_held_by_one_more_than_the_ceiling_and_by_no_less() {
        // (limit, base, the largest count that passes)
        let rows = [
            (LimitName::Blocked, 0, 20),          // an empty registry: the floor alone
            (LimitName::Blocked, 400, 20),        // 5 % is 20: floor and share meet
            (LimitName::Blocked, 419, 20),        // 20.95 rounds down
            (LimitName::Blocked, 420, 21),        // 5 % is 21
            (LimitName::Protected, 799, 3),       // 0.5 % is 3.995
            (LimitName::Protected, 800, 4),       // 0.5 % is 4
            (LimitName::Rejected, 1_000, 50),     // 5 %, floor 10
            (LimitName::Shrink, 1_000, 100),      // 10 %
            (LimitName::Areas, 199, 20),          // floor
            (LimitName::ListSize, 0, 1_000),      // absolute
            (LimitName::ListSize, 50_000, 1_000), // absolute, whatever the base
            (LimitName::ListShrink, 209, 20),     // 20.9 rounds down
            (LimitName::Contacts, 1_000, 200),    // 20 %
            (LimitName::ContactsRows, 41, 20),    // 50 % is 20.5
            (LimitName::ContactsRows, 42, 21),    // 50 %
            (LimitName::Purge, 1_050, 21),        // 2 %
            (LimitName::Older, 10, 0),            // none
            (LimitName::SequenceGap, 10, 0),      // none
            (LimitName::Unreadable, 10, 0),       // none
        ];
        for (name, base, ceiling) in rows {
            let limit = name.standard();
            assert_eq!(limit.ceiling(base), ceiling, "{name} of {base}");
            assert!(ceiling == 0 || !limit.holds(ceiling - 1, base), "{name} of {base}: one less");
            assert!(!limit.holds(ceiling, base), "{name} of {base}: exactly");
            assert!(limit.holds(ceiling + 1, base), "{name} of {base}: one more");
        }
    }

    #[test]
    fn a_share_of_the_largest_base_does_not_overflow() {
        assert_eq!(Amount::percent(100).of(u64::MAX), u64::MAX);
        assert_eq!(Amount::percent(50).of(u64::MAX), u64::MAX / 2);
    }

    #[test]
    fn percentages_are_read_exactly_or_not_at_all() {
        let share = |millionths| Some(Amount::Share { millionths });
        let rows = [
            ("5%", share(50_000)),
            ("0.5%", share(5_000)),
            ("0,5 %", share(5_000)),      // as a Swede writes it
            ("0.0001%", share(1)),        // the finest
            ("100%", share(1_000_000)),   // the largest
            ("0%", share(0)),             // the floor alone
            ("100.1%", None),             // more than all
            ("0.00001%", None),           // finer than we count
            ("-5%", None),                // negative
            ("5", None),                  // no percent sign
            ("%", None),                  // no number
            (".5%", None),                // no whole part
            ("5.%", None),                // no decimals after the point
            ("+5%", None),                // Rust would read a sign
            ("99999999999999999%", None), // too large for any type
        ];
        for (text, expected) in rows {
            assert_eq!(Amount::parse_percent(text), expected, "{text}");
        }
    }

    #[test]
    fn allow_raises_and_never_lowers() {
        let limit = LimitName::Purge.standard();
        assert_eq!(limit.raised_to(500).ceiling(1_000), 500);
        assert_eq!(limit.raised_to(5).ceiling(1_000), 20);
        assert_eq!(limit.raised_to(500).ceiling(100_000), 2_000);
    }

    #[test]
    fn every_name_reads_back_and_prints_as_it_is_written() {
        for name in LimitName::ALL {
            assert_eq!(LimitName::parse(&name.to_string()), Some(name));
        }
        assert_eq!(LimitName::parse("Blocked"), None);
    }
}
