//! The subject access file: everything about one person, nothing of anybody else, and where it went.

use std::os::unix::fs::PermissionsExt;

use mantal::domain::protection::columns::PERSONAL;
use mantal::registry::subject::SECTIONS;
use serde_json::{Value, json};

use crate::support::{ANNA, BO, COMMENT, EMAIL, NAME, STREET, World};

/// A row of every table for Anna (person 1), with Bo as her child.
const ROWS: &str = "INSERT INTO person_area (person_id, activity, area) VALUES (1, 'school', 'Norra');
    INSERT INTO source_statement (person_id, source, categories, email) VALUES (1, 'procapita', 'guardian', 'x@example.org');
    INSERT INTO contact_edit (person_id, field, edited_at) VALUES (1, 'email', '2026-01-01T00:00:00Z');
    INSERT INTO source_conflict (person_id, field, detail, sources, facts) VALUES (1, 'email', '', 'a, b', '1');
    INSERT INTO notice (person_id, kind, other_id) VALUES (1, 'two-records', 2);
    INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending, street)
        SELECT key, kind, '0581', 0, 1, 0, 1, 'Folkvägen 9' FROM number WHERE person_id = 1;
    INSERT INTO finding (kind, subject, state, first_seen, last_seen, run_id, note)
        VALUES ('returned', 'person:1', 'open', '', '', 1, 'ringt');
    INSERT INTO reason (run_id, person_id, verb, reason) VALUES (1, 1, 'block', 'flyttat');
    INSERT INTO protection (person_id, kind, since, run_id) VALUES (1, 'manual', '2020-01-01', 1);
    INSERT INTO case_record (reference, person_id, opened) VALUES ('A-1', 1, '2020-01-01');
    INSERT INTO document (reference, case_id, key1, disposable1) VALUES ('D-1', 1, 'k', 0);
    INSERT INTO subscription (reference, person_id, kind) VALUES ('P-1', 1, 'tidning');
    INSERT INTO obligation (reference, person_id, kind) VALUES ('L-1', 1, 'lån');
    INSERT INTO draft (reference, person_id, touched) VALUES ('U-1', 1, '2026-01-01');
    INSERT INTO event (reference, person_id, touched) VALUES ('H-1', 1, '2026-01-01');
    INSERT INTO retained_change (run_id, kind, record_id, person_id, verb) VALUES (1, 'case', 1, 1, 'created');
    INSERT INTO relation (person_id, related_id, kind) VALUES (1, 2, 'guardian');
    INSERT INTO spar_list (id, serial, name, file_name, sha256, content, size, numbers, state, run_id, sent_on)
        VALUES (7, 7, 'C2611-000007-spar', 'f', 'abc', '', 12, 1, 'sent', 1, '2026-11-01');
    UPDATE number SET list_id = 7, sent_on = '2026-11-01' WHERE person_id = 1;
    INSERT INTO feed_cursor (name, journal_id, hiding_id, moved_at, run_id) VALUES ('bibliotek', 99, 0, '2026-11-02', 1);";

/// Personal columns that stand in no section, and why.
const ELSEWHERE: [(&str, &str); 11] = [
    // Hashes, of which nobody can tell whose they are.
    ("refused_number", "hash"),
    ("source_refused", "hash"),
    // Of people who are gone.
    ("disposal", "hash"),
    // FTS5's index, made of the entry.
    ("search", "names"),
    ("search", "places"),
    ("search", "numbers"),
    ("search_data", "block"),
    ("search_idx", "term"),
    ("search_name", "names"),
    ("search_name_data", "block"),
    ("search_name_idx", "term"),
];

fn filled() -> World {
    let world = World::with_three();
    world.to(0, &["update-search"]);
    world.sql(ROWS);
    world
}

fn export(world: &World) -> Value {
    world.to(0, &["person", "export", "person:1"]).json()
}

#[test]
fn every_personal_column_stands_in_the_file() {
    let document = export(&filled());
    for column in PERSONAL {
        if ELSEWHERE.contains(&(column.table, column.name)) {
            continue;
        }
        let holds = |name: &str| {
            let rows = document["held"][name].as_array().unwrap_or_else(|| panic!("no section {name}"));
            rows.iter().any(|row| row.get(column.name).is_some())
        };
        let sections = SECTIONS.iter().filter(|section| section.table == column.table);
        assert!(
            sections.map(|section| section.name).any(holds),
            "{}.{} is in no section of the subject access file: add it in registry/subject.rs",
            column.table,
            column.name
        );
    }
}

#[test]
fn the_file_says_what_is_held_where_it_came_from_where_it_went_and_who_looked() {
    let world = filled();
    world.to(0, &["person", "show", "person:1"]);
    let document = export(&world);
    let text = document.to_string();
    for word in [ANNA, NAME, STREET, EMAIL, COMMENT, "Norra", "Folkvägen 9", "A-1", "D-1", "ringt", "flyttat"]
    {
        assert!(text.contains(word), "{word}");
    }
    assert_eq!(document["left_in_lists"][0]["sha256"], "abc");
    assert_eq!(document["left_in_feeds"][0]["consumer"], "bibliotek");
    assert_eq!(document["lists_go_to"]["transport"], "dir");
    assert_eq!(document["runs"][0]["job"], "person-import");
    let looks: Vec<&str> = document["looked_at_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|look| look["command"].as_str().unwrap())
        .collect();
    assert_eq!(looks, ["person show", "person export"], "this look too");
    // The child is somebody else: an internal id, nothing more.
    assert_eq!(
        document["held"]["relations"],
        json!([{"kind": "guardian", "role": "guardian-of", "other": "person:2"}])
    );
    for word in [BO, "Bosson", "Testvägen 2", "bo@example.org"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn nobody_learns_of_a_protected_other_from_the_file() {
    let world = filled();
    world.sql("UPDATE person SET concealment = 1 WHERE id = 2");
    let document = export(&world);
    assert_eq!(document["held"]["relations"][0]["other"], Value::Null);
    assert_eq!(document["held"]["notices"][0]["other_id"], Value::Null);
}

#[test]
fn of_a_protected_person_it_needs_a_reason_and_holds_neither_address_nor_contact() {
    let world = filled();
    // Hidden by a held file: everything still stands in the tables.
    world.sql(
        "UPDATE person SET concealment = 1 WHERE id = 1;
               INSERT INTO number (key, person_id, former, kind) VALUES (198410092392, 1, 1, 'personnummer')",
    );
    let said = world.to(1, &["person", "export", "person:1", "--json"]);
    assert_eq!(said.json()["error"]["code"], "export-needs-reason");
    assert!(!world.home("registry.access").exists(), "nothing was shown");
    world.to(2, &["person", "export", "person:1", "--reveal", " "]);
    let said = world.to(0, &["person", "export", "person:1", "--reveal", "begäran 4"]);
    for word in [NAME, COMMENT, ANNA, "A-1", "flyttat"] {
        assert!(said.out.contains(word), "{word}");
    }
    for word in
        [STREET, EMAIL, "NORRKÖPING", "Norra", "Folkvägen", "procapita", "0581", "198410092392", "person:2"]
    {
        assert!(!said.out.contains(word), "{word}");
    }
    assert_eq!(said.json()["looked_at_by"][0]["reason"], "begäran 4");
}

#[test]
fn a_file_is_closed_to_others_and_never_takes_the_place_of_one_that_is_there() {
    let world = filled();
    let path = world.path("person.json");
    let name = path.display().to_string();
    let said = world.to(0, &["person", "export", "person:1", "--output", &name]);
    assert!(said.out.is_empty(), "{}", said.out);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let document: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(document["held"]["person"][0]["first_name"], NAME);
    world.to(1, &["person", "export", "person:1", "--output", &name]);
    world.to(1, &["person", "export", "person:99"]);
}

#[test]
fn a_run_tells_whom_it_changed_and_whom_its_lists_named() {
    let world = filled();
    let people = world.to(0, &["log", "1", "--people", "--json"]).json();
    assert_eq!((&people["run"], &people["changed"]), (&json!(1), &json!([1, 2, 3])));
    let list = &people["lists"][0];
    assert_eq!(
        (&list["sha256"], &list["people"], &list["complete"]),
        (&json!("abc"), &json!([1]), &json!(true))
    );
    let text = world.to(0, &["log", "1", "--people"]);
    assert!(text.out.contains("C2611-000007-spar") && text.out.contains("person:3"), "{}", text.out);
    assert!(!text.out.contains(ANNA));
}
