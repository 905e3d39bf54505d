//! Holding somebody by hand, and who is still active with us.

use crate::world::{ANNA, BO, World, numbers};

fn hold(world: &World, id: &str) -> serde_json::Value {
    world.run(&["person", "show", id]).json["hold"].clone()
}

#[test]
fn a_hold_has_a_reason_lasts_until_its_day_and_can_be_released_and_undone() {
    let world = World::with_three("");
    let reason = "Kanarieskäl";
    let held = world.run(&["person", "hold", "person:1", "--reason", reason, "--until", "2026-12-31"]).to(0);
    let expected = serde_json::json!({"since": "2026-11-22", "until": "2026-12-31"});
    assert_eq!(hold(&world, "person:1"), expected);
    assert_eq!(world.ask("SELECT verb || ' ' || reason FROM reason"), [format!("hold {reason}")]);
    let told = format!("{} {}", held.json, world.run(&["person", "show", "person:1"]).json);
    assert!(!told.contains(reason), "why somebody is held is shown by nothing");
    assert_eq!(world.ask("SELECT person_id || ' ' || until FROM held_person"), ["1 2026-12-31"]);
    let longer = ["person", "hold", ANNA, "--reason", "longer", "--today", "2026-12-01"];
    world.run(&longer).to(0);
    assert_eq!(hold(&world, "person:1"), serde_json::json!({"since": "2026-11-22", "until": null}));
    assert_eq!(world.ask("SELECT until FROM held_person"), ["9999-12-31"]);
    let release = world.run(&["person", "release", "person:1", "--reason", "over"]).to(0).run_id();
    assert_eq!(hold(&world, "person:1"), serde_json::Value::Null);
    assert!(world.ask("SELECT until FROM held_person").is_empty());
    world.run(&["undo", &release]).to(0);
    assert_eq!(hold(&world, "person:1"), serde_json::json!({"since": "2026-11-22", "until": null}));
    world.run(&["undo", &held.run_id()]).to(3);
}

#[test]
fn a_hold_that_would_hold_nothing_and_a_release_of_nobody_are_refused() {
    let world = World::with_three("");
    let past = world.run(&["person", "hold", "person:1", "--reason", "x", "--until", "2026-11-21"]).to(2);
    assert_eq!(past.error(), "hold-is-over");
    assert_eq!(
        world.run(&["person", "release", "person:1", "--reason", "x"]).to(1).error(),
        "person-not-held"
    );
    assert_eq!(world.run(&["person", "hold", "person:9", "--reason", "x"]).to(1).error(), "not-found");
    // One that was over begins anew.
    world.run(&["person", "hold", "person:1", "--reason", "x", "--until", "2026-11-22"]).to(0);
    world.run(&["person", "hold", "person:1", "--reason", "x", "--today", "2026-11-23"]).to(0);
    assert_eq!(hold(&world, "person:1")["since"], "2026-11-23");
}

#[test]
fn a_protected_person_is_held_and_nobody_sees_it() {
    let world = World::with_three("");
    world.run(&["person", "hold", "person:1", "--reason", "x"]).to(0);
    world.run(&["person", "protect", "person:1", "--reason", "x"]).to(0);
    assert_eq!(hold(&world, "person:1"), serde_json::Value::Null);
    assert_eq!(world.ask("SELECT person_id FROM held_person"), ["1"]);
    assert_eq!(
        world
            .run(&["person", "hold", "person:1", "--reason", "x", "--until", "2027-01-01", "-v"])
            .to(0)
            .changes(),
        ["person:1 person.hold null → null"]
    );
}

#[test]
fn everything_of_somebody_held_stays_when_a_whole_file_has_it_no_more() {
    let world = World::with_three("");
    let loans = |rows: &str| format!("id;id_number;kind\n{rows}");
    let (anna, bo) = (format!("L-1;{ANNA};loan\n"), format!("L-2;{BO};loan\n"));
    world.import("obligation", &loans(&format!("{anna}{bo}")), &[]).to(0);
    let cases = format!("case;id_number;class;opened\nS-1;{ANNA};A;2020-01-01\nS-2;{BO};A;2020-01-01\n");
    world.import("case", &cases, &[]).to(0);
    world.run(&["person", "hold", "person:1", "--reason", "x", "--until", "2026-11-22"]).to(0);
    let bo_only = format!("case;id_number;class;opened\nS-2;{BO};A;2020-01-01\n");
    assert_eq!(world.import("case", &bo_only, &["--full"]).to(0).count("kept"), 1);
    assert_eq!(world.import("obligation", &loans(&bo), &["--full"]).to(0).count("kept"), 1);
    let done = world.import("obligation", &loans(&bo), &["--full", "--today", "2026-11-23"]).to(0);
    assert_eq!((done.count("kept"), done.count("removed")), (0, 1), "the day after its last");
}

#[test]
fn an_open_case_or_an_obligation_that_lasts_makes_somebody_active_with_us() {
    let world = World::with("municipality = [\"0581\"]");
    let people = numbers(5);
    let rows: Vec<String> = people.iter().map(|number| format!("{number}\n")).collect();
    world.import("person", &format!("id_number\n{}", rows.concat()), &[]).to(0);
    // Nothing but what follows makes them active.
    world.sql().execute("UPDATE person SET category = ''", []).unwrap();
    let cases = format!(
        "case;id_number;class;opened;closed\nS-1;{};A;2020-01-01;\nS-2;{};A;2020-01-01;2026-11-22\n",
        people[0], people[1]
    );
    world.import("case", &cases, &[]).to(0);
    let loans = format!(
        "id;id_number;kind;to\nL-1;{};loan;2026-11-22\nL-2;{};loan;2026-11-21\n",
        people[2], people[3]
    );
    world.import("obligation", &loans, &[]).to(0);
    let rows: Vec<String> = people.iter().map(|number| format!("{number};no;0581;Gatan 1\n")).collect();
    let file =
        world.file("register.csv", &format!("id_number;protected;municipality;street\n{}", rows.concat()));
    world.run(&["population-import", &file]).to(0);
    world.run(&["update-persons", "--scope", "changed"]).to(0);
    assert_eq!(world.ask("SELECT person_id FROM address ORDER BY person_id"), ["1", "3"]);
}
