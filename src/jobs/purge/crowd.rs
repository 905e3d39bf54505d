//! What cases, obligations, drafts and events say of each person, summed up in five bytes: a million people are five
//! mebibytes, and what else there is of them is read again when they are judged.

use chrono::NaiveDate;

use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};

/// So many ids lie together; where nobody is, nothing is kept.
const PAGE: usize = 4096;

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

struct Page {
    marks: Vec<u8>,
    active_on: Vec<Option<NaiveDate>>,
}

/// Everybody of whom there is something to say.
#[derive(Default)]
pub(super) struct Crowd {
    pages: Vec<Option<Page>>,
}

impl Crowd {
    /// This is so of them.
    pub(super) fn mark(&mut self, person: PersonId, mark: Mark) -> Result<()> {
        let (marks, _) = self.entry(person).ok_or_else(odd)?;
        *marks |= mark.bit();
        Ok(())
    }

    /// Whether this is so of them.
    pub(super) fn is(&self, person: PersonId, mark: Mark) -> bool {
        let marks = self.find(person).and_then(|(page, place)| page.marks.get(place));
        marks.is_some_and(|marks| marks & mark.bit() != 0)
    }

    /// Something of theirs happened on this day.
    pub(super) fn was_active(&mut self, person: PersonId, on: NaiveDate) -> Result<()> {
        let (_, active_on) = self.entry(person).ok_or_else(odd)?;
        *active_on = Some(active_on.map_or(on, |last| last.max(on)));
        Ok(())
    }

    /// The last day on which something happened.
    pub(super) fn active_on(&self, person: PersonId) -> Option<NaiveDate> {
        let (page, place) = self.find(person)?;
        page.active_on.get(place).copied().flatten()
    }

    fn find(&self, person: PersonId) -> Option<(&Page, usize)> {
        let id = usize::try_from(person.0).ok()?;
        Some((self.pages.get(id / PAGE)?.as_ref()?, id % PAGE))
    }

    fn entry(&mut self, person: PersonId) -> Option<(&mut u8, &mut Option<NaiveDate>)> {
        let id = usize::try_from(person.0).ok()?;
        let (number, place) = (id / PAGE, id % PAGE);
        if self.pages.len() <= number {
            self.pages.resize_with(number + 1, || None);
        }
        let page = self.pages.get_mut(number)?;
        let page = page.get_or_insert_with(|| Page { marks: vec![0; PAGE], active_on: vec![None; PAGE] });
        Some((page.marks.get_mut(place)?, page.active_on.get_mut(place)?))
    }
}

fn odd() -> Failure {
    Failure::internal("an internal id that is none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_keeps_what_was_said_of_them_however_far_apart_they_are() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut crowd = Crowd::default();
        let people = [1, 2, 4095, 4096, 90_000_000].map(PersonId);
        for person in people {
            crowd.was_active(person, day("2020-01-01")).unwrap();
            crowd.was_active(person, day("2019-01-01")).unwrap();
        }
        crowd.mark(PersonId(4096), Mark::Held).unwrap();
        crowd.mark(PersonId(4096), Mark::Goes).unwrap();
        for person in people {
            assert_eq!(crowd.active_on(person), Some(day("2020-01-01")));
            assert_eq!(crowd.is(person, Mark::Held), person.0 == 4096);
            assert!(!crowd.is(person, Mark::Case));
        }
        assert_eq!(crowd.active_on(PersonId(3)), None);
        assert!(crowd.mark(PersonId(-1), Mark::Case).is_err());
    }
}
