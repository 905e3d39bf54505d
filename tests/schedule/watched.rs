//! Metrics and `overdue`: a job that stopped coming is seen, on this machine and on another.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use crate::support::{Done, World};

/// With metrics, and two jobs that are watched.
fn watched() -> World {
    let world = World::new();
    let file = world.path("mantal.prom");
    world.configure(&format!(
        "[notify]\nmetrics_file = '{}'\n[max_age]\nupdate-search = '26h'\nbackup = '8d'",
        file.display()
    ));
    world
}

fn metrics(world: &World) -> String {
    fs::read_to_string(world.path("mantal.prom")).unwrap()
}

#[track_caller]
fn value(world: &World, series: &str) -> Option<i64> {
    let text = metrics(world);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{series} ")).map(str::to_owned));
    line.map(|value| value.parse().unwrap())
}

/// As on another machine: no configuration, no registry.
fn elsewhere(world: &World, words: &[&str]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
    command.env_clear().env("LANG", "C.UTF-8").current_dir("/");
    command.arg("overdue").arg("--metrics").arg(world.path("mantal.prom")).args(words);
    command.output().unwrap().into()
}

#[test]
fn the_metrics_say_how_the_newest_run_began_and_ended_and_others_can_read_them() {
    let world = watched();
    let before = chrono::Utc::now().timestamp();
    world.run(&["update-search"]).to(0);
    world.run(&["spar-import", "missing.xml"]).to(2);
    let of = |name: &str, job: &str| value(&world, &format!("mantal_run_last_{name}{{job=\"{job}\"}}"));
    for job in ["update-search", "spar-import"] {
        for name in ["start_timestamp_seconds", "end_timestamp_seconds"] {
            assert!(of(name, job).is_some_and(|at| at >= before), "{name} {job}");
        }
        assert!(of("duration_seconds", job).is_some_and(|seconds| seconds < 60));
    }
    assert_eq!((of("exit_code", "update-search"), of("exit_code", "spar-import")), (Some(0), Some(2)));
    assert!(of("success_timestamp_seconds", "update-search").is_some());
    assert_eq!(of("success_timestamp_seconds", "spar-import"), None);
    let status =
        |status| value(&world, &format!("mantal_run_last_status{{job=\"spar-import\",status=\"{status}\"}}"));
    assert_eq!((status("failed"), status("ok")), (Some(1), Some(0)));
    assert_eq!(value(&world, "mantal_run_last_records{job=\"update-search\",count=\"read\"}"), Some(0));
    let mode = fs::metadata(world.path("mantal.prom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn a_trial_does_not_count_and_a_killed_run_is_seen_as_begun_without_an_end() {
    let (world, server) = World::with_silent_server();
    let file = world.path("mantal.prom");
    world.configure(&format!("[notify]\nmetrics_file = '{}'\n[max_age]\nspar-import = '1h'", file.display()));
    world.run(&["update-search", "--dry-run"]).to(0);
    assert!(!file.exists());
    let mut run = world.call(&["spar-import"]).spawn().unwrap();
    let _silence = server.accept().unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    let start = "mantal_run_last_start_timestamp_seconds{job=\"spar-import\"}";
    assert!(value(&world, start).is_some());
    assert_eq!(value(&world, "mantal_run_last_end_timestamp_seconds{job=\"spar-import\"}"), None);
    assert_eq!(value(&world, "mantal_run_last_status{job=\"spar-import\",status=\"running\"}"), Some(1));
    // The next run of whatever kind settles it.
    world.run(&["update-search"]).to(0);
    assert_eq!(value(&world, "mantal_run_last_status{job=\"spar-import\",status=\"interrupted\"}"), Some(1));
    let left: Vec<_> =
        fs::read_dir(world.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn metrics_that_can_not_be_written_change_no_run() {
    let world = World::new();
    world.configure("[notify]\nmetrics_file = '/proc/nowhere/mantal.prom'");
    let done = world.plain(&["update-search"]).to(0);
    assert_eq!((done.out, done.err), (String::new(), String::new()));
    let logged = world.run(&["log"]);
    assert!(logged.out.contains("metrics-not-written"), "{}", logged.out);
}

#[test]
fn a_job_is_overdue_after_its_max_age_here_and_by_the_metrics_alone() {
    let world = watched();
    let looks = |exit: i32| {
        let here = world.run(&["overdue"]).to(exit).json;
        let there = elsewhere(&world, &["--json"]).to(exit).json;
        let judged = |json: &serde_json::Value| {
            let jobs = json["jobs"].as_array().unwrap().clone();
            jobs.iter().map(|job| format!("{} {}", job["job"], job["overdue"])).collect::<Vec<_>>()
        };
        assert_eq!(judged(&here), judged(&there));
        judged(&here)
    };
    world.run(&["update-search"]).to(0);
    assert_eq!(looks(0), ["\"backup\" false", "\"update-search\" false"]);
    // A trial and a failure don't count as having come; nor does what never came, once there was time for it.
    world.open().execute("UPDATE run SET started = '2026-01-01T00:00:00.000Z', ended = started", []).unwrap();
    world.run(&["update-search", "--dry-run"]).to(0);
    world.run(&["backup", "/nowhere/copy.db"]).to(1);
    assert_eq!(looks(3), ["\"backup\" true", "\"update-search\" true"]);
    world.run(&["update-search"]).to(0);
    assert_eq!(looks(3), ["\"backup\" true", "\"update-search\" false"]);
    let told = elsewhere(&world, &["-q"]).to(3);
    assert!(
        told.out.starts_with("backup: never did its work") && told.out.lines().count() == 1,
        "{}",
        told.out
    );
}

#[test]
fn what_can_not_be_looked_at_is_a_failure_and_not_silence() {
    let world = watched();
    elsewhere(&world, &[]).to(1);
    fs::write(world.path("mantal.prom"), "").unwrap();
    elsewhere(&world, &[]).to(1);
    world.run(&["update-search"]).to(0);
    let whole = metrics(&world);
    fs::write(world.path("mantal.prom"), &whole[..whole.len() - 1]).unwrap();
    elsewhere(&world, &[]).to(1);
    fs::remove_file(world.path("w/registry.db")).unwrap();
    world.run(&["overdue"]).to(1);
    assert!(!world.path("w/registry.db").exists());
}
