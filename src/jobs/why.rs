//! `person why`: where each of somebody's values came from, and what stood against it. Reads only. (docs/why.md)

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::sync_contacts::policy::policy;
use crate::config::Settings;
use crate::domain::address::AddressKind;
use crate::domain::change::Field;
use crate::domain::contact::ContactField;
use crate::domain::contact::candidate::{Verdict, candidates};
use crate::domain::origin::{Origin, origin};
use crate::domain::person::{Person, PersonId};
use crate::domain::population::Cell;
use crate::domain::population::objection::{Claim, Heard, Objection, objections};
use crate::domain::shown;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::history::{GivenReason, TracedEntry};
use crate::registry::people::{Concealment, Stored};
use crate::text::{Message, why as text};

/// The name of the population register among those who say something.
const REGISTER: &str = "population";

/// What can be asked for, by the names of `person show --json`; of addresses and contact details which one.
pub const FIELDS: [(&str, Field); 23] = [
    ("id_number", Field::Number),
    ("category", Field::Category),
    ("categories", Field::Categories),
    ("first_name", Field::FirstName),
    ("called_name", Field::CalledName),
    ("middle_name", Field::MiddleName),
    ("last_name", Field::LastName),
    ("birth_date", Field::BirthDate),
    ("status", Field::Status),
    ("deregistration", Field::Deregistration),
    ("protection", Field::Protection),
    ("blocked", Field::Blocked),
    ("allow_update", Field::AllowUpdate),
    ("comment", Field::Comment),
    ("home", Field::Address(AddressKind::Home)),
    ("work", Field::Address(AddressKind::Work)),
    ("extra", Field::Address(AddressKind::Extra)),
    ("email", Field::Contact(ContactField::Email)),
    ("mobile", Field::Contact(ContactField::Mobile)),
    ("phone", Field::Contact(ContactField::Phone)),
    ("key_code", Field::KeyCode),
    ("areas", Field::Areas),
    ("class", Field::Class),
];

/// One value and its story.
pub struct Fact {
    /// Its name.
    pub field: &'static str,
    /// What is stored; null for nothing, and of whoever is protected.
    pub value: Value,
    /// Where it came from.
    pub from: From,
    /// What others say, and why it doesn't count.
    pub lost: Vec<Lost>,
}

/// Where a value came from.
pub enum From {
    /// A run set it.
    Run {
        /// The journal's row.
        trace: Box<TracedEntry>,
        /// The rule; none for somebody who entered with it.
        rule: Option<String>,
        /// What it replaced.
        old: Value,
    },
    /// The journal no longer tells: erased when the person was protected, or aged.
    Erased,
    /// It is older than the journal.
    Older,
}

/// A value that lost.
pub struct Lost {
    /// Who says it.
    pub source: String,
    /// The value; null for an empty statement.
    pub value: Value,
    /// Why it doesn't count, and what would have to change.
    pub why: Message,
}

/// The whole answer about one person.
pub struct Account {
    /// Whether nothing but rule, run and time may be told.
    pub protected: bool,
    /// In the order of [`FIELDS`].
    pub facts: Vec<Fact>,
    /// Why staff blocked or held them; nothing of whoever is protected.
    pub reasons: Vec<GivenReason>,
}

/// The field that somebody means. Parts of an address mean the active one.
pub fn field(name: &str, person: &Person) -> Option<Field> {
    let address = || Field::Address(person.active_address().unwrap_or(AddressKind::Home));
    match name {
        "former_numbers" | "id_kind" => Some(Field::Number),
        "protected" => Some(Field::Protection),
        "address" | "addresses" | "care_of" | "street" | "postal_code" | "city" | "country" => {
            Some(address())
        }
        _ => FIELDS.into_iter().find(|(known, _)| *known == name).map(|(_, field)| field),
    }
}

/// Everything that can be told of somebody, or of one of their fields.
pub fn account(
    registry: &Registry,
    stored: &Stored,
    wanted: Option<Field>,
    settings: &Settings,
    today: NaiveDate,
) -> Result<Account> {
    let traces = registry.history_of(stored.id)?;
    let fields = FIELDS.into_iter().filter(|(_, field)| wanted.is_none_or(|wanted| wanted == *field));
    if stored.concealment != Concealment::Open {
        let shown = fields.filter(|(_, field)| is_told_of_protected(*field));
        let facts = shown.map(|(name, field)| bare(name, field, &traces)).collect();
        return Ok(Account { protected: true, facts, reasons: Vec::new() });
    }
    let mut claims = claims(registry, stored, today)?;
    let person = &stored.person;
    let facts = fields.map(|(name, field)| {
        let mut lost = of_sources(person, field, settings);
        claims.extract_if(.., |(of, _)| *of == field).for_each(|(_, claim)| lost.push(claim));
        Fact { field: name, value: value(stored.id, person, field), from: from(field, &traces), lost }
    });
    let is_told = |fact: &Fact| wanted.is_some() || !is_nothing(&fact.value) || !fact.lost.is_empty();
    Ok(Account {
        protected: false,
        facts: facts.filter(is_told).collect(),
        reasons: registry.reasons_of(stored.id)?,
    })
}

/// What product.md lists for whoever is protected.
const fn is_told_of_protected(field: Field) -> bool {
    matches!(field, Field::Number | Field::Status | Field::Protection | Field::Blocked | Field::AllowUpdate)
}

/// Of somebody protected: rule, run and time.
fn bare(name: &'static str, field: Field, traces: &[TracedEntry]) -> Fact {
    let from = match from(field, traces) {
        From::Run { mut trace, rule, .. } => {
            (trace.source, trace.file, trace.changes) = (String::new(), None, None);
            From::Run { trace, rule, old: Value::Null }
        }
        From::Erased => From::Erased,
        From::Older => From::Older,
    };
    Fact { field: name, value: Value::Null, from, lost: Vec::new() }
}

fn from(field: Field, traces: &[TracedEntry]) -> From {
    let entries = traces.iter().map(|trace| (trace.verb.as_str(), trace.changes.as_ref()));
    match origin(field, entries) {
        Origin::Set { entry, rule, old } => match traces.get(entry) {
            Some(trace) => From::Run { trace: Box::new(trace.clone()), rule, old },
            None => From::Older,
        },
        Origin::Erased => From::Erased,
        Origin::Older => From::Older,
    }
}

fn value(id: PersonId, person: &Person, field: Field) -> Value {
    if let Field::Address(kind) = field {
        person.addresses.get(&kind).map_or(Value::Null, |address| shown::address(kind, address))
    } else if let Field::Contact(of) = field {
        shown::contact(person.contacts.get(&of))
    } else if field == Field::Class {
        json!(person.class)
    } else {
        shown::object(id, person).remove(field.name()).unwrap_or_default()
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn of_sources(person: &Person, field: Field, settings: &Settings) -> Vec<Lost> {
    let Field::Contact(of) = field else { return Vec::new() };
    let all = candidates(person, of, &policy(&settings.contacts), settings.country);
    let lost = all.into_iter().filter_map(|candidate| {
        let why = match candidate.verdict {
            Verdict::Same => return None,
            Verdict::PersonsOwn => text::LOST_PERSONS_OWN,
            Verdict::OtherSource => text::LOST_OTHER_SOURCE,
            Verdict::Empty => text::LOST_EMPTY,
            Verdict::Disputed => text::LOST_DISPUTED,
            Verdict::NextTime => text::LOST_NEXT_TIME,
        };
        Some(Lost { source: candidate.source, value: json!(candidate.value), why })
    });
    lost.collect()
}

/// What the population register says that is not stored.
fn claims(registry: &Registry, stored: &Stored, today: NaiveDate) -> Result<Vec<(Field, Lost)>> {
    let person = &stored.person;
    let Some(entry) = registry.population()?.find(person.number.key())?.filter(|entry| !entry.is_protected)
    else {
        return Ok(Vec::new());
    };
    let is_heard = entry.taken.person == Some(stored.id) && !entry.taken.is_pending;
    let heard = if is_heard { Heard::Yes } else { Heard::No };
    let claim_of = |value, why| Lost { source: REGISTER.to_owned(), value, why };
    let mut claims = Vec::new();
    for (claim, objection) in objections(person, &entry.row, entry.address_on, heard, today) {
        let why = match objection {
            Objection::Box => text::LOST_BOX,
            Objection::NotYet => text::LOST_NOT_YET,
            Objection::HeardBefore => text::LOST_HEARD_BEFORE,
            Objection::Special => text::LOST_SPECIAL,
            Objection::Left => text::LOST_LEFT,
        };
        match claim {
            Claim::Home(place) => {
                claims.push((Field::Address(AddressKind::Home), claim_of(json!(place), why)));
            }
            Claim::Name(parts) => {
                let (first, _, middle, last) = *parts;
                let name = &person.name;
                let pairs = [
                    (Field::FirstName, first, &name.first),
                    (Field::MiddleName, middle, &name.middle),
                    (Field::LastName, last, &name.last),
                ];
                let other = pairs.into_iter().filter(|(_, says, stored)| says != *stored);
                claims.extend(other.map(|(field, says, _)| (field, claim_of(json!(says), why))));
            }
        }
    }
    let code = entry.row.cells.get(Cell::KeyCode).map(str::to_owned);
    if code.is_some() && code != person.key_code {
        claims.push((Field::KeyCode, claim_of(json!(code), text::LOST_AREAS_NOT_YET)));
    }
    Ok(claims)
}
