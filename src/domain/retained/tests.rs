use serde_json::json;

use super::*;

fn text(value: &str) -> Datum {
    Datum::Text(value.to_owned())
}

fn case(values: [Datum; 7]) -> Record {
    let person = PersonId(17);
    Record { reference: "S-1".to_owned(), person, related: None, case: None, values: values.into() }
}

fn open_case() -> Record {
    let no = || Datum::Flag(false);
    case([text("A"), text("2020-01-01"), Datum::Null, text("2020-02-01"), no(), no(), text("court")])
}

fn said(given: Vec<Given>) -> Said {
    Said { reference: "S-1".to_owned(), person: PersonId(17), related: None, case: None, given }
}

const ABSENT: Given = Given::Absent;

fn gives(value: &str) -> Given {
    Given::Said(text(value))
}

#[test]
fn an_absent_column_keeps_what_stands_and_an_empty_cell_takes_it_away() {
    let nothing = || Given::Said(Datum::Null);
    let class = || gives("A");
    let opened = || gives("2020-01-01");
    let row = said(vec![class(), opened(), ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]);
    assert_eq!(merge(Kind::Case, Some(&open_case()), &row), Ok(open_case()));
    let row = said(vec![class(), opened(), ABSENT, nothing(), ABSENT, ABSENT, nothing()]);
    let no = || Datum::Flag(false);
    let expected = case([text("A"), text("2020-01-01"), Datum::Null, Datum::Null, no(), no(), Datum::Null]);
    assert_eq!(merge(Kind::Case, Some(&open_case()), &row), Ok(expected));
}

#[test]
fn a_new_record_has_no_for_a_flag_and_null_for_the_rest_of_what_is_absent() {
    let row = said(vec![gives("A"), gives("2020-01-01"), ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]);
    let no = || Datum::Flag(false);
    let expected = case([text("A"), text("2020-01-01"), Datum::Null, Datum::Null, no(), no(), Datum::Null]);
    assert_eq!(merge(Kind::Case, None, &row), Ok(expected));
    let row = said(vec![gives("01.02"), ABSENT, Given::Said(Datum::Flag(true)), ABSENT]);
    let made = merge(Kind::Document, None, &row).unwrap();
    // Nobody said anything of the second key: that is not a no.
    assert_eq!(made.values, [text("01.02"), Datum::Null, Datum::Flag(true), Datum::Null]);
}

#[test]
fn days_stand_in_order_whichever_of_them_was_stored() {
    let closing = |opened: &str, closed: Given| {
        let row = said(vec![gives("A"), gives(opened), closed, ABSENT, ABSENT, ABSENT, ABSENT]);
        merge(Kind::Case, Some(&open_case()), &row).map(drop)
    };
    let closed_too_early = Err(Disorder { part: "closed" });
    assert_eq!(closing("2020-01-01", gives("2020-01-01")), Ok(()), "closed on the day");
    assert_eq!(closing("2020-01-01", gives("2019-12-31")), closed_too_early);
    let mut stored = open_case();
    stored.values[2] = text("2020-06-01");
    let row = said(vec![gives("A"), gives("2020-07-01"), ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]);
    assert_eq!(merge(Kind::Case, Some(&stored), &row).map(drop), closed_too_early);
    let span = |from: Given, to: Given| {
        merge(Kind::Obligation, None, &said(vec![gives("loan"), from, to])).map(drop)
    };
    assert_eq!(span(gives("2020-01-02"), gives("2020-01-01")), Err(Disorder { part: "to" }));
    assert_eq!(span(ABSENT, gives("2020-01-01")), Ok(()));
}

#[test]
fn a_row_without_a_column_for_the_case_keeps_the_case() {
    let stored = Record { case: Some(5), values: vec![text("2026-01-01")], ..open_case() };
    let row = |case| Said { case, ..said(vec![gives("2026-01-01")]) };
    let case_of = |case| merge(Kind::Draft, Some(&stored), &row(case)).unwrap().case;
    assert_eq!((case_of(None), case_of(Some(None)), case_of(Some(Some(6)))), (Some(5), None, Some(6)));
}

#[test]
fn what_the_journal_keeps_reads_back_and_leaves_out_what_is_null() {
    let value = open_case().to_json(Kind::Case);
    let expected = json!({
        "reference": "S-1", "person": 17, "class": "A", "opened": "2020-01-01", "last_activity": "2020-02-01",
        "marked": false, "removed": false, "hold": "court",
    });
    assert_eq!(value, expected);
    assert_eq!(Record::from_json(Kind::Case, &value), Some(open_case()));
    assert_eq!(Record::from_json(Kind::Document, &value), None);
}

#[test]
fn only_what_still_is_as_it_was_left_is_put_back() {
    let before = open_case();
    let mut left = before.clone();
    (left.values[2], left.values[6]) = (text("2020-06-01"), Datum::Null);
    assert_eq!(left.put_back(&before, &left), (before.clone(), true));
    let mut now = left.clone();
    now.values[6] = text("inquiry");
    let mut expected = before.clone();
    expected.values[6] = text("inquiry");
    assert_eq!(now.put_back(&before, &left), (expected, false), "the new hold stays");
    let mut now = left.clone();
    now.values[0] = text("B");
    let (after, is_whole) = now.put_back(&before, &left);
    assert!(is_whole, "the run did not touch the class");
    assert_eq!(after.values[0], text("B"));
}

#[test]
fn every_kind_is_read_by_the_name_that_it_has() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.name()), Some(kind));
        assert_eq!(kind.job(), format!("{}-import", kind.name()));
    }
    assert_eq!(Kind::parse("person"), None);
}
