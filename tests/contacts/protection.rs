//! Protected and deceased people: never filled, counted, and nothing of what sources said of them is left.

use crate::support::{ANNA, BO, CECILIA, World};

const HEADER: &str = "id_number;category;email;mobile";

#[test]
fn protected_and_deceased_people_are_never_filled_and_counted() {
    let world = World::with_three("");
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    let connection = rusqlite::Connection::open(world.registry()).unwrap();
    connection.execute("UPDATE person SET status = 'deceased' WHERE id = 2", []).unwrap();
    let rows = [ANNA, BO, CECILIA].map(|number| format!("{number};guardian;a@example.org;070-174 06 05"));
    let before = world.list();
    let done = world.sync_with("procapita", HEADER, &[&rows[0], &rows[1], &rows[2]], &[]).to(0);
    assert_eq!(done.records(), [("changed", 1), ("skipped", 2)]);
    assert_eq!((done.count("protected"), done.count("deceased")), (1, 1));
    assert_eq!(world.list()[..2], before[..2]);
    assert_eq!(world.ask("SELECT count(*) FROM source_statement WHERE person_id < 3"), ["0"]);
}

#[test]
fn whoever_becomes_protected_leaves_no_statement_and_no_later_night_brings_one_back() {
    let world = World::with_three("");
    let anna = format!("{ANNA};guardian;hemlig@example.org;070-174 06 05");
    world.sync_with("procapita", HEADER, &[&anna], &[]).to(0);
    world.sync_with("extens", HEADER, &[&format!("{ANNA};guardian;annan@example.org;")], &[]).to(3);
    world.run(&["person", "set", "person:1", "--email", "egen@example.org", "--by-person"]).to(0);
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    world.sync_with("procapita", HEADER, &[&anna], &[]).to(0);
    world.sync_with("extens", HEADER, &[&anna], &[]).to(0);
    for name in ["registry.db", "registry.db-wal"] {
        let Ok(bytes) = std::fs::read(world.path("w").join(name)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for value in ["hemlig@", "annan@", "egen@", "+46701740605"] {
            assert!(!text.contains(value), "{value} in {name}");
        }
    }
    for table in ["source_statement", "contact_edit", "source_conflict", "contact"] {
        assert_eq!(world.ask(&format!("SELECT count(*) FROM {table}")), ["0"], "{table}");
    }
    assert_eq!(world.findings("source-conflict"), []);
    let person = world.person(1);
    assert_eq!(
        (person["categories"].to_string(), person["contacts"]["email"].is_null()),
        ("{}".into(), true)
    );
}

#[test]
fn a_number_known_only_as_a_refused_hash_is_not_created_and_told_by_line() {
    let world = World::with_three("");
    // Anna gets a new number and becomes protected: of the old one only a hash is left.
    world.run(&["person", "set", "person:1", "--id-number", "189001029819"]).to(0);
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    let done = world.sync("procapita", &[&format!("{ANNA};guardian;a@example.org")]).to(3);
    assert_eq!(done.records(), [("skipped", 1)]);
    assert_eq!(done.found(), [("disposed-number".to_owned(), "source:procapita".to_owned())]);
    let findings = world.findings("disposed-number");
    assert!(findings[0].1.contains("line 2") && !findings[0].1.contains(ANNA), "{findings:?}");
    assert_eq!(world.list().len(), 3);
    world.sync("procapita", &[&format!("{BO};guardian;a@example.org")]).to(0);
    assert_eq!(world.findings("disposed-number"), []);
}
