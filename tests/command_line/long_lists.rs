//! What needs a person is shown as far as somebody reads on; a document has all of it.

use std::fs;

use serde_json::Value;

use crate::support::{Town, text};

const MANY: usize = 150;

/// A number of somebody born long ago whose check digit is wrong.
fn wrong(place: usize) -> String {
    let digits = format!("450101{place:03}");
    let sum: u32 = digits
        .chars()
        .enumerate()
        .map(|(place, digit)| {
            let weighted = digit.to_digit(10).unwrap() * if place % 2 == 0 { 2 } else { 1 };
            weighted / 10 + weighted % 10
        })
        .sum();
    format!("18{digits}{}", (11 - sum % 10) % 10)
}

fn file(town: &Town, places: std::ops::Range<usize>) -> String {
    let rows: Vec<String> = places.map(|place| format!("{},Bo,Bosson\n", wrong(place))).collect();
    let path = town.folder().join("people.csv");
    fs::write(&path, format!("id_number,first_name,last_name\n{}", rows.concat())).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn as_many_findings_as_are_read_are_shown_with_how_many_more_there_are_and_a_document_has_them_all() {
    let town = Town::new("en");
    let shown = town.call(&["person", "import", &file(&town, 100..100 + MANY)], &[]);
    let shown = text(&shown.stderr);
    assert_eq!(shown.lines().filter(|line| line.contains("check-digit")).count(), 40, "{shown}");
    assert_eq!(shown.lines().last(), Some(format!("… +{}", MANY - 40).as_str()), "{shown}");
    let document = town.call(&["person", "import", "--json", &file(&town, 300..300 + MANY)], &[]);
    let document: Value = serde_json::from_slice(&document.stdout).unwrap();
    assert_eq!(document["findings"].as_array().unwrap().len(), MANY, "{document}");
}
