//! Protected people: their cases go on, shown to nobody, and no guardian relation leads to them.

use crate::world::{ANNA, BO, CECILIA, World};

const CASES: &str = "case;id_number;class;opened\n";

fn protect(world: &World, person: &str) {
    world.run(&["person", "protect", person, "--reason", "test"]);
    assert_eq!(world.run(&["person", "show", person]).json["protected"], true);
}

#[test]
fn cases_of_protected_people_go_on_and_no_journal_and_no_dry_run_shows_them() {
    let world = World::with_three("");
    protect(&world, "person:1");
    let table = format!("{CASES}Kanariesag;{ANNA};A;2020-01-01\n");
    let done = world.import("case", &table, &["--dry-run"]).to(0);
    assert_eq!(done.changes(), ["person:1 case.created null → null"]);
    world.import("case", &table, &[]).to(0);
    assert_eq!(world.ask("SELECT person_id FROM case_record"), ["1"]);
    let noted = "SELECT count(*) FROM retained_change WHERE before IS NOT NULL OR after IS NOT NULL";
    assert_eq!(world.ask(noted), ["0"]);
    assert!(!world.run(&["person", "show", "person:1"]).json.to_string().contains("Kanarie"));
}

#[test]
fn who_becomes_protected_leaves_no_value_of_a_record_in_the_journal() {
    let world = World::with_three("");
    world
        .import("case", &format!("{CASES}Kanariesag;{ANNA};A;2020-01-01\nS-2;{CECILIA};A;2020-01-01\n"), &[])
        .to(0);
    world
        .import("document", "document;case;key1;disposable1\nKanariehandling;Kanariesag;01;yes\n", &[])
        .to(0);
    // The case passes to Bo, whose it is when he becomes protected.
    let run = world.import("case", &format!("{CASES}Kanariesag;{BO};A;2020-01-01\n"), &[]).to(0).run_id();
    protect(&world, "person:2");
    let told = "SELECT count(*) FROM retained_change WHERE coalesce(before, '') || coalesce(after, '') LIKE '%Kanarie%'";
    assert_eq!(world.ask(told), ["0"]);
    assert_eq!(world.ask("SELECT count(*) FROM retained_change WHERE after LIKE '%S-2%'"), ["1"]);
    let done = world.run(&["undo", &run]).to(3);
    assert_eq!(done.count("left"), 1);
    assert_eq!(world.ask("SELECT person_id FROM case_record ORDER BY reference"), ["2", "3"]);
    assert_eq!(world.ask("SELECT reference FROM document"), ["Kanariehandling"], "the document goes on");
}

#[test]
fn no_relation_to_or_from_a_protected_person_is_stored() {
    let world = World::with_three("");
    let table = format!("id_number;related_id_number;kind\n{ANNA};{BO};guardian\n{BO};{CECILIA};guardian\n");
    world.import("relation", &table, &[]).to(0);
    protect(&world, "person:2");
    assert_eq!(world.ask("SELECT count(*) FROM relation"), ["0"], "in neither direction");
    let done = world.import("relation", &table, &[]).to(0);
    assert_eq!((done.records(), done.count("protected")), (vec!["skipped 2".to_owned()], 2));
    assert_eq!(world.ask("SELECT count(*) FROM relation"), ["0"]);
    let told = "SELECT count(*) FROM retained_change WHERE before IS NOT NULL OR after IS NOT NULL";
    assert_eq!(world.ask(told), ["0"]);
}
