//! Sets of internal ids, one bit each: flat whatever the file's size.

/// Internal ids, which are never negative.
#[derive(Clone, Debug, Default)]
pub struct IdSet(Vec<u64>);

impl IdSet {
    /// Nothing yet, with room up to an id.
    pub fn up_to(highest: i64) -> Self {
        Self(vec![0; usize::try_from(highest / 64 + 1).unwrap_or(0)])
    }

    /// Whether there is nothing in it, nor room for anything.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    const fn bit(id: i64) -> u64 {
        1 << (id.unsigned_abs() % 64)
    }

    /// Whether the id was in the set before.
    pub fn insert(&mut self, id: i64) -> bool {
        let Ok(at) = usize::try_from(id / 64) else { return false };
        let was_in = self.contains(id);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= Self::bit(id);
        }
        was_in
    }

    /// Whether the id is in it.
    pub fn contains(&self, id: i64) -> bool {
        let word = usize::try_from(id / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word & Self::bit(id) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_in_it_and_nothing_else_however_high() {
        for mut set in [IdSet::default(), IdSet::up_to(70)] {
            let ids = [1, 63, 64, 70, 4_711];
            for id in ids {
                assert!(!set.insert(id), "{id}");
                assert!(set.insert(id), "{id}, once more");
            }
            let found: Vec<i64> = (0..5_000).filter(|id| set.contains(*id)).collect();
            assert_eq!(found, ids);
        }
    }
}
