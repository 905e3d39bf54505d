//! What is opened, what is refused, who migrates.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use mantal::{
    failure::Failure,
    jobs::backup::Backup,
    registry::{Access, Check, Registry, schema},
};
use rusqlite::Connection;

use crate::support::{ANNA, World, code, content, mode, numbers};

fn patch(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn sql(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// (what it is, code of the refusal, how it is made of a sound registry)
type Unfit = (&'static str, &'static str, fn(&Path));

pub const UNFIT: [Unfit; 11] = [
    ("missing", "registry-missing", |path| fs::remove_file(path).unwrap()),
    ("empty", "registry-empty", |path| fs::write(path, "").unwrap()),
    ("a text", "registry-foreign", |path| fs::write(path, "id_number;first_name\n".repeat(1_000)).unwrap()),
    ("a folder", "registry-foreign", |path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    }),
    ("a link", "registry-foreign", |path| {
        fs::rename(path, path.with_extension("other")).unwrap();
        std::os::unix::fs::symlink(path.with_extension("other"), path).unwrap();
    }),
    ("its header damaged", "registry-foreign", |path| patch(path, 0, b"SQLite fromat 3")),
    ("another program's", "registry-foreign", |path| sql(path, "PRAGMA application_id = 7")),
    ("newer", "registry-newer", |path| sql(path, "PRAGMA user_version = 9999")),
    ("with another schema", "registry-damaged", |path| sql(path, "CREATE TABLE more (x TEXT) STRICT")),
    ("cut short", "registry-damaged", |path| {
        let length = fs::metadata(path).unwrap().len();
        fs::OpenOptions::new().write(true).open(path).unwrap().set_len(length - 8_192).unwrap();
    }),
    ("beside a strange journal", "registry-damaged", |path| {
        fs::write(path.with_file_name("registry.db-journal"), "journal").unwrap();
    }),
];

#[test]
fn what_is_no_sound_registry_is_refused_and_nothing_is_created() {
    for (what, expected, spoil) in UNFIT {
        let world = World::with_people("");
        spoil(&world.settings.registry);
        let before = world.snapshot();
        for access in [Access::Read, Access::Write] {
            let failure = Registry::open(&world.settings.registry, access, Check::Quick).unwrap_err();
            assert_eq!(failure.code(), expected, "{what}: {failure:?}");
            assert_eq!(world.snapshot(), before, "{what}, {access:?}");
        }
        let report = world.run(&mut Backup::default());
        assert_eq!((report.exit, code(&report), report.run.is_none()), (1, expected, true), "{what}");
        assert!(!world.path("backups").exists(), "{what}");
    }
}

/// Writes to a registry and gives the path of a copy of its WAL while that has content.
fn wal_of(world: &World, change: &str) -> PathBuf {
    let connection = Connection::open(&world.settings.registry).unwrap();
    connection.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
    connection.execute_batch(change).unwrap();
    let copy = world.path("copy-of-wal");
    fs::copy(world.path("registry.db-wal"), &copy).unwrap();
    copy
}

#[test]
fn a_wal_of_another_registry_is_refused_by_writers_and_never_folded_in() {
    let large = World::new();
    let rows: Vec<String> =
        numbers(1_500).into_iter().map(|number| format!("{number};A;B;Gatan 1;60299;ORT;\n")).collect();
    large.import(&rows.concat());
    // (what is in the WAL, whose, how it came about)
    let rows = [
        ("everything", &World::with_people(""), "VACUUM"),
        ("a part", &large, "UPDATE person SET comment = 'other'"),
    ];
    for (what, other, change) in rows {
        let world = World::with_people("");
        let (before, sound) = (fs::read(&world.settings.registry).unwrap(), world.content());
        fs::copy(wal_of(other, change), world.path("registry.db-wal")).unwrap();
        let opened = Registry::open(&world.settings.registry, Access::Write, Check::Quick);
        assert_eq!(opened.map_or_else(|failure| failure.code(), |_| "taken"), "registry-damaged", "{what}");
        // A reader can't know, but it changes nothing either.
        drop(Registry::open(&world.settings.registry, Access::Read, Check::Quick));
        assert_eq!(fs::read(&world.settings.registry).unwrap(), before, "{what}");
        fs::remove_file(world.path("registry.db-wal")).unwrap();
        drop(fs::remove_file(world.path("registry.db-shm")));
        assert_eq!(world.content(), sound, "{what}");
    }
}

#[test]
fn a_wal_that_a_dead_run_left_is_its_own_and_is_taken() {
    let world = World::with_people("");
    let wal = wal_of(&world, "UPDATE person SET comment = 'from the WAL' WHERE id = 2");
    let early = fs::read(&world.settings.registry).unwrap();
    let shadow = World::without_registry("");
    fs::write(&shadow.settings.registry, early).unwrap();
    fs::copy(wal, shadow.path("registry.db-wal")).unwrap();
    drop(Registry::open(&shadow.settings.registry, Access::Write, Check::Quick).unwrap());
    assert_eq!(shadow.ask("SELECT comment FROM person WHERE id = 2"), ["from the WAL"]);
    assert!(!shadow.path("registry.db-wal").exists(), "folded in");
}

#[test]
fn a_registry_that_another_program_took_out_of_wal_mode_goes_back() {
    let world = World::with_people("");
    sql(&world.settings.registry, "PRAGMA journal_mode = DELETE");
    world.import(&format!("{ANNA};Annika;Annasson;;;;\n"));
    assert_eq!(world.ask("PRAGMA journal_mode"), ["wal"]);
}

#[test]
fn eight_that_open_an_older_registry_at_once_migrate_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    sql(&path, "PRAGMA journal_mode = WAL; PRAGMA user_version = 0");
    let start = std::sync::Barrier::new(8);
    let migrate = || -> Result<(), Failure> {
        let connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        start.wait();
        schema::migrate(&connection)
    };
    // A second time would fail: the tables are there.
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(migrate)).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
    let connection = Connection::open(&path).unwrap();
    assert_eq!(schema::version(&connection).unwrap(), schema::latest());
}

/// Not a test of its own: what `every_file_is_private_even_with_an_open_umask` runs in a process with that umask.
#[test]
#[ignore = "run by every_file_is_private_even_with_an_open_umask"]
fn child_that_makes_every_file() {
    let Some(kept) = std::env::var_os("MANTAL_TEST_FOLDER") else { return };
    let world = World::with_people("");
    let backup = world.back_up("first.db");
    let secrets = Some(world.path("secrets"));
    world.run_to(0, &mut Backup { file: None, secrets });
    world.restore_to(0, &backup);
    let registry = Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap();
    registry.accept_loss().unwrap();
    assert!(world.path("registry.db-wal").exists(), "an open registry has a WAL");
    for name in world.files().keys().filter(|name| !["mantal.toml", "people.csv"].contains(&name.as_str())) {
        assert_eq!(mode(&world.path(name)), 0o600, "{name}");
    }
    for folder in ["secrets", "backups", "spool", "spool/held"] {
        assert_eq!(mode(&world.path(folder)), 0o700, "{folder}");
    }
    let names: Vec<String> = world.files().into_keys().collect();
    fs::write(Path::new(&kept).join("names"), names.join("\n")).unwrap();
}

#[test]
fn every_file_is_private_even_with_an_open_umask() {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new("sh")
        .args(["-c", "umask 000; exec \"$0\" --ignored --exact open::child_that_makes_every_file"])
        .arg(std::env::current_exe().unwrap())
        .env("MANTAL_TEST_FOLDER", folder.path())
        .status();
    assert!(status.unwrap().success());
    let names = fs::read_to_string(folder.path().join("names")).unwrap();
    for part in
        ["registry.db-wal", "registry.db-shm", ".replaced-", "secrets/registry.key", "backups/mantal-"]
    {
        assert!(names.contains(part), "{part} was not looked at: {names}");
    }
    // FTS5 keeps its options and the plan of its empty index.
    let of_a_fresh_one =
        ["meta: ", "search_config: ", "search_data: ", "search_name_config: ", "search_name_data: "];
    let is_of_a_fresh_one = |line: &String| of_a_fresh_one.iter().any(|table| line.starts_with(table));
    assert!(content(&World::new().settings.registry).iter().all(is_of_a_fresh_one));
}
