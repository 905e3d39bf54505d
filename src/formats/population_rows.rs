//! Rows of the population register's extract as CSV: cells become typed values, or the row is rejected. Number and mark
//! are read of rejected rows too: somebody may have to be hidden, and a readable number counts as present.
//! (product.md, CSV files)

use chrono::NaiveDate;

use super::csv::{Cell as Text, Column, Row, RowFault, value};
use crate::domain::id_number::{IdNumber, IdNumberError, Reading};
use crate::domain::population::{Cell, Cells, PopulationRow, RegisterMark, Told};
use crate::text::{Message, csv_file as text, population as register_text};

#[cfg(test)]
mod tests;

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::required("id_number"),
    Column::required("protected"),
    Column::required("municipality"),
    Column::optional("key_code"),
    Column::optional("first_name"),
    Column::optional("middle_name"),
    Column::optional("last_name"),
    Column::optional("care_of"),
    Column::optional("street"),
    Column::optional("postal_code"),
    Column::optional("city"),
    Column::optional("property"),
    Column::optional("deceased_date"),
];

const ID_NUMBER: usize = 0;
const PROTECTED: usize = 1;
const MUNICIPALITY: usize = 2;
const FIRST_CELL: usize = 3;
const LONGEST_CELL: usize = 1000;
const LONGEST_KEY_CODE: usize = 8;

/// What could be read of a row.
#[derive(Debug)]
pub struct ReadRow {
    /// Its line, or which post of the file it is, from 1.
    pub record: u64,
    /// Whose it is, if that can be read.
    pub number: Option<IdNumber>,
    /// What it says of protection, as far as it can be read.
    pub mark: RegisterMark,
    /// The row, or why it is rejected.
    pub row: Result<PopulationRow, RowFault>,
}

/// Reads a row of a file that was opened with [`COLUMNS`]; `outcome` is the reader's own judgement of it.
pub fn read(row: &Row, outcome: Result<(), RowFault>, told: Told, reading: &Reading) -> ReadRow {
    let number = IdNumber::parse(row.text(ID_NUMBER).unwrap_or_default(), reading);
    let mark = mark(row.cell(PROTECTED));
    let typed = outcome.and_then(|()| {
        let number = number.map_err(|error| number_fault(row.line(), error))?;
        let municipality = municipality(row)?;
        let bare =
            PopulationRow { number, municipality, mark, cells: Cells::default(), told: Told::default() };
        // Of somebody protected nothing else is stored, so nothing else can be wrong with the row.
        if mark.is_set() { Ok(bare) } else { filled(row, bare, told, reading.reference) }
    });
    ReadRow { record: row.line(), number: number.ok(), mark, row: typed }
}

/// Whether each column is there, for a reader that knows.
pub fn told(has: impl Fn(usize) -> bool) -> Told {
    let cells = Cell::ALL.into_iter().zip(FIRST_CELL..);
    cells.filter(|(_, place)| has(*place)).fold(Told::default(), |told, (cell, _)| told.with(cell))
}

/// yes or no in either language; empty is no, any other word protects.
fn mark(cell: Text<'_>) -> RegisterMark {
    match cell {
        Text::Absent | Text::Empty => RegisterMark::Open,
        Text::Text(word) => match value::yes_no(word) {
            Some(true) => RegisterMark::Marked,
            Some(false) => RegisterMark::Open,
            None => RegisterMark::Unknown,
        },
    }
}

pub(super) fn number_fault(line: u64, error: IdNumberError) -> RowFault {
    let reason = match error {
        IdNumberError::Empty => text::ID_NUMBER_EMPTY,
        IdNumberError::Shape => text::ID_NUMBER_SHAPE,
        IdNumberError::Date => text::ID_NUMBER_DATE,
        IdNumberError::Kind => text::ID_NUMBER_KIND,
    };
    RowFault::new(line, reason).in_column("id_number")
}

fn municipality(row: &Row) -> Result<String, RowFault> {
    municipality_code(row.line(), row.text(MUNICIPALITY).unwrap_or_default())
}

/// Kommunkod with its county: four digits.
pub(super) fn municipality_code(line: u64, code: &str) -> Result<String, RowFault> {
    if code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(code.to_owned())
    } else {
        Err(RowFault::new(line, register_text::MUNICIPALITY_SHAPE).in_column("municipality"))
    }
}

fn filled(
    row: &Row,
    mut typed: PopulationRow,
    told: Told,
    reference: NaiveDate,
) -> Result<PopulationRow, RowFault> {
    typed.told = told;
    for (cell, place) in Cell::ALL.into_iter().zip(FIRST_CELL..) {
        let Some(content) = row.text(place) else { continue };
        let read = read_cell(cell, content, reference);
        let content = read.map_err(|reason| RowFault::new(row.line(), reason).in_column(cell.name()))?;
        typed.cells.set(cell, Some(content));
    }
    Ok(typed)
}

/// Checks what stands in a cell; the reason if it can't be used.
pub(super) fn read_cell(cell: Cell, content: &str, reference: NaiveDate) -> Result<String, Message> {
    // Bytes first: counting characters costs more.
    if content.len() > LONGEST_CELL && content.chars().count() > LONGEST_CELL {
        return Err(text::CELL_TOO_LONG);
    }
    match cell {
        Cell::KeyCode if is_key_code(content) => Ok(content.to_owned()),
        Cell::KeyCode => Err(register_text::KEY_CODE),
        Cell::DeceasedDate => day_of_death(content, reference).ok_or(register_text::DECEASED_DATE),
        Cell::FirstName
        | Cell::MiddleName
        | Cell::LastName
        | Cell::CareOf
        | Cell::Street
        | Cell::PostalCode
        | Cell::City
        | Cell::Property => {
            if content.chars().any(char::is_control) {
                return Err(text::CONTROL_CHARACTER);
            }
            Ok(content.to_owned())
        }
    }
}

/// Nyckelkod: one to eight digits (rules.md, Key codes).
fn is_key_code(content: &str) -> bool {
    content.len() <= LONGEST_KEY_CODE && content.bytes().all(|byte| byte.is_ascii_digit())
}

/// `YYYY-MM-DD` or `YYYYMMDD`, not after the reference date; a month or day that nobody knows is `00`, as SPAR has it.
pub fn day_of_death(content: &str, reference: NaiveDate) -> Option<String> {
    let digits: String = match content.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => content.split('-').collect(),
        _ => content.to_owned(),
    };
    if digits.len() != 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
    let known = |part: &str| if part == "00" { "01".to_owned() } else { part.to_owned() };
    // A day of an unknown month is no day.
    let is_partial = day == "00" || month != "00";
    let first = value::date(&format!("{year}-{}-{}", known(month), known(day)))?;
    (is_partial && first <= reference).then(|| format!("{year}-{month}-{day}"))
}
