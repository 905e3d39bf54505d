//! `backup`: what the copy is, where it goes, what it never touches.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use mantal::{
    io::RunLock,
    jobs::backup::Backup,
    registry::{Access, Check, Registry},
};

use crate::support::{STREET, World, ask, code, content, mode};

fn secrets_in(folder: &Path) -> Backup {
    Backup { file: None, secrets: Some(folder.to_owned()) }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_one_private_file_with_everything_that_the_registry_held() {
    let world = World::with_people("");
    let file = world.back_up("copy.db");
    assert_eq!(mode(&file), 0o600);
    assert_eq!(content(&file), world.content());
    assert_eq!(ask(&file, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(ask(&file, "PRAGMA journal_mode"), ["delete"]);
    assert_eq!(world.files_with(STREET), ["copy.db", "people.csv", "registry.db"], "nothing beside it");
    assert_eq!(
        world.ask("SELECT job || ' ' || status || ' ' || by_hand FROM run WHERE id = 2"),
        ["backup ok 1"]
    );
}

#[test]
fn a_backup_holds_neither_the_key_nor_the_side_file() {
    let world = World::with_people("");
    let key = fs::read_to_string(world.settings.key_file()).unwrap();
    world.back_up("copy.db");
    assert_eq!(world.files_with(key.trim()), ["registry.key"]);
}

#[test]
fn a_file_that_exists_is_never_overwritten() {
    let world = World::with_people("");
    let taken = world.path("taken.db");
    fs::write(&taken, "precious").unwrap();
    let link = world.path("link.db");
    std::os::unix::fs::symlink(world.path("nowhere"), &link).unwrap();
    for file in [taken.clone(), link, world.settings.registry.clone()] {
        let report = world.run(&mut Backup { file: Some(file.clone()), secrets: None });
        assert_eq!((report.exit, code(&report)), (1, "file-exists"), "{}", file.display());
    }
    assert_eq!(fs::read(taken).unwrap(), b"precious");
    assert_eq!(world.ask("SELECT DISTINCT status FROM run WHERE job = 'backup'"), ["failed"]);
}

#[test]
fn without_a_name_the_newest_are_kept_and_nothing_but_our_own_is_deleted() {
    let world = World::with_people("[backup]\nkeep = 2\n");
    let folder = world.path("backups");
    fs::create_dir(&folder).unwrap();
    let others = ["mantal-20200101T000000Z.db.gz", "mantal-mine.db", "notes.txt"];
    for name in others {
        fs::write(folder.join(name), "mine").unwrap();
    }
    fs::write(folder.join("mantal-20200101T000000Z.db"), "an older one of ours").unwrap();
    fs::write(folder.join("mantal-20200101T000000Z.db.00112233445566ff.part"), "cut off").unwrap();
    for _ in 0..3 {
        world.run_to(0, &mut Backup::default());
    }
    let newest = ["mantal-20261122T080200Z.db", "mantal-20261122T080300Z.db"];
    assert_eq!(names_in(&folder), [&others[..1], &newest, &others[1..]].concat());
    assert_eq!(mode(&folder.join(newest[1])), 0o600);
}

#[test]
fn a_backup_with_a_name_deletes_none_of_the_others() {
    let world = World::with_people("[backup]\nkeep = 1\n");
    world.run_to(0, &mut Backup::default());
    world.run_to(0, &mut Backup { file: Some(world.path("backups/mine.db")), secrets: None });
    assert_eq!(names_in(&world.path("backups")), ["mantal-20261122T080100Z.db", "mine.db"]);
}

#[test]
fn a_damaged_registry_is_not_copied() {
    let world = World::with_people("");
    // The page of `number_of_person`: nothing looks at it when the registry is opened.
    let page: u64 =
        world.ask("SELECT rootpage FROM sqlite_schema WHERE name = 'number_of_person'")[0].parse().unwrap();
    let mut file = fs::OpenOptions::new().write(true).open(&world.settings.registry).unwrap();
    file.seek(SeekFrom::Start(page * 8_192 - 40)).unwrap();
    file.write_all(&[7; 40]).unwrap();
    let report = world.run(&mut Backup { file: Some(world.path("copy.db")), secrets: None });
    assert_eq!((report.exit, code(&report)), (1, "registry-damaged"));
    assert!(!world.files().keys().any(|name| name.starts_with("copy.db")), "no file, not half of one either");
}

#[test]
fn a_backup_is_made_while_somebody_reads_and_not_while_something_else_runs() {
    let world = World::with_people("");
    let reader = Registry::open(&world.settings.registry, Access::Read, Check::Quick).unwrap();
    world.back_up("copy.db");
    assert_eq!(reader.count_people().unwrap(), 2);
    let _lock = RunLock::acquire(&world.settings.lock_file(), std::time::Duration::ZERO).unwrap();
    let report = world.run(&mut Backup { file: Some(world.path("second.db")), secrets: None });
    assert_eq!((report.exit, world.path("second.db").exists()), (6, false));
}

#[test]
fn secrets_are_kept_elsewhere_and_kept_up_to_date() {
    let world = World::with_people("");
    let folder = world.path("secrets");
    for _ in 0..2 {
        world.run_to(0, &mut secrets_in(&folder));
        for (copy, own) in
            [("registry.key", world.settings.key_file()), ("registry.side", world.settings.side_file())]
        {
            assert_eq!(fs::read(folder.join(copy)).unwrap(), fs::read(own).unwrap(), "{copy}");
            assert_eq!(mode(&folder.join(copy)), 0o600, "{copy}");
        }
        assert_eq!(mode(&folder), 0o700);
        world.remember(mantal::io::Fact::Serial(1), 1);
    }
}

#[test]
fn secrets_never_lie_among_the_backups() {
    let world = World::with_people("");
    for folder in ["backups", "backups/secrets"] {
        let report = world.run(&mut secrets_in(&world.path(folder)));
        assert_eq!((report.exit, code(&report)), (1, "secrets-with-backup"), "{folder}");
    }
    fs::create_dir(world.path("disk")).unwrap();
    let file = Some(world.path("disk/copy.db"));
    let report = world.run(&mut Backup { file, secrets: Some(world.path("disk")) });
    assert_eq!((report.exit, code(&report)), (1, "secrets-with-backup"), "beside a named one");
    assert!(
        !world.files().keys().any(|name| name.contains("copy.db") || name.contains("mantal-")),
        "no backup either"
    );
}

#[test]
fn secrets_that_ours_do_not_continue_are_not_overwritten() {
    let (world, other) = (World::with_people(""), World::with_people(""));
    let folder = world.path("secrets");
    other.remember(mantal::io::Fact::Serial(7), 1);
    // (whose key is there, whose side file)
    for (key, side) in [(&other, &world), (&world, &other)] {
        fs::create_dir_all(&folder).unwrap();
        fs::copy(key.settings.key_file(), folder.join("registry.key")).unwrap();
        fs::copy(side.settings.side_file(), folder.join("registry.side")).unwrap();
        let before = world.snapshot();
        let report = world.run(&mut secrets_in(&folder));
        assert_eq!((report.exit, code(&report)), (1, "secrets-differ"));
        let secrets = |files: std::collections::BTreeMap<String, (usize, u64)>| {
            files.into_iter().filter(|(name, _)| name.starts_with("secrets/")).collect::<Vec<_>>()
        };
        assert_eq!(secrets(world.snapshot()), secrets(before));
    }
}
