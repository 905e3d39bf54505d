//! The tool's own log, journal and kept files go with age, and nothing that still says something goes with them.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use mantal::{
    domain::person::PersonId,
    io::spool::{Room, Spool},
    jobs::{
        findings::{FindingSet, Verb},
        hold::{PutHold, Release},
        person_import::{OnList, PersonImport},
        protect::Protect,
        undo::Undo,
    },
    registry::{Access, Check, Registry, files::FileRow, files::State, runs::RunId},
    text::Language,
};
use rusqlite::Connection;

use crate::support::{BO, World, code, numbers};

/// A run that changes nobody.
fn look(world: &World) {
    world.import("");
}

fn count(world: &World, table: &str) -> usize {
    world.ask(&format!("SELECT count(*) FROM {table}"))[0].parse().unwrap()
}

fn aged_lines(world: &World) -> Vec<String> {
    world.ask("SELECT params FROM log_line WHERE code = 'aged' ORDER BY id")
}

/// Everything but runs and their lines, and the tables that only tell that something was looked at.
fn content(world: &World) -> Vec<String> {
    world.content()
}

#[test]
fn journal_and_log_go_after_their_days_and_runs_stay() {
    let world = World::with_people("");
    world.run_to(0, &mut PutHold { person: PersonId(2), until: None, reason: "because".into() });
    let lines = || world.ask("SELECT code FROM log_line WHERE run_id = 2");
    assert_eq!((count(&world, "journal"), lines().len()), (3, 1));
    world.wait_days(399);
    look(&world);
    assert_eq!((count(&world, "journal"), lines().len(), aged_lines(&world).len()), (3, 1, 0));
    world.wait_days(2);
    look(&world);
    assert_eq!((count(&world, "run"), lines().len(), aged_lines(&world).len()), (4, 0, 1));
    let marks = "SELECT coalesce(journal_removed_on, '-') || ' ' || coalesce(log_removed_on, '-') FROM run";
    assert_eq!(world.ask(marks), ["2027-12-28 -", "2027-12-28 2027-12-28", "- -", "- -"]);
    // The newest row keeps its id, which consumers of the feed may stand at, and nothing else.
    assert_eq!(world.ask("SELECT id || coalesce(changes, '') FROM journal"), ["3"]);
    assert_eq!(world.ask("SELECT journal_id FROM journal_floor"), ["3"]);
}

#[test]
fn when_nothing_is_due_nothing_is_written() {
    let world = World::with_people("");
    world.wait_days(401);
    look(&world);
    let before = content(&world);
    let runs =
        world.ask("SELECT id || coalesce(journal_removed_on, '') || coalesce(log_removed_on, '') FROM run");
    look(&world);
    assert_eq!(content(&world), before);
    assert_eq!(aged_lines(&world).len(), 1);
    let after =
        world.ask("SELECT id || coalesce(journal_removed_on, '') || coalesce(log_removed_on, '') FROM run");
    assert_eq!(after[..runs.len()], runs);
}

#[test]
fn a_dry_run_and_a_mistyped_today_take_nothing_away() {
    let world = World::with_people("");
    world.with_setup(mantal::jobs::run::Mode::Real, &[], |setup| {
        let setup = mantal::jobs::run::Setup {
            today: chrono::NaiveDate::from_ymd_opt(2126, 1, 1).unwrap(),
            settings: setup.settings,
            mode: setup.mode,
            detail: setup.detail,
            findings: setup.findings,
            allow: setup.allow.clone(),
            approve: None,
            wait: setup.wait,
            start: setup.start.clone(),
            now: setup.now,
            stop: setup.stop,
            credentials: None,
            ssh: mantal::transport::SshPlaces::default(),
            who: setup.who.clone(),
            progress: setup.progress,
        };
        let file = world.path("people.csv");
        let report = mantal::jobs::runner::execute(
            &mut PersonImport { file, on_list: OnList::No, source: None },
            &setup,
        );
        assert_eq!(report.exit, 0, "{report:?}");
    });
    assert_eq!((count(&world, "journal"), aged_lines(&world).len()), (2, 0));
    world.wait_days(500);
    let file = world.path("people.csv");
    world.dry_run(&mut PersonImport { file, on_list: OnList::No, source: None });
    assert_eq!((count(&world, "journal"), aged_lines(&world).len()), (2, 0));
}

#[test]
fn a_run_without_its_journal_is_not_undone_and_says_since_when() {
    let world = World::with_people("");
    world.wait_days(401);
    // The last run that can still do it: ageing comes at the end.
    assert_eq!(world.dry_run(&mut Undo { run: RunId(1) }).exit, 0);
    look(&world);
    let before = content(&world);
    let report = world.run_to(1, &mut Undo { run: RunId(1) });
    assert_eq!(code(&report), "journal-gone");
    let said = report.failure.unwrap().text(Language::English);
    assert!(said.contains("Run 1 (person-import)") && said.contains("removed on 2027-12-28"), "{said}");
    assert_eq!(content(&world), before);
}

#[test]
fn ten_thousand_rows_go_at_a_time() {
    let world = World::new();
    let rows: Vec<String> = numbers(10_300).iter().map(|number| format!("{number};A;B;;;;")).collect();
    world.import(&rows.join("\n"));
    let born = count(&world, "journal");
    world.wait_days(401);
    look(&world);
    assert_eq!(count(&world, "journal"), born - 10_000);
    // What is left of it is no whole run.
    assert_eq!(code(&world.run_to(1, &mut Undo { run: RunId(1) })), "journal-gone");
    look(&world);
    assert_eq!(count(&world, "journal"), 1);
}

#[test]
fn a_finding_that_was_settled_and_is_still_true_stays_and_others_go() {
    let world = World::new();
    let wrong = |number: &str| {
        let (body, last) = number.split_at(11);
        format!("{body}{}", (last.parse::<u32>().unwrap() + 1) % 10)
    };
    fs::write(world.path("p.csv"), format!("id_number;first_name;last_name\n{};B;B\n", wrong(BO))).unwrap();
    world.run_to(3, &mut PersonImport { file: world.path("p.csv"), on_list: OnList::No, source: None });
    world.run_to(0, &mut FindingSet { ids: vec![1], verb: Verb::Done, note: "known".into() });
    // Two events: one that nobody settled, one that was, and a third that was settled late.
    let connection = Connection::open(&world.settings.registry).unwrap();
    connection
        .execute_batch(
            "INSERT INTO finding (kind, subject, state, first_seen, last_seen, settled_at, run_id)
             SELECT 'post-conflict', 'person:' || value, iif(value = 7, 'open', 'done'), '2026-11-22T08:00:00Z',
                    '2026-11-22T08:00:00Z', CASE value WHEN 8 THEN '2026-11-23T08:00:00Z'
                    WHEN 9 THEN '2027-11-23T08:00:00Z' END, 1
             FROM (SELECT 7 AS value UNION SELECT 8 UNION SELECT 9)",
        )
        .unwrap();
    drop(connection);
    world.wait_days(402);
    look(&world);
    let left = world.ask("SELECT subject || ' ' || state FROM finding ORDER BY id");
    assert_eq!(left, ["person:1 done", "person:7 open", "person:9 done"]);
    assert!(
        world
            .run(&mut PersonImport { file: world.path("p.csv"), on_list: OnList::No, source: None })
            .findings
            .is_empty()
    );
}

#[test]
fn the_reason_of_what_still_stands_stays() {
    let world = World::with_people("");
    let reason = || "because".to_owned();
    world.run_to(
        0,
        &mut Protect {
            person: PersonId(1),
            kind: mantal::domain::protection::Kind::Manual,
            reason: reason(),
        },
    );
    world.run_to(0, &mut PutHold { person: PersonId(2), until: None, reason: reason() });
    world.run_to(0, &mut Release { person: PersonId(2), reason: reason() });
    world.wait_days(401);
    look(&world);
    assert_eq!(world.ask("SELECT person_id || verb FROM reason"), ["1protect"]);
}

/// A file in the spool, and its row.
fn set_aside(world: &World, name: &str, room: Room, state: State, days: u64) -> PathBuf {
    let spool = Spool::open(&world.settings.spool).unwrap();
    let spooled = spool.receive(name, &mut name.as_bytes(), room).unwrap();
    // 2026-11-22T08:00:00Z
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_334_400 - days * 86_400);
    File::options().write(true).open(&spooled.path).unwrap().set_modified(written).unwrap();
    let mut row = FileRow::of("spar", name, name, 1);
    row.state = state;
    row.spooled = Some(format!("{}/{name}", room.name()));
    let registry = Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap();
    registry.write(|| registry.put_file(&row, RunId(1), "2026-10-01")).unwrap();
    spooled.path
}

#[test]
fn copies_of_held_and_rejected_files_go_and_a_held_one_becomes_rejected_and_is_told() {
    let world = World::with_people("");
    let held = set_aside(&world, "held.xml", Room::Held, State::Held, 46);
    let rejected = set_aside(&world, "rejected.xml", Room::Rejected, State::Rejected, 46);
    let young = set_aside(&world, "young.xml", Room::Held, State::Held, 44);
    // The import goes through the library: exit 3, because both held files are news.
    let file = world.path("people.csv");
    world.run_to(3, &mut PersonImport { file, on_list: OnList::No, source: None });
    assert!(!held.exists() && !rejected.exists() && young.exists());
    let rows = world.ask(
        "SELECT name || ' ' || state || ' ' || coalesce(spooled, '-') || ' ' || sha256 FROM file ORDER BY id",
    );
    assert_eq!(
        rows,
        [
            "held.xml rejected - held.xml",
            "rejected.xml rejected - rejected.xml",
            "young.xml held held/young.xml young.xml"
        ]
    );
    let findings = world.ask("SELECT kind || ' ' || subject || ' ' || state FROM finding ORDER BY id");
    assert_eq!(findings, ["file-rejected file:1 open", "held file:3 open"]);
    assert!(aged_lines(&world)[0].contains(r#""files":"2""#));
}

#[test]
fn what_the_last_run_rejected_stays_known() {
    let world = World::with_people("");
    let file = world.path("bad.csv");
    fs::write(&file, "id_number;first_name;last_name\nnonsense;A;B\n").unwrap();
    let import = || PersonImport { file: file.clone(), on_list: OnList::No, source: None };
    world.run_to(3, &mut import());
    world.wait_days(401);
    world.run_to(0, &mut PutHold { person: PersonId(2), until: None, reason: "x".into() });
    assert_eq!(count(&world, "rejected"), 1);
    world.run_to(0, &mut import());
    world.run_to(0, &mut import());
    assert_eq!(count(&world, "rejected"), 2);
}
