//! Building the index: who can be found, by which words, and writing only entries that differ.

use rusqlite::{OptionalExtension, Row, Statement, params};

use super::Whose;
use super::erase::{MERGE, UNINDEX, UNINDEX_NAME};
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::domain::search::{Entry, Gathering};
use crate::failure::Result;
use crate::registry::Registry;

const PEOPLE: &str = "SELECT id, concealment <> 0, first_name, called_name, middle_name, last_name FROM person WHERE id > ? ORDER BY id LIMIT ?";
const ADDRESSES: &str = "SELECT care_of, street, city, country, postal_code FROM address WHERE person_id = ?";
const NUMBERS: &str = "SELECT key FROM number WHERE person_id = ?";
const ROW: &str =
    "SELECT protected, first_name, middle_name, last_name, care_of, street, city, property, postal_code
     FROM population WHERE key = ?";
const OTHERS: &str = "SELECT key FROM population WHERE key > ?
     AND NOT EXISTS (SELECT 1 FROM number WHERE number.key = population.key) ORDER BY key LIMIT ?";
const STORED: &str = "SELECT names, places, numbers FROM search_entry WHERE id = ?";
const INSERT: &str = "INSERT INTO search_entry (id, names, places, numbers) VALUES (?, ?, ?, ?)";
const UPDATE: &str = "UPDATE search_entry SET names = ?2, places = ?3, numbers = ?4 WHERE id = ?1";
const INDEX: &str = "INSERT INTO search (rowid, names, places, numbers) VALUES (?, ?, ?, ?)";
const INDEX_NAME: &str = "INSERT INTO search_name (rowid, names) VALUES (?, ?)";
// Entries of people who are gone, and of numbers that the registry has now or the population register no more.
const STALE: &str = "SELECT id FROM search_entry WHERE CASE WHEN id < ?1
         THEN NOT EXISTS (SELECT 1 FROM person WHERE person.id = search_entry.id)
         ELSE NOT EXISTS (SELECT 1 FROM population WHERE population.key = search_entry.id - ?1)
              OR EXISTS (SELECT 1 FROM number WHERE number.key = search_entry.id - ?1) END
     LIMIT ?2";
const STALE_AT_ONCE: u32 = 10_000;

/// Somebody as the search sees them.
pub struct Searchable {
    /// Whose entry.
    pub whose: Whose,
    /// What finds them; none for protected people, who are found by their exact number without any index.
    pub entry: Option<Entry>,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Was not there before.
    Created,
    /// Other words than before.
    Changed,
    /// The same words: nothing written.
    Unchanged,
}

/// Reads who can be found, and writes their entries; statements are prepared once and held. Use inside a unit.
pub struct Indexer<'r> {
    registry: &'r Registry,
    people: Statement<'r>,
    others: Statement<'r>,
    addresses: Statement<'r>,
    numbers: Statement<'r>,
    row: Statement<'r>,
    stored: Statement<'r>,
    insert: Statement<'r>,
    update: Statement<'r>,
    index: Statement<'r>,
    index_name: Statement<'r>,
    unindex: Statement<'r>,
    unindex_name: Statement<'r>,
}

impl Registry {
    /// Prepares building of the index.
    pub fn indexer(&self) -> Result<Indexer<'_>> {
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Indexer {
            registry: self,
            people: prepare(PEOPLE)?,
            others: prepare(OTHERS)?,
            addresses: prepare(ADDRESSES)?,
            numbers: prepare(NUMBERS)?,
            row: prepare(ROW)?,
            stored: prepare(STORED)?,
            insert: prepare(INSERT)?,
            update: prepare(UPDATE)?,
            index: prepare(INDEX)?,
            index_name: prepare(INDEX_NAME)?,
            unindex: prepare(UNINDEX)?,
            unindex_name: prepare(UNINDEX_NAME)?,
        })
    }
}

impl Indexer<'_> {
    /// Up to `most` people above `after`, in order of their ids.
    pub fn people_after(&mut self, after: PersonId, most: u32) -> Result<Vec<Searchable>> {
        let mut page: Vec<(PersonId, bool, Gathering)> = Vec::new();
        let mut rows = self.people.query(params![after.0, most])?;
        while let Some(row) = rows.next()? {
            let mut words = Gathering::default();
            each_text(row, 2..=5, |name| words.name(name))?;
            page.push((PersonId(row.get(0)?), row.get(1)?, words));
        }
        drop(rows);
        page.into_iter().map(|(id, is_protected, words)| self.person(id, is_protected, words)).collect()
    }

    fn person(&mut self, id: PersonId, is_protected: bool, mut words: Gathering) -> Result<Searchable> {
        let whose = Whose::Person(id);
        if is_protected {
            return Ok(Searchable { whose, entry: None });
        }
        let mut rows = self.addresses.query(params![id.0])?;
        while let Some(row) = rows.next()? {
            each_text(row, 0..=3, |place| words.place(place))?;
            each_text(row, 4..=4, |code| words.postal_code(code))?;
        }
        drop(rows);
        let numbers = self.numbers.query_map(params![id.0], |row| row.get(0).map(NumberKey))?;
        for key in numbers.collect::<rusqlite::Result<Vec<_>>>()? {
            words.number(key);
            if self.add_row(key, &mut words)? == Some(IsProtected(true)) {
                return Ok(Searchable { whose, entry: None });
            }
        }
        Ok(Searchable { whose, entry: Some(words.entry()) })
    }

    /// Up to `most` rows of the population register above `after` whose number nobody in the registry has.
    pub fn others_after(&mut self, after: NumberKey, most: u32) -> Result<Vec<Searchable>> {
        let keys = self.others.query_map(params![after.0, most], |row| row.get(0).map(NumberKey))?;
        let keys = keys.collect::<rusqlite::Result<Vec<_>>>()?;
        keys.into_iter().map(|key| self.other(key)).collect()
    }

    fn other(&mut self, key: NumberKey) -> Result<Searchable> {
        let mut words = Gathering::default();
        words.number(key);
        let is_protected = self.add_row(key, &mut words)? == Some(IsProtected(true));
        Ok(Searchable { whose: Whose::Number(key), entry: (!is_protected).then(|| words.entry()) })
    }

    /// Adds what the population register says under a number, if it has it.
    fn add_row(&mut self, key: NumberKey, words: &mut Gathering) -> Result<Option<IsProtected>> {
        let mut rows = self.row.query(params![key.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        each_text(row, 1..=3, |name| words.name(name))?;
        each_text(row, 4..=7, |place| words.place(place))?;
        each_text(row, 8..=8, |code| words.postal_code(code))?;
        Ok(Some(IsProtected(row.get(0)?)))
    }

    /// Writes an entry, if it differs from what stands there.
    pub fn put(&mut self, whose: Whose, entry: &Entry) -> Result<Put> {
        let id = whose.entry();
        let words =
            |row: &Row<'_>| Ok(Entry { names: row.get(0)?, places: row.get(1)?, numbers: row.get(2)? });
        let stored = self.stored.query_row(params![id], words).optional()?;
        let values = params![id, entry.names, entry.places, entry.numbers];
        let put = match stored {
            Some(stored) if stored == *entry => return Ok(Put::Unchanged),
            Some(_) => {
                self.unindex.execute(params![id])?;
                self.unindex_name.execute(params![id])?;
                self.update.execute(values)?;
                Put::Changed
            }
            None => {
                self.insert.execute(values)?;
                Put::Created
            }
        };
        self.index.execute(values)?;
        self.index_name.execute(params![id, entry.names])?;
        Ok(put)
    }

    /// Takes an entry out; says whether it was there.
    pub fn forget(&mut self, whose: Whose) -> Result<bool> {
        self.registry.forget_entry(whose.entry())
    }

    /// Takes out what no longer has a person or a row, some at a time; gives how many, 0 when none are left.
    pub fn forget_stale(&mut self) -> Result<u64> {
        let mut statement = self.registry.connection().prepare_cached(STALE)?;
        let entries = statement.query_map(params![super::FIRST_ROW, STALE_AT_ONCE], |row| row.get(0))?;
        let entries = entries.collect::<rusqlite::Result<Vec<i64>>>()?;
        for entry in &entries {
            self.registry.forget_entry(*entry)?;
        }
        Ok(entries.len() as u64)
    }

    /// Merges the parts of the index after many changes, so that a search looks in one place.
    pub fn merge(&mut self) -> Result<()> {
        for sql in MERGE {
            self.registry.connection().execute(sql, [])?;
        }
        Ok(())
    }
}

#[derive(PartialEq, Eq)]
struct IsProtected(bool);

fn each_text(
    row: &Row<'_>,
    columns: std::ops::RangeInclusive<usize>,
    mut add: impl FnMut(&str),
) -> rusqlite::Result<()> {
    for column in columns {
        if let Some(text) = row.get_ref(column)?.as_str_or_null()? {
            add(text);
        }
    }
    Ok(())
}
