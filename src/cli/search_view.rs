//! Hits of the search as JSON and as text. The keys are those of a person; everything passes `protection::visible`.

use serde_json::{Value, json};

use super::output;
use super::person_view::{View, person_json};
use super::session::Session;
use crate::domain::address::{Address, AddressKind, Place};
use crate::domain::person::{Name, Person, PersonId, Status};
use crate::domain::protection::{Kind, Mark, Reveal, visible};
use crate::failure::Result;
use crate::leak_control;
use crate::registry::Registry;
use crate::registry::ledger::Entry;
use crate::registry::people::{Concealment, Stored};
use crate::registry::search::{Found, Hit, Registered};
use crate::text::{Language, search as text, word};

/// What nobody but the registry knows of somebody.
const OF_THE_REGISTRY: [&str; 5] = ["person", "category", "blocked", "allow_update", "spar"];

/// A line each.
pub(crate) fn show(session: &Session, registry: &Registry, found: &Found, reveal: Reveal) -> Result<()> {
    let view = View::of(session, registry, reveal)?;
    let mut lines = output::Lines::new();
    for hit in &found.hits {
        let line = if session.global.json {
            hit_json(hit, registry, &view)?.to_string()
        } else {
            row(hit, view.reveal(), session)?
        };
        if !lines.put(&line) {
            break;
        }
    }
    Ok(())
}

/// Who they are as a person: the registry's, else what the population register says.
fn stored(hit: &Hit, today: chrono::NaiveDate) -> Option<Stored> {
    let mut stored = match (&hit.person, &hit.row) {
        (Some(stored), _) => stored.clone(),
        (None, Some(row)) => of_row(row),
        (None, None) => return None,
    };
    if hit.is_protected && !stored.person.is_protected() {
        // Marked in the population register only: hidden like everybody who is protected.
        stored.person.protection = vec![Mark { kind: Kind::SkyddadFolkbokforing, since: today }];
    }
    Some(stored)
}

fn of_row(row: &Registered) -> Stored {
    let mut person = Person::new(row.number);
    let [first, middle, last] = row.name.clone();
    person.name = Name { first, called: None, middle, last };
    if row.deceased_date.is_some() {
        person.status = Status::Deceased;
    }
    let [care_of, street, postal_code, city] = row.place.clone();
    let place = Place { care_of, street, postal_code, city, country: None };
    if place != Place::default() {
        person.put_address(AddressKind::Home, Address { active: true, place });
    }
    Stored { id: PersonId(0), person, concealment: Concealment::Open }
}

fn hit_json(hit: &Hit, registry: &Registry, view: &View<'_>) -> Result<Value> {
    let Some(stored) = stored(hit, view.today()) else { return Ok(Value::Null) };
    let entry = match &hit.person {
        Some(stored) => registry.ledger_entry(stored.person.number.key())?,
        None => Entry::default(),
    };
    let mut shown = person_json(&stored, &entry, view);
    let mut set = |key: &str, value: Value| {
        if let Some(object) = shown.as_object_mut() {
            object.insert(key.to_owned(), value);
        }
    };
    if hit.person.is_none() {
        for key in OF_THE_REGISTRY {
            set(key, Value::Null);
        }
        let key_code = hit.row.as_ref().filter(|_| !hit.is_protected).and_then(|row| row.key_code.as_ref());
        set("key_code", json!(key_code));
        if hit.is_protected {
            // Of a protected row only the number is known.
            set("status", Value::Null);
        }
    }
    if !hit.person.as_ref().is_some_and(|stored| stored.person.is_protected()) {
        set("protection", json!([]));
    }
    // That somebody protected stands in the population register tells where they live.
    let row = hit.row.as_ref().filter(|_| !hit.is_protected);
    set("in_registry", json!(hit.person.is_some()));
    set("population", row.map_or(Value::Null, row_json));
    Ok(shown)
}

fn row_json(row: &Registered) -> Value {
    let [first, middle, last] = &row.name;
    let [care_of, street, postal_code, city] = &row.place;
    json!({
        "municipality": row.municipality, "nonresident": row.nonresident, "present": row.present,
        "key_code": row.key_code, "first_name": first, "middle_name": middle, "last_name": last,
        "care_of": care_of, "street": street, "postal_code": postal_code, "city": city,
        "property": row.property, "deceased_date": row.deceased_date,
    })
}

fn row(hit: &Hit, reveal: Reveal, session: &Session) -> Result<String> {
    let Some(stored) = stored(hit, session.today()?) else { return Ok(String::new()) };
    let language = session.language();
    let person = leak_control::shown(leak_control::Place::SearchHit, &stored.person);
    let person = visible(&person, reveal);
    let id = hit.person.as_ref().map_or_else(|| "-".to_owned(), |stored| stored.id.to_string());
    let what = if person.is_protected() {
        let mark = word::PROTECTED.render(language, []);
        format!("{mark} {}", name_and_address(&person)).trim_end().to_owned()
    } else {
        format!("{:<13} {}", registers(hit, language), name_and_address(&person))
    };
    let is_known = hit.person.is_some() || !hit.is_protected;
    let (number, status) = (person.number.reveal(), if is_known { person.status.name() } else { "-" });
    Ok(format!("{id:<12} {number:<14} {status:<13} {}", crate::failure::escaped(&what)).trim_end().to_owned())
}

fn registers(hit: &Hit, language: Language) -> String {
    let message = match (&hit.person, &hit.row) {
        (Some(_), Some(_)) => text::IN_BOTH,
        (None, Some(_)) => text::IN_POPULATION,
        (Some(_) | None, None) => text::IN_REGISTRY,
    };
    message.render(language, [])
}

fn name_and_address(person: &Person) -> String {
    let parts = |parts: &[&Option<String>], between: &str| {
        parts.iter().filter_map(|part| part.as_deref()).collect::<Vec<_>>().join(between)
    };
    let name = parts(&[&person.name.first, &person.name.middle, &person.name.last], " ");
    let kind = person.active_address().or_else(|| person.addresses.keys().next().copied());
    let address = kind.and_then(|kind| person.addresses.get(&kind)).map(|address| {
        let place = &address.place;
        let town = parts(&[&place.postal_code, &place.city], " ");
        parts(
            &[&place.care_of, &place.street, &Some(town).filter(|town| !town.is_empty()), &place.country],
            ", ",
        )
    });
    [Some(name), address].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
