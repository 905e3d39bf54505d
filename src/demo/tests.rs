use std::sync::atomic::AtomicUsize;

use serde_json::Value;

use super::*;
use crate::registry::people::Concealment;

struct Silent;

impl Progress for Silent {
    fn at(&self, _done: u64) {}
}

fn demonstrate(folder: &Path, people: u64) -> Result<Tour> {
    let who = Who { user: "tester".into(), sudo_user: None, host: "here".into(), arguments: "demo".into() };
    run(&Order {
        folder,
        town: Town { people, seed: 1 },
        language: Language::English,
        today: "2026-11-22".parse().unwrap(),
        now: &|| "2026-11-22T08:00:00Z".to_owned(),
        stop: &std::sync::Arc::new(AtomicUsize::new(0)),
        who,
        progress: &Silent,
    })
}

fn count(report: &Report, name: &str) -> u64 {
    report.run.as_ref().unwrap().counts.get(name).and_then(Value::as_u64).unwrap_or(0)
}

#[test]
fn a_thousand_people_pass_all_limits_and_everything_that_spar_can_say_happens() {
    let root = tempfile::tempdir().unwrap();
    let tour = demonstrate(&root.path().join("demo"), 1_000).unwrap();
    assert_eq!(count(&tour.entered, "created"), 1_000);
    let applied = |name| count(&tour.applied, name);
    // Those whose box is off are not asked about; two more posts for replaced numbers, five strangers.
    let sent = count(&tour.sent, "sent");
    assert!((970..1_000).contains(&sent), "{sent}");
    assert_eq!((applied("read"), applied("unknown"), applied("rejected")), (sent + 7, 5, 0));
    assert_eq!((applied("deceased") + applied("deregistered"), applied("protected")), (20, 3));
    assert_eq!(applied("number_changed"), 2);
    // 100 moved and eight emigrated, less those who keep their own address.
    assert!((95..=107).contains(&applied("address")), "{}", applied("address"));
    assert!((20..=24).contains(&applied("name")), "some keep their own name");
    let parts = ["changed", "unchanged", "created", "unknown", "skipped", "rejected"];
    assert_eq!(parts.map(applied).iter().sum::<u64>(), sent + 7);
    assert_eq!(tour.applied.exit, 3);
    let kinds: Vec<&str> = tour.applied.findings.iter().map(|finding| finding.kind.as_str()).collect();
    assert!(kinds.contains(&"number-change"), "{kinds:?}");
}

#[test]
fn the_same_answer_again_changes_nothing_and_next_months_answer_is_ready() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("demo");
    let tour = demonstrate(&folder, 1_000).unwrap();
    let registry = Registry::open(&folder.join("registry.db"), Access::Read, Check::Quick).unwrap();
    let again = tour.again.run.as_ref().unwrap();
    assert_eq!((tour.again.exit, registry.journal_size(again.id).unwrap()), (0, 0));
    assert!(tour.next.is_file());
}

#[test]
fn the_people_whom_the_tour_names_are_what_it_says_and_nothing_of_them_stands_in_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("demo");
    let tour = demonstrate(&folder, 1_000).unwrap();
    let registry = Registry::open(&folder.join("registry.db"), Access::Read, Check::Quick).unwrap();
    let mut people = registry.people().unwrap();
    let mut get = |id: Option<crate::domain::person::PersonId>| people.get(id.unwrap()).unwrap();
    let examples = &tour.examples;
    assert_eq!(get(examples.protected).concealment, Concealment::Erased);
    assert_eq!(get(examples.died).person.status, crate::domain::person::Status::Deceased);
    assert_eq!(get(examples.renumbered).person.former.len(), 1);
    let moved = get(examples.moved).person;
    for language in [Language::English, Language::Swedish] {
        let page = tour.render(language);
        assert!(page.contains(&examples.moved.unwrap().to_string()));
        assert!(!page.contains(moved.number.reveal()) && !page.contains(&moved.name.last.clone().unwrap()));
        assert!(!page.contains('{'), "a value is missing: {page}");
    }
}

#[test]
fn small_towns_work_too() {
    let root = tempfile::tempdir().unwrap();
    for people in [1, 17] {
        let tour = demonstrate(&root.path().join(people.to_string()), people).unwrap();
        assert_eq!(count(&tour.entered, "created"), people);
    }
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine"), "x").unwrap();
    let failure = demonstrate(folder.path(), 10).unwrap_err();
    assert_eq!(failure.message.code, text::FOLDER_NOT_EMPTY.code);
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn nobody_and_more_people_than_there_are_numbers_are_refused() {
    let root = tempfile::tempdir().unwrap();
    for people in [0, MOST_PEOPLE + 1] {
        let failure = demonstrate(&root.path().join("demo"), people).unwrap_err();
        assert_eq!(failure.message.code, text::HOW_MANY.code);
    }
    assert!(!root.path().join("demo").exists());
}
