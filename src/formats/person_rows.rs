//! Rows of `person import`: cells become typed values, or the row is rejected. What a row means for a person, and
//! what several rows of one person mean together, is not decided here. (product.md, CSV files)

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::csv::{Column, Row, RowFault, value};
use crate::domain::address::{AddressKind, Place};
use crate::domain::id_number::{Country, IdKind, IdNumber, IdNumberError, Reading};
use crate::text::{Message, csv_file as text};

mod disagreement;
#[cfg(test)]
mod tests;

/// The columns of the file, as a template shows them.
pub const COLUMNS: &[Column] = &[
    Column::required("id_number"),
    Column::optional("id_kind"),
    Column::optional("category"),
    Column::optional("first_name"),
    Column::optional("middle_name"),
    Column::optional("last_name"),
    Column::optional("birth_date"),
    Column::optional("address_kind"),
    Column::optional("care_of"),
    Column::optional("street"),
    Column::optional("postal_code"),
    Column::optional("city"),
    Column::optional("country"),
    Column::optional("email"),
    Column::optional("mobile"),
    Column::optional("phone"),
    Column::optional("allow_update"),
    Column::optional("comment"),
];

const LONGEST_CELL: usize = 1000;

/// A row; `None` is an empty cell or an absent column, and both keep what is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The line that it starts in; the header is 1. Where it stands is no part of what it says.
    #[serde(skip)]
    pub line: u64,
    /// Whom it is about.
    pub number: IdNumber,
    /// The kind of the number, if the row names one.
    pub named_kind: Option<IdKind>,
    /// Own category.
    pub category: Option<String>,
    /// Förnamn.
    pub first_name: Option<String>,
    /// Mellannamn.
    pub middle_name: Option<String>,
    /// Efternamn.
    pub last_name: Option<String>,
    /// Date of birth.
    #[serde(with = "crate::domain::day::staged")]
    pub birth_date: Option<NaiveDate>,
    /// Which address it is; home if nothing is said and `place` is not empty.
    pub address_kind: Option<AddressKind>,
    /// The cells of the address as they stand; whether they make one is for whoever knows what is stored.
    pub place: Place,
    /// E-mail as given.
    pub email: Option<String>,
    /// Mobile number as given.
    pub mobile: Option<String>,
    /// Phone number as given.
    pub phone: Option<String>,
    /// Whether SPAR and the population register may update the person.
    pub allow_update: Option<bool>,
    /// Staff's words.
    pub comment: Option<String>,
}

impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonRow(line {}, hidden)", self.line)
    }
}

impl PersonRow {
    /// Reads a row of a file that was opened with [`COLUMNS`].
    pub fn read(row: &Row, reference: NaiveDate, country: Country) -> Result<Self, RowFault> {
        let cells = Cells { row };
        let birth_date = cells.value("birth_date", text::BIRTH_DATE, value::date)?;
        let named_kind = cells.value("id_kind", text::ID_KIND, IdKind::parse)?;
        let reading = Reading { reference, country, birth_date, kind: named_kind };
        Ok(Self {
            line: row.line(),
            number: cells.number(&reading)?,
            named_kind,
            category: cells.text("category")?,
            first_name: cells.text("first_name")?,
            middle_name: cells.text("middle_name")?,
            last_name: cells.text("last_name")?,
            birth_date,
            address_kind: cells.value("address_kind", text::ADDRESS_KIND, AddressKind::parse)?,
            place: cells.place()?,
            email: cells.contact("email")?,
            mobile: cells.contact("mobile")?,
            phone: cells.contact("phone")?,
            allow_update: cells.value("allow_update", text::YES_NO, value::yes_no)?,
            comment: cells.text("comment")?,
        })
    }

    /// The address cells and which address they are of; none if all are empty.
    pub fn address(&self) -> Option<(AddressKind, &Place)> {
        (self.place != Place::default())
            .then(|| (self.address_kind.unwrap_or(AddressKind::Home), &self.place))
    }
}

/// The cells of one row by the names of their columns.
struct Cells<'r> {
    row: &'r Row,
}

impl Cells<'_> {
    fn number(&self, reading: &Reading) -> Result<IdNumber, RowFault> {
        let cell = self.cell("id_number")?.unwrap_or_default();
        IdNumber::parse(cell, reading).map_err(|error| {
            let reason = match error {
                IdNumberError::Empty => text::ID_NUMBER_EMPTY,
                IdNumberError::Shape => text::ID_NUMBER_SHAPE,
                IdNumberError::Date => text::ID_NUMBER_DATE,
                IdNumberError::Kind => text::ID_NUMBER_KIND,
            };
            self.fault("id_number", reason)
        })
    }

    fn place(&self) -> Result<Place, RowFault> {
        Ok(Place {
            care_of: self.text("care_of")?,
            street: self.text("street")?,
            postal_code: self.text("postal_code")?,
            city: self.text("city")?,
            country: self.text("country")?,
        })
    }

    fn contact(&self, column: &'static str) -> Result<Option<String>, RowFault> {
        match self.text(column)? {
            Some(value) if value.chars().any(char::is_control) => {
                Err(self.fault(column, text::CONTROL_CHARACTER))
            }
            value => Ok(value),
        }
    }

    fn text(&self, column: &'static str) -> Result<Option<String>, RowFault> {
        Ok(self.cell(column)?.map(str::to_owned))
    }

    fn value<T>(
        &self,
        column: &'static str,
        reason: Message,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RowFault> {
        self.cell(column)?.map(|cell| parse(cell).ok_or_else(|| self.fault(column, reason))).transpose()
    }

    fn cell(&self, column: &'static str) -> Result<Option<&str>, RowFault> {
        let place = COLUMNS.iter().position(|known| known.name == column);
        let cell = place.and_then(|place| self.row.text(place));
        // Bytes first: counting characters costs more.
        if cell.is_some_and(|cell| cell.len() > LONGEST_CELL && cell.chars().count() > LONGEST_CELL) {
            return Err(self.fault(column, text::CELL_TOO_LONG));
        }
        Ok(cell)
    }

    const fn fault(&self, column: &'static str, reason: Message) -> RowFault {
        RowFault::new(self.row.line(), reason).in_column(column)
    }
}
