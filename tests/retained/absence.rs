//! What a whole file has no more.

use crate::world::{ANNA, BO, World, numbers};

const CASES: &str = "case;id_number;class;opened;hold\n";

fn world(hold: &str) -> World {
    let world = World::with_three("");
    let table = format!("{CASES}S-1;{ANNA};A;2020-01-01;{hold}\nS-2;{BO};A;2020-01-01;\n");
    world.import("case", &table, &[]).to(0);
    world
}

fn second_only() -> String {
    format!("{CASES}S-2;{BO};A;2020-01-01;\n")
}

fn references(world: &World, table: &str) -> Vec<String> {
    world.ask(&format!("SELECT reference FROM {table} ORDER BY reference"))
}

#[test]
fn what_is_not_in_a_file_stays_and_goes_only_with_full() {
    let world = world("");
    assert_eq!(world.import("case", &second_only(), &[]).to(0).count("removed"), 0);
    assert_eq!(references(&world, "case_record"), ["S-1", "S-2"]);
    let done = world.import("case", &second_only(), &["--full", "-v"]).to(0);
    assert_eq!((done.records(), done.count("removed")), (vec!["unchanged 1".to_owned()], 1));
    assert!(done.changes()[0].starts_with("person:1 case.removed {"), "{:?}", done.changes());
    assert_eq!(references(&world, "case_record"), ["S-2"]);
}

#[test]
fn an_empty_file_is_not_taken_for_a_whole_one() {
    let world = world("");
    assert_eq!(world.import("case", CASES, &["--full"]).to(1).error(), "retained-no-rows");
    assert_eq!(references(&world, "case_record").len(), 2);
    world.import("case", CASES, &[]).to(0);
}

#[test]
fn a_rejected_row_counts_as_present_and_one_without_a_readable_id_stops_all_removal() {
    let world = world("");
    let spoilt = format!("{}S-1;{ANNA};;2020-01-01;\n", second_only());
    assert_eq!(world.import("case", &spoilt, &["--full"]).to(3).count("removed"), 0);
    let unknown = format!("{}S-1;{};A;2020-01-01;\n", second_only(), numbers(1)[0]);
    assert_eq!(world.import("case", &unknown, &["--full"]).to(0).records(), ["unchanged 1", "unknown 1"]);
    assert_eq!(references(&world, "case_record").len(), 2, "whoever the row is of, the case is there");
    let nameless = format!("{};{ANNA};A;2020-01-01;\n", second_only());
    world.import("case", &nameless, &["--full"]).to(3);
    assert!(world.log(15).contains(&"retained-no-absence".to_owned()));
    assert_eq!(references(&world, "case_record").len(), 2);
}

#[test]
fn more_that_goes_than_the_limit_lets_holds_the_file() {
    let world = World::with_three("");
    let rows = |from: u32| {
        let rows: Vec<String> = (from..40).map(|n| format!("S-{n:02};{ANNA};A;2020-01-01;\n")).collect();
        rows.concat()
    };
    world.import("case", &format!("{CASES}{}", rows(0)), &[]).to(0);
    let held = world.import("case", &format!("{CASES}{}", rows(21)), &["--full"]).to(4);
    assert_eq!(held.found(), ["held file:2"]);
    assert_eq!(references(&world, "case_record").len(), 40);
    let table = format!("{CASES}{}", rows(20));
    assert_eq!(
        world.import("case", &table, &["--full"]).to(0).count("removed"),
        20,
        "the floor of the limit"
    );
}

#[test]
fn what_is_held_and_what_has_documents_that_must_be_kept_stays() {
    let documents = |flag: &str| format!("document;case;key1;disposable1\nD-1;S-1;01;{flag}\n");
    let held = world("court");
    let kept = world("");
    kept.import("document", &documents("no"), &[]).to(0);
    for world in [held, kept] {
        let done = world.import("case", &second_only(), &["--full"]).to(0);
        assert_eq!((done.count("removed"), done.count("kept")), (0, 1));
        assert!(world.log(15).contains(&"retained-kept".to_owned()));
        assert_eq!(references(&world, "case_record").len(), 2);
    }
    let world = world("");
    world.import("document", &documents("yes"), &[]).to(0);
    world.import("draft", &format!("id;id_number;touched;case\nU-1;{BO};2026-11-01;S-1\n"), &[]).to(0);
    let done = world.import("case", &second_only(), &["--full"]).to(0);
    assert_eq!((done.count("removed"), done.count("documents")), (1, 1), "its documents go with it");
    assert!(references(&world, "document").is_empty());
    assert_eq!(world.ask("SELECT case_id FROM draft"), ["-"], "somebody else's draft belongs to no case now");
}
