//! Rule 11: where an address goes, and rule 6 and the principles about it.

use super::*;
use crate::domain::address::Place;
use crate::domain::samples::{address, place};

type Stored<'s> = &'s [(AddressKind, bool, &'s str)];

fn living(addresses: Stored<'_>) -> Person {
    let mut person = person();
    person.addresses =
        addresses.iter().map(|(kind, active, street)| (*kind, address(*active, street))).collect();
    person
}

#[test]
fn a_new_address_becomes_the_home_and_active_unless_another_kind_is() {
    use AddressKind::{Extra, Home, Work};
    let rows: [(&str, Stored<'_>, Stored<'_>); 6] = [
        ("none active: the active home", &[], &[(Home, true, "Ny 1")]),
        ("replacing an inactive home", &[(Home, false, "Gammal 2")], &[(Home, true, "Ny 1")]),
        (
            "beside inactive others",
            &[(Home, false, "Gammal 2"), (Work, false, "Arbete 3")],
            &[(Home, true, "Ny 1"), (Work, false, "Arbete 3")],
        ),
        (
            "home active: replaced, others untouched",
            &[(Home, true, "Gammal 2"), (Work, false, "Arbete 3")],
            &[(Home, true, "Ny 1"), (Work, false, "Arbete 3")],
        ),
        (
            "work active: the inactive home",
            &[(Home, false, "Gammal 2"), (Work, true, "Arbete 3")],
            &[(Home, false, "Ny 1"), (Work, true, "Arbete 3")],
        ),
        (
            "extra active: the inactive home",
            &[(Extra, true, "Extra 4")],
            &[(Home, false, "Ny 1"), (Extra, true, "Extra 4")],
        ),
    ];
    for (what, before, expected) in rows {
        let after = hear(&living(before), &housed("Ny 1")).after;
        assert!(after.addresses == living(expected).addresses, "{what}");
    }
}

#[test]
fn a_home_is_replaced_whole_care_of_included() {
    let mut stored = person();
    let home = stored.addresses.get_mut(&AddressKind::Home).unwrap();
    (home.place.care_of, home.place.country) = (text("Ek"), text("SVERIGE"));
    let new = Place { street: text("Box 5"), ..Place::default() };
    let after = hear(&stored, &Statement { place: Some(new.clone()), ..statement() }).after;
    assert!(after.addresses[&AddressKind::Home].place == new);
}

#[test]
fn a_post_without_an_address_removes_nothing() {
    assert_eq!(hear(&person(), &statement()).after.addresses, person().addresses);
}

#[test]
fn the_stored_spelling_stays_where_only_case_and_blanks_differ() {
    let spelt = Place {
        street: text("PROVGATAN1"),
        postal_code: text("602 99"),
        city: text("Norrköping"),
        ..Place::default()
    };
    let outcome = hear(&person(), &Statement { place: Some(spelt.clone()), ..statement() });
    assert!(outcome.after.addresses == person().addresses);
    // An inactive home of the same address becomes active, and keeps its spelling.
    let mut inactive = person();
    inactive.addresses.insert(AddressKind::Home, address(false, "Provgatan 1"));
    let after = hear(&inactive, &Statement { place: Some(spelt), ..statement() }).after;
    assert!(after.addresses == person().addresses);
}

#[test]
fn an_unchanged_statement_leaves_what_staff_set_since() {
    let mut stored = hear(&person(), &housed("Nygatan 9")).after;
    stored.put_address(AddressKind::Home, address(true, "Rättad gata 7"));
    assert!(hear(&stored, &housed("Nygatan 9")).changes.is_empty());
    let after = hear(&stored, &housed("Nygatan 10")).after;
    assert!(after.addresses[&AddressKind::Home].place == place("Nygatan 10"));
}

#[test]
fn the_box_keeps_an_address_out_and_says_so_only_if_it_differs() {
    let outcome = hear(&boxed(person()), &housed("Nygatan 9"));
    assert_eq!((outcome.kept(), &outcome.after.addresses), (vec![Kept::Address], &person().addresses));
    assert_eq!(hear(&boxed(person()), &housed("provgatan 1")).kept(), []);
    // Once the box is on again, the same statement is news.
    let on = Person { allow_update: true, ..outcome.after };
    assert!(hear(&on, &housed("Nygatan 9")).after.addresses[&AddressKind::Home].place == place("Nygatan 9"));
}
