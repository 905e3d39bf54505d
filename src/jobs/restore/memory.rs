//! What the side file says in the end: of several records about one thing the last counts. No I/O.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::domain::keyed_hash::{KeyedHash, write_hex};
use crate::io::side_file::{Fact, Record};
use crate::registry::runs::RunId;

/// What was said last of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Protected since then.
    Protected(NaiveDate),
    /// Protection was lifted by hand.
    Unprotected,
    /// Disposed of.
    Disposed,
}

/// Whether a backup can know of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// It happened before the backup was made.
    Before,
    /// It is not in the backup.
    After,
}

/// The last word about somebody; of several numbers of one person the one with the highest place counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its place in the side file.
    pub(super) place: usize,
    /// What it says.
    pub(super) fate: Fate,
    /// Whether the backup can know of it.
    pub(super) when: When,
}

/// Everything that is remembered, by what it is about.
#[derive(Debug, Default)]
pub(super) struct Memory {
    people: HashMap<KeyedHash, Word>,
    /// Whom the backup still has with all details.
    reduced: HashSet<KeyedHash>,
    files: BTreeMap<[u8; 32], Standing>,
    serial: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Applied,
    Undone,
}

impl Memory {
    /// Brings the records together; `newest` and `started` are of the last run that the backup knows.
    pub(super) fn of(records: &[Record], newest: RunId, started: &str) -> Self {
        let mut memory = Self::default();
        for (place, record) in records.iter().enumerate() {
            let at = record.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            let is_later = (at.as_str(), record.run) > (started, newest.0);
            let when = if is_later { When::After } else { When::Before };
            memory.take(record, place, when);
        }
        memory
    }

    fn take(&mut self, record: &Record, place: usize, when: When) {
        let mut say = |hash, fate| {
            self.people.insert(hash, Word { place, fate, when });
        };
        match record.fact {
            Fact::Serial(serial) => self.serial = self.serial.max(serial),
            Fact::Applied(hash) => drop(self.files.insert(hash, Standing::Applied)),
            Fact::Undone(hash) => drop(self.files.insert(hash, Standing::Undone)),
            Fact::Protected(hash) => say(hash, Fate::Protected(record.at.date_naive())),
            Fact::Unprotected(hash) => say(hash, Fate::Unprotected),
            Fact::Disposed(hash) => say(hash, Fate::Disposed),
            Fact::Reduced(hash) if when == When::After => drop(self.reduced.insert(hash)),
            Fact::Reduced(_) => {}
        }
    }

    /// Whether nothing is remembered of any person.
    pub(super) fn knows_nobody(&self) -> bool {
        self.people.is_empty()
    }

    /// Whether anybody was reduced since the backup was made.
    pub(super) fn has_reduced(&self) -> bool {
        !self.reduced.is_empty()
    }

    /// Whether whoever has or had this number was reduced to number and class since the backup was made.
    pub(super) fn is_reduced(&self, hash: KeyedHash) -> bool {
        self.reduced.contains(&hash)
    }

    /// What was said last of whoever has or had this number.
    pub(super) fn of_person(&self, hash: KeyedHash) -> Option<Word> {
        self.people.get(&hash).copied()
    }

    /// The highest running number of a list.
    pub(super) fn serial(&self) -> u64 {
        self.serial
    }

    /// SHA-256 of the files that stand applied.
    pub(super) fn applied(&self) -> impl Iterator<Item = String> {
        let standing = self.files.iter().filter(|(_, standing)| **standing == Standing::Applied);
        standing.map(|(hash, _)| write_hex(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: KeyedHash = KeyedHash::from_bytes([1; 16]);

    fn record(fact: Fact, second: i64, run: i64) -> Record {
        Record { fact, at: chrono::DateTime::from_timestamp(second, 0).unwrap(), run }
    }

    #[test]
    fn the_last_word_about_a_person_counts() {
        let day = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let (set, lifted, gone) = (Fact::Protected(ANNA), Fact::Unprotected(ANNA), Fact::Disposed(ANNA));
        let rows = [
            (vec![], None),
            (vec![set], Some(Fate::Protected(day))),
            (vec![set, lifted], Some(Fate::Unprotected)),
            (vec![set, lifted, set], Some(Fate::Protected(day))),
            (vec![set, gone], Some(Fate::Disposed)),
        ];
        for (facts, expected) in rows {
            let records: Vec<Record> = facts.iter().map(|fact| record(*fact, 5, 9)).collect();
            let memory = Memory::of(&records, RunId(1), "1970-01-01T00:00:01Z");
            assert_eq!(memory.of_person(ANNA).map(|word| word.fate), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_backup_knows_what_happened_before_its_own_run_and_nothing_else() {
        // (second, run, when): the backup is run 7, started in second 100
        let rows = [
            (99, 6, When::Before),
            (100, 6, When::Before), // the run before it, in the same second
            (100, 8, When::After),
            (101, 8, When::After),
            (101, 3, When::After), // ids began again after an earlier restore
        ];
        for (second, run, when) in rows {
            let records = [record(Fact::Disposed(ANNA), second, run)];
            let memory = Memory::of(&records, RunId(7), "1970-01-01T00:01:40Z");
            assert_eq!(memory.of_person(ANNA).map(|word| word.when), Some(when), "{second} {run}");
        }
    }

    #[test]
    fn the_highest_serial_and_the_files_that_stand_applied_are_remembered() {
        let records = [
            record(Fact::Serial(7), 1, 1),
            record(Fact::Applied([1; 32]), 1, 1),
            record(Fact::Applied([2; 32]), 1, 1),
            record(Fact::Undone([1; 32]), 2, 2),
            record(Fact::Serial(6), 2, 2),
        ];
        let memory = Memory::of(&records, RunId(0), "");
        assert_eq!(memory.serial(), 7);
        assert_eq!(memory.applied().collect::<Vec<_>>(), ["02".repeat(32)]);
    }
}
