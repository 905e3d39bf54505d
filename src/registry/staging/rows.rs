//! The rows of a CSV file about people, brought together by person before anything is decided.

use std::cell::RefCell;
use std::path::Path;

use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::apart::{self, RowApart, RowsApart};
use super::{Packed, Staging, Windows, unpack};
use crate::domain::id_number::IdNumber;
use crate::domain::person::PersonId;
use crate::domain::person_set::PersonSet;
use crate::failure::Result;

const SCHEMA: &str = "
CREATE TABLE row (line INTEGER PRIMARY KEY, person INTEGER, number TEXT NOT NULL, body BLOB NOT NULL, digest INTEGER);";

/// Cache while rows are read back, as `PRAGMA cache_size` has it: KiB below nought.
const READING: i32 = -4096;

/// All rows of one file.
#[derive(Debug)]
pub struct Rows {
    staging: Staging,
    packed: RefCell<Packed>,
    apart: RowsApart,
}

/// A row of the group of one person.
#[derive(Debug)]
pub struct StagedRow<T> {
    /// Its line.
    pub line: u64,
    /// Whose it is; none for somebody new.
    pub person: Option<PersonId>,
    /// The number in its stored form.
    pub number: String,
    /// The row.
    pub row: T,
    /// Keyed digest of its content.
    pub digest: u64,
}

impl Rows {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        let staging = Staging::create(folder, &[SCHEMA, apart::SCHEMA].concat())?;
        Ok(Self { staging, packed: RefCell::default(), apart: RowsApart::default() })
    }

    /// Takes a row in.
    pub fn add<T: Serialize>(
        &self,
        line: u64,
        number: &IdNumber,
        person: Option<PersonId>,
        row: &T,
        digest: u64,
    ) -> Result<()> {
        let mut packed = self.packed.borrow_mut();
        packed.fill(row)?;
        self.add_packed(line, number, person, &packed, digest)
    }

    /// As [`Self::add`], for a row that is packed already.
    pub fn add_packed(
        &self,
        line: u64,
        number: &IdNumber,
        person: Option<PersonId>,
        row: &Packed,
        digest: u64,
    ) -> Result<()> {
        self.insert((line, digest), number.reveal(), person.map(|id| id.0), &row.0)
    }

    /// As [`Self::add_packed`], for a row that left nothing to do last time: it needs no decision unless
    /// [`Self::reconsider`] says so.
    pub fn add_settled(
        &self,
        line: u64,
        number: &IdNumber,
        person: PersonId,
        row: &Packed,
        digest: u64,
    ) -> Result<()> {
        let row = RowApart { line, about: person.0, digest, name: number.reveal(), body: &row.0 };
        self.apart.add(self.staging.connection(), &row)
    }

    /// Puts settled rows of these people beside the others.
    pub fn reconsider(&self, people: &PersonSet) -> Result<()> {
        let is_wanted = |person| people.contains(PersonId(person));
        self.apart.take_out(self.staging.connection(), is_wanted, |row| {
            self.insert((row.line, row.digest), row.name, Some(row.about), row.body)
        })
    }

    /// How many settled rows need no decision.
    pub fn count_settled(&self) -> u64 {
        self.apart.count()
    }

    fn insert(
        &self,
        (line, digest): (u64, u64),
        number: &str,
        person: Option<i64>,
        body: &[u8],
    ) -> Result<()> {
        let sql = "INSERT INTO row (line, person, number, body, digest) VALUES (?, ?, ?, ?, ?)";
        self.staging.connection().prepare_cached(sql)?.execute(params![
            line.cast_signed(),
            person,
            number,
            body,
            digest.cast_signed()
        ])?;
        Ok(())
    }

    /// Hands out all rows of one person at a time: people who are here by id, then new ones in the order of their
    /// numbers; rows of one in the order of the file.
    pub fn each_group<T: DeserializeOwned>(
        &self,
        visit: impl FnMut(Vec<StagedRow<T>>) -> Result<()>,
    ) -> Result<()> {
        // Lines are sorted first and rows fetched then: sorting whole rows would write them once more.
        let order = "SELECT line FROM row
                     ORDER BY person IS NULL, person, CASE WHEN person IS NULL THEN number END, line";
        self.each_in(order, visit)
    }

    /// As [`Self::each_group`], many people at a time: they can be read together.
    pub fn each_window<T: DeserializeOwned>(
        &self,
        mut visit: impl FnMut(Vec<Vec<StagedRow<T>>>) -> Result<()>,
    ) -> Result<()> {
        let mut windows = Windows::new();
        self.each_group(|group| windows.add(group, &mut visit))?;
        windows.finish(&mut visit)
    }

    /// As [`Self::each_group`], new people only.
    pub fn each_stranger<T: DeserializeOwned>(
        &self,
        visit: impl FnMut(Vec<StagedRow<T>>) -> Result<()>,
    ) -> Result<()> {
        let index = "CREATE INDEX IF NOT EXISTS row_of_nobody ON row (number) WHERE person IS NULL";
        self.staging.connection().execute_batch(index)?;
        self.each_in("SELECT line FROM row WHERE person IS NULL ORDER BY number, line", visit)
    }

    /// Gives rows of a number that is nobody's to a person. After [`Self::each_stranger`].
    pub fn adopt(&self, number: &IdNumber, person: PersonId) -> Result<()> {
        let sql = "UPDATE row SET person = ?2 WHERE number = ?1 AND person IS NULL";
        self.staging.connection().prepare_cached(sql)?.execute(params![number.reveal(), person.0])?;
        Ok(())
    }

    fn each_in<T: DeserializeOwned>(
        &self,
        order: &str,
        mut visit: impl FnMut(Vec<StagedRow<T>>) -> Result<()>,
    ) -> Result<()> {
        let fetch = "SELECT person, number, body, digest FROM row WHERE line = ?";
        let mut statement = self.staging.connection().prepare(order)?;
        let mut fetch = self.staging.connection().prepare(fetch)?;
        let mut lines = statement.query([])?;
        let mut group: Vec<StagedRow<T>> = Vec::new();
        let mut is_first = true;
        while let Some(line) = lines.next()? {
            let line: i64 = line.get(0)?;
            if is_first {
                // Rows of neighbours lie apart in the file: a page is asked for again soon. Sorting is over, or it would take
                // as much.
                self.staging.connection().pragma_update(None, "cache_size", READING)?;
                is_first = false;
            }
            let staged = fetch.query_row(params![line], |row| Ok(staged(line, row)))??;
            let is_same = group.first().is_none_or(|first| match (first.person, staged.person) {
                (Some(first), Some(person)) => first == person,
                (None, None) => first.number == staged.number,
                (Some(_), None) | (None, Some(_)) => false,
            });
            if !is_same {
                visit(std::mem::take(&mut group))?;
            }
            group.push(staged);
        }
        if group.is_empty() { Ok(()) } else { visit(group) }
    }
}

fn staged<T: DeserializeOwned>(line: i64, row: &Row<'_>) -> Result<StagedRow<T>> {
    let body = row.get_ref(2)?.as_blob_or_null().ok().flatten().unwrap_or_default();
    Ok(StagedRow {
        line: line.unsigned_abs(),
        person: row.get::<_, Option<i64>>(0)?.map(PersonId),
        number: row.get(1)?,
        row: unpack(body)?,
        digest: row.get::<_, i64>(3)?.cast_unsigned(),
    })
}
