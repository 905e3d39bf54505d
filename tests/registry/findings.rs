//! The life of a finding: conditions open and close themselves, events wait for somebody, and what was dealt with stays
//! dealt with until the facts change.

use std::fs;

use mantal::{
    domain::person::PersonId,
    jobs::{
        findings::{FindingSet, Verb},
        person_set::{PersonSet, Wishes},
        report::Report,
    },
    registry::findings::Finding,
};

use crate::support::{BO, World, code};

/// Bo's number with another check digit.
fn wrong(number: &str) -> String {
    let (body, last) = number.split_at(11);
    format!("{body}{}", (last.parse::<u32>().unwrap() + 1) % 10)
}

fn set(world: &World, ids: &[i64], verb: Verb, note: &str) -> Report {
    world.run(&mut FindingSet { ids: ids.to_vec(), verb, note: note.to_owned() })
}

fn only(world: &World) -> Finding {
    let mut findings = world.registry().list_findings(None, None).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings.remove(0)
}

fn state(world: &World) -> (String, Option<String>) {
    let finding = only(world);
    (finding.state, finding.note)
}

fn is(state: &str, note: Option<&str>) -> (String, Option<String>) {
    (state.to_owned(), note.map(str::to_owned))
}

/// A run that changes nobody: the conditions are looked at.
fn look(world: &World) -> Report {
    world.import("")
}

fn with_wrong_check_digit() -> World {
    let world = World::new();
    fs::write(world.path("people.csv"), format!("id_number;first_name;last_name\n{};Bo;Bosson\n", wrong(BO)))
        .unwrap();
    let file = world.path("people.csv");
    let on_list = mantal::jobs::person_import::OnList::No;
    let report =
        world.run_to(3, &mut mantal::jobs::person_import::PersonImport { file, on_list, source: None });
    assert_eq!(report.findings.len(), 1);
    assert_eq!((only(&world).kind.as_str(), only(&world).subject.as_str()), ("check-digit", "person:1"));
    world
}

fn correct(world: &World, number: &str) -> Report {
    use mantal::domain::id_number::{IdKind, IdNumber};
    let id_number = IdNumber::from_stored(number, IdKind::Personnummer);
    world.run(&mut PersonSet { person: PersonId(1), wishes: Wishes { id_number, ..Wishes::default() } })
}

#[test]
fn a_condition_closes_itself_when_it_is_no_longer_true() {
    let world = with_wrong_check_digit();
    let opened = only(&world);
    assert_eq!(opened.state, "open");
    assert_eq!(correct(&world, BO).exit, 0);
    assert_eq!(only(&world).state, "done");
    assert_eq!(only(&world).id, opened.id);
}

#[test]
fn what_is_still_true_is_news_only_once() {
    let world = with_wrong_check_digit();
    let opened = only(&world);
    world.wait_days(1);
    let report = look(&world);
    assert_eq!((report.exit, report.findings.len()), (0, 0));
    let seen = only(&world);
    assert_eq!((&seen.first_seen, seen.run), (&opened.first_seen, opened.run));
    assert!(seen.last_seen > opened.last_seen);
}

#[test]
fn what_was_dealt_with_stays_so_while_the_facts_are_the_same() {
    for (verb, state_of) in [(Verb::Done, "done"), (Verb::Ignore, "ignored")] {
        let world = with_wrong_check_digit();
        let report = set(&world, &[only(&world).id], verb, "called them");
        assert_eq!(report.exit, 0);
        assert!(report.run.unwrap().by_hand);
        for _ in 0..2 {
            world.wait_days(1);
            assert_eq!(look(&world).exit, 0);
            assert_eq!(state(&world), is(state_of, Some("called them")));
        }
    }
}

#[test]
fn what_was_dealt_with_opens_again_when_the_facts_change() {
    let world = with_wrong_check_digit();
    let id = only(&world).id;
    set(&world, &[id], Verb::Done, "called them");
    let report = correct(&world, &wrong(&wrong(BO)));
    assert_eq!((report.exit, report.findings.len()), (3, 1), "another wrong number");
    assert_eq!((state(&world), only(&world).id), (is("open", None), id));
}

#[test]
fn a_condition_that_comes_back_is_news_again() {
    let world = with_wrong_check_digit();
    let first = only(&world);
    assert_eq!(correct(&world, BO).exit, 0);
    assert_eq!(correct(&world, &wrong(BO)).exit, 3);
    let again = only(&world);
    assert_eq!((again.id, again.state.as_str()), (first.id, "open"));
    assert!(again.first_seen > first.first_seen);
}

#[test]
fn reopening_takes_it_back_and_is_no_news() {
    let world = with_wrong_check_digit();
    let id = only(&world).id;
    set(&world, &[id], Verb::Done, "called them");
    let report = set(&world, &[id], Verb::Reopen, "");
    assert_eq!((report.exit, report.findings.len()), (0, 0));
    assert_eq!(state(&world), is("open", Some("called them")));
}

#[test]
fn a_finding_that_does_not_exist_is_named_and_none_of_the_others_is_touched() {
    let world = with_wrong_check_digit();
    let report = set(&world, &[only(&world).id, 99], Verb::Done, "called them");
    assert_eq!((report.exit, code(&report)), (1, "not-found"));
    assert!(report.failure.unwrap().text(mantal::text::Language::English).contains("99"));
    assert_eq!(state(&world), is("open", None));
}

#[test]
fn an_event_waits_for_somebody_and_comes_back_only_with_other_facts() {
    let world = World::new();
    let broken = "broken/not-well-formed.xml";
    let report = world.spar(broken);
    assert_eq!((report.exit, report.findings.len()), (1, 1));
    assert_eq!(only(&world).kind, "file-rejected");
    world.wait_days(1);
    look(&world);
    assert_eq!(state(&world), is("open", None), "nobody looked at it");
    set(&world, &[only(&world).id], Verb::Done, "asked for a new one");
    world.wait_days(1);
    look(&world);
    let report = world.spar(broken);
    assert_eq!((report.exit, report.findings.len()), (1, 0), "the same file");
    assert_eq!(state(&world), is("done", Some("asked for a new one")));
    assert_eq!(world.spar("broken/nul.xml").findings.len(), 1, "another file");
}

/// A file is held, for one before it is missing.
fn with_held_file() -> World {
    let world = World::new();
    assert_eq!(world.spar("rule02-sequence-12.xml").exit, 0);
    assert_eq!(world.spar("rule02-sequence-14.xml").exit, 4);
    assert_eq!((only(&world).kind.as_str(), only(&world).subject.as_str()), ("held", "file:2"));
    world
}

#[test]
fn a_held_file_that_was_dealt_with_is_no_news_each_night() {
    let world = with_held_file();
    set(&world, &[only(&world).id], Verb::Done, "asked for number 13");
    world.wait_days(1);
    let report = world.spar("rule02-sequence-14.xml");
    assert_eq!((report.exit, report.findings.len()), (4, 0));
    assert_eq!(state(&world), is("done", Some("asked for number 13")));
}

#[test]
fn a_held_finding_closes_when_its_file_is_applied() {
    let world = with_held_file();
    let files = vec![crate::support::spar_file("rule02-sequence-14.xml")];
    let mut job = mantal::jobs::spar_import::SparImport { files };
    let report = world.run_as(mantal::jobs::run::Mode::Real, &[("sequence_gap", 1)], &mut job);
    assert_eq!(report.exit, 0);
    assert_eq!(only(&world).state, "done");
}

#[test]
fn ignoring_a_held_finding_rejects_the_file_and_keeps_its_copy() {
    let world = with_held_file();
    let report = set(&world, &[only(&world).id], Verb::Ignore, "not ours");
    assert_eq!(report.exit, 0);
    assert_eq!(state(&world), is("done", Some("not ours")), "no file is held any more");
    assert_eq!(
        world.ask("SELECT state || ' ' || spooled FROM file WHERE id = 2"),
        ["rejected rejected/rule02-sequence-14.xml"]
    );
    assert!(world.path("spool/rejected/rule02-sequence-14.xml").exists());
    assert!(!world.path("spool/held/rule02-sequence-14.xml").exists());
    assert_eq!(world.ask("SELECT count(*) FROM log_line WHERE code = 'file-given-up'"), ["1"]);
}

#[test]
fn a_held_file_whose_copy_is_gone_can_be_given_up_too() {
    let world = with_held_file();
    fs::remove_file(world.path("spool/held/rule02-sequence-14.xml")).unwrap();
    assert_eq!(set(&world, &[only(&world).id], Verb::Ignore, "not ours").exit, 0);
    assert_eq!(
        world.ask("SELECT state || ' ' || coalesce(spooled, '-') FROM file WHERE id = 2"),
        ["rejected -"]
    );
}

#[test]
fn done_on_a_held_finding_leaves_the_file_held() {
    let world = with_held_file();
    set(&world, &[only(&world).id], Verb::Done, "looked at it");
    assert_eq!(world.ask("SELECT state FROM file WHERE id = 2"), ["held"]);
    assert!(world.path("spool/held/rule02-sequence-14.xml").exists());
}

#[test]
fn of_what_a_run_opened_the_first_are_handed_out_and_the_others_counted() {
    let world = with_wrong_check_digit();
    let opened = only(&world);
    let connection = rusqlite::Connection::open(&world.settings.registry).unwrap();
    connection
        .execute_batch(
            "INSERT INTO finding (kind, subject, detail, facts, params, state, first_seen, last_seen, run_id)
         SELECT kind, 'person:' || value, detail, facts, params, state, first_seen, last_seen, run_id
         FROM finding, (SELECT 7 AS value UNION SELECT 8 UNION SELECT 9)",
        )
        .unwrap();
    drop(connection);
    // (how many are wanted, how many come, how many are left)
    for (most, first, more) in [(None, 4, 0), (Some(1), 1, 3), (Some(4), 4, 0), (Some(5), 4, 0)] {
        let found = world.registry().findings_of(opened.run, most).unwrap();
        assert_eq!((found.first.len(), found.more), (first, more), "{most:?}");
        assert_eq!(found.first.first().map(|finding| finding.id), Some(opened.id));
    }
}
