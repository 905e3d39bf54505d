//! A row per sentence about the register, as far as it is pure.

use super::*;
use crate::domain::samples::{day, number, person, place, text};
use crate::domain::spar::decide::{Age, Decision, Policy, Source, act, decide};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::statement::{Carried, heard};

const SALT: (u64, u64) = (3, 5);
const POLICY: Policy = Policy {
    file_on: NaiveDate::from_ymd_opt(2026, 1, 20).unwrap(),
    age: Age::Newest,
    carried: Carried::No,
    names: crate::domain::protection::Names::Keep,
    source: Source::Register,
};

fn row(filled: &[(Cell, &str)]) -> PopulationRow {
    let mut row = PopulationRow {
        number: number(0),
        municipality: "0581".to_owned(),
        mark: RegisterMark::Open,
        cells: Cells::default(),
        told: Cell::ALL.into_iter().fold(Told::default(), Told::with),
    };
    for (cell, content) in filled {
        row.cells.set(*cell, text(content));
    }
    row
}

fn without(mut row: PopulationRow, cell: Cell) -> PopulationRow {
    row.told = Told(row.told.0 & !Told::default().with(cell).0);
    row.cells.set(cell, None);
    row
}

const HOME: [(Cell, &str); 3] =
    [(Cell::Street, "Nygatan 1"), (Cell::PostalCode, "60299"), (Cell::City, "NORRKÖPING")];
const NAME: [(Cell, &str); 2] = [(Cell::FirstName, "Tolvan"), (Cell::LastName, "Elvansson")];

/// What a row decides for somebody to whom the register said `last`, and what they are then.
fn hear(
    stored: &Person,
    row: &PopulationRow,
    last: Option<Said>,
    address_on: Option<&str>,
) -> (Person, Decision) {
    let mut says = statement(row, address_on.map(day));
    let now = said(row, &says, SALT);
    complete(&mut says, row, stored);
    let listening = Person { said: last, ..stored.clone() };
    let decision = decide(&listening, &says, now, &Renumbering::None, POLICY);
    let (after, _) = act(&listening, &decision.actions, POLICY);
    (after, decision)
}

fn street(person: &Person) -> Option<&str> {
    person.addresses.get(&AddressKind::Home)?.place.street.as_deref()
}

#[test]
fn of_several_rows_of_one_number_protection_wins_and_the_others_must_agree() {
    let plain = row(&HOME);
    let loud = row(&[(Cell::Street, "NYGATAN  1"), (Cell::PostalCode, "602 99"), (Cell::City, "Norrköping")]);
    let other = row(&[(Cell::Street, "Nygatan 2")]);
    let marked = PopulationRow { mark: RegisterMark::Marked, ..row(&[]) };
    let strict = PopulationRow { mark: RegisterMark::Unknown, ..row(&[]) };
    let elsewhere = PopulationRow { municipality: "0580".to_owned(), ..plain.clone() };
    let table = [
        ("one row", vec![plain.clone()], Chosen::Row(0)),
        ("equal rows count once", vec![plain.clone(), plain.clone()], Chosen::Row(0)),
        ("case and blanks are no difference", vec![plain.clone(), loud.clone()], Chosen::Row(1)),
        ("whatever their order", vec![loud, plain.clone()], Chosen::Row(0)),
        (
            "rows that disagree name each other",
            vec![plain.clone(), other.clone()],
            Chosen::Conflict(vec![(1, "street"), (0, "street")]),
        ),
        (
            "and so does one that agrees with some of them",
            vec![plain.clone(), plain.clone(), other.clone()],
            Chosen::Conflict(vec![(2, "street"), (2, "street"), (0, "street")]),
        ),
        (
            "two municipalities are a contradiction",
            vec![plain.clone(), elsewhere],
            Chosen::Conflict(vec![(1, "municipality"), (0, "municipality")]),
        ),
        ("protection wins", vec![plain.clone(), marked.clone(), other], Chosen::Row(1)),
        ("the strictest mark wins", vec![marked, plain, strict], Chosen::Row(2)),
    ];
    for (rule, rows, expected) in table {
        assert_eq!(choose(&rows), expected, "{rule}");
    }
}

#[test]
fn an_absent_column_keeps_an_empty_cell_clears_and_an_equal_text_keeps_its_spelling() {
    let stored = row(&[(Cell::Street, "Nygatan 1"), (Cell::City, "NORRKÖPING"), (Cell::KeyCode, "11")]);
    let new = without(row(&[(Cell::Street, "NYGATAN 1")]), Cell::City);
    let merged = new.over(&stored);
    assert_eq!(merged.cells.get(Cell::Street), Some("Nygatan 1"));
    assert_eq!(merged.cells.get(Cell::City), Some("NORRKÖPING"));
    assert_eq!(merged.cells.get(Cell::KeyCode), None);
    assert_eq!(merged.told, stored.told);
}

#[test]
fn digests_speak_of_what_the_row_says_and_of_nothing_else() {
    let of = |row: &PopulationRow| said(row, &statement(row, None), SALT);
    let full = of(&row(&[&HOME[..], &NAME[..]].concat()));
    assert!(full.name != 0 && full.address != 0 && full.status != 0);
    assert_eq!(full.rest, 0, "birth date and residence are SPAR's");
    assert_eq!(of(&row(&HOME)).name, 0);
    assert_eq!(of(&row(&NAME)).address, 0);
    assert_eq!(of(&without(row(&NAME), Cell::DeceasedDate)).status, 0);
    assert_eq!(full.address, of(&row(&[(Cell::KeyCode, "1"), HOME[0], HOME[1], HOME[2]])).address);
}

#[test]
fn a_row_that_says_the_same_again_leads_to_nothing() {
    let row = row(&[&HOME[..], &NAME[..]].concat());
    let (after, _) = hear(&person(), &row, None, None);
    assert_eq!(street(&after), Some("Nygatan 1"));
    assert_eq!(after.name.last.as_deref(), Some("Elvansson"));
    let (again, decision) = hear(&person(), &row, after.said, None);
    assert_eq!((street(&again), decision.actions.len()), (Some("Provgatan 1"), 0));
    let empty = super::tests::row(&[]);
    let (silent, _) = hear(&person(), &empty, after.said, None);
    assert_eq!(silent.said, Some(heard(after.said, silent.said.unwrap())), "silence takes nothing back");
}

#[test]
fn a_special_postal_address_gives_way_to_a_newer_plain_one_only() {
    // (since when it is special, when the register's address was new, whether that one is taken)
    let table = [
        (None, None, true),
        (Some("2026-01-10"), None, false), // its first address may be of any age
        (Some("2026-01-10"), Some("2026-01-09"), false),
        (Some("2026-01-10"), Some("2026-01-10"), false),
        (Some("2026-01-10"), Some("2026-01-11"), true),
    ];
    for (since, address_on, is_taken) in table {
        let mut stored = person();
        stored.special_since = since.map(day);
        let (after, _) = hear(&stored, &row(&HOME), None, address_on);
        let expected = if is_taken { "Nygatan 1" } else { "Provgatan 1" };
        assert_eq!(street(&after), Some(expected), "{since:?} {address_on:?}");
        assert_eq!(after.special_since.is_some(), since.is_some() && !is_taken);
        assert!(after.said.unwrap().address != 0, "heard either way");
    }
}

#[test]
fn what_the_register_has_no_column_for_is_not_taken_away() {
    let mut stored = person();
    stored.name.called = text("Tolvan");
    stored.name.middle = text("Mellan");
    if let Some(home) = stored.addresses.get_mut(&AddressKind::Home) {
        home.place = Place { care_of: text("Annansson"), ..place("Provgatan 1") };
    }
    let narrow = without(without(row(&[&NAME[..]].concat()), Cell::MiddleName), Cell::CareOf);
    let (after, _) = hear(&stored, &narrow, None, None);
    assert_eq!(
        (after.name.called.as_deref(), after.name.middle.as_deref()),
        (Some("Tolvan"), Some("Mellan"))
    );
    // An empty cell says that there is none; another first name has another called one.
    let (after, _) = hear(&stored, &row(&[(Cell::FirstName, "Elvan")]), None, None);
    assert_eq!((after.name.called, after.name.middle, after.name.last), (None, None, None));
    let at_home = [(Cell::Street, "Provgatan 1"), (Cell::PostalCode, "60299"), (Cell::City, "NORRKÖPING")];
    let care_of = |row: &PopulationRow| {
        let (after, _) = hear(&stored, row, None, None);
        after.addresses.get(&AddressKind::Home).and_then(|home| home.place.care_of.clone())
    };
    assert_eq!(care_of(&without(row(&at_home), Cell::CareOf)), text("Annansson"), "the same address");
    assert_eq!(care_of(&without(row(&HOME), Cell::CareOf)), None, "another address");
    assert_eq!(care_of(&row(&at_home)), None, "replaced whole, c/o included");
}

#[test]
fn the_registers_silence_closes_no_question_and_starts_no_clock() {
    use crate::domain::person::Notice;
    let mut stored = person();
    stored.notices.insert(Notice::NumberChange, None);
    stored.notices.insert(Notice::NoAddress, None);
    let (after, _) = hear(&stored, &row(&NAME), None, None);
    assert_eq!(after.notices, stored.notices);
    assert_eq!(after.no_address_since, None);
}
