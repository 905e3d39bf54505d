//! The index: what building writes, and what an index says that is old or was never built.

use crate::support::{ANNA, BO, ELSEWHERE, World};

#[test]
fn building_again_writes_only_what_differs() {
    let world = World::with_three();
    let counts = world.build();
    let expected = serde_json::json!({
        "read": 3, "changed": 0, "unchanged": 3, "created": 0, "unknown": 0, "skipped": 0, "rejected": 0
    });
    assert_eq!(counts, expected);
    world.run(0, &["person", "set", "person:1", "--last-name", "Ny"]);
    world.import(&[&format!("{ELSEWHERE};Disa;Ny;;;")]);
    let counts = world.build();
    let of = |name: &str| counts[name].as_u64().unwrap_or_default();
    assert_eq!([of("read"), of("changed"), of("created"), of("unchanged"), of("removed")], [4, 1, 1, 2, 0]);
    // An undone entry leaves the search with the person.
    world.run(0, &["undo", "5"]);
    assert_eq!((world.found("disa"), world.found("ny")), (vec![], vec![1]));
    assert_eq!(world.build()["removed"], serde_json::Value::Null);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let world = World::new();
    world.import(&[&format!("{ANNA};Anna;Ek;;;")]);
    let run = world.run(0, &["update-search", "--dry-run"]);
    assert_eq!(run["run"]["counts"]["created"], 1);
    let said = world.say(&["search", "anna"], b"");
    assert!(said.out.is_empty() && said.err.contains("never built"), "{}", said.err);
    assert_eq!(world.build()["created"], 1);
}

#[test]
fn building_changes_no_person() {
    let world = World::with_three();
    let people = || world.say(&["person", "list", "--json"], b"").out;
    let before = people();
    world.register(BO, "Bosse", "Ek", "Folkgatan 3");
    let run = world.run(0, &["update-search"]);
    assert_eq!((people(), run["run"]["message"].as_str()), (before, Some("The search covers 3 people.")));
    let journal = world.say(&["log", "--prio", "19", "--json"], b"").out;
    assert!(!journal.contains("person-imported"), "{journal}");
}

#[test]
fn without_an_index_a_whole_number_is_found_and_it_says_what_to_run() {
    let world = World::new();
    world.import(&[&format!("{ANNA};Anna;Ek;;;")]);
    assert_eq!(
        (world.found("760305-2395"), world.found("person:1"), world.found("anna")),
        (vec![1], vec![1], vec![])
    );
    let said = world.say(&["search", ANNA], b"");
    assert!(said.err.contains("update-search"), "{}", said.err);
}

#[test]
fn an_index_older_than_a_day_is_warned_of() {
    let world = World::with_three();
    let warns =
        |words: &[&str]| world.say(&[&["search", "anna"], words].concat(), b"").err.contains("was built");
    assert!(!warns(&[]));
    assert!(!warns(&["--today", "1990-01-01"]));
    assert!(warns(&["--today", "2190-01-01"]));
    // Instants are compared, not days.
    world.sql("UPDATE meta SET value = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1435 minutes') WHERE name = 'search-built'");
    assert!(!warns(&[]));
    world.sql("UPDATE meta SET value = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1445 minutes') WHERE name = 'search-built'");
    assert!(warns(&[]) && warns(&["--quiet"]));
    world.build();
    assert!(!warns(&[]));
}

#[test]
fn a_row_that_the_population_register_holds_no_more_is_still_found_and_says_so() {
    let world = World::new();
    world.register(ELSEWHERE, "Disa", "Öst", "Folkgatan 4");
    world.sql("UPDATE population SET present = 0");
    world.build();
    assert_eq!(world.hits("disa")[0]["population"]["present"], false);
    world.sql("DELETE FROM population");
    // Gone since: the index proposes, and nobody is there.
    assert_eq!(world.found("disa"), [0; 0]);
    assert_eq!(world.build()["removed"], 1);
}
