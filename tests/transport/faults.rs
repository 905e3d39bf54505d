//! What a misbehaving server can do to us: nothing but end the session, in time, with the right reason.

use std::{
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use mantal::{
    config::Passive,
    io::Existing,
    text::Language,
    transport::{Fault, FaultKind, Folder, Limit, Size, Transport},
};

use rustix::net::{AddressFamily, SocketType};

use super::{
    certificates::{Leaf, armour, trusting},
    scripted::script::Turn,
    scripted::{Answer, Data, Door, Script, Server, honest},
    stand::PASSWORD,
};

const FILE: &[u8] = b"0123456789abcdef";

/// What one session with this server came to, and whether that was in time.
pub fn visit<T>(
    server: &Server,
    work: impl FnOnce(&mut dyn Transport) -> Result<T, Fault>,
) -> Result<T, FaultKind> {
    let began = Instant::now();
    let outcome = server.stand.try_connect().and_then(|mut session| work(&mut *session));
    let limit = server.stand.settings.total_timeout + Duration::from_secs(1);
    assert!(began.elapsed() < limit, "{:?} is too long", began.elapsed());
    outcome.map_err(|fault| {
        let shown = format!("{fault} {fault:?}");
        let kind = fault.kind;
        let failure = fault.into_failure();
        assert_eq!(failure.kind.exit_code(), 5, "{shown}");
        let text = failure.text(Language::English);
        assert!(!text.contains(PASSWORD) && !shown.contains(PASSWORD), "{text}");
        assert!(text.contains("127.0.0.1") && !text.contains('{'), "{text}");
        kind
    })
}

pub fn fetch(server: &Server) -> Result<Vec<u8>, FaultKind> {
    let mut taken = Vec::new();
    visit(server, |session| session.fetch(Folder::Get, "a.xml", &mut taken)).map(|_| taken)
}

pub fn store(server: &Server) -> Result<u64, FaultKind> {
    let big = vec![b'x'; 4 << 20];
    visit(server, |session| session.store(Folder::Put, "a.part", &mut &*big, Existing::Replace))
}

fn started(script: Script) -> Server {
    Server::start(script).with("out/a.xml", FILE)
}

fn started_secured(script: Script) -> Server {
    let armour = Some(armour(&Leaf::good(), Turn::Explicit));
    trusting(started(Script { armour, ..script }))
}

const IDLE: FaultKind = FaultKind::TimedOut(Limit::Idle);
const TOTAL: FaultKind = FaultKind::TimedOut(Limit::Total);

#[test]
fn the_scripted_server_is_honest_when_nothing_is_scripted() {
    let server = started(honest());
    assert_eq!(fetch(&server).unwrap(), FILE);
    assert_eq!(store(&server).unwrap(), 4 << 20);
    assert_eq!(server.file("in/a.part").unwrap().len(), 4 << 20);
}

#[test]
fn a_beginning_that_goes_wrong_ends_in_time_with_its_reason() {
    use Answer::{Drip, Flood, HangUp, Say, Silence};
    let rows: [(&str, Script, FaultKind); 14] = [
        ("no greeting", Script { greeting: Silence, ..honest() }, IDLE),
        ("gone at once", Script { greeting: HangUp, ..honest() }, FaultKind::Broken),
        ("too many users", Script { greeting: Say("421 full house\r\n"), ..honest() }, FaultKind::Broken),
        ("no FTP at all", Script { greeting: Say("SSH-2.0-x\r\n"), ..honest() }, FaultKind::Protocol),
        ("endless line", Script { greeting: Flood("220"), ..honest() }, FaultKind::Protocol),
        ("endless banner", Script { greeting: Flood("220-hello\r\n"), ..honest() }, FaultKind::Protocol),
        ("slow banner", Script { greeting: Drip("220-hello\r\n"), ..honest() }, TOTAL),
        ("wrong password", honest().answer("PASS", Say("530 no\r\n")), FaultKind::Refused),
        ("unknown user", honest().answer("USER", Say("530 no\r\n")), FaultKind::Refused),
        ("locked", honest().answer("PASS", Say("430 locked\r\n")), FaultKind::Refused),
        ("not now", honest().answer("PASS", Say("421 later\r\n")), FaultKind::Busy),
        ("silent after the password", honest().answer("PASS", Silence), IDLE),
        ("gone after the user", honest().answer("USER", HangUp), FaultKind::Broken),
        ("slow word", honest().answer("TYPE", Drip("2")), TOTAL),
    ];
    for (what, script, expected) in rows {
        assert_eq!(fetch(&started(script)).unwrap_err(), expected, "{what}");
    }
}

#[test]
fn a_refused_login_was_tried_once() {
    let server = started(honest().answer("PASS", Answer::Say("530 no\r\n")));
    fetch(&server).unwrap_err();
    let passwords = server.commands().iter().filter(|line| line.starts_with("PASS")).count();
    assert_eq!(passwords, 1);
}

#[test]
fn a_server_that_echoes_the_password_does_not_get_it_into_our_texts() {
    let server = started(honest().answer("PASS", Answer::Say("530 not correct-horse-battery\r\n")));
    assert_eq!(fetch(&server).unwrap_err(), FaultKind::Refused); // `visit` looks at the texts
}

#[test]
fn a_fetch_that_goes_wrong_is_never_a_success() {
    use Answer::{Drip, HangUp, Once, Say, Silence};
    let down = |down| Script { down, ..honest() };
    let rows: [(&str, Script, FaultKind); 17] = [
        ("426 after half", down(Data::Half("426 broken\r\n")), FaultKind::Broken),
        ("451 after half", down(Data::Half("451 disk\r\n")), FaultKind::Busy),
        ("reset and 426", down(Data::HalfReset("426 broken\r\n")), FaultKind::Broken),
        ("reset and 226", down(Data::HalfReset("226 done\r\n")), FaultKind::Broken),
        ("half, then gone", down(Data::HalfThenGone), FaultKind::Broken),
        ("whole, then gone", down(Data::WholeThenGone), FaultKind::Broken),
        ("half, then silence", down(Data::HalfThenSilence), IDLE),
        ("a byte now and then", down(Data::Drip), TOTAL),
        ("refused", honest().answer("RETR", Say("550 no\r\n")), FaultKind::Denied),
        ("busy once", honest().answer("RETR", Once("450 busy\r\n")), FaultKind::Busy),
        ("shutting down", honest().answer("RETR", Say("421 bye\r\n")), FaultKind::Broken),
        ("no folder", honest().answer("CWD", Say("550 no\r\n")), FaultKind::NoFolder),
        ("passive unknown", honest().answer("EPSV", Say("500 what\r\n")), FaultKind::NoData),
        ("passive nonsense", honest().answer("EPSV", Say("229 (|||notaport|)\r\n")), FaultKind::Protocol),
        ("passive silence", honest().answer("EPSV", Silence), IDLE),
        ("passive, then gone", honest().answer("EPSV", HangUp), FaultKind::Broken),
        ("slow passive", honest().answer("EPSV", Drip("2")), TOTAL),
    ];
    for (what, script, expected) in rows {
        assert_eq!(fetch(&started(script.clone())).unwrap_err(), expected, "{what}");
        assert_eq!(fetch(&started_secured(script)).unwrap_err(), expected, "{what}, under TLS");
    }
    let server = started(Script { door: Door::Closed, ..honest() });
    assert_eq!(fetch(&server).unwrap_err(), FaultKind::NoData);
}

#[test]
fn half_a_file_with_226_is_counted_as_half_a_file() {
    let server = started(Script { down: Data::Half("226 done\r\n"), ..honest() });
    let mut taken = Vec::new();
    let outcome = visit(&server, |session| {
        let size = session.size(Folder::Get, "a.xml")?;
        Ok((session.fetch(Folder::Get, "a.xml", &mut taken)?, size))
    });
    assert_eq!(outcome.unwrap(), (8, Size::Bytes(16)), "the caller compares these");
}

#[test]
fn a_store_that_goes_wrong_is_never_a_success() {
    use Answer::Say;
    let up = |up| Script { up, ..honest() };
    let rows: [(&str, Script, FaultKind); 10] = [
        ("no room at once", honest().answer("STOR", Say("552 full\r\n")), FaultKind::Full),
        ("no room in the end", up(Data::Half("552 full\r\n")), FaultKind::Full),
        ("no room meanwhile", up(Data::HalfReset("452 full\r\n")), FaultKind::Full),
        ("vsftpd", up(Data::Half("451 Failure writing to local file.\r\n")), FaultKind::Full),
        (
            "pure-ftpd",
            up(Data::HalfReset("451-Error during write to file\r\n451 0.000 seconds\r\n")),
            FaultKind::Full,
        ),
        ("an error that is no lack of room", up(Data::Half("451 Try later\r\n")), FaultKind::Busy),
        ("not allowed", honest().answer("STOR", Say("553 no\r\n")), FaultKind::Denied),
        ("half, then gone", up(Data::HalfThenGone), FaultKind::Broken),
        ("half, then silence", up(Data::HalfThenSilence), IDLE),
        ("whole, but 226 lost", up(Data::WholeThenGone), FaultKind::Broken),
    ];
    for (what, script, expected) in rows {
        let mut secured = started_secured(script.clone());
        // A full socket is waited for twice: once after what it still took.
        secured.stand = secured.stand.patience(600, 3000);
        for server in [started(script), secured] {
            assert_eq!(store(&server).unwrap_err(), expected, "{what}");
            assert_eq!(server.file("in/a"), None, "no reader sees a final name");
        }
    }
}

#[test]
fn half_a_list_with_226_shows_in_its_size() {
    let server = started(Script { up: Data::Half("226 done\r\n"), ..honest() });
    let outcome = visit(&server, |session| {
        let sent = session.store(Folder::Put, "a.part", &mut &FILE[..], Existing::Replace)?;
        Ok((sent, session.size(Folder::Put, "a.part")?))
    });
    assert_eq!(outcome.unwrap(), (16, Size::Bytes(8)), "the caller compares these");
}

#[test]
fn a_list_whose_226_was_lost_can_be_sent_again() {
    let lost = started(Script { up: Data::WholeThenGone, ..honest() });
    store(&lost).unwrap_err();
    let again = started(honest()).with("in/a.part", &lost.file("in/a.part").unwrap());
    assert_eq!(store(&again).unwrap(), 4 << 20);
    assert_eq!(again.file("in/a.part").unwrap().len(), 4 << 20);
}

#[test]
fn a_refused_rename_leaves_both_names_and_says_whether_another_way_is_needed() {
    use Answer::{HangUp, Say};
    let rows = [
        ("RNTO", Say("550 no\r\n"), FaultKind::Denied),
        ("RNFR", Say("502 what\r\n"), FaultKind::Unsupported),
        ("RNFR", Say("550 no\r\n"), FaultKind::Denied), // it is there all the same
        ("RNTO", HangUp, FaultKind::Broken),
    ];
    for (verb, answer, expected) in rows {
        let server = Server::start(honest().answer(verb, answer)).with("in/a.part", FILE);
        let outcome = visit(&server, |session| session.rename(Folder::Put, "a.part", "a"));
        assert_eq!(outcome.unwrap_err(), expected, "{verb}");
        assert_eq!((server.file("in/a.part").as_deref(), server.file("in/a")), (Some(FILE), None));
    }
}

#[test]
fn a_server_that_renames_over_files_is_not_let() {
    let server = Server::start(honest()).with("in/a.part", b"new").with("in/a", b"old");
    let outcome = visit(&server, |session| session.rename(Folder::Put, "a.part", "a"));
    assert_eq!(outcome.unwrap_err(), FaultKind::Exists);
    assert!(!server.commands().iter().any(|line| line.starts_with("RN")));
}

#[test]
fn data_is_only_ever_taken_from_the_machine_that_we_talk_to() {
    // Bound on the other address with the very port that the server will announce is not possible beforehand, so the
    // connection must succeed with the right machine although the wrong one is named.
    let script = Script { door: Door::Elsewhere([127, 0, 0, 2]), passive: Passive::Pasv, ..honest() };
    let server = started(script);
    assert_eq!(fetch(&server).unwrap(), FILE);
    let (other, port, _nobody) = a_port_where_only_the_other_address_listens();
    let announced: &'static str =
        Box::leak(format!("227 (127,0,0,2,{},{})\r\n", port / 256, port % 256).into_boxed_str());
    let script = Script { passive: Passive::Pasv, ..honest() };
    let server = started(script.answer("PASV", Answer::Say(announced)));
    assert_eq!(fetch(&server).unwrap_err(), FaultKind::NoData);
    other.set_nonblocking(true).unwrap();
    assert!(other.accept().is_err(), "nobody came");
}

/// Held on our own address without anybody listening, or another test's server could get it.
fn a_port_where_only_the_other_address_listens() -> (TcpListener, u16, OwnedFd) {
    loop {
        let other = TcpListener::bind("127.0.0.2:0").unwrap();
        let port = other.local_addr().unwrap().port();
        let nobody = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if rustix::net::bind(&nobody, &address).is_ok() {
            return (other, port, nobody);
        }
    }
}

#[test]
fn in_active_mode_a_server_that_does_not_come_is_not_waited_for() {
    let script = Script { passive: Passive::Active, ..honest() };
    let script = script.answer("PORT", Answer::Say("200 ok\r\n"));
    let silent = started(script.clone().answer("RETR", Answer::Say("150 coming\r\n")));
    assert_eq!(fetch(&silent).unwrap_err(), FaultKind::NoData);
    let refused = Script { passive: Passive::Active, ..honest() }.answer("PORT", Answer::Say("500 no\r\n"));
    assert_eq!(fetch(&started(refused)).unwrap_err(), FaultKind::NoData);
}

#[test]
fn a_signal_ends_a_wait_long_before_the_timeout() {
    let server = started(Script { greeting: Answer::Silence, ..honest() });
    let mut stand = server.stand;
    stand = stand.patience(60_000, 60_000);
    stand.stop.store(15, Ordering::Relaxed);
    let began = Instant::now();
    assert_eq!(stand.try_connect().err().unwrap().kind, FaultKind::Stopped(15));
    let began_to_wait = Instant::now();
    stand.stop.store(0, Ordering::Relaxed);
    let stop = std::sync::Arc::clone(&stand.stop);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| stand.try_connect().err().unwrap().kind);
        stop.store(15, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap(), FaultKind::Stopped(15));
    });
    assert!(began.elapsed() < Duration::from_secs(5) && began_to_wait.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_machine_that_is_not_there_or_has_no_server_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut stand = super::stand::Stand::ftp(port, Passive::Epsv);
    assert_eq!(stand.try_connect().err().unwrap().kind, FaultKind::Unreachable);
    stand.settings.host = Some("no-such-host.invalid".to_owned());
    stand = stand.patience(2000, 3000);
    let kind = stand.try_connect().err().unwrap().kind;
    assert!(matches!(kind, FaultKind::Unreachable | FaultKind::TimedOut(Limit::Connect)), "{kind:?}");
}

#[test]
fn the_password_is_in_no_log_line_at_the_finest_level() {
    struct Collect;
    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    impl log::Log for Collect {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }
        fn log(&self, record: &log::Record<'_>) {
            let line = format!("{} {}", record.target(), record.args());
            LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        fn flush(&self) {}
    }
    log::set_logger(&Collect).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    fetch(&started(honest())).unwrap();
    let lines = LINES.lock().unwrap();
    assert!(lines.iter().any(|line| line.contains("suppaftp")), "the collector collects");
    assert!(!lines.iter().any(|line| line.contains(PASSWORD)));
}

#[test]
fn clear_text_is_warned_of_and_a_folder_is_not() {
    let (message, params) = mantal::transport::warning(&started(honest()).stand.settings).unwrap();
    assert_eq!((message.code, message.prio), ("server-clear-text", 10));
    assert!(params[0].1.starts_with("127.0.0.1"));
    assert_eq!(mantal::transport::warning(&super::stand::Stand::dir().settings), None);
}

#[test]
fn the_port_of_an_ipv6_address_is_no_part_of_it() {
    let mut stand = started(honest()).stand;
    stand.settings.host = Some("::1".to_owned());
    // Nobody listens there.
    stand.settings.port = Some(1);
    let fault = stand.try_connect().err().unwrap();
    assert!(fault.to_string().starts_with("[::1]:1: "), "{fault}");
}
