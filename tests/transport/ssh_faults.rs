//! What an SSH server can do wrong, and that everything ends in time.

use std::{
    io::{Cursor, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use mantal::{
    config::Transport as Way,
    io::Existing,
    transport::{Fault, FaultKind, Folder, Limit, Size},
};
use russh::MethodKind;
use russh_sftp::protocol::StatusCode;

use super::{
    ssh_server::{Instead, Script, Server},
    stand::{PASSWORD, Stand},
};

const IDLE: u64 = 600;
const TOTAL: u64 = 2000;

fn honest() -> Script {
    Script::default()
}

fn content() -> Vec<u8> {
    (0..=250).cycle().take(1_000_000).collect()
}

/// What it comes to when a list is put and a file taken; it has to come in time.
fn outcome(stand: &Stand) -> Option<Fault> {
    let began = Instant::now();
    let all = || {
        let mut session = stand.try_connect()?;
        session.list(Folder::Get, &|_| true)?;
        let mut taken = Vec::new();
        session.fetch(Folder::Get, "SPAR_1.xml", &mut taken)?;
        assert!(taken == content(), "what was taken is not what was there");
        session.store(Folder::Put, "list.part", &mut Cursor::new(content()), Existing::Replace)?;
        session.rename(Folder::Put, "list.part", "list")?;
        session.delete(Folder::Get, "SPAR_1.xml")
    };
    let outcome = all().err();
    assert!(began.elapsed() < stand.settings.total_timeout + Duration::from_secs(1), "{:?}", began.elapsed());
    outcome
}

fn with_files(script: Script) -> Server {
    with_patience(script, IDLE)
}

fn with_patience(script: Script, idle: u64) -> Server {
    let mut server = Server::start(script);
    server.stand.settings.connect_timeout = Duration::from_millis(idle);
    server.stand.settings.idle_timeout = Duration::from_millis(idle);
    std::fs::write(server.stand.path("out/SPAR_1.xml"), content()).unwrap();
    server
}

fn kind(script: Script) -> Option<FaultKind> {
    outcome(&with_files(script).stand).map(|fault| fault.kind)
}

#[test]
fn an_honest_server_gets_and_gives_everything() {
    let server = with_files(honest());
    if let Some(fault) = outcome(&server.stand) {
        panic!("{fault}");
    }
    assert!(std::fs::read(server.stand.path("in/list")).unwrap() == content());
    assert!(!server.stand.path("out/SPAR_1.xml").exists());
}

#[test]
fn a_password_is_given_once_by_the_method_that_the_server_has() {
    let rows = [(&[MethodKind::Password][..], "password"), (&[MethodKind::KeyboardInteractive], "answers")];
    for (methods, expected) in rows {
        let server = with_files(Script { methods, ..honest() });
        server.stand.connect();
        let given = format!("{expected} {PASSWORD}");
        assert_eq!(server.seen().iter().filter(|line| line.contains(PASSWORD)).collect::<Vec<_>>(), [&given]);
    }
}

#[test]
fn a_refused_password_is_final_and_never_tried_another_way() {
    for methods in [
        &[MethodKind::Password, MethodKind::KeyboardInteractive][..],
        &[MethodKind::KeyboardInteractive],
        &[MethodKind::PublicKey],
    ] {
        let server = with_files(Script { methods, password: "another", ..honest() });
        let fault = server.stand.try_connect().err().unwrap();
        assert_eq!(fault.kind, FaultKind::Refused);
        assert!(!fault.is_transient() && !fault.to_string().contains(PASSWORD));
        let given = server.seen().iter().filter(|line| line.contains(PASSWORD)).count();
        assert_eq!(given, usize::from(methods != [MethodKind::PublicKey]), "{:?}", server.seen());
    }
}

#[test]
fn only_one_hidden_question_is_answered() {
    let rows: [&[(&str, bool)]; 3] = [
        &[("Password: ", false), ("Code: ", false)],
        &[("Your password, for all to see: ", true)],
        &[("User: ", true), ("Password: ", false)],
    ];
    for questions in rows {
        let methods = &[MethodKind::KeyboardInteractive];
        let server = with_files(Script { methods, questions, ..honest() });
        assert_eq!(server.stand.try_connect().err().unwrap().kind, FaultKind::Refused);
        assert!(!server.seen().iter().any(|line| line.contains(PASSWORD)), "{:?}", server.seen());
    }
}

#[test]
fn a_server_that_falls_silent_at_any_step_is_left_in_time() {
    let steps = [
        "none",
        "password",
        "channel",
        "subsystem",
        "init",
        "opendir",
        "readdir",
        "lstat",
        "open",
        "read",
        "close",
        "write",
        "rename",
        "remove",
    ];
    for step in steps {
        let server = with_files(honest().instead(step, 1, Instead::Stall));
        let fault = outcome(&server.stand).unwrap_or_else(|| panic!("{step}"));
        assert_eq!(fault.kind, FaultKind::TimedOut(Limit::Idle), "{step}");
        assert!(fault.is_transient());
    }
}

/// What a hang-up in this step comes to. A busy machine is no silence: with this patience only one that would never have
/// been noticed ends as such.
fn hung_up(step: &'static str, from: usize) -> Option<FaultKind> {
    const PATIENCE: u64 = 10_000;
    let server = with_patience(honest().instead(step, from, Instead::HangUp), PATIENCE);
    outcome(&server.stand).map(|fault| fault.kind)
}

#[test]
fn a_server_that_hangs_up_at_any_step_is_no_success() {
    let rows = [
        ("none", FaultKind::Broken),
        // It has seen the password, and may have counted it.
        ("password", FaultKind::Refused),
        ("channel", FaultKind::Broken),
        ("subsystem", FaultKind::Broken),
        ("init", FaultKind::Broken),
        ("readdir", FaultKind::Broken),
        ("lstat", FaultKind::Broken),
        ("open", FaultKind::Broken),
        ("read", FaultKind::Broken),
        ("write", FaultKind::Broken),
        ("rename", FaultKind::Broken),
        ("remove", FaultKind::Broken),
    ];
    for (step, expected) in rows {
        assert_eq!(hung_up(step, 1), Some(expected), "{step}");
    }
    for step in ["read", "write"] {
        assert_eq!(hung_up(step, 7), Some(FaultKind::Broken), "{step}");
    }
}

/// After each of these steps one more thing is asked, to give a handle back: now and then in the very moment in which the
/// connection ends.
#[test]
fn what_is_asked_while_a_connection_ends_does_not_wait_for_an_answer() {
    for round in 0..15 {
        for step in ["readdir", "read", "write"] {
            assert_eq!(hung_up(step, 1), Some(FaultKind::Broken), "{step} {round}");
        }
    }
}

#[test]
fn what_a_server_refuses_gets_its_name() {
    use Instead::Say;
    use StatusCode as Is;
    let rows = [
        ("channel", Say(Is::Failure, ""), FaultKind::Denied),
        ("subsystem", Say(Is::Failure, ""), FaultKind::Denied),
        ("opendir", Say(Is::NoSuchFile, ""), FaultKind::NoFolder),
        ("opendir", Say(Is::PermissionDenied, ""), FaultKind::NoFolder),
        ("readdir", Say(Is::PermissionDenied, ""), FaultKind::Denied),
        ("read", Say(Is::PermissionDenied, ""), FaultKind::Denied),
        ("read", Say(Is::NoSuchFile, ""), FaultKind::Missing),
        ("write", Say(Is::Failure, "No space left on device"), FaultKind::Full),
        ("write", Say(Is::Failure, "Quota exceeded"), FaultKind::Full),
        ("write", Say(Is::Failure, "Failure"), FaultKind::Denied),
        // What was written shows its fate when the file is closed.
        ("close", Say(Is::Failure, "disk full"), FaultKind::Full),
        ("rename", Say(Is::OpUnsupported, ""), FaultKind::Unsupported),
        ("rename", Say(Is::PermissionDenied, ""), FaultKind::Denied),
        ("remove", Say(Is::PermissionDenied, ""), FaultKind::Denied),
        ("lstat", Say(Is::ConnectionLost, ""), FaultKind::Broken),
    ];
    for (step, what, expected) in rows {
        // The first handle is the listing's, the second that of the file that was read.
        let from = if step == "close" { 3 } else { 1 };
        assert_eq!(kind(honest().instead(step, from, what)), Some(expected), "{step} {what:?}");
    }
}

#[test]
fn a_server_that_renames_and_stores_over_what_is_there_is_asked_first() {
    let server = with_files(honest());
    std::fs::write(server.stand.path("in/list"), "old").unwrap();
    let mut session = server.stand.connect();
    let stored = session.store(Folder::Put, "list", &mut Cursor::new("new"), Existing::Refuse);
    assert_eq!(stored.unwrap_err().kind, FaultKind::Exists);
    session.store(Folder::Put, "list.part", &mut Cursor::new("new"), Existing::Refuse).unwrap();
    assert_eq!(session.rename(Folder::Put, "list.part", "list").unwrap_err().kind, FaultKind::Exists);
    assert_eq!(std::fs::read(server.stand.path("in/list")).unwrap(), b"old");
}

#[test]
fn a_server_that_gives_less_than_was_asked_for_gives_the_whole_file_all_the_same() {
    let server = with_files(honest().instead("read", 1, Instead::Half));
    assert_eq!(outcome(&server.stand).map(|fault| fault.to_string()), None);
    let server = with_files(honest().instead("read", 9, Instead::Half));
    assert_eq!(outcome(&server.stand).map(|fault| fault.to_string()), None);
}

#[test]
fn a_listing_without_end_ends() {
    let fault = outcome(&with_files(Script { endless: true, ..honest() }).stand).unwrap();
    assert_eq!(fault.kind, FaultKind::Protocol);
}

#[test]
fn after_a_session_broke_every_further_step_says_so() {
    let server = with_files(honest().instead("open", 1, Instead::HangUp));
    let mut session = server.stand.connect();
    for _ in 0..2 {
        let fetched = session.fetch(Folder::Get, "SPAR_1.xml", &mut std::io::sink());
        assert_eq!(fetched.unwrap_err().kind, FaultKind::Broken);
    }
    assert_eq!(session.size(Folder::Get, "SPAR_1.xml").unwrap_err().kind, FaultKind::Broken);
}

#[test]
fn a_session_lives_on_while_nobody_asks() {
    let server = with_files(honest());
    let mut session = server.stand.connect();
    // Longer than the limit to silence: that is the server's, not ours.
    thread::sleep(Duration::from_millis(2 * IDLE));
    assert_eq!(session.size(Folder::Get, "SPAR_1.xml").unwrap(), Size::Bytes(1_000_000));
}

/// Something that listens and is no SSH server, or none for long.
fn stranger(talk: impl Fn(TcpStream) + Send + Sync + 'static) -> Stand {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stand = Stand::dir().patience(IDLE, TOTAL);
    stand.settings.transport = Way::Sftp;
    stand.settings.host = Some("127.0.0.1".to_owned());
    stand.settings.port = Some(listener.local_addr().unwrap().port());
    stand.settings.user = Some("mantal".to_owned());
    thread::spawn(move || listener.incoming().for_each(|socket| talk(socket.unwrap())));
    stand
}

/// Says something again and again, with a pause between.
fn repeat(mut socket: TcpStream, words: &[u8], pause: Duration) {
    while socket.write_all(words).is_ok() {
        thread::sleep(pause);
    }
}

#[test]
fn what_is_no_ssh_server_is_left_in_time() {
    const VERSION: &[u8] = b"SSH-2.0-stranger\r\n";
    let silent = stranger(|mut socket| drop(socket.read_to_end(&mut Vec::new())));
    let flood = stranger(|socket| repeat(socket, b"welcome to our server\r\n", Duration::ZERO));
    let endless_line = stranger(|socket| repeat(socket, b"welcome", Duration::ZERO));
    let drip = stranger(|socket| repeat(socket, b".", Duration::from_millis(100)));
    let no_keys = stranger(|mut socket| {
        socket.write_all(VERSION).unwrap();
        drop(socket.read_to_end(&mut Vec::new()));
    });
    let garbage = stranger(|mut socket| {
        socket.write_all(VERSION).unwrap();
        repeat(socket, &[0xff; 1000], Duration::from_millis(1));
    });
    let slow_keys = stranger(|mut socket| {
        socket.write_all(VERSION).unwrap();
        // A packet of 20,000 bytes, one at a time.
        socket.write_all(&[0, 0, 0x4e, 0x20]).unwrap();
        repeat(socket, &[20], Duration::from_millis(100));
    });
    let hangs_up = stranger(drop);
    let rows = [
        ("silent", silent, FaultKind::TimedOut(Limit::Idle)),
        ("flood", flood, FaultKind::Protocol),
        ("endless line", endless_line, FaultKind::Protocol),
        ("drip", drip, FaultKind::TimedOut(Limit::Total)),
        ("no keys", no_keys, FaultKind::TimedOut(Limit::Idle)),
        ("garbage", garbage, FaultKind::Protocol),
        ("slow keys", slow_keys, FaultKind::TimedOut(Limit::Total)),
        ("hangs up", hangs_up, FaultKind::Broken),
    ];
    for (what, stand, expected) in rows {
        assert_eq!(outcome(&stand).unwrap().kind, expected, "{what}");
    }
}

#[test]
fn a_signal_ends_a_step_that_hangs() {
    let server = with_files(honest().instead("read", 3, Instead::Stall));
    let mut session = server.stand.connect();
    let stop = server.stand.stop.clone();
    let signal = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        stop.store(15, std::sync::atomic::Ordering::Relaxed);
    });
    let began = Instant::now();
    let fetched = session.fetch(Folder::Get, "SPAR_1.xml", &mut std::io::sink());
    assert_eq!(fetched.unwrap_err().kind, FaultKind::Stopped(15));
    assert!(began.elapsed() < Duration::from_millis(IDLE));
    signal.join().unwrap();
}
