//! rules.md, spar-export 1: who is on a list.

use super::support::{ANNA, BO, CECILIA, Post, WRONG, World, spar_file};

const OTHER: &str = "191202119150";

fn sent(world: &World) -> Vec<String> {
    world.export();
    let mut numbers: Vec<String> = Vec::new();
    for (name, content) in world.put() {
        assert!(!name.contains(".part"));
        let list = String::from_utf8(content).unwrap();
        numbers.extend(list.split(',').map(str::to_owned));
    }
    world.collect();
    numbers
}

fn answer(world: &World, sequence: u32, posts: &[Post<'_>]) {
    world.leave(&format!("SPARAvisering_{sequence}.xml"), &spar_file(2 + sequence, sequence, posts));
    let done = world.fetch();
    assert!(matches!(done.exit, 0 | 3), "{}", done.json);
}

#[test]
fn a_new_list_holds_those_of_the_categories_with_the_box_on_and_a_right_number() {
    let world = World::with("");
    world.people(&[
        (ANNA, "borrower;"),
        (BO, "student;"),
        (CECILIA, "borrower;no"),
        (WRONG, "borrower;"),
        ("19120211-TF01", "borrower;"),
        ("191401682396", "borrower;"),
    ]);
    assert_eq!(sent(&world), ["191401682396", ANNA]);
    assert_eq!(world.state(BO), "none");
    assert_eq!(world.state(CECILIA), "none");
    assert_eq!(world.state(WRONG), "held");
    assert!(sent(&world).is_empty(), "nobody twice");
}

#[test]
fn every_category_can_be_asked_about() {
    let world = World::with("spar.categories = [\"*\"]");
    world.people(&[(ANNA, "borrower;"), (BO, "student;")]);
    assert_eq!(sent(&world), [ANNA, BO]);
}

#[test]
fn the_whole_list_holds_them_answered_protected_deregistered_or_box_off_but_not_the_dead() {
    let world = World::with_three("spar.mode = \"all\"\nlimits.list_shrink_floor = 20");
    world.people(&[(OTHER, "borrower;no")]);
    assert_eq!(sent(&world), [OTHER, ANNA, BO, CECILIA]);
    answer(&world, 1, &[Post::Lives(ANNA, "Storgatan 1"), Post::Protected(BO), Post::Died(CECILIA)]);
    assert_eq!(sent(&world), [OTHER, ANNA, BO]);
    assert_eq!(world.state(ANNA), "answered");
}

#[test]
fn a_failing_check_digit_is_held_with_a_finding_and_counted() {
    let world = World::with("");
    let done = world.people(&[(WRONG, ""), (ANNA, "")]).to(3);
    assert_eq!(done.found(), ["check-digit"]);
    let done = world.export().to(0);
    assert_eq!((done.count("sent"), done.count("withheld")), (1, 1));
    assert_eq!(world.list(), ANNA);
}

#[test]
fn a_corrected_number_enters() {
    let world = World::with("");
    world.people(&[(WRONG, "")]);
    assert!(sent(&world).is_empty());
    world.set(WRONG, &["--id-number", ANNA]);
    assert_eq!(sent(&world), [ANNA]);
}

#[test]
fn a_temporary_number_that_became_a_real_one_enters() {
    let world = World::with("");
    world.people(&[("19120211-TF01", "")]);
    assert!(sent(&world).is_empty());
    world.set("19120211-TF01", &["--id-number", OTHER]);
    assert_eq!(sent(&world), [OTHER]);
}

#[test]
fn a_new_number_after_a_change_enters_and_the_old_one_is_asked_no_more() {
    let world = World::with_three("");
    assert_eq!(sent(&world).len(), 3);
    answer(&world, 1, &[Post::Changed(ANNA, OTHER)]);
    assert_eq!(world.state(OTHER), "queued");
    assert_eq!(sent(&world), [OTHER]);
    assert!(sent(&world).is_empty());
}

#[test]
fn a_box_turned_on_enters() {
    let world = World::with("");
    world.people(&[(ANNA, ";no")]);
    assert!(sent(&world).is_empty());
    world.set(ANNA, &["--allow-update", "yes"]);
    assert_eq!(sent(&world), [ANNA]);
}

#[test]
fn who_was_looked_up_online_is_left_out_of_the_next_list_only() {
    let world = World::with("");
    world.people(&[(ANNA, ""), (BO, "")]);
    world.set(ANNA, &["--refreshed"]);
    assert_eq!(sent(&world), [BO]);
    assert_eq!(world.state(ANNA), "queued");
    assert_eq!(sent(&world), [ANNA]);
    assert!(sent(&world).is_empty());
}

#[test]
fn a_list_that_does_not_get_through_is_not_the_next_list() {
    let world = World::with("");
    world.people(&[(ANNA, ""), (BO, "")]);
    world.set(ANNA, &["--refreshed"]);
    std::fs::rename(world.path("w/drop/in"), world.path("in")).unwrap();
    world.export().to(5);
    std::fs::rename(world.path("in"), world.path("w/drop/in")).unwrap();
    assert_eq!(sent(&world), [BO]);
    assert_eq!(sent(&world), [ANNA]);
}

#[test]
fn whoever_was_answered_without_being_asked_is_not_asked() {
    let world = World::with_three("");
    answer(&world, 1, &[Post::Lives(BO, "Storgatan 2")]);
    assert_eq!(sent(&world), [ANNA, CECILIA]);
}

#[test]
fn whom_spar_knew_before_us_is_asked_again_only_for_a_new_number() {
    let world = World::with("");
    world.people_as(&[(ANNA, ""), (BO, "")], &["--known"]);
    assert_eq!((world.state(ANNA).as_str(), sent(&world).len()), ("none", 0));
    world.set(ANNA, &["--id-number", OTHER]);
    assert_eq!(sent(&world), [OTHER]);
}

#[test]
fn the_whole_list_asks_nothing_about_whom_spar_knew_before_us() {
    let world = World::with("spar.mode = \"all\"\nspar.format = \"xml-2023.1\"");
    world.people_as(&[(ANNA, "")], &["--known"]);
    world.people(&[(BO, "")]);
    world.export().to(0);
    let list = world.list();
    assert!(list.contains(&format!("<InfilIdNummer>{ANNA}</InfilIdNummer>")), "{list}");
    assert!(list.contains(&format!("nulage=\"JA\">{BO}<")), "{list}");
}

#[test]
fn the_unprotected_are_asked_about_anew() {
    for mode in ["new", "all"] {
        let world = World::with_three(&format!("spar.mode = \"{mode}\""));
        assert_eq!(sent(&world).len(), 3);
        answer(&world, 1, &[Post::Protected(ANNA)]);
        world.run(&["person", "unprotect", ANNA, "--reason", "lifted"]);
        assert_eq!(world.spar(ANNA)["sent"], serde_json::Value::Null);
        match mode {
            "new" => assert_eq!(sent(&world), [ANNA]),
            // A list of this form can't ask, and the list is the same.
            _ => assert!(sent(&world).is_empty()),
        }
    }
}
