//! The rows of one extract of the population register, brought together by number before anything is decided.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Row, params};

use super::apart::{self, RowApart, RowsApart};
use super::aside::{Hand, read_aside};
use super::{Packed, Staging, unpack};
use crate::domain::id_number::NumberKey;
use crate::domain::id_set::IdSet;
use crate::domain::population::{PopulationRow, RegisterMark};
use crate::failure::Result;

const SCHEMA: &str = "
CREATE TABLE extract_row (
    record INTEGER PRIMARY KEY, key INTEGER NOT NULL, mark INTEGER NOT NULL, body BLOB);
CREATE TABLE gone (key INTEGER PRIMARY KEY);";
// Made once the rows are in: sorting keys once is cheaper than keeping them sorted.
const INDEX: &str = "CREATE INDEX extract_row_of_number ON extract_row (key, record, mark)";

/// Numbers travel in packs of so many.
const PACK: usize = 256;

/// All rows of one file whose number could be read.
#[derive(Debug)]
pub struct Extract {
    staging: RefCell<Staging>,
    apart: RowsApart,
    known: RefCell<Known>,
}

/// What is known of the rows without asking for any, by the ordinals of their numbers.
#[derive(Debug)]
struct Known {
    /// Numbers that have a row, a rejected one too.
    named: IdSet,
    /// Those of them whose row says what stands.
    settled: IdSet,
    /// Those that have several; most files have none.
    several: Option<IdSet>,
    /// Of the rows that can be used.
    municipalities: BTreeSet<String>,
}

impl Known {
    fn new() -> Self {
        let room = || IdSet::up_to(NumberKey::ORDINALS);
        Self { named: room(), settled: room(), several: None, municipalities: BTreeSet::new() }
    }

    fn note(&mut self, key: NumberKey) {
        let Some(at) = key.ordinal() else { return };
        if self.named.insert(at) {
            self.several.get_or_insert_with(|| IdSet::up_to(NumberKey::ORDINALS)).insert(at);
        }
    }

    fn note_municipality(&mut self, municipality: &str) {
        if !self.municipalities.contains(municipality) {
            self.municipalities.insert(municipality.to_owned());
        }
    }

    fn has_several(&self, key: NumberKey) -> bool {
        let several = self.several.as_ref().zip(key.ordinal());
        several.is_some_and(|(several, at)| several.contains(at))
    }

    fn is_settled(&self, key: NumberKey) -> bool {
        key.ordinal().is_some_and(|at| self.settled.contains(at)) && !self.has_several(key)
    }
}

/// All rows of a number.
#[derive(Debug)]
pub struct Group {
    /// The number's key.
    pub key: NumberKey,
    /// The strictest mark of any of them, rejected ones too.
    pub mark: RegisterMark,
    /// Line or ordinal of each that can be used.
    pub records: Vec<u64>,
    /// What these say.
    pub rows: Vec<PopulationRow>,
}

impl Extract {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        let staging = Staging::create(folder, &[SCHEMA, apart::SCHEMA].concat())?;
        Ok(Self {
            staging: RefCell::new(staging),
            apart: RowsApart::default(),
            known: RefCell::new(Known::new()),
        })
    }

    /// Takes a row in, which is packed already.
    pub fn add(
        &self,
        record: u64,
        (key, mark): (NumberKey, RegisterMark),
        municipality: &str,
        row: &Packed,
    ) -> Result<()> {
        let mut known = self.known.borrow_mut();
        known.note(key);
        known.note_municipality(municipality);
        self.insert(record, key, mark, Some(&row.0))
    }

    /// Takes a row in that says what stands: it needs no decision unless another row of its number came, or
    /// [`Self::reconsider`] says so. One whose number has no ordinal is taken in as any other.
    pub fn add_settled(&self, record: u64, key: NumberKey, municipality: &str, row: &Packed) -> Result<()> {
        let Some(at) = key.ordinal() else {
            return self.add(record, (key, RegisterMark::Open), municipality, row);
        };
        let mut known = self.known.borrow_mut();
        known.note(key);
        known.note_municipality(municipality);
        known.settled.insert(at);
        let row = RowApart { line: record, about: key.0, digest: 0, name: "", body: &row.0 };
        self.apart.add(self.staging.borrow().connection(), &row)
    }

    /// How many settled rows need no decision.
    pub fn count_settled(&self) -> u64 {
        self.apart.count()
    }

    /// Takes a rejected row in: it was there, and its mark counts.
    pub fn add_rejected(&self, record: u64, key: NumberKey, mark: RegisterMark) -> Result<()> {
        self.known.borrow_mut().note(key);
        self.insert(record, key, mark, None)
    }

    fn insert(&self, record: u64, key: NumberKey, mark: RegisterMark, body: Option<&[u8]>) -> Result<()> {
        let sql = "INSERT INTO extract_row (record, key, mark, body) VALUES (?, ?, ?, ?)";
        let values = params![record.cast_signed(), key.0, mark.number(), body];
        self.staging.borrow().connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// All rows are in. Those of one number may disagree, or one may be marked: then all of them need a decision.
    pub fn close(&self) -> Result<()> {
        let known = self.known.borrow();
        if known.several.is_some() {
            self.take_out(|key| known.has_several(key))?;
        }
        Ok(self.staging.borrow().connection().execute_batch(INDEX)?)
    }

    /// Puts settled rows of these numbers, which are in order, beside the others. Called once, after [`Self::close`].
    pub fn reconsider(&self, keys: &[NumberKey]) -> Result<()> {
        let known = self.known.borrow();
        let wanted: Vec<_> = keys.iter().copied().filter(|key| known.is_settled(*key)).collect();
        if wanted.is_empty() { Ok(()) } else { self.take_out(|key| wanted.binary_search(&key).is_ok()) }
    }

    fn take_out(&self, is_wanted: impl Fn(NumberKey) -> bool) -> Result<()> {
        self.apart.take_out(
            self.staging.borrow().connection(),
            |key| is_wanted(NumberKey(key)),
            |row| self.insert(row.line, NumberKey(row.about), RegisterMark::Open, Some(row.body)),
        )
    }

    /// The municipalities of the rows that can be used, in order.
    pub fn municipalities(&self) -> Vec<String> {
        self.known.borrow().municipalities.iter().cloned().collect()
    }

    /// Whether any row is of this number.
    pub fn holds(&self, key: NumberKey) -> Result<bool> {
        if let Some(at) = key.ordinal() {
            return Ok(self.known.borrow().named.contains(at));
        }
        let sql = "SELECT 1 FROM extract_row WHERE key = ?";
        Ok(self.staging.borrow().connection().prepare_cached(sql)?.exists(params![key.0])?)
    }

    /// Numbers that any row marks protected, with the strictest mark, in the order of numbers.
    pub fn marked(&self) -> Result<Vec<(NumberKey, RegisterMark)>> {
        let sql = "SELECT key, max(mark) FROM extract_row WHERE mark > 0 GROUP BY key ORDER BY key";
        let staging = self.staging.borrow();
        let mut statement = staging.connection().prepare_cached(sql)?;
        let rows =
            statement.query_map([], |row| Ok((NumberKey(row.get(0)?), RegisterMark::of(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands out all rows of one number at a time, in the order of numbers. They are read by a thread of their own: nothing
    /// else may be asked for meanwhile.
    pub fn each_group(&self, visit: impl FnMut(&mut Group) -> Result<()>) -> Result<()> {
        read_aside(&mut self.staging.borrow_mut(), read_groups, visit)
    }

    /// Notes that somebody is gone; who is present is read while nothing is written.
    pub fn add_gone(&self, key: NumberKey) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO gone (key) VALUES (?)";
        self.staging.borrow().connection().prepare_cached(sql)?.execute(params![key.0])?;
        Ok(())
    }

    /// Hands out everybody who is gone.
    pub fn each_gone(&self, mut visit: impl FnMut(NumberKey) -> Result<()>) -> Result<()> {
        let staging = self.staging.borrow();
        let mut statement = staging.connection().prepare("SELECT key FROM gone ORDER BY key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(NumberKey(row.get(0)?))?;
        }
        Ok(())
    }
}

fn read_groups(staging: &Staging, hand: &Hand<Group>) -> Result<()> {
    // Places come from the index and rows are fetched then: sorting whole rows would write them once more.
    let order = "SELECT key, record, mark FROM extract_row ORDER BY key, record";
    let fetch = "SELECT body FROM extract_row WHERE record = ?";
    let mut statement = staging.connection().prepare(order)?;
    let mut fetch = staging.connection().prepare(fetch)?;
    let mut rows = statement.query([])?;
    let mut pack: Vec<Group> = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, record): (i64, i64) = (row.get(0)?, row.get(1)?);
        let key = NumberKey(key);
        if pack.last().is_none_or(|group| group.key != key) {
            if pack.len() == PACK {
                pack = hand.over(pack)?;
            }
            pack.push(Group { key, mark: RegisterMark::Open, records: Vec::new(), rows: Vec::new() });
        }
        let Some(group) = pack.last_mut() else { continue };
        group.mark = group.mark.max(RegisterMark::of(row.get(2)?));
        if let Some(row) = fetch.query_row(params![record], |row| Ok(body(row)))?? {
            group.records.push(record.unsigned_abs());
            group.rows.push(row);
        }
    }
    hand.over(pack).map(drop)
}

/// None for a rejected row.
fn body(row: &Row<'_>) -> Result<Option<PopulationRow>> {
    let bytes = row.get_ref(0)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    bytes.map(unpack).transpose()
}
