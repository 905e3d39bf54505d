//! Identity numbers of births 1840–1889: nobody living has one, and they are made when they are needed, never stored
//! in the sources. (rules.md, Identity numbers)

use chrono::{Days, NaiveDate};

/// From 1840-01-01 to 1889-12-31.
const DAYS: u64 = 18_263;
/// Serials 001–899 are for those who live in the town, the rest for numbers that come later.
const SERIALS: u64 = 899;
const SPARE_SERIALS: u64 = 99;

/// So many people have numbers of their own.
pub const MOST_PEOPLE: u64 = DAYS * SERIALS;

/// Shares no factor with the count of spare numbers, so that different places give different numbers.
const SPREAD: u64 = 7_919;

/// A day within the fifty years, and a serial.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    day: u64,
    serial: u64,
}

impl Number {
    /// Of the town's own numbers; ascending with the place.
    pub(super) const fn own(place: u64) -> Self {
        Self { day: place / SERIALS % DAYS, serial: 1 + place % SERIALS }
    }

    /// Of the spare numbers, spread over the years.
    pub(super) const fn spare(place: u64) -> Self {
        let place = place * SPREAD % (DAYS * SPARE_SERIALS);
        Self { day: place / SPARE_SERIALS, serial: 901 + place % SPARE_SERIALS }
    }

    /// The day of birth in it.
    pub(super) fn birth_date(self) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(1840, 1, 1).unwrap_or_default();
        first + Days::new(self.day)
    }

    /// The last figure of the serial is odd for men.
    pub(super) const fn is_mans(self) -> bool {
        self.serial % 2 == 1
    }

    /// Twelve digits, the last one right.
    pub(super) fn text(self) -> String {
        let digits = format!("{}{:03}", self.birth_date().format("%Y%m%d"), self.serial);
        let sum: u32 = digits
            .bytes()
            .skip(2)
            .zip([2, 1].into_iter().cycle())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .map(|product| product / 10 + product % 10)
            .sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::id_number::{CheckDigit, IdKind, IdNumber};

    #[test]
    fn every_number_is_a_valid_one_of_a_birth_from_1840_to_1889() {
        let places = (0..MOST_PEOPLE).step_by(99_991).chain([MOST_PEOPLE - 1]);
        for number in places.map(Number::own).chain((0..500).map(Number::spare)) {
            let read = IdNumber::from_stored(&number.text(), IdKind::Personnummer).unwrap();
            assert_eq!(read.check_digit(), CheckDigit::Right);
            assert_eq!(read.birth_date(), Some(number.birth_date()));
            assert!(("1840".."1890").contains(&number.text().get(..4).unwrap()));
        }
    }

    #[test]
    fn no_two_places_give_the_same_number() {
        let mut seen = BTreeSet::new();
        for place in 0..100_000 {
            assert!(seen.insert(Number::own(place).text()));
            assert!(seen.insert(Number::spare(place).text()));
        }
        assert!((0..1_000).all(|place| Number::own(place).text() < Number::own(place + 1).text()));
    }
}
