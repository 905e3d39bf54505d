//! Protection: what a marked row does, and what it leaves behind. (rules.md, Protection)

use super::support::*;

const CANARY: &str = "Kanariegatan 7";

#[test]
fn a_protected_row_keeps_number_municipality_and_mark_known_person_or_not() {
    let world = World::with_three();
    // One mark in five hundred people is usual; in three it is within the floor.
    let done = world.load(&[marked(ANNA, "ja"), marked(DAVID, "what is this"), row(BO, "B")]).to(0);
    assert_eq!((done.sorted(), done.count("protected")), ([0, 0, 3, 0, 0, 0], 1));
    let stored = "SELECT concat_ws('|', key, municipality, marked, key_code, first_name, street, told)
                  FROM population WHERE protected = 1 ORDER BY key";
    assert_eq!(world.ask(stored), [format!("{ANNA}|0581|1|0"), format!("{DAVID}|0581|2|0")]);
    let anna = world.show(ANNA);
    assert_eq!(
        (&anna["protected"], anna["protection"][0]["kind"].as_str()),
        (&true.into(), Some("sekretessmarkering"))
    );
    assert_eq!((&anna["blocked"], anna["status"].as_str()), (&false.into(), Some("active")));
    assert!(!world.holds("Hemligstigen 7"), "no trace of a protected row");
    assert!(!world.holds("Testgatan 052395"), "the person's address is gone with it");
    assert_eq!(world.ask("SELECT comment FROM person WHERE id = 1"), ["-"], "SPAR said nothing");
}

#[test]
fn an_unknown_mark_is_the_strictest_kind() {
    let world = World::with_three();
    world.load(&[marked(ANNA, "spärr")]).to(0);
    assert_eq!(world.show(ANNA)["protection"][0]["kind"], "skyddad_folkbokforing");
}

#[test]
fn a_mark_hides_at_once_even_if_the_file_is_then_held() {
    let world = World::with_three();
    let all = numbers(100);
    world.load(&all.iter().map(|number| row(number, "A")).collect::<Vec<_>>()).to(0);
    let held = world.load(&[marked(ANNA, "ja")]).to(4);
    assert_eq!(world.show(ANNA)["protected"], true);
    assert_eq!(world.ask("SELECT count(*) FROM address WHERE person_id = 1"), ["1"], "nothing is erased yet");
    // The undo of the held run lifts what it hid.
    let run = held.json["run"]["id"].to_string();
    world.run(&["undo", &run]).to(0);
    assert_eq!(world.show(ANNA)["protected"], false);
}

#[test]
fn a_rejected_file_and_a_dry_run_hide_nobody() {
    let world = World::with_three();
    let rows = [marked(ANNA, "ja"), row(BO, "B")];
    world.load_with(&["--dry-run"], &rows).to(0);
    let two =
        [row_of("0180", BO, "B"), row_of("1480", DAVID, "D"), marked(ANNA, "ja").replace("0581", "0180")];
    world.load_with(&["--nonresident"], &two).to(1);
    assert_eq!(world.show(ANNA)["protected"], false);
}

#[test]
fn too_many_marks_hold_the_file_and_everybody_is_hidden_all_the_same() {
    let world = World::new();
    let all = numbers(40);
    world.people(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let extract: Vec<String> = all[..4].iter().map(|number| marked(number, "j")).collect();
    let done = world.load(&extract).to(4);
    assert!(done.json["error"]["text"].as_str().unwrap().contains("protected 4 > 3"));
    assert_eq!(world.ask("SELECT count(*) FROM person WHERE concealment = 1"), ["4"]);
    let run = done.json["run"]["id"].to_string();
    world.load_with(&["--approve", &run], &extract).to(0);
    assert_eq!(world.ask("SELECT count(*) FROM person WHERE concealment = 2"), ["4"]);
}

#[test]
fn a_mark_on_a_rejected_row_counts_and_one_without_a_number_holds_the_file() {
    let world = World::with_three();
    let elsewhere = marked(ANNA, "ja").replace(";0581;", ";0180;");
    let done = world.load(&[elsewhere, row(BO, "B")]).to(3);
    assert_eq!((done.sorted(), done.count("protected")), ([0, 0, 1, 0, 0, 1], 1));
    assert_eq!(world.show(ANNA)["protected"], true);
    let done = world.load(&[marked("198513012382", "ja"), row(BO, "B2")]).to(4);
    assert!(done.json["error"]["text"].as_str().unwrap().contains("unreadable 1 > 0"));
}

#[test]
fn of_several_rows_of_one_number_the_protected_one_wins() {
    for rows in [[marked(ANNA, "ja"), row(ANNA, CANARY)], [row(ANNA, CANARY), marked(ANNA, "ja")]] {
        let world = World::with_three();
        assert_eq!(world.load(&rows).to(0).sorted(), [0, 0, 1, 0, 1, 0]);
        assert_eq!(world.show(ANNA)["protected"], true);
        assert!(!world.holds(CANARY));
    }
    // Whichever of them can be used.
    let broken = marked(DAVID, "ja").replace(";0581;", ";;");
    let world = World::with_three();
    world.load(&[row(DAVID, CANARY), broken]).to(3);
    assert!(!world.holds(CANARY));
}

#[test]
fn a_row_under_a_former_number_of_somebody_protected_is_counted_and_never_stored() {
    let world = World::with_three();
    world.run(&["person", "set", ANNA, "--id-number", DAVID]).to(0);
    world.load(&[row(ANNA, CANARY), row(BO, "B")]).to(0);
    world.run(&["person", "protect", DAVID, "--reason", "test"]).to(0);
    assert_eq!(world.ask("SELECT key FROM population"), [BO], "not even the number");
    let done = world.load(&[row(ANNA, CANARY), row(BO, "B2")]).to(0);
    assert_eq!(done.sorted(), [1, 0, 0, 0, 1, 0]);
    assert_eq!(world.ask("SELECT key FROM population"), [BO]);
    assert!(!world.holds(CANARY));
}

#[test]
fn a_mark_under_a_former_number_protects_its_person() {
    let world = World::with_three();
    world.run(&["person", "set", ANNA, "--id-number", DAVID]).to(0);
    let done = world.load(&[marked(ANNA, "ja"), row(BO, "B")]).to(0);
    assert_eq!((done.sorted(), done.count("protected")), ([0, 0, 1, 0, 1, 0], 1));
    assert_eq!(world.show("person:1")["protected"], true);
    assert_eq!(world.ask("SELECT key FROM population"), [BO]);
}

#[test]
fn an_older_copy_brings_back_no_value_of_a_row_that_was_marked_since() {
    let world = World::with_three();
    world.load(&[row(ANNA, CANARY), row(DAVID, CANARY), row(BO, "B")]).to(0);
    let copy = world.path("copy.db");
    world.run(&["backup", copy.to_str().unwrap()]).to(0);
    world.load(&[marked(ANNA, "ja"), marked(DAVID, "ja"), row(BO, "B")]).to(0);
    world.run(&["restore", copy.to_str().unwrap()]);
    assert_eq!(world.ask("SELECT count(*) FROM population WHERE protected = 1"), ["2"]);
    assert!(!world.holds(CANARY), "in the registry");
}
