//! Rows of a system of record: e-mail and phone of its people. A cell that is no e-mail address or phone number counts as
//! not said; the rest of its row is used. (product.md, CSV files; rules.md, sync-contacts 13)

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::csv::{Cell, Column, CsvFault, CsvReader, HeaderFault, Mapping, Row, RowFault, value};
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
const ID_NUMBER: usize = 0;
const CATEGORY: usize = 1;
const FIRST_NAME: usize = 2;
const LAST_NAME: usize = 3;
const BIRTH_DATE: usize = 4;
/// The columns of contact details, in the order of [`ContactField::ALL`].
const CONTACTS: [usize; 3] = [5, 6, 7];

const LONGEST_CELL: usize = 1000;

/// What a row's cells come to.
pub struct Typed {
    /// What it says.
    pub row: SourceRow,
    /// Values that are none of their field.
    pub bad: Vec<RowFault>,
}

/// Reads the rows of one file, each in two steps: whose it is and what it is like, then what it says.
pub struct ContactRows<R: Read> {
    reader: CsvReader<R>,
    row: Row,
    reference: NaiveDate,
    country: Country,
}

impl<R: Read + Seek> ContactRows<R> {
    /// Checks the header; a short number's century is chosen by the reference date.
    pub fn open(
        source: R,
        mapping: &Mapping,
        reference: NaiveDate,
        country: Country,
    ) -> Result<Self, HeaderFault> {
        let reader = CsvReader::open(source, COLUMNS, mapping)?;
        let row = reader.row();
        Ok(Self { reader, row, reference, country })
    }
}

impl<R: Read> ContactRows<R> {
    /// Goes to the next row: `None` at the end, `Some(Err(…))` for one that is rejected.
    pub fn advance(&mut self) -> Result<Option<Result<(), RowFault>>, CsvFault> {
        self.reader.next_row(&mut self.row)
    }

    /// The line that the row starts in; the header is 1.
    pub const fn line(&self) -> u64 {
        self.row.line()
    }

    /// Whose row it is.
    pub fn number(&self) -> Result<IdNumber, RowFault> {
        let birth_date = self.row.text(BIRTH_DATE).and_then(value::date);
        let reading = Reading { reference: self.reference, country: self.country, birth_date, kind: None };
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
    pub fn digest_into(&self, hasher: &mut impl Hasher) {
        for column in 0..COLUMNS.len() {
            match self.row.cell(column) {
                Cell::Absent => 0_u8.hash(hasher),
                Cell::Empty => 1_u8.hash(hasher),
                Cell::Text(text) => text.hash(hasher),
            }
        }
    }

    /// What the row says.
    pub fn read(&self) -> Result<Typed, RowFault> {
        let birth_date = self
            .text(BIRTH_DATE)?
            .map(|cell| value::date(cell).ok_or_else(|| self.fault(BIRTH_DATE, text::BIRTH_DATE)));
        let mut row = SourceRow {
            first_name: self.text(FIRST_NAME)?.map(str::to_owned),
            last_name: self.text(LAST_NAME)?.map(str::to_owned),
            birth_date: birth_date.transpose()?,
            categories: self.categories()?,
            ..SourceRow::default()
        };
        let mut bad = Vec::new();
        for (field, column) in ContactField::ALL.into_iter().zip(CONTACTS) {
            match self.row.cell(column) {
                Cell::Absent => {}
                Cell::Empty => drop(row.said.insert(field, String::new())),
                Cell::Text(cell) => match stored_form(field, cell, self.country) {
                    Ok(value) => drop(row.said.insert(field, value)),
                    Err(BadValue::Email) => bad.push(self.fault(column, text::EMAIL)),
                    Err(BadValue::Phone) => bad.push(self.fault(column, text::PHONE)),
                },
            }
        }
        Ok(Typed { row, bad })
    }

    fn categories(&self) -> Result<BTreeSet<SourceCategory>, RowFault> {
        let category = self.row.text(CATEGORY).and_then(SourceCategory::parse);
        let category = category.ok_or_else(|| self.fault(CATEGORY, text::SOURCE_CATEGORY))?;
        Ok(BTreeSet::from([category]))
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
