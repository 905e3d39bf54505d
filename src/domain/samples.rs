//! People and statements for the tests of this room: single ones, and any that proptest thinks of.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::address::{Address, AddressKind, Place};
use super::contact::source::{SourceCategory, SourceStatement};
use super::contact::{Contact, ContactField};
use super::id_number::{IdKind, IdNumber};
use super::person::{Deregistration, Name, Notice, Person, PersonId, Said, Status};
use super::protection::{self, Kind, Mark};
use super::spar::statement::{KindName, Life, NameParts, PlaceKind, Statement, Whereabouts};

/// Four of Skatteverket's test numbers.
pub(crate) const NUMBERS: [&str; 4] = ["198001022386", "198001022394", "198001032385", "198001032393"];

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn number(at: usize) -> IdNumber {
    IdNumber::from_stored(NUMBERS[at], IdKind::Personnummer).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "stands for what a person has or hasn't")]
pub(crate) fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

pub(crate) fn place(street: &str) -> Place {
    let (postal_code, city) = (text("60299"), text("NORRKÖPING"));
    Place { care_of: None, street: text(street), postal_code, city, country: None }
}

pub(crate) fn address(active: bool, street: &str) -> Address {
    Address { active, place: place(street) }
}

/// Somebody with a name, a home and nothing else.
pub(crate) fn person() -> Person {
    let mut person = Person::new(number(0));
    person.name = Name { first: text("Tolvan"), called: None, middle: None, last: text("Tolvansson") };
    person.addresses.insert(AddressKind::Home, address(true, "Provgatan 1"));
    person
}

/// Alive, at home, with nothing said that needs a decision.
pub(crate) fn statement() -> Statement {
    Statement { whereabouts: Whereabouts::Known, ..Statement::unchanged(Some(day("2026-01-15")), false) }
}

pub(crate) fn any_day() -> impl Strategy<Value = NaiveDate> {
    (1850..2100_i32, 1..=366_u32)
        .prop_filter_map("no such day", |(year, day)| NaiveDate::from_yo_opt(year, day))
}

/// Numbers of births that nobody living has, made here and written nowhere.
pub(crate) fn any_number() -> impl Strategy<Value = IdNumber> {
    let parts = (1840..1890_i32, 1..=12_u32, 1..=28_u32, 0..1000_u32, 0..10_u32, 0..IdKind::ALL.len());
    parts.prop_map(|(year, month, day, serial, digit, kind)| {
        let kind = IdKind::ALL[kind];
        let text = match kind {
            IdKind::Personnummer | IdKind::Immunitetsnummer => {
                format!("{year}{month:02}{day:02}{serial:03}{digit}")
            }
            IdKind::Samordningsnummer => format!("{year}{month:02}{:02}{serial:03}{digit}", day + 60),
            IdKind::Temporary => format!("{year}{month:02}{day:02}-TF{:02}", serial % 100),
            IdKind::Reserve => format!("{year}{month:02}{day:02}R{serial:03}"),
            IdKind::Cpr => format!("{day:02}{month:02}{:02}{serial:03}{digit}", year % 100),
        };
        IdNumber::from_stored(&text, kind).unwrap_or_else(|| panic!("not a number of its kind: {kind:?}"))
    })
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(vec![
        "Ö",
        "åsa",
        " Åsa ",
        "Prov gatan 1",
        "x\ny",
        "\"",
        "602 99",
        "60299",
    ]))
    .prop_map(|text| text.map(str::to_owned))
}

fn any_place() -> impl Strategy<Value = Place> {
    (any_text(), any_text(), any_text(), any_text(), any_text()).prop_map(
        |(care_of, street, postal_code, city, country)| Place { care_of, street, postal_code, city, country },
    )
}

fn any_addresses() -> impl Strategy<Value = Vec<(AddressKind, Address)>> {
    let one = (prop::sample::select(AddressKind::ALL.to_vec()), any::<bool>(), any_place());
    prop::collection::vec(one.prop_map(|(kind, active, place)| (kind, Address { active, place })), 0..4)
}

fn any_contacts() -> impl Strategy<Value = Vec<(ContactField, Contact)>> {
    let one = (prop::sample::select(ContactField::ALL.to_vec()), any::<bool>(), any_text());
    let one = one.prop_map(|(field, user_changed, value)| {
        (
            field,
            Contact { value: value.unwrap_or_default(), origin: "source:extens".to_owned(), user_changed },
        )
    });
    prop::collection::vec(one, 0..4)
}

/// What sources said; whatever they said last was edited at an instant that is called as they are.
fn any_heard() -> impl Strategy<Value = Vec<(String, BTreeSet<SourceCategory>, SourceStatement)>> {
    let name = prop::sample::select(vec!["extens".to_owned(), "procapita".to_owned()]);
    let fields = || prop::sample::select(ContactField::ALL.to_vec());
    let said = prop::collection::btree_map(fields(), any_text().prop_map(Option::unwrap_or_default), 0..3);
    let statement = (said, prop::collection::btree_set(fields(), 0..2))
        .prop_map(|(said, disputed)| SourceStatement { said, disputed });
    let categories = prop::collection::btree_set(prop::sample::select(SourceCategory::ALL.to_vec()), 0..3);
    prop::collection::vec((name, categories, statement), 0..3)
}

fn any_notices() -> impl Strategy<Value = Vec<(Notice, Option<PersonId>)>> {
    let other = prop::option::of((1..i64::MAX).prop_map(PersonId));
    prop::collection::vec((prop::sample::select(Notice::ALL.to_vec()), other), 0..4)
}

fn any_marks() -> impl Strategy<Value = Vec<Mark>> {
    let one = (prop::sample::select(Kind::ALL.to_vec()), any_day());
    prop::collection::vec(one.prop_map(|(kind, since)| Mark { kind, since }), 0..3)
}

fn any_said() -> impl Strategy<Value = Option<Said>> {
    let part = || prop_oneof![Just(0), any::<u64>()];
    let said = (part(), part(), part(), part());
    prop::option::of(said.prop_map(|(name, address, status, rest)| Said { name, address, status, rest }))
}

/// Anybody that the registry can hold.
pub(crate) fn any_person() -> impl Strategy<Value = Person> {
    let who = (
        any_number(),
        prop::collection::vec(any_number(), 0..3),
        any_text(),
        any_text(),
        any_text(),
        any_text(),
    );
    let state = (
        prop::option::of(any_day()),
        prop::sample::select(Status::ALL.to_vec()),
        prop::option::of((any_text(), any_text())),
        any::<[bool; 2]>(),
        any_text(),
        any_text(),
    );
    let place = (any_text(), prop::collection::btree_map("[a-z]{1,3}", "[A-ZÅ]{1,3}", 0..3));
    let rest = (prop::option::of(any_day()), any_text(), any_marks(), any_said(), place, any_heard());
    (who, state, rest, any_addresses(), any_contacts(), any_notices()).prop_map(
        |(who, state, rest, addresses, contacts, notices)| {
            let mut person = Person::new(who.0);
            person.former = who.1.into_iter().filter(|former| former.key() != who.0.key()).collect();
            person.name = Name { first: who.2, called: who.3, middle: who.4, last: who.5 };
            (person.birth_date, person.status) = (state.0, state.1);
            person.deregistration =
                state.2.map(|(code, date)| Deregistration { code: code.unwrap_or_default(), date });
            [person.blocked, person.allow_update] = state.3;
            (person.block_reason, person.comment) = (state.4, state.5);
            (person.no_address_since, person.class, person.said) = (rest.0, rest.1, rest.3);
            (person.key_code, person.areas) = rest.4;
            for (kind, address) in addresses {
                let clock = person.no_address_since;
                person.put_address(kind, address);
                person.no_address_since = clock;
            }
            // Any date does, and a home without one is as good.
            person.special_since = person.birth_date;
            person.contacts = contacts.into_iter().collect();
            for (source, categories, statement) in rest.5 {
                person.edited.extend(statement.said.keys().map(|field| (*field, source.clone())));
                person.categories.insert(source.clone(), categories);
                person.heard.insert(source, statement);
            }
            person.notices = notices.into_iter().collect();
            protection::add_marks(&mut person, &rest.2);
            person
        },
    )
}

fn any_life() -> impl Strategy<Value = Life> {
    let date = prop::option::of(prop::sample::select(vec!["2019-01-00", "2020-02-03", "200101"]));
    let date = date.prop_map(|date| date.map(str::to_owned));
    prop_oneof![
        3 => Just(Life::Alive),
        1 => Just(Life::NumberReplaced),
        1 => date.clone().prop_map(|date| Life::Deceased { code: "AV".to_owned(), date }),
        1 => date.prop_map(|date| Life::Deregistered { code: "UV".to_owned(), date }),
    ]
}

fn any_name_parts() -> impl Strategy<Value = Option<NameParts>> {
    prop::option::of((any_text(), any_text(), any_text(), any_text()))
}

/// Any statement that a post can make.
pub(crate) fn any_statement() -> impl Strategy<Value = Statement> {
    let kinds = vec![KindName::Sekretessmarkering, KindName::SkyddadFolkbokforing];
    let mark = (prop::sample::select(kinds), prop::option::of(any_day()));
    let marks = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(mark, 1..3)];
    let whereabouts = prop::sample::select(vec![Whereabouts::Unknown, Whereabouts::NoAddress]);
    let changed_on = prop::option::of(prop::sample::select(vec![day("2026-01-01"), day("2026-01-02")]));
    (
        marks,
        any::<[bool; 2]>(),
        changed_on,
        any_life(),
        any_name_parts(),
        prop::option::of(any_day()),
        prop::option::of(any_place()),
        whereabouts,
    )
        .prop_map(
            |(marks, [skyddad_unsaid, is_immunity], changed_on, life, name, birth_date, place, nowhere)| {
                let place = place.filter(|place| !place.is_none());
                let whereabouts = if place.is_some() { Whereabouts::Known } else { nowhere };
                Statement {
                    marks,
                    skyddad_unsaid,
                    changed_on,
                    life,
                    name,
                    birth_date,
                    place,
                    place_kind: PlaceKind::Plain,
                    whereabouts,
                    is_immunity,
                    is_missing: false,
                }
            },
        )
}
