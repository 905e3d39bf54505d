//! What may be added, and what is taken away.

use std::fs::File;

use crate::support::{World, minutes_ago};

const EVENING: &str = "2099-12-01 22:00";

#[test]
fn what_would_fail_that_night_is_refused_now_and_leaves_no_line() {
    let world = World::new();
    let long_ago = minutes_ago(6 * 60 + 5);
    // (words after `schedule add`, code of the failure; none where clap itself refuses)
    let rows: [(&[&str], &str); 9] = [
        (&["update-areas", "--at", EVENING, "--", "--alow", "areas=3"], "schedule-words"),
        (&["update-areas", "--at", EVENING, "--", "--allow", "areas"], "schedule-words"),
        (&["update-areas", "--at", EVENING, "--", "--help"], "schedule-words"),
        (&["spar-export", "--at", EVENING, "--", "--config", "other.toml"], "schedule-own-config"),
        (&["sync-contacts", "--at", EVENING, "--", "f.csv"], "schedule-words"),
        (&["update-areas", "--at", "tonight"], "schedule-bad-time"),
        (&["update-areas", "--at", &long_ago], "schedule-past"),
        (&["person", "--at", EVENING, "--", "list"], "command-line"),
        (&["update-areas"], "command-line"),
    ];
    for (words, code) in rows {
        let mut call = vec!["--json", "schedule", "add"];
        call.extend(words);
        let done = crate::support::Done::from(world.call(&call).output().unwrap()).to(2);
        assert_eq!(done.error(), code, "{words:?}");
    }
    assert_eq!(world.states(), Vec::<String>::new());
}

#[test]
fn nothing_personal_is_kept_in_a_line() {
    let world = World::new();
    let call = ["--json", "schedule", "add", "spar-import", "--at", EVENING, "--", "--reason=198501012382"];
    world.plain(&call).to(2);
    assert_eq!(world.states(), Vec::<String>::new());
    assert!(world.ask("SELECT arguments FROM run").iter().all(|words| !words.contains("198501012382")));
}

#[test]
fn hours_that_are_missing_or_come_twice_are_said_as_the_instant_they_mean() {
    let world = World::new();
    // (local time, instant)
    let rows = [
        ("2099-03-29 02:30", "2099-03-29T01:00:00.000Z"),
        ("2099-10-25 02:30", "2099-10-25T00:30:00.000Z"),
        ("2099-12-01T22:00", "2099-12-01T21:00:00.000Z"),
    ];
    for (local, due) in rows {
        let done = world.run(&["schedule", "add", "update-search", "--at", local]).to(0);
        assert_eq!(
            (&done.json["schedule"]["due"], &done.json["schedule"]["state"]),
            (&due.into(), &"waiting".into())
        );
    }
    let listed = world.run(&["schedule", "list"]).to(0).json;
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(listed[2]["at"], "2099-12-01 22:00");
}

#[test]
fn a_line_is_taken_away_only_while_it_waits() {
    let world = World::new();
    let id = world.due(1, "update-search", &[]).to_string();
    world.run(&["schedule", "remove", &id, "--dry-run"]).to(0);
    assert_eq!(world.states(), ["waiting"]);
    world.run(&["schedule", "remove", &id]).to(0);
    assert_eq!(world.run(&["schedule", "remove", &id]).to(1).error(), "schedule-not-waiting");
    assert_eq!(world.run(&["schedule", "remove", "99"]).to(1).error(), "not-found");
    world.run(&["run-due"]).to(0);
    assert_eq!((world.states(), world.runs_of("update-search")), (vec!["removed".to_owned()], 0));
}

#[test]
fn a_trial_adds_nothing() {
    let world = World::new();
    world.run(&["schedule", "add", "update-search", "--at", EVENING, "--dry-run"]).to(0);
    assert_eq!(world.states(), Vec::<String>::new());
}

#[test]
fn a_full_or_closed_output_changes_neither_exit_code_nor_state() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let world = World::with("schedule.max_late = '2m'");
    world.due(1, "update-search", &[]);
    let mut adding = world.call(&["schedule", "add", "update-search", "--at", EVENING]);
    assert_eq!(adding.stdout(full()).stderr(full()).status().unwrap().code(), Some(0));
    world.open().execute("UPDATE schedule SET due = '2026-01-01T00:00:00.000Z' WHERE id = 2", []).unwrap();
    let mut due = world.call(&["run-due", "--json"]);
    assert_eq!(due.stdout(full()).stderr(full()).status().unwrap().code(), Some(3));
    assert_eq!(world.states(), ["done 0", "late"]);
    let closed = ["sh", "-c", "exec \"$0\" \"$@\" >&- 2>&-"];
    for words in [["schedule", "list"], ["run-due", "--dry-run"]] {
        let mut shell = std::process::Command::new(closed[0]);
        shell
            .args(&closed[1..])
            .arg(env!("CARGO_BIN_EXE_mantal"))
            .arg("--config")
            .arg(world.config())
            .args(words);
        assert_eq!(shell.status().unwrap().code(), Some(0), "{words:?}");
    }
}
