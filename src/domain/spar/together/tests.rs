//! A row per sentence of rules.md, spar-import 4.

use proptest::prelude::*;

use super::*;
use crate::domain::samples::{any_statement, day, place, statement};

const SALT: (u64, u64) = (3, 5);

fn candidate(ordinal: u64, statement: Statement) -> Candidate {
    Candidate { ordinal, said: statement.said(SALT), statement }
}

fn posts(statements: &[Statement]) -> Vec<Candidate> {
    (1..).zip(statements.iter().cloned()).map(|(ordinal, statement)| candidate(ordinal, statement)).collect()
}

fn at_home(street: &str, changed: &str) -> Statement {
    Statement { place: Some(place(street)), changed_on: Some(day(changed)), ..statement() }
}

fn marked(changed: &str, since: &str) -> Statement {
    let marks = vec![(KindName::Sekretessmarkering, Some(day(since)))];
    Statement { marks, changed_on: Some(day(changed)), ..statement() }
}

fn replaced(marks: &[(KindName, Option<NaiveDate>)]) -> Statement {
    Statement {
        life: Life::NumberReplaced,
        marks: marks.to_vec(),
        changed_on: Some(day("2026-03-01")),
        ..statement()
    }
}

fn dead(changed: &str) -> Statement {
    let life = Life::Deceased { code: "AV".to_owned(), date: None };
    Statement { life, changed_on: Some(day(changed)), ..statement() }
}

/// Which of the posts counts: its place from 1; 0 for none.
fn chosen(statements: &[Statement]) -> u64 {
    match choose(posts(statements), Carried::No) {
        Some(Choice::Use(candidate)) => candidate.ordinal,
        Some(Choice::Conflict) | None => 0,
    }
}

#[test]
fn one_post_of_several_counts_or_none() {
    let (a, b) = (at_home("A-gatan 1", "2026-01-02"), at_home("B-gatan 2", "2026-01-01"));
    let rows: &[(&str, Vec<Statement>, u64)] = &[
        ("one alone", vec![a.clone()], 1),
        ("the later SenasteAndringSPAR", vec![b.clone(), a.clone()], 2),
        ("no date is older than any", vec![Statement { changed_on: None, ..b.clone() }, b.clone()], 2),
        ("equal and different: neither", vec![a.clone(), at_home("B-gatan 2", "2026-01-02")], 0),
        (
            "an older one does not break the tie",
            vec![b.clone(), a.clone(), at_home("B-gatan 2", "2026-01-02")],
            0,
        ),
        (
            "two without a date that differ",
            vec![Statement { changed_on: None, ..a.clone() }, Statement { changed_on: None, ..b.clone() }],
            0,
        ),
        ("protected wins over a later one", vec![a.clone(), marked("2025-01-01", "2025-01-01")], 2),
        (
            "protected wins where the others conflict",
            vec![a.clone(), at_home("B-gatan 2", "2026-01-02"), marked("2025-01-01", "2025-01-01")],
            3,
        ),
        (
            "the later of two protected ones",
            vec![marked("2025-01-01", "2025-01-01"), marked("2025-02-01", "2025-01-01")],
            2,
        ),
        ("the comparison is among the others than GN and GS", vec![replaced(&[]), b.clone()], 2),
        (
            "a conflict among the others stays one",
            vec![replaced(&[]), a.clone(), at_home("B-gatan 2", "2026-01-02")],
            0,
        ),
        ("only GN or GS", vec![replaced(&[])], 1),
    ];
    for (what, statements, expected) in rows {
        assert_eq!(chosen(statements), *expected, "{what}");
    }
    assert_eq!(choose(Vec::new(), Carried::No), None);
    // Differing only in case and blanks is no difference.
    let spelt = Statement { place: Some(place("a-GATAN1")), ..a.clone() };
    assert_ne!(chosen(&[a, spelt]), 0);
}

#[test]
fn a_replaced_numbers_post_gives_its_protection_and_the_others_the_rest() {
    let marks = [(KindName::SkyddadFolkbokforing, Some(day("2026-02-01")))];
    let Some(Choice::Use(chosen)) = choose(posts(&[replaced(&marks), dead("2026-01-01")]), Carried::No)
    else {
        panic!("nothing chosen")
    };
    assert_eq!((chosen.ordinal, chosen.statement.marks.as_slice()), (2, &marks[..]));
    assert_eq!(chosen.statement.life, dead("2026-01-01").life);
    // Even where the others contradict each other.
    let others = [replaced(&marks), at_home("A-gatan 1", "2026-01-02"), at_home("B-gatan 2", "2026-01-02")];
    let Some(Choice::Use(chosen)) = choose(posts(&others), Carried::No) else { panic!("nothing chosen") };
    assert_eq!((chosen.ordinal, chosen.statement.marks.as_slice()), (1, &marks[..]));
}

#[test]
fn the_marks_of_all_protected_posts_count() {
    let other = Statement {
        marks: vec![(KindName::SkyddadFolkbokforing, Some(day("2024-01-01")))],
        ..marked("2025-01-01", "2025-01-01")
    };
    let unsaid = Statement { skyddad_unsaid: true, ..at_home("A-gatan 1", "2026-01-02") };
    let Some(Choice::Use(chosen)) =
        choose(posts(&[marked("2025-02-01", "2025-01-01"), other, unsaid.clone()]), Carried::Yes)
    else {
        panic!("nothing chosen")
    };
    let expected = [
        (KindName::Sekretessmarkering, Some(day("2025-01-01"))),
        (KindName::SkyddadFolkbokforing, None),
        (KindName::SkyddadFolkbokforing, Some(day("2024-01-01"))),
    ];
    assert_eq!(chosen.statement.marks, expected);
    // A post without SkyddadFolkbokforing is protected only where another post of the file carries it.
    for (carried, protected) in [(Carried::Yes, true), (Carried::No, false)] {
        let Some(Choice::Use(chosen)) = choose(posts(std::slice::from_ref(&unsaid)), carried) else {
            panic!("nothing chosen")
        };
        assert_eq!(chosen.statement.is_protected(carried), protected);
    }
}

proptest! {
    #[test]
    fn the_order_of_posts_never_shows(
        statements in prop::collection::vec(any_statement(), 1..5), turn in 0..5_usize, carries in any::<bool>()
    ) {
        let carried = if carries { Carried::Yes } else { Carried::No };
        // The ordinal tells where a post stood; everything else must be the same.
        let said = |statements: &[Statement]| match choose(posts(statements), carried) {
            Some(Choice::Use(chosen)) => Some((chosen.statement, chosen.said)),
            Some(Choice::Conflict) | None => None,
        };
        let first = said(&statements);
        let mut other = statements.clone();
        other.rotate_left(turn % statements.len());
        prop_assert_eq!(said(&other), first.clone());
        other.reverse();
        prop_assert_eq!(said(&other), first);
    }
}
