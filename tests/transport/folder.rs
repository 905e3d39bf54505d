//! What others can plant in a shared folder.

use std::{fs, io, os::unix::fs::symlink, path::Path};

use mantal::{
    io::Existing,
    transport::{FaultKind, Folder, Size},
};

use super::stand::Stand;

fn plant_fifo(path: &Path) {
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, path, kind, rustix::fs::Mode::RUSR, 0).unwrap();
}

#[test]
fn links_pipes_and_folders_are_neither_listed_nor_followed_nor_waited_for() {
    let stand = Stand::dir();
    fs::write(stand.path("secret"), "precious").unwrap();
    symlink(stand.path("secret"), stand.path("out/link")).unwrap();
    symlink(stand.path("nowhere"), stand.path("out/dangling")).unwrap();
    plant_fifo(&stand.path("out/pipe"));
    fs::create_dir(stand.path("out/folder")).unwrap();
    let mut session = stand.connect();
    assert!(session.list(Folder::Get, &|_| true).unwrap().files.is_empty());
    for name in ["link", "dangling", "pipe", "folder"] {
        let fetched = session.fetch(Folder::Get, name, &mut io::sink());
        assert_eq!(fetched.unwrap_err().kind, FaultKind::Denied, "{name}");
        assert_eq!(session.size(Folder::Get, name).unwrap(), Size::Absent, "{name}");
        assert_eq!(session.delete(Folder::Get, name).unwrap_err().kind, FaultKind::Denied, "{name}");
        assert!(stand.path("out").join(name).symlink_metadata().is_ok(), "{name} stays");
    }
}

#[test]
fn a_link_in_the_place_of_a_list_is_replaced_or_refused_and_never_written_through() {
    let stand = Stand::dir();
    fs::write(stand.path("secret"), "precious").unwrap();
    symlink(stand.path("secret"), stand.path("in/list.part")).unwrap();
    symlink(stand.path("nowhere"), stand.path("in/list")).unwrap();
    let mut session = stand.connect();
    let refused = session.store(Folder::Put, "list.part", &mut &b"new"[..], Existing::Refuse);
    assert_eq!(refused.unwrap_err().kind, FaultKind::Exists);
    session.store(Folder::Put, "list.part", &mut &b"new"[..], Existing::Replace).unwrap();
    assert_eq!(session.rename(Folder::Put, "list.part", "list").unwrap_err().kind, FaultKind::Exists);
    assert_eq!(fs::read(stand.path("secret")).unwrap(), b"precious");
    assert!(!stand.path("nowhere").exists());
    assert!(stand.path("in/list.part").symlink_metadata().unwrap().is_file());
}

#[test]
fn hostile_names_are_counted_shown_escaped_and_left_out() {
    use std::os::unix::ffi::OsStrExt;
    let stand = Stand::dir();
    let hostile: [&[u8]; 3] = [b"a\x1b[2Jb", b"line\nbreak", b"gr\xf6n"];
    for name in hostile {
        fs::write(stand.path("out").join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    fs::write(stand.path("out/good"), "x").unwrap();
    let listing = stand.connect().list(Folder::Get, &|_| true).unwrap();
    assert_eq!(listing.files.len(), 1);
    assert_eq!(listing.odd, 3);
    let (message, params) = listing.odd_line().unwrap();
    assert_eq!(message.code, "server-odd-names");
    assert!(params.iter().all(|(_, value)| !value.chars().any(char::is_control)), "{params:?}");
}

#[test]
fn a_drop_folder_that_is_not_there_ends_with_exit_code_5() {
    let mut stand = Stand::dir();
    stand.settings.path = stand.path("elsewhere");
    let fault = stand.try_connect().err().unwrap();
    assert_eq!(fault.kind, FaultKind::NoFolder);
    assert_eq!(fault.into_failure().kind.exit_code(), 5);
    assert!(!stand.path("elsewhere").exists(), "only init makes it");
}

#[test]
fn what_we_put_is_ours_alone_to_read() {
    use std::os::unix::fs::PermissionsExt;
    let stand = Stand::dir();
    stand.connect().store(Folder::Put, "list", &mut &b"x"[..], Existing::Refuse).unwrap();
    assert_eq!(fs::metadata(stand.path("in/list")).unwrap().permissions().mode() & 0o777, 0o600);
}
