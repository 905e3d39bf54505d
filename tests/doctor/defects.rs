//! Each defect of registry, files and clock, made for real: its check, its verdict, its exit code.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use super::{
    seen::{age, doctor, set_mode, sql},
    support::World,
};

/// (what it is, how it is made, verdict, check)
type Defect = (&'static str, fn(&World), &'static str, (&'static str, &'static str, &'static str));

fn ruin_page_of(world: &World, index: &str) {
    let registry = world.path("w/registry.db");
    let connection = rusqlite::Connection::open(&registry).unwrap();
    let page: u64 = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?", [index], |row| {
            row.get::<_, i64>(0).map(i64::unsigned_abs)
        })
        .unwrap();
    drop(connection);
    let mut file = fs::OpenOptions::new().write(true).open(registry).unwrap();
    file.seek(SeekFrom::Start((page - 1) * 8_192)).unwrap();
    file.write_all(&[0xa5; 8_192]).unwrap();
}

const DEFECTS: [Defect; 20] = [
    (
        "a registry that others can read",
        |w| set_mode(&w.path("w/registry.db"), 0o644),
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a key that others can read",
        |w| set_mode(&w.path("w/registry.lock"), 0o640),
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a spool that others can enter",
        |w| set_mode(&w.path("w/spool"), 0o755),
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a room of it that others can enter",
        |w| set_mode(&w.path("w/spool/held"), 0o711),
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a file in it that others can read",
        |w| {
            fs::write(w.path("w/spool/rejected/f.xml"), "").unwrap();
            set_mode(&w.path("w/spool/rejected/f.xml"), 0o604);
        },
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a link in the spool",
        |w| std::os::unix::fs::symlink("/etc/hostname", w.path("w/spool/held/f")).unwrap(),
        "problem",
        ("files", "modes", "doctor-not-plain"),
    ),
    (
        "a backup that others can read",
        |w| {
            w.run(&["backup"]).to(0);
            let copy = fs::read_dir(w.path("w/backups")).unwrap().next().unwrap().unwrap().path();
            set_mode(&copy, 0o640);
        },
        "problem",
        ("files", "modes", "doctor-mode-open"),
    ),
    (
        "a folder in which others can write",
        |w| set_mode(&w.path("w"), 0o770),
        "problem",
        ("files", "modes", "doctor-folder-writable"),
    ),
    ("no key", |w| fs::remove_file(w.path("w/registry.key")).unwrap(), "problem", ("files", "key", "io")),
    (
        "no side file",
        |w| fs::remove_file(w.path("w/registry.side")).unwrap(),
        "problem",
        ("files", "side-file", "side-file-missing"),
    ),
    (
        "a damaged side file",
        |w| {
            fs::write(w.path("w/registry.side"), "v1 serial 1 2026-11-22T08:00:00Z 1 0000000000000000\n")
                .unwrap();
        },
        "problem",
        ("files", "side-file", "side-damaged"),
    ),
    (
        "another registry's key",
        |w| {
            w.run(&["backup", w.path("w/copy.db").to_str().unwrap()]).to(0);
            let other = World::new();
            fs::copy(other.path("w/registry.key"), w.path("w/registry.key")).unwrap();
        },
        "problem",
        ("registry", "key", "doctor-key-foreign"),
    ),
    (
        "an old copy beside it",
        |w| {
            fs::write(w.path("w/registry.db.before-v2"), "").unwrap();
            set_mode(&w.path("w/registry.db.before-v2"), 0o600);
            age(&w.path("w/registry.db.before-v2"), 15);
        },
        "warning",
        ("files", "remains", "doctor-copy-left"),
    ),
    (
        "half a copy beside it",
        |w| {
            let half = w.path("w/registry.db.before-v2.0123456789abcdef.part");
            fs::write(&half, "").unwrap();
            set_mode(&half, 0o600);
        },
        "warning",
        ("files", "remains", "doctor-scratch-left"),
    ),
    (
        "garbage in a page",
        |w| ruin_page_of(w, "journal_of_person"),
        "problem",
        ("registry", "pages", "registry-damaged"),
    ),
    (
        "a reference to nothing",
        |w| sql(w, "INSERT INTO log_line (run_id, prio, at, code, params) VALUES (99, 5, '', '', '')"),
        "problem",
        ("registry", "references", "registry-damaged"),
    ),
    (
        "a table too many",
        |w| sql(w, "CREATE TABLE more (x TEXT) STRICT"),
        "problem",
        ("registry", "schema", "registry-damaged"),
    ),
    (
        "an older version",
        |w| sql(w, "PRAGMA user_version = 2"),
        "warning",
        ("registry", "version", "doctor-version-older"),
    ),
    (
        "a clock before the newest run",
        |w| sql(w, "UPDATE run SET started = '2150-01-01T00:00:00.000Z'"),
        "problem",
        ("clock", "clock", "doctor-clock-behind"),
    ),
    (
        "a clock a year after it",
        |w| {
            sql(w, "UPDATE run SET started = '2020-01-01T00:00:00.000Z', ended = '2020-01-01T00:00:00.000Z'");
            age(&w.path("w/registry.db"), 400);
        },
        "warning",
        ("clock", "clock", "doctor-clock-ahead"),
    ),
];

#[test]
fn each_defect_is_found_and_nothing_else() {
    for (what, spoil, verdict, expected) in DEFECTS {
        let world = World::with_three("");
        spoil(&world);
        eprintln!("{what}");
        doctor(&world, &[]).only(verdict, expected);
    }
}

#[test]
fn a_young_copy_beside_the_registry_and_a_closed_folder_that_others_enter_are_well() {
    let world = World::with_three("");
    fs::write(world.path("w/registry.db.before-v2"), "").unwrap();
    set_mode(&world.path("w/registry.db.before-v2"), 0o600);
    set_mode(&world.path("w"), 0o755);
    doctor(&world, &[]).well();
}

#[test]
fn a_mode_is_told_of_and_not_put_right() {
    let world = World::with_three("");
    set_mode(&world.path("w/registry.db"), 0o644);
    let seen = doctor(&world, &[]);
    let check = seen.the("files", "modes");
    assert!(check["hint"].as_str().unwrap().contains("chmod 0600"), "{check}");
    assert_eq!(doctor(&world, &[]).exit, 3, "still so");
}

#[test]
fn of_many_files_that_are_open_the_first_are_named_and_the_rest_counted() {
    let world = World::with_three("");
    for number in 0..15 {
        let file = world.path(&format!("w/spool/rejected/{number}.xml"));
        fs::write(&file, "").unwrap();
        set_mode(&file, 0o644);
    }
    let seen = doctor(&world, &[]);
    let problems = seen.that_are("problem");
    assert_eq!(problems.len(), 11, "{problems:?}");
    let more = seen.checks().iter().find(|check| check["code"] == "doctor-modes-more").unwrap();
    assert_eq!(more["params"]["count"], "5");
}

#[test]
fn a_registry_that_cannot_be_opened_ends_1_and_the_server_is_tried_all_the_same() {
    // (what, how it is made, code)
    type Unfit = (&'static str, fn(&Path), &'static str);
    let rows: [Unfit; 6] = [
        ("missing", |path| fs::remove_file(path).unwrap(), "registry-missing"),
        ("empty", |path| fs::write(path, "").unwrap(), "registry-empty"),
        ("a text", |path| fs::write(path, "id_number;name\n".repeat(1_000)).unwrap(), "registry-foreign"),
        ("newer", |path| open(path).pragma_update(None, "user_version", 9_999).unwrap(), "registry-newer"),
        (
            "another program's",
            |path| open(path).pragma_update(None, "application_id", 7).unwrap(),
            "registry-foreign",
        ),
        (
            "cut short",
            |path| {
                let file = fs::OpenOptions::new().write(true).open(path).unwrap();
                file.set_len(file.metadata().unwrap().len() - 8_192).unwrap();
            },
            "registry-damaged",
        ),
    ];
    for (what, spoil, code) in rows {
        let world = World::with_three("");
        spoil(&world.path("w/registry.db"));
        set_mode_if_there(&world.path("w/registry.db"));
        let before = fs::read(world.path("w/registry.db")).ok();
        let seen = doctor(&world, &[]);
        assert_eq!(seen.exit, 1, "{what}");
        assert_eq!(seen.the("registry", "open")["code"], code, "{what}");
        assert_eq!(seen.the("server", "delete")["verdict"], "well", "{what}");
        assert_eq!(fs::read(world.path("w/registry.db")).ok(), before, "{what}");
    }
}

fn open(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

fn set_mode_if_there(path: &Path) {
    if path.exists() {
        set_mode(path, 0o600);
    }
}

#[test]
fn an_older_registry_is_not_upgraded() {
    let world = World::with_three("");
    sql(&world, "PRAGMA user_version = 2");
    let seen = doctor(&world, &[]);
    for (area, name) in [("clock", "clock"), ("unfinished", "marks"), ("jobs", "last-run")] {
        assert_eq!(seen.the(area, name)["verdict"], "skipped");
    }
    let version: i64 =
        open(&world.path("w/registry.db")).query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 2);
    assert!(!world.path("w/registry.db.before-v6").exists());
}

#[test]
fn a_secret_that_others_can_read_is_a_problem_and_the_server_is_not_called_with_it() {
    let world = World::with_three(
        "spar.server.transport = \"ftp\"\nspar.server.host = \"127.0.0.1\"\nspar.server.port = 9\n\
         spar.server.user = \"mantal\"\nspar.server.password_file = \"password\"",
    );
    fs::write(world.path("w/password"), "correct-horse-battery").unwrap();
    set_mode(&world.path("w/password"), 0o644);
    let seen = doctor(&world, &[]);
    assert_eq!(seen.exit, 3);
    assert_eq!(seen.the("configuration", "secrets")["code"], "config-secret-readable");
    assert_eq!(seen.steps("problem"), ["password"]);
    assert!(!seen.json.to_string().contains("correct-horse"));
}
