//! The drop server step by step: a real one, and scripted ones that fail at each step. What comes after the first fault is
//! skipped, the probe file is gone afterwards, and no password is shown.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use mantal::config::Passive;

use super::{
    real_server,
    scripted::{Answer, Data, Script, Server, honest},
    seen::{Seen, doctor},
    stand::{PASSWORD, Stand},
    support::World,
};

fn lines(stand: &Stand) -> String {
    format!(
        "spar.server.transport = \"ftp\"\nspar.server.host = \"localhost\"\nspar.server.port = {}\n\
         spar.server.user = \"mantal\"\nspar.server.password_file = \"{}\"\nspar.server.connect_timeout = 1\n\
         spar.server.idle_timeout = 1\nspar.server.total_timeout = 4",
        stand.settings.port.unwrap(),
        stand.path("password").display()
    )
}

fn look(script: Script) -> (Server, World, Seen) {
    let server = Server::start(script);
    let world = World::with(&lines(&server.stand));
    let seen = doctor(&world, &[]);
    assert!(!seen.json.to_string().contains(PASSWORD), "{}", seen.json);
    (server, world, seen)
}

fn probes(server: &Server) -> Vec<String> {
    let stored =
        server.commands().into_iter().filter_map(|line| Some(line.strip_prefix("STOR ")?.to_owned()));
    let names = stored.flat_map(|name| [name.replace(".part", "-2.part"), name]);
    names.filter(|name| server.file(&format!("in/{name}")).is_some()).collect()
}

const LOGIN: [&str; 3] = ["name", "connect", "login"];
const FILES: [&str; 5] = ["get-folder", "put-folder", "write", "rename", "delete"];

#[test]
fn a_real_server_is_well_and_keeps_nothing() {
    let stand = real_server::serve(Passive::Epsv);
    fs::write(stand.path("out/SPARAvisering_1.xml"), "").unwrap();
    fs::write(stand.path("out/readme.txt"), "").unwrap();
    let world = World::with(&lines(&stand));
    let seen = doctor(&world, &[]);
    assert_eq!(seen.well().steps("well"), [&LOGIN[..], &FILES[..]].concat());
    assert_eq!(seen.the("server", "get-folder")["params"]["count"], "2");
    assert_eq!(seen.the("server", "get-folder")["params"]["ours"], "1");
    assert_eq!(fs::read_dir(stand.path("in")).unwrap().count(), 0);
    assert!(seen.the("server", "connect")["text"].as_str().unwrap().contains(':'));
    // What goes in clear text is said, and is no alarm.
    assert_eq!(seen.the("server", "tls")["code"], "server-clear-text");
    assert_eq!(seen.the("server", "tls")["verdict"], "skipped");
}

#[test]
fn a_real_server_where_nothing_may_be_written_is_a_problem() {
    let stand = real_server::serve(Passive::Epsv);
    fs::remove_dir(stand.path("in")).unwrap();
    let seen = doctor(&World::with(&lines(&stand)), &[]);
    assert_eq!(seen.exit, 3);
    assert_eq!(seen.steps("problem"), ["put-folder", "write"]);
    assert_eq!(seen.steps("skipped"), ["tls", "rename", "delete"]);
}

#[test]
fn what_comes_after_the_first_fault_is_skipped() {
    // (what, script, the step that fails, code, steps that were well before)
    let rows: [(&str, Script, &str, &str, &[&str]); 5] = [
        (
            "no greeting",
            Script { greeting: Answer::Silence, ..honest() },
            "login",
            "server-silent",
            &["name", "connect"],
        ),
        (
            "the login is refused",
            honest().answer("PASS", Answer::Say("530 no\r\n")),
            "login",
            "server-login-refused",
            &["name", "connect"],
        ),
        (
            "no data connection",
            honest().answer("EPSV", Answer::HangUp),
            "get-folder",
            "server-broke-off",
            &LOGIN,
        ),
        (
            "the listing stalls",
            Script { lists: Some(Data::HalfThenSilence), listing: Some(vec![b'x'; 64]), ..honest() },
            "get-folder",
            "server-silent",
            &LOGIN,
        ),
        (
            "the upload is refused",
            honest().answer("STOR", Answer::Say("553 no\r\n")),
            "write",
            "server-denied",
            &["name", "connect", "login", "get-folder", "put-folder"],
        ),
    ];
    for (what, script, step, code, before) in rows {
        let began = Instant::now();
        let (server, _world, seen) = look(script);
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        assert_eq!(seen.exit, 3, "{what}");
        assert_eq!(seen.steps("well"), before, "{what}");
        assert_eq!(seen.steps("problem"), [step], "{what}");
        assert_eq!(seen.the("server", step)["code"], code, "{what}");
        let all: Vec<&str> = LOGIN.into_iter().chain(FILES).collect();
        let after: Vec<&str> = all[before.len() + 1..].to_vec();
        let skipped: Vec<String> = seen.steps("skipped").into_iter().filter(|name| name != "tls").collect();
        assert_eq!(skipped, after, "{what}");
        let logins = server.commands().iter().filter(|command| command.starts_with("PASS")).count();
        assert!(logins <= 1, "{what}: never tried twice");
    }
}

#[test]
fn a_server_that_is_not_there_is_told_from_a_name_that_is_not() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let stand = Stand::ftp(closed, Passive::Epsv);
    let world = World::with(&lines(&stand));
    let seen = doctor(&world, &[]);
    assert_eq!((seen.exit, seen.steps("problem")), (3, vec!["connect".to_owned()]));
    assert_eq!(seen.the("server", "connect")["code"], "server-unreachable");
    let seen = doctor(&world, &["--set", "spar.server.host=no-such-host.invalid"]);
    assert_eq!((seen.exit, seen.steps("problem")), (3, vec!["name".to_owned()]));
}

#[test]
fn a_server_that_cannot_rename_or_delete_is_a_problem_and_the_probe_is_deleted_where_it_can_be() {
    let (server, _world, seen) = look(honest().answer("RNTO", Answer::Say("553 no\r\n")));
    assert_eq!(seen.steps("problem"), ["rename"]);
    assert_eq!(seen.the("server", "delete")["verdict"], "well");
    assert_eq!(probes(&server), Vec::<String>::new());
    let (server, _world, seen) = look(honest().answer("DELE", Answer::Say("550 no\r\n")));
    assert_eq!(seen.steps("problem"), ["delete"]);
    let left = probes(&server);
    assert_eq!(left.len(), 1);
    assert_eq!(
        seen.the("server", "delete")["params"]["file"],
        left[0].as_str(),
        "named, so that somebody can"
    );
}

#[test]
fn what_a_broken_session_left_is_taken_away_by_another_one() {
    let breaks = |verb| honest().answer(verb, Answer::HangUp);
    let lists = Some(Data::Whole("226 done\r\n"));
    // (what, script, the step that fails)
    let rows = [
        ("the upload breaks", Script { up: Data::HalfThenGone, lists, ..honest() }, "write"),
        ("the upload stalls", Script { up: Data::HalfThenSilence, lists, ..honest() }, "write"),
        ("the rename begins and the line goes", breaks("RNFR"), "rename"),
        ("the rename happens and the line goes", breaks("RNTO"), "rename"),
    ];
    for (what, script, step) in rows {
        let (server, _world, seen) = look(script);
        assert_eq!(seen.steps("problem"), [step], "{what}");
        assert_eq!(probes(&server), Vec::<String>::new(), "{what}");
        // What never came to be there is not deleted either.
        let deleted = if step == "rename" { "well" } else { "skipped" };
        assert_eq!(seen.the("server", "delete")["verdict"], deleted, "{what}");
    }
    let (server, _world, seen) = look(breaks("DELE"));
    assert_eq!(seen.steps("problem"), ["delete"]);
    assert_eq!(seen.the("server", "delete")["params"]["file"], probes(&server)[0].as_str());
    assert_eq!(probes(&server).len(), 1, "it could not be taken away, and is named");
}

#[test]
fn with_a_trigger_no_rename_is_tried() {
    let server = Server::start(honest().answer("RNFR", Answer::Say("502 what\r\n")));
    let world = World::with(&format!("{}\nspar.ready = \"trigger\"", lines(&server.stand)));
    let seen = doctor(&world, &[]);
    assert_eq!(seen.well().steps("skipped"), ["tls", "rename"]);
    assert_eq!(probes(&server), Vec::<String>::new());
}

#[test]
fn half_a_probe_that_the_server_calls_whole_is_a_problem_and_is_deleted() {
    let (server, _world, seen) = look(Script { up: Data::Half("226 done\r\n"), ..honest() });
    assert_eq!(seen.the("server", "write")["code"], "doctor-probe-size");
    assert_eq!(probes(&server), Vec::<String>::new());
}

#[test]
fn a_folder_that_may_not_be_listed_takes_lists_all_the_same() {
    let seen = |script| look(script).2;
    // The folder where we take must be listed: else nothing is ever fetched.
    let denied = seen(honest().answer("MLSD", Answer::Once("550 no\r\n")));
    assert_eq!(denied.steps("problem"), ["get-folder"]);
    assert_eq!(denied.the("server", "delete")["verdict"], "well", "the rest is tried");
}

#[test]
fn probes_that_a_killed_doctor_left_are_told_of() {
    let world = World::new();
    fs::write(world.path("w/drop/in/mantal-probe-0123456789abcdef.part"), "").unwrap();
    let seen = doctor(&world, &[]);
    seen.only("warning", ("server", "put-folder", "doctor-probes-left"));
    assert_eq!(world.put().len(), 1, "not ours to delete: it may be in use");
}

#[test]
fn names_that_are_none_are_told_of() {
    let world = World::new();
    fs::write(world.path("w/drop/out/a\nb"), "").unwrap();
    doctor(&world, &[]).only("warning", ("server", "get-folder", "doctor-folder-odd"));
}

#[test]
fn a_drop_folder_that_is_missing_is_a_problem() {
    let world = World::new();
    fs::remove_dir_all(world.path("w/drop")).unwrap();
    let seen = doctor(&world, &[]);
    seen.only("problem", ("server", "folder", "server-folder-missing"));
    assert_eq!(seen.steps("skipped"), FILES);
}

#[test]
fn no_probe_writes_nothing_and_no_server_calls_nobody() {
    let server = Server::start(honest());
    let world = World::with(&lines(&server.stand));
    let seen = doctor(&world, &["--no-server"]);
    assert_eq!(seen.well().steps("skipped"), [&LOGIN[..], &FILES[..]].concat());
    assert_eq!(server.commands(), Vec::<String>::new());
    let seen = doctor(&world, &["--no-probe"]);
    assert_eq!(seen.well().steps("skipped"), ["tls", "write", "rename", "delete"]);
    let wrote = |line: &String| ["STOR", "RNFR", "DELE"].iter().any(|verb| line.starts_with(verb));
    assert!(!server.commands().iter().any(wrote), "{:?}", server.commands());
}

#[test]
fn a_signal_ends_the_wait_for_a_server() {
    let server = Server::start(Script { greeting: Answer::Silence, ..honest() });
    let world = World::with(&lines(&server.stand).replace("_timeout = 1", "_timeout = 60"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
    command.env_clear().arg("--config").arg(world.path("w/mantal.toml")).arg("doctor");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // Once it has told that it is connected, it waits for a greeting that never comes.
    let mut shown = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("connect ") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut shown, &mut line).unwrap() > 0);
    }
    let pid = rustix::process::Pid::from_child(&child);
    let began = Instant::now();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_password_that_cannot_be_had_is_told_of_and_nobody_is_called() {
    let server = Server::start(honest());
    let world = World::with(&lines(&server.stand));
    let secret = server.stand.path("password");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let seen = doctor(&world, &[]);
    assert_eq!(seen.steps("problem"), ["password"]);
    assert_eq!(seen.steps("skipped"), [&LOGIN[..], &FILES[..]].concat());
    assert_eq!(server.commands(), Vec::<String>::new());
}
