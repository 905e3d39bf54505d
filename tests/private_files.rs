//! Our own files on a real file system: what modes and owners they get, who may use them, who may hold the lock.

#![cfg(test)]

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use mantal::{
    failure::Kind,
    io::{AtomicFile, Existing, Fact, Record, Room, RunLock, SecretKey, SideFile, Spool, private},
};

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

/// Not a test of its own: what `every_file_is_private_whatever_the_umask` runs in a process with another umask.
#[test]
#[ignore = "run by every_file_is_private_whatever_the_umask"]
fn child_that_creates_everything() {
    let folder = PathBuf::from(std::env::var_os("MANTAL_TEST_FOLDER").unwrap());
    if std::env::var_os("MANTAL_TEST_TIGHTEN").is_some() {
        private::tighten_umask();
        // As SQLite would, without a mode of its own.
        fs::write(folder.join("registry.db"), "").unwrap();
    }
    RunLock::acquire(&folder.join("registry.lock"), Duration::ZERO).unwrap();
    SecretKey::create(&folder.join("registry.key")).unwrap();
    let side = SideFile::create(&folder.join("registry.side")).unwrap();
    let at = chrono::DateTime::from_timestamp(0, 0).unwrap();
    side.append(&[Record { fact: Fact::Serial(1), at, run: 1 }]).unwrap();
    let spool = Spool::open(&folder.join("spool")).unwrap();
    spool.receive("a.xml", &mut "x".as_bytes(), Room::Inbox).unwrap();
    AtomicFile::create(&folder.join("list.csv")).unwrap().commit(Existing::Refuse).unwrap();
    std::mem::forget(AtomicFile::create(&folder.join("half.csv")).unwrap());
}

fn modes_below(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut modes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        modes.push((path.clone(), mode(&path)));
        if path.is_dir() {
            modes.extend(modes_below(&path));
        }
    }
    modes
}

#[test]
fn every_file_is_private_whatever_the_umask() {
    let program = std::env::current_exe().unwrap();
    for umask in ["000", "022", "077", "277"] {
        for tighten in [None, Some("1")] {
            let world = tempfile::tempdir().unwrap();
            let mut child = Command::new("sh");
            child.args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask]).arg(&program);
            child.args(["--exact", "child_that_creates_everything", "--ignored"]);
            child.env("MANTAL_TEST_FOLDER", world.path());
            child.envs(tighten.map(|value| ("MANTAL_TEST_TIGHTEN", value)));
            let output = child.output().unwrap();
            assert!(output.status.success(), "umask {umask}: {}", String::from_utf8_lossy(&output.stdout));
            let modes = modes_below(world.path());
            assert!(modes.len() >= 11, "umask {umask}: {modes:?}");
            for (path, found) in modes {
                let expected = if path.is_dir() { 0o700 } else { 0o600 };
                assert_eq!(found, expected, "umask {umask}: {}", path.display());
            }
        }
    }
}

/// Not a test of its own: holds the lock until its standard input ends.
#[test]
#[ignore = "run by the_lock_of_a_killed_process_is_free_at_once"]
fn child_that_holds_the_lock() {
    let path = PathBuf::from(std::env::var_os("MANTAL_TEST_LOCK").unwrap());
    let _lock = RunLock::acquire(&path, Duration::ZERO).unwrap();
    eprintln!("held");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn the_lock_of_a_killed_process_is_free_at_once() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("registry.lock");
    let mut holder = Command::new(std::env::current_exe().unwrap());
    holder.args(["--exact", "child_that_holds_the_lock", "--ignored", "--nocapture"]);
    holder.env("MANTAL_TEST_LOCK", &path).stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::null());
    let mut holder = holder.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(holder.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "held\n");
    assert_eq!(RunLock::acquire(&path, Duration::ZERO).unwrap_err().kind, Kind::Busy);
    holder.kill().unwrap();
    holder.wait().unwrap();
    RunLock::acquire(&path, Duration::ZERO).unwrap();
}

#[test]
fn a_side_file_or_key_open_to_others_is_refused() {
    let world = tempfile::tempdir().unwrap();
    let (key, side) = (world.path().join("registry.key"), world.path().join("registry.side"));
    SecretKey::create(&key).unwrap();
    SideFile::create(&side).unwrap();
    for path in [&key, &side] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
    }
    assert_eq!(SecretKey::load(&key).unwrap_err().message.code, "file-readable");
    assert_eq!(SideFile::find(&side).unwrap_err().message.code, "file-readable");
}

#[test]
fn what_root_creates_in_somebodys_folder_is_theirs_and_else_the_creators() {
    let world = tempfile::tempdir().unwrap();
    let me = rustix::process::geteuid().as_raw();
    let owner = if me == 0 { 65_534 } else { me };
    chown(world.path(), Some(owner), None).unwrap();
    private::create_new(&world.path().join("file")).unwrap();
    private::create_folder(&world.path().join("folder")).unwrap();
    drop(RunLock::acquire(&world.path().join("lock"), Duration::ZERO).unwrap());
    for name in ["file", "folder", "lock"] {
        assert_eq!(world.path().join(name).metadata().unwrap().uid(), owner, "{name}");
    }
}

#[test]
fn a_folder_is_taken_as_it_is_and_anything_else_in_its_place_is_refused() {
    let world = tempfile::tempdir().unwrap();
    let (folder, file) = (world.path().join("folder"), world.path().join("file"));
    for _ in 0..2 {
        private::create_folder(&folder).unwrap();
    }
    fs::write(&file, "").unwrap();
    assert_eq!(private::create_folder(&file).unwrap_err().message.code, "file-not-folder");
}
