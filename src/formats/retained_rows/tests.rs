use super::*;
use crate::formats::csv::{CsvReader, Mapping};

const ANNA: &str = "197603052395";

fn read_all(kind: Kind, table: &str) -> Vec<Result<RetainedRow, RowFault>> {
    let source = std::io::Cursor::new(table.to_owned());
    let mut reader = CsvReader::open(source, &columns(kind), &Mapping::default()).unwrap();
    let rows = RowReader::new(kind, "2026-11-22".parse().unwrap(), Country::Sweden);
    let mut row = reader.row();
    let mut all = Vec::new();
    while let Some(outcome) = reader.next_row(&mut row).unwrap() {
        all.push(outcome.and_then(|()| rows.read(&row)));
    }
    all
}

fn text(value: &str) -> Given {
    Given::Said(Datum::Text(value.to_owned()))
}

fn flag(value: bool) -> Given {
    Given::Said(Datum::Flag(value))
}

const NULL: Given = Given::Said(Datum::Null);

#[test]
fn each_kind_has_as_many_parts_in_its_file_as_it_has() {
    for kind in Kind::ALL {
        let parts = description(kind).iter().filter(|(_, role)| matches!(role, Role::Part(_)));
        let names: Vec<&str> = parts.map(|(column, _)| column.name).collect();
        assert_eq!(names, kind.parts().iter().map(|part| part.name).collect::<Vec<_>>());
    }
}

#[test]
fn an_empty_cell_and_an_absent_column_are_two_things() {
    let full = "case;id_number;class;opened;closed;last_activity;marked;removed;hold\n";
    let row = read_all(Kind::Case, &format!("{full}S-1;{ANNA};A;2020-01-01;;;;;\n")).remove(0).unwrap();
    let given = [text("A"), text("2020-01-01"), NULL, NULL, flag(false), flag(false), NULL];
    assert_eq!(row.given, given);
    let short = "case;id_number;class;opened\n";
    let row = read_all(Kind::Case, &format!("{short}S-1;{ANNA};A;2020-01-01\n")).remove(0).unwrap();
    assert_eq!(row.given[2..], [Given::Absent, Given::Absent, Given::Absent, Given::Absent, Given::Absent]);
    let draft = |table: &str| read_all(Kind::Draft, table).remove(0).unwrap().case;
    assert_eq!(draft(&format!("id;id_number;touched\nU;{ANNA};2026-01-01\n")), CaseCell::Absent);
    assert_eq!(draft(&format!("id;id_number;touched;case\nU;{ANNA};2026-01-01;\n")), CaseCell::Empty);
}

#[test]
fn a_hold_is_why_something_is_held_and_no_is_none() {
    let header = "case;id_number;class;opened;hold\n";
    let hold = |cell: &str| {
        let row =
            read_all(Kind::Case, &format!("{header}S-1;{ANNA};A;2020-01-01;{cell}\n")).remove(0).unwrap();
        row.given[6].clone()
    };
    for cell in ["", "no", "nej", "NEJ", "n"] {
        assert_eq!(hold(cell), NULL, "{cell}");
    }
    for cell in ["ja", "no decision yet", "JO 1234-26"] {
        assert_eq!(hold(cell), text(cell));
    }
}

#[test]
fn each_bad_cell_is_named_with_its_line_and_the_reason() {
    let header = "case;id_number;class;opened;closed;marked\n";
    let rows = [
        (";197603052395;A;2020-01-01;;", "cell-empty", "case"),
        ("S;;A;2020-01-01;;", "id-number-empty", "id_number"),
        ("S;19760305;A;2020-01-01;;", "id-number-shape", "id_number"),
        ("S;197603052395;;2020-01-01;;", "cell-empty", "class"),
        ("S;197603052395;A;;;", "cell-empty", "opened"),
        ("S;197603052395;A;20200101;;", "date-form", "opened"),
        ("S;197603052395;A;2020-01-01;1/2 2020;", "date-form", "closed"),
        ("S;197603052395;A;2020-01-01;2020-02-30;", "date-absent", "closed"),
        ("S;197603052395;A;2020-01-01;;maybe", "yes-no", "marked"),
        ("S\u{7};197603052395;A;2020-01-01;;", "control-character", "case"),
    ];
    for (row, code, column) in rows {
        let fault = read_all(Kind::Case, &format!("{header}{row}\n")).remove(0).unwrap_err();
        assert_eq!((fault.code, fault.column, fault.line), (code, Some(column), 2), "{row}");
    }
    let table = format!("id_number;related_id_number;kind\n{ANNA};198501012382;friend\n");
    let fault = read_all(Kind::Relation, &table).remove(0).unwrap_err();
    assert_eq!((fault.code, fault.column), ("relation-kind", Some("kind")));
    let table = "document;case;key1;disposable1\nD;;01.02;yes\n";
    let fault = read_all(Kind::Document, table).remove(0).unwrap_err();
    assert_eq!((fault.code, fault.column), ("cell-empty", Some("case")));
}
