//! What cases, obligations, drafts and events say of each person, summed up in one byte: ten million people are ten
//! mebibytes, and what else there is of them is read again when they are judged.

use chrono::NaiveDate;

use crate::domain::person::PersonId;
use crate::domain::retention::Bands;
use crate::failure::{Failure, Result};

/// So many ids lie together; where nobody is, nothing is kept.
const PAGE: usize = 4096;
/// The lower bits are marks, the upper three the band of the last activity.
const MARKS: u8 = 5;

/// Something that is so of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// They are protected.
    Protected,
    /// A hold lasts.
    Held,
    /// A case of theirs stays.
    Case,
    /// An obligation goes on.
    Owes,
    /// Nothing keeps them, and they are among those that may go this time.
    Goes,
}

impl Mark {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Everybody of whom there is something to say.
pub(super) struct Crowd {
    bands: Bands,
    pages: Vec<Option<Box<[u8]>>>,
}

impl Crowd {
    /// Nobody yet.
    pub(super) fn new(bands: Bands) -> Self {
        Self { bands, pages: Vec::new() }
    }

    /// This is so of them.
    pub(super) fn mark(&mut self, person: PersonId, mark: Mark) -> Result<()> {
        *self.entry(person).ok_or_else(odd)? |= mark.bit();
        Ok(())
    }

    /// Whether this is so of them.
    pub(super) fn is(&self, person: PersonId, mark: Mark) -> bool {
        self.find(person) & mark.bit() != 0
    }

    /// Something of theirs happened on this day.
    pub(super) fn was_active(&mut self, person: PersonId, on: NaiveDate) -> Result<()> {
        let band = self.bands.find(on);
        let known = self.entry(person).ok_or_else(odd)?;
        if band > *known >> MARKS {
            *known = (*known & (Mark::Goes.bit() * 2 - 1)) | band << MARKS;
        }
        Ok(())
    }

    /// Between which days something happened last.
    pub(super) fn active_between(&self, person: PersonId) -> Option<(NaiveDate, NaiveDate)> {
        self.bands.ends(self.find(person) >> MARKS)
    }

    /// Nothing more is asked about anybody.
    pub(super) fn forget(&mut self) {
        self.pages = Vec::new();
    }

    fn find(&self, person: PersonId) -> u8 {
        let found = usize::try_from(person.0).ok().and_then(|id| {
            let page = self.pages.get(id / PAGE)?.as_ref()?;
            page.get(id % PAGE).copied()
        });
        found.unwrap_or_default()
    }

    fn entry(&mut self, person: PersonId) -> Option<&mut u8> {
        let id = usize::try_from(person.0).ok()?;
        let (number, place) = (id / PAGE, id % PAGE);
        if self.pages.len() <= number {
            self.pages.resize_with(number + 1, || None);
        }
        let page = self.pages.get_mut(number)?;
        page.get_or_insert_with(|| vec![0; PAGE].into_boxed_slice()).get_mut(place)
    }
}

fn odd() -> Failure {
    Failure::internal("an internal id that is none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::{Action, CountedFrom, Period, Rule, Rules, Target};

    #[test]
    fn each_person_keeps_what_was_said_of_them_however_far_apart_they_are() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rule = Rule {
            class: "A".to_owned(),
            target: Target::Person,
            period: Period::parse("P5Y").unwrap(),
            from: CountedFrom::LastActivity,
            year_end: false,
            action: Action::Delete,
            grace_days: 0,
        };
        let mut crowd = Crowd::new(Bands::of(&Rules::new([rule]), day("2026-11-22")));
        let people = [1, 2, 4095, 4096, 90_000_000].map(PersonId);
        for person in people {
            crowd.mark(person, Mark::Owes).unwrap();
            crowd.was_active(person, day("2024-01-01")).unwrap();
            crowd.was_active(person, day("2019-01-01")).unwrap();
        }
        crowd.mark(PersonId(4096), Mark::Held).unwrap();
        crowd.mark(PersonId(4096), Mark::Goes).unwrap();
        crowd.was_active(PersonId(5), day("2019-01-01")).unwrap();
        for person in people {
            assert_eq!(crowd.active_between(person), Some((day("2021-11-23"), day("9999-12-31"))));
            assert_eq!(crowd.is(person, Mark::Held), person.0 == 4096);
            assert_eq!(crowd.is(person, Mark::Goes), person.0 == 4096);
            assert!(crowd.is(person, Mark::Owes) && !crowd.is(person, Mark::Case));
        }
        assert_eq!(crowd.active_between(PersonId(5)), Some((day("0001-01-01"), day("2021-11-22"))));
        assert_eq!(crowd.active_between(PersonId(3)), None);
        assert!(crowd.mark(PersonId(-1), Mark::Case).is_err());
    }
}
