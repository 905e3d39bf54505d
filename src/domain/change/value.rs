//! Parts of a person as values of the journal, and back.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::area::Areas;
use crate::domain::id_number::{IdKind, IdNumber};
use crate::domain::keyed_hash::read_hex;
use crate::domain::person::{Notice, Person, PersonId, Said};
use crate::domain::protection;

/// The current number of a journaled [`Field::Number`].
pub fn current_number(value: &Value) -> Option<IdNumber> {
    let kind = IdKind::parse(value.get("id_kind")?.as_str()?)?;
    IdNumber::from_stored(value.get("id_number")?.as_str()?, kind)
}

pub(super) fn set_number(person: &mut Person, value: &Value) -> Option<()> {
    person.number = current_number(value)?;
    let mut former = Vec::new();
    for entry in value.get("former")?.as_array()? {
        let kind = IdKind::parse(entry.get(0)?.as_str()?)?;
        former.push(IdNumber::from_stored(entry.get(1)?.as_str()?, kind)?);
    }
    person.former = former;
    Some(())
}

pub(super) fn set_protection(person: &mut Person, value: &Value) -> Option<()> {
    let mut marks = Vec::new();
    for entry in value.as_array()? {
        let kind = protection::Kind::parse(entry.get("kind")?.as_str()?)?;
        marks.push(protection::Mark { kind, since: entry.get("since")?.as_str()?.parse().ok()? });
    }
    person.protection = marks;
    Some(())
}

pub(super) fn put<K: Ord, V>(map: &mut std::collections::BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}

pub(super) fn set_notice(person: &mut Person, notice: Notice, value: &Value) -> Option<()> {
    let other = match (value.is_null(), value.as_bool(), value.as_i64()) {
        (true, _, _) => {
            person.notices.remove(&notice);
            return Some(());
        }
        (false, Some(true), _) => None,
        (false, _, Some(id)) => Some(PersonId(id)),
        (false, Some(false) | None, None) => return None,
    };
    person.notices.insert(notice, other);
    Some(())
}

pub(super) fn said(value: &Value) -> Result<Option<Said>, Misfit> {
    let text: Option<String> = optional(value)?;
    text.map(|text| read_hex::<32>(&text).and_then(|bytes| Said::from_bytes(&bytes)).ok_or(Misfit))
        .transpose()
}

/// Areas as the journal and JSON carry them; null for none.
pub fn areas_value(areas: &Areas) -> Value {
    if areas.is_empty() { Value::Null } else { json!(areas) }
}

/// The value is nothing that its field can hold.
pub(super) struct Misfit;

pub(super) fn optional<T: serde::de::DeserializeOwned>(value: &Value) -> Result<Option<T>, Misfit> {
    Option::<T>::deserialize(value).map_err(|_| Misfit)
}

/// The parts of a map that still are as they were left are put back; false if any is not.
pub(super) fn parts_back(now: Value, old: &Value, new: &Value) -> (Value, bool) {
    let mut parts = if let Value::Object(parts) = now { parts } else { serde_json::Map::new() };
    let part = |value: &Value, key: &str| value.get(key).cloned().unwrap_or_default();
    let keys = [old, new].into_iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    let mut whole = true;
    for key in keys {
        let (old, new) = (part(old, key), part(new, key));
        let now = parts.get(key).cloned().unwrap_or_default();
        match (old == new || now == old, now == new) {
            (true, _) => {}
            (false, true) if old.is_null() => drop(parts.remove(key)),
            (false, true) => drop(parts.insert(key.clone(), old)),
            (false, false) => whole = false,
        }
    }
    (if parts.is_empty() { Value::Null } else { Value::Object(parts) }, whole)
}
