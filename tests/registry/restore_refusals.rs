//! What `restore` refuses, and that nothing has happened then.

use std::{fs, path::Path};

use mantal::{
    io::RunLock,
    registry::{Access, Check, Registry},
};

use crate::support::{World, code};

/// (what it is, code, how it is made of a backup)
type Unfit = (&'static str, &'static str, fn(&Path));

const UNFIT: [Unfit; 9] = [
    ("missing", "io", |path| fs::remove_file(path).unwrap()),
    ("a folder", "file-not-plain", |path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    }),
    ("empty", "registry-foreign", |path| fs::write(path, "").unwrap()),
    ("a text", "registry-foreign", |path| fs::write(path, "no registry\n".repeat(1_000)).unwrap()),
    ("another program's", "registry-foreign", |path| sql(path, "PRAGMA application_id = 7")),
    ("newer", "registry-newer", |path| sql(path, "PRAGMA user_version = 9999")),
    ("cut short", "registry-damaged", |path| {
        let length = fs::metadata(path).unwrap().len();
        fs::OpenOptions::new().write(true).open(path).unwrap().set_len(length - 8_192).unwrap();
    }),
    ("damaged inside", "registry-damaged", |path| {
        let mut bytes = fs::read(path).unwrap();
        let page = 9 * 8_192;
        bytes[page - 60..page].fill(7);
        fs::write(path, bytes).unwrap();
    }),
    ("beside a WAL", "backup-unfinished", |path| {
        fs::write(path.with_file_name("old.db-wal"), "frames").unwrap();
    }),
];

fn sql(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn what_is_no_sound_backup_is_refused_and_nothing_is_changed() {
    for (what, expected, spoil) in UNFIT {
        let world = World::with_people("");
        let old = world.back_up("old.db");
        spoil(&old);
        let before = world.snapshot();
        let report = world.restore(&old);
        assert_eq!((report.exit, code(&report)), (1, expected), "{what}: {report:?}");
        assert_eq!(world.snapshot(), before, "{what}");
        let shown = report.failure.unwrap().text(mantal::text::Language::English);
        assert!(!shown.contains(".restoring"), "{what}: {shown}");
    }
}

#[test]
fn the_registry_is_not_restored_from_itself() {
    let world = World::with_people("");
    let before = world.snapshot();
    let link = world.path("link.db");
    fs::hard_link(&world.settings.registry, &link).unwrap();
    for file in [&world.settings.registry, &link] {
        let report = world.restore(file);
        assert_eq!((report.exit, code(&report)), (1, "restore-itself"));
    }
    fs::remove_file(link).unwrap();
    assert_eq!(world.snapshot(), before);
}

#[test]
fn what_is_no_plain_file_is_not_replaced() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let moved = world.path("elsewhere.db");
    fs::rename(&world.settings.registry, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &world.settings.registry).unwrap();
    let report = world.restore(&old);
    assert_eq!((report.exit, code(&report)), (1, "file-not-plain"));
    assert!(world.settings.registry.is_symlink());
}

#[test]
fn while_something_runs_or_reads_nothing_is_replaced() {
    let world = World::with_people("");
    let old = world.back_up("old.db");
    let before = world.content();
    world.import("");
    {
        let _lock = RunLock::acquire(&world.settings.lock_file(), std::time::Duration::ZERO).unwrap();
        assert_eq!(world.restore(&old).exit, 6);
    }
    let reader = Registry::open(&world.settings.registry, Access::Read, Check::Quick).unwrap();
    let report = world.restore(&old);
    assert_eq!((report.exit, code(&report)), (1, "registry-busy"));
    assert_eq!(reader.count_people().unwrap(), 2);
    drop(reader);
    assert_eq!(world.content(), before);
    assert!(!world.files().keys().any(|name| name.contains(".restoring") || name.contains(".replaced")));
    world.restore_to(0, &old);
}

#[test]
fn what_an_interrupted_restore_left_goes_with_the_next() {
    let world = World::with_people("");
    let (old, before) = (world.back_up("old.db"), world.content());
    let leftovers = [
        "registry.db",
        "registry.db.restoring-wal",
        "registry.db.restoring-shm",
        "registry.key",
        "registry.side",
    ];
    for name in leftovers {
        let name = if name.contains("restoring") { name.to_owned() } else { format!("{name}.restoring") };
        fs::write(world.path(&name), "half").unwrap();
    }
    world.restore_to(0, &old);
    assert_eq!(world.content(), before);
    assert!(!world.files().keys().any(|name| name.contains(".restoring")));
}
