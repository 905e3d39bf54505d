//! What a server's listing can look like.

use std::time::{Duration, Instant};

use mantal::transport::{FaultKind, Folder, Listing, MOST_NAMES, Size};

use super::scripted::{Answer, Data, Script, Server, honest};

const NO_FEATURES: &str = "211 none\r\n";
const UNKNOWN: Answer = Answer::Say("500 what\r\n");

fn listed(server: &Server) -> Result<Listing, FaultKind> {
    let began = Instant::now();
    let listing = server.stand.connect().list(Folder::Get, &|_| true).map_err(|fault| fault.kind);
    assert!(began.elapsed() < server.stand.settings.total_timeout + Duration::from_secs(1));
    listing
}

fn with_files(script: Script) -> Server {
    Server::start(script).with("out/SPAR_2.xml", b"22").with("out/SPAR_1.xml", b"1").with("in/x", b"x")
}

fn sizes(listing: &Listing) -> Vec<(&str, Option<u64>)> {
    listing.files.iter().map(|file| (file.name.as_str(), file.size)).collect()
}

#[test]
fn every_kind_of_server_lists_the_same_files() {
    let old = || Script { features: NO_FEATURES, ..honest() };
    let rows = [
        ("MLSD", honest()),
        ("NLST, SIZE and MDTM", old()),
        ("no FEAT", honest().answer("FEAT", UNKNOWN)),
        ("FEAT that can't be read", Script { features: "211-\r\nno\r\n211 End\r\n", ..honest() }),
        ("MLSD announced and not there", honest().answer("MLSD", UNKNOWN)),
        ("no SIZE", old().answer("SIZE", UNKNOWN)),
        ("neither SIZE nor MDTM", old().answer("SIZE", UNKNOWN).answer("MDTM", UNKNOWN)),
    ];
    for (what, script) in rows {
        let listing = listed(&with_files(script)).unwrap_or_else(|kind| panic!("{what}: {kind:?}"));
        assert_eq!(sizes(&listing), [("SPAR_1.xml", Some(1)), ("SPAR_2.xml", Some(2))], "{what}");
    }
}

#[test]
fn without_size_a_file_is_found_by_its_line_in_the_table() {
    let script = Script { features: NO_FEATURES, ..honest() }.answer("SIZE", UNKNOWN);
    let server = with_files(script);
    let mut session = server.stand.connect();
    assert_eq!(session.size(Folder::Get, "SPAR_2.xml").unwrap(), Size::Bytes(2));
    assert_eq!(session.size(Folder::Get, "SPAR_3.xml").unwrap(), Size::Absent);
}

#[test]
fn a_server_that_hides_sizes_leaves_them_unknown_and_never_absent() {
    let hidden = Script { listing: Some(b"SPAR_2.xml\r\n".to_vec()), features: NO_FEATURES, ..honest() };
    for answer in ["500 what\r\n", "550 no\r\n"] {
        let server = with_files(hidden.clone().answer("SIZE", Answer::Say(answer)));
        let size = server.stand.connect().size(Folder::Get, "SPAR_2.xml").unwrap();
        assert_eq!(size, Size::Unknown, "{answer}");
    }
}

#[test]
fn a_folder_that_may_not_be_listed_is_no_empty_folder() {
    let rows = [
        (honest().answer("MLSD", Answer::Say("550 no\r\n")), FaultKind::Denied),
        (honest().answer("MLSD", Answer::Say("450 later\r\n")), FaultKind::Busy),
        (
            Script { features: NO_FEATURES, ..honest() }.answer("NLST", Answer::Say("550 no\r\n")),
            FaultKind::Denied,
        ),
    ];
    for (script, expected) in rows {
        assert_eq!(listed(&with_files(script)).unwrap_err(), expected);
    }
}

#[test]
fn an_empty_folder_that_the_server_calls_an_error_is_empty() {
    let script = Script { features: NO_FEATURES, ..honest() };
    let server = Server::start(script.answer("NLST", Answer::Say("550 No files found\r\n")));
    assert_eq!(listed(&server).unwrap(), Listing::default());
}

#[test]
fn a_name_that_is_no_file_is_left_out_with_a_word() {
    let script =
        Script { listing: Some(b"folder\r\nSPAR_1.xml\r\n".to_vec()), features: NO_FEATURES, ..honest() };
    let listing = listed(&with_files(script)).unwrap();
    assert_eq!(sizes(&listing), [("SPAR_1.xml", Some(1))]);
    assert_eq!((listing.odd, listing.odd_names.as_slice()), (1, ["folder".to_owned()].as_slice()));
}

#[test]
fn hostile_names_are_left_out_and_never_sent_back() {
    let evil: [&[u8]; 9] = [
        b"../x.xml",
        b"/etc/x.xml",
        b"..",
        b"a\\b.xml",
        b"esc\x1b[2J.xml",
        b"nul\0.xml",
        b"gr\xf6n.xml",
        b"cr\rDELE x.xml",
        &[b'x'; 5000],
    ];
    for features in [honest().features, NO_FEATURES] {
        let prefix: &[u8] = if features == NO_FEATURES { b"" } else { b"type=file;size=1; " };
        let mut listing = Vec::new();
        for name in evil.iter().copied().chain([b"SPAR_1.xml".as_slice(), b"SPAR_1.xml"]) {
            listing.extend_from_slice(prefix);
            listing.extend_from_slice(name);
            listing.extend_from_slice(b"\r\n");
        }
        let server = with_files(Script { listing: Some(listing), features, ..honest() });
        let found = listed(&server).unwrap();
        assert_eq!(sizes(&found), [("SPAR_1.xml", Some(1))], "once, although listed twice");
        // NLST names the folder itself too; that is no remark.
        assert_eq!(found.odd, if features == NO_FEATURES { 8 } else { 9 });
        let shown = found.odd_names.join("");
        assert!(!shown.chars().any(char::is_control) && shown.len() < 300);
        assert!(!server.commands().iter().any(|line| line.contains("/x") || line.contains("DELE")));
    }
}

#[test]
fn a_listing_without_end_ends() {
    let endless = b"type=file;size=1; x\r\n".repeat(MOST_NAMES + 1);
    let mut server = with_files(Script { listing: Some(endless), ..honest() });
    server.stand.settings.total_timeout = Duration::from_secs(20);
    assert_eq!(listed(&server).unwrap_err(), FaultKind::Protocol);
    let server = with_files(Script { down: Data::Drip, ..honest() });
    assert!(matches!(listed(&server).unwrap_err(), FaultKind::TimedOut(_)));
}

#[test]
fn half_a_listing_is_no_listing() {
    for down in [Data::Half("426 broken\r\n"), Data::HalfReset("226 done\r\n"), Data::HalfThenGone] {
        assert_eq!(listed(&with_files(Script { down, ..honest() })).unwrap_err(), FaultKind::Broken);
    }
}
