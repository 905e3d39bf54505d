use std::io::Cursor;

use super::*;
use crate::formats::csv::{CsvReader, Mapping};
use crate::text::Language;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

fn read_all(bytes: &[u8], country: Country) -> Vec<Result<PersonRow, RowFault>> {
    let mut reader = CsvReader::open(Cursor::new(bytes.to_vec()), COLUMNS, &Mapping::default()).unwrap();
    let mut row = reader.row();
    let mut read = Vec::new();
    while let Some(judged) = reader.next_row(&mut row).unwrap() {
        read.push(judged.and_then(|()| PersonRow::read(&row, today(), country)));
    }
    read
}

/// A row with one number and one more cell.
fn with(column: &str, cell: &str) -> Result<PersonRow, RowFault> {
    read_all(format!("id_number;{column}\n198501012382;\"{cell}\"\n").as_bytes(), Country::Sweden).remove(0)
}

fn merged(cells: &[(&str, &str)]) -> PersonRow {
    let names: Vec<_> = cells.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = cells.iter().map(|(_, value)| *value).collect();
    let text = format!("id_number;{}\n198501012382;{}\n", names.join(";"), values.join(";"));
    read_all(text.as_bytes(), Country::Sweden).remove(0).unwrap()
}

#[test]
fn every_column_arrives_in_its_field() {
    let text = "id_number,id_kind,category,first_name,middle_name,last_name,birth_date,address_kind,care_of,street,\
                postal_code,city,country,email,mobile,phone,allow_update,comment\n\
                850101-2382,Personnummer,guardian,Åsa,Mellan,Provsson,19850103,WORK,Prov,\"Gatan 1, 2\",602 99,\
                NORRKÖPING,Åland,Prov@example.org,070-1740605,08-46500605,Nej,\"två\nrader\"\n";
    let read = read_all(text.as_bytes(), Country::Sweden).remove(0).unwrap();
    let said = |text: &str| Some(text.to_owned());
    let expected = PersonRow {
        line: 2,
        number: IdNumber::from_stored("198501012382", IdKind::Personnummer).unwrap(),
        named_kind: Some(IdKind::Personnummer),
        category: said("guardian"),
        first_name: said("Åsa"),
        middle_name: said("Mellan"),
        last_name: said("Provsson"),
        birth_date: NaiveDate::from_ymd_opt(1985, 1, 3),
        address_kind: Some(AddressKind::Work),
        place: Place {
            care_of: said("Prov"),
            street: said("Gatan 1, 2"),
            postal_code: said("602 99"),
            city: said("NORRKÖPING"),
            country: said("Åland"),
        },
        email: said("Prov@example.org"),
        mobile: said("070-1740605"),
        phone: said("08-46500605"),
        allow_update: Some(false),
        comment: said("två\nrader"),
    };
    assert!(read == expected);
    let staged = serde_json::to_string(&read).unwrap();
    let expected = PersonRow { line: 0, ..expected };
    assert!(serde_json::from_str::<PersonRow>(&staged).unwrap() == expected, "all but where it stands");
    assert_eq!(format!("{read:?}"), "PersonRow(line 2, hidden)");
}

#[test]
fn the_fixture_of_published_numbers_is_read_whole() {
    let bytes = include_bytes!("../../../fixtures/csv/people.csv");
    let read = read_all(bytes, Country::Sweden);
    assert_eq!(read.len(), 20);
    let rows: Vec<_> = read.into_iter().map(Result::unwrap).collect();
    for row in &rows {
        assert_eq!(row.number.birth_date(), row.birth_date, "line {}", row.line);
        assert!(row.address().is_some() && row.first_name.is_some());
    }
    assert!(rows.iter().any(|row| row.first_name.as_deref() == Some("Örjan")));
    assert!(rows.iter().any(|row| row.comment.as_deref() == Some("Påhittad; finns inte")));
}

#[test]
fn empty_cells_and_absent_columns_both_say_nothing() {
    let text = "id_number;first_name;allow_update;birth_date;address_kind;id_kind\n198501012382; ;;;;\n";
    let read = read_all(text.as_bytes(), Country::Sweden).remove(0).unwrap();
    let bare = read_all(b"id_number\n198501012382\n", Country::Sweden).remove(0).unwrap();
    assert!(read == bare);
    assert!(bare.address().is_none() && bare.allow_update.is_none() && bare.category.is_none());
}

#[test]
fn a_bad_cell_rejects_its_row_by_column_and_code_and_never_by_value() {
    let long = "å".repeat(1001);
    let rows = [
        ("id_kind", "passport", "id-kind"),
        ("id_kind", "cpr", "id-number-kind"),
        ("birth_date", "2023-02-29", "birth-date"),
        ("birth_date", "1 jan 1985", "birth-date"),
        ("address_kind", "summer", "address-kind"),
        ("allow_update", "perhaps", "yes-no"),
        ("email", "a\u{1b}@example.org", "control-character"),
        ("mobile", "070\n17", "control-character"),
        ("phone", "08\t46", "control-character"),
        ("comment", &long, "cell-too-long"),
        ("email", &long, "cell-too-long"),
        ("birth_date", &long, "cell-too-long"),
    ];
    for (column, cell, code) in rows {
        let fault = with(column, cell).unwrap_err();
        assert_eq!((fault.line, fault.code), (2, code), "{column}");
        let blamed = if code == "id-number-kind" { "id_number" } else { column };
        assert_eq!(fault.column, Some(blamed));
        for language in [Language::Swedish, Language::English] {
            let said = fault.text(language);
            assert!(said.starts_with(&format!("{blamed}: ")) && !said.contains(cell), "{said}");
        }
    }
    assert!(with("comment", &"å".repeat(1000)).is_ok());
}

#[test]
fn a_bad_number_says_what_is_bad_about_it() {
    let rows = [
        ("", "id-number-empty"),
        ("1985-01-01", "id-number-shape"),
        ("１９８５０１０１２３８２", "id-number-shape"),
        ("19850230-2382", "id-number-date"),
    ];
    for (number, code) in rows {
        let text = format!("id_number;city\n{number};Umeå\n");
        let fault = read_all(text.as_bytes(), Country::Sweden).remove(0).unwrap_err();
        assert_eq!((fault.code, fault.column), (code, Some("id_number")));
    }
}

#[test]
fn birth_date_kind_and_country_decide_how_a_number_is_read() {
    let rows = [
        ("160101-2381;1916-01-01;", Country::Sweden, "191601012381"),
        ("160101-2381;;", Country::Sweden, "201601012381"),
        ("160101-2381;;cpr", Country::Sweden, "1601012381"),
        ("160101-2381;;", Country::Denmark, "1601012381"),
        ("160101-2381;1916-01-01;personnummer", Country::Denmark, "191601012381"),
    ];
    for (cells, country, expected) in rows {
        let text = format!("id_number;birth_date;id_kind\n{cells}\n");
        let read = read_all(text.as_bytes(), country).remove(0).unwrap();
        assert_eq!(read.number.reveal(), expected, "{cells}");
    }
}

#[test]
fn an_address_is_home_unless_it_says_otherwise_and_its_cells_stand_as_they_are() {
    let kind = |cells: &[(&str, &str)]| merged(cells).address().map(|(kind, _)| kind);
    assert_eq!(kind(&[("city", "UMEÅ")]), Some(AddressKind::Home));
    assert_eq!(kind(&[("street", "Gatan"), ("address_kind", "extra")]), Some(AddressKind::Extra));
    assert_eq!(kind(&[("address_kind", "work")]), None);
    // Whether a c/o alone makes an address depends on what is stored: the job decides.
    let only_care_of = merged(&[("care_of", "Prov")]);
    let expected = Place { care_of: Some("Prov".into()), ..Place::default() };
    assert!(only_care_of.address() == Some((AddressKind::Home, &expected)));
}

#[test]
fn rows_disagree_only_in_cells_that_both_have_filled() {
    type Cells = &'static [(&'static str, &'static str)];
    let rows: &[(Cells, Cells, Option<&str>)] = &[
        // The same, or one says nothing.
        (&[("city", "UMEÅ")], &[("city", " UMEÅ ")], None),
        (&[("city", "UMEÅ"), ("email", "")], &[("city", ""), ("email", "a@example.org")], None),
        // Each column.
        (&[("id_kind", "personnummer")], &[("id_kind", "immunitetsnummer")], Some("id_kind")),
        (&[("id_kind", "")], &[("id_kind", "immunitetsnummer")], None),
        (&[("category", "a")], &[("category", "b")], Some("category")),
        (&[("first_name", "a")], &[("first_name", "A")], Some("first_name")),
        (&[("middle_name", "a")], &[("middle_name", "b")], Some("middle_name")),
        (&[("last_name", "a")], &[("last_name", "b")], Some("last_name")),
        (&[("birth_date", "1985-01-01")], &[("birth_date", "19850102")], Some("birth_date")),
        (&[("birth_date", "1985-01-01")], &[("birth_date", "19850101")], None),
        (&[("allow_update", "ja")], &[("allow_update", "NO")], Some("allow_update")),
        (&[("allow_update", "ja")], &[("allow_update", "YES")], None),
        (&[("comment", "a")], &[("comment", "b")], Some("comment")),
        (&[("email", "a")], &[("email", "b")], Some("email")),
        (&[("mobile", "1")], &[("mobile", "2")], Some("mobile")),
        (&[("phone", "1")], &[("phone", "2")], Some("phone")),
        // Addresses of one kind; nothing said is home.
        (&[("city", "a"), ("care_of", "x")], &[("city", "a"), ("care_of", "y")], Some("care_of")),
        (&[("street", "a")], &[("street", "b")], Some("street")),
        (&[("postal_code", "60299")], &[("postal_code", "602 99")], Some("postal_code")),
        (&[("city", "a"), ("address_kind", "home")], &[("city", "b"), ("address_kind", "")], Some("city")),
        (&[("city", "a"), ("country", "x")], &[("city", "a"), ("country", "y")], Some("country")),
        (&[("city", "a"), ("address_kind", "work")], &[("city", "b"), ("address_kind", "")], None),
    ];
    for (one, other, expected) in rows {
        let (one_row, other_row) = (merged(one), merged(other));
        assert_eq!(one_row.disagrees_with(&other_row), *expected, "{one:?} {other:?}");
        assert_eq!(other_row.disagrees_with(&one_row), *expected, "{other:?} {one:?}");
    }
}

#[test]
fn every_column_that_is_read_is_in_the_list() {
    let header: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
    let text = format!("{}\n198501012382{}\n", header.join(";"), ";".repeat(COLUMNS.len() - 1));
    assert!(read_all(text.as_bytes(), Country::Sweden).remove(0).is_ok());
    let source = include_str!("../person_rows.rs");
    for call in ["text(\"", "contact(\"", "value(\"", "cell(\""] {
        for column in source.split(call).skip(1).filter_map(|rest| rest.split_once('"')) {
            assert!(header.contains(&column.0), "{}", column.0);
        }
    }
}
