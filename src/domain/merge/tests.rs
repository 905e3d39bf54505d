//! One row of docs/merge.md each.

use super::*;
use crate::domain::address::{Address, Place};
use crate::domain::contact::{Contact, PERSON};
use crate::domain::samples::{number, person};

const A: PersonId = PersonId(1);
const B: PersonId = PersonId(2);

fn merge(own: &Person, other: &Person) -> Person {
    merged((A, own), (B, other), newer(own, B))
}

fn two() -> (Person, Person) {
    let mut other = Person::new(number(1));
    other.category = "borrower".into();
    (Person::new(number(0)), other)
}

#[test]
fn the_survivor_keeps_its_number_and_the_others_become_former_ones() {
    let (mut own, mut other) = two();
    own.former = vec![number(2)];
    other.former = vec![number(3)];
    let after = merge(&own, &other);
    assert_eq!((after.number, after.former), (number(0), vec![number(3), number(1), number(2)]));
}

#[test]
fn where_a_change_of_number_led_to_the_other_record_its_number_is_the_current_one() {
    let (mut own, other) = two();
    own.notices.insert(Notice::TwoRecords, Some(B));
    let after = merge(&own, &other);
    assert_eq!((after.number, after.former), (number(1), vec![number(0)]));
    assert!(after.notices.is_empty(), "the question is answered");
    let (own, mut other) = two();
    other.notices.insert(Notice::TwoRecords, Some(A));
    assert_eq!(merge(&own, &other).number, number(0), "the other way round");
    assert!(merge(&own, &other).notices.is_empty());
}

#[test]
fn a_question_about_a_third_record_stays_open() {
    let (own, mut other) = two();
    other.notices.insert(Notice::TwoRecords, Some(PersonId(9)));
    other.notices.insert(Notice::Returned, None);
    let after = merge(&own, &other);
    assert_eq!(after.notices, other.notices);
}

#[test]
fn own_values_stay_and_empty_ones_are_filled() {
    let (mut own, other) = (person(), person());
    own.name.last = Some("Egen".into());
    own.birth_date = None;
    let after = merge(&own, &Person { number: number(1), ..other.clone() });
    assert_eq!(after.name, own.name);
    assert_eq!(after.birth_date, other.birth_date);
    let empty = Person::new(number(2));
    assert_eq!(merge(&empty, &other).name, other.name);
    assert_eq!(merge(&empty, &other).addresses, other.addresses);
}

#[test]
fn a_block_of_staffs_and_a_closed_box_hold_for_both_a_block_of_spars_does_not() {
    let (own, mut other) = two();
    (other.blocked, other.allow_update) = (true, false);
    let after = merge(&own, &other);
    assert_eq!((after.blocked, after.allow_update), (false, false));
    other.block_reason = Some("stulet".into());
    let after = merge(&own, &other);
    assert_eq!((after.blocked, after.block_reason), (true, Some("stulet".into())));
}

#[test]
fn the_active_address_stays_and_missing_kinds_come() {
    let address = |street: &str, active| Address {
        active,
        place: Place { street: Some(street.into()), ..Place::default() },
    };
    let (mut own, mut other) = two();
    other.addresses =
        [(AddressKind::Home, address("B hem", false)), (AddressKind::Work, address("B arbete", true))].into();
    assert_eq!(merge(&own, &other).active_address(), Some(AddressKind::Work), "there was none");
    own.addresses = [(AddressKind::Home, address("A hem", true))].into();
    let after = merge(&own, &other);
    assert_eq!(after.active_address(), Some(AddressKind::Home));
    assert_eq!(after.addresses[&AddressKind::Home], address("A hem", true));
    assert_eq!(after.addresses[&AddressKind::Work], address("B arbete", false));
}

#[test]
fn what_a_person_changed_themselves_goes_before_what_a_source_said() {
    let own_word = |value: &str| Contact { value: value.into(), origin: PERSON.into(), user_changed: true };
    let of_source = |value: &str| Contact::of_source(value, "x");
    let (a, b) = ("a@example.org", "b@example.org");
    let rows = [
        (Some(of_source(a)), Some(of_source(b)), Some(of_source(a))),
        (None, Some(of_source(b)), Some(of_source(b))),
        (Some(of_source(a)), Some(own_word(b)), Some(own_word(b))),
        (Some(own_word(a)), Some(own_word(b)), Some(own_word(a))),
        (Some(own_word(a)), None, Some(own_word(a))),
    ];
    for (ours, theirs, expected) in rows {
        let (mut own, mut other) = two();
        own.contacts = ours.map(|one| (ContactField::Email, one)).into_iter().collect();
        other.contacts = theirs.map(|one| (ContactField::Email, one)).into_iter().collect();
        assert_eq!(merge(&own, &other).contacts.get(&ContactField::Email).cloned(), expected);
    }
}
