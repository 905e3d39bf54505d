//! Rule 10: two years without an address.

use super::super::super::statement::Whereabouts::{Known, NoAddress, Unknown};
use super::*;

fn ticking(mut person: Person) -> Person {
    person.no_address_since = Some(day("2024-05-05"));
    person
}

#[test]
fn the_clock_starts_at_the_files_date_and_stops_with_any_address() {
    let file_on = Some(POLICY.file_on);
    let ticks = Some(day("2024-05-05"));
    let rows = [
        // The post's address counts, not the stored one: everybody here has one stored.
        ("utan känt hemvist, or neither Hemvist nor address", person(), nowhere(Unknown), file_on),
        ("a clock that runs keeps its first date", ticking(person()), nowhere(Unknown), ticks),
        ("an address stops it", ticking(person()), housed("Nygatan 9"), None),
        ("and with the box off too", ticking(boxed(person())), housed("Nygatan 9"), None),
        ("a residence without an address does not", ticking(person()), nowhere(Known), ticks),
        ("at home: nothing", person(), nowhere(Known), None),
        ("på kommunen skriven, samordningsnummer: no clock", person(), nowhere(NoAddress), None),
        (
            "a deceased post starts none",
            person(),
            Statement { whereabouts: Unknown, ..dead("AV", None) },
            None,
        ),
        (
            "a death stops one",
            ticking(person()),
            Statement { whereabouts: Unknown, ..dead("AV", None) },
            None,
        ),
        ("a GN or GS post starts none", person(), Statement { whereabouts: Unknown, ..replaced() }, None),
        ("a protected post starts none", person(), Statement { whereabouts: Unknown, ..secret() }, None),
        ("becoming protected stops one", ticking(person()), secret(), None),
        ("for a protected person it never starts", marked(person(), Kind::Manual), nowhere(Unknown), None),
    ];
    for (what, stored, statement, expected) in rows {
        assert_eq!(hear(&stored, &statement).after.no_address_since, expected, "{what}");
    }
}

#[test]
fn a_statement_heard_before_starts_no_clock_anew() {
    let mut stored = hear(&person(), &nowhere(Unknown)).after;
    assert_eq!(stored.no_address_since, Some(POLICY.file_on));
    // An address from any source stops it, and the same post does not start it again.
    stored.put_address(AddressKind::Work, crate::domain::samples::address(true, "Arbetsgatan 2"));
    assert!(hear(&stored, &nowhere(Unknown)).changes.is_empty());
    // An address from SPAR and then none again is news.
    let stored = hear(&stored, &housed("Nygatan 9")).after;
    assert_eq!(hear(&stored, &nowhere(Unknown)).after.no_address_since, Some(POLICY.file_on));
}

#[test]
fn without_a_ground_for_a_block_there_is_a_question_until_it_is_no_longer_so() {
    let asked = noted(person(), &[Notice::NoAddress]);
    let rows = [
        ("på kommunen skriven, samordningsnummer", person(), nowhere(NoAddress), vec![Notice::NoAddress]),
        ("an address", asked.clone(), housed("Nygatan 9"), vec![]),
        ("a residence", asked.clone(), nowhere(Known), vec![]),
        ("utan känt hemvist: now the clock runs", asked.clone(), nowhere(Unknown), vec![]),
        ("dead", asked.clone(), Statement { whereabouts: NoAddress, ..dead("AV", None) }, vec![]),
        ("deregistered", asked.clone(), Statement { whereabouts: NoAddress, ..gone("UV") }, vec![]),
        ("deregistered, never asked", person(), Statement { whereabouts: NoAddress, ..gone("UV") }, vec![]),
        ("still so", asked, nowhere(NoAddress), vec![Notice::NoAddress]),
    ];
    for (what, stored, statement, expected) in rows {
        assert_eq!(hear(&stored, &statement).notices(), expected, "{what}");
    }
    // The same again does not ask what was settled.
    let mut settled = hear(&person(), &nowhere(NoAddress)).after;
    settled.notices.clear();
    assert_eq!(hear(&settled, &nowhere(NoAddress)).notices(), []);
}

#[test]
fn after_two_years_they_are_deregistered_without_a_cause() {
    let mut expired = ticking(person());
    let changes = expire(&mut expired);
    assert_eq!(
        (expired.status, expired.blocked, expired.no_address_since),
        (Status::Deregistered, true, None)
    );
    assert!(expired.deregistration.is_none());
    assert_eq!(expired.comment.as_deref(), Some(DEREGISTERED_LINE));
    assert!(changes.iter().all(|change| change.why.0 == "spar-import/10"));
    assert_eq!(expired.addresses, person().addresses, "nothing is deleted");
}
