//! The population register's rows in their table. Not journaled: the next extract puts them right.

mod standing;
mod updates;

pub use standing::{NumbersAlong, Standing};

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, Statement, named_params, params};

use super::Registry;
use super::files::FileId;
use super::people::Concealment;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::{PersonId, Said};
use crate::domain::population::{Cell, Cells, PopulationRow, RegisterMark, Residence, Told};
use crate::failure::Result;

/// A row as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the register says; of somebody protected no more than number, municipality and mark.
    pub row: PopulationRow,
    /// Ours or not.
    pub residence: Residence,
    /// Whether the last snapshot held them.
    pub present: Presence,
    /// Whether no values may be stored.
    pub is_protected: bool,
    /// The day on which the address was new to the register; none for the first one.
    pub address_on: Option<NaiveDate>,
    /// What update-persons has taken of it.
    pub taken: Taken,
}

/// Whether somebody is in the register now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// As far as the last file says.
    Present,
    /// The last snapshot didn't hold them.
    Absent,
}

/// What update-persons has taken of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Changed since.
    pub is_pending: bool,
    /// For whom.
    pub person: Option<PersonId>,
    /// What the row said.
    pub said: Option<Said>,
    /// Whether it was marked protected.
    pub mark: bool,
}

/// Whose number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// How far protection has gone.
    pub concealment: Concealment,
}

const FIND: &str =
    "SELECT key, kind, municipality, nonresident, present, protected, marked, told, address_on, pending, taken_for, taken,
            taken_mark, key_code, first_name, middle_name, last_name, care_of, street, postal_code, city, property,
            deceased_date
     FROM population WHERE key = ?";
const FIRST_CELL: usize = 13;
// Numbered, not named: a name is looked up whenever it is bound.
const PUT: &str =
    "INSERT INTO population (key, kind, municipality, nonresident, present, protected, marked, told, address_on, file_id,
            pending, taken_for, taken, taken_mark, key_code, first_name, middle_name, last_name, care_of, street,
            postal_code, city, property, deceased_date)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
     ON CONFLICT (key) DO UPDATE SET kind = ?2, municipality = ?3, nonresident = ?4, present = ?5, protected = ?6, marked = ?7,
            told = ?8, address_on = ?9, file_id = ?10, pending = ?11, taken_for = ?12, taken = ?13,
            taken_mark = ?14, key_code = ?15, first_name = ?16, middle_name = ?17, last_name = ?18,
            care_of = ?19, street = ?20, postal_code = ?21, city = ?22, property = ?23, deceased_date = ?24";
const HOLDER: &str = "SELECT n.person_id, p.concealment FROM number AS n JOIN person AS p ON p.id = n.person_id WHERE n.key = ?";
const SET_PRESENT: &str = "UPDATE population SET present = ?2 WHERE key = ?1";
const TAKE: &str = "UPDATE population SET pending = :pending, taken_for = :person, taken_mark = :mark,
            taken = CASE WHEN protected = 0 THEN :said END
     WHERE key = :key";

/// Reads and writes rows; the statements are prepared once and held.
pub struct Population<'r> {
    find: Statement<'r>,
    put: Statement<'r>,
    holder: Statement<'r>,
    set_present: Statement<'r>,
    take: Statement<'r>,
}

impl Registry {
    /// Prepares reading and writing of the register's rows.
    pub fn population(&self) -> Result<Population<'_>> {
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Population {
            find: prepare(FIND)?,
            put: prepare(PUT)?,
            holder: prepare(HOLDER)?,
            set_present: prepare(SET_PRESENT)?,
            take: prepare(TAKE)?,
        })
    }

    /// How many people of a municipality are present.
    pub fn count_present(&self, residence: Residence, municipality: &str) -> Result<u64> {
        let sql =
            "SELECT count(*) FROM population WHERE present = 1 AND nonresident = ? AND municipality = ?";
        let values = params![residence.number(), municipality];
        let count: i64 = self.connection().prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Hands out the numbers of a municipality's people who are present. Nothing may be written meanwhile.
    pub fn each_present(
        &self,
        residence: Residence,
        municipality: &str,
        mut visit: impl FnMut(NumberKey) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT key FROM population WHERE present = 1 AND nonresident = ? AND municipality = ? ORDER BY key";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(params![residence.number(), municipality])?;
        while let Some(row) = rows.next()? {
            visit(NumberKey(row.get(0)?))?;
        }
        Ok(())
    }
}

impl Population<'_> {
    /// The row of a number.
    pub fn find(&mut self, key: NumberKey) -> Result<Option<Entry>> {
        Ok(self.find.query_row(params![key.0], entry).optional()?)
    }

    /// Who has or had a number.
    pub fn holder(&mut self, key: NumberKey) -> Result<Option<Holder>> {
        let row = self.holder.query_row(params![key.0], |row| {
            Ok(Holder { person: PersonId(row.get(0)?), concealment: Concealment::of(row.get(1)?) })
        });
        Ok(row.optional()?)
    }

    /// Writes a row.
    pub fn put(&mut self, entry: &Entry, file: Option<FileId>) -> Result<()> {
        let row = &entry.row;
        let cell = |cell| row.cells.get(cell);
        self.put.execute(params![
            row.number.key().0,
            row.number.kind().name(),
            row.municipality,
            entry.residence.number(),
            entry.present == Presence::Present,
            entry.is_protected,
            row.mark.number(),
            row.told.0,
            entry.address_on.map(|date| date.to_string()),
            file.map(|file| file.0),
            entry.taken.is_pending,
            entry.taken.person.map(|person| person.0),
            entry.taken.said.map(Said::to_bytes),
            entry.taken.mark,
            cell(Cell::KeyCode),
            cell(Cell::FirstName),
            cell(Cell::MiddleName),
            cell(Cell::LastName),
            cell(Cell::CareOf),
            cell(Cell::Street),
            cell(Cell::PostalCode),
            cell(Cell::City),
            cell(Cell::Property),
            cell(Cell::DeceasedDate),
        ])?;
        Ok(())
    }

    /// Somebody is in the register, or no longer.
    pub fn set_present(&mut self, key: NumberKey, presence: Presence) -> Result<()> {
        self.set_present.execute(params![key.0, presence == Presence::Present])?;
        Ok(())
    }

    /// Remembers what update-persons took. Of a protected row no digest stays.
    pub fn take(&mut self, key: NumberKey, taken: Taken) -> Result<()> {
        self.take.execute(named_params! {
            ":key": key.0,
            ":pending": taken.is_pending,
            ":person": taken.person.map(|person| person.0),
            ":mark": taken.mark,
            ":said": taken.said.map(Said::to_bytes),
        })?;
        Ok(())
    }
}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let kind = IdKind::parse(row.get_ref(1)?.as_str()?).ok_or_else(|| odd(1))?;
    let number = IdNumber::from_key(NumberKey(row.get(0)?), kind).ok_or_else(|| odd(0))?;
    let mut cells = Cells::default();
    for (cell, column) in Cell::ALL.into_iter().zip(FIRST_CELL..) {
        cells.set(cell, row.get(column)?);
    }
    let address_on: Option<String> = row.get(8)?;
    Ok(Entry {
        row: PopulationRow {
            number,
            municipality: row.get(2)?,
            mark: RegisterMark::of(row.get(6)?),
            cells,
            told: Told(row.get(7)?),
        },
        residence: if row.get(3)? { Residence::Nonresident } else { Residence::Resident },
        present: if row.get(4)? { Presence::Present } else { Presence::Absent },
        is_protected: row.get(5)?,
        address_on: address_on.map(|day| day.parse().map_err(|_| odd(8))).transpose()?,
        taken: Taken {
            is_pending: row.get(9)?,
            person: row.get::<_, Option<i64>>(10)?.map(PersonId),
            said: row.get_ref(11)?.as_blob_or_null()?.and_then(Said::from_bytes),
            mark: row.get(12)?,
        },
    })
}
