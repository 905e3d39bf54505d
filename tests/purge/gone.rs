//! Gone is gone: no byte of a purged person in any file that the program owns.

use std::fs;

use mantal::jobs::purge::Wish;
use mantal::jobs::update_search::UpdateSearch;

use crate::support::{World, numbers};
use crate::world::{count, idle, purge};

/// Somebody with a value of their own in every place that a run may write.
fn planted(world: &World) {
    world.sql(
        "UPDATE person SET comment = 'Kanariefågel' WHERE id = 1;
         INSERT INTO contact (person_id, field, value, origin, user_changed) VALUES (1, 'mobile', 'Kanarietelefon', 'import', 0);
         INSERT INTO source_statement (person_id, source, categories, email) VALUES (1, 'extens', 'student', 'kanarie@example.org');
         INSERT INTO finding (kind, subject, facts, params, state, first_seen, last_seen, run_id)
             VALUES ('update-blocked', 'person:1', 'Kanariefakta', '{}', 'open', '', '', 1);
         INSERT INTO reason (run_id, person_id, verb, reason) VALUES (1, 1, 'blocked', 'Kanarieskäl');
         INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending, street)
             SELECT key, kind, '0581', 0, 1, 0, 0, 'Kanariegatan' FROM number WHERE person_id = 1;
         INSERT INTO case_record (reference, person_id, class, opened, closed)
             VALUES ('Kanarieärende', 1, 'A', '2015-01-01', '2016-01-01');
         INSERT INTO document (reference, case_id, key1, disposable1) VALUES ('Kanariehandling', 1, 'k', 1);
         INSERT INTO obligation (reference, person_id, kind, valid_to) VALUES ('Kanarielån', 1, 'k', '2016-01-01');
         INSERT INTO subscription (reference, person_id, kind) VALUES ('Kanarieprenumeration', 1, 'k');
         INSERT INTO draft (reference, person_id, touched) VALUES ('Kanarieutkast', 1, '2026-11-20');
         INSERT INTO event (reference, person_id, touched) VALUES ('Kanariehändelse', 1, '2026-11-20');
         UPDATE person SET entered_on = '2010-01-01'",
    );
    // The draft and the event are too young to go by themselves, and keep nobody; they go with their person.
    world.classes("A,person,P1Y,created,no,delete,0\nA,case,P1Y,closed,no,delete,0\nR,person,P1Y,created,no,anonymise,0\nR,reduced,P1Y,created,no,delete,0\n");
    world.run(&mut UpdateSearch);
    let held = world.settings.spool.join("held");
    fs::create_dir_all(&held).unwrap();
    fs::write(held.join("file.xml"), format!("<a>{}</a>", numbers(1)[0])).unwrap();
}

const VALUES: [&str; 6] = ["Kanarie", "kanarie", "Förnamn0", "Efternamn0", "person0@", "Gatan 0"];

fn assert_nothing_left(world: &World, values: &[&str]) {
    for name in ["people.csv", "classes.csv"] {
        let _ = fs::remove_file(world.path(name));
    }
    for value in values {
        assert_eq!(world.files_with(value), [""; 0], "{value} is left");
    }
}

#[test]
fn no_byte_of_somebody_removed_is_left_in_any_file() {
    let world = idle(3);
    planted(&world);
    world.sql("UPDATE person SET class = NULL WHERE id <> 1");
    let plan = world.plan();
    assert!(!world.files_with("Kanarie").is_empty() && !world.files_with(&numbers(1)[0]).is_empty());
    let report = world.confirm();
    assert_eq!((count(&report, "removed"), world.ids()), (1, vec![2, 3]));
    let mut values = VALUES.to_vec();
    let number = numbers(1).remove(0);
    values.push(&number);
    assert_nothing_left(&world, &values);
    assert!(plan.exists());
    assert_eq!(world.ask("SELECT count(*) FROM mark"), ["0"]);
    assert_eq!(
        world.ask("SELECT verb || coalesce(changes, '') FROM journal WHERE person_id = 1 ORDER BY id"),
        ["created", "removed"]
    );
    assert!(!world.files_with("Förnamn1").is_empty(), "the others are there");
}

#[test]
fn of_somebody_reduced_number_and_class_are_left_until_their_own_period_is_over() {
    let world = idle(2);
    planted(&world);
    world.sql("UPDATE person SET class = 'R' WHERE id = 1; UPDATE person SET class = NULL WHERE id = 2");
    let report = world.confirm();
    assert_eq!((count(&report, "removed"), count(&report, "anonymised")), (0, 1));
    assert_nothing_left(&world, &VALUES);
    assert_eq!(
        world.ask(
            "SELECT id_number || class || reduced_on || category || allow_update FROM person WHERE id = 1"
        ),
        [format!("{}R2026-11-220", numbers(1)[0])]
    );
    assert_eq!(count(&world.confirm(), "anonymised"), 0, "reduced once");
    world.wait_days(364);
    assert_eq!(count(&world.confirm(), "due"), 0);
    world.wait_days(1);
    assert_eq!(count(&world.confirm(), "removed"), 1);
    assert_nothing_left(&world, &[&numbers(1)[0]]);
}

#[test]
fn what_goes_one_by_one_leaves_no_byte_either() {
    let world = idle(1);
    planted(&world);
    world.sql("UPDATE person SET class = NULL; UPDATE draft SET touched = '2015-01-01'; UPDATE event SET touched = '2015-01-01'");
    world.confirm();
    assert_nothing_left(&world, &["Kanarieärende", "Kanariehandling", "Kanarieutkast", "Kanariehändelse"]);
    assert_eq!(world.ids(), [1]);
}

#[test]
fn everybody_who_went_is_beside_the_registry_and_in_a_disposal_record() {
    let world = idle(2);
    let hash = world.hash(&numbers(1)[0]);
    world.run_to(0, &mut purge(Wish::Confirm));
    assert!(world.files_with(&hash.to_string()).contains(&"registry.side".to_owned()));
    assert_eq!(
        world.ask("SELECT kind || count || class || decision FROM disposal ORDER BY id"),
        ["person1Aperson P1Y last_activity delete", "person1Aperson P1Y last_activity delete"]
    );
    let key = mantal::io::SecretKey::load(&world.settings.key_file()).unwrap();
    assert_eq!(world.registry().verify_disposals(&key).unwrap(), (2, None));
    assert!(world.registry().is_disposed(hash).unwrap());
    world.sql("UPDATE disposal SET class = 'B' WHERE id = 1");
    assert_eq!(world.registry().verify_disposals(&key).unwrap(), (0, Some(1)));
}
