//! The rows of one extract of the population register, brought together by number before anything is decided.

use std::path::Path;

use rusqlite::{Row, params};

use super::{Packed, Staging, unpack};
use crate::domain::id_number::NumberKey;
use crate::domain::population::{PopulationRow, RegisterMark};
use crate::failure::Result;

const SCHEMA: &str = "
CREATE TABLE extract_row (
    record INTEGER PRIMARY KEY, key INTEGER NOT NULL, municipality TEXT, mark INTEGER NOT NULL, body BLOB);
CREATE TABLE gone (key INTEGER PRIMARY KEY);";
// Made once the rows are in: sorting keys once is cheaper than keeping them sorted.
const INDEX: &str = "CREATE INDEX extract_row_of_number ON extract_row (key, record, mark)";

/// All rows of one file whose number could be read.
#[derive(Debug)]
pub struct Extract {
    staging: Staging,
}

/// All rows of a number.
#[derive(Debug)]
pub struct Group {
    /// The number's key.
    pub key: NumberKey,
    /// The strictest mark of any of them, rejected ones too.
    pub mark: RegisterMark,
    /// Those that can be used.
    pub rows: Vec<StagedRow>,
}

/// One of the rows of a number.
#[derive(Debug)]
pub struct StagedRow {
    /// Its line or ordinal.
    pub record: u64,
    /// What it says.
    pub row: PopulationRow,
}

impl Extract {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        Ok(Self { staging: Staging::create(folder, SCHEMA)? })
    }

    /// Takes a row in, which is packed already.
    pub fn add(
        &self,
        record: u64,
        (key, mark): (NumberKey, RegisterMark),
        municipality: &str,
        row: &Packed,
    ) -> Result<()> {
        self.insert(record, key, Some(municipality), mark, Some(&row.0))
    }

    /// Takes a rejected row in: it was there, and its mark counts.
    pub fn add_rejected(&self, record: u64, key: NumberKey, mark: RegisterMark) -> Result<()> {
        self.insert(record, key, None, mark, None)
    }

    fn insert(
        &self,
        record: u64,
        key: NumberKey,
        municipality: Option<&str>,
        mark: RegisterMark,
        body: Option<&[u8]>,
    ) -> Result<()> {
        let sql = "INSERT INTO extract_row (record, key, municipality, mark, body) VALUES (?, ?, ?, ?, ?)";
        let values = params![record.cast_signed(), key.0, municipality, mark.number(), body];
        self.staging.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// All rows are in.
    pub fn close(&self) -> Result<()> {
        Ok(self.staging.connection().execute_batch(INDEX)?)
    }

    /// The municipalities of the rows that can be used, in order.
    pub fn municipalities(&self) -> Result<Vec<String>> {
        let sql =
            "SELECT DISTINCT municipality FROM extract_row WHERE body IS NOT NULL ORDER BY municipality";
        let mut statement = self.staging.connection().prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether any row is of this number.
    pub fn holds(&self, key: NumberKey) -> Result<bool> {
        let sql = "SELECT 1 FROM extract_row WHERE key = ?";
        Ok(self.staging.connection().prepare_cached(sql)?.exists(params![key.0])?)
    }

    /// Numbers that any row marks protected, with the strictest mark, in the order of numbers.
    pub fn marked(&self) -> Result<Vec<(NumberKey, RegisterMark)>> {
        let sql = "SELECT key, max(mark) FROM extract_row WHERE mark > 0 GROUP BY key ORDER BY key";
        let mut statement = self.staging.connection().prepare_cached(sql)?;
        let rows =
            statement.query_map([], |row| Ok((NumberKey(row.get(0)?), RegisterMark::of(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands out all rows of one number at a time, in the order of numbers.
    pub fn each_group(&self, mut visit: impl FnMut(Group) -> Result<()>) -> Result<()> {
        // Places come from the index and rows are fetched then: sorting whole rows would write them once more.
        let order = "SELECT key, record, mark FROM extract_row ORDER BY key, record";
        let fetch = "SELECT body FROM extract_row WHERE record = ?";
        let mut statement = self.staging.connection().prepare(order)?;
        let mut fetch = self.staging.connection().prepare(fetch)?;
        let mut rows = statement.query([])?;
        let mut group: Option<Group> = None;
        while let Some(row) = rows.next()? {
            let (key, record): (i64, i64) = (row.get(0)?, row.get(1)?);
            let key = NumberKey(key);
            if group.as_ref().is_some_and(|group| group.key != key)
                && let Some(group) = group.take()
            {
                visit(group)?;
            }
            let group = group.get_or_insert(Group { key, mark: RegisterMark::Open, rows: Vec::new() });
            group.mark = group.mark.max(RegisterMark::of(row.get(2)?));
            if let Some(row) = fetch.query_row(params![record], |row| Ok(body(row)))?? {
                group.rows.push(StagedRow { record: record.unsigned_abs(), row });
            }
        }
        group.map_or(Ok(()), visit)
    }

    /// Notes that somebody is gone; who is present is read while nothing is written.
    pub fn add_gone(&self, key: NumberKey) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO gone (key) VALUES (?)";
        self.staging.connection().prepare_cached(sql)?.execute(params![key.0])?;
        Ok(())
    }

    /// Hands out everybody who is gone.
    pub fn each_gone(&self, mut visit: impl FnMut(NumberKey) -> Result<()>) -> Result<()> {
        let mut statement = self.staging.connection().prepare("SELECT key FROM gone ORDER BY key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(NumberKey(row.get(0)?))?;
        }
        Ok(())
    }
}

/// None for a rejected row.
fn body(row: &Row<'_>) -> Result<Option<PopulationRow>> {
    let bytes = row.get_ref(0)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    bytes.map(unpack).transpose()
}
