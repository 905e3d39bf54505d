//! `update-areas`: a test for each sentence of the rules.

use serde_json::{Value, json};

use crate::support::World;

const SCHOOL: &str = "1132*;North;school;;\n1140*;South;school;;\n";

#[test]
fn everybody_gets_the_code_of_the_register_and_the_area_linked_to_it_and_a_second_run_changes_nothing() {
    let world = World::new();
    world.people(&["113204", "1140", "1132", ""]);
    world.link(&format!("{SCHOOL}11*;Care west;care;;\n"), &[]).to(0);
    let done = world.update().to(0);
    assert_eq!(world.place("person:1"), r#""113204" {"care":"Care west","school":"North"}"#);
    assert_eq!(world.place("person:2"), r#""1140" {"care":"Care west","school":"South"}"#);
    assert_eq!(world.place("person:4"), "null {}");
    assert_eq!(
        done.counts(),
        ["changed 3", "code_missing 1", "moved 3", "no_code 1", "read 4", "unchanged 1"]
    );
    assert_eq!(world.journal(&done.json["run"]["id"]), 3);
    let again = world.update().to(0);
    assert_eq!(again.counts(), ["code_missing 1", "no_code 1", "read 4", "unchanged 4"]);
    assert_eq!(world.journal(&again.json["run"]["id"]), 0);
}

#[test]
fn when_people_move_or_links_change_areas_follow() {
    let world = World::new();
    let numbers = world.people(&["1132", "1132", "1140"]);
    world.link(SCHOOL, &[]).to(0);
    world.update().to(0);
    world.register(&numbers[0], "0581", "1140");
    assert_eq!(world.update().to(0).counts(), ["changed 1", "moved 1", "read 3", "unchanged 2"]);
    assert_eq!(world.place("person:1"), r#""1140" {"school":"South"}"#);
    // The link is another one: the code stays.
    world.link("1132;Square;school;;\n", &["--add"]).to(0);
    let done = world.update().to(0);
    assert_eq!(done.counts(), ["changed 1", "moved 1", "read 3", "unchanged 2"]);
    assert_eq!(world.place("person:2"), r#""1132" {"school":"Square"}"#);
    // A lost link clears the area; a new day does, too.
    world.link("1132;Square;school;;2026-12-31\n", &[]).to(3);
    world.update().to(0);
    assert_eq!(world.place("person:1"), r#""1140" {}"#);
    world.run(&["update-areas", "--today", "2026-12-31"]).to(0);
    assert_eq!(world.place("person:2"), r#""1132" {"school":"Square"}"#);
    world.run(&["update-areas", "--today", "2027-01-01"]).to(3);
    assert_eq!(world.place("person:2"), r#""1132" {}"#);
}

#[test]
fn whoever_the_register_has_no_code_for_loses_theirs_and_the_reasons_add_up_to_the_registry() {
    let world = World::new();
    let numbers = world.people(&["1132", "1132", "1132", "1132", "1132", "1", "1140"]);
    world.link("1132*;North;;;\n1140;South;;;\n", &[]).to(0);
    world.update().to(3);
    world.register(&numbers[0], "0580", "1132");
    world.register(&numbers[1], "0581", "");
    let sql = world.sql();
    sql.execute("UPDATE population SET present = 0 WHERE key = CAST(? AS INTEGER)", [&numbers[2]]).unwrap();
    sql.execute("DELETE FROM population WHERE key = CAST(? AS INTEGER)", [&numbers[3]]).unwrap();
    drop(sql);
    world.run(&["person", "protect", "person:5", "--reason", "test"]).to(0);
    let done = world.update().to(0);
    let expected = [
        "changed 4",
        "code_missing 1",
        "moved 4",
        "no_code 4",
        "not_registered 2",
        "other_municipality 1",
        "protected 1",
        "read 7",
        "skipped 1",
        "unchanged 2",
        "unlinked 1",
    ];
    assert_eq!(done.counts(), expected);
    for person in ["person:1", "person:2", "person:3", "person:4", "person:5"] {
        assert_eq!(world.place(person), "null {}", "{person}");
    }
    let areas = world.run(&["area", "list"]).json;
    assert_eq!(areas, json!([{ "activity": "general", "area": "South", "people": 1 }]));
    assert_eq!(
        1 + done.count("unlinked") + done.count("no_code") + done.count("protected"),
        done.count("read")
    );
}

#[test]
fn dead_and_deregistered_people_get_the_code_that_the_register_has_too() {
    let world = World::new();
    world.people(&["1132", "1132"]);
    world.link(SCHOOL, &[]).to(0);
    let sql = world.sql();
    sql.execute_batch(
        "UPDATE person SET status = 'deceased' WHERE id = 1; UPDATE person SET status = 'deregistered' WHERE id = 2;",
    )
    .unwrap();
    drop(sql);
    world.update().to(0);
    assert_eq!(world.place("person:1"), world.place("person:2"));
    assert_eq!(world.place("person:1"), r#""1132" {"school":"North"}"#);
}

#[test]
fn a_register_that_has_not_heard_of_a_new_number_yet_is_asked_by_the_old_one() {
    let world = World::new();
    let numbers = crate::support::numbers(2);
    world.people(&["1132"]);
    world.link(SCHOOL, &[]).to(0);
    world.run(&["person", "set", "person:1", "--id-number", &numbers[1]]).to(0);
    world.update().to(0);
    assert_eq!(world.place("person:1"), r#""1132" {"school":"North"}"#);
    world.register(&numbers[1], "0581", "1140");
    world.update().to(0);
    assert_eq!(world.place("person:1"), r#""1140" {"school":"South"}"#);
}

#[test]
fn codes_that_nobody_linked_are_findings_with_how_many_people_until_they_are_linked_or_nobody_has_them() {
    let world = World::new();
    let numbers = world.people(&["1132", "1150", "1150", "1150", "1160"]);
    world.link("1132*;North;school;;\n1*;West;care;;\n", &[]).to(0);
    let done = world.update().to(3);
    assert_eq!(done.count("unlinked"), 4);
    assert_eq!(world.unlinked(), ["code:0581/1150/school 3", "code:0581/1160/school 1"]);
    assert_eq!(world.update().to(0).count("unlinked"), 4, "nothing new");
    // One moves away: the number follows. The only one moves away: it closes.
    world.register(&numbers[1], "0581", "1132");
    world.register(&numbers[4], "0581", "1132");
    world.update().to(0);
    assert_eq!(world.unlinked(), ["code:0581/1150/school 2"]);
    // Set aside it stays so when one more moves in.
    let findings = world.run(&["findings", "--state", "open"]).json;
    let id = findings[0]["id"].to_string();
    world.run(&["findings", "ignore", &id, "--note", "industrial estate"]).to(0);
    world.register(&numbers[4], "0581", "1150");
    world.update().to(0);
    assert!(world.unlinked().is_empty());
    world.run(&["findings", "reopen", &id, "--note", "not after all"]).to(0);
    assert_eq!(world.unlinked(), ["code:0581/1150/school 3"]);
    // Linked it closes at once; everybody's area follows with the next run.
    world.link("1150;New;school;;\n", &["--add"]).to(0);
    assert!(world.unlinked().is_empty());
    assert_eq!(world.update().to(0).count("changed"), 3);
}

#[test]
fn without_links_there_is_a_line_and_no_finding() {
    let world = World::new();
    world.people(&["1132"]);
    let done = world.update().to(0);
    assert_eq!((done.count("unlinked"), done.count("changed")), (1, 1));
    assert!(world.unlinked().is_empty());
    assert_eq!(world.log(15), ["areas-no-links"]);
}

#[test]
fn without_a_municipality_or_a_register_somebody_is_told() {
    let world = World::with("");
    assert_eq!(world.update().to(2).error(), "areas-no-municipality");
    let world = World::new();
    world.people(&["1132"]);
    world.link(SCHOOL, &[]).to(0);
    world.sql().execute("DELETE FROM population", []).unwrap();
    world.update().to(0);
    assert_eq!(world.log(15), ["areas-register-empty"]);
}

/// Everywhere in the registry's files, free pages too.
fn stands(world: &World, text: &str) -> bool {
    ["w/registry.db", "w/registry.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(world.path(name)).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn of_somebody_who_becomes_protected_neither_code_nor_area_is_left_anywhere() {
    let world = World::new();
    let numbers = world.people(&["77310931", "1132"]);
    world.link("1132*;North;school;;\n773*;Onlyhere;care;;\n", &[]).to(0);
    world.update().to(3);
    assert_eq!(world.unlinked(), ["code:0581/1132/care 1", "code:0581/77310931/school 1"]);
    assert!(stands(&world, "77310931"));
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    assert_eq!(world.unlinked(), ["code:0581/1132/care 1"]);
    assert!(!stands(&world, "77310931"));
    let done = world.update().to(0);
    assert_eq!((done.count("protected"), done.count("skipped")), (1, 1));
    let areas = world.run(&["area", "list"]).json;
    assert_eq!(areas, json!([{ "activity": "school", "area": "North", "people": 1 }]));
    // The register says it again, with the mark or without.
    world.register(&numbers[0], "0581", "77310931");
    world.update().to(0);
    assert_eq!(world.place("person:1"), "null {}");
}

#[test]
fn whom_the_register_marks_protected_has_neither_code_nor_area_and_no_value_in_the_journal() {
    let world = World::new();
    let numbers = world.people(&["1132", "1140"]);
    world.link(SCHOOL, &[]).to(0);
    world.update().to(0);
    let mark = "UPDATE population SET protected = 1, key_code = NULL WHERE key = CAST(? AS INTEGER)";
    world.sql().execute(mark, [&numbers[0]]).unwrap();
    let done = world.run(&["update-areas", "-v"]).to(0);
    assert_eq!(done.counts(), ["changed 1", "protected 1", "read 2", "unchanged 1"]);
    assert_eq!(world.place("person:1"), "null {}");
    let values: Vec<&Value> =
        done.json["changes"].as_array().unwrap().iter().map(|one| &one["old"]).collect();
    assert_eq!(values, [&Value::Null, &Value::Null]);
    assert_eq!(done.json["moves"], json!([]), "nobody protected is in a table");
}

#[test]
fn a_run_that_takes_areas_from_too_many_is_held_and_let_pass_when_told() {
    let world = World::new();
    let codes: Vec<&str> = (0..60).map(|at| if at < 30 { "1132" } else { "1140" }).collect();
    world.people(&codes);
    world.link(SCHOOL, &[]).to(0);
    world.update().to(0);
    let before = world.text(&["person", "list", "--json"]).1;
    world.link("1140*;South;school;;\n", &[]).to(3);
    let held = world.update().to(4);
    assert!(
        held.json["error"]["text"].as_str().unwrap().contains("areas 30 > 20 (person:1,"),
        "{}",
        held.json
    );
    assert_eq!(world.text(&["person", "list", "--json"]).1, before);
    // What it would have done can be seen all the same.
    assert_eq!(
        held.json["moves"],
        json!([{ "activity": "school", "from": "North", "to": null, "people": 30 }])
    );
    let dry = world.run(&["update-areas", "--dry-run"]).to(4);
    assert_eq!(dry.json["moves"], held.json["moves"]);
    let run = held.json["run"]["id"].to_string();
    world.run(&["update-areas", "--approve", &run]).to(0);
    assert_eq!(world.place("person:1"), r#""1132" {}"#);
}

#[test]
fn a_dry_run_shows_who_moves_counts_as_the_real_one_and_changes_nothing() {
    let world = World::new();
    let numbers = world.people(&["1132", "1132", "1140"]);
    world.link(SCHOOL, &[]).to(0);
    world.update().to(0);
    world.register(&numbers[0], "0581", "1140");
    world.register(&numbers[1], "0581", "1150");
    let before = world.text(&["person", "list", "--json"]).1;
    let dry = world.run(&["update-areas", "--dry-run"]).to(3);
    let moves = json!([
        { "activity": "school", "from": "North", "to": null, "people": 1 },
        { "activity": "school", "from": "North", "to": "South", "people": 1 },
    ]);
    assert_eq!(dry.json["moves"], moves);
    let areas = json!([
        { "activity": "school", "area": null, "now": 0, "then": 1 },
        { "activity": "school", "area": "North", "now": 2, "then": 0 },
        { "activity": "school", "area": "South", "now": 1, "then": 2 },
    ]);
    assert_eq!(dry.json["areas"], areas);
    assert_eq!(dry.json["unlinked"], json!([{ "activity": "school", "key_code": "1150", "people": 1 }]));
    let (_, table, _) = world.text(&["update-areas", "--dry-run", "--lang", "en"]);
    for line in ["activity  from area  to area  people", "school    North      South         1"] {
        assert!(table.lines().any(|shown| shown == line), "{line}: {table}");
    }
    assert_eq!(world.text(&["person", "list", "--json"]).1, before);
    let real = world.update().to(3);
    assert_eq!(real.json["run"]["counts"], dry.json["run"]["counts"]);
    assert_eq!(real.json["moves"], moves);
}

#[test]
fn an_update_can_be_undone_field_by_field_and_the_log_and_the_changes_show_it() {
    let world = World::new();
    let numbers = world.people(&["1132", "1140"]);
    world.link(SCHOOL, &[]).to(0);
    let run = world.run(&["update-areas", "-v"]).to(0);
    let id = run.json["run"]["id"].to_string();
    let first = json!({ "person": 1, "entity": "person", "field": "key_code", "old": null, "new": "1132", "why": "update-areas" });
    assert_eq!(run.json["changes"][0], first);
    assert_eq!(run.json["changes"][1]["new"], json!({ "school": "North" }));
    let log = world.text(&["log", &id, "--prio", "19"]).1;
    assert!(numbers.iter().all(|number| log.contains(number.as_str())), "{log}");
    // One field of one person changes since: only that stays.
    world.link("1132*;Elsewhere;school;;\n1140*;South;school;;\n", &[]).to(0);
    world.update().to(0);
    world.run(&["undo", &id]).to(3);
    assert_eq!(world.place("person:1"), r#"null {"school":"Elsewhere"}"#);
    assert_eq!(world.place("person:2"), "null {}");
    // The next night heals it.
    world.update().to(0);
    assert_eq!(world.place("person:1"), r#""1132" {"school":"Elsewhere"}"#);
}

#[test]
fn the_count_of_each_code_stays_true_whatever_happens_to_people() {
    let world = World::new();
    let numbers = world.people(&["1132", "1132", "1140"]);
    world.link(SCHOOL, &[]).to(0);
    let counted = || -> Vec<String> {
        let sql = world.sql();
        let mut statement = sql.prepare("SELECT code || ' ' || people FROM held_code ORDER BY code").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    let true_counts = || -> Vec<String> {
        let sql = world.sql();
        let asked =
            "SELECT key_code || ' ' || count(*) FROM person WHERE key_code IS NOT NULL AND concealment = 0
                     GROUP BY key_code ORDER BY key_code";
        let mut statement = sql.prepare(asked).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    let update = world.update().to(0).json["run"]["id"].to_string();
    assert_eq!(counted(), ["1132 2", "1140 1"]);
    world.register(&numbers[0], "0581", "1140");
    world.update().to(0);
    assert_eq!(counted(), true_counts());
    world.run(&["undo", &update]).to(3);
    assert_eq!(counted(), true_counts());
    world.update().to(0);
    world.sql().execute("UPDATE person SET concealment = 1 WHERE id = 1", []).unwrap();
    assert_eq!(counted(), true_counts());
    world.sql().execute("UPDATE person SET concealment = 0 WHERE id = 1", []).unwrap();
    assert_eq!(counted(), ["1132 1", "1140 2"]);
    world.run(&["person", "protect", "person:3", "--reason", "test"]).to(0);
    assert_eq!(counted(), ["1132 1", "1140 1"]);
}
