//! Files as other systems write them, and lists as a spreadsheet opens them.

use std::fs;

use crate::support::{ANNA, BO, World};

const KOHA: &str = r#"
[sources.koha]
columns = { "Personnummer" = "id_number", "surname" = "last_name", "firstname" = "first_name", "address" = "street", "zipcode" = "postal_code" }
ignore_columns = ["cardnumber", "branchcode"]
"#;
const EXPORT: &str = "cardnumber,Personnummer,surname,firstname,address,zipcode,city,email,branchcode
4711,19760305-2395,Ek,Anna,Storgatan 1,602 99,NORRKÖPING,anna@exempel.se,HB
";

#[test]
fn people_come_in_from_an_export_with_headers_of_its_own() {
    let world = World::with(KOHA);
    fs::write(world.path("borrowers.csv"), EXPORT).unwrap();
    let file = world.path("borrowers.csv");
    let file = file.to_str().unwrap();
    assert_eq!(world.run(&["person", "import", file]).to(2).error(), "csv-column-unknown");
    assert_eq!(world.run(&["person", "import", "--source", "kohaa", file]).to(2).error(), "no-mapping");
    assert_eq!(world.run(&["person", "import", "--source", "koha", file]).to(0).count("created"), 1);
    let anna = world.run(&["person", "show", ANNA]).to(0).json;
    assert_eq!(anna["last_name"], "Ek");
    assert_eq!(anna["addresses"][0]["street"], "Storgatan 1");
    assert_eq!(anna["contacts"]["email"]["value"], "anna@exempel.se");
}

fn rows(text: &str, separator: u8) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("Excel takes a file without the mark for Windows-1252");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn cell<'r>(rows: &'r [Vec<String>], row: usize, column: &str) -> &'r str {
    let at = rows[0].iter().position(|name| name == column).unwrap();
    &rows[row][at]
}

#[test]
fn lists_open_in_a_spreadsheet_and_calculate_nothing() {
    let world = World::new();
    let text = format!(
        "id_number,last_name,street,postal_code,city,email,comment\n{ANNA},=cmd(),\"Storgatan 1; uppg. B\",60299,NORRKÖPING,a@b.se,\"rad ett\nrad två\"\n{BO},Öberg,Hemliga gatan 1,11199,STOCKHOLM,,\n"
    );
    fs::write(world.path("people.csv"), text).unwrap();
    world.run(&["person", "import", world.path("people.csv").to_str().unwrap()]).to(0);
    world.run(&["person", "protect", BO, "--reason", "prov"]).to(0);

    let people = rows(&world.shown(&["person", "list", "--format", "csv", "--lang", "sv"]), b';');
    assert_eq!(people.len(), 3);
    assert_eq!(cell(&people, 1, "last_name"), "'=cmd()");
    assert_eq!(cell(&people, 1, "street"), "Storgatan 1; uppg. B");
    assert_eq!(cell(&people, 1, "postal_code"), "60299");
    assert_eq!(cell(&people, 1, "comment"), "rad ett\nrad två");
    let shown: Vec<&str> =
        people[0].iter().map(String::as_str).filter(|column| !cell(&people, 2, column).is_empty()).collect();
    let allowed =
        ["person", "id_number", "id_kind", "status", "protected", "blocked", "allow_update", "spar_state"];
    assert_eq!(shown, allowed, "of somebody protected");

    let runs = rows(&world.shown(&["runs", "--all", "--format", "csv", "--lang", "en"]), b',');
    assert_eq!((cell(&runs, 1, "job"), cell(&runs, 1, "status")), ("person-protect", "ok"));
    assert_eq!((cell(&runs, 2, "job"), cell(&runs, 2, "created")), ("person-import", "2"));
}

#[test]
fn findings_open_in_a_spreadsheet() {
    let world = World::with_three("");
    world.people(&[(crate::support::WRONG, "")]);
    let findings = rows(&world.shown(&["findings", "--format", "csv", "--lang", "sv"]), b';');
    assert_eq!(cell(&findings, 1, "kind"), "check-digit");
    assert!(cell(&findings, 1, "subject").starts_with("person:"));
    assert!(!cell(&findings, 1, "text").is_empty());
}
