//! Sets of people of the registry, one bit each: flat whatever the file's size.

use super::id_set::IdSet;
use super::person::PersonId;

/// People.
#[derive(Clone, Debug)]
pub struct PersonSet(IdSet);

impl PersonSet {
    /// Nobody yet, with room for everybody up to a highest id.
    pub fn up_to(highest: PersonId) -> Self {
        Self(IdSet::up_to(highest.0))
    }

    /// Whether the person was in the set before.
    pub fn insert(&mut self, person: PersonId) -> bool {
        self.0.insert(person.0)
    }

    /// Everybody up to the highest who is not in the set, as first and last of each run; none if there are more than
    /// `most` runs.
    pub fn gaps(&self, highest: PersonId, most: usize) -> Option<Vec<(PersonId, PersonId)>> {
        let mut gaps: Vec<(PersonId, PersonId)> = Vec::new();
        for id in (1..=highest.0).map(PersonId).filter(|id| !self.contains(*id)) {
            match gaps.last_mut() {
                Some((_, last)) if last.0 + 1 == id.0 => *last = id,
                Some(_) | None => gaps.push((id, id)),
            }
            if gaps.len() > most {
                return None;
            }
        }
        Some(gaps)
    }

    /// Whether the person is in it.
    pub fn contains(&self, person: PersonId) -> bool {
        self.0.contains(person.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(highest: i64, ids: &[i64]) -> PersonSet {
        let mut people = PersonSet::up_to(PersonId(highest));
        for id in ids {
            assert!(!people.insert(PersonId(*id)));
        }
        people
    }

    #[test]
    fn the_gaps_are_all_who_are_not_in_the_set_in_runs() {
        let gaps = |people: &PersonSet, highest| people.gaps(PersonId(highest), 3);
        let run = |from, to| (PersonId(from), PersonId(to));
        assert_eq!(gaps(&people(200, &[]), 200), Some(vec![run(1, 200)]));
        assert_eq!(gaps(&people(130, &(1..=130).collect::<Vec<_>>()), 130), Some(vec![]));
        assert_eq!(
            gaps(&people(130, &[1, 63, 64, 129]), 130),
            Some(vec![run(2, 62), run(65, 128), run(130, 130)])
        );
        assert_eq!(gaps(&people(9, &[2, 4, 6]), 9), None, "more than asked for");
    }
}
