//! What is done again, how often, and what is looked at before: a lost answer says nothing of what happened.

use std::{
    fs::File,
    io::{Read, Seek, Write},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use mantal::{
    config::{Passive, TlsMax, Transport as Way, secret},
    transport::{
        Call, Deadline, Fault, FaultKind, Folder, HandedOver, Limit, Persistent, RemoteFile, Size, pauses,
    },
};

use rustls::{
    SupportedProtocolVersion,
    version::{TLS12, TLS13},
};

use super::{
    certificates::{Leaf, armour, secured},
    scripted::{
        Answer, Data, Door, Script, Server, honest,
        script::{Armour, Goodbye, Turn},
    },
    stand::Stand,
};

const FILE: &[u8] = b"0123456789abcdef";

/// Two further tries, soon.
fn soon() -> Vec<Duration> {
    vec![Duration::from_millis(1); 2]
}

fn persistent(stand: &Stand, pauses: Vec<Duration>) -> Persistent {
    let password = secret::password(&stand.settings, None, Duration::from_secs(5)).unwrap();
    let call = Call {
        server: &stand.settings,
        password: password.as_ref(),
        private_key: None,
        ssh: &stand.ssh,
        deadline: Deadline::after(stand.settings.total_timeout),
        stop: Arc::clone(&stand.stop),
        witness: &|_| {},
    };
    Persistent::new(&call, pauses)
}

/// A server whose first connections go as told; afterwards it is honest.
fn faulty(scripts: impl IntoIterator<Item = Script>) -> Server {
    Server::in_turn(scripts.into_iter().chain([honest()]).collect()).with("out/a.xml", FILE)
}

fn file(content: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    file
}

fn content(mut file: File) -> Vec<u8> {
    let mut content = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut content).unwrap();
    content
}

fn count(server: &Server, verb: &str) -> usize {
    server.commands().iter().filter(|line| line.split(' ').next() == Some(verb)).count()
}

fn up(up: Data) -> Script {
    Script { up, ..honest() }
}

fn down(down: Data) -> Script {
    Script { down, ..honest() }
}

/// Fetches; what came, or the fault, and how often it was tried again.
fn fetch(server: &Server) -> (Result<Vec<u8>, FaultKind>, usize) {
    let mut line = persistent(&server.stand, soon());
    let copy = file(b"what stood there before, longer than the file");
    let outcome = line.fetch(Folder::Get, "a.xml", &copy);
    let retried = line.retried().len();
    (outcome.map(|_| content(copy)).map_err(|fault| fault.kind), retried)
}

#[test]
fn what_may_pass_is_tried_again_in_a_new_session_and_succeeds() {
    use Answer::{HangUp, Say, Silence};
    let rows: [(&str, Script); 15] = [
        ("gone at once", Script { greeting: HangUp, ..honest() }),
        ("silent at once", Script { greeting: Silence, ..honest() }),
        ("full house", Script { greeting: Say("421 full house\r\n"), ..honest() }),
        ("not now, said of the login", honest().answer("PASS", Say("421 later\r\n"))),
        ("gone after the user", honest().answer("USER", HangUp)),
        ("the folder, not now", honest().answer("CWD", Say("450 busy\r\n"))),
        ("no data port", Script { door: Door::Closed, ..honest() }),
        ("no data connection", honest().answer("RETR", Say("425 no\r\n"))),
        ("busy", honest().answer("RETR", Say("450 busy\r\n"))),
        ("shutting down", honest().answer("RETR", Say("421 bye\r\n"))),
        ("half, then 426", down(Data::Half("426 broken\r\n"))),
        ("half, then a reset", down(Data::HalfReset("226 done\r\n"))),
        ("half, then gone", down(Data::HalfThenGone)),
        ("whole, then gone", down(Data::WholeThenGone)),
        ("half, then silence", down(Data::HalfThenSilence)),
    ];
    for (what, script) in rows {
        let server = faulty([script]);
        assert_eq!(fetch(&server), (Ok(FILE.to_vec()), 1), "{what}");
        assert!(count(&server, "USER") <= 2, "{what}: a new session each time");
    }
}

#[test]
fn what_will_not_pass_is_done_once() {
    use Answer::Say;
    let rows: [(&str, Script, FaultKind); 7] = [
        ("the password is wrong", honest().answer("PASS", Say("530 no\r\n")), FaultKind::Refused),
        ("the account is locked", honest().answer("PASS", Say("430 locked\r\n")), FaultKind::Refused),
        ("no such user", honest().answer("USER", Say("530 no\r\n")), FaultKind::Refused),
        ("no such folder", honest().answer("CWD", Say("550 none\r\n")), FaultKind::NoFolder),
        ("not allowed", honest().answer("RETR", Say("550 no\r\n")), FaultKind::Denied),
        ("no FTP at all", Script { greeting: Say("SSH-2.0-x\r\n"), ..honest() }, FaultKind::Protocol),
        ("nonsense", honest().answer("EPSV", Say("229 (|||notaport|)\r\n")), FaultKind::Protocol),
    ];
    for (what, script, expected) in rows {
        let server = Server::start(script).with("out/a.xml", FILE);
        assert_eq!(fetch(&server), (Err(expected), 0), "{what}");
        assert!(count(&server, "PASS") <= 1, "{what}");
    }
}

#[test]
fn after_a_refused_login_nothing_logs_in_again_whatever_is_asked() {
    let server = Server::start(honest().answer("PASS", Answer::Say("530 no\r\n")));
    let mut line = persistent(&server.stand, soon());
    for _ in 0..3 {
        assert_eq!(line.list(Folder::Get, &|_| true).unwrap_err().kind, FaultKind::Refused);
        assert_eq!(line.size(Folder::Put, "a").unwrap_err().kind, FaultKind::Refused);
    }
    assert_eq!((count(&server, "USER"), count(&server, "PASS")), (1, 1));
}

#[test]
fn each_step_has_its_tries_and_no_more() {
    let busy = || honest().answer("RETR", Answer::Say("450 busy\r\n"));
    let server = faulty([busy(), busy(), busy()]);
    assert_eq!(fetch(&server), (Err(FaultKind::Busy), 2));
    assert_eq!(count(&server, "RETR"), 3);
    // The next step has them anew: one line, two steps, two faults each.
    let server = faulty([busy(), busy()]);
    let mut line = persistent(&server.stand, soon());
    line.fetch(Folder::Get, "a.xml", &file(b"")).unwrap();
    assert_eq!(line.retried().len(), 2);
    let lists = Server::in_turn(vec![
        honest().answer("CWD", Answer::HangUp),
        honest().answer("CWD", Answer::HangUp),
        honest(),
    ]);
    let mut line = persistent(&lists.stand, soon());
    line.list(Folder::Get, &|_| true).unwrap();
    let told: Vec<(usize, usize)> = line.retried().iter().map(|retry| (retry.number, retry.most)).collect();
    assert_eq!(told, [(1, 2), (2, 2)]);
    assert!(line.retried().is_empty(), "told once");
}

#[test]
fn the_pauses_grow() {
    let seconds = |retries| pauses(retries).iter().map(Duration::as_secs).collect::<Vec<_>>();
    assert_eq!(seconds(0), [] as [u64; 0]);
    assert_eq!(seconds(2), [1, 5]);
    assert_eq!(seconds(6), [1, 5, 25, 60, 60, 60]);
}

#[test]
fn a_pause_that_the_deadline_does_not_leave_ends_it_at_once_with_the_fault_at_hand() {
    let server = Server::start(Script { greeting: Answer::HangUp, ..honest() });
    let stand = server.stand.patience(600, 5_000);
    let began = Instant::now();
    let mut line = persistent(&stand, vec![Duration::from_secs(6)]);
    assert_eq!(line.list(Folder::Get, &|_| true).unwrap_err().kind, FaultKind::Broken);
    assert!(line.retried().is_empty() && began.elapsed() < Duration::from_secs(4));
}

#[test]
fn all_tries_together_end_with_the_one_deadline() {
    let server = Server::start(honest().answer("CWD", Answer::Drip("2")));
    let began = Instant::now();
    let mut line = persistent(&server.stand, soon());
    let kind = line.list(Folder::Get, &|_| true).unwrap_err().kind;
    assert_eq!(kind, FaultKind::TimedOut(Limit::Total));
    assert!(began.elapsed() < server.stand.settings.total_timeout + Duration::from_secs(1));
}

#[test]
fn a_signal_ends_a_pause_at_once() {
    let mut server = Server::start(honest().answer("CWD", Answer::HangUp));
    server.stand.settings.total_timeout = Duration::from_mins(2);
    let (server, stand) = (&server, &server.stand);
    let (stop, began) = (Arc::clone(&stand.stop), Instant::now());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let mut line = persistent(stand, vec![Duration::from_mins(1)]);
            line.list(Folder::Get, &|_| true).unwrap_err().kind
        });
        while !server.commands().contains(&"CWD /".to_owned()) {
            std::thread::yield_now();
        }
        stop.store(15, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap(), FaultKind::Stopped(15));
    });
    assert!(began.elapsed() < Duration::from_secs(20));
}

fn store(server: &Server, name: &str) -> Result<(), Fault> {
    persistent(&server.stand, soon()).store(Folder::Put, name, &file(FILE))
}

#[test]
fn a_broken_store_starts_anew_and_one_whose_answer_was_lost_is_recognised() {
    let rows = [
        ("half, then gone", Data::HalfThenGone, 2),
        ("half, then a reset", Data::HalfReset("426 no\r\n"), 2),
        ("half is kept, and 451", Data::Half("451 disk\r\n"), 2),
        ("half, then silence", Data::HalfThenSilence, 2),
        ("whole, and the answer is lost", Data::WholeThenGone, 1),
        ("whole, and called broken", Data::Whole("426 what\r\n"), 1),
    ];
    for (what, data, stores) in rows {
        let server = faulty([up(data)]);
        store(&server, "a.part").unwrap_or_else(|fault| panic!("{what}: {fault}"));
        assert_eq!(server.file("in/a.part").as_deref(), Some(FILE), "{what}");
        assert_eq!(count(&server, "STOR"), stores, "{what}");
    }
}

#[test]
fn a_file_of_the_same_length_is_not_taken_for_ours_before_we_put_anything() {
    let server =
        faulty([honest().answer("CWD", Answer::HangUp), Script { greeting: Answer::HangUp, ..honest() }])
            .with("in/a.part", &[b'x'; 16]);
    let mut line = persistent(&server.stand, vec![Duration::from_millis(1); 3]);
    line.size(Folder::Get, "a.xml").unwrap();
    line.store(Folder::Put, "a.part", &file(FILE)).unwrap();
    assert_eq!(server.file("in/a.part").as_deref(), Some(FILE));
}

fn rename(server: &Server) -> (Result<HandedOver, FaultKind>, usize) {
    let mut line = persistent(&server.stand, soon());
    let outcome = line.rename(Folder::Put, "a.part", "a", 16);
    (outcome.map_err(|fault| fault.kind), count(server, "RNTO"))
}

#[test]
fn a_lost_answer_to_a_rename_is_looked_up_and_never_guessed() {
    // It happened; it did not.
    let done = faulty([honest().answer("RNTO", Answer::Lost)]).with("in/a.part", FILE);
    assert_eq!(rename(&done), (Ok(HandedOver::There), 1));
    assert_eq!((done.file("in/a").as_deref(), done.file("in/a.part")), (Some(FILE), None));
    let undone = faulty([honest().answer("RNTO", Answer::HangUp)]).with("in/a.part", FILE);
    assert_eq!(rename(&undone), (Ok(HandedOver::There), 2));
    assert_eq!((undone.file("in/a").as_deref(), undone.file("in/a.part")), (Some(FILE), None));
    // No answer was lost: nothing was there to rename.
    assert_eq!(rename(&faulty([])), (Err(FaultKind::Missing), 0));
}

#[test]
fn a_renamed_file_that_was_collected_before_we_looked_counts_as_handed_over() {
    // The server renames and says nothing; in the next session it has neither name.
    let server = faulty([honest().answer("RNTO", Answer::LostAndTaken)]).with("in/a.part", FILE);
    assert_eq!(rename(&server), (Ok(HandedOver::Collected), 1));
}

#[test]
fn a_strangers_file_under_the_final_name_is_not_taken_for_a_rename_that_happened() {
    let server =
        faulty([honest().answer("RNTO", Answer::HangUp)]).with("in/a.part", FILE).with("in/a", b"other");
    assert_eq!(rename(&server).0, Err(FaultKind::Exists));
}

#[test]
fn a_trigger_whose_answer_was_lost_is_not_put_twice() {
    let server = faulty([up(Data::WholeThenGone)]).with("in/a", FILE);
    let mut line = persistent(&server.stand, soon());
    assert_eq!(line.trigger(Folder::Put, "a.trigger", "a").unwrap(), HandedOver::There);
    assert_eq!((count(&server, "STOR"), server.file("in/a.trigger")), (1, Some(Vec::new())));
    // The receiver took both; a second trigger would be of nothing.
    let server = faulty([up(Data::HalfThenSilence)]);
    let mut line = persistent(&server.stand, soon());
    assert_eq!(line.trigger(Folder::Put, "a.trigger", "a").unwrap(), HandedOver::Collected);
    assert_eq!(count(&server, "STOR"), 1);
}

#[test]
fn a_lost_answer_to_a_removal_removes_nothing_else() {
    let was = |server: &Server| -> RemoteFile {
        server.stand.connect().list(Folder::Get, &|_| true).unwrap().files.remove(0)
    };
    let server = Server::in_turn(vec![honest(), honest().answer("DELE", Answer::Lost), honest()])
        .with("out/a.xml", FILE);
    let seen = was(&server);
    persistent(&server.stand, soon()).delete(Folder::Get, "a.xml", Some(&seen)).unwrap();
    assert_eq!((count(&server, "DELE"), server.file("out/a.xml")), (1, None));
    // It did not happen: once more.
    let undone = || Server::in_turn(vec![honest(), honest().answer("DELE", Answer::HangUp), honest()]);
    let server = undone().with("out/a.xml", FILE);
    let seen = was(&server);
    persistent(&server.stand, soon()).delete(Folder::Get, "a.xml", Some(&seen)).unwrap();
    assert_eq!((count(&server, "DELE"), server.file("out/a.xml")), (2, None));
    // Another file has the name by now: it stays.
    let server = undone().with("out/a.xml", FILE);
    let mut seen = was(&server);
    seen.size = Some(15);
    persistent(&server.stand, soon()).delete(Folder::Get, "a.xml", Some(&seen)).unwrap();
    assert_eq!((count(&server, "DELE"), server.file("out/a.xml").as_deref()), (1, Some(FILE)));
}

#[test]
fn our_own_full_disk_is_not_tried_again() {
    let server = faulty([]);
    let mut line = persistent(&server.stand, soon());
    let read_only = File::open("/dev/null").unwrap();
    assert_eq!(line.fetch(Folder::Get, "a.xml", &read_only).unwrap_err().kind, FaultKind::Local);
    assert!(line.retried().is_empty());
}

#[test]
fn a_folder_is_served_the_same_way() {
    let stand = Stand::dir();
    let mut line = persistent(&stand, soon());
    line.store(Folder::Put, "list.part", &file(FILE)).unwrap();
    assert_eq!(line.size(Folder::Put, "list.part").unwrap(), Size::Bytes(16));
    assert_eq!(line.rename(Folder::Put, "list.part", "list", 16).unwrap(), HandedOver::There);
    line.delete(Folder::Put, "list", None).unwrap();
    assert_eq!(line.delete(Folder::Put, "list", None).unwrap_err().kind, FaultKind::Missing);
}

#[test]
fn a_port_where_nobody_listens_is_called_again() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut line = persistent(&Stand::ftp(port, Passive::Epsv), soon());
    assert_eq!(line.size(Folder::Get, "a").unwrap_err().kind, FaultKind::Unreachable);
    assert_eq!(line.retried().len(), 2);
}

#[test]
fn a_server_that_wants_sessions_resumed_is_served_in_older_tls_unless_the_settings_say_which() {
    const REFUSAL: &str = "425 Unable to build data connection: TLS session not resumed\r\n";
    let leaf = Leaf::good();
    let speaking = |versions: &[&'static SupportedProtocolVersion]| Armour {
        control: leaf.config_of(versions),
        data: Some(leaf.config_of(versions)),
        ..armour(&leaf, Turn::Explicit)
    };
    let wanting = |versions| Script {
        armour: Some(Armour { goodbye: Goodbye::Cut, ..speaking(versions) }),
        down: Data::Half(REFUSAL),
        ..honest()
    };
    let giving = |versions| Script { armour: Some(speaking(versions)), ..honest() };
    // The first session's TLS, the second's, what the settings say, and what comes of it.
    let rows: [(&[_], &[_], _, Option<FaultKind>); 4] = [
        (&[&TLS12, &TLS13], &[&TLS12, &TLS13], None, None),
        // Newer TLS is not even offered any more.
        (&[&TLS12, &TLS13], &[&TLS13], None, Some(FaultKind::Unsecured)),
        (&[&TLS12, &TLS13], &[&TLS12, &TLS13], Some(TlsMax::V13), Some(FaultKind::NotResumed)),
        (&[&TLS12], &[&TLS12], Some(TlsMax::V12), Some(FaultKind::NotResumed)),
    ];
    for (first, second, newest, expected) in rows {
        let mut server = Server::in_turn(vec![wanting(first), giving(second)]).with("out/a.xml", FILE);
        server.stand = secured(server.stand, Way::Ftps);
        server.stand.settings.tls_max = newest;
        let sink = file(b"");
        let fetched = persistent(&server.stand, soon()).fetch(Folder::Get, "a.xml", &sink);
        assert_eq!(fetched.as_ref().err().map(|fault| fault.kind), expected);
        assert_eq!(content(sink) == FILE, expected.is_none());
    }
    // One that never gets what it wants is told no more than twice.
    let never = wanting(&[&TLS12, &TLS13]);
    let mut server = Server::start(never).with("out/a.xml", FILE);
    server.stand = secured(server.stand, Way::Ftps);
    let fetched = persistent(&server.stand, soon()).fetch(Folder::Get, "a.xml", &file(b""));
    assert_eq!(fetched.unwrap_err().kind, FaultKind::NotResumed);
    assert_eq!(server.commands().iter().filter(|line| *line == "AUTH TLS").count(), 2);
}
