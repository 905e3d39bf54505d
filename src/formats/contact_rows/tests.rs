//! What rows of a source come to, cell by cell.

use std::io::Cursor;

use super::*;
use crate::domain::contact::value::is_email;

fn read(text: &str) -> Vec<Result<Typed, RowFault>> {
    let reference = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let source = Cursor::new(text.as_bytes().to_vec());
    let mut rows = ContactRows::open(source, Dialect::Csv, &Mapping::default(), reference, Country::Sweden)
        .unwrap_or_else(|fault| panic!("{}", fault.into_failure("x").message.code));
    let (mut read, mut row) = (Vec::new(), rows.row());
    while let Some(outcome) = rows.advance(&mut row).unwrap() {
        read.push(
            outcome
                .and_then(|()| row.number(&Side::default()).map(drop))
                .and_then(|()| row.read(&Side::default())),
        );
    }
    read
}

fn said(cells: &str) -> (Option<String>, Vec<&'static str>) {
    let text = format!("id_number;category;mobile\n198001022386;guardian;{cells}\n");
    let typed = read(&text).remove(0).unwrap_or_else(|fault| panic!("{}", fault.code));
    (typed.row.said.get(&ContactField::Mobile).cloned(), typed.bad.iter().map(|fault| fault.code).collect())
}

#[test]
fn an_empty_cell_is_a_statement_and_an_absent_column_is_none() {
    let typed = read("id_number;category;email\n198001022386;guardian;\n").remove(0).ok().unwrap();
    assert_eq!(typed.row.said.get(&ContactField::Email).map(String::as_str), Some(""));
    assert_eq!(typed.row.said.get(&ContactField::Mobile), None);
}

#[test]
fn phone_numbers_in_any_usual_spelling_are_stored_as_e164_and_others_are_not_said() {
    let rows = [
        ("070-174 06 05", Some("+46701740605")),
        ("0701740605", Some("+46701740605")),
        ("+46 70 174 06 05", Some("+46701740605")),
        ("0046701740605", Some("+46701740605")),
        ("+45 32 12 34 56", Some("+4532123456")),
        ("08-465 004 10", Some("+46846500410")),
        ("", Some("")),
        ("ring mamma", None),
        ("123", None),
        ("07017406051234567890", None),
    ];
    for (cell, expected) in rows {
        let (value, bad) = said(cell);
        assert_eq!(value.as_deref(), expected, "{cell}");
        assert_eq!(bad.is_empty(), expected.is_some(), "{cell}");
    }
}

#[test]
fn an_email_address_has_one_at_a_domain_with_a_dot_no_blanks_and_at_most_254_characters() {
    let longest = format!("{}@example.org", "a".repeat(254 - 12));
    let too_long = format!("{}@example.org", "a".repeat(254 - 11));
    let rows = [
        ("a@example.org", true),
        ("Å.b+c@exempel.se", true),
        (longest.as_str(), true),
        (too_long.as_str(), false),
        ("a.example.org", false),   // no @
        ("a@b@example.org", false), // two
        ("a@example", false),       // no dot
        ("a b@example.org", false), // a blank
        ("a@exam\tple.org", false), // a control character
        ("@example.org", false),
        ("a@.org", false),
        ("", false),
    ];
    for (text, expected) in rows {
        assert_eq!(is_email(text), expected, "{text}");
    }
}

#[test]
fn a_bad_value_spoils_itself_and_a_bad_row_itself() {
    let text = "id_number;category;email;phone;birth_date\n\
                198001022386;guardian;nobody;08-465 004 10;\n\
                198001022386;teacher;a@example.org;;\n\
                198001022386;STAFF;a@example.org;;1980-13-01\n\
                no number;staff;a@example.org;;\n";
    let mut rows = read(text).into_iter();
    let first = rows.next().unwrap().ok().unwrap();
    assert_eq!(first.bad.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["email-shape"]);
    assert_eq!(first.row.said.get(&ContactField::Phone).map(String::as_str), Some("+46846500410"));
    let codes: Vec<_> = rows.map(|row| row.err().unwrap().code).collect();
    assert_eq!(codes, ["source-category", "birth-date", "id-number-shape"]);
}
