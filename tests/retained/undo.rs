//! Taking an import back, record by record.

use crate::world::{ANNA, BO, World};

const CASES: &str = "case;id_number;class;opened;closed\n";

fn cases(world: &World) -> Vec<String> {
    world.ask("SELECT concat_ws(' ', id, reference, person_id, class, coalesce(closed, '-')) FROM case_record ORDER BY id")
}

#[test]
fn the_log_of_a_run_says_that_its_journal_and_its_lines_went_and_undo_refuses_it() {
    let world = World::with_three("");
    let held = world.run(&["person", "hold", "person:1", "--reason", "x"]).to(0).run_id();
    world.sql().execute("UPDATE run SET started = '2020-01-01T08:00:00Z' WHERE id <= ?", [&held]).unwrap();
    world.run(&["person", "hold", "person:2", "--reason", "x"]).to(0);
    world.run(&["undo", &held]).to(1);
    let (exit, shown, _) = world.text(&["log", &held]);
    assert!(exit == 0 && shown.contains("log.days") && shown.contains("log.journal_days"), "{shown}");
    let (_, shown, _) = world.text(&["log", &held, "--people"]);
    assert!(shown.contains("log.journal_days"), "{shown}");
    assert!(world.run(&["log", &held, "--people"]).json["journal_removed_on"].is_string());
}

#[test]
fn an_undo_takes_back_what_came_changed_and_went_and_can_be_undone_itself() {
    let world = World::with_three("");
    let rows = |rows: &str| format!("{CASES}{rows}");
    world.import("case", &rows(&format!("S-1;{ANNA};A;2020-01-01;\nS-2;{BO};A;2020-01-01;\n")), &[]).to(0);
    world.import("document", "document;case;key1;disposable1\nD-1;S-1;01;yes\n", &[]).to(0);
    world.import("draft", &format!("id;id_number;touched;case\nU-1;{BO};2026-11-01;S-1\n"), &[]).to(0);
    let before = cases(&world);
    let table = rows(&format!("S-2;{ANNA};B;2020-01-01;2021-01-01\nS-3;{BO};A;2020-01-01;\n"));
    let run = world.import("case", &table, &["--full"]).to(0).run_id();
    let after = cases(&world);
    assert_eq!(after, ["2 S-2 1 B 2021-01-01", "3 S-3 2 A -"]);
    let undo = world.run(&["undo", &run]).to(0).run_id();
    assert_eq!(cases(&world), before);
    assert_eq!(world.ask("SELECT case_id FROM document"), ["1"]);
    assert_eq!(world.ask("SELECT case_id FROM draft"), ["1"]);
    assert_eq!(world.ask("SELECT state FROM file WHERE kind = 'case' ORDER BY id"), ["applied", "undone"]);
    world.run(&["undo", &undo]).to(0);
    assert_eq!(cases(&world), after);
}

#[test]
fn what_changed_since_is_listed_and_left() {
    let world = World::with_three("");
    let table = |class: &str, closed: &str| format!("{CASES}S-1;{ANNA};{class};2020-01-01;{closed}\n");
    let first = world.import("case", &table("A", ""), &[]).to(0).run_id();
    let second = world.import("case", &table("B", "2021-01-01"), &[]).to(0).run_id();
    world.import("case", &table("C", "2021-01-01"), &[]).to(0);
    let done = world.run(&["undo", &second]).to(3);
    assert_eq!((done.count("records"), done.count("left")), (0, 1));
    assert_eq!(cases(&world), ["1 S-1 1 C -"], "the class is another by now, the closing is taken back");
    assert_eq!(world.run(&["undo", &first]).to(3).count("left"), 1);
    assert_eq!(cases(&world).len(), 1);
}

#[test]
fn a_case_with_a_document_that_came_later_stays_and_so_does_its_person() {
    let world = World::with("");
    let people = world.import("person", &format!("id_number\n{ANNA}\n"), &[]).to(0).run_id();
    let run = world.import("case", &format!("{CASES}S-1;{ANNA};A;2020-01-01;\n"), &[]).to(0).run_id();
    world.import("document", "document;case;key1;disposable1\nD-1;S-1;01;yes\n", &[]).to(0);
    assert_eq!(world.run(&["undo", &run]).to(3).count("left"), 1);
    assert_eq!(world.run(&["undo", &people]).to(3).count("left"), 1);
    assert_eq!(world.ask("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM case_record)"), ["2"]);
}
