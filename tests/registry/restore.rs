//! `restore`: what comes back and what must not.

use std::fs;

use mantal::{
    domain::{
        id_number::{IdKind, IdNumber},
        person::PersonId,
        protection::Kind,
    },
    io::Fact,
    jobs::{
        person_set::{PersonSet, Wishes},
        protect::{Protect, Unprotect},
        restore::Loss,
        run::Mode,
        undo::Undo,
    },
    registry::{Access, Check, Registry, people::Concealment, runs::RunId},
};

use crate::support::{ANNA, BO, EMAIL, STREET, World, ask, code, content, mode, spar_file};

/// Skatteverket's test number of the fixture `protection-skyddad.xml`.
const CARIN: &str = "198410092392";

fn protect(world: &World, person: i64) {
    world.run(&mut Protect { person: PersonId(person), kind: Kind::Manual, reason: "test".into() });
}

fn concealment(world: &World, person: i64) -> Concealment {
    world.registry().people().unwrap().get(PersonId(person)).unwrap().concealment
}

/// The files of the installation in which Anna's street or e-mail stands, without the backup and the input.
fn traces(world: &World) -> Vec<String> {
    let mut found = [world.files_with(STREET), world.files_with(EMAIL)].concat();
    found.retain(|name| name != "old.db" && name != "people.csv");
    found
}

#[test]
fn everything_is_as_it_was_when_the_backup_was_made() {
    let world = World::with_people("");
    let (old, before) = (world.back_up("old.db"), world.content());
    world.import(&format!("{BO};Bosse;Bosson;;;;\n{CARIN};Carin;Carinsson;;;;\n"));
    let report = world.restore_to(0, &old);
    assert_eq!(world.content(), before);
    let run = report.run.unwrap();
    assert_eq!((run.job.as_str(), run.status.as_str(), run.by_hand), ("restore", "ok", true));
    assert_eq!(
        world.ask("SELECT job || ' ' || status FROM run ORDER BY id"),
        ["person-import ok", "backup ok", "restore ok"],
        "the run that made the copy is no interrupted one"
    );
    assert_eq!(world.ask("PRAGMA journal_mode"), ["wal"]);
    world.import(&format!("{CARIN};Carin;Carinsson;;;;\n"));
}

#[test]
fn the_replaced_registry_is_kept_private_and_can_be_restored_itself() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    world.import(&format!("{BO};Bosse;Bosson;;;;\n"));
    let newer = world.content();
    world.restore_to(0, &old);
    let kept = world.path("registry.db.replaced-20261122T080300Z");
    assert_eq!((content(&kept), mode(&kept)), (newer.clone(), 0o600));
    let said = world.ask("SELECT params FROM log_line WHERE code = 'replaced-kept'");
    assert!(said[0].contains("registry.db.replaced-20261122T080300Z"), "{said:?}");
    world.restore_to(0, &kept);
    // The key check of the restore is all that came in between.
    let without_meta =
        |lines: Vec<String>| lines.into_iter().filter(|line| !line.starts_with("meta")).collect::<Vec<_>>();
    assert_eq!(without_meta(world.content()), without_meta(newer));
}

#[test]
fn somebody_protected_since_the_backup_stays_protected_and_erased() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    protect(&world, 1);
    assert_eq!(traces(&world), [""; 0], "before");
    let report = world.restore_to(0, &old);
    assert_eq!(traces(&world), [""; 0], "after");
    assert_eq!(report.run.unwrap().counts["protected"], 1);
    assert_eq!(concealment(&world, 1), Concealment::Erased);
    assert_eq!(world.ask("SELECT kind FROM protection"), ["skyddad_folkbokforing"], "the strictest");
    assert_eq!(
        world
            .ask("SELECT count(*) FROM journal WHERE person_id = 1 AND verb = 'created' AND changes IS NULL"),
        ["1"]
    );
    assert_eq!(world.ask("SELECT count(*) FROM mark"), ["0"], "the erasure is finished");
    assert!(!world.is_protected(2));
}

#[test]
fn somebody_known_to_the_backup_by_a_former_number_only_stays_protected() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let new = IdNumber::from_stored(CARIN, IdKind::Personnummer);
    world.run_to(
        0,
        &mut PersonSet { person: PersonId(1), wishes: Wishes { id_number: new, ..Wishes::default() } },
    );
    protect(&world, 1);
    world.restore_to(0, &old);
    assert_eq!((concealment(&world, 1), traces(&world)), (Concealment::Erased, Vec::new()));
}

#[test]
fn protection_that_was_lifted_by_hand_stays_lifted() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    protect(&world, 1);
    world.run_to(0, &mut Unprotect { person: PersonId(1), reason: "test".into() });
    world.restore_to(0, &old);
    assert_eq!(concealment(&world, 1), Concealment::Open);
}

#[test]
fn a_file_that_waits_in_the_spool_goes_when_the_copy_has_its_person_erased() {
    let world = World::with_people("");
    protect(&world, 1);
    let old = world.back_up("old.db");
    world.run(&mut Unprotect { person: PersonId(1), reason: "test".into() });
    let waiting = world.path("spool/rejected/a.xml");
    fs::write(&waiting, format!("<IdNummer>{ANNA}</IdNummer>{STREET}")).unwrap();
    let other = world.path("spool/rejected/b.xml");
    fs::write(&other, format!("<IdNummer>{BO}</IdNummer>")).unwrap();
    world.restore(&old);
    assert_eq!(concealment(&world, 1), Concealment::Erased);
    assert!(!waiting.exists() && other.exists());
}

/// Carin is hidden by a run that is held, for it would erase more than none.
fn world_with_carin_hidden() -> World {
    let world = World::with_people("[limits]\nprotected = 0\nprotected_floor = 0\n");
    world.import(&format!("{CARIN};Carin;Carinsson;Carins gata 9;60299;NORRKÖPING;\n"));
    assert_eq!(world.spar("protection-skyddad.xml").exit, 4);
    assert_eq!(concealment(&world, 3), Concealment::Hidden);
    world
}

#[test]
fn people_hidden_by_a_held_run_stay_hidden_and_nothing_of_them_is_erased() {
    let world = world_with_carin_hidden();
    let old = world.back_up("old.db");
    let report = world.restore_to(0, &old);
    assert_eq!(concealment(&world, 3), Concealment::Hidden);
    assert!(report.run.unwrap().counts.get("protected").is_none());
    assert!(world.files_with("Carins gata 9").contains(&"registry.db".to_owned()));
}

#[test]
fn people_hidden_in_the_backup_and_erased_since_are_erased_again() {
    let world = world_with_carin_hidden();
    let old = world.back_up("old.db");
    let files = vec![spar_file("protection-skyddad.xml")];
    let allowed =
        world.run_as(Mode::Real, &[("protected", 1)], &mut mantal::jobs::spar_import::SparImport { files });
    assert_eq!(concealment(&world, 3), Concealment::Erased, "{allowed:?}");
    world.restore_to(3, &old);
    assert_eq!(concealment(&world, 3), Concealment::Erased);
    assert_eq!(world.files_with("Carins gata 9"), ["old.db", "people.csv"]);
}

#[test]
fn people_whom_an_undo_opened_again_are_not_protected_by_a_restore() {
    let world = World::with_people("[limits]\nprotected = 0\nprotected_floor = 0\n");
    world.import(&format!("{CARIN};Carin;Carinsson;Carins gata 9;60299;NORRKÖPING;\n"));
    let old = world.back_up("old.db");
    let held = world.spar("protection-skyddad.xml").run.unwrap().id;
    world.run_to(0, &mut Undo { run: held });
    assert_eq!(concealment(&world, 3), Concealment::Open);
    world.restore_to(0, &old);
    assert_eq!(concealment(&world, 3), Concealment::Open);
}

#[test]
fn somebody_disposed_of_since_the_backup_is_gone_without_a_trace() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    world.remember(Fact::Disposed(world.hash(ANNA)), 3);
    // As if they had been purged from it: the replaced registry is kept.
    fs::remove_file(&world.settings.registry).unwrap();
    let report = world.restore_to(0, &old);
    assert_eq!(report.run.unwrap().counts["removed"], 1);
    assert_eq!(world.ask("SELECT id FROM person"), ["2"]);
    assert_eq!(world.ask("SELECT DISTINCT changes FROM journal WHERE person_id = 1"), ["null"]);
    assert_eq!(traces(&world), [""; 0]);
    for word in [ANNA, "Annasson"] {
        assert_eq!(world.files_with(word), ["old.db", "people.csv"], "{word}");
    }
}

#[test]
fn somebody_disposed_of_and_let_in_again_before_the_backup_stays() {
    let world = World::with_people("");
    world.remember(Fact::Disposed(world.hash(ANNA)), 1);
    world.wait_days(1);
    let old = world.back_up("old.db");
    world.restore_to(0, &old);
    assert_eq!(world.ask("SELECT id FROM person"), ["1", "2"]);
}

#[test]
fn no_serial_is_taken_twice_and_nobody_who_may_have_been_sent_is_sent_again() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    world.remember(Fact::Serial(8), 3);
    world.remember(Fact::Serial(7), 4);
    // Lists 7 and 8 were sent after the copy: whoever waited in it may have been on one.
    world.restore_to(3, &old);
    assert_eq!(world.registry().serial_floor().unwrap(), 8);
    let waiting = "SELECT count(*) FROM number WHERE known_to_spar = 0";
    assert_eq!(world.ask(waiting), ["0"]);
    let registry = Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap();
    registry.raise_serial_floor(5).unwrap();
    assert_eq!(registry.serial_floor().unwrap(), 8, "never lowered");
}

#[test]
fn files_that_the_backup_does_not_know_are_named_and_can_be_applied_again() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    assert_eq!(world.spar("rule02-sequence-12.xml").exit, 0);
    let sha256 = world.ask("SELECT sha256 FROM file").remove(0);
    let report = world.restore_to(3, &old);
    assert_eq!(report.run.unwrap().counts["files_missing"], 1);
    let said = world.ask("SELECT params FROM log_line WHERE code = 'restored-files-missing'").remove(0);
    assert!(said.contains(&sha256[..12]) && !said.contains(&sha256), "{said}");
    assert_eq!(world.spar("rule02-sequence-12.xml").exit, 0);
    assert_eq!(world.ask("SELECT state FROM file"), ["applied"]);
    let newer = world.back_up("newer.db");
    world.restore_to(0, &newer);
}

#[test]
fn a_file_that_was_undone_is_not_missing() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let applied = world.spar("rule02-sequence-12.xml").run.unwrap().id;
    world.run_to(0, &mut Undo { run: applied });
    world.restore_to(0, &old);
}

#[test]
fn ids_that_were_shown_are_not_given_again() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    world.import(&format!("{CARIN};Carin;Carinsson;;;;\n"));
    let report = world.restore_to(0, &old);
    assert_eq!(report.run.unwrap().id, RunId(4), "runs 1 to 3 are in somebody's mail");
    world.import(&format!("{CARIN};Carin;Carinsson;;;;\n"));
    assert_eq!(world.ask("SELECT id FROM person"), ["1", "2", "4"]);
}

#[test]
fn a_restore_can_not_be_undone() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let run = world.restore_to(0, &old).run.unwrap().id;
    let report = world.run(&mut Undo { run });
    assert_eq!((report.exit, code(&report)), (1, "not-undoable"));
}

#[test]
fn a_rehearsal_shows_what_would_come_and_changes_nothing() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    protect(&world, 1);
    fs::remove_file(world.settings.side_file()).unwrap();
    let before = world.snapshot();
    for loss in [Loss::Noted, Loss::Accepted] {
        let report = world.restore_as(Mode::DryRun, loss, &old);
        assert_eq!(report.exit, if loss == Loss::Noted { 3 } else { 0 }, "{report:?}");
        assert!(report.run.unwrap().dry_run);
        assert_eq!(world.snapshot(), before);
    }
}

#[test]
fn a_registry_that_is_missing_or_ruined_is_brought_back() {
    for (what, _, spoil) in crate::open::UNFIT {
        if ["a folder", "a link"].contains(&what) {
            continue;
        }
        let world = World::with_people("");
        let (old, before) = (world.back_up("old.db"), world.content());
        spoil(&world.settings.registry);
        world.restore_to(0, &old);
        assert_eq!(world.content(), before, "{what}");
        let has_kept = world.files().keys().any(|name| name.starts_with("registry.db.replaced-"));
        assert_eq!(has_kept, !["missing", "empty"].contains(&what), "{what}");
    }
}

#[test]
fn a_wal_that_lies_where_the_registry_was_is_never_taken_for_the_new_ones() {
    // (whether there is a registry to replace)
    for has_registry in [true, false] {
        let (world, other) = (World::with_people(""), World::with_people(""));
        let (old, before) = (world.back_up("old.db"), world.content());
        let open = rusqlite::Connection::open(&other.settings.registry).unwrap();
        open.execute_batch("PRAGMA wal_autocheckpoint = 0; VACUUM").unwrap();
        fs::copy(other.path("registry.db-wal"), world.path("registry.db-wal")).unwrap();
        if !has_registry {
            fs::remove_file(&world.settings.registry).unwrap();
        }
        world.restore_to(0, &old);
        assert_eq!(world.content(), before, "registry: {has_registry}");
        assert!(
            world.files().keys().any(|name| name.contains(".replaced-") && name.ends_with("-wal")),
            "kept"
        );
    }
}

#[test]
fn a_wal_that_a_dead_run_left_goes_into_the_registry_that_is_kept() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let shadow = World::without_registry("");
    {
        let open = rusqlite::Connection::open(&world.settings.registry).unwrap();
        open.execute_batch("UPDATE person SET comment = 'last words' WHERE id = 2").unwrap();
        for name in ["registry.db", "registry.db-wal", "registry.key", "registry.side"] {
            fs::copy(world.path(name), shadow.path(name)).unwrap();
        }
    }
    shadow.restore_to(0, &old);
    assert_eq!(shadow.ask("SELECT comment FROM person WHERE id = 2"), ["null"]);
    let kept = shadow.path("registry.db.replaced-20261122T080000Z");
    assert_eq!(ask(&kept, "SELECT comment FROM person WHERE id = 2"), ["last words"]);
}
