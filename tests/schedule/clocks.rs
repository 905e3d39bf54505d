//! The nights on which the clock changes, with a faked clock; and a clock that is set back.

use crate::support::{Done, World, faked_clock};

/// Runs the program as if it were this instant, in UTC.
fn at(world: &World, instant: &str, words: &[&str]) -> Done {
    let library = faked_clock().unwrap();
    let mut command = world.call(words);
    command.env("LD_PRELOAD", library).env("FAKETIME", instant).env("TZ", "UTC");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").arg("--json");
    command.output().unwrap().into()
}

fn without_faked_clock() -> bool {
    let is_missing = faked_clock().is_none();
    if is_missing {
        eprintln!("skipped: libfaketime is not installed");
    }
    is_missing
}

/// At which of these instants the job runs, looked at in turn as cron does.
fn starts(local: &str, looks: &[&str]) -> Vec<String> {
    let world = World::new();
    at(&world, "2026-03-20 18:00:00", &["schedule", "add", "update-search", "--at", local]).to(0);
    let mut started = Vec::new();
    for look in looks {
        let before = world.runs_of("update-search");
        at(&world, look, &["run-due"]).to(0);
        if world.runs_of("update-search") > before {
            started.push((*look).to_owned());
        }
    }
    started
}

#[test]
fn in_the_hour_that_is_missing_a_job_starts_once_at_the_first_minute_after_it() {
    if without_faked_clock() {
        return;
    }
    let looks = ["2026-03-29 00:30:00", "2026-03-29 00:59:59", "2026-03-29 01:00:01", "2026-03-29 01:30:00"];
    assert_eq!(starts("2026-03-29 02:30", &looks), ["2026-03-29 01:00:01"]);
}

#[test]
fn in_the_hour_that_comes_twice_a_job_starts_once_in_its_first() {
    if without_faked_clock() {
        return;
    }
    let looks = ["2026-10-25 00:25:00", "2026-10-25 00:30:01", "2026-10-25 01:30:00", "2026-10-25 01:35:00"];
    assert_eq!(starts("2026-10-25 02:30", &looks), ["2026-10-25 00:30:01"]);
}

#[test]
fn a_clock_that_is_set_back_starts_nothing_twice_and_sleep_past_the_time_is_late() {
    if without_faked_clock() {
        return;
    }
    let world = World::new();
    let add =
        |local| at(&world, "2026-11-20 12:00:00", &["schedule", "add", "update-search", "--at", local]).to(0);
    add("2026-11-21 22:00");
    at(&world, "2026-11-21 21:00:05", &["run-due"]).to(0);
    for back in ["2026-11-21 20:55:00", "2026-11-21 21:00:00", "2026-11-21 21:05:00"] {
        at(&world, back, &["run-due"]).to(0);
    }
    assert_eq!(world.runs_of("update-search"), 1);
    // The machine slept for six hours: it still starts; for longer: it doesn't.
    add("2026-11-21 22:00");
    at(&world, "2026-11-22 03:00:00", &["run-due"]).to(0);
    add("2026-11-21 22:00");
    at(&world, "2026-11-22 03:00:02", &["run-due"]).to(3);
    assert_eq!(world.states(), ["done 0", "done 0", "late"]);
}
