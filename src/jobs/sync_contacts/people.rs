//! Sets of people of the registry, one bit each: flat whatever the file's size.

use crate::domain::person::PersonId;

/// People up to a highest id.
pub(super) struct People(Vec<u64>);

impl People {
    pub(super) fn up_to(highest: PersonId) -> Self {
        Self(vec![0; usize::try_from(highest.0 / 64 + 1).unwrap_or(0)])
    }

    const fn bit(person: PersonId) -> u64 {
        1 << (person.0.unsigned_abs() % 64)
    }

    fn word(person: PersonId) -> usize {
        usize::try_from(person.0 / 64).unwrap_or(usize::MAX)
    }

    /// Whether the person was in the set before.
    pub(super) fn insert(&mut self, person: PersonId) -> bool {
        let was_in = self.contains(person);
        if let Some(word) = self.0.get_mut(Self::word(person)) {
            *word |= Self::bit(person);
        }
        was_in
    }

    pub(super) fn contains(&self, person: PersonId) -> bool {
        self.0.get(Self::word(person)).is_some_and(|word| word & Self::bit(person) != 0)
    }
}
