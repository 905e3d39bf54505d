//! The rows of a CSV file about records, brought together by the id that each has in its own system.

use std::cell::RefCell;
use std::path::Path;

use rusqlite::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::apart::{self, RowApart, RowsApart};
use super::{Packed, Staging, unpack};
use crate::domain::id_set::IdSet;
use crate::failure::Result;

const SCHEMA: &str = "
CREATE TABLE record_row (line INTEGER PRIMARY KEY, reference TEXT NOT NULL, body BLOB, digest INTEGER);
CREATE TABLE lost (id INTEGER PRIMARY KEY);";
// Made once the rows are in: sorting references once is cheaper than keeping them sorted.
const INDEX: &str = "CREATE INDEX record_row_of_reference ON record_row (reference, line)";

/// All rows of one file.
#[derive(Debug)]
pub struct Records {
    staging: Staging,
    packed: RefCell<Packed>,
    apart: RowsApart,
    /// Records that stand and have a row that can be used, and those that have several.
    named: RefCell<IdSet>,
    several: RefCell<IdSet>,
}

/// A row of the group of one reference.
#[derive(Debug)]
pub struct StagedRecord<T> {
    /// Its line.
    pub line: u64,
    /// What it says.
    pub row: T,
    /// Keyed digest of its content.
    pub digest: u64,
}

impl Records {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        let staging = Staging::create(folder, &[SCHEMA, apart::SCHEMA].concat())?;
        let (named, several) = (RefCell::default(), RefCell::default());
        Ok(Self { staging, packed: RefCell::default(), apart: RowsApart::default(), named, several })
    }

    /// Takes a row in: what was found out about it, and behind that what it says.
    pub fn add<T: Serialize>(
        &self,
        line: u64,
        reference: &str,
        (found, said): (&T, &Packed),
        digest: u64,
    ) -> Result<()> {
        let mut packed = self.packed.borrow_mut();
        packed.join(found, said)?;
        self.insert(line, reference, Some(&packed.0), digest)
    }

    /// Takes a row in that says what stands of this record: it needs no decision unless another row says something.
    pub fn add_settled<T: Serialize>(
        &self,
        line: u64,
        (reference, record): (&str, i64),
        (found, said): (&T, &Packed),
        digest: u64,
    ) -> Result<()> {
        self.note(record);
        let mut packed = self.packed.borrow_mut();
        packed.join(found, said)?;
        let row = RowApart { line, about: record, digest, name: reference, body: &packed.0 };
        self.apart.add(self.staging.connection(), &row)
    }

    /// A row of this record came.
    pub fn note(&self, record: i64) {
        if self.named.borrow_mut().insert(record) {
            self.several.borrow_mut().insert(record);
        }
    }

    /// How many settled rows need no decision.
    pub fn count_settled(&self) -> u64 {
        self.apart.count()
    }

    /// Takes a rejected row in: its record was there.
    pub fn add_rejected(&self, line: u64, reference: &str) -> Result<()> {
        self.insert(line, reference, None, 0)
    }

    fn insert(&self, line: u64, reference: &str, body: Option<&[u8]>, digest: u64) -> Result<()> {
        let sql = "INSERT INTO record_row (line, reference, body, digest) VALUES (?, ?, ?, ?)";
        let values = params![line.cast_signed(), reference, body, digest.cast_signed()];
        self.staging.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// All rows are in. Those of one record may disagree: then all of them need a decision.
    pub fn close(&self) -> Result<()> {
        let several = self.several.borrow();
        if !several.is_empty() {
            self.apart.take_out(
                self.staging.connection(),
                |record| several.contains(record),
                |row| self.insert(row.line, row.name, Some(row.body), row.digest),
            )?;
        }
        Ok(self.staging.connection().execute_batch(INDEX)?)
    }

    /// Whether any row, a rejected one too, is of this record.
    pub fn holds(&self, record: i64, reference: &str) -> Result<bool> {
        if self.named.borrow().contains(record) {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM record_row WHERE reference = ?";
        Ok(self.staging.connection().prepare_cached(sql)?.exists(params![reference])?)
    }

    /// Notes a record that the file has no more: who is here is read while nothing is written.
    pub fn add_lost(&self, id: i64) -> Result<()> {
        let sql = "INSERT INTO lost (id) VALUES (?)";
        self.staging.connection().prepare_cached(sql)?.execute(params![id])?;
        Ok(())
    }

    /// Hands out the records that the file has no more.
    pub fn each_lost(&self, mut visit: impl FnMut(i64) -> Result<()>) -> Result<()> {
        let mut statement = self.staging.connection().prepare("SELECT id FROM lost ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(row.get(0)?)?;
        }
        Ok(())
    }

    /// Hands out all usable rows of one reference at a time, in the order of references; rows of one in the order of the
    /// file.
    pub fn each_group<T: DeserializeOwned>(
        &self,
        mut visit: impl FnMut(&str, Vec<StagedRecord<T>>) -> Result<()>,
    ) -> Result<()> {
        // Places come from the index and rows are fetched then: sorting whole rows would write them once more.
        let order = "SELECT reference, line FROM record_row ORDER BY reference, line";
        let fetch = "SELECT body, digest FROM record_row WHERE line = ?";
        let mut statement = self.staging.connection().prepare(order)?;
        let mut fetch = self.staging.connection().prepare(fetch)?;
        let mut rows = statement.query([])?;
        let mut reference = String::new();
        let mut group: Vec<StagedRecord<T>> = Vec::new();
        while let Some(row) = rows.next()? {
            let (of, line): (&str, i64) =
                (row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?);
            if of != reference {
                if !group.is_empty() {
                    visit(&reference, std::mem::take(&mut group))?;
                }
                of.clone_into(&mut reference);
            }
            let (body, digest): (Option<Vec<u8>>, i64) =
                fetch.query_row(params![line], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some(body) = body else { continue };
            let row = unpack(&body)?;
            group.push(StagedRecord { line: line.unsigned_abs(), row, digest: digest.cast_unsigned() });
        }
        if group.is_empty() { Ok(()) } else { visit(&reference, group) }
    }
}
