//! What keeps people, cases, documents, drafts and events.

use mantal::domain::person::PersonId;
use mantal::domain::retention::Target;
use mantal::jobs::purge::Wish;
use mantal::jobs::purge::explain::explain;
use serde_json::{Value, json};

use crate::support::World;
use crate::world::{count, idle, only, purge};

/// A case of somebody, closed long ago.
fn case(person: i64) -> String {
    format!(
        "INSERT INTO case_record (reference, person_id, class, opened, closed)
         VALUES ('c{person}', {person}, 'A', '2015-01-01', '2016-01-01');"
    )
}

fn reasons(world: &World, person: i64) -> Vec<Value> {
    let today = "2026-11-22".parse().unwrap();
    let answer = explain(&world.registry(), &world.settings, today, PersonId(person)).unwrap();
    let row = |row: &Value| json!([row["target"], row["reason"], row["until"]]);
    answer["reasons"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn each_reason_keeps_its_person_and_is_explained_with_its_end() {
    let world = idle(9);
    world.sql(&format!(
        "{}{}{}
         UPDATE case_record SET closed = NULL WHERE person_id = 1;
         UPDATE case_record SET hold = 'court' WHERE person_id = 2;
         INSERT INTO document (reference, case_id, key1, disposable1, key2, disposable2)
             SELECT 'd', id, 'k', 1, 'l', 0 FROM case_record WHERE person_id = 3;
         INSERT INTO obligation (reference, person_id, kind, valid_to) VALUES ('o', 4, 'loan', '2026-11-22');
         INSERT INTO obligation (reference, person_id, kind, valid_to) VALUES ('p', 5, 'loan', '2026-11-21');
         UPDATE person SET held_since = '2026-01-01', held_until = '2027-01-01' WHERE id = 6;
         INSERT INTO relation (person_id, related_id, kind) VALUES (7, 6, 'guardian');
         UPDATE person SET class = 'unknown' WHERE id = 8;
         INSERT INTO subscription (reference, person_id, kind) VALUES ('s', 9, 'news')",
        case(1),
        case(2),
        case(3)
    ));
    let rows = [
        (1, json!([["case", "open", null], ["person", "case", null]])),
        (2, json!([["case", "hold", null], ["person", "case", null]])),
        (3, json!([["case", "document", null], ["person", "case", null]])),
        (4, json!([["person", "obligation", "2026-11-23"]])),
        (5, json!([["person", "period", "2027-11-21"]])), // ended: activity only
        (6, json!([["person", "hold", "2027-01-02"]])),
        (7, json!([["person", "guardian", null]])),
        (8, json!([["person", "no-class", null]])),
        (9, json!([])), // a subscription keeps no one
    ];
    for (person, expected) in rows {
        assert_eq!(json!(reasons(&world, person)), expected, "person:{person}");
    }
    let report = world.confirm();
    assert_eq!(world.ids(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(count(&report, "removed_subscriptions"), 1);
    // Somebody without a class is a finding, one for all.
    assert_eq!(report.exit, 3);
    assert_eq!(
        world.ask("SELECT subject FROM finding WHERE kind = 'no-class' AND state = 'open'"),
        ["target:person"]
    );
    world.sql("UPDATE person SET class = 'A' WHERE id = 8");
    world.confirm();
    assert_eq!(world.ask("SELECT count(*) FROM finding WHERE kind = 'no-class' AND state = 'open'"), ["0"]);
}

#[test]
fn a_hold_on_a_person_stops_every_target_of_theirs() {
    let world = idle(1);
    world.sql(&format!(
        "{} UPDATE person SET held_since = '2026-01-01';
         UPDATE case_record SET marked = 1, removed = 1;
         INSERT INTO draft (reference, person_id, touched) VALUES ('x', 1, '2015-01-01');
         INSERT INTO event (reference, person_id, touched) VALUES ('x', 1, '2015-01-01');",
        case(1)
    ));
    for target in Target::ALL {
        world.run_to(0, &mut only(target));
    }
    world.run_to(0, &mut purge(Wish::Confirm));
    for table in ["person", "case_record", "draft", "event"] {
        assert_eq!(world.rows(table), 1, "{table}");
    }
    world.sql("UPDATE person SET held_until = '2026-11-21'");
    world.run_to(0, &mut purge(Wish::Confirm));
    for table in ["person", "case_record", "draft", "event"] {
        assert_eq!(world.rows(table), 0, "{table}");
    }
}

#[test]
fn a_hold_on_a_case_keeps_its_documents_drafts_and_events() {
    let world = idle(1);
    world.sql(&format!(
        "{} UPDATE case_record SET hold = 'court';
         INSERT INTO document (reference, case_id, key1, disposable1) VALUES ('d', 1, 'k', 1);
         INSERT INTO draft (reference, person_id, touched, case_id) VALUES ('x', 1, '2015-01-01', 1);
         INSERT INTO event (reference, person_id, touched, case_id) VALUES ('x', 1, '2015-01-01', 1);",
        case(1)
    ));
    world.run_to(0, &mut purge(Wish::Confirm));
    for table in ["person", "case_record", "document", "draft", "event"] {
        assert_eq!(world.rows(table), 1, "{table}");
    }
}

#[test]
fn an_event_whose_case_goes_is_one_without_a_case() {
    let world = idle(1);
    world.sql(&format!(
        "{} UPDATE person SET class = 'none';
         INSERT INTO document (reference, case_id, key1, disposable1) VALUES ('d', 1, 'k', 1);
         INSERT INTO event (reference, person_id, touched, case_id) VALUES ('old', 1, '2026-10-23', 1);
         INSERT INTO event (reference, person_id, touched, case_id) VALUES ('new', 1, '2026-10-24', 1);
         INSERT INTO draft (reference, person_id, touched, case_id) VALUES ('young', 1, '2026-10-23', 1);",
        case(1)
    ));
    let report = world.confirm();
    assert_eq!((count(&report, "removed_cases"), count(&report, "removed_documents")), (1, 1));
    assert_eq!(world.ask("SELECT reference FROM event WHERE case_id IS NULL"), ["new"]);
    assert_eq!(world.ask("SELECT reference FROM draft WHERE case_id IS NULL"), ["young"]);
}

#[test]
fn what_somebody_did_last_is_not_forgotten_with_the_case_that_showed_it() {
    let world = idle(1);
    world.classes("A,person,P20Y,last_activity,no,delete,0\nA,case,P1Y,closed,no,delete,0\n");
    world.sql(&case(1));
    world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!(world.rows("case_record"), 0);
    assert_eq!(reasons(&world, 1), [json!(["person", "period", "2036-01-01"])]);
}

#[test]
fn cases_that_are_not_acted_on_keep_their_person() {
    let world = idle(2);
    world.sql(&case(1));
    world.run_to(0, &mut only(Target::Person));
    assert_eq!(world.ids(), [1]);
    world.run_to(0, &mut only(Target::Case));
    assert_eq!((world.ids(), world.rows("case_record")), (vec![1], 0));
    world.run_to(0, &mut only(Target::Person));
    assert_eq!(world.ids(), [0; 0]);
}

#[test]
fn guardians_leave_with_those_in_their_care_and_not_before() {
    let world = idle(4);
    world.sql(
        "INSERT INTO relation (person_id, related_id, kind) VALUES (1, 2, 'guardian'), (2, 3, 'guardian'), (4, 1, 'guardian');
         UPDATE person SET entered_on = '2026-06-01' WHERE id = 3",
    );
    world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!(world.ids(), [1, 2, 3, 4]);
    world.sql("UPDATE person SET entered_on = '2015-06-01' WHERE id = 3");
    world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!(world.ids(), [0; 0]);
}

#[test]
fn protected_people_are_in_no_table_but_in_one_total_and_their_reasons_have_no_dates() {
    let world = idle(3);
    world.sql(&format!(
        "{} UPDATE case_record SET closed = NULL; UPDATE person SET concealment = 2 WHERE id IN (1, 2);",
        case(1)
    ));
    let report = world.propose(&[]);
    let answer = report.answer.unwrap();
    assert_eq!(answer["due"], json!([{ "target": "person", "class": "A", "action": "delete", "count": 1 }]));
    assert_eq!((&answer["kept"], &answer["protected"]), (&json!([]), &json!(1)));
    assert_eq!(report.run.unwrap().counts["due"], 2);
    assert_eq!(reasons(&world, 1), [json!(["case", "open", null]), json!(["person", "case", null])]);
    let today = "2026-11-22".parse().unwrap();
    let answer = explain(&world.registry(), &world.settings, today, PersonId(1)).unwrap();
    assert_eq!(
        (&answer["class"], &answer["rule"], &answer["reasons"][0]["id"]),
        (&json!(null), &json!(null), &json!(null))
    );
}
