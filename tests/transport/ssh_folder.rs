//! What others can plant in a folder behind SSH, and what a whole run with such a server shows of itself.

use std::{ffi::OsStr, fs, io::Cursor, os::unix::ffi::OsStrExt, os::unix::fs::symlink, process::Command};

use mantal::{
    config::PasswordSource,
    io::Existing,
    transport::{FaultKind, Folder, Size},
};

use super::{
    ssh_server::{Script, Server},
    sshd,
    stand::PASSWORD,
};

#[test]
fn links_and_folders_behind_ssh_are_neither_listed_nor_followed_nor_removed() {
    let Some(stand) = sshd::serve() else { return };
    fs::write(stand.path("secret"), "precious").unwrap();
    symlink(stand.path("secret"), stand.path("out/link")).unwrap();
    symlink(stand.path("nowhere"), stand.path("out/dangling")).unwrap();
    fs::create_dir(stand.path("out/folder")).unwrap();
    let mut session = stand.connect();
    assert!(session.list(Folder::Get, &|_| true).unwrap().files.is_empty());
    for name in ["link", "dangling", "folder"] {
        let fetched = session.fetch(Folder::Get, name, &mut std::io::sink());
        assert_eq!(fetched.unwrap_err().kind, FaultKind::Denied, "{name}");
        assert_eq!(session.size(Folder::Get, name).unwrap(), Size::Absent, "{name}");
        assert_eq!(session.delete(Folder::Get, name).unwrap_err().kind, FaultKind::Denied, "{name}");
        assert!(stand.path("out").join(name).symlink_metadata().is_ok(), "{name} stays");
    }
}

#[test]
fn a_link_behind_ssh_is_replaced_or_refused_and_never_written_through() {
    let Some(stand) = sshd::serve() else { return };
    fs::write(stand.path("secret"), "precious").unwrap();
    symlink(stand.path("secret"), stand.path("in/list.part")).unwrap();
    let mut session = stand.connect();
    let refused = session.store(Folder::Put, "list.part", &mut Cursor::new("new"), Existing::Refuse);
    assert_eq!(refused.unwrap_err().kind, FaultKind::Exists);
    session.store(Folder::Put, "list.part", &mut Cursor::new("new"), Existing::Replace).unwrap();
    assert_eq!(fs::read(stand.path("secret")).unwrap(), b"precious");
    assert!(stand.path("in/list.part").symlink_metadata().unwrap().is_file());
}

#[test]
fn hostile_names_behind_ssh_are_counted_shown_escaped_and_left_out() {
    let Some(stand) = sshd::serve() else { return };
    let hostile: [&[u8]; 3] = [b"a\x1b[2Jb", b"line\nbreak", b"gr\xf6n"];
    for name in hostile {
        fs::write(stand.path("out").join(OsStr::from_bytes(name)), "x").unwrap();
    }
    fs::write(stand.path("out/grön"), "x").unwrap();
    let listing = stand.connect().list(Folder::Get, &|_| true).unwrap();
    assert_eq!(listing.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["grön"]);
    assert_eq!(listing.odd, 3);
    let (_, params) = listing.odd_line().unwrap();
    assert!(params.iter().all(|(_, value)| !value.chars().any(char::is_control)), "{params:?}");
}

#[test]
fn a_run_shows_no_password_at_the_loudest_setting() {
    let server = Server::start(Script::default());
    let settings = &server.stand.settings;
    let PasswordSource::File(password) = &settings.password else { panic!("no file") };
    let home = server.stand.path("installation");
    let mantal = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.current_dir(&server.stand.root).env("RUST_LOG", "trace").env("LC_ALL", "C").args(arguments);
        command.output().unwrap()
    };
    assert!(mantal(&["init", home.to_str().unwrap()]).status.success());
    let config = home.join("mantal.toml");
    let text = format!(
        "[spar.server]\ntransport = 'sftp'\nhost = '127.0.0.1'\nport = {}\nuser = 'mantal'\npassword_file = '{}'\n\
         host_key = '{}'\n",
        settings.port.unwrap(),
        password.display(),
        settings.host_key.as_deref().unwrap(),
    );
    fs::write(&config, text).unwrap();
    let run = mantal(&["--config", config.to_str().unwrap(), "-vvv", "spar-import"]);
    let shown = [run.stdout, run.stderr].concat();
    let shown = String::from_utf8_lossy(&shown);
    assert_eq!(run.status.code(), Some(0), "{shown}");
    assert!(server.seen().contains(&format!("password {PASSWORD}")), "it was not asked for");
    assert!(shown.contains("LoggedIn"), "nothing was logged: {shown}");
    assert!(!shown.contains(PASSWORD), "{shown}");
    assert!(!shown.contains("russh"), "{shown}");
}
