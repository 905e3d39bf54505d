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

/// The sources of docs/person-import.md, as an administrator would copy them.
fn documented() -> String {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/person-import.md")).unwrap();
    page.split("```toml\n").skip(1).filter_map(|part| part.split("```").next()).collect::<Vec<_>>().join("\n")
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/csv/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_documented_mappings_read_a_report_of_koha_and_a_spreadsheet_of_an_office() {
    let world = World::with(&documented());
    let koha =
        world.run(&["person", "import", "--source", "koha", &fixture("koha-borrowers.csv"), "-v"]).to(0);
    assert_eq!(koha.count("created"), 3);
    let bo = world.run(&["person", "show", BO]).to(0).json;
    assert_eq!((bo["last_name"].as_str(), bo["category"].as_str()), (Some("Öberg"), Some("PT")));
    assert_eq!(bo["birth_date"], "1985-01-01");
    assert_eq!(bo["addresses"][0]["street"], "Ågatan 2 lgh 1101");
    for file in ["spreadsheet-1252.csv", "spreadsheet-utf8.csv"] {
        let world = World::with(&documented());
        let office = world.run(&["person", "import", "--source", "kansli", &fixture(file)]).to(3);
        assert_eq!((office.count("created"), office.count("rejected")), (2, 2), "{file}");
        let places: Vec<_> = (0..2).map(|at| &office.json["rejected"][at]).collect();
        let told =
            places.iter().map(|place| (place["record"].as_u64().unwrap(), place["code"].as_str().unwrap()));
        assert_eq!(told.collect::<Vec<_>>(), [(3, "id-number-shape"), (4, "birth-date")], "{file}");
        assert_eq!(world.run(&["person", "show", ANNA]).to(0).json["addresses"][0]["city"], "Norrköping");
    }
}

#[test]
fn the_template_of_a_source_has_its_own_names_and_is_read_back() {
    let world = World::with(&documented());
    let template = world.shown(&["person", "import", "--source", "kansli", "--template", "--lang", "sv"]);
    let header = rows(&template, b';').remove(0);
    assert_eq!(header[..3], ["Personnr", "id_kind", "category"]);
    assert!(header.contains(&"Född".to_owned()) && !header.contains(&"birth_date".to_owned()), "{header:?}");
    assert!(!header.contains(&"Anteckning".to_owned()), "{header:?}");
    let cells = header.iter().map(|name| if name == "Personnr" { ANNA } else { "" });
    fs::write(world.path("filled.csv"), template + &cells.collect::<Vec<_>>().join(";") + "\r\n").unwrap();
    let file = world.path("filled.csv");
    let file = file.to_str().unwrap();
    assert_eq!(world.run(&["person", "import", "--source", "kansli", file]).to(0).count("created"), 1);
    assert_eq!(
        world.run(&["person", "import", "--source", "nobody", "--template"]).to(2).error(),
        "no-mapping"
    );
}
