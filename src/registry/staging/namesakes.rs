//! Unknown numbers of a file and who here is like them: same names, same birth date.

use std::path::Path;

use rusqlite::{OptionalExtension, params};

use super::Staging;
use crate::domain::contact::newcomer::Namesake;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};

const SCHEMA: &str = "
CREATE TABLE stranger (likeness INTEGER, key INTEGER, kind TEXT, PRIMARY KEY (likeness, key)) WITHOUT ROWID;
CREATE TABLE namesake (
    likeness INTEGER, person INTEGER, kind TEXT, protected INTEGER, PRIMARY KEY (likeness, person)) WITHOUT ROWID;
CREATE TABLE heir (person INTEGER PRIMARY KEY, key INTEGER, kind TEXT);";

/// Bits of the filter before the table: most people are like no stranger.
const FILTER_BITS: u64 = 1 << 23;

/// Strangers and namesakes of one file; memory stays flat.
pub struct Namesakes {
    staging: Staging,
    filter: Vec<u64>,
    heirs: u64,
}

impl Namesakes {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        let words = usize::try_from(FILTER_BITS / 64).unwrap_or_default();
        Ok(Self { staging: Staging::create(folder, SCHEMA)?, filter: vec![0; words], heirs: 0 })
    }

    fn place(likeness: u64) -> (usize, u64) {
        let bit = likeness % FILTER_BITS;
        (usize::try_from(bit / 64).unwrap_or_default(), 1 << (bit % 64))
    }

    /// Takes an unknown number in, with what its person is like.
    pub fn add_stranger(&mut self, likeness: u64, number: &IdNumber) -> Result<()> {
        let (word, bit) = Self::place(likeness);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
        let sql = "INSERT OR IGNORE INTO stranger VALUES (?, ?, ?)";
        let values = params![likeness.cast_signed(), number.key().0, number.kind().name()];
        self.staging.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Notes somebody who is like a stranger; everybody else is let by.
    pub fn add_if_alike(&self, likeness: u64, namesake: Namesake) -> Result<()> {
        let (word, bit) = Self::place(likeness);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO namesake SELECT ?1, ?2, ?3, ?4
                   WHERE EXISTS (SELECT 1 FROM stranger WHERE likeness = ?1)";
        let Namesake { person, kind, is_protected } = namesake;
        let values = params![likeness.cast_signed(), person.0, kind.name(), is_protected];
        self.staging.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Who here is like a stranger, and how many other strangers are.
    pub fn of(&self, likeness: u64, number: &IdNumber) -> Result<(Vec<Namesake>, u64)> {
        let connection = self.staging.connection();
        let sql = "SELECT person, kind, protected FROM namesake WHERE likeness = ? ORDER BY person";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![likeness.cast_signed()], |row| {
            let kind: String = row.get(1)?;
            let kind = IdKind::parse(&kind).unwrap_or(IdKind::Personnummer);
            Ok(Namesake { person: PersonId(row.get(0)?), kind, is_protected: row.get(2)? })
        })?;
        let namesakes = rows.collect::<rusqlite::Result<_>>()?;
        let sql = "SELECT count(*) FROM stranger WHERE likeness = ? AND key <> ?";
        let rivals: i64 = connection
            .prepare_cached(sql)?
            .query_row(params![likeness.cast_signed(), number.key().0], |row| row.get(0))?;
        Ok((namesakes, rivals.unsigned_abs()))
    }

    /// Notes that a person gets a stranger's number.
    pub fn add_heir(&mut self, person: PersonId, number: &IdNumber) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO heir VALUES (?, ?, ?)";
        let values = params![person.0, number.key().0, number.kind().name()];
        self.staging.connection().prepare_cached(sql)?.execute(values)?;
        self.heirs += 1;
        Ok(())
    }

    /// Hands out everybody who gets a stranger's number.
    pub fn each_heir(&self, mut visit: impl FnMut(PersonId, IdNumber) -> Result<()>) -> Result<()> {
        let mut statement = self.staging.connection().prepare("SELECT person, key, kind FROM heir")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(2)?;
            let number =
                IdKind::parse(&kind).and_then(|kind| IdNumber::from_key(NumberKey(row.get(1).ok()?), kind));
            let number = number.ok_or_else(|| Failure::internal("a staged number that is none"))?;
            visit(PersonId(row.get(0)?), number)?;
        }
        Ok(())
    }

    /// The number that a person gets, if they get one.
    pub fn number_for(&self, person: PersonId) -> Result<Option<IdNumber>> {
        if self.heirs == 0 {
            return Ok(None);
        }
        let sql = "SELECT key, kind FROM heir WHERE person = ?";
        let row: Option<(i64, String)> = self
            .staging
            .connection()
            .prepare_cached(sql)?
            .query_row(params![person.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.and_then(|(key, kind)| IdNumber::from_key(NumberKey(key), IdKind::parse(&kind)?)))
    }
}
