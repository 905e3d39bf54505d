//! The change feed: rows, starts, cursors. (docs/changes.md)

use crate::support::{NUMBERS, World};

/// Verb, entity, field and new value of each row.
fn told(rows: &[serde_json::Value]) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |row: &serde_json::Value| {
        ["person", "verb", "field", "old", "new", "why"].map(|key| word(&row[key])).join(" ")
    };
    rows.iter().map(row).collect()
}

#[test]
fn each_changed_field_is_a_row_and_whoever_enters_is_one() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--last-name", "Ny", "--allow-update", "no"]).to(0);
    let rows = world.feed("0");
    assert_eq!(rows[0]["verb"], "created");
    assert_eq!(rows[0]["new"]["addresses"][0]["street"], "Gatan 0");
    assert_eq!(rows[0]["new"]["contacts"]["email"]["value"], "p0@example.org");
    assert_eq!(
        told(&rows[1..]),
        ["1 changed last_name Test Ny person-set", "1 changed allow_update true false person-set"]
    );
    assert_eq!(told(&world.feed("1")), told(&rows[1..]), "since a run: only later ones");
    assert_eq!(world.feed("2"), Vec::<serde_json::Value>::new());
}

#[test]
fn a_change_of_number_tells_number_kind_and_former_ones_as_they_are_listed() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--id-number", NUMBERS[1]]).to(0);
    let expected = [
        format!("1 changed id_number {} {} person-set", NUMBERS[0], NUMBERS[1]),
        format!("1 changed former_numbers [] [\"{}\"] person-set", NUMBERS[0]),
    ];
    assert_eq!(told(&world.feed("1")), expected);
}

#[test]
fn bookkeeping_dry_runs_and_reasons_stay_out() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--last-name", "Prov", "--dry-run"]).to(0);
    world.run(&["person", "set", "person:1", "--block", "hemlig orsak", "--class", "lån"]).to(0);
    assert_eq!(told(&world.feed("1")), ["1 changed blocked false true person-set"]);
}

#[test]
fn an_undone_run_is_followed_by_the_rows_of_its_undo() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--last-name", "Ny"]).to(0);
    world.run(&["undo", "2"]).to(0);
    let expected = ["1 changed last_name Test Ny person-set", "1 changed last_name Ny Test undo"];
    assert_eq!(told(&world.feed("1")), expected);
    world.run(&["undo", "1"]).to(0);
    assert_eq!(told(&world.feed("3")), ["1 removed null null null null"]);
}

#[test]
fn whoever_became_protected_has_no_values_in_any_row_and_comes_back_whole_when_that_is_lifted() {
    let world = World::with_people(2);
    world.run(&["person", "set", "person:2", "--last-name", "Hemlig"]).to(0);
    world.run(&["person", "protect", "person:2", "--reason", "prov"]).to(0);
    let rows = world.feed("0");
    let secret: Vec<_> = rows.iter().filter(|row| row["person"] == 2).collect();
    assert!(secret.iter().all(|row| row["verb"] == "protected" && row["protected"] == true));
    assert!(secret.iter().all(|row| row["field"].is_null() && row["new"].is_null() && row["old"].is_null()));
    world.run(&["person", "unprotect", "person:2", "--reason", "prov"]).to(0);
    let rows = world.feed("3");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["verb"], "unprotected");
    assert_eq!(rows[0]["new"]["last_name"], "Hemlig");
    assert_eq!(rows[0]["new"]["addresses"], serde_json::json!([]));
}

/// Rows of the population register that mark the first four people protected.
fn marks() -> String {
    let rows: Vec<String> = NUMBERS.iter().take(4).map(|number| format!("{number},ja,0581\n")).collect();
    format!("id_number,protected,municipality\n{}", rows.concat())
}

#[test]
fn whom_a_held_file_hid_is_told_as_protected_and_its_undo_tells_them_anew() {
    let world = World::with_people(5);
    let held = world.run_on("p.csv", &marks(), &["population-import", "--mode", "changes"]).to(4);
    let verbs = |since: &str| -> Vec<String> {
        world
            .feed(since)
            .iter()
            .map(|row| format!("{} {}", row["person"], row["verb"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(verbs("1"), ["1 protected", "2 protected", "3 protected", "4 protected"]);
    let undo = world.run(&["undo", &held.run()]).to(0);
    let since = (undo.run().parse::<u32>().unwrap() - 1).to_string();
    let people: Vec<_> = (1..=4).map(|id| format!("{id} unprotected")).collect();
    assert_eq!(verbs(&since), people);
    assert_eq!(world.feed(&since)[0]["new"]["addresses"][0]["street"], "Gatan 0");
}

#[test]
fn a_cursor_gives_the_same_again_until_it_is_acknowledged() {
    let world = World::with_people(2);
    assert_eq!(world.cursor("lib").len(), 2);
    assert_eq!(world.cursor("lib").len(), 2, "a reader that crashed gets the same again");
    // Arrives between reading and acknowledging.
    world.run(&["person", "set", "person:1", "--last-name", "Ny"]).to(0);
    world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    assert_eq!(told(&world.cursor("lib")), ["1 changed last_name Test Ny person-set"]);
    assert_eq!(world.cursor("other").len(), 3, "each consumer has its own");
    world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    assert_eq!(world.cursor("lib"), Vec::<serde_json::Value>::new());
    world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    assert_eq!(world.cursor("lib"), Vec::<serde_json::Value>::new());
}

#[test]
fn a_consumer_can_acknowledge_up_to_the_position_of_a_row_and_go_back() {
    let world = World::with_people(3);
    let rows = world.cursor("lib");
    let position = rows[1]["position"].as_str().unwrap();
    world.run(&["changes", "--cursor", "lib", "--ack", position]).to(0);
    assert_eq!(world.cursor("lib"), rows[2..]);
    world.run(&["changes", "--cursor", "lib", "--ack", "0.0"]).to(0);
    assert_eq!(world.cursor("lib"), rows);
    assert_eq!(
        world.run(&["changes", "--cursor", "lib", "--ack", "99.0"]).to(1).error(),
        "feed-bad-position"
    );
    assert_eq!(world.run(&["changes", "--cursor", "lib", "--ack", "x"]).to(2).error(), "feed-bad-position");
    world.run(&["changes", "--cursor", "lib", "--ack", "now", "--dry-run"]).to(0);
    assert_eq!(world.cursor("lib"), rows);
    world.run(&["changes", "--cursor", "lib", "--ack", "now"]).to(0);
    assert_eq!(world.cursor("lib"), Vec::<serde_json::Value>::new());
}

#[test]
fn nothing_is_acknowledged_that_was_not_read() {
    let world = World::with_people(1);
    assert_eq!(world.run(&["changes", "--cursor", "lib", "--ack"]).to(1).error(), "feed-nothing-read");
    for name in ["../x", "", "Å", "a b"] {
        assert_eq!(world.run(&["changes", "--cursor", name]).to(2).error(), "feed-bad-name");
    }
}

#[test]
fn reading_takes_no_lock_and_makes_no_run() {
    let world = World::with_people(1);
    world.cursor("lib");
    assert_eq!(world.ask("SELECT CAST(count(*) AS TEXT) FROM run"), ["1"]);
    let moved = world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    assert_eq!(moved.json["run"]["job"], "changes");
    assert_eq!(world.run(&["undo", &moved.run()]).to(1).error(), "feed-not-undoable");
}

#[test]
fn a_day_begins_at_local_midnight() {
    let world = World::with_people(3);
    // One second before, at, and a fraction after the midnight of Stockholm's summer.
    for (person, at) in
        [(1, "2026-06-30T21:59:59.999Z"), (2, "2026-06-30T22:00:00Z"), (3, "2026-06-30T22:00:00.001Z")]
    {
        world.execute(&format!("UPDATE journal SET at = '{at}' WHERE person_id = {person}"));
    }
    world.execute("UPDATE run SET started = '2026-06-30T21:00:00.000Z', ended = '2026-06-30T23:00:00.000Z'");
    let people: Vec<_> = world.feed("2026-07-01").iter().map(|row| row["person"].clone()).collect();
    assert_eq!(people, [2, 3]);
    assert_eq!(world.feed("2026-07-02"), Vec::<serde_json::Value>::new());
}

#[test]
fn a_start_that_is_none_is_refused() {
    let world = World::with_people(1);
    assert_eq!(world.run(&["changes", "--since", "9"]).to(1).error(), "not-found");
    assert_eq!(world.run(&["changes", "--since", "-1"]).exit, 2);
    assert_eq!(world.run(&["changes", "--since", "igår"]).to(2).error(), "feed-bad-since");
    assert_eq!(world.run(&["changes"]).exit, 2);
}

#[test]
fn a_feed_whose_beginning_has_aged_says_so_and_ids_of_rows_are_never_given_again() {
    let world = World::with_people(2);
    world.cursor("lib");
    world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    world.execute("DELETE FROM journal");
    assert_eq!(world.cursor("lib"), Vec::<serde_json::Value>::new(), "had everything");
    assert_eq!(world.run(&["changes", "--cursor", "new"]).to(1).error(), "feed-too-old");
    assert_eq!(world.run(&["changes", "--since", "0"]).to(1).error(), "feed-too-old");
    assert_eq!(world.run(&["changes", "--since", "2000-01-01"]).to(1).error(), "feed-too-old");
    world.run(&["person", "set", "person:1", "--last-name", "Ny"]).to(0);
    assert_eq!(told(&world.cursor("lib")), ["1 changed last_name Test Ny person-set"]);
    world.run(&["changes", "--cursor", "new", "--ack", "now"]).to(0);
    assert_eq!(world.cursor("new"), Vec::<serde_json::Value>::new());
    assert_eq!(world.ask("SELECT changes FROM journal WHERE run_id = 1"), ["null"]);
}

#[test]
fn csv_is_guarded_against_formulas_and_says_the_same() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--last-name", "=HYPERLINK(1)", "--allow-update", "no"]).to(0);
    let text = world.text(&["changes", "--since", "1"]);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header = "\"run\",\"at\",\"person\",\"verb\",\"entity\",\"field\",\"old\",\"new\",\"why\",\"protected\",\"position\"";
    assert_eq!(lines.next(), Some(header));
    assert!(lines.next().unwrap().contains(
        ",\"changed\",\"person\",\"last_name\",\"Test\",\"'=HYPERLINK(1)\",\"person-set\",\"no\","
    ));
    assert!(lines.next().unwrap().contains("\"allow_update\",\"yes\",\"no\""));
    assert_eq!(world.text(&["changes", "--since", "1", "--format", "csv"]), text);
}

#[test]
fn after_a_restore_a_cursor_is_lost_until_it_is_set_again() {
    let world = World::with_people(1);
    world.cursor("lib");
    world.run(&["changes", "--cursor", "lib", "--ack"]).to(0);
    let file = world.path("copy.db");
    world.run(&["backup", file.to_str().unwrap()]).to(0);
    world.run(&["restore", file.to_str().unwrap()]);
    assert_eq!(world.run(&["changes", "--cursor", "lib"]).to(1).error(), "feed-lost");
    assert_eq!(world.run(&["changes", "--cursor", "lib", "--ack"]).to(1).error(), "feed-lost");
    world.run(&["changes", "--cursor", "lib", "--ack", "now"]).to(0);
    assert_eq!(world.cursor("lib"), Vec::<serde_json::Value>::new());
}
