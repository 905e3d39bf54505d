//! Rows that can't be used, and settings and headers that are wrong.

use super::support::*;

#[test]
fn without_a_municipality_of_ours_nothing_can_be_told() {
    let world = World::with("");
    let done = world.load(&[row(ANNA, "A")]).to(2);
    assert_eq!(done.error(), "no-municipality");
    assert_eq!(world.load_with(&["--nonresident"], &[row(ANNA, "A")]).to(2).error(), "no-municipality");
}

#[test]
fn each_bad_row_is_rejected_with_line_and_reason_and_the_others_go_on() {
    let good = row(ANNA, "A");
    let bad = |from: &str, to: &str| row(BO, "B").replace(from, to);
    let table = [
        (bad("113204", "123456789"), "key-code-shape"),
        (bad("113204", "11a204"), "key-code-shape"),
        (bad("ENEN 1:2;", "ENEN 1:2;01/02/2024"), "deceased-date"),
        (bad("ENEN 1:2;", "ENEN 1:2;2024-02-30"), "deceased-date"),
        (bad(";0581;", ";0180;"), "municipality-foreign"),
        (bad(";0581;", ";581;"), "municipality-shape"),
        (bad(BO, "850101-23"), "id-number-shape"),
        (bad(BO, ""), "id-number-empty"),
        (bad(BO, "198513012382"), "id-number-date"),
        ("x;y".to_owned(), "ragged"),
    ];
    for (line, code) in table {
        let world = World::new();
        let done = world.load(&[good.clone(), line]).to(3);
        assert_eq!((done.sorted(), done.rejected()), ([0, 0, 1, 0, 0, 1], vec![(3, code.to_owned())]));
        let shown = done.json["rejected"].to_string();
        assert!(!shown.contains(BO) && !shown.contains("01/02/2024"), "{shown}");
        assert_eq!(world.ask("SELECT key FROM population"), [ANNA]);
    }
    let world = World::new();
    let done = world.load_with(&["--nonresident"], &[row_of("0180", BO, "B"), good]).to(3);
    assert_eq!(done.rejected(), [(3, "municipality-ours".to_owned())]);
}

#[test]
fn the_same_bad_row_again_is_no_news() {
    let world = World::new();
    let bad = row(BO, "B").replace("113204", "x");
    world.load(&[row(ANNA, "A"), bad.clone()]).to(3);
    assert_eq!(world.load(&[row(ANNA, "A2"), bad]).to(0).sorted(), [1, 0, 0, 0, 0, 1]);
}

#[test]
fn too_many_bad_rows_hold_the_file() {
    let world = World::new();
    let all = numbers(300);
    let bad: Vec<String> = all[..16].iter().map(|number| row(number, "B").replace("113204", "x")).collect();
    let mut extract: Vec<String> = all[16..].iter().map(|number| row(number, "A")).collect();
    extract.extend(bad);
    let done = world.load(&extract).to(4);
    let text = done.json["error"]["text"].as_str().unwrap();
    assert!(text.contains("rejected 16 > 15"), "{text}");
    assert_eq!(world.ask("SELECT count(*) FROM population"), ["0"]);
    world.load_with(&["--allow", "rejected=16"], &extract).to(3);
    assert_eq!(world.ask("SELECT count(*) FROM population"), ["284"]);
}

#[test]
fn equal_rows_of_one_number_count_once() {
    let world = World::new();
    let done = world.load(&[row(ANNA, "A 1"), row(ANNA, "a1"), row(ANNA, "A 1")]).to(0);
    assert_eq!(done.sorted(), [0, 0, 1, 0, 2, 0]);
    assert_eq!(world.ask("SELECT street FROM population"), ["A 1"]);
}

#[test]
fn rows_of_one_number_that_disagree_are_rejected_and_name_each_other() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let done = world.load(&[row(ANNA, "A"), row(BO, "B2"), row(BO, "B3")]).to(3);
    assert_eq!(done.sorted(), [0, 1, 0, 0, 0, 2]);
    assert_eq!(done.rejected(), [(3, "rows-disagree".to_owned()), (4, "rows-disagree".to_owned())]);
    let reasons: Vec<String> =
        done.json["rejected"].as_array().unwrap().iter().map(|row| word(row, "reason")).collect();
    assert!(reasons[0].contains("line 4") && reasons[1].contains("line 3"), "{reasons:?}");
    assert!(reasons[0].contains("street"), "{reasons:?}");
    let stored = "SELECT street || present FROM population ORDER BY key";
    assert_eq!(world.ask(stored), ["A1", "B1"], "somebody who was there counts as present");
}

#[test]
fn a_wrong_check_digit_is_kept_and_told() {
    let world = World::new();
    let wrong = format!("{}6", &ANNA[..11]);
    let done = world.load(&[row(&wrong, "A")]).to(0);
    assert_eq!(done.sorted(), [0, 0, 1, 0, 0, 0]);
    let log = world.ask("SELECT code FROM log_line WHERE prio = 15");
    assert_eq!(log, ["population-check-digit"]);
}

#[test]
fn encodings_separators_and_spellings_are_those_of_every_csv_file() {
    let world = World::new();
    let header = HEADER.replace(';', "\t");
    let line = row("760305-2395", "Åsgatan 1").replace(';', "\t");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&header);
    let mut bytes = latin.into_owned();
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(&line).0);
    let file = world.file(&bytes);
    world.run(&["population-import", &file]).to(0);
    assert_eq!(world.ask("SELECT key || street FROM population"), [format!("{ANNA}Åsgatan 1")]);
}

#[test]
fn a_file_that_breaks_off_in_another_encoding_changes_nothing() {
    let world = World::new();
    let mut bytes = format!("{HEADER}\n{}\n", row(ANNA, "Å")).into_bytes();
    bytes.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(&row(BO, "Ö")).0);
    let file = world.file(&bytes);
    assert!(matches!(world.run(&["population-import", &file]).exit, 1 | 2));
    assert_eq!(world.ask("SELECT count(*) FROM population"), ["0"]);
}
