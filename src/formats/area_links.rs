//! Rows of `area import`: cells become a link, or the row is rejected. Whether two links may stand beside each other is
//! not decided here. (product.md, CSV files)

use chrono::NaiveDate;

use super::csv::value::{self, DayFault};
use super::csv::{Column, Row, RowFault};
use crate::domain::area::{CodeFault, GENERAL, Link, Pattern, Validity};
use crate::text::{Message, area as text, csv_file as csv_text};

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::required("key_code"),
    Column::required("area"),
    Column::optional("activity"),
    Column::optional("valid_from"),
    Column::optional("valid_to"),
];

const LONGEST_CELL: usize = 1000;

/// Reads a row of a file that was opened with [`COLUMNS`].
pub fn read(row: &Row) -> Result<Link, RowFault> {
    let cells = Cells { row };
    let pattern = cells.pattern()?;
    let area = cells.text("area")?.ok_or_else(|| cells.fault("area", text::CELL_EMPTY))?;
    let activity = cells.text("activity")?.unwrap_or(GENERAL);
    let (from, to) = (cells.day("valid_from")?, cells.day("valid_to")?);
    let validity = Validity::new(from, to).ok_or_else(|| RowFault::new(row.line(), text::DAYS_REVERSED))?;
    Ok(Link { activity: activity.to_owned(), pattern, validity, area: area.to_owned() })
}

/// The cells of one row by the names of their columns.
struct Cells<'r> {
    row: &'r Row,
}

impl<'r> Cells<'r> {
    fn pattern(&self) -> Result<Pattern, RowFault> {
        const NAME: &str = "key_code";
        Pattern::parse(self.text(NAME)?.unwrap_or_default()).map_err(|fault| {
            let reason = match fault {
                CodeFault::Empty => text::CELL_EMPTY,
                CodeFault::NotDigits => text::KEY_CODE_SHAPE,
                CodeFault::TooLong => text::KEY_CODE_LONG,
                CodeFault::BareStar => text::KEY_CODE_STAR,
            };
            self.fault(NAME, reason)
        })
    }

    fn day(&self, column: &'static str) -> Result<Option<NaiveDate>, RowFault> {
        let Some(cell) = self.text(column)? else { return Ok(None) };
        let day = value::iso_day(cell).map_err(|fault| match fault {
            DayFault::Form => self.fault(column, text::DATE_FORM),
            DayFault::Absent => self.fault(column, text::DATE_ABSENT),
        });
        day.map(Some)
    }

    fn text(&self, column: &'static str) -> Result<Option<&'r str>, RowFault> {
        let place = COLUMNS.iter().position(|known| known.name == column);
        let Some(cell) = place.and_then(|place| self.row.text(place)) else { return Ok(None) };
        if cell.chars().any(char::is_control) {
            return Err(self.fault(column, csv_text::CONTROL_CHARACTER));
        }
        if cell.chars().count() > LONGEST_CELL {
            return Err(self.fault(column, csv_text::CELL_TOO_LONG));
        }
        Ok(Some(cell))
    }

    const fn fault(&self, column: &'static str, reason: Message) -> RowFault {
        RowFault::new(self.row.line(), reason).in_column(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::csv::{CsvReader, Mapping};

    fn read_all(table: &str) -> Vec<Result<Link, RowFault>> {
        let source = std::io::Cursor::new(table.to_owned());
        let mut reader = CsvReader::open(source, COLUMNS, &Mapping::default()).unwrap();
        let mut row = reader.row();
        let mut all = Vec::new();
        while let Some(outcome) = reader.next_row(&mut row).unwrap() {
            all.push(outcome.and_then(|()| read(&row)));
        }
        all
    }

    #[test]
    fn a_row_that_says_no_activity_is_general_and_one_without_days_always_holds() {
        let short = read_all("area;key_code\nNorra;1132*\n").remove(0).unwrap();
        let long =
            read_all("key_code,area,activity,valid_from,valid_to\n1132*,Norra, ,,\n").remove(0).unwrap();
        assert_eq!(short, long);
        assert_eq!((short.activity.as_str(), short.pattern.to_string()), ("general", "1132*".to_owned()));
        assert_eq!((short.validity.opens(), short.validity.closes()), (None, None));
    }

    #[test]
    fn each_bad_cell_is_named_with_its_line_and_the_reason() {
        // (row, code of the reason, column)
        let rows = [
            (";Norra;;;", "link-cell-empty", Some("key_code")),
            ("113204123;Norra;;;", "link-code-long", Some("key_code")),
            ("11A2;Norra;;;", "link-code-shape", Some("key_code")),
            ("*;Norra;;;", "link-code-star", Some("key_code")),
            ("1132;;;;", "link-cell-empty", Some("area")),
            ("1132;No\u{1b}rra;;;", "control-character", Some("area")),
            ("1132;Norra;;2026/01/01;", "link-date-form", Some("valid_from")),
            ("1132;Norra;;20260101;", "link-date-form", Some("valid_from")),
            ("1132;Norra;;;31.12.2026", "link-date-form", Some("valid_to")),
            ("1132;Norra;;;26-12-31", "link-date-form", Some("valid_to")),
            ("1132;Norra;;;2026-02-30", "link-date-absent", Some("valid_to")),
            ("1132;Norra;;2026-08-02;2026-08-01", "link-days-reversed", None),
            ("1132;Norra", "ragged", None),
        ];
        for (row, code, column) in rows {
            let found = read_all(&format!("key_code;area;activity;valid_from;valid_to\n1;A;;;\n{row}\n"));
            let fault = found[1].as_ref().unwrap_err();
            assert_eq!((fault.code, fault.column, fault.line), (code, column, 3), "{row}");
        }
    }
}
