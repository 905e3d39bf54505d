//! `run-due`: what starts, what doesn't, and what is told about it.

use std::{
    net::{TcpListener, TcpStream},
    process::Child,
    time::Duration,
};

use mantal::io::RunLock;

use crate::support::World;

#[test]
fn a_job_starts_at_its_time_as_a_run_of_its_own_and_never_again() {
    let world = World::new();
    world.due(1, "update-search", &["-q"]);
    world.run(&["schedule", "add", "backup", "--at", "2099-12-01 22:00"]).to(0);
    let done = world.plain(&["run-due"]).to(0);
    assert_eq!((done.out, done.err), (String::new(), String::new()), "cron sends no mail");
    assert_eq!(world.states(), ["done 0", "waiting"]);
    let run = world.ask("SELECT r.job || ' ' || r.status || ' ' || r.by_hand || ' ' || r.arguments FROM schedule AS s JOIN run AS r ON r.id = s.run_id");
    assert_eq!(run, ["update-search ok 0 run-due: update-search -q"]);
    let rows = world.ask("SELECT id || '' FROM run");
    world.plain(&["run-due"]).to(0);
    assert_eq!(world.ask("SELECT id || '' FROM run"), rows, "nothing due: no row");
}

#[test]
fn of_twenty_calls_at_once_one_starts_the_job_and_all_end_well() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    let start = |_| world.call(&["run-due"]).spawn().unwrap();
    let calls: Vec<Child> = (0..20).map(start).collect();
    for mut call in calls {
        assert!(call.wait().unwrap().success());
    }
    assert_eq!((world.states(), world.runs_of("update-search")), (vec!["done 0".to_owned()], 1));
}

#[test]
fn a_registry_that_is_in_use_is_tried_again_next_time() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    let lock = RunLock::acquire(&world.path("w/registry.lock"), Duration::ZERO).unwrap();
    let done = world.run(&["run-due"]).to(0);
    assert!(done.json["run"].is_null() && done.json["jobs"].as_array().unwrap().is_empty());
    assert_eq!(world.states(), ["waiting"]);
    drop(lock);
    world.run(&["run-due"]).to(0);
    assert_eq!(world.states(), ["done 0"]);
}

#[test]
fn what_nobody_started_in_time_is_a_finding_and_no_run() {
    let world = World::new();
    let id = world.due(5, "update-search", &[]);
    let done = world.run(&["--set", "schedule.max_late=4m", "run-due"]).to(3);
    let finding = &done.json["findings"][0];
    assert_eq!(
        (&finding["kind"], &finding["subject"]),
        (&"late-schedule".into(), &format!("schedule:{id}").into())
    );
    assert_eq!((world.states(), world.runs_of("update-search")), (vec!["late".to_owned()], 0));
    // Told once, and closed by hand.
    world.run(&["run-due"]).to(0);
    world.run(&["findings", "done", &finding["id"].to_string(), "--note", "run by hand"]).to(0);
    let open = world.run(&["findings", "--state", "open"]).to(0);
    assert_eq!(open.json, serde_json::json!([]));
}

#[test]
fn jobs_run_in_the_order_of_their_times_and_the_worst_of_them_is_the_exit_code() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    world.due(3, "spar-import", &["missing.xml"]);
    world.due(2, "backup", &[]);
    let done = world.run(&["run-due"]).to(2);
    let jobs = done.json["jobs"].as_array().unwrap();
    let ended: Vec<_> =
        jobs.iter().map(|job| format!("{} {}", job["job"].as_str().unwrap(), job["exit"])).collect();
    assert_eq!(ended, ["spar-import 2", "backup 0", "update-search 0"]);
    assert_eq!(jobs[1]["run"]["status"], "ok", "{done:?}");
    assert_eq!(world.states(), ["done 0", "done 2", "done 0"]);
}

#[test]
fn a_relative_path_means_what_it_meant_when_the_line_was_added() {
    let world = World::new();
    let there = world.path("w");
    let mut add =
        world.call(&["schedule", "add", "backup", "--at", &crate::support::minutes_ago(1), "--", "night.db"]);
    assert!(add.current_dir(&there).status().unwrap().success());
    world.run(&["run-due"]).to(0);
    assert!(there.join("night.db").exists() && !world.path("night.db").exists());
}

#[test]
fn a_trial_runs_the_job_on_trial_and_leaves_it_due() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    let done = world.run(&["run-due", "--dry-run"]).to(0);
    assert_eq!(done.json["jobs"][0]["run"]["dry_run"], true);
    assert_eq!(world.states(), ["waiting"]);
    world.run(&["run-due"]).to(0);
    assert_eq!(world.states(), ["done 0"]);
}

/// Two jobs are due, and the first is in the middle of its work as long as the server is silent.
fn in_the_middle(world: &World, server: &TcpListener) -> (Child, TcpStream) {
    world.due(2, "spar-import", &[]);
    world.due(1, "update-search", &[]);
    let call = world.call(&["run-due"]).spawn().unwrap();
    (call, server.accept().unwrap().0)
}

#[test]
fn one_that_is_killed_is_told_and_not_started_again_and_the_next_one_starts() {
    let (world, server) = World::with_silent_server();
    let (mut call, _silence) = in_the_middle(&world, &server);
    call.kill().unwrap();
    call.wait().unwrap();
    assert_eq!(world.states(), ["started", "waiting"]);
    let run = world.ask("SELECT run_id || '' FROM schedule WHERE id = 1").remove(0);
    let done = world.run(&["run-due"]).to(3);
    assert_eq!(done.json["findings"][0]["kind"], "late-schedule");
    let text = done.json["findings"][0]["text"].as_str().unwrap();
    assert!(text.contains(&format!("run {run};")), "{text}");
    assert_eq!(world.states(), ["broken-off", "done 0"]);
    assert_eq!(world.ask(&format!("SELECT status FROM run WHERE id = {run}")), ["interrupted"]);
    assert_eq!(world.runs_of("spar-import"), 1);
    world.run(&["run-due"]).to(0);
}

#[test]
fn one_that_is_killed_before_its_job_began_is_told_and_not_started_again() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    // What a process leaves that dies between the claim and the start.
    world.open().execute("UPDATE schedule SET state = 'started', started = due", []).unwrap();
    let done = world.run(&["run-due"]).to(3);
    assert_eq!(done.json["findings"][0]["kind"], "late-schedule");
    assert_eq!((world.states(), world.runs_of("update-search")), (vec!["broken-off".to_owned()], 0));
}

#[test]
fn a_signal_ends_the_job_and_leaves_the_next_one_due() {
    let (world, server) = World::with_silent_server();
    let (mut call, _silence) = in_the_middle(&world, &server);
    let id = rustix::process::Pid::from_child(&call);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert_eq!(call.wait().unwrap().code(), Some(143));
    assert_eq!(world.states(), ["done 143", "waiting"]);
    world.run(&["run-due"]).to(0);
    assert_eq!((world.states(), world.runs_of("spar-import")), (vec!["done 143".into(), "done 0".into()], 1));
}

#[test]
fn what_waited_in_a_restored_copy_and_is_due_by_now_is_told_and_not_started() {
    let world = World::new();
    world.due(1, "update-search", &[]);
    world.run(&["schedule", "add", "update-search", "--at", "2099-12-01 22:00"]).to(0);
    let copy = world.path("old.db").to_string_lossy().into_owned();
    world.run(&["backup", &copy]).to(0);
    world.run(&["run-due"]).to(0);
    let done = world.run(&["restore", &copy]).to(3);
    assert_eq!(done.json["findings"][0]["kind"], "late-schedule");
    assert_eq!(world.states(), ["late", "waiting"]);
    world.run(&["run-due"]).to(0);
    assert_eq!(world.runs_of("update-search"), 0);
}
