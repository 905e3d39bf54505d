//! The rows of a CSV file about records, brought together by the id that each has in its own system.

use std::cell::RefCell;
use std::path::Path;

use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::apart::{self, RowApart, RowsApart};
use super::aside::{Hand, read_aside};
use super::{Packed, Staging, unpack};
use crate::domain::id_set::IdSet;
use crate::failure::Result;

const SCHEMA: &str = "
CREATE TABLE record_row (line INTEGER PRIMARY KEY, reference TEXT NOT NULL, body BLOB, digest INTEGER);
CREATE TABLE lost (id INTEGER PRIMARY KEY);";
// Made once the rows are in: sorting references once is cheaper than keeping them sorted.
const INDEX: &str = "CREATE INDEX record_row_of_reference ON record_row (reference, line)";

/// Groups travel in packs of so many.
const PACK: usize = 256;

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

/// All usable rows of one reference.
#[derive(Debug)]
pub struct Group<T, P> {
    /// Which.
    pub reference: String,
    /// In the order of the file.
    pub rows: Vec<StagedRecord<T>>,
    /// What was made of them beforehand.
    pub prepared: P,
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
    /// file. A thread of its own reads them and makes of them what `prepare` does, which may use nothing of the registry.
    pub fn each_group<T: DeserializeOwned + Send, P: Send>(
        &mut self,
        prepare: impl Fn(&str, &[StagedRecord<T>]) -> Result<P> + Send,
        visit: impl FnMut(&mut Group<T, P>) -> Result<()>,
    ) -> Result<()> {
        let read =
            |staging: &Staging, hand: &Hand<_>| Packing { prepare, pack: Vec::new(), hand }.read(staging);
        read_aside(&mut self.staging, read, visit)
    }
}

/// Puts rows together and hands them over.
struct Packing<'h, T, P, F> {
    prepare: F,
    pack: Vec<Group<T, P>>,
    hand: &'h Hand<Group<T, P>>,
}

impl<T: DeserializeOwned, P, F: Fn(&str, &[StagedRecord<T>]) -> Result<P>> Packing<'_, T, P, F> {
    fn read(&mut self, staging: &Staging) -> Result<()> {
        // Places come from the index and rows are fetched then: sorting whole rows would write them once more.
        let order = "SELECT reference, line FROM record_row ORDER BY reference, line";
        let fetch = "SELECT body, digest FROM record_row WHERE line = ?";
        let mut statement = staging.connection().prepare(order)?;
        let mut fetch = staging.connection().prepare(fetch)?;
        let mut rows = statement.query([])?;
        let (mut reference, mut group) = (String::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (of, line): (&str, i64) =
                (row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?);
            if of != reference {
                self.put(&mut reference, &mut group)?;
                of.clone_into(&mut reference);
            }
            group.extend(fetch.query_row(params![line], |row| Ok(staged(line, row)))??);
        }
        self.put(&mut reference, &mut group)?;
        self.hand.over(std::mem::take(&mut self.pack)).map(drop)
    }

    /// Takes a group that is complete.
    fn put(&mut self, reference: &mut String, rows: &mut Vec<StagedRecord<T>>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let prepared = (self.prepare)(reference, rows)?;
        let (reference, rows) = (std::mem::take(reference), std::mem::take(rows));
        self.pack.push(Group { reference, rows, prepared });
        if self.pack.len() == PACK {
            self.pack = self.hand.over(std::mem::take(&mut self.pack))?;
        }
        Ok(())
    }
}

/// None for a rejected row.
fn staged<T: DeserializeOwned>(line: i64, row: &Row<'_>) -> Result<Option<StagedRecord<T>>> {
    let body = row.get_ref(0)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    let Some(body) = body else { return Ok(None) };
    let digest = row.get::<_, i64>(1)?.cast_unsigned();
    Ok(Some(StagedRecord { line: line.unsigned_abs(), row: unpack(body)?, digest }))
}
