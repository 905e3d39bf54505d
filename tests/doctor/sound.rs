//! A sound installation ends 0, whatever else goes on, and is the same afterwards.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    time::Duration,
};

use mantal::io::RunLock;
use rusqlite::Connection;
use serde_json::Value;

use super::{
    seen::{Seen, doctor, everything, sql},
    support::World,
};

/// With people, a list that was sent, a night's import and a backup.
fn lived_in(lines: &str) -> World {
    let world = World::with_three(lines);
    world.export().to(0);
    world.fetch().to(0);
    world.run(&["backup"]).to(0);
    world
}

fn count_runs(world: &World) -> usize {
    world.read(&["runs", "--all"]).len()
}

#[test]
fn a_fresh_installation_and_one_that_has_lived_are_well() {
    doctor(&World::new(), &[]).well();
    let seen = doctor(&lived_in(""), &[]);
    seen.well();
    assert_eq!(seen.that_are("skipped"), []);
    assert_eq!(seen.steps("well"), ["folder", "get-folder", "put-folder", "write", "rename", "delete"]);
    let jobs = seen.that_are("well").into_iter().filter(|(area, ..)| area == "jobs").count();
    assert_eq!(jobs, 3, "backup, export, import");
}

#[test]
fn nothing_is_changed_by_looking() {
    let world = lived_in("");
    // Who lists people is noted, so that comes first.
    let (people, runs) = (world.read(&["person", "list"]), count_runs(&world));
    let before = everything(&world.path("w"));
    for _ in 0..2 {
        doctor(&world, &[]).well();
    }
    assert!(everything(&world.path("w")) == before, "files, modes and bytes");
    assert_eq!((world.read(&["person", "list"]), count_runs(&world)), (people, runs));
}

#[test]
fn it_looks_while_a_run_holds_the_lock_and_a_writer_is_in_the_middle() {
    let world = lived_in("");
    let lock = RunLock::acquire(&world.path("w/registry.lock"), Duration::ZERO).unwrap();
    let writer = Connection::open(world.path("w/registry.db")).unwrap();
    writer
        .execute_batch(
            "PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE; UPDATE run SET status = 'running', ended = NULL WHERE id = 3; COMMIT;
             BEGIN IMMEDIATE; UPDATE person SET comment = 'half'; UPDATE run SET status = 'failed';",
        )
        .unwrap();
    let before = everything(&world.path("w"));
    let seen = doctor(&world, &[]);
    seen.well();
    assert_eq!(seen.the("unfinished", "runs")["code"], "doctor-run-goes-on");
    let after = everything(&world.path("w"));
    // What SQLite shares between processes is no content.
    let differs = |name: &&String| before.get(*name) != after.get(*name) && !name.ends_with("-shm");
    assert_eq!(after.keys().filter(differs).collect::<Vec<_>>(), Vec::<&String>::new());
    writer.execute_batch("ROLLBACK").unwrap();
    drop(lock);
}

#[test]
fn a_wal_that_a_dead_run_left_is_read_and_left_as_it_is() {
    let world = lived_in("");
    let writer = Connection::open(world.path("w/registry.db")).unwrap();
    let switch = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    writer.set_db_config(switch, true).unwrap();
    writer.execute_batch("UPDATE person SET comment = 'in the WAL'").unwrap();
    drop(writer);
    let content = |world: &World| {
        let read = |name: &str| std::fs::read(world.path(name)).unwrap();
        (read("w/registry.db"), read("w/registry.db-wal"))
    };
    let before = content(&world);
    assert!(!before.1.is_empty());
    doctor(&world, &[]).well();
    assert!(content(&world) == before);
}

#[test]
fn the_document_has_these_keys_and_no_others() {
    let seen = doctor(&lived_in(""), &[]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&seen.json), ["checks", "exit", "ok"]);
    for check in seen.checks() {
        assert_eq!(
            keys(check),
            ["area", "check", "code", "hint", "params", "subject", "text", "verdict"],
            "{check}"
        );
    }
    let areas: BTreeSet<&str> = seen.checks().iter().map(|check| check["area"].as_str().unwrap()).collect();
    let expected =
        ["backups", "clock", "configuration", "files", "jobs", "registry", "server", "space", "unfinished"];
    assert_eq!(areas.into_iter().collect::<Vec<_>>(), expected);
}

fn text(world: &World, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
    command.env_clear().arg("--config").arg(world.path("w/mantal.toml")).args(words);
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_text_is_a_line_per_check_and_their_sum_and_with_q_only_what_is_wrong() {
    let world = lived_in("");
    let (exit, shown) = text(&world, &["doctor", "--lang", "en"]);
    assert_eq!(exit, 0);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), doctor(&world, &[]).checks().len() + 1);
    let (sum, checks) = lines.split_last().unwrap();
    assert_eq!(*sum, format!("Sum: 0 problems, 0 warnings, 0 skipped, {} well.", checks.len()));
    assert!(checks.iter().all(|line| line.starts_with("well         ")), "{shown}");
    assert_eq!(text(&world, &["doctor", "-q"]), (0, String::new()));
    sql(&world, "INSERT INTO mark (kind, value, run_id) VALUES ('erasure', '1', 1)");
    for (language, word) in [("en", "problem"), ("sv", "fel")] {
        let (exit, shown) = text(&world, &["doctor", "-q", "--lang", language]);
        assert_eq!((exit, shown.lines().count()), (3, 1), "{shown}");
        assert!(shown.starts_with(&format!("{word} ")), "{shown}");
    }
}

#[test]
fn without_a_configuration_there_is_nothing_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
    let missing = folder.path().join("none.toml");
    let status = command.env_clear().args(["doctor", "--config"]).arg(missing).output().unwrap().status;
    assert_eq!(status.code(), Some(2));
}

#[test]
fn what_it_shows_names_nobody() {
    let world = lived_in("");
    let Seen { json, .. } = doctor(&world, &[]);
    for number in [super::support::ANNA, super::support::BO, super::support::CECILIA] {
        assert!(!json.to_string().contains(&number[2..]), "{json}");
    }
}
