//! Pings and the program that is told: what they hear, and that nothing they do changes a run.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::World;

/// How a monitor answers.
#[derive(Clone, Copy)]
enum Answer {
    Says(&'static str),
    Hangs,
}

/// A monitor: its address, and what it is sent, as `POST /abc/start` and a body.
fn monitor(answer: Answer) -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/secret-path", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if sender.send(heard(&stream)).is_err() {
                return;
            }
            match answer {
                Answer::Says(status) => {
                    let head = format!(
                        "HTTP/1.1 {status}\r\ncontent-length: 0\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n"
                    );
                    stream.write_all(head.as_bytes()).unwrap();
                }
                Answer::Hangs => open.push(stream),
            }
        }
    });
    (address, receiver)
}

fn heard(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 2 {
        lines.push(std::mem::take(&mut line).to_lowercase().trim().to_owned());
    }
    let length =
        lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (lines[0].trim_end_matches(" http/1.1").to_owned(), String::from_utf8(body).unwrap())
}

fn pinged(world: &World, job: &str, address: &str) {
    world.configure(&format!("[notify.ping]\n{job} = '{address}'"));
}

#[test]
fn a_monitor_hears_of_start_success_and_failure() {
    let world = World::new();
    let (address, heard) = monitor(Answer::Says("200 OK"));
    world.configure(&format!("[notify.ping]\nupdate-search = '{address}'\nspar-import = '{address}'"));
    world.run(&["update-search"]).to(0);
    assert_eq!(heard.recv().unwrap(), ("post /secret-path/start".into(), String::new()));
    assert_eq!(
        heard.recv().unwrap(),
        ("post /secret-path".into(), "update-search: ok, exit 0, run 1".into())
    );
    world.run(&["spar-import", "missing.xml"]).to(2);
    assert_eq!(heard.recv().unwrap().0, "post /secret-path/start");
    let (call, body) = heard.recv().unwrap();
    assert_eq!(call, "post /secret-path/fail");
    assert!(
        body.starts_with("spar-import: failed, exit 2, run 2: ") && !body.contains("missing.xml"),
        "{body}"
    );
    // Trials and commands by hand are nobody's business.
    world.run(&["update-search", "--dry-run"]).to(0);
    world.run(&["schedule", "add", "update-search", "--at", "2099-12-01 22:00"]).to(0);
    assert!(heard.try_recv().is_err());
    // One that could not start: the registry is in use, or gone.
    let lock = mantal::io::RunLock::acquire(&world.path("w/registry.lock"), Duration::ZERO).unwrap();
    world.run(&["update-search"]).to(6);
    drop(lock);
    let (call, body) = heard.recv().unwrap();
    assert_eq!(
        (call.as_str(), body.split(':').nth(1)),
        ("post /secret-path/fail", Some(" not started, exit 6"))
    );
    fs::remove_file(world.path("w/registry.db")).unwrap();
    world.run(&["update-search"]).to(1);
    assert_eq!(heard.recv().unwrap().0, "post /secret-path/fail");
}

#[test]
fn a_monitor_that_refuses_hangs_redirects_or_is_gone_changes_no_run_and_is_in_the_log() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (failing, _failing) = monitor(Answer::Says("500 Broken"));
    let (missing, _missing) = monitor(Answer::Says("404 Not Found"));
    let (elsewhere, sent) = monitor(Answer::Says("302 Found"));
    let (silent, _silent) = monitor(Answer::Hangs);
    // (address, what the log says)
    let rows = [
        (failing, "HTTP 500"),
        (missing, "HTTP 404"),
        (elsewhere, "HTTP 302"),
        (format!("http://{gone}/secret-path"), ""),
        (silent, "timeout"),
    ];
    for (address, reason) in rows {
        let world = World::new();
        pinged(&world, "update-search", &address);
        let begun = Instant::now();
        let done = world.plain(&["update-search"]).to(0);
        assert_eq!((done.out, done.err), (String::new(), String::new()), "{reason}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{reason}");
        let log = world.run(&["log"]).out;
        let told: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<&Value> = told.iter().filter(|line| line["code"] == "ping-not-delivered").collect();
        assert_eq!(told.len(), 2, "{log}");
        assert!(told[1]["params"]["reason"].as_str().unwrap().contains(reason), "{log}");
        assert!(!log.contains("secret-path"), "{log}");
    }
    assert!(sent.try_iter().all(|(call, _)| call.starts_with("post /secret-path")), "not followed");
}

#[test]
fn the_address_is_shown_by_no_command() {
    let world = World::new();
    pinged(&world, "update-search", "http://127.0.0.1:9/secret-path");
    for words in [["config", "show"], ["--json", "update-search"], ["-vv", "update-search"]] {
        let done = world.plain(&words);
        assert!(!done.out.contains("secret-path") && !done.err.contains("secret-path"), "{words:?}");
    }
}

/// A world whose program is a shell script.
fn with_program(script: &str) -> World {
    let world = World::new();
    let program = world.path("told.sh");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
    world.configure(&format!(
        "[notify]\ncommand = ['{}', '{}']",
        program.display(),
        world.path("told").display()
    ));
    world
}

#[test]
fn the_program_gets_the_run_and_no_secrets_and_what_it_prints_goes_nowhere() {
    let world = with_program("cat >\"$1\"; env >\"$1.env\"; echo loud; echo louder >&2");
    let mut call = world.call(&["update-search", "--json"]);
    let done =
        crate::support::Done::from(call.env("CREDENTIALS_DIRECTORY", "/run/secret").output().unwrap()).to(0);
    assert!(!done.out.contains("loud") && done.err.is_empty(), "{done:?}");
    let told: Value = serde_json::from_slice(&fs::read(world.path("told")).unwrap()).unwrap();
    assert_eq!((&told["run"], &told["exit"]), (&done.json["run"], &0.into()));
    assert!(told.get("changes").is_none() && told.get("rejected").is_none());
    assert!(!fs::read_to_string(world.path("told.env")).unwrap().contains("secret"));
}

#[test]
fn a_program_that_fails_or_is_missing_or_reads_nothing_changes_no_run() {
    for (script, is_logged) in [("exit 7", true), ("exec 0<&-; exit 0", false)] {
        let world = with_program(script);
        let done = world.plain(&["update-search"]).to(0);
        assert_eq!((done.out, done.err), (String::new(), String::new()));
        assert_eq!(world.run(&["log"]).out.contains("notify-command-failed"), is_logged, "{script}");
    }
    let world = World::new();
    world.configure("[notify]\ncommand = ['/nowhere/told']");
    world.plain(&["update-search"]).to(0);
    assert!(world.run(&["log"]).out.contains("notify-command-failed"));
}
