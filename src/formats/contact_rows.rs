//! Rows of a system of record: e-mail and phone of its people. A cell that is no e-mail address or phone number counts as
//! not said; the rest of its row is used. (product.md, CSV files; rules.md, sync-contacts 13)

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::csv::{Cell, Column, CsvFault, CsvReader, HeaderFault, Mapping, Row, RowFault, value};
use super::oneroster::{self, Mode, is_deleted};
use crate::domain::contact::ContactField;
use crate::domain::contact::gather::SourceRow;
use crate::domain::contact::source::SourceCategory;
use crate::domain::contact::value::{BadValue, stored_form};
use crate::domain::id_number::{Country, IdNumber, IdNumberError, Reading};
use crate::text::csv_file as text;

#[cfg(test)]
mod tests;

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::required("id_number"),
    Column::required("category"),
    Column::optional("first_name"),
    Column::optional("last_name"),
    Column::optional("birth_date"),
    Column::optional("email"),
    Column::optional("mobile"),
    Column::optional("phone"),
];
/// The columns that are needed of a `OneRoster` `users.csv`, under our names; the first ones are those above.
const ONEROSTER_COLUMNS: &[Column] = &[
    Column::required("id_number"),
    Column::optional("category"),
    Column::optional("first_name"),
    Column::optional("last_name"),
    Column::optional("birth_date"),
    Column::optional("email"),
    Column::optional("mobile"),
    Column::optional("phone"),
    Column::required("source_id"),
    Column::optional("status"),
];
const ID_NUMBER: usize = 0;
const CATEGORY: usize = 1;
const FIRST_NAME: usize = 2;
const LAST_NAME: usize = 3;
const BIRTH_DATE: usize = 4;
/// The columns of contact details, in the order of [`ContactField::ALL`].
const CONTACTS: [usize; 3] = [5, 6, 7];

const SOURCE_ID: usize = 8;
const STATUS: usize = 9;

const LONGEST_CELL: usize = 1000;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A CSV file of our columns, or mapped to them.
    Csv,
    /// `users.csv` of a `OneRoster` delivery.
    OneRoster(Mode),
}

/// Whether a row is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Present,
    /// It says that its person is gone, which counts as no row.
    Absent,
}

/// What other files of a delivery say of a row's person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Side {
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Categories.
    pub categories: BTreeSet<SourceCategory>,
}

/// What a row's cells come to.
pub struct Typed {
    /// What it says.
    pub row: SourceRow,
    /// Values that are none of their field.
    pub bad: Vec<RowFault>,
}

/// Reads the rows of one file.
pub struct ContactRows<R: Read> {
    reader: CsvReader<R>,
    terms: Terms,
}

/// One row, read in two steps: whose it is and what it is like, then what it says.
#[derive(Clone)]
pub struct ContactRow {
    row: Row,
    terms: Terms,
}

/// What the reading of a row depends on.
#[derive(Clone, Copy)]
struct Terms {
    dialect: Dialect,
    reference: NaiveDate,
    country: Country,
}

impl<R: Read + Seek> ContactRows<R> {
    /// Checks the header; a short number's century is chosen by the reference date.
    pub fn open(
        source: R,
        dialect: Dialect,
        mapping: &Mapping,
        reference: NaiveDate,
        country: Country,
    ) -> Result<Self, HeaderFault> {
        let columns = match dialect {
            Dialect::Csv => COLUMNS,
            Dialect::OneRoster(_) => ONEROSTER_COLUMNS,
        };
        let reader = CsvReader::open(source, columns, mapping)?;
        Ok(Self { reader, terms: Terms { dialect, reference, country } })
    }
}

impl<R: Read> ContactRows<R> {
    /// An empty row to read into.
    pub fn row(&self) -> ContactRow {
        ContactRow { row: self.reader.row(), terms: self.terms }
    }

    /// Goes to the next row: `None` at the end, `Some(Err(…))` for one that is rejected.
    pub fn advance(&mut self, row: &mut ContactRow) -> Result<Option<Result<(), RowFault>>, CsvFault> {
        self.reader.next_row(&mut row.row)
    }
}

impl ContactRow {
    /// The line that the row starts in; the header is 1.
    pub const fn line(&self) -> u64 {
        self.row.line()
    }

    /// The row's id in its source, for looking into other files of the delivery.
    pub fn source_id(&self) -> Option<&str> {
        self.row.text(SOURCE_ID)
    }

    /// Whether the row is there: what is to be deleted counts as absent.
    pub fn presence(&self) -> Result<Presence, RowFault> {
        let Dialect::OneRoster(mode) = self.terms.dialect else { return Ok(Presence::Present) };
        match (self.row.text(STATUS), mode) {
            (Some(status), _) if is_deleted(status) => Ok(Presence::Absent),
            (Some(status), _) if status.eq_ignore_ascii_case("active") => Ok(Presence::Present),
            (None, Mode::Bulk | Mode::Absent) => Ok(Presence::Present),
            (None, Mode::Delta) | (Some(_), _) => {
                Err(RowFault::new(self.line(), text::ROW_STATUS).in_column("status"))
            }
        }
    }

    /// Whose row it is.
    pub fn number(&self, side: &Side) -> Result<IdNumber, RowFault> {
        let birth_date = self.row.text(BIRTH_DATE).and_then(value::date).or(side.birth_date);
        let Terms { reference, country, .. } = self.terms;
        let reading = Reading { reference, country, birth_date, kind: None };
        IdNumber::parse(self.row.text(ID_NUMBER).unwrap_or_default(), &reading).map_err(|error| {
            self.fault(
                ID_NUMBER,
                match error {
                    IdNumberError::Empty => text::ID_NUMBER_EMPTY,
                    IdNumberError::Shape => text::ID_NUMBER_SHAPE,
                    IdNumberError::Date => text::ID_NUMBER_DATE,
                    IdNumberError::Kind => text::ID_NUMBER_KIND,
                },
            )
        })
    }

    /// Takes everything that the row says into a digest. Names count too: they tell rows apart.
    pub fn digest_into(&self, side: &Side, hasher: &mut impl Hasher) {
        side.hash(hasher);
        for column in 0..COLUMNS.len() {
            match self.row.cell(column) {
                Cell::Absent => 0_u8.hash(hasher),
                Cell::Empty => 1_u8.hash(hasher),
                Cell::Text(text) => text.hash(hasher),
            }
        }
    }

    /// What the row says.
    pub fn read(&self, side: &Side) -> Result<Typed, RowFault> {
        let birth_date = self
            .text(BIRTH_DATE)?
            .map(|cell| value::date(cell).ok_or_else(|| self.fault(BIRTH_DATE, text::BIRTH_DATE)));
        let mut row = SourceRow {
            first_name: self.text(FIRST_NAME)?.map(str::to_owned),
            last_name: self.text(LAST_NAME)?.map(str::to_owned),
            birth_date: birth_date.transpose()?.or(side.birth_date),
            categories: self.categories(side)?,
            ..SourceRow::default()
        };
        let mut bad = Vec::new();
        for (field, column) in ContactField::ALL.into_iter().zip(CONTACTS) {
            match self.row.cell(column) {
                Cell::Absent => {}
                Cell::Empty => drop(row.said.insert(field, String::new())),
                Cell::Text(cell) => match stored_form(field, cell, self.terms.country) {
                    Ok(value) => drop(row.said.insert(field, value)),
                    Err(BadValue::Email) => bad.push(self.fault(column, text::EMAIL)),
                    Err(BadValue::Phone) => bad.push(self.fault(column, text::PHONE)),
                },
            }
        }
        Ok(Typed { row, bad })
    }

    fn categories(&self, side: &Side) -> Result<BTreeSet<SourceCategory>, RowFault> {
        let cell = self.row.text(CATEGORY);
        let own = match self.terms.dialect {
            Dialect::Csv => cell.and_then(SourceCategory::parse),
            Dialect::OneRoster(_) => cell.map(oneroster::category),
        };
        let mut categories = side.categories.clone();
        categories.extend(own);
        if categories.is_empty() { Err(self.fault(CATEGORY, text::SOURCE_CATEGORY)) } else { Ok(categories) }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, RowFault> {
        match self.row.text(column) {
            Some(cell) if cell.chars().nth(LONGEST_CELL).is_some() => {
                Err(self.fault(column, text::CELL_TOO_LONG))
            }
            cell => Ok(cell),
        }
    }

    fn fault(&self, column: usize, reason: crate::text::Message) -> RowFault {
        let name = COLUMNS.get(column).map_or("", |column| column.name);
        RowFault::new(self.line(), reason).in_column(name)
    }
}
