//! A new program on an old registry, and an old program on a new one: who upgrades, what is kept, what is said.

use std::{fs, path::Path};

use mantal::{
    failure::Failure,
    io::{RunLock, SecretKey, SideFile},
    registry::{Access, Check, Registry, schema},
    text::Language,
};
use rusqlite::Connection;

use crate::support::{ANNA, BO, World, ask, code, mode};

fn sql(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// An installation as the program before the newest migration left it, with Anna.
fn older() -> World {
    let world = World::without_registry("");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/registry/migrations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), schema::latest() as usize);
    files.pop();
    let registry = &world.settings.registry;
    for file in &files {
        sql(registry, &fs::read_to_string(file).unwrap());
    }
    sql(
        registry,
        &format!(
            "INSERT INTO meta (name, value) VALUES ('salt', '{:032x}');
             INSERT INTO person (id_number, id_kind, check_digit, category)
                 VALUES ('{ANNA}', 'personnummer', 'right', 'borrower');
             PRAGMA application_id = {}; PRAGMA user_version = {}; PRAGMA journal_mode = WAL;",
            7,
            schema::APPLICATION_ID,
            schema::latest() - 1
        ),
    );
    fs::set_permissions(registry, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    SecretKey::create(&world.settings.key_file()).unwrap();
    SideFile::create(&world.settings.side_file()).unwrap();
    world
}

fn version(path: &Path) -> Vec<String> {
    ask(path, "PRAGMA user_version")
}

fn copy_of(world: &World) -> std::path::PathBuf {
    world.path(&format!("registry.db.before-v{}", schema::latest()))
}

#[test]
fn the_first_run_of_a_newer_program_upgrades_after_a_copy_that_is_what_was() {
    let world = older();
    let copy = copy_of(&world);
    world.import(&format!("{BO};Bo;Bosson;Testvägen 2;90100;TESTBY;\n"));
    assert_eq!(version(&world.settings.registry), [schema::latest().to_string()]);
    assert_eq!(world.ask("SELECT id_number FROM person ORDER BY id"), [ANNA, BO]);
    assert_eq!(version(&copy), [(schema::latest() - 1).to_string()]);
    assert_eq!(ask(&copy, "SELECT id_number FROM person"), [ANNA]);
    assert_eq!(mode(&copy), 0o600);
    let written = world.ask("SELECT value FROM meta WHERE name = 'program'");
    assert_eq!(written, [env!("CARGO_PKG_VERSION")]);
}

#[test]
fn nothing_is_upgraded_while_another_run_holds_the_lock_and_no_reader_does_it() {
    let world = older();
    let before = world.snapshot();
    let failure = Registry::open(&world.settings.registry, Access::Read, Check::Quick).unwrap_err();
    assert_eq!(failure.code(), "registry-older");
    let lock = RunLock::acquire(&world.settings.lock_file(), std::time::Duration::ZERO).unwrap();
    let report = world.run(&mut mantal::jobs::backup::Backup::default());
    assert_eq!(report.exit, 6);
    drop(lock);
    let mut after = world.snapshot();
    after.remove("registry.lock");
    assert_eq!(after, before);
}

#[test]
fn a_registry_that_no_copy_can_be_made_of_is_not_upgraded() {
    let world = older();
    // A folder has the name of the copy.
    fs::create_dir(copy_of(&world)).unwrap();
    let report = world.run(&mut mantal::jobs::backup::Backup::default());
    assert_eq!(report.exit, 1, "{report:?}");
    assert_eq!(version(&world.settings.registry), [(schema::latest() - 1).to_string()]);
}

/// As if programs of two later versions had upgraded it.
fn newer(world: &World) {
    let next = schema::latest() + 1;
    world.back_up(&format!("registry.db.before-v{next}"));
    let later = world.back_up(&format!("registry.db.before-v{}", next + 1));
    sql(&later, &format!("PRAGMA user_version = {next}"));
    sql(
        &world.settings.registry,
        &format!(
            "PRAGMA user_version = {}; CREATE TABLE of_the_future (x TEXT) STRICT;
             INSERT OR REPLACE INTO meta (name, value) VALUES ('program', '7.8.9')",
            next + 1
        ),
    );
}

fn refusal(world: &World) -> Failure {
    Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap_err()
}

#[test]
fn an_old_program_says_who_upgraded_the_registry_and_which_copy_it_can_go_back_to() {
    let world = World::with_people("");
    newer(&world);
    let before = world.snapshot();
    let report = world.run(&mut mantal::jobs::backup::Backup::default());
    assert_eq!((report.exit, code(&report), report.run.is_none()), (1, "registry-newer", true));
    assert_eq!(world.snapshot().get("registry.db"), before.get("registry.db"));
    let copy = world.path(&format!("registry.db.before-v{}", schema::latest() + 1));
    for language in [Language::Swedish, Language::English] {
        let failure = refusal(&world);
        let said = failure.text(language);
        assert!(said.contains("mantal 7.8.9") && said.contains(env!("CARGO_PKG_VERSION")), "{said}");
        let hint = failure.hint_text(language).unwrap();
        assert!(hint.contains(&format!("\"mantal restore {}\"", copy.display())), "{hint}");
    }
    // What it says to do works.
    world.restore_to(0, &copy);
    assert_eq!(version(&world.settings.registry), [schema::latest().to_string()]);
    assert_eq!(world.ask("SELECT id_number FROM person ORDER BY id"), [ANNA, BO]);
}

#[test]
fn without_a_copy_that_it_can_read_an_old_program_asks_for_a_backup() {
    let world = World::with_people("");
    newer(&world);
    let copy = world.path(&format!("registry.db.before-v{}", schema::latest() + 1));
    sql(&copy, "PRAGMA user_version = 9999");
    let hint = refusal(&world).hint_text(Language::English).unwrap();
    assert!(hint.contains("backup from before the upgrade") && !hint.contains("before-v"), "{hint}");
    fs::remove_file(copy).unwrap();
    assert_eq!(refusal(&world).hint_text(Language::English).unwrap(), hint);
}

#[test]
fn a_registry_that_notes_no_program_is_the_newest_runs() {
    let world = World::with_people("");
    newer(&world);
    sql(
        &world.settings.registry,
        "DELETE FROM meta WHERE name = 'program'; UPDATE run SET version = '7.8.8'",
    );
    let said = refusal(&world).text(Language::English);
    assert!(said.contains("mantal 7.8.8"), "{said}");
}
