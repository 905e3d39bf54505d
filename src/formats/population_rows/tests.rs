//! A row per kind of cell that an extract may hold.

use std::io::Cursor;

use super::*;
use crate::domain::id_number::Country;
use crate::formats::csv::{CsvReader, Mapping};

const ANNA: &str = "198501012382";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The rows of a file with this header.
fn rows(header: &str, lines: &str) -> Vec<ReadRow> {
    let source = Cursor::new(format!("{header}\n{lines}").into_bytes());
    let mut reader = CsvReader::open(source, COLUMNS, &Mapping::default()).unwrap();
    let told = told(|place| reader.has(place));
    let reading = Reading::on(day("2025-03-02"), Country::Sweden);
    let mut row = reader.row();
    let mut read_rows = Vec::new();
    while let Some(outcome) = reader.next_row(&mut row).unwrap() {
        read_rows.push(read(&row, outcome, told, &reading));
    }
    read_rows
}

#[test]
fn an_unknown_mark_protects_and_an_empty_one_does_not() {
    let table = [
        ("yes", RegisterMark::Marked),
        ("Ja", RegisterMark::Marked),
        ("j", RegisterMark::Marked),
        ("no", RegisterMark::Open),
        ("NEJ", RegisterMark::Open),
        ("n", RegisterMark::Open),
        ("", RegisterMark::Open),
        ("  ", RegisterMark::Open),
        ("0", RegisterMark::Unknown),
        ("false", RegisterMark::Unknown),
        ("S", RegisterMark::Unknown),
    ];
    for (cell, expected) in table {
        let read = rows("id_number;protected;municipality", &format!("{ANNA};{cell};0581"));
        assert_eq!(read[0].mark, expected, "{cell:?}");
    }
}

#[test]
fn a_cell_that_cannot_be_right_rejects_its_row_and_says_which() {
    let table = [
        ("municipality", "581", "municipality-shape"),
        ("municipality", "", "municipality-shape"),
        ("municipality", "05 81", "municipality-shape"),
        ("key_code", "123456789", "key-code-shape"), // nine digits
        ("key_code", "11A2", "key-code-shape"),      // letters
        ("key_code", "١٢", "key-code-shape"),        // digits, but not ours
        ("deceased_date", "02/03/2024", "deceased-date"),
        ("deceased_date", "2024-13-01", "deceased-date"),
        ("deceased_date", "2024-02-30", "deceased-date"),
        ("deceased_date", "2024-00-12", "deceased-date"),
        ("deceased_date", "24-02-03", "deceased-date"),
        ("deceased_date", "2025-03-03", "deceased-date"), // tomorrow
        ("first_name", "A\tB", "control-character"),
    ];
    for (column, cell, code) in table {
        let line = match column {
            "municipality" => format!("{ANNA};no;{cell};"),
            _ => format!("{ANNA};no;0581;{cell}"),
        };
        let other = if column == "municipality" { "key_code" } else { column };
        let read = rows(&format!("id_number;protected;municipality;{other}"), &line);
        let fault = read[0].row.as_ref().unwrap_err();
        assert_eq!((fault.code, fault.column, fault.line), (code, Some(column), 2), "{cell}");
        assert_eq!(read[0].number.map(|number| number.reveal().to_owned()).as_deref(), Some(ANNA));
    }
}

#[test]
fn a_day_of_death_may_lack_its_day_or_month() {
    let table = [
        ("2024-02-29", Some("2024-02-29")),
        ("20240229", Some("2024-02-29")),
        ("2024-02-00", Some("2024-02-00")),
        ("20240000", Some("2024-00-00")),
        ("2025-03-02", Some("2025-03-02")), // today
        ("2024", None),
    ];
    for (content, expected) in table {
        assert_eq!(day_of_death(content, day("2025-03-02")).as_deref(), expected, "{content}");
    }
}

#[test]
fn a_protected_row_keeps_number_municipality_and_mark_whatever_else_it_says() {
    let header = "id_number;protected;municipality;key_code;first_name;deceased_date";
    let read = rows(header, &format!("{ANNA};ja;0581;nonsense;Anna;31/12"));
    let row = read[0].row.as_ref().unwrap();
    assert_eq!((row, row.told), (&row.bare(), Told::default()));
    assert_eq!((row.mark, row.municipality.as_str()), (RegisterMark::Marked, "0581"));
}

#[test]
fn of_a_rejected_row_number_and_mark_are_read_if_they_can_be() {
    let header = "id_number;protected;municipality;first_name";
    let lines =
        format!("{ANNA};ja;05;Anna\n198513012382;ja;0581;Bo\n{ANNA};ja;0581;Br\u{fffd}d\n{ANNA};ja;0581");
    let read = rows(header, &lines);
    let seen: Vec<_> = read.iter().map(|row| (row.number.is_some(), row.mark, row.row.is_err())).collect();
    let expected = [
        (true, RegisterMark::Marked, true),
        (false, RegisterMark::Marked, true),
        // A letter was lost in a name: the rest can be read.
        (true, RegisterMark::Marked, true),
        // A row with a cell too few: nothing of it can be trusted.
        (false, RegisterMark::Open, true),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn an_absent_column_is_not_told_and_an_empty_cell_is() {
    let read = rows("id_number;protected;municipality;street", &format!("{ANNA};no;0581;"));
    let row = read[0].row.as_ref().unwrap();
    assert!(row.told.has(Cell::Street) && !row.told.has(Cell::City));
    assert_eq!(row.cells.get(Cell::Street), None);
}

#[test]
fn the_columns_of_the_file_stand_in_the_order_of_the_cells() {
    let names: Vec<_> = COLUMNS.iter().skip(FIRST_CELL).map(|column| column.name).collect();
    assert_eq!(names, Cell::ALL.map(Cell::name));
}
