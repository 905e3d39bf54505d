//! Rows of `person import` that left nothing to do are known again, and never believed when something could be left to do.

use serde_json::Value;

use crate::support::{NUMBERS, World};
use crate::undo::{prepare, start, world};

/// Rows about everybody whom [`world`] has, as they came.
fn rows() -> String {
    let header = "id_number,first_name,last_name,address_kind,street,postal_code,city,email\n";
    let row = |at: usize| {
        format!("{},Namn{at},Test,home,Gatan {at},60299,NORRKÖPING,p{at}@example.org\n", NUMBERS[at])
    };
    header.to_owned() + &(0..4).map(row).collect::<String>()
}

fn dry_run(world: &World, words: &[&str]) -> Value {
    let words = [&["person", "import", "--dry-run"], words].concat();
    let done = world.run_on("again.csv", &rows(), &words);
    serde_json::json!([done.exit, done.json["run"]["counts"], done.json["changes"]])
}

fn settled(world: &World) -> Vec<String> {
    world.ask("SELECT CAST(person_id AS TEXT) FROM settled_row ORDER BY 1")
}

/// What the rows come to is the same as if none of them had ever left nothing to do.
#[track_caller]
fn assert_as_if_new(world: &World, after: &str) {
    let known = dry_run(world, &[]);
    let kept = world.ask("SELECT '(' || person_id || ',' || digest || ')' FROM settled_row");
    world.execute("DELETE FROM settled_row");
    let new = dry_run(world, &[]);
    if !kept.is_empty() {
        world.execute(&format!("INSERT INTO settled_row VALUES {}", kept.join(",")));
    }
    assert_eq!(known, new, "{after}");
}

#[test]
fn whatever_command_changed_somebody_and_its_undo_the_same_row_counts_as_if_it_were_new() {
    for command in [
        "person import",
        "person import --user-edits",
        "person set",
        "person merge",
        "person protect",
        "person unprotect",
        "person hold",
        "person release",
        "spar-import",
        "contacts reset",
        "sync-contacts",
        "population-import",
        "update-persons",
    ] {
        let world = world();
        prepare(&world, command);
        world.run_on("again.csv", &rows(), &["person", "import"]);
        assert_eq!(settled(&world), ["1", "2", "3"], "{command}: all but the protected one");
        let before = dry_run(&world, &[]);
        let done = start(&world, command);
        assert_as_if_new(&world, command);
        if command == "spar-import" {
            assert_ne!(dry_run(&world, &[]), before, "SPAR changed nothing");
        }
        world.run(&["undo", &done.run()]);
        assert_as_if_new(&world, &format!("undo of {command}"));
    }
}

#[test]
fn a_row_is_taken_again_after_somebody_wrote_something_else_by_hand() {
    let world = World::with_people(4);
    world.run(&["person", "set", "person:2", "--email", "egen@example.org"]).to(0);
    let done = world.run_on("again.csv", &rows(), &["person", "import"]).to(0);
    assert_eq!(done.json["run"]["counts"]["changed"], 1);
    assert_eq!(done.json["run"]["counts"]["unchanged"], 3);
}

#[test]
fn a_row_that_left_nothing_to_do_is_counted_and_writes_nothing() {
    let world = World::with_people(4);
    let file = rows();
    for _ in 0..2 {
        let done = world.run_on("again.csv", &file, &["person", "import"]).to(0);
        assert_eq!(done.json["run"]["counts"]["unchanged"], 4);
        assert_eq!(done.json["run"]["counts"]["read"], 4);
    }
    assert_eq!(world.ask("SELECT count(*) || '' FROM journal"), ["4"]);
}

#[test]
fn rows_that_disagree_are_all_rejected_though_one_of_them_left_nothing_to_do() {
    let world = World::with_people(4);
    for other in [
        format!("{},Annan,Test,home,Gatan 0,60299,NORRKÖPING,p0@example.org\n", NUMBERS[0]),
        format!("{},,,work,Gatan 0,60299,NORRKÖPING,annan@example.org\n", NUMBERS[0]),
    ] {
        for file in [rows() + &other, rows().replacen('\n', &format!("\n{other}"), 1)] {
            let done = world.run_on("two.csv", &file, &["person", "import"]);
            assert_eq!(done.json["run"]["counts"]["rejected"], 2, "{}", done.json);
            assert_eq!(done.json["run"]["counts"]["unchanged"], 3);
        }
    }
}

#[test]
fn a_second_address_beside_a_row_that_left_nothing_to_do_is_taken() {
    let world = World::with_people(4);
    let file = rows() + &format!("{},,,work,Torget 1,60299,NORRKÖPING,\n", NUMBERS[0]);
    let done = world.run_on("two.csv", &file, &["person", "import"]).to(0);
    assert_eq!(done.json["run"]["counts"]["changed"], 2, "{}", done.json);
    let done = world.run_on("two.csv", &file, &["person", "import"]).to(0);
    assert_eq!(done.json["run"]["counts"]["unchanged"], 5, "{}", done.json);
}

#[test]
fn whoever_counts_as_on_the_list_is_marked_though_their_row_left_nothing_to_do() {
    let world = World::with_people(4);
    world.run_on("again.csv", &rows(), &["person", "import", "--known"]).to(0);
    assert_eq!(world.ask("SELECT sum(known_to_spar) || '' FROM number"), ["4"]);
}

#[test]
fn nothing_is_remembered_of_somebody_protected_or_gone() {
    let world = World::with_people(4);
    assert_eq!(settled(&world), ["1", "2", "3", "4"]);
    world.run(&["person", "protect", "person:2", "--reason", "prov"]).to(0);
    world.run_on("again.csv", &rows(), &["person", "import"]);
    assert_eq!(settled(&world), ["1", "3", "4"]);
    world.run(&["undo", "1"]);
    assert_eq!(settled(&world), Vec::<String>::new());
}

#[test]
fn the_same_cells_under_other_columns_are_another_row() {
    let world = World::with_people(4);
    let swapped = rows().replacen("first_name,last_name", "last_name,first_name", 1);
    let done = world.run_on("swapped.csv", &swapped, &["person", "import"]).to(0);
    assert_eq!(done.json["run"]["counts"]["changed"], 4);
}
