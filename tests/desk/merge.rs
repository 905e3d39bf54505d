//! `person merge` and its undo. (docs/merge.md)

use serde_json::Value;

use crate::mirror;
use crate::support::{NUMBERS, World};

/// Person 1 and 2, each with a case, a loan and a guardian; person 2 was asked of SPAR, and in a source.
fn world() -> World {
    let world = World::with_people(4);
    world.execute(
        "INSERT INTO case_record (reference, person_id, opened) VALUES ('a', 1, '2026-01-01'), ('b', 2, '2026-01-01');
         INSERT INTO obligation (reference, person_id, kind) VALUES ('l', 2, 'loan');
         INSERT INTO relation (person_id, related_id, kind) VALUES (3, 1, 'guardian'), (3, 2, 'guardian'), (4, 2, 'guardian');
         UPDATE number SET sent_on = '2026-10-01', answer_due_on = '2026-12-31', known_to_spar = 1 WHERE person_id = 2;",
    );
    let rows = format!("id_number,category,email,mobile\n{},student,k@example.org,0701740605\n", NUMBERS[1]);
    world.run_on("s.csv", &rows, &["sync-contacts", "--source", "extens"]).to(0);
    world
}

fn person(world: &World, id: i64) -> Value {
    world.list().into_iter().find(|person| person["person"] == id).unwrap_or_default()
}

/// Everything that a merge may touch.
fn everything(world: &World) -> Vec<String> {
    let mut all = world.text(&["person", "list", "--json"]).lines().map(str::to_owned).collect::<Vec<_>>();
    for sql in [
        "SELECT 'case ' || reference || person_id FROM case_record ORDER BY 1",
        "SELECT 'loan ' || reference || person_id FROM obligation ORDER BY 1",
        "SELECT 'relation ' || person_id || ' ' || related_id FROM relation ORDER BY 1",
        "SELECT 'number ' || key || ' ' || person_id || ' ' || former || coalesce(sent_on, '') || known_to_spar FROM number ORDER BY 1",
        "SELECT 'said ' || person_id || source || coalesce(email, '') || categories FROM source_statement ORDER BY 1",
        "SELECT 'notice ' || person_id || kind || coalesce(other_id, '') FROM notice ORDER BY 1",
    ] {
        all.extend(world.ask(sql));
    }
    all
}

#[test]
fn one_record_is_left_with_the_numbers_the_cases_and_the_ledger_of_both() {
    let world = world();
    world.run(&["person", "merge", NUMBERS[0], NUMBERS[1]]).to(0);
    assert_eq!(person(&world, 2), Value::Null);
    let one = person(&world, 1);
    assert_eq!(one["id_number"], NUMBERS[0]);
    assert_eq!(one["former_numbers"], serde_json::json!([NUMBERS[1]]));
    assert_eq!(one["contacts"]["email"]["value"], "p0@example.org");
    assert_eq!(one["contacts"]["mobile"]["value"], "+46701740605");
    assert_eq!(one["categories"]["extens"], serde_json::json!(["student"]));
    let all = everything(&world);
    for expected in ["case a1", "case b1", "loan l1", "relation 3 1", "relation 4 1"] {
        assert!(all.contains(&expected.to_owned()), "{expected}: {all:?}");
    }
    let sent = world.ask("SELECT sent_on FROM number WHERE person_id = 1 AND former = 1");
    assert_eq!(sent, ["2026-10-01"]);
    // Whoever asks for the old number finds the one that is left.
    let found: Value = serde_json::from_str(&world.text(&["person", "show", NUMBERS[1], "--json"])).unwrap();
    assert_eq!(found["person"], 1);
}

#[test]
fn undo_takes_the_records_apart_again_as_they_were() {
    let world = world();
    let before = everything(&world);
    let dry = world.run(&["person", "merge", "person:1", "person:2", "--dry-run"]).to(0);
    assert!(dry.json["changes"].as_array().unwrap().iter().any(|change| change["person"] == 2));
    assert_eq!(everything(&world), before);
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    let after = everything(&world);
    assert_ne!(after, before);
    let undone = world.run(&["undo", &merged.run()]).to(0);
    assert_eq!(everything(&world), before);
    assert_eq!(world.run(&["undo", &undone.run()]).to(1).error(), "merge-again");
    world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    assert_eq!(everything(&world), after);
}

#[test]
fn an_undo_leaves_what_changed_since_and_is_refused_when_the_numbers_did() {
    let world = world();
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    world.run(&["person", "set", "person:1", "--mobile", "0701740606"]).to(0);
    world.run(&["undo", &merged.run()]).to(3);
    assert_eq!(person(&world, 1)["contacts"]["mobile"]["value"], "+46701740606");
    assert_eq!(person(&world, 2)["contacts"]["mobile"]["value"], "+46701740605");
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    world.run(&["person", "set", "person:1", "--id-number", NUMBERS[5]]).to(0);
    let before = everything(&world);
    assert_eq!(world.run(&["undo", &merged.run()]).to(1).error(), "unmerge-changed");
    assert_eq!(everything(&world), before);
}

#[test]
fn the_next_files_know_the_merged_record_and_make_no_twin() {
    let world = world();
    world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    let people = world.list().len();
    let rows = format!("id_number,category,email,mobile\n{},student,ny@example.org,0701740605\n", NUMBERS[1]);
    world.run_on("s.csv", &rows, &["sync-contacts", "--source", "extens"]);
    world.run_on("p.csv", &format!("id_number,comment\n{},hej\n", NUMBERS[1]), &["person", "import"]).to(0);
    assert_eq!(world.list().len(), people);
    assert_eq!(person(&world, 1)["comment"], "hej");
}

#[test]
fn the_answered_question_closes_and_its_number_is_the_current_one() {
    let world = World::with_people(3);
    world.execute(
        "INSERT INTO notice (person_id, kind, other_id) VALUES (1, 'two-records', 2), (3, 'two-records', 2)",
    );
    world.run(&["person", "set", "person:3", "--comment", "x"]);
    let open = |world: &World| -> Vec<String> {
        let all: Value =
            serde_json::from_str(&world.text(&["findings", "--kind", "two-records", "--json"])).unwrap();
        let open = all.as_array().unwrap().iter().filter(|finding| finding["state"] == "open");
        open.map(|finding| format!("{} {}", finding["subject"].as_str().unwrap(), finding["text"])).collect()
    };
    assert_eq!(open(&world).len(), 2);
    world.run(&["person", "merge", "person:1", "person:2"]);
    assert_eq!(person(&world, 1)["id_number"], NUMBERS[1], "the change of number led there");
    let left = open(&world);
    assert_eq!(left.len(), 1);
    assert!(left[0].starts_with("person:3") && left[0].contains("person:1"), "{left:?}");
}

#[test]
fn what_must_not_be_merged_is_refused_and_nothing_is_changed() {
    let world = world();
    world.run(&["person", "protect", "person:4", "--reason", "prov"]).to(0);
    world.execute("UPDATE person SET held_since = '2026-01-01' WHERE id = 2");
    let before = everything(&world);
    let rows = [
        ("person:1", "person:1", "merge-same"),
        ("person:1", "person:4", "merge-protected"),
        ("person:4", "person:1", "merge-protected"),
        ("person:3", "person:1", "merge-related"),
        ("person:1", "person:2", "merge-held"),
        ("person:1", "person:99", "not-found"),
    ];
    for (survivor, other, error) in rows {
        assert_eq!(world.run(&["person", "merge", survivor, other]).to(1).error(), error);
    }
    assert_eq!(everything(&world), before);
    world.run(&["person", "merge", "person:2", "person:1"]).to(0);
}

#[test]
fn a_consumer_of_the_feed_follows_a_merge_and_its_undo() {
    let world = world();
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    let mut copy = std::collections::BTreeMap::new();
    mirror::apply(&mut copy, &world.feed("0"));
    assert_eq!(
        copy.into_iter()
            .map(|(id, person)| (id, mirror::sorted(person)))
            .collect::<std::collections::BTreeMap<_, _>>(),
        mirror::expected(&world)
    );
    world.run(&["undo", &merged.run()]).to(0);
    let mut copy = std::collections::BTreeMap::new();
    mirror::apply(&mut copy, &world.feed("0"));
    assert_eq!(
        copy.into_iter()
            .map(|(id, person)| (id, mirror::sorted(person)))
            .collect::<std::collections::BTreeMap<_, _>>(),
        mirror::expected(&world)
    );
}

#[test]
fn who_becomes_protected_after_a_merge_leaves_no_values_in_the_journal_of_either_record() {
    let world = world();
    world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    world.run(&["person", "protect", "person:1", "--reason", "prov"]).to(0);
    assert_eq!(told(&world), ["3", "4"], "the journals of the others stay");
}

#[test]
fn who_becomes_protected_after_a_merge_was_undone_leaves_no_values_in_the_other_record() {
    let world = world();
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0);
    // Of person 2, taken for the one that both are.
    let rows = format!("id_number,category,mobile\n{},student,0701740611\n", NUMBERS[1]);
    world.run_on("s.csv", &rows, &["sync-contacts", "--source", "extens"]).to(0);
    world.run_on("s.csv", &rows.replace("11", "12"), &["sync-contacts", "--source", "extens"]).to(0);
    world.run(&["undo", &merged.run()]).to(3);
    world.run(&["person", "protect", "person:2", "--reason", "prov"]).to(0);
    assert_eq!(told(&world), ["1", "3", "4"]);
    let journal = world.ask("SELECT changes FROM journal WHERE changes IS NOT NULL").concat();
    for value in [NUMBERS[1], "46701740605", "46701740611"] {
        assert!(!journal.contains(value), "{value}: {journal}");
    }
}

/// People of whom the journal tells values.
fn told(world: &World) -> Vec<String> {
    world.ask(
        "SELECT DISTINCT CAST(person_id AS TEXT) FROM journal WHERE EXISTS (SELECT 1 FROM json_each(journal_json(changes))
           WHERE CASE json_type(journal_json(changes)) WHEN 'array' THEN coalesce(json_extract(value, '$[1]'), json_extract(value, '$[2]'))
                 ELSE value END IS NOT NULL)
         ORDER BY 1",
    )
}
