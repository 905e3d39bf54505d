//! A person's own rules: numbers, addresses, comment lines.

use super::*;
use crate::domain::id_number::IdKind;
use crate::domain::protection::{Kind, Mark, add_marks};
use crate::domain::samples::{address, day, number, person};

#[test]
fn a_changed_number_is_kept_as_a_former_one_once_and_oldest_first() {
    let mut person = person();
    person.change_number(number(1));
    person.change_number(number(2));
    assert_eq!((person.number, person.former.as_slice()), (number(2), &[number(0), number(1)][..]));
    // Back to a former one: it is current, and no longer former.
    person.change_number(number(0));
    assert_eq!((person.number, person.former.as_slice()), (number(0), &[number(1), number(2)][..]));
    // The same number as another kind is no change of number.
    let immunity = IdNumber::from_key(number(0).key(), IdKind::Immunitetsnummer).unwrap();
    person.change_number(immunity);
    assert_eq!((person.number, person.former.as_slice()), (immunity, &[number(1), number(2)][..]));
}

#[test]
fn a_protected_person_keeps_no_link_to_the_old_number() {
    let mut person = person();
    add_marks(&mut person, &[Mark { kind: Kind::Manual, since: day("2026-01-01") }]);
    person.change_number(number(1));
    assert_eq!((person.number, person.former.as_slice()), (number(1), &[][..]));
}

#[test]
fn at_most_one_address_is_active_and_any_address_stops_the_clock() {
    let mut person = person();
    person.no_address_since = Some(day("2025-01-01"));
    person.notices.insert(Notice::NoAddress, None);
    person.put_address(AddressKind::Work, address(true, "Arbetsgatan 2"));
    assert_eq!(person.active_address(), Some(AddressKind::Work));
    assert_eq!(person.addresses[&AddressKind::Home], address(false, "Provgatan 1"));
    assert_eq!((person.no_address_since, person.notices.len()), (None, 0));
    person.put_address(AddressKind::Extra, address(false, "Sidogatan 3"));
    assert_eq!(person.active_address(), Some(AddressKind::Work));
}

#[test]
fn a_comment_line_is_added_once_and_never_over_what_staff_wrote() {
    let rows = [
        (None, "SPAR - x"),
        (Some(""), "SPAR - x"),
        (Some("Ring inte."), "Ring inte.\nSPAR - x"),
        (Some("SPAR - x\nRing inte."), "SPAR - x\nRing inte."),
        // A line that only begins alike is another line.
        (Some("SPAR - xy"), "SPAR - xy\nSPAR - x"),
    ];
    for (before, expected) in rows {
        let mut person = person();
        person.comment = before.map(str::to_owned);
        for _ in 0..2 {
            person.add_comment_line("SPAR - x");
            assert_eq!(person.comment.as_deref(), Some(expected), "{before:?}");
        }
    }
}

#[test]
fn debug_output_of_a_person_shows_neither_name_nor_number() {
    let shown = format!("{:?} {:?}", person(), person().name);
    for personal in ["Tolvan", "Provgatan", "1980", "2386"] {
        assert!(!shown.contains(personal), "{personal}");
    }
}

#[test]
fn digests_of_a_statement_have_one_stored_form() {
    let said = Said { name: 1, address: u64::MAX, status: 0, rest: 7 };
    assert_eq!(Said::from_bytes(&said.to_bytes()), Some(said));
    assert_eq!(Said::from_bytes(&said.to_bytes()[..24]), None);
    assert_eq!(Said::from_bytes(&[0; 40]), None);
}
