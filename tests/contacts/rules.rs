//! The rules from outside: what two nights of two systems leave.

use serde_json::json;

use crate::support::{ANNA, BO, World};

const A: &str = "a@example.org";

fn row(number: &str, email: &str) -> String {
    format!("{number};guardian;{email}")
}

fn one(world: &World, source: &str, email: &str) -> crate::support::Done {
    world.sync(source, &[&row(ANNA, email)])
}

#[test]
fn the_first_value_is_taken_and_keeps_coming_in_and_staffs_and_imports_are_replaced() {
    let world = World::with_three("");
    assert_eq!(one(&world, "procapita", A).to(0).records(), [("changed", 1)]);
    assert_eq!(world.email(1), "a@example.org source:procapita");
    one(&world, "procapita", "b@example.org").to(0);
    assert_eq!(world.email(1), "b@example.org source:procapita");
    world.run(&["person", "set", "person:1", "--email", "staff@example.org"]).to(0);
    assert_eq!(world.email(1), "staff@example.org staff");
    // The row is what it was, and yet it is looked at.
    assert_eq!(one(&world, "procapita", "b@example.org").to(0).records(), [("changed", 1)]);
    assert_eq!(world.email(1), "b@example.org source:procapita");
}

#[test]
fn a_value_that_the_person_changed_is_kept_every_night_and_told() {
    let world = World::with_three("");
    one(&world, "procapita", A).to(0);
    world.run(&["person", "set", "person:1", "--email", "own@example.org", "--by-person"]).to(0);
    assert_eq!(world.email(1), "own@example.org person*");
    for _ in 0..2 {
        let done = one(&world, "procapita", A).to(0);
        assert_eq!((done.records(), done.count("kept")), (vec![("unchanged", 1)], 1));
        assert_eq!(done.count("guardian.email.kept"), 1);
        assert_eq!(world.email(1), "own@example.org person*");
    }
}

#[test]
fn a_guardians_flag_clears_once_the_source_says_the_same_and_a_students_does_not() {
    let world = World::with_three("");
    for (id, number, category) in [(1, ANNA, "guardian"), (2, BO, "student")] {
        world.sync("procapita", &[&format!("{number};{category};{A}")]).to(0);
        let person = format!("person:{id}");
        world.run(&["person", "set", &person, "--email", "own@example.org", "--by-person"]).to(0);
        world.sync("procapita", &[&format!("{number};{category};own@example.org")]).to(0);
        world.sync("procapita", &[&format!("{number};{category};new@example.org")]).to(0);
    }
    assert_eq!(world.email(1), "new@example.org source:procapita");
    assert_eq!(world.email(2), "own@example.org person*");
}

#[test]
fn a_forced_field_is_the_sources_in_spite_of_the_person() {
    let world = World::with_three("contacts.force.guardian = [\"email\"]\n");
    one(&world, "procapita", A).to(0);
    world.run(&["person", "set", "person:1", "--email", "own@example.org", "--by-person"]).to(0);
    let done = one(&world, "procapita", A).to(0);
    assert_eq!((done.records(), done.count("forced")), (vec![("changed", 1)], 1));
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn a_setting_that_changes_is_heard_though_the_file_is_the_same() {
    let world = World::with_three("");
    one(&world, "procapita", A).to(0);
    world.run(&["person", "set", "person:1", "--email", "own@example.org", "--by-person"]).to(0);
    one(&world, "procapita", A).to(0);
    let flags = ["--set", "contacts.force.guardian=[\"email\"]"];
    world.sync_with("procapita", "id_number;category;email", &[&row(ANNA, A)], &flags).to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn a_field_that_the_person_emptied_is_filled_again() {
    let world = World::with_three("");
    one(&world, "procapita", A).to(0);
    world.run(&["person", "set", "person:1", "--email", "", "--by-person"]).to(0);
    assert_eq!(world.email(1), "-");
    one(&world, "procapita", A).to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn an_empty_statement_keeps_or_clears_what_the_source_set() {
    for (lines, left) in [("", "a@example.org source:procapita"), ("contacts.empty.email = \"clear\"\n", "-")]
    {
        let world = World::with_three(lines);
        one(&world, "procapita", A).to(0);
        one(&world, "procapita", "").to(0);
        assert_eq!(world.email(1), left);
    }
    let world = World::with_three("contacts.empty.email = \"clear\"\n");
    one(&world, "procapita", A).to(0);
    one(&world, "extens", "").to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita", "another source set it");
}

#[test]
fn two_systems_do_not_take_turns_and_their_contradiction_is_a_finding_that_closes_itself() {
    let world = World::with_three("");
    one(&world, "procapita", A).to(0);
    let done = one(&world, "extens", "x@example.org").to(3);
    assert_eq!(done.found(), [("source-conflict".to_owned(), "person:1".to_owned())]);
    assert_eq!(world.email(1), "x@example.org source:extens");
    let before = world.list();
    for source in ["procapita", "extens", "procapita", "extens"] {
        let email = if source == "extens" { "x@example.org" } else { A };
        assert_eq!(one(&world, source, email).to(0).records(), [("unchanged", 1)]);
    }
    assert_eq!(world.list(), before);
    let findings = world.findings("source-conflict");
    assert_eq!(findings.len(), 1);
    assert!(findings[0].1.contains("extens") && findings[0].1.contains("procapita"), "{findings:?}");
    assert!(!findings[0].1.contains('@'), "no value in a finding");
    one(&world, "procapita", "b@example.org").to(0);
    assert_eq!(world.email(1), "b@example.org source:procapita", "it said something new");
    one(&world, "extens", "b@example.org").to(0);
    assert_eq!(world.findings("source-conflict"), []);
}

#[test]
fn the_last_one_read_or_the_first_of_a_list_counts_where_the_setting_says_so() {
    let nights = |world: &World| {
        one(world, "procapita", A);
        one(world, "extens", "x@example.org");
        one(world, "procapita", A);
        world.email(1)
    };
    let world = World::with_three("contacts.conflict = \"last-synced\"\n");
    assert_eq!(nights(&world), "a@example.org source:procapita");
    one(&world, "extens", "x@example.org");
    assert_eq!(world.email(1), "x@example.org source:extens");
    let world = World::with_three("contacts.conflict = [\"extens\", \"procapita\"]\n");
    assert_eq!(nights(&world), "x@example.org source:extens");
    // The highest says nothing any more: the next one is heard, though it says what it said.
    one(&world, "extens", "");
    one(&world, "procapita", A);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn equal_rows_count_once_and_a_field_on_which_rows_disagree_is_not_said() {
    let world = World::with_three("");
    let header = "id_number;category;email;mobile";
    let rows = [format!("{ANNA};guardian;{A};070-174 06 05"), format!("{ANNA};guardian;{A};+46701740605")];
    let rows = [rows[0].as_str(), rows[1].as_str(), rows[1].as_str()];
    let done = world.sync_with("procapita", header, &rows, &[]).to(0);
    assert_eq!(done.records(), [("changed", 2), ("skipped", 1)]);
    let rows = [format!("{ANNA};guardian;b@example.org;"), format!("{ANNA};staff;c@example.org;")];
    let done = world.sync_with("procapita", header, &[&rows[0], &rows[1]], &[]).to(3);
    assert_eq!(done.found(), [("source-conflict".to_owned(), "person:1".to_owned())]);
    assert_eq!(world.email(1), "a@example.org source:procapita");
    let person = world.person(1);
    assert_eq!(person["categories"], json!({"procapita": ["staff", "guardian"]}));
    assert_eq!(person["contacts"]["mobile"]["value"], "+46701740605", "an empty cell keeps");
    world.sync_with("procapita", header, &[&format!("{ANNA};guardian;b@example.org;")], &[]).to(0);
    assert_eq!(world.findings("source-conflict"), []);
}

#[test]
fn absence_is_not_a_statement() {
    let world = World::with_three("contacts.empty.email = \"clear\"\n");
    one(&world, "procapita", A).to(0);
    world.sync("procapita", &[&row(BO, "bo@example.org")]).to(0);
    world.sync_with("procapita", "id_number;category", &[&format!("{ANNA};guardian")], &[]).to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn a_bad_value_counts_as_not_said_is_listed_and_the_rest_of_its_row_is_used() {
    let world = World::with_three("contacts.empty.email = \"clear\"\n");
    let header = "id_number;category;email;mobile;phone";
    world.sync_with("procapita", header, &[&format!("{ANNA};guardian;{A};;")], &[]).to(0);
    let row = format!("{ANNA};guardian;nobody;070-174 06 05;12");
    let done = world.sync_with("procapita", header, &[&row], &[]).to(3);
    assert_eq!(done.records(), [("changed", 1)]);
    let rejected = done.json["rejected"].as_array().unwrap();
    let told: Vec<_> = rejected.iter().map(|one| (one["record"].as_u64(), one["code"].as_str())).collect();
    assert_eq!(told, [(Some(2), Some("email-shape")), (Some(2), Some("phone-shape"))]);
    assert!(!done.json.to_string().contains("nobody"));
    assert_eq!(world.email(1), "a@example.org source:procapita");
    assert_eq!(world.person(1)["contacts"]["mobile"]["value"], "+46701740605");
    // Told again each night, but news only once.
    let done = world.sync_with("procapita", header, &[&row], &[]).to(0);
    assert_eq!(done.json["rejected"].as_array().unwrap().len(), 2);
}

#[test]
fn categories_of_sources_decide_who_is_on_the_list_to_spar() {
    let world = World::with("spar.categories = [\"student\"]\n");
    world.sync("procapita", &[&format!("{ANNA};student;"), &format!("{BO};guardian;")]).to(0);
    let state = |id| world.person(id)["spar"]["state"].as_str().unwrap().to_owned();
    assert_eq!((state(1), state(2)), ("queued".to_owned(), "none".to_owned()));
    assert_eq!(world.person(1)["category"], json!(null));
    let done = world.run(&["spar-export"]).to(0);
    assert_eq!(done.count("sent"), 1);
    assert_eq!((state(1), state(2)), ("sent".to_owned(), "none".to_owned()));
}
