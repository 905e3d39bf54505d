//! Nobody but the right server hears a password, and nobody on the way can shorten or read a file.

use std::{
    fs,
    sync::Mutex,
    time::{Duration, Instant},
};

use mantal::{
    config::{TlsMax, TlsPin, Transport as Way},
    text::Language,
    transport::{FaultKind, Flaw, Folder, Limit, Secured, Step, Unfit},
};
use rustls::version::{TLS12, TLS13};

use super::{
    certificates::{AUTHORITY, Leaf, STRANGER, armour, params, secured},
    faults::{fetch, store, visit},
    scripted::{
        Answer, Data, Script, Server, honest,
        script::{Armour, Goodbye, Handshake, Turn},
    },
};

const FILE: &[u8] = b"0123456789abcdef";
const TURNS: [Turn; 2] = [Turn::Explicit, Turn::Implicit];

/// The server of this script, spoken to as it turns to TLS.
fn started(script: Script) -> Server {
    let way = match script.armour.as_ref().map(|armour| armour.turn) {
        Some(Turn::Implicit) => Way::FtpsImplicit,
        Some(Turn::Explicit) | None => Way::Ftps,
    };
    let mut server = Server::start(script).with("out/a.xml", FILE);
    server.stand = secured(server.stand, way);
    server
}

fn good(turn: Turn) -> Armour {
    armour(&Leaf::good(), turn)
}

fn armoured(armour: Armour) -> Server {
    started(Script { armour: Some(armour), ..honest() })
}

/// What a server may have heard before it was found good.
fn assert_nothing_was_said(server: &Server, what: &str) {
    let commands = server.commands();
    assert!(commands.iter().all(|line| line == "AUTH TLS"), "{what}: {commands:?}");
}

fn sentence(server: &Server) -> String {
    let failure = server.stand.try_connect().err().unwrap().into_failure();
    format!(
        "{} {}",
        failure.text(Language::English),
        failure.hint_text(Language::English).unwrap_or_default()
    )
}

#[test]
fn under_tls_an_honest_server_is_served_and_hears_the_password() {
    for turn in TURNS {
        let server = armoured(good(turn));
        assert_eq!(fetch(&server).unwrap(), FILE);
        assert_eq!(store(&server).unwrap(), 4 << 20);
        assert_eq!(server.file("in/a.part").unwrap().len(), 4 << 20);
        let commands = server.commands();
        let begun: Vec<_> = commands.iter().map(|line| line.split(' ').next().unwrap()).take(5).collect();
        match turn {
            Turn::Explicit => assert_eq!(begun, ["AUTH", "PBSZ", "PROT", "USER", "PASS"]),
            Turn::Implicit => assert_eq!(begun, ["PBSZ", "PROT", "USER", "PASS", "TYPE"]),
        }
    }
}

#[test]
fn a_certificate_that_is_not_good_is_told_with_its_fingerprint_before_anything_is_said() {
    let dated = |from: i32, to: i32| {
        let mut params = params("127.0.0.1");
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        Leaf::signed(&params, &AUTHORITY)
    };
    let rows = [
        (dated(2001, 2002), Flaw::Expired, "2002-01-01 00:00 UTC"),
        (dated(2101, 2102), Flaw::NotYetValid, "2101-01-01 00:00 UTC"),
        (Leaf::signed(&params("ftp.example.se"), &AUTHORITY), Flaw::WrongName, "ftp.example.se"),
        (Leaf::signed(&params("127.0.0.2"), &AUTHORITY), Flaw::WrongName, "127.0.0.2"),
        (Leaf::signed(&params("127.0.0.1"), &STRANGER), Flaw::UnknownIssuer, "spar.server.tls_ca"),
        (Leaf::self_signed(), Flaw::Authority, "spar.server.tls_pin"),
    ];
    for (leaf, flaw, word) in rows {
        for turn in TURNS {
            let server = armoured(armour(&leaf, turn));
            assert_eq!(fetch(&server).unwrap_err(), FaultKind::Untrusted(flaw));
            assert!(!server.stand.try_connect().err().unwrap().is_transient());
            let text = sentence(&server);
            assert!(text.contains(&leaf.pin()) && text.contains(word), "{text}");
            assert_nothing_was_said(&server, &text);
        }
    }
}

#[test]
fn the_certificate_alone_without_its_key_is_worth_nothing() {
    let leaf = Leaf::good();
    for turn in TURNS {
        let mut server = armoured(Armour { control: leaf.config_of_a_thief(), ..armour(&leaf, turn) });
        assert_eq!(fetch(&server).unwrap_err(), FaultKind::Untrusted(Flaw::BadCertificate));
        assert!(sentence(&server).contains(&leaf.pin()));
        // Nor with a pin, which replaces the chain and the name, and no proof.
        server.stand.settings.tls_pin = TlsPin::parse(&leaf.pin());
        assert_eq!(fetch(&server).unwrap_err(), FaultKind::Untrusted(Flaw::BadCertificate));
        assert_nothing_was_said(&server, "thief");
    }
}

#[test]
fn a_pin_takes_the_one_certificate_whoever_issued_it_and_no_other() {
    let leaf = Leaf::self_signed();
    for turn in TURNS {
        let mut server = armoured(armour(&leaf, turn));
        server.stand.settings.tls_pin = TlsPin::parse(&leaf.pin());
        assert_eq!(fetch(&server).unwrap(), FILE);
        let mut server = armoured(good(turn));
        server.stand.settings.tls_pin = TlsPin::parse(&leaf.pin());
        assert_eq!(fetch(&server).unwrap_err(), FaultKind::Untrusted(Flaw::NotThePinned), "good otherwise");
        assert_nothing_was_said(&server, "pin");
    }
}

#[test]
fn whoever_is_not_named_as_trusted_is_not_trusted() {
    let mut server = armoured(good(Turn::Explicit));
    server.stand.settings.tls_ca = None;
    let kind = fetch_kind(&server);
    // What the system trusts, where it has any.
    let expected = [FaultKind::Untrusted(Flaw::UnknownIssuer), FaultKind::Unfit(Unfit::NoAuthority)];
    assert!(expected.contains(&kind), "{kind:?}");
    assert_nothing_was_said(&server, "system");
}

fn fetch_kind(server: &Server) -> FaultKind {
    server.stand.try_connect().err().unwrap().kind
}

#[test]
fn a_server_without_tls_hears_no_password() {
    use Answer::{HangUp, Say};
    let explicit = || Script { armour: Some(good(Turn::Explicit)), ..honest() };
    let rows = [
        ("none", honest(), FaultKind::Unsecured),
        ("AUTH unknown", explicit().answer("AUTH", Say("500 what\r\n")), FaultKind::Unsecured),
        ("AUTH refused", explicit().answer("AUTH", Say("534 policy\r\n")), FaultKind::Unsecured),
        ("AUTH wants a login", explicit().answer("AUTH", Say("530 log in\r\n")), FaultKind::Unsecured),
        ("AUTH not now", explicit().answer("AUTH", Say("431 later\r\n")), FaultKind::Busy),
        ("AUTH misunderstood", explicit().answer("AUTH", Say("220 hello\r\n")), FaultKind::Unsecured),
        ("gone", explicit().answer("AUTH", HangUp), FaultKind::Broken),
        ("PBSZ refused", explicit().answer("PBSZ", Say("503 no\r\n")), FaultKind::Unsecured),
        ("PROT refused", explicit().answer("PROT", Say("536 no\r\n")), FaultKind::Unsecured),
        ("PROT unknown", explicit().answer("PROT", Say("502 what\r\n")), FaultKind::Unsecured),
    ];
    for (what, script, expected) in rows {
        let server = started(script);
        assert_eq!(fetch(&server).unwrap_err(), expected, "{what}");
        let commands = server.commands();
        assert!(!commands.iter().any(|line| line.starts_with("USER") || line.starts_with("PASS")), "{what}");
        assert!(!commands.is_empty(), "{what}: it was asked");
    }
    let mut clear = Server::start(honest());
    clear.stand = secured(clear.stand, Way::FtpsImplicit);
    assert_eq!(fetch(&clear).unwrap_err(), FaultKind::Unsecured);
    assert!(!clear.commands().iter().any(|line| line.contains("PASS")));
}

#[test]
fn a_handshake_that_goes_wrong_ends_in_time_with_its_reason() {
    let rows = [
        (Handshake::Silence, FaultKind::TimedOut(Limit::Idle)),
        (Handshake::Drip, FaultKind::TimedOut(Limit::Total)),
        (Handshake::HangUp, FaultKind::Broken),
        (Handshake::Babble, FaultKind::Unsecured),
    ];
    for (handshake, expected) in rows {
        for turn in TURNS {
            let server = armoured(Armour { handshake, ..good(turn) });
            assert_eq!(fetch(&server).unwrap_err(), expected);
            assert_nothing_was_said(&server, "handshake");
        }
    }
}

#[test]
fn a_silence_is_waited_for_once() {
    for turn in TURNS {
        let server = armoured(Armour { handshake: Handshake::Silence, ..good(turn) });
        let began = Instant::now();
        fetch(&server).unwrap_err();
        assert!(began.elapsed() < server.stand.settings.idle_timeout * 2, "{:?}", began.elapsed());
    }
}

#[test]
fn a_signal_ends_a_handshake_long_before_the_timeout() {
    let server = armoured(Armour { handshake: Handshake::Silence, ..good(Turn::Explicit) });
    let stand = server.stand.patience(60_000, 60_000);
    let stop = std::sync::Arc::clone(&stand.stop);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| stand.try_connect().err().unwrap().kind);
        stop.store(15, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap(), FaultKind::Stopped(15));
    });
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_newest_tls_can_be_limited_and_a_server_that_has_none_of_ours_is_left() {
    let leaf = Leaf::good();
    let new = Armour { control: leaf.config_of(&[&TLS13]), ..armour(&leaf, Turn::Explicit) };
    let mut server = armoured(new);
    assert_eq!(fetch(&server).unwrap(), FILE);
    server.stand.settings.tls_max = Some(TlsMax::V12);
    assert_eq!(fetch(&server).unwrap_err(), FaultKind::Unsecured);
    let old = leaf.config_of(&[&TLS12]);
    let old = Armour { control: old.clone(), data: Some(old), ..armour(&leaf, Turn::Explicit) };
    assert_eq!(fetch(&armoured(old)).unwrap(), FILE);
}

#[test]
fn a_file_or_listing_that_is_cut_without_a_goodbye_is_broken() {
    for down in [Data::Whole("226 done\r\n"), Data::Half("226 done\r\n")] {
        let armour = Some(Armour { goodbye: Goodbye::Cut, ..good(Turn::Explicit) });
        let server = started(Script { down, armour, ..honest() });
        assert_eq!(fetch(&server).unwrap_err(), FaultKind::Broken);
        let listed = visit(&server, |session| session.list(Folder::Get, &|_| true));
        assert_eq!(listed.unwrap_err(), FaultKind::Broken);
    }
}

#[test]
fn data_goes_only_to_whom_we_trust_and_never_in_clear_text() {
    let stranger = Leaf::signed(&params("127.0.0.1"), &STRANGER);
    let rows = [
        (Some(stranger.config()), FaultKind::Untrusted(Flaw::UnknownIssuer)),
        (Some(Leaf::good().config_of_a_thief()), FaultKind::Untrusted(Flaw::BadCertificate)),
    ];
    for (data, expected) in rows {
        // `visit` looks at the time.
        let server = armoured(Armour { data, ..good(Turn::Explicit) });
        assert_eq!(fetch(&server).unwrap_err(), expected);
        assert_eq!(store(&server).unwrap_err(), expected);
        assert_eq!(server.file("in/a.part").unwrap_or_default(), b"", "not a byte");
    }
    let clear = armoured(Armour { data: None, ..good(Turn::Explicit) });
    assert_eq!(fetch(&clear).unwrap_err(), FaultKind::Unsecured);
    assert_eq!(store(&clear).unwrap_err(), FaultKind::TimedOut(Limit::Idle), "no answer to our handshake");
    let heard = clear.file("in/a.part").unwrap_or_default();
    assert!(heard.len() < 2000 && !heard.windows(8).any(|bytes| bytes == b"xxxxxxxx"), "{heard:?}");
    let leaf = Leaf::good();
    let mut server = armoured(Armour { data: Some(Leaf::good().config()), ..armour(&leaf, Turn::Explicit) });
    server.stand.settings.tls_pin = TlsPin::parse(&leaf.pin());
    assert_eq!(fetch(&server).unwrap_err(), FaultKind::Untrusted(Flaw::NotThePinned));
}

#[test]
fn a_server_that_wants_sessions_resumed_leads_to_the_setting() {
    let refusal = "522 SSL connection failed: session reuse required\r\n";
    let cut = |goodbye| Some(Armour { goodbye, ..good(Turn::Explicit) });
    let down = Script { armour: cut(Goodbye::Cut), down: Data::Half(refusal), ..honest() };
    let up = Script { armour: cut(Goodbye::Said), up: Data::HalfReset(refusal), ..honest() };
    let at_once = Script { armour: cut(Goodbye::Said), ..honest() }
        .answer("RETR", Answer::Say(refusal))
        .answer("STOR", Answer::Say(refusal));
    // As proftpd and FileZilla's server say it, once the data connection stands.
    let told = "425 Unable to build data connection: Operation not permitted\r\n";
    let down_told = Script { armour: cut(Goodbye::Cut), down: Data::Half(told), ..honest() };
    let up_told = Script { armour: cut(Goodbye::Said), up: Data::HalfReset(told), ..honest() };
    for (script, is_down) in [
        (down, true),
        (up, false),
        (at_once.clone(), true),
        (at_once, false),
        (down_told, true),
        (up_told, false),
    ] {
        let server = started(script);
        let kind = if is_down { fetch(&server).unwrap_err() } else { store(&server).unwrap_err() };
        assert_eq!(kind, FaultKind::NotResumed);
        let mut session = server.stand.connect();
        let mut taken = Vec::new();
        let fault = if is_down {
            session.fetch(Folder::Get, "a.xml", &mut taken).unwrap_err()
        } else {
            let existing = mantal::io::Existing::Replace;
            session.store(Folder::Put, "a.part", &mut &vec![0; 4 << 20][..], existing).unwrap_err()
        };
        assert!(!fault.is_transient());
        let hint = fault.into_failure().hint_text(Language::English).unwrap();
        assert!(hint.contains("spar.server.tls_max = \"1.2\""), "{hint}");
    }
}

#[test]
fn authorities_that_can_not_be_read_are_a_matter_of_configuration_and_nobody_is_called() {
    let rows: [(&str, Option<&[u8]>, Unfit); 4] = [
        ("missing", None, Unfit::Authorities),
        ("empty", Some(b""), Unfit::NoAuthority),
        (
            "no certificate",
            Some(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            Unfit::NoAuthority,
        ),
        (
            "broken",
            Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            Unfit::Authorities,
        ),
    ];
    for (what, content, expected) in rows {
        let mut server = armoured(good(Turn::Implicit));
        let path = server.stand.path("authorities.pem");
        if let Some(content) = content {
            fs::write(&path, content).unwrap();
        }
        server.stand.settings.tls_ca = Some(path);
        let fault = server.stand.try_connect().err().unwrap();
        assert_eq!(fault.kind, FaultKind::Unfit(expected), "{what}");
        assert!(!fault.is_transient());
        let failure = fault.into_failure();
        assert_eq!(failure.kind.exit_code(), 2, "{what}");
        assert!(failure.text(Language::English).contains("authorities.pem"), "{what}");
        assert!(server.commands().is_empty());
    }
}

#[test]
fn one_of_several_authorities_is_enough() {
    let server = armoured(good(Turn::Explicit));
    let both = format!("# ours and theirs\n{}{}", STRANGER.pem(), AUTHORITY.pem());
    fs::write(server.stand.settings.tls_ca.as_ref().unwrap(), both).unwrap();
    assert_eq!(fetch(&server).unwrap(), FILE);
}

#[test]
fn the_witness_hears_how_it_is_secured_before_the_login() {
    let mut params = params("127.0.0.1");
    params.not_before = rcgen::date_time_ymd(2020, 2, 3);
    params.not_after = rcgen::date_time_ymd(2120, 4, 5);
    let leaf = Leaf::signed(&params, &AUTHORITY);
    for (newest, protocol) in
        [(None, "TLSv1.3"), (Some(TlsMax::V13), "TLSv1.3"), (Some(TlsMax::V12), "TLSv1.2")]
    {
        for turn in TURNS {
            let mut server = armoured(armour(&leaf, turn));
            server.stand.settings.tls_max = newest;
            let steps = Mutex::new(Vec::new());
            server.stand.witnessed(&|step| steps.lock().unwrap().push(step.clone())).unwrap();
            let steps = steps.into_inner().unwrap();
            let [Step::Found(_), Step::Connected(_), Step::Secured(secured), Step::LoggedIn] = &steps[..]
            else {
                panic!("{steps:?}")
            };
            let Secured { protocol: spoken, fingerprint, valid } = secured;
            assert_eq!((spoken.as_str(), fingerprint), (protocol, &leaf.pin()));
            let (begin, end) = valid.unwrap();
            assert_eq!(
                (begin.to_string(), end.to_string()),
                ("2020-02-03 00:00:00 UTC".to_owned(), "2120-04-05 00:00:00 UTC".to_owned())
            );
        }
    }
}
