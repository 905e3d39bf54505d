//! Who looked at whom: every look leaves a line, and what protected people hide is shown to nobody who isn't noted.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::{ANNA, BO, COMMENT, EMAIL, NAME, STREET, Said, World};

fn looks(world: &World, person: &str) -> Vec<Value> {
    let said = world.to(0, &["person", "access", person, "--json"]);
    said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn commands(world: &World, person: &str) -> Vec<String> {
    looks(world, person).iter().map(|look| look["command"].as_str().unwrap().to_owned()).collect()
}

fn shows(said: &Said, word: &str) -> bool {
    said.out.contains(word) || said.err.contains(word)
}

#[test]
fn every_look_leaves_one_line_with_who_whom_when_and_by_which_command() {
    let world = World::with_three();
    world.to(0, &["update-search"]);
    assert_eq!(commands(&world, "person:1"), Vec::<String>::new());
    for words in [
        &["person", "show", ANNA][..],
        &["person", "list", "--json"],
        &["person", "list", "--format", "csv"],
        &["person", "search", "--name", "ovanlig"],
        &["search", "ovanliganna"],
        &["changes", "--since", "0"],
        &["log", "1", "--prio", "19"],
        &["person", "why", ANNA],
        &["person", "why", ANNA, "--purge"],
        &["purge", "--explain", ANNA],
        // Of somebody else.
        &["person", "show", "person:2"],
        &["search", "bosson"],
    ] {
        world.to(0, words);
    }
    let mut expected =
        vec!["person show", "person list", "person list", "person search", "search", "changes", "log"];
    expected.extend(["person why", "person why", "purge --explain"]);
    assert_eq!(commands(&world, "person:1"), expected);
    let look = &looks(&world, ANNA)[0];
    assert_eq!(
        (&look["user"], &look["revealed"], &look["everyone"]),
        (&json!("tester"), &json!(false), &json!(false))
    );
    assert!(look["at"].as_str().unwrap().ends_with('Z') && look["host"].is_string(), "{look}");
    assert_eq!(commands(&world, "person:2").last().unwrap(), "search");
    // The file holds ids, nothing else of anybody, and is closed to others.
    let file = world.home("registry.access");
    let content = fs::read_to_string(&file).unwrap();
    for word in [ANNA, &ANNA[2..], NAME, "ovanlig", STREET, BO] {
        assert!(!content.contains(word), "{word}");
    }
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(content.lines().count(), 12, "a line each, however many were shown");
}

#[test]
fn a_dry_run_that_shows_changes_is_a_look_and_a_run_that_shows_none_is_not() {
    let world = World::with_three();
    let file = world.write("more.csv", format!("id_number,street\n{ANNA},Nygatan 1\n").as_bytes());
    world.to(0, &["person", "import", &file, "--dry-run"]);
    world.to(0, &["person", "import", &file]);
    assert_eq!(commands(&world, "person:1"), ["person-import"]);
}

#[test]
fn names_and_comment_of_a_protected_person_are_shown_for_a_reason_that_is_noted() {
    let world = World::with_anna_protected();
    world.to(0, &["update-search"]);
    let number = format!("{}-{}", &ANNA[..8], &ANNA[8..]);
    for words in [
        &["person", "show", "person:1"][..],
        &["person", "list"],
        &["person", "search", "--protected"],
        &["person", "search", "--comment", "Ring"],
        &["search", &number],
    ] {
        for json in [false, true] {
            let plain: Vec<&str> = words.iter().copied().chain(json.then_some("--json")).collect();
            let said = world.to(0, &plain);
            assert!(!shows(&said, NAME) && !shows(&said, COMMENT), "{plain:?} {}", said.out);
            let revealing: Vec<&str> = plain.iter().copied().chain(["--reveal", "mål B 12-26"]).collect();
            let said = world.to(0, &revealing);
            // `person search` has no names; listings as text have no comment.
            assert!(shows(&said, NAME) || shows(&said, COMMENT), "{revealing:?} {}", said.out);
            for word in [STREET, EMAIL, "Hemlig", "NORRKÖPING"] {
                assert!(!shows(&said, word), "{revealing:?} {word}");
            }
            let last = looks(&world, "person:1").pop().unwrap();
            assert_eq!((&last["revealed"], &last["reason"]), (&json!(true), &json!("mål B 12-26")));
        }
    }
    let document = world.to(0, &["person", "show", "person:1", "--json", "--reveal", "x"]).json();
    assert_eq!((&document["first_name"], &document["comment"]), (&json!(NAME), &json!(COMMENT)));
    let empty = ["category", "birth_date", "deregistration", "key_code"];
    assert!(empty.iter().all(|key| document[key].is_null()), "{document}");
    assert_eq!((&document["addresses"], &document["former_numbers"]), (&json!([]), &json!([])));
}

#[test]
fn addresses_and_contacts_of_somebody_who_is_only_hidden_are_shown_for_no_reason() {
    let world = World::with_three();
    world.to(0, &["update-search"]);
    world.sql(
        "UPDATE person SET concealment = 1, category = 'hemligkategori' WHERE id = 1;
               INSERT INTO protection (person_id, kind, since, run_id) VALUES (1, 'manual', '2026-01-01', 1)",
    );
    for words in [
        &["person", "show", "person:1"][..],
        &["person", "list"],
        &["person", "list", "--format", "csv"],
        &["person", "search", "--protected"],
        &["search", ANNA],
    ] {
        let words: Vec<&str> = words.iter().copied().chain(["--reveal", "skäl"]).collect();
        let said = world.to(0, &words);
        for word in [STREET, EMAIL, "NORRKÖPING", "hemligkategori"] {
            assert!(!shows(&said, word), "{words:?} {word}");
        }
    }
}

#[test]
fn a_reason_is_asked_for_only_where_people_are_shown_and_an_empty_one_is_none() {
    let world = World::with_anna_protected();
    for reason in ["", "  ", "\t"] {
        let said = world.to(2, &["person", "show", "person:1", "--json", "--reveal", reason]);
        assert_eq!(said.json()["error"]["code"], "reveal-without-reason");
        assert!(!shows(&said, NAME));
    }
    world.to(2, &["person", "show", "person:1", "--reveal", &"x".repeat(1_001)]);
    for words in [&["runs", "--reveal", "x"][..], &["findings", "--reveal", "x"], &["sweep", "--reveal", "x"]]
    {
        world.to(2, words);
    }
    assert!(!world.home("registry.access").exists(), "nobody was shown");
    world.to(1, &["person", "show", "person:99", "--reveal", "x"]);
    assert!(!world.home("registry.access").exists());
}

#[test]
fn a_reveal_that_cannot_be_noted_is_refused_and_any_other_look_goes_on_with_a_warning() {
    let world = World::with_anna_protected();
    // A folder in its place can't be written to by root either.
    fs::create_dir(world.home("registry.access")).unwrap();
    let said = world.to(0, &["person", "show", "person:1", "--json"]);
    assert_eq!(said.json()["person"], 1);
    assert!(said.err.contains("could not be noted"), "{}", said.err);
    let said = world.to(1, &["person", "show", "person:1", "--json", "--reveal", "x"]);
    assert_eq!(said.json()["error"]["code"], "reveal-not-logged");
    for words in [&["person", "list"][..], &["person", "search", "--protected"], &["search", ANNA]] {
        let words: Vec<&str> = words.iter().copied().chain(["--reveal", "x"]).collect();
        let said = world.to(1, &words);
        assert!(!shows(&said, NAME) && said.out.is_empty(), "{}", said.out);
    }
    fs::remove_dir(world.home("registry.access")).unwrap();
    std::os::unix::fs::symlink("/dev/full", world.home("registry.access")).unwrap();
    world.to(1, &["person", "show", "person:1", "--reveal", "x"]);
}

#[test]
fn a_damaged_line_is_told_and_costs_only_itself() {
    let world = World::with_three();
    world.to(0, &["person", "show", "person:1"]);
    let file = world.home("registry.access");
    let mut content = fs::read(&file).unwrap();
    content.extend(b"{\"at\":\"half");
    fs::write(&file, content).unwrap();
    world.to(0, &["person", "show", "person:1"]);
    let said = world.to(0, &["person", "access", "person:1"]);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);
    assert!(said.err.contains("1 lines can't be read"), "{}", said.err);
}

#[test]
fn many_programs_that_look_at_once_leave_a_whole_line_each() {
    let world = World::with_three();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| (0..5).for_each(|_| drop(world.to(0, &["person", "show", "person:1"]))));
        }
    });
    assert_eq!(commands(&world, "person:1").len(), 30);
}

#[test]
fn the_access_log_is_no_part_of_a_backup_and_a_restore_leaves_it_alone() {
    let world = World::with_three();
    world.to(0, &["person", "show", "person:1"]);
    let before = fs::read(world.home("registry.access")).unwrap();
    fs::create_dir(world.path("copies")).unwrap();
    let copy = world.path("copies/copy.db").display().to_string();
    world.to(0, &["backup", &copy, "--secrets", &world.path("safe").display().to_string()]);
    assert!(!world.path("safe/registry.access").exists());
    assert!(world.path("safe/registry.side").exists());
    world.to(0, &["restore", &copy]);
    assert_eq!(fs::read(world.home("registry.access")).unwrap(), before);
}
