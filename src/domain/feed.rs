//! What other systems are told of a journal row, and what they are not. Pure: no registry, no clock.
//! (docs/changes.md; rules.md, Protection)

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use super::change::{Field, from_image};
use super::person::Person;

/// How far a consumer has come: the newest journal row, and the newest hiding, that it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Id of a journal row; 0 before the first.
    pub journal: i64,
    /// Id of a hiding; 0 before the first.
    pub hiding: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.journal, self.hiding)
    }
}

impl FromStr for Position {
    type Err = ();

    /// Reads `1042.3`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (journal, hiding) = text.split_once('.').ok_or(())?;
        let part = |text: &str| text.parse().ok().filter(|id| *id >= 0).ok_or(());
        Ok(Self { journal: part(journal)?, hiding: part(hiding)? })
    }
}

/// How the person whom a row is about stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the registry, not protected.
    Open,
    /// Hidden or erased.
    Concealed,
    /// No longer in the registry.
    Gone,
}

/// What happened, as the registry keeps it.
#[derive(Clone, Copy)]
pub enum Happened<'j> {
    /// A journal row: its verb, and its changes unless they were erased.
    Journaled(&'j str, Option<&'j Value>),
    /// Somebody was hidden.
    Hidden,
    /// An undo lifted that.
    Shown,
}

/// One part of a person before and after, by the names of `person show --json`.
#[derive(Clone, PartialEq)]
pub struct Part {
    /// `person`, `number`, `address`, `contact`.
    pub entity: &'static str,
    /// Its name there; of addresses and contacts which one.
    pub field: &'static str,
    /// Before; null for nothing.
    pub old: Value,
    /// After.
    pub new: Value,
    /// The rule.
    pub why: String,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({}.{}, hidden)", self.entity, self.field)
    }
}

/// What a consumer is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Nothing: bookkeeping, or values that were erased before somebody was protected no longer.
    Nothing,
    /// Somebody is protected: nothing but the internal id and the mark may be kept of them.
    Protected,
    /// Somebody is no longer protected: they are told anew, as they are now.
    Unprotected,
    /// Somebody entered, as they were then.
    Created(Box<Person>),
    /// Somebody went.
    Removed,
    /// What changed.
    Changed(Vec<Part>),
}

/// What a consumer is told of something that happened.
pub fn tell(happened: Happened<'_>, standing: Standing) -> Told {
    match (standing, happened) {
        (_, Happened::Journaled("removed", _)) => Told::Removed,
        (Standing::Concealed, _) | (Standing::Open, Happened::Hidden) => Told::Protected,
        (Standing::Open, Happened::Shown) => Told::Unprotected,
        (Standing::Gone, Happened::Hidden | Happened::Shown) | (_, Happened::Journaled(_, None)) => {
            Told::Nothing
        }
        (Standing::Open | Standing::Gone, Happened::Journaled(verb, Some(changes))) => match verb {
            "created" => from_image(changes).map_or(Told::Nothing, |person| Told::Created(Box::new(person))),
            _ => of_rows(changes, standing),
        },
    }
}

/// The rows of one journal entry: `[[field, before, after, rule], …]`.
fn of_rows(changes: &Value, standing: Standing) -> Told {
    let mut parts = Vec::new();
    for row in changes.as_array().into_iter().flatten() {
        let part = |at: usize| row.get(at).unwrap_or(&Value::Null);
        let (old, new) = (part(1), part(2));
        let Some(field) = part(0).as_str().and_then(Field::parse) else { continue };
        // A change from nothing to nothing is one whose values were withheld.
        match (old.is_null() && new.is_null(), field == Field::Protection, standing) {
            (true, _, _) => return Told::Protected,
            (false, true, Standing::Open) => return Told::Unprotected,
            (false, true, Standing::Concealed | Standing::Gone) => {}
            (false, false, _) => {
                parts.extend(parts_of(field, old, new, part(3).as_str().unwrap_or_default()));
            }
        }
    }
    if parts.is_empty() { Told::Nothing } else { Told::Changed(parts) }
}

/// A journaled change by the names of `person show --json`; nothing for what isn't shown there.
fn parts_of(field: Field, old: &Value, new: &Value, why: &str) -> Vec<Part> {
    let part = |name, old, new| Part { entity: field.entity(), field: name, old, new, why: why.to_owned() };
    let one = |old: Value, new: Value| vec![part(field.name(), old, new)];
    match field {
        Field::Number => {
            let parts = [("id_number", id_number as fn(&Value) -> Value), ("id_kind", id_kind)];
            let parts = parts.into_iter().chain([("former_numbers", former_numbers as fn(&Value) -> Value)]);
            let parts = parts.map(|(name, read)| part(name, read(old), read(new)));
            parts.filter(|part| part.old != part.new).collect()
        }
        Field::Address(kind) => one(address(kind.name(), old), address(kind.name(), new)),
        Field::Areas | Field::Categories => one(or_empty(old), or_empty(new)),
        Field::Category
        | Field::FirstName
        | Field::CalledName
        | Field::MiddleName
        | Field::LastName
        | Field::BirthDate
        | Field::Status
        | Field::Deregistration
        | Field::Blocked
        | Field::AllowUpdate
        | Field::Comment
        | Field::Hold
        | Field::Contact(_)
        | Field::KeyCode => one(old.clone(), new.clone()),
        Field::BlockReason
        | Field::Class
        | Field::EnteredOn
        | Field::Protection
        | Field::NoAddressSince
        | Field::SpecialSince
        | Field::Notice(_)
        | Field::Said
        | Field::Heard
        | Field::Edited => Vec::new(),
    }
}

fn id_number(value: &Value) -> Value {
    value.get("id_number").cloned().unwrap_or_default()
}

fn id_kind(value: &Value) -> Value {
    value.get("id_kind").cloned().unwrap_or_default()
}

fn former_numbers(value: &Value) -> Value {
    let former = value.get("former").and_then(Value::as_array).into_iter().flatten();
    former.filter_map(|pair| pair.get(1).cloned()).collect()
}

fn or_empty(value: &Value) -> Value {
    if value.is_null() { json!({}) } else { value.clone() }
}

fn address(kind: &str, value: &Value) -> Value {
    let mut shown = value.clone();
    if let Value::Object(cells) = &mut shown {
        cells.insert("kind".to_owned(), json!(kind));
    }
    shown
}

#[cfg(test)]
mod tests;
