//! Snapshots and changes: who comes in, who is gone, and what an absent row, column or cell says.

use super::support::*;

const PRESENT: &str = "SELECT key || ':' || present FROM population ORDER BY key";

fn rows(numbers: &[String]) -> Vec<String> {
    numbers.iter().map(|number| row(number, "Testgatan 1")).collect()
}

#[test]
fn an_extract_comes_in_and_the_same_again_changes_nothing() {
    let world = World::with_three();
    let done = world.load(&[row(ANNA, "Nygatan 1"), row(DAVID, "Nygatan 2")]).to(0);
    assert_eq!(done.sorted(), [0, 0, 2, 0, 0, 0]);
    let before = world.everything();
    // The same content under another name is the same file.
    let done = world.load(&[row(ANNA, "Nygatan 1"), row(DAVID, "Nygatan 2")]).to(0);
    assert_eq!((done.count("read"), world.everything()), (0, before.clone()));
    // The same rows in another file change nothing either.
    let done = world.load(&[row(DAVID, "NYGATAN 2"), row(ANNA, " Nygatan  1 ")]).to(0);
    assert_eq!(done.sorted(), [0, 2, 0, 0, 0, 0]);
    assert_eq!(world.everything(), before);
    assert_eq!(world.ask("SELECT count(*) FROM journal WHERE run_id > 1"), ["0"]);
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY", "the person is update-persons' affair");
}

#[test]
fn whom_a_snapshot_no_longer_holds_is_marked_absent_and_comes_back() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let done = world.load(&[row(ANNA, "A")]).to(0);
    assert_eq!((done.sorted(), done.count("absent")), ([0, 1, 0, 0, 0, 0], 1));
    assert_eq!(world.ask(PRESENT), [format!("{ANNA}:1"), format!("{BO}:0")]);
    assert_eq!(world.ask("SELECT street FROM population WHERE present = 0"), ["B"], "nobody is deleted");
    let done = world.load(&[row(ANNA, "A"), row(BO, "B"), row(CECILIA, "C")]).to(0);
    assert_eq!(done.sorted(), [1, 1, 1, 0, 0, 0]);
    assert_eq!(world.ask("SELECT count(*) FROM population WHERE present = 1"), ["3"]);
}

#[test]
fn in_a_file_of_changes_absence_means_nothing() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let done = world.change(&[row(BO, "B2")]).to(0);
    assert_eq!((done.sorted(), done.count("absent")), ([1, 0, 0, 0, 0, 0], 0));
    assert_eq!(world.ask(PRESENT), [format!("{ANNA}:1"), format!("{BO}:1")]);
    // Nothing changed: nothing to do, and no failure.
    assert_eq!(world.change(&[]).to(0).count("read"), 0);
}

#[test]
fn an_empty_snapshot_is_a_failure_and_changes_nothing() {
    let world = World::new();
    world.load(&[row(ANNA, "A")]).to(0);
    let before = world.everything();
    let done = world.load(&[]).to(1);
    assert_eq!((done.error(), world.everything()), ("empty-snapshot", before));
    assert_eq!(done.found(), ["file-rejected"]);
}

#[test]
fn a_snapshot_that_lost_too_many_is_held_until_somebody_lets_it_pass() {
    let world = World::new();
    let all = numbers(230);
    world.load(&rows(&all)).to(0);
    // 10 % of 230 is 23.
    let few = rows(&all[24..]);
    let before = world.everything();
    let held = world.load(&few).to(4);
    assert_eq!((held.found(), world.everything()), (vec!["held".to_owned()], before.clone()));
    let text = held.json["error"]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("shrink 24 > 23") && text.contains("--allow shrink=24"), "{text}");
    assert_eq!(world.load_with(&["--dry-run"], &few).to(4).sorted(), held.sorted());
    let run = held.json["run"]["id"].to_string();
    // Another plan is not the one that was approved.
    world.load_with(&["--approve", &run], &rows(&all[25..])).to(4);
    assert_eq!(world.load_with(&["--approve", &run], &few).to(0).count("absent"), 24);
    let state = "SELECT state FROM finding WHERE kind = 'held' ORDER BY id LIMIT 1";
    assert_eq!(world.ask(state), ["closed"]);
    // One less than that passes by itself; the base is the last snapshot.
    assert_eq!(world.load(&rows(&all[44..])).to(0).count("absent"), 20);
}

#[test]
fn a_rejected_row_that_can_be_read_counts_as_present() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B"), row(CECILIA, "C")]).to(0);
    let bad = row(BO, "B2").replace("113204", "1132x4");
    let done = world.load(&[row(ANNA, "A"), bad]).to(3);
    assert_eq!((done.sorted(), done.count("absent")), ([0, 1, 0, 0, 0, 1], 1));
    let expected = [format!("{ANNA}:1"), format!("{BO}:1"), format!("{CECILIA}:0")];
    assert_eq!(world.ask(PRESENT), expected);
    assert_eq!(world.ask("SELECT street FROM population ORDER BY key"), ["A", "B", "C"]);
}

#[test]
fn a_number_that_cannot_be_read_keeps_everybody_present() {
    for bad in [row("198513012382", "X"), "too;few;cells".to_owned()] {
        let world = World::new();
        world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
        let done = world.load(&[row(ANNA, "A"), bad]).to(3);
        assert_eq!(done.count("absent"), 0);
        assert_eq!(world.ask(PRESENT), [format!("{ANNA}:1"), format!("{BO}:1")]);
        let said = done.json["remarks"].to_string();
        assert!(said.contains("population-absence-unknown"), "{said}");
    }
}

#[test]
fn absence_is_concluded_within_the_municipalities_that_the_file_holds() {
    let world = World::with("municipality = [\"0581\", \"0580\"]");
    world.load(&[row(ANNA, "A"), row_of("0580", BO, "B"), row_of("0580", CECILIA, "C")]).to(0);
    assert_eq!(world.load(&[row(DAVID, "D")]).to(0).count("absent"), 1);
    let expected = [format!("{ANNA}:0"), format!("{DAVID}:1"), format!("{BO}:1"), format!("{CECILIA}:1")];
    assert_eq!(world.ask(PRESENT), expected);
}

#[test]
fn people_of_other_municipalities_come_in_one_file_each() {
    let world = World::new();
    world.load(&[row(ANNA, "A")]).to(0);
    let elsewhere = |rows: &[String]| world.load_with(&["--nonresident"], rows);
    elsewhere(&[row_of("0180", BO, "B"), row_of("0180", CECILIA, "C")]).to(0);
    elsewhere(&[row_of("1480", DAVID, "D")]).to(0);
    // Gone from its own municipality's file only; ours and the third one's stay.
    assert_eq!(elsewhere(&[row_of("0180", BO, "B")]).to(0).count("absent"), 1);
    let stored = "SELECT municipality || nonresident || present FROM population ORDER BY key";
    assert_eq!(world.ask(stored), ["058101", "148011", "018011", "018010"]);
    // Our own snapshot says nothing of them.
    assert_eq!(world.load(&[row(ANNA, "A2")]).to(0).count("absent"), 0);
    let two = [row_of("0180", BO, "B"), row_of("1480", DAVID, "D")];
    let done = elsewhere(&two).to(1);
    assert_eq!(done.error(), "several-municipalities");
}

#[test]
fn who_moves_between_municipalities_has_one_row() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    // The other one's extract is newer or older than ours: as long as ours holds them, ours counts.
    let there = [row_of("0180", BO, "Stockholm 1")];
    assert_eq!(world.load_with(&["--nonresident"], &there).to(0).sorted(), [0, 0, 0, 0, 1, 0]);
    world.load(&[row(ANNA, "A")]).to(0);
    let again = [row_of("0180", BO, "Stockholm 2")];
    assert_eq!(world.load_with(&["--nonresident"], &again).to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    assert_eq!(world.load(&[row(ANNA, "A"), row(BO, "B2")]).to(0).sorted(), [1, 1, 0, 0, 0, 0]);
    let stored = "SELECT municipality || nonresident || street FROM population WHERE key = 198501012382";
    assert_eq!(world.ask(stored), ["05810B2"]);
}

#[test]
fn an_absent_column_keeps_what_is_stored_and_an_empty_cell_does_not() {
    let world = World::new();
    world.load(&[row(ANNA, "A")]).to(0);
    let narrow = world.file(format!("id_number;protected;municipality;key_code;street\n{ANNA};;0581;;A2\n"));
    assert_eq!(world.run(&["population-import", &narrow]).to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    let stored = "SELECT concat_ws('|', coalesce(key_code, '-'), first_name, street, city) FROM population";
    assert_eq!(world.ask(stored), ["-|Tolvan|A2|NORRKÖPING"]);
}

#[test]
fn rows_in_another_order_give_the_same_registry() {
    let all = numbers(40);
    let mut extract: Vec<String> = all.iter().map(|number| row(number, &number[8..])).collect();
    extract.extend([marked(ANNA, "ja"), row(BO, "B"), row(BO, "B"), row(CECILIA, "C"), row(CECILIA, "C2")]);
    let load = |rows: &[String]| {
        let world = World::with_three();
        let done = world.load(rows);
        (done.exit, done.sorted(), world.everything())
    };
    let straight = load(&extract);
    extract.reverse();
    assert_eq!(load(&extract), straight);
    extract.rotate_left(7);
    assert_eq!(load(&extract), straight);
}

#[test]
fn a_dry_run_counts_as_the_real_run_does_and_changes_nothing() {
    let extracts = [
        vec![row(ANNA, "A"), row(BO, "B")],
        vec![marked(ANNA, "ja"), row(CECILIA, "C"), row(DAVID, "D").replace("113204", "x")],
        vec![],
    ];
    let world = World::with_three();
    for extract in extracts {
        let before = world.everything();
        let dry = world.load_with(&["--dry-run"], &extract);
        assert_eq!(world.everything(), before);
        assert_eq!(world.ask("SELECT count(*) FROM finding WHERE kind = 'erasure-pending'"), ["0"]);
        let real = world.load(&extract);
        assert_eq!((dry.exit, dry.sorted()), (real.exit, real.sorted()));
        assert_eq!(dry.json["run"]["counts"], real.json["run"]["counts"]);
    }
}

#[test]
fn several_files_are_loaded_in_turn_and_all_headers_looked_at_first() {
    let world = World::new();
    let one = world.file(format!("{HEADER}\n{}\n", row(ANNA, "A")));
    let two = world.file(format!("{HEADER}\n{}\n{}\n", row(ANNA, "A2"), row(BO, "B")));
    let wrong = world.file("id_number;municipality\n");
    let done = world.run(&["population-import", &one, &two, &wrong]).to(2);
    assert_eq!((done.error(), world.ask(PRESENT).len()), ("csv-column-missing", 0));
    let done = world.run(&["population-import", &one, &two]).to(0);
    assert_eq!(done.sorted(), [1, 0, 2, 0, 0, 0]);
    // The first stands, the second fails: both are named.
    let three = world.file(format!("{HEADER}\n{}\n", row(ANNA, "A3")));
    let empty = world.file(HEADER);
    let done = world.run(&["population-import", &three, &empty]).to(3);
    assert!(done.json["remarks"].to_string().contains("applied-before"), "{}", done.json);
}

#[test]
fn an_import_cannot_be_undone_and_says_why() {
    let world = World::new();
    let run = world.load(&[row(ANNA, "A")]).to(0).json["run"]["id"].to_string();
    assert_eq!(world.run(&["undo", &run]).to(1).error(), "population-not-undoable");
}

#[test]
fn nothing_stays_in_the_spool() {
    let world = World::new();
    world.load(&[row(ANNA, "Spolgatan 1")]).to(0);
    world.load(&[row(BO, "Spolgatan 2").replace("113204", "x")]);
    world.load(&[]).to(1);
    for room in ["inbox", "held", "rejected", "staging"] {
        let left = std::fs::read_dir(world.path("w/spool").join(room)).unwrap().count();
        assert_eq!(left, 0, "{room}");
    }
}
