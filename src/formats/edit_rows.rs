//! Rows of `person import --user-edits`: what people changed themselves, and when. (product.md, CSV files)

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone};
use serde::{Deserialize, Serialize};

use super::csv::{Cell, Column, CsvFault, CsvReader, HeaderFault, Mapping, Row, RowFault};
use crate::domain::contact::ContactField;
use crate::domain::contact::value::{BadValue, stored_form};
use crate::domain::id_number::{Country, IdNumber, IdNumberError, Reading};
use crate::domain::zone::Zone;
use crate::text::csv_file as text;

#[cfg(test)]
mod tests;

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::required("id_number"),
    Column::optional("email"),
    Column::optional("mobile"),
    Column::optional("phone"),
    Column::optional("changed_at"),
];
const ID_NUMBER: usize = 0;
/// The columns of contact details, in the order of [`ContactField::ALL`].
const CONTACTS: [usize; 3] = [1, 2, 3];
const CHANGED_AT: usize = 4;

/// One edit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EditRow {
    /// When, in the one form of [`instant`].
    pub at: String,
    /// What each field holds since then; an empty text: emptied. Fields that aren't here were not touched.
    pub fields: BTreeMap<ContactField, String>,
}

impl std::fmt::Debug for EditRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EditRow({}, hidden)", self.at)
    }
}

/// By what a file of edits is read.
#[derive(Clone, Copy)]
pub struct Terms<'t> {
    /// By which a short number's century is chosen.
    pub reference: NaiveDate,
    /// Whose ten digits and phone numbers are meant.
    pub country: Country,
    /// Of instants without an offset.
    pub timezone: Zone,
    /// The present instant, for rows without one.
    pub now: &'t str,
}

/// Reads the rows of one file.
pub struct EditRows<'t, R: Read> {
    reader: CsvReader<R>,
    row: Row,
    terms: Terms<'t>,
}

impl<'t, R: Read + Seek> EditRows<'t, R> {
    /// Checks the header.
    pub fn open(source: R, terms: Terms<'t>) -> Result<Self, HeaderFault> {
        let reader = CsvReader::open(source, COLUMNS, &Mapping::default())?;
        let row = reader.row();
        Ok(Self { reader, row, terms })
    }
}

impl<R: Read> EditRows<'_, R> {
    /// Goes to the next row: `None` at the end, `Some(Err(…))` for one that is rejected.
    pub fn advance(&mut self) -> Result<Option<Result<(), RowFault>>, CsvFault> {
        self.reader.next_row(&mut self.row)
    }

    /// The line that the row starts in; the header is 1.
    pub const fn line(&self) -> u64 {
        self.row.line()
    }

    /// The row's cells, for its digest.
    pub fn cells(&self) -> impl Iterator<Item = Option<&str>> {
        (0..COLUMNS.len()).map(|column| self.row.text(column))
    }

    /// Whose edit it is, what it says, and values that are none of their field.
    pub fn read(&self) -> Result<(IdNumber, EditRow, Vec<RowFault>), RowFault> {
        let number = self.number()?;
        let at = match self.row.text(CHANGED_AT) {
            None => instant(self.terms.now, self.terms.timezone),
            Some(cell) => instant(cell, self.terms.timezone),
        };
        let at = at.ok_or_else(|| self.fault(CHANGED_AT, text::CHANGED_AT))?;
        let (mut fields, mut bad) = (BTreeMap::new(), Vec::new());
        for (field, column) in ContactField::ALL.into_iter().zip(CONTACTS) {
            match self.row.cell(column) {
                Cell::Absent => {}
                Cell::Empty => drop(fields.insert(field, String::new())),
                Cell::Text(cell) => match stored_form(field, cell, self.terms.country) {
                    Ok(value) => drop(fields.insert(field, value)),
                    Err(BadValue::Email) => bad.push(self.fault(column, text::EMAIL)),
                    Err(BadValue::Phone) => bad.push(self.fault(column, text::PHONE)),
                },
            }
        }
        Ok((number, EditRow { at, fields }, bad))
    }

    fn number(&self) -> Result<IdNumber, RowFault> {
        let reading = Reading::on(self.terms.reference, self.terms.country);
        let cell = self.row.text(ID_NUMBER).unwrap_or_default();
        IdNumber::parse(cell, &reading).map_err(|error| {
            let reason = match error {
                IdNumberError::Empty => text::ID_NUMBER_EMPTY,
                IdNumberError::Shape => text::ID_NUMBER_SHAPE,
                IdNumberError::Date => text::ID_NUMBER_DATE,
                IdNumberError::Kind => text::ID_NUMBER_KIND,
            };
            self.fault(ID_NUMBER, reason)
        })
    }

    fn fault(&self, column: usize, reason: crate::text::Message) -> RowFault {
        let name = COLUMNS.get(column).map_or("", |column| column.name);
        RowFault::new(self.line(), reason).in_column(name)
    }
}

/// An instant in one form, UTC with milliseconds, so that texts compare: from one with an offset, or a local one without
/// (`2026-11-22T08:36:25Z`, `2026-11-22 09:36`, `2026-11-22`).
pub fn instant(text: &str, timezone: Zone) -> Option<String> {
    let utc = match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => instant.to_utc(),
        Err(_) => timezone.from_local_datetime(&local(text)?).earliest()?.to_utc(),
    };
    Some(utc.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn local(text: &str) -> Option<NaiveDateTime> {
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let instant = forms.into_iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    instant.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
}
