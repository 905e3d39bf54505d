//! A person by the names of product.md, JSON: one place for `person show --json`, the change feed and what asks why.

use serde_json::{Map, Value, json};

use super::address::{Address, AddressKind};
use super::contact::{Contact, ContactField};
use super::id_number::IdNumber;
use super::person::{Person, PersonId};
use super::protection::{Reveal, visible};

/// Everything about a person but what SPAR was asked. Nothing passes that [`visible`] keeps back.
pub fn object(id: PersonId, person: &Person) -> Map<String, Value> {
    revealed(id, person, Reveal::Nothing)
}

/// As [`object`]; with a reason that is noted, names and comment of somebody protected too.
pub fn revealed(id: PersonId, person: &Person, reveal: Reveal) -> Map<String, Value> {
    let person = visible(person, reveal);
    let protected = person.is_protected();
    let category = (!protected && !person.category.is_empty()).then_some(&person.category);
    let former: Vec<&str> = person.former.iter().map(IdNumber::reveal).collect();
    let marks: Vec<Value> = person
        .protection
        .iter()
        .map(|mark| json!({ "kind": mark.kind.name(), "since": mark.since.to_string() }))
        .collect();
    let shown = json!({
        "person": id.0,
        "id_number": person.number.reveal(),
        "id_kind": person.number.kind().name(),
        "former_numbers": former,
        "category": category,
        "categories": person.categories,
        "first_name": person.name.first,
        "called_name": person.name.called,
        "middle_name": person.name.middle,
        "last_name": person.name.last,
        "birth_date": person.birth_date.map(|date| date.to_string()),
        "status": person.status.name(),
        "deregistration": person.deregistration,
        "protected": protected,
        "protection": marks,
        "blocked": person.blocked,
        "allow_update": person.allow_update,
        "comment": person.comment,
        "hold": person.hold,
        "addresses": person.addresses.iter().map(|(kind, one)| address(*kind, one)).collect::<Value>(),
        "contacts": contacts(&person),
        "key_code": person.key_code,
        "areas": person.areas,
    });
    if let Value::Object(shown) = shown { shown } else { Map::new() }
}

/// One address with its kind.
pub fn address(kind: AddressKind, address: &Address) -> Value {
    let place = &address.place;
    json!({
        "kind": kind.name(), "active": address.active, "care_of": place.care_of, "street": place.street,
        "postal_code": place.postal_code, "city": place.city, "country": place.country,
    })
}

/// One contact detail with its origin; null for none.
pub fn contact(contact: Option<&Contact>) -> Value {
    contact.map_or(Value::Null, |contact| {
        json!({ "value": contact.value, "origin": contact.origin, "user_changed": contact.user_changed })
    })
}

fn contacts(person: &Person) -> Value {
    let one = |field: ContactField| (field.name().to_owned(), contact(person.contacts.get(&field)));
    Value::Object(ContactField::ALL.into_iter().map(one).collect::<Map<_, _>>())
}
