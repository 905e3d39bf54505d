//! One suite for every transport. A new one adds a line at the end.

use std::{fs, io, io::Cursor};

use mantal::{
    config::{Passive, Transport as Way},
    io::Existing,
    transport::{FaultKind, Folder, Size, Transport},
};

use super::{real_server, secured_server, sshd, stand::Stand};

/// Every byte value, more than one chunk, and line ends that a text mode would change.
fn content() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    bytes.extend(b"\n\r\n\r last line without an end");
    bytes
}

fn put(session: &mut dyn Transport, name: &str, bytes: &[u8]) -> u64 {
    session.store(Folder::Put, name, &mut &*bytes, Existing::Refuse).unwrap()
}

fn names(session: &mut dyn Transport, folder: Folder) -> Vec<String> {
    let listing = session.list(folder, &|_| true).unwrap();
    listing.files.into_iter().map(|file| file.name).collect()
}

fn what_is_stored_arrives_byte_by_byte(stand: &Stand) {
    let mut session = stand.connect();
    let bytes = content();
    assert_eq!(put(&mut *session, "C2611-000001-spar.part", &bytes), bytes.len() as u64);
    assert_eq!(fs::read(stand.path("in/C2611-000001-spar.part")).unwrap(), bytes);
    let size = session.size(Folder::Put, "C2611-000001-spar.part").unwrap();
    assert_eq!(size, Size::Bytes(bytes.len() as u64));
}

fn an_empty_file_can_be_stored(stand: &Stand) {
    let mut session = stand.connect();
    assert_eq!(put(&mut *session, "list.trigger", b""), 0);
    assert_eq!(session.size(Folder::Put, "list.trigger").unwrap(), Size::Bytes(0));
}

fn what_is_fetched_is_what_was_there(stand: &Stand) {
    fs::write(stand.path("out/SPARAvisering 1.xml"), content()).unwrap();
    let mut taken = Vec::new();
    let count = stand.connect().fetch(Folder::Get, "SPARAvisering 1.xml", &mut taken).unwrap();
    assert!(taken == content());
    assert_eq!(count, taken.len() as u64);
    assert!(stand.path("out/SPARAvisering 1.xml").exists(), "fetching removes nothing");
}

fn the_wanted_files_are_listed_with_size_and_time_and_nothing_else(stand: &Stand) {
    fs::write(stand.path("out/SPAR_2.xml"), "22").unwrap();
    fs::write(stand.path("out/SPAR_1.xml"), "1").unwrap();
    fs::write(stand.path("out/other.xml"), "other").unwrap();
    fs::write(stand.path("in/SPAR_3.xml"), "elsewhere").unwrap();
    fs::create_dir(stand.path("out/SPAR_folder")).unwrap();
    let listing = stand.connect().list(Folder::Get, &|name| name.starts_with("SPAR_")).unwrap();
    let found: Vec<_> = listing.files.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(found, [("SPAR_1.xml", Some(1)), ("SPAR_2.xml", Some(2))]);
    assert!(listing.files.iter().all(|file| file.modified.is_some()));
}

fn one_session_is_good_for_many_files(stand: &Stand) {
    let mut session = stand.connect();
    for round in 0..6 {
        let name = format!("list-{round}");
        put(&mut *session, &name, name.as_bytes());
        assert_eq!(names(&mut *session, Folder::Put).len(), round + 1);
    }
    // More of one direction than tickets that a server of TLS 1.3 gives at once.
    for round in 6..12 {
        put(&mut *session, &format!("list-{round}"), b"");
    }
    for round in 0..6 {
        fs::write(stand.path(&format!("out/{round}")), content()).unwrap();
        assert_eq!(
            session.fetch(Folder::Get, &round.to_string(), &mut io::sink()).unwrap(),
            content().len() as u64
        );
    }
}

fn an_empty_folder_lists_nothing(stand: &Stand) {
    let mut session = stand.connect();
    assert!(names(&mut *session, Folder::Get).is_empty());
    assert!(names(&mut *session, Folder::Put).is_empty());
}

fn a_file_that_has_not_changed_is_listed_the_same_twice(stand: &Stand) {
    fs::write(stand.path("out/a.xml"), "a").unwrap();
    let first = stand.connect().list(Folder::Get, &|_| true).unwrap();
    assert_eq!(stand.connect().list(Folder::Get, &|_| true).unwrap(), first);
}

fn what_is_not_there_is_said_to_be_absent(stand: &Stand) {
    let mut session = stand.connect();
    assert_eq!(session.size(Folder::Put, "nothing").unwrap(), Size::Absent);
    let fetched = session.fetch(Folder::Get, "nothing", &mut io::sink());
    assert_eq!(fetched.unwrap_err().kind, FaultKind::Missing);
    assert_eq!(session.delete(Folder::Get, "nothing").unwrap_err().kind, FaultKind::Missing);
    assert_eq!(session.rename(Folder::Put, "nothing", "x").unwrap_err().kind, FaultKind::Missing);
    put(&mut *session, "afterwards", b"the session goes on");
}

fn a_file_gets_its_final_name_whole(stand: &Stand) {
    let mut session = stand.connect();
    put(&mut *session, "list.part", b"whole");
    session.rename(Folder::Put, "list.part", "list").unwrap();
    assert_eq!(names(&mut *session, Folder::Put), ["list"]);
    assert_eq!(fs::read(stand.path("in/list")).unwrap(), b"whole");
}

fn a_name_that_is_taken_is_never_written_over(stand: &Stand) {
    fs::write(stand.path("in/list"), "old").unwrap();
    let mut session = stand.connect();
    let stored = session.store(Folder::Put, "list", &mut Cursor::new("new"), Existing::Refuse);
    assert_eq!(stored.unwrap_err().kind, FaultKind::Exists);
    put(&mut *session, "list.part", b"new");
    let renamed = session.rename(Folder::Put, "list.part", "list");
    assert_eq!(renamed.unwrap_err().kind, FaultKind::Exists);
    assert_eq!(fs::read(stand.path("in/list")).unwrap(), b"old");
    assert_eq!(fs::read(stand.path("in/list.part")).unwrap(), b"new");
}

fn a_left_over_temporary_file_is_replaced_whole(stand: &Stand) {
    fs::write(stand.path("in/list.part"), content()).unwrap();
    let mut session = stand.connect();
    session.store(Folder::Put, "list.part", &mut Cursor::new("new"), Existing::Replace).unwrap();
    assert_eq!(fs::read(stand.path("in/list.part")).unwrap(), b"new");
}

fn a_deleted_file_is_gone_and_the_others_stay(stand: &Stand) {
    for name in ["out/a.xml", "out/b.xml", "in/a.xml"] {
        fs::write(stand.path(name), "x").unwrap();
    }
    let mut session = stand.connect();
    session.delete(Folder::Get, "a.xml").unwrap();
    assert_eq!(names(&mut *session, Folder::Get), ["b.xml"]);
    assert_eq!(names(&mut *session, Folder::Put), ["a.xml"]);
}

fn a_name_that_is_a_path_is_never_sent_or_opened(stand: &Stand) {
    fs::write(stand.path("secret"), "not in a drop folder").unwrap();
    let mut session = stand.connect();
    for name in ["../secret", "/etc/passwd", "..", ".", "", "a/b", "a\r\nDELE b", "a\0b"] {
        let mut sink = Vec::new();
        let bad = |outcome: Result<(), mantal::transport::Fault>| {
            assert_eq!(outcome.unwrap_err().kind, FaultKind::BadName, "{name:?}");
        };
        bad(session.fetch(Folder::Get, name, &mut sink).map(drop));
        bad(session.store(Folder::Put, name, &mut Cursor::new("x"), Existing::Replace).map(drop));
        bad(session.size(Folder::Get, name).map(drop));
        bad(session.delete(Folder::Get, name));
        bad(session.rename(Folder::Put, name, "x"));
        assert!(sink.is_empty());
    }
    put(&mut *session, "x", b"x");
    assert_eq!(session.rename(Folder::Put, "x", "../x").unwrap_err().kind, FaultKind::BadName);
    assert_eq!(fs::read(stand.path("secret")).unwrap(), b"not in a drop folder");
}

fn a_missing_folder_ends_with_exit_code_5(stand: &Stand) {
    fs::remove_dir(stand.path("out")).unwrap();
    let fault = stand.connect().list(Folder::Get, &|_| true).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NoFolder);
    assert_eq!(fault.into_failure().kind.exit_code(), 5);
}

fn our_own_full_disk_is_not_blamed_on_the_other_side(stand: &Stand) {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    fs::write(stand.path("out/a.xml"), content()).unwrap();
    let fault = stand.connect().fetch(Folder::Get, "a.xml", &mut Full).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Local);
    assert_eq!(fault.into_failure().kind.exit_code(), 1);
}

fn a_signal_stops_everything_that_follows(stand: &Stand) {
    let mut session = stand.connect();
    stand.stop.store(15, std::sync::atomic::Ordering::Relaxed);
    let fault = session.list(Folder::Get, &|_| true).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Stopped(15));
    assert_eq!(fault.into_failure().kind.exit_code(), 143);
}

fn nothing_begins_after_the_deadline(stand: &Stand) {
    let deadline = mantal::transport::Deadline::after(std::time::Duration::ZERO);
    let kind = stand.connect_until(deadline).err().unwrap().kind;
    assert_eq!(kind, FaultKind::TimedOut(mantal::transport::Limit::Total));
}

macro_rules! contract {
    ($($(#[$skip:meta])? $transport:ident: $stand:expr;)*) => { $(contract!(@ $(#[$skip])? $transport, $stand,
        what_is_stored_arrives_byte_by_byte
        an_empty_file_can_be_stored
        what_is_fetched_is_what_was_there
        the_wanted_files_are_listed_with_size_and_time_and_nothing_else
        one_session_is_good_for_many_files
        an_empty_folder_lists_nothing
        a_file_that_has_not_changed_is_listed_the_same_twice
        what_is_not_there_is_said_to_be_absent
        a_file_gets_its_final_name_whole
        a_name_that_is_taken_is_never_written_over
        a_left_over_temporary_file_is_replaced_whole
        a_deleted_file_is_gone_and_the_others_stay
        a_name_that_is_a_path_is_never_sent_or_opened
        a_missing_folder_ends_with_exit_code_5
        our_own_full_disk_is_not_blamed_on_the_other_side
        a_signal_stops_everything_that_follows
        nothing_begins_after_the_deadline
    );)* };
    // The optional attribute stands once and is wanted on every test, which a macro can't repeat: two arms.
    (@ #[$skip:meta] $transport:ident, $stand:expr, $($promise:ident)*) => {
        mod $transport {
            use super::*;
            $(#[test]
            #[ignore = "needs a server that somebody started"]
            fn $promise() {
                // None where its server is not installed.
                let stand: Option<Stand> = $stand.into();
                stand.iter().for_each(super::$promise);
            })*
        }
    };
    (@ $transport:ident, $stand:expr, $($promise:ident)*) => {
        mod $transport {
            use super::*;
            $(#[test]
            fn $promise() {
                // None where its server is not installed.
                let stand: Option<Stand> = $stand.into();
                stand.iter().for_each(super::$promise);
            })*
        }
    };
}

contract! {
    dir: Stand::dir();
    ftp_epsv: real_server::serve(Passive::Epsv);
    ftp_pasv: real_server::serve(Passive::Pasv);
    ftp_active: real_server::serve(Passive::Active);
    sftp: sshd::serve();
    ftps_epsv: secured_server::serve(Way::Ftps, Passive::Epsv);
    ftps_pasv: secured_server::serve(Way::Ftps, Passive::Pasv);
    ftps_active: secured_server::serve(Way::Ftps, Passive::Active);
    ftps_implicit_epsv: secured_server::serve(Way::FtpsImplicit, Passive::Epsv);
    ftps_implicit_pasv: secured_server::serve(Way::FtpsImplicit, Passive::Pasv);
    #[ignore] outside_epsv: Stand::outside(Passive::Epsv);
    #[ignore] outside_pasv: Stand::outside(Passive::Pasv);
    #[ignore] outside_active: Stand::outside(Passive::Active);
}
