//! `restore` without side file or key: what is lost is said, and stays said until somebody accepts it.

use std::fs;

use mantal::{
    domain::{person::PersonId, protection::Kind},
    io::{Fact, SideFile},
    jobs::{
        protect::Protect,
        restore::{AcceptLoss, Loss},
        run::Mode,
    },
};

use crate::support::{ANNA, BO, World, code, mode};

fn said(world: &World, code: &str) -> usize {
    world.ask(&format!("SELECT id FROM log_line WHERE code = '{code}'")).len()
}

fn facts(world: &World) -> Vec<Fact> {
    let side = SideFile::find(&world.settings.side_file()).unwrap().unwrap();
    side.read().unwrap().into_iter().map(|record| record.fact).collect()
}

#[test]
fn without_side_file_or_key_it_is_said_until_somebody_accepts_it() {
    for missing in [&["registry.side"][..], &["registry.key"], &["registry.key", "registry.side"]] {
        let world = World::with_people("");
        let old = world.back_up("old.db");
        for name in missing {
            fs::remove_file(world.path(name)).unwrap();
        }
        let report = world.restore_to(3, &old);
        assert_eq!(report.run.unwrap().status, "remarks");
        assert_eq!((said(&world, "restored-at-a-loss"), world.registry().is_at_a_loss().unwrap()), (1, true));
        for name in ["registry.key", "registry.side"] {
            assert_eq!(mode(&world.path(name)), 0o600, "{missing:?}");
        }
        world.import(&format!("{BO};Bosse;Bosson;;;;\n"));
        let again = world.back_up("again.db");
        world.restore_to(0, &again);
        assert!(world.registry().is_at_a_loss().unwrap(), "a restore with both accepts nothing");
        world.run_to(0, &mut AcceptLoss);
        assert_eq!((said(&world, "loss-accepted"), world.registry().is_at_a_loss().unwrap()), (1, false));
        world.run_to(0, &mut AcceptLoss);
        assert_eq!((said(&world, "loss-accepted"), said(&world, "no-loss")), (1, 1));
    }
}

#[test]
fn a_loss_can_be_accepted_beforehand() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    fs::remove_file(world.settings.side_file()).unwrap();
    let report = world.restore_as(Mode::Real, Loss::Accepted, &old);
    assert_eq!((report.exit, world.registry().is_at_a_loss().unwrap()), (0, false));
    assert_eq!(said(&world, "loss-accepted"), 1);
}

#[test]
fn key_and_side_file_of_another_installation_are_noticed() {
    let (world, other) = (World::with_people(""), World::new());
    let old = world.back_up("old.db");
    other.restore_to(3, &old);
    assert!(other.registry().is_at_a_loss().unwrap());
    assert_eq!(other.ask("SELECT count(*) FROM person"), ["2"]);
}

#[test]
fn secrets_brought_back_with_the_backup_lose_nothing() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    world.run(&mut Protect { person: PersonId(1), kind: Kind::Manual, reason: "test".into() });
    let fresh = World::without_registry("");
    for name in ["registry.key", "registry.side"] {
        fs::copy(world.path(name), fresh.path(name)).unwrap();
    }
    fresh.restore_to(0, &old);
    assert_eq!((fresh.is_protected(1), fresh.is_protected(2)), (true, false));
}

#[test]
fn what_a_new_side_file_can_still_know_is_in_it() {
    let world = World::with_people("");
    world.run(&mut Protect { person: PersonId(1), kind: Kind::Manual, reason: "test".into() });
    let old = world.back_up("old.db");
    world.remember(Fact::Serial(8), 3);
    // Without the key the serials are still good, the hashes are not; whoever is protected is remembered anew.
    let before = world.hash(ANNA);
    fs::remove_file(world.settings.key_file()).unwrap();
    world.restore_to(3, &old);
    assert_ne!(world.hash(ANNA), before);
    assert_eq!(facts(&world), [Fact::Serial(8), Fact::Protected(world.hash(ANNA))]);
    assert_eq!(world.registry().serial_floor().unwrap(), 8);
    assert!(
        world.files().keys().any(|name| name.starts_with("registry.side.replaced-")),
        "the old one is kept"
    );
}

#[test]
fn a_damaged_key_or_side_file_stops_it_before_anything_is_changed() {
    // (file, content, code)
    let rows =
        [("registry.key", "no key", "key-damaged"), ("registry.side", "v1 serial x\n", "side-damaged")];
    for (name, content, expected) in rows {
        let world = World::with_people("");
        let old = world.back_up("old.db");
        fs::write(world.path(name), content).unwrap();
        let before = world.snapshot();
        let report = world.restore(&old);
        assert_eq!((report.exit, code(&report)), (1, expected));
        assert_eq!(world.snapshot(), before);
    }
}
