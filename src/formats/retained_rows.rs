//! Rows of cases, documents, subscriptions, obligations, drafts, events and relations: one reader, and one description a
//! kind. Whether the person or the case of a row is here is not decided here. (product.md, CSV files)

use chrono::NaiveDate;

use super::csv::value::{self, DayFault};
use super::csv::{Cell, Column, Row, RowFault};
use crate::domain::id_number::{Country, IdNumber, IdNumberError, Reading};
use crate::domain::retained::{Datum, Given, Kind};
use crate::text::{Message, csv_file as csv_text, retained as text};

const LONGEST_CELL: usize = 1000;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The id that the record has in its own system.
    Reference,
    /// Whose it is.
    Person,
    /// Whom the person is guardian of.
    Related,
    /// The case that it belongs to.
    Case,
    /// A part of the record; parts stand in the order of [`Kind::parts`].
    Part(Reader),
}

/// How the cell of a part is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Text,
    Day,
    /// Empty is no.
    Flag,
    /// Empty is neither.
    MaybeFlag,
    /// Why something is held; empty, no or nej is no hold.
    Hold,
    Guardian,
}

type Description = (Column, Role);

const fn must(name: &'static str, role: Role) -> Description {
    (Column::required(name), role)
}

const fn may(name: &'static str, reader: Reader) -> Description {
    (Column::optional(name), Role::Part(reader))
}

const CASE: &[Description] = &[
    must("case", Role::Reference),
    must("id_number", Role::Person),
    must("class", Role::Part(Reader::Text)),
    must("opened", Role::Part(Reader::Day)),
    may("closed", Reader::Day),
    may("last_activity", Reader::Day),
    may("marked", Reader::Flag),
    may("removed", Reader::Flag),
    may("hold", Reader::Hold),
];
const DOCUMENT: &[Description] = &[
    must("document", Role::Reference),
    must("case", Role::Case),
    must("key1", Role::Part(Reader::Text)),
    may("key2", Reader::Text),
    must("disposable1", Role::Part(Reader::Flag)),
    may("disposable2", Reader::MaybeFlag),
];
const SPAN: &[Description] = &[
    must("id", Role::Reference),
    must("id_number", Role::Person),
    must("kind", Role::Part(Reader::Text)),
    may("from", Reader::Day),
    may("to", Reader::Day),
];
const TOUCHED: &[Description] = &[
    must("id", Role::Reference),
    must("id_number", Role::Person),
    must("touched", Role::Part(Reader::Day)),
    (Column::optional("case"), Role::Case),
];
const RELATION: &[Description] = &[
    must("id_number", Role::Person),
    must("related_id_number", Role::Related),
    must("kind", Role::Part(Reader::Guardian)),
];

const fn description(kind: Kind) -> &'static [Description] {
    match kind {
        Kind::Case => CASE,
        Kind::Document => DOCUMENT,
        Kind::Subscription | Kind::Obligation => SPAN,
        Kind::Draft | Kind::Event => TOUCHED,
        Kind::Relation => RELATION,
    }
}

/// The columns of a kind's file.
pub fn columns(kind: Kind) -> Vec<Column> {
    description(kind).iter().map(|(column, _)| *column).collect()
}

/// The columns that name the person and the related one, for faults that show later.
pub const RELATED: &str = "related_id_number";

/// What a row says of the case that the record belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CaseCell {
    /// The file has no such column.
    #[default]
    Absent,
    /// It belongs to none.
    Empty,
    /// To this, by the id that it has in its own system.
    Named(String),
}

/// A row as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct RetainedRow {
    /// The line that it starts in; the header is 1.
    pub line: u64,
    /// The id that the record has in its own system; none for a relation.
    pub reference: Option<String>,
    /// Whose it is; none for a document.
    pub person: Option<IdNumber>,
    /// Whom the person is guardian of.
    pub related: Option<IdNumber>,
    /// The case that it belongs to.
    pub case: CaseCell,
    /// What it says about each part.
    pub given: Vec<Given>,
}

impl std::fmt::Debug for RetainedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RetainedRow(line {}, hidden)", self.line)
    }
}

/// Reads rows of files that were opened with [`columns`].
#[derive(Clone, Copy, Debug)]
pub struct RowReader {
    kind: Kind,
    reading: Reading,
}

impl RowReader {
    /// For files of this kind; the reference date tells the century of short numbers.
    pub const fn new(kind: Kind, today: NaiveDate, country: Country) -> Self {
        Self { kind, reading: Reading::on(today, country) }
    }

    /// Reads a row.
    pub fn read(&self, row: &Row) -> Result<RetainedRow, RowFault> {
        let mut typed = RetainedRow {
            line: row.line(),
            reference: None,
            person: None,
            related: None,
            case: CaseCell::Absent,
            given: Vec::with_capacity(self.kind.parts().len()),
        };
        for (place, (column, role)) in description(self.kind).iter().enumerate() {
            let cell = One { row, place, column };
            match role {
                Role::Reference => typed.reference = Some(cell.needed()?.to_owned()),
                Role::Person => typed.person = Some(cell.number(&self.reading)?),
                Role::Related => typed.related = Some(cell.number(&self.reading)?),
                Role::Case => typed.case = cell.case()?,
                Role::Part(reader) => typed.given.push(cell.given(*reader)?),
            }
        }
        Ok(typed)
    }

    /// The record's own id in a row that may be spoilt elsewhere: it was there.
    pub fn reference<'r>(&self, row: &'r Row) -> Option<&'r str> {
        let (place, (column, _)) =
            description(self.kind).iter().enumerate().find(|(_, (_, role))| *role == Role::Reference)?;
        One { row, place, column }.text().ok().flatten()
    }
}

/// One cell of a row.
struct One<'r> {
    row: &'r Row,
    place: usize,
    column: &'r Column,
}

impl<'r> One<'r> {
    fn text(&self) -> Result<Option<&'r str>, RowFault> {
        let Some(cell) = self.row.text(self.place) else { return Ok(None) };
        if cell.chars().any(char::is_control) {
            return Err(self.fault(csv_text::CONTROL_CHARACTER));
        }
        // Bytes first: counting characters costs more.
        if cell.len() > LONGEST_CELL && cell.chars().count() > LONGEST_CELL {
            return Err(self.fault(csv_text::CELL_TOO_LONG));
        }
        Ok(Some(cell))
    }

    fn needed(&self) -> Result<&'r str, RowFault> {
        self.text()?.ok_or_else(|| self.fault(text::CELL_EMPTY))
    }

    fn number(&self, reading: &Reading) -> Result<IdNumber, RowFault> {
        let cell = self.text()?.unwrap_or_default();
        IdNumber::parse(cell, reading).map_err(|error| {
            self.fault(match error {
                IdNumberError::Empty => csv_text::ID_NUMBER_EMPTY,
                IdNumberError::Shape => csv_text::ID_NUMBER_SHAPE,
                IdNumberError::Date => csv_text::ID_NUMBER_DATE,
                IdNumberError::Kind => csv_text::ID_NUMBER_KIND,
            })
        })
    }

    fn is_absent(&self) -> bool {
        self.row.cell(self.place) == Cell::Absent
    }

    fn is_needed(&self) -> bool {
        self.column.need == super::csv::Need::Required
    }

    fn case(&self) -> Result<CaseCell, RowFault> {
        Ok(match self.text()? {
            Some(reference) => CaseCell::Named(reference.to_owned()),
            None if self.is_absent() => CaseCell::Absent,
            None if self.is_needed() => return Err(self.fault(text::CELL_EMPTY)),
            None => CaseCell::Empty,
        })
    }

    fn given(&self, reader: Reader) -> Result<Given, RowFault> {
        if self.is_absent() {
            return Ok(Given::Absent);
        }
        let cell = if self.is_needed() { Some(self.needed()?) } else { self.text()? };
        self.datum(reader, cell).map(Given::Said)
    }

    fn datum(&self, reader: Reader, cell: Option<&str>) -> Result<Datum, RowFault> {
        let Some(cell) = cell else {
            return Ok(if reader == Reader::Flag { Datum::Flag(false) } else { Datum::Null });
        };
        Ok(match reader {
            Reader::Flag | Reader::MaybeFlag => {
                Datum::Flag(value::yes_no(cell).ok_or_else(|| self.fault(csv_text::YES_NO))?)
            }
            Reader::Hold if value::yes_no(cell) == Some(false) => Datum::Null,
            Reader::Text | Reader::Hold => Datum::Text(cell.to_owned()),
            Reader::Day => {
                let day = value::iso_day(cell).map_err(|fault| match fault {
                    DayFault::Form => self.fault(text::DATE_FORM),
                    DayFault::Absent => self.fault(text::DATE_ABSENT),
                });
                Datum::Text(day?.to_string())
            }
            Reader::Guardian if cell.eq_ignore_ascii_case("guardian") => Datum::Text("guardian".to_owned()),
            Reader::Guardian => return Err(self.fault(text::GUARDIAN_ONLY)),
        })
    }

    const fn fault(&self, reason: Message) -> RowFault {
        RowFault::new(self.row.line(), reason).in_column(self.column.name)
    }
}

#[cfg(test)]
mod tests;
