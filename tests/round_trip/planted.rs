//! Links, pipes and second names planted where the jobs write: nothing is written through them, nothing waits.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use super::support::{ANNA, Post, World, spar_file};

const FILE: &str = "SPARAvisering_1.xml";

#[derive(Clone, Copy, Debug)]
enum Plant {
    Link,
    Dangling,
    Pipe,
    SecondName,
}

const ALL: [Plant; 4] = [Plant::Link, Plant::Dangling, Plant::Pipe, Plant::SecondName];

fn plant(what: Plant, at: &Path, victim: &Path) {
    match what {
        Plant::Link => symlink(victim, at).unwrap(),
        Plant::Dangling => symlink(victim.with_extension("nowhere"), at).unwrap(),
        Plant::Pipe => {
            let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR);
            rustix::fs::mknodat(rustix::fs::CWD, at, kind, mode, 0).unwrap();
        }
        Plant::SecondName => fs::hard_link(victim, at).unwrap(),
    }
}

fn victim(world: &World) -> PathBuf {
    let victim = world.path("victim");
    fs::write(&victim, "precious").unwrap();
    victim
}

fn unharmed(world: &World, what: Plant, place: &str) {
    assert_eq!(fs::read(world.path("victim")).unwrap(), b"precious", "{what:?} at {place}");
    assert!(!world.path("victim.nowhere").exists(), "{what:?} at {place}");
}

#[test]
fn what_is_planted_in_the_spool_is_neither_followed_nor_waited_for_and_the_jobs_go_on() {
    let places = ["staging/fetching", "staging/list-1", "staging/list-1.zip", "inbox/SPARAvisering_1.xml"];
    for place in places {
        for what in ALL {
            let world = World::with_three("spar.zip = true");
            let victim = victim(&world);
            // The rooms are made by the first run.
            world.fetch().to(0);
            world.leave(FILE, &spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]));
            plant(what, &world.path("w/spool").join(place), &victim);
            world.export().to(0);
            let done = world.fetch();
            // A second name in the inbox is a file that waits, and no file of SPAR's: rejected, and the other applied.
            let is_file = matches!(what, Plant::SecondName) && place.starts_with("inbox");
            assert_eq!(done.exit, i32::from(is_file), "{what:?} at {place}: {}", done.json);
            if is_file {
                world.fetch().to(0);
            }
            assert_eq!(world.address(ANNA), "Storgatan 1", "{what:?} at {place}");
            unharmed(&world, what, place);
        }
    }
}

#[test]
fn what_is_planted_in_the_place_of_the_lock_stops_the_run_and_is_not_touched() {
    for what in [Plant::Link, Plant::Dangling, Plant::Pipe] {
        let world = World::with_three("");
        let victim = victim(&world);
        let lock = world.path("w/registry.lock");
        fs::remove_file(&lock).unwrap();
        plant(what, &lock, &victim);
        let done = world.run(&["spar-export"]);
        assert_eq!(done.exit, 1, "{what:?}: {}", done.json);
        assert!(world.put().is_empty(), "{what:?}");
        unharmed(&world, what, "lock");
    }
}

#[test]
fn what_is_planted_in_the_drop_folder_is_neither_followed_nor_waited_for() {
    let names = ["C2503-000001-spar.part", "C2503-000001-spar", "C2503-000001-spar.trigger"];
    for ready in ["rename", "trigger"] {
        for name in names {
            for what in [Plant::Link, Plant::Dangling, Plant::Pipe] {
                let world = World::with_three(&format!("spar.ready = \"{ready}\""));
                let victim = victim(&world);
                plant(what, &world.path("w/drop/in").join(name), &victim);
                let done = world.export();
                assert!(matches!(done.exit, 0 | 5), "{what:?} at {name}, {ready}: {}", done.json);
                unharmed(&world, what, name);
            }
        }
    }
}
