//! What people change themselves, in another system or at the desk, and giving it back.

use crate::support::{ANNA, BO, CECILIA, Done, World};

const HEADER: &str = "id_number;email;changed_at\n";

fn edits(world: &World, rows: &[String]) -> Done {
    world.run_on(
        "edits.csv",
        &format!("{HEADER}{}\n", rows.join("\n")),
        &["person", "import", "--user-edits"],
    )
}

fn sync(world: &World, email: &str) -> Done {
    world.sync("procapita", &[&format!("{ANNA};guardian;{email}")])
}

#[test]
fn an_edit_is_the_persons_own_and_an_earlier_one_that_comes_late_is_skipped() {
    let world = World::with_three("");
    sync(&world, "a@example.org").to(0);
    let edit = |email: &str, at: &str| edits(&world, &[format!("{ANNA};{email};{at}")]);
    assert_eq!(edit("own@example.org", "2026-11-02T08:00:00Z").to(0).records(), [("changed", 1)]);
    assert_eq!(world.email(1), "own@example.org person*");
    for at in ["2026-11-01T08:00:00Z", "2026-11-02T09:00:00+01:00"] {
        assert_eq!(edit("late@example.org", at).to(0).records(), [("skipped", 1)], "{at}");
    }
    assert_eq!(edit("own@example.org", "2026-11-03").to(0).records(), [("unchanged", 1)]);
    assert_eq!(edit("late@example.org", "2026-11-02T12:00:00Z").to(0).records(), [("skipped", 1)]);
    // Emptied: the source fills it again, and an older edit does not.
    assert_eq!(edit("", "").to(0).records(), [("changed", 1)]);
    assert_eq!(edit("late@example.org", "2026-11-04").to(0).records(), [("skipped", 1)]);
    assert_eq!(world.email(1), "-");
    sync(&world, "a@example.org").to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn edits_of_one_person_are_taken_in_the_order_of_their_instants() {
    for turned in [false, true] {
        let world = World::with_three("");
        let mut rows = vec![
            format!("{ANNA};first@example.org;2026-11-01T08:00:00Z"),
            format!("{ANNA};second@example.org;2026-11-02T08:00:00Z"),
        ];
        if turned {
            rows.reverse();
        }
        assert_eq!(edits(&world, &rows).to(0).records(), [("changed", 2)]);
        assert_eq!(world.email(1), "second@example.org person*");
    }
}

#[test]
fn every_edit_is_in_exactly_one_count() {
    let world = World::with_three("");
    world.run(&["person", "protect", "person:2", "--reason", "test"]).to(0);
    let rows = [
        format!("{ANNA};own@example.org;"),
        format!("{BO};own@example.org;"),
        "189001029819;own@example.org;".to_owned(),
        format!("{CECILIA};nobody;"),
        "no number;own@example.org;".to_owned(),
    ];
    let done = edits(&world, &rows).to(3);
    let expected = [("changed", 1), ("unchanged", 1), ("unknown", 1), ("skipped", 1), ("rejected", 1)];
    assert_eq!(done.records(), expected);
    assert_eq!(done.count("protected"), 1);
    assert_eq!(world.ask("SELECT count(*) FROM contact_edit"), ["1"]);
}

#[test]
fn by_the_person_at_the_desk_counts_like_an_edit_and_bad_values_are_refused() {
    let world = World::with_three("");
    world.run(&["person", "set", "person:1", "--mobile", "070-174 06 05", "--by-person"]).to(0);
    let mobile = &world.person(1)["contacts"]["mobile"];
    assert_eq!(
        (mobile["value"].as_str(), mobile["user_changed"].as_bool()),
        (Some("+46701740605"), Some(true))
    );
    let words = ["person", "import", "--user-edits"];
    let late = format!("id_number;mobile;changed_at\n{ANNA};070-174 06 06;2020-01-01\n");
    assert_eq!(world.run_on("late.csv", &late, &words).to(0).records(), [("skipped", 1)]);
    for (flag, value) in [("--email", "nobody"), ("--mobile", "12")] {
        assert_eq!(world.run(&["person", "set", "person:1", flag, value]).to(2).error(), "bad-contact");
    }
}

#[test]
fn what_is_given_back_takes_the_next_sync_and_not_before() {
    let world = World::with_three("");
    sync(&world, "a@example.org").to(0);
    world.sync("extens", &[&format!("{BO};staff;b@example.org")]).to(0);
    for id in ["person:1", "person:2", "person:3"] {
        world.run(&["person", "set", id, "--email", "own@example.org", "--by-person"]).to(0);
    }
    let done = world.run(&["contacts", "reset", "--category", "guardian"]).to(0);
    assert_eq!((done.count("changed"), done.count("freed")), (1, 1));
    assert_eq!([1, 2].map(|id| world.email(id)), ["own@example.org person", "own@example.org person*"]);
    sync(&world, "a@example.org").to(0);
    assert_eq!(world.email(1), "a@example.org source:procapita");
    world.run(&["contacts", "reset", BO, "person:3"]).to(0);
    world.sync("extens", &[&format!("{BO};staff;b@example.org")]).to(0);
    assert_eq!([2, 3].map(|id| world.email(id)), ["b@example.org source:extens", "own@example.org person"]);
    assert_eq!(world.run(&["contacts", "reset", "person:9"]).to(1).error(), "not-found");
}
