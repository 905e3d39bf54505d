//! A row per sentence of rules.md, Protection, as far as it is pure.

use proptest::prelude::*;

use super::*;
use crate::domain::address::AddressKind;
use crate::domain::change::{Field, image};
use crate::domain::contact::source::{SourceCategory, SourceStatement};
use crate::domain::contact::{Contact, ContactField};
use crate::domain::person::{Deregistration, PersonId, Said, Status};
use crate::domain::samples::{address, any_person, day, number, person, text};

const CANARY: &str = "Kanariefågel";

/// Somebody with the canary wherever a text can stand.
fn canary() -> Person {
    let mut person = person();
    person.former = vec![number(1)];
    person.category = CANARY.to_owned();
    for part in
        [&mut person.name.first, &mut person.name.called, &mut person.name.middle, &mut person.name.last]
    {
        *part = text(CANARY);
    }
    person.birth_date = Some(day("1980-01-02"));
    person.deregistration = Some(Deregistration { code: CANARY.to_owned(), date: text(CANARY) });
    (person.block_reason, person.class) = (text(CANARY), text(CANARY));
    person.comment = text(CANARY);
    person.no_address_since = Some(day("2025-01-01"));
    person.special_since = Some(day("2025-01-02"));
    for kind in AddressKind::ALL {
        let mut address = address(kind == AddressKind::Home, CANARY);
        address.place.care_of = text(CANARY);
        address.place.country = text(CANARY);
        person.addresses.insert(kind, address);
    }
    for field in ContactField::ALL {
        let contact = Contact { value: CANARY.to_owned(), origin: CANARY.to_owned(), user_changed: true };
        person.contacts.insert(field, contact);
    }
    person.key_code = text(CANARY);
    person.areas.insert(CANARY.to_owned(), CANARY.to_owned());
    let said = ContactField::ALL.map(|field| (field, CANARY.to_owned())).into();
    person.heard.insert(CANARY.to_owned(), SourceStatement { said, ..SourceStatement::default() });
    person.categories.insert(CANARY.to_owned(), [SourceCategory::Student].into());
    person.edited.insert(ContactField::Email, CANARY.to_owned());
    person.said = Some(Said { name: 1, address: 2, status: 3, rest: 4 });
    for notice in Notice::ALL {
        person.notices.insert(notice, Some(PersonId(17)));
    }
    person
}

fn mark(kind: Kind, since: &str) -> Mark {
    Mark { kind, since: day(since) }
}

fn protected(mut person: Person) -> Person {
    add_marks(&mut person, &[mark(Kind::Sekretessmarkering, "2026-01-01")]);
    person
}

#[test]
fn erasing_takes_addresses_contacts_areas_statements_clock_and_former_numbers() {
    let mut person = protected(canary());
    assert!(!is_erased(&person));
    erase(&mut person, Names::Keep);
    assert!(is_erased(&person));
    assert!(person.addresses.is_empty() && person.contacts.is_empty() && person.former.is_empty());
    assert!(person.key_code.is_none() && person.areas.is_empty());
    assert!(person.heard.is_empty() && person.categories.is_empty() && person.edited.is_empty());
    assert_eq!((person.said, person.no_address_since, person.special_since), (None, None, None));
    let kept = person.clone();
    erase(&mut person, Names::Keep);
    assert_eq!(person, kept, "a second time takes nothing more");
}

#[test]
fn names_stay_unless_the_setting_clears_them() {
    for (names, expected) in [(Names::Keep, text(CANARY)), (Names::Clear, None)] {
        let mut person = protected(canary());
        erase(&mut person, names);
        for part in [&person.name.first, &person.name.called, &person.name.middle, &person.name.last] {
            assert_eq!(part, &expected, "{names:?}");
        }
        assert_eq!(person.birth_date.is_some(), names == Names::Keep);
    }
}

#[test]
fn what_staff_wrote_is_for_a_human_to_review_and_spars_own_lines_are_not() {
    let rows = [
        (None, false),
        (Some("SPAR - Avliden."), false),
        (Some("SPAR - Avliden.\n\nSPAR - Något annat"), false),
        (Some("Ring inte."), true),
        (Some("SPAR - Avliden.\nRing inte."), true),
        (Some("spar - med liten bokstav"), true),
    ];
    for (comment, expected) in rows {
        let mut person = protected(person());
        person.comment = comment.map(str::to_owned);
        erase(&mut person, Names::Keep);
        assert_eq!(person.notices.contains_key(&Notice::CommentReview), expected, "{comment:?}");
        assert_eq!(person.comment.as_deref(), comment, "staff's words are hidden, not erased");
    }
}

#[test]
fn a_question_about_a_number_stays_and_names_no_other_record() {
    let rows = [
        // Nothing asked, nothing asked afterwards.
        (vec![], vec![]),
        (vec![(Notice::NumberChange, None)], vec![(Notice::NumberChange, None)]),
        (vec![(Notice::TwoRecords, Some(PersonId(17)))], vec![(Notice::NumberChange, None)]),
        // Of the block and of the address nothing is asked any more.
        (vec![(Notice::Returned, None), (Notice::NoAddress, None)], vec![]),
        (vec![(Notice::ProtectionLifted, None)], vec![(Notice::ProtectionLifted, None)]),
    ];
    for (before, expected) in rows {
        let mut person = protected(person());
        person.notices = before.into_iter().collect();
        erase(&mut person, Names::Keep);
        assert_eq!(person.notices.into_iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn protection_itself_sets_neither_blocked_nor_deregistered() {
    let mut person = protected(person());
    erase(&mut person, Names::Keep);
    assert_eq!((person.blocked, person.status, person.deregistration), (false, Status::Active, None));
}

#[test]
fn a_kind_is_marked_once_with_its_earliest_date() {
    let mut person = person();
    add_marks(
        &mut person,
        &[mark(Kind::SkyddadFolkbokforing, "2026-02-01"), mark(Kind::Manual, "2026-03-01")],
    );
    add_marks(
        &mut person,
        &[mark(Kind::SkyddadFolkbokforing, "2026-01-01"), mark(Kind::Manual, "2026-04-01")],
    );
    let expected = [mark(Kind::Manual, "2026-03-01"), mark(Kind::SkyddadFolkbokforing, "2026-01-01")];
    assert_eq!(person.protection, expected);
}

#[test]
fn nothing_of_a_protected_person_is_visible_but_what_the_contract_lists() {
    let mut person = protected(canary());
    person.blocked = true;
    person.status = Status::Deceased;
    person.allow_update = false;
    let shown = visible(&person, Reveal::Nothing);
    assert!(!image(&shown).to_string().contains(CANARY));
    let shown_fields: Vec<&str> = Field::ALL
        .into_iter()
        .filter(|field| !matches!(field.get(&shown), serde_json::Value::Null))
        .map(Field::key)
        .collect();
    let listed =
        ["number.id_number", "person.category", "person.status", "person.blocked", "person.allow_update"];
    assert_eq!(shown_fields, [&listed[..], &["protection.protection"]].concat());
    assert_eq!((shown.category.as_str(), shown.former.len(), shown.birth_date), ("", 0, None));
    assert_eq!((shown.number, shown.status, shown.blocked), (person.number, Status::Deceased, true));
    assert_eq!((shown.allow_update, &shown.protection), (false, &person.protection));
}

#[test]
fn revealing_adds_names_and_comment_and_no_more() {
    let person = protected(canary());
    let hidden = visible(&person, Reveal::Nothing);
    let shown = visible(&person, Reveal::NamesAndComment);
    assert_eq!((&shown.name, &shown.comment), (&person.name, &person.comment));
    assert_eq!(Person { name: hidden.name.clone(), comment: None, ..shown }, hidden);
}

proptest! {
    #[test]
    fn whoever_is_not_protected_is_shown_as_they_are(person in any_person()) {
        let person = Person { protection: Vec::new(), ..person };
        prop_assert_eq!(visible(&person, Reveal::Nothing), person);
    }

    #[test]
    fn whoever_is_erased_has_nothing_left_and_shows_no_more_than_before(person in any_person()) {
        let person = protected(person);
        let mut erased = person.clone();
        erase(&mut erased, Names::Clear);
        prop_assert!(is_erased(&erased));
        prop_assert_eq!(visible(&erased, Reveal::Nothing), visible(&person, Reveal::Nothing));
    }
}
