//! What is left of somebody: a record that proves the disposal, and that keeps them from coming back.

use std::fs;

use mantal::domain::id_number::{IdKind, IdNumber};
use mantal::jobs::purge::Wish;
use mantal::jobs::purge::proof::{Chain, proof, verify};
use mantal::jobs::purge::replay::Replay;
use mantal::jobs::restore::Loss;
use mantal::jobs::run::Mode;
use mantal::jobs::sync_contacts::SyncContacts;

use crate::support::{World, code, numbers};
use crate::world::{count, idle, purge};

fn number(place: usize) -> IdNumber {
    IdNumber::from_stored(&numbers(place + 1)[place], IdKind::Personnummer).unwrap()
}

fn chain(world: &World) -> Chain {
    verify(&world.registry(), &world.settings).unwrap()
}

#[test]
fn a_proof_says_when_and_by_which_rule_and_nothing_of_a_number_that_was_never_there() {
    let world = idle(2);
    world
        .sql("INSERT INTO number (key, person_id, former, kind) VALUES (198501012382, 1, 1, 'personnummer')");
    world.run_to(0, &mut purge(Wish::Confirm));
    let prove = |number: &IdNumber| proof(&world.registry(), &world.settings, number);
    let records = prove(&number(0)).unwrap();
    assert_eq!(
        (records.len(), records[0].kind.as_str(), records[0].disposed_on.as_str()),
        (1, "person", "2026-11-22")
    );
    assert_eq!(records[0].decision, "person P1Y last_activity delete");
    let former = IdNumber::from_stored("198501012382", IdKind::Personnummer).unwrap();
    assert_eq!(prove(&former).unwrap()[0].kind, "former-number");
    assert_eq!(prove(&number(5)).unwrap_err().code(), "not-found");
}

#[test]
fn a_record_that_is_changed_taken_out_or_put_in_breaks_the_chain() {
    let spoil = [
        "UPDATE disposal SET count = 2 WHERE id = 2",
        "UPDATE disposal SET disposed_on = '2020-01-01' WHERE id = 2",
        "DELETE FROM disposal WHERE id = 2",
        "DELETE FROM disposal WHERE id = 3", // at the end: the side file knows of it
        "INSERT INTO disposal (run_id, disposed_on, kind, count, decision, chain)
             SELECT run_id, disposed_on, kind, count, decision, chain FROM disposal WHERE id = 1",
    ];
    for sql in spoil {
        let world = idle(3);
        world.run_to(0, &mut purge(Wish::Confirm));
        assert_eq!(chain(&world), Chain { records: 3, broken: None, missing: 0 });
        world.sql(sql);
        let found = chain(&world);
        assert!(found.broken.is_some() || found.missing > 0, "{sql}: {found:?}");
    }
}

#[test]
fn an_old_backup_brings_nobody_back_and_keeps_the_records() {
    let world = idle(3);
    let backup = world.back_up("copy.db");
    world.run_to(0, &mut purge(Wish::Confirm));
    world.restore_as(Mode::Real, Loss::Noted, &backup);
    assert_eq!(world.ids(), [0; 0]);
    assert_eq!(chain(&world), Chain { records: 3, broken: None, missing: 0 });
    assert_eq!(world.files_with("Efternamn0"), ["copy.db", "people.csv"].map(str::to_owned));
}

#[test]
fn a_registry_that_was_put_back_by_hand_forgets_them_again_with_replay() {
    let world = idle(3);
    let backup = world.back_up("copy.db");
    world.run_to(0, &mut purge(Wish::Confirm));
    fs::copy(&backup, &world.settings.registry).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", world.settings.registry.display()));
    }
    assert_eq!((world.ids().len(), chain(&world).missing), (3, 3));
    let report = world.run_to(0, &mut Replay);
    assert_eq!((count(&report, "removed"), world.ids()), (3, vec![]));
    assert_eq!(chain(&world), Chain { records: 3, broken: None, missing: 0 });
    assert_eq!(count(&world.run_to(0, &mut Replay), "removed"), 0);
}

#[test]
fn a_disposed_number_in_a_source_is_not_created_and_by_hand_it_can_be() {
    let world = World::with("contacts.sources = [\"extens\"]\n");
    let row = format!("{};Anna;Annasson;;;;\n", numbers(1)[0]);
    world.import(&row);
    world.sql("UPDATE person SET class = 'A', entered_on = '2015-01-01'");
    world.classes("A,person,P1Y,last_activity,no,delete,0\n");
    world.run_to(0, &mut purge(Wish::Confirm));
    let file = world.path("extens.csv");
    fs::write(&file, format!("id_number;category;email\n{};student;a@example.org\n", numbers(1)[0])).unwrap();
    let report = world.run(&mut SyncContacts { source: "extens".to_owned(), files: vec![file] });
    assert_eq!((report.exit, code(&report), world.ids()), (3, "none", vec![]), "{report:?}");
    assert_eq!(
        world.ask("SELECT subject FROM finding WHERE kind = 'disposed-number' AND state = 'open'"),
        ["source:extens"]
    );
    assert_eq!(count(&world.import(&row), "created"), 1);
    assert_eq!(world.ids().len(), 1);
    // Whoever came back by hand stays.
    world.run_to(0, &mut Replay);
    assert_eq!(world.ids().len(), 1);
    // Nor does age change that: once the journal no longer tells when they came, their own row does.
    world.import(&format!("{};Bo;Bosson;;;;\n", numbers(2)[1]));
    world.wait_days(401);
    world.import("");
    assert!(world.ask("SELECT id FROM journal WHERE changes IS NOT NULL").is_empty());
    world.run_to(0, &mut Replay);
    assert_eq!(world.ids().len(), 2);
}

#[test]
fn no_source_fills_somebody_reduced_again() {
    let world = World::with("contacts.sources = [\"extens\"]\n");
    world.import(&format!("{};Anna;Annasson;;;;\n", numbers(1)[0]));
    world.sql("UPDATE person SET class = 'R', entered_on = '2015-01-01'");
    world.classes("R,person,P1Y,last_activity,no,anonymise,0\n");
    assert_eq!(count(&world.run_to(0, &mut purge(Wish::Confirm)), "anonymised"), 1);
    let file = world.path("extens.csv");
    fs::write(&file, format!("id_number;category;email\n{};student;a@example.org\n", numbers(1)[0])).unwrap();
    let report = world.run(&mut SyncContacts { source: "extens".to_owned(), files: vec![file] });
    assert_eq!((count(&report, "skipped"), count(&report, "anonymised")), (1, 1), "{report:?}");
    assert_eq!((world.rows("contact"), world.rows("source_statement")), (0, 0));
}

#[test]
fn an_old_backup_brings_no_details_of_somebody_reduced_back() {
    let world = World::new();
    world.import(&format!("{};Kanarieanna;Annasson;;;;\n", numbers(1)[0]));
    world.sql("UPDATE person SET class = 'R', entered_on = '2015-01-01'");
    world.classes("R,person,P1Y,last_activity,no,anonymise,0\n");
    let backup = world.back_up("copy.db");
    assert_eq!(count(&world.run_to(0, &mut purge(Wish::Confirm)), "anonymised"), 1);
    world.restore_as(Mode::Real, Loss::Noted, &backup);
    assert_eq!(world.ids(), [1]);
    assert_eq!(world.ask("SELECT coalesce(first_name, '') || class || allow_update FROM person"), ["R0"]);
    // A copy made since knows of it, and what staff wrote by hand after that stays.
    world.sql("UPDATE person SET first_name = 'Bo'");
    let newer = world.back_up("newer.db");
    world.restore_as(Mode::Real, Loss::Noted, &newer);
    assert_eq!(world.ask("SELECT first_name FROM person"), ["Bo"]);
}
