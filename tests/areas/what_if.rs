//! `update-areas --what-if`: a planner asks what other links would mean, and nothing is changed.

use serde_json::json;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.people(&["1132", "1132", "1140", "1150", ""]);
    world.link("1132*;North;school;;\n1140*;South;school;;\n1*;Care;care;;\n", &[]).to(0);
    world.update().to(3);
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    world
}

fn ask(world: &World, rows: &str) -> crate::support::Done {
    let file = world.file("plan.csv", &format!("key_code;area;activity\n{rows}"));
    world.run(&["update-areas", "--what-if", &file])
}

#[test]
fn a_planner_sees_people_per_area_now_and_then_and_how_many_move() {
    let world = world();
    let before = (world.text(&["person", "list", "--json"]).1, world.links(), world.unlinked());
    let done = ask(&world, "1132;East;school\n115*;East;school\n").to(0);
    // Of the protected person there is one total; no area has them, now or then. Care is not in the file and stays.
    let areas = json!([
        { "activity": "care", "area": null, "now": 1, "then": 1 },
        { "activity": "care", "area": "Care", "now": 3, "then": 3 },
        { "activity": "school", "area": null, "now": 2, "then": 2 },
        { "activity": "school", "area": "East", "now": 0, "then": 2 },
        { "activity": "school", "area": "North", "now": 1, "then": 0 },
        { "activity": "school", "area": "South", "now": 1, "then": 0 },
    ]);
    assert_eq!(done.json["areas"], areas);
    let moves = json!([
        { "activity": "school", "from": null, "to": "East", "people": 1 },
        { "activity": "school", "from": "North", "to": "East", "people": 1 },
        { "activity": "school", "from": "South", "to": null, "people": 1 },
    ]);
    assert_eq!(done.json["moves"], moves);
    assert_eq!(done.json["unlinked"], json!([{ "activity": "school", "key_code": "1140", "people": 1 }]));
    assert_eq!((done.count("moved"), done.count("protected"), done.count("read")), (3, 1, 5));
    assert_eq!(done.json["run"]["dry_run"], true);
    let after = (world.text(&["person", "list", "--json"]).1, world.links(), world.unlinked());
    assert_eq!(after, before);
    // What was shown is what comes.
    world.link("1132;East;school;;\n115*;East;school;;\n", &[]).to(3);
    assert_eq!(world.update().json["moves"], moves);
}

#[test]
fn the_tables_stand_on_standard_output() {
    let world = world();
    let file = world.file("plan.csv", "key_code;area;activity\n1132;East;school\n");
    let (exit, out, err) = world.text(&["update-areas", "--what-if", &file, "--lang", "en"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    for line in ["school    East      0     1", "school    North      East          1"] {
        assert!(out.lines().any(|shown| shown == line), "{line}: {out}");
    }
}

#[test]
fn a_planners_file_is_judged_as_area_import_judges_it() {
    let world = world();
    let done = ask(&world, "*;East;school\n1;A;school\n1;B;school\n").to(1);
    let expected = [(2, "link-code-star"), (3, "link-twice"), (4, "link-twice")];
    assert_eq!(done.rejected(), expected.map(|(line, code)| (line, code.to_owned())));
    assert!(done.json.get("areas").is_none());
}

#[test]
fn a_plan_that_would_be_held_is_shown_all_the_same() {
    let world = World::new();
    world.people(&["1132"; 30]);
    world.link("1132*;North;school;;\n", &[]).to(0);
    world.update().to(0);
    let done = ask(&world, "9*;South;school\n").to(0);
    assert_eq!(
        done.json["moves"],
        json!([{ "activity": "school", "from": "North", "to": null, "people": 30 }])
    );
}
