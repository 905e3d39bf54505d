//! What runs left, how jobs ended, what is overdue.

use std::{fs, time::Duration};

use mantal::io::RunLock;

use super::{
    seen::{Seen, doctor, set_mode, sql},
    support::World,
};

const DEAD_RUN: &str =
    "INSERT INTO run (job, by_hand, dry_run, today, started, status, user, host, version, arguments)
     VALUES ('spar-import', 0, 0, '2026-03-02', '2026-03-02T03:00:00.000Z', 'running', 'u', 'h', 'v', '')";

fn list(state: &str) -> String {
    format!(
        "INSERT INTO spar_list (serial, name, file_name, sha256, content, size, numbers, state, run_id)
         VALUES (7, 'C2603-000007-spar', 'C2603-000007-spar', '', '', 0, 0, '{state}', 1)"
    )
}

fn left_in(world: &World, room: &str) {
    let file = world.path("w/spool").join(room).join("SPARAvisering_1.xml");
    fs::write(&file, "").unwrap();
    set_mode(&file, 0o600);
}

fn has_a_file(world: &World, state: &str) {
    sql(
        world,
        &format!(
            "INSERT INTO file (kind, name, sha256, size, state, run_id) VALUES ('spar', 'f.xml', 'aa', 1, '{state}', 1);
             INSERT INTO remote_file (name, size, modified, sha256, removal) VALUES ('f.xml', 1, '', 'aa', 1)"
        ),
    );
}

/// (what it is, how it is made, verdict, check)
type Remnant = (&'static str, fn(&World), &'static str, (&'static str, &'static str));

const REMNANTS: [Remnant; 11] = [
    ("a run that died", |w| sql(w, DEAD_RUN), "warning", ("runs", "doctor-run-died")),
    (
        "an erasure whose second half waits",
        |w| sql(w, "INSERT INTO mark (kind, value, run_id) VALUES ('erasure', '1', 1)"),
        "problem",
        ("marks", "doctor-erasure-pending"),
    ),
    (
        "a spooled copy with somebody protected",
        |w| sql(w, "INSERT INTO mark (kind, value, run_id) VALUES ('spooled-trace', 'held/f', 1)"),
        "problem",
        ("marks", "doctor-trace-pending"),
    ),
    (
        "a list with a serial only",
        |w| sql(w, &list("intent")),
        "warning",
        ("lists", "doctor-list-on-its-way"),
    ),
    (
        "a list that is uploaded",
        |w| sql(w, &list("uploaded")),
        "warning",
        ("lists", "doctor-list-on-its-way"),
    ),
    (
        "a list that only a human can settle",
        |w| sql(w, &list("unsettled")),
        "problem",
        ("lists", "list-unsettled-blocks"),
    ),
    ("a held file", |w| has_a_file(w, "held"), "warning", ("held", "doctor-file-held")),
    ("a file in the inbox", |w| left_in(w, "inbox"), "warning", ("spool", "doctor-inbox")),
    ("a scratch file", |w| left_in(w, "staging"), "warning", ("spool", "doctor-staging")),
    (
        "a file that was not removed from the server",
        |w| has_a_file(w, "applied"),
        "warning",
        ("removal", "doctor-removal"),
    ),
    (
        "a registry restored at a loss",
        |w| sql(w, "INSERT INTO meta (name, value) VALUES ('restored_at_a_loss', '1')"),
        "problem",
        ("loss", "doctor-at-a-loss"),
    ),
];

#[test]
fn what_a_dead_run_left_is_found_and_nothing_else() {
    for (what, leave, verdict, (name, code)) in REMNANTS {
        let world = World::with_three("");
        leave(&world);
        eprintln!("{what}");
        doctor(&world, &[]).only(verdict, ("unfinished", name, code));
    }
}

#[test]
fn what_a_run_has_open_while_it_goes_on_is_no_remnant() {
    let world = World::with_three("");
    sql(&world, DEAD_RUN);
    sql(&world, &list("uploaded"));
    left_in(&world, "staging");
    let lock = RunLock::acquire(&world.path("w/registry.lock"), Duration::ZERO).unwrap();
    let seen = doctor(&world, &[]);
    assert_eq!(seen.well().the("unfinished", "lists")["verdict"], "skipped");
    drop(lock);
    let seen = doctor(&world, &[]);
    assert_eq!(seen.that_are("warning").len(), 3, "{:#}", seen.json);
}

#[test]
fn of_several_open_rows_only_the_newest_can_be_the_one_that_goes_on() {
    let world = World::with_three("");
    sql(&world, &format!("{DEAD_RUN}; {DEAD_RUN}"));
    let _lock = RunLock::acquire(&world.path("w/registry.lock"), Duration::ZERO).unwrap();
    let seen = doctor(&world, &[]);
    let codes = |verdict| seen.that_are(verdict).into_iter().map(|(.., code)| code).collect::<Vec<_>>();
    assert_eq!(codes("warning"), ["doctor-run-died"]);
    assert!(codes("well").contains(&"doctor-run-goes-on".to_owned()));
}

#[test]
fn the_next_run_makes_it_well_again() {
    let world = World::with_three("");
    sql(&world, DEAD_RUN);
    left_in(&world, "staging");
    assert_eq!(doctor(&world, &[]).exit, 3);
    world.fetch().to(0);
    doctor(&world, &[]).well();
}

#[test]
fn a_job_that_did_not_do_its_work_last_is_a_problem_that_names_the_run() {
    for status in ["failed", "held", "unreachable", "interrupted"] {
        let world = World::with_three("");
        let run = world.fetch().to(0).json["run"]["id"].to_string();
        sql(&world, &format!("UPDATE run SET status = '{status}' WHERE id = {run}"));
        let seen = doctor(&world, &[]);
        seen.only("problem", ("jobs", "last-run", "doctor-last-run-bad"));
        let check = seen.the("jobs", "last-run");
        assert_eq!(check["subject"], "spar-import");
        assert!(check["hint"].as_str().unwrap().ends_with(&format!("mantal log {run}")), "{check}");
        // A night that works is the end of it.
        world.fetch().to(0);
        doctor(&world, &[]).well();
    }
}

#[test]
fn a_dry_run_and_a_command_by_hand_are_no_jobs_ending() {
    let world = World::with_three("");
    world.fetch().to(0);
    let dry = world.run(&["spar-import", "--dry-run"]).to(0).json["run"]["id"].to_string();
    world.set(super::support::ANNA, &["--comment", "x"]);
    sql(&world, &format!("UPDATE run SET status = 'failed' WHERE id = {dry} OR by_hand = 1"));
    doctor(&world, &[]).well();
}

fn overdue(seen: &Seen) -> Vec<String> {
    seen.that_are("problem").into_iter().map(|(.., code)| code).collect()
}

#[test]
fn a_job_is_overdue_when_its_last_success_is_older_than_its_max_age() {
    let world = World::with_three("max_age.spar-import = \"26h\"");
    // Never done, and the registry is young.
    doctor(&world, &[]).well();
    world.fetch().to(0);
    doctor(&world, &[]).well();
    let days_ago = |days: i64| (chrono::Utc::now() - chrono::TimeDelta::days(days)).to_rfc3339();
    sql(&world, &format!("UPDATE run SET started = '{}'", days_ago(2)));
    let seen = doctor(&world, &[]);
    seen.only("problem", ("jobs", "age", "doctor-job-overdue"));
    assert_eq!(seen.the("jobs", "age")["params"]["age"], "2 d");
    // A run that fails and a dry one make nothing well.
    world.run(&["spar-import", "--dry-run"]).to(0);
    world.run(&["spar-import", "/nowhere.xml"]);
    assert_eq!(overdue(&doctor(&world, &[])), ["doctor-last-run-bad", "doctor-job-overdue"]);
    world.fetch().to(0);
    doctor(&world, &[]).well();
}

#[test]
fn a_job_that_never_came_is_overdue_from_the_registrys_first_run_on() {
    let world = World::with_three("max_age.spar-import = \"26h\"");
    let then = (chrono::Utc::now() - chrono::TimeDelta::hours(27)).to_rfc3339();
    sql(&world, &format!("UPDATE run SET started = '{then}'"));
    doctor(&world, &[]).only("problem", ("jobs", "age", "doctor-job-never"));
}

#[test]
fn a_registry_without_any_run_is_as_old_as_its_file() {
    let world = World::with("max_age.backup = \"26h\"");
    doctor(&world, &[]).well();
    super::seen::age(&world.path("w/registry.db"), 3);
    doctor(&world, &[]).only("problem", ("jobs", "age", "doctor-job-never"));
}

#[test]
fn the_newest_copy_may_not_be_older_than_the_backups_max_age() {
    let world = World::with_three("");
    world.run(&["backup"]).to(0);
    let copies = world.path("w/backups");
    let copy = fs::read_dir(&copies).unwrap().next().unwrap().unwrap().path();
    let old =
        (chrono::Utc::now() - chrono::TimeDelta::days(3)).format("mantal-%Y%m%dT%H%M%SZ.db").to_string();
    fs::rename(copy, copies.join(&old)).unwrap();
    let seen = doctor(&world, &[]);
    assert_eq!(seen.well().the("backups", "newest")["params"]["age"], "3 d");
    world.configure("max_age.backup = \"2d\"");
    doctor(&world, &[]).only("problem", ("backups", "newest", "doctor-backup-old"));
    world.run(&["backup"]).to(0);
    doctor(&world, &[]).well();
}
