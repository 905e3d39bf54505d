//! What a run changed, as its report shows it: read from the journal, and from what it did to records.

use serde_json::Value;

use super::report::ShownChange;
use crate::domain::change::Field;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::journal::Entry;
use crate::registry::people::Concealment;
use crate::registry::retained::{Entry as RecordEntry, Verb};
use crate::registry::runs::RunId;

/// What the run's journal says, as the report shows it.
pub(super) fn changes_of(registry: &Registry, run: RunId) -> Result<Vec<ShownChange>> {
    let mut shown = Vec::new();
    let mut people = registry.people()?;
    registry.journal_of(run, |entry| {
        let open = people.find(entry.person)?.is_none_or(|stored| stored.concealment == Concealment::Open);
        show(&entry, open, &mut shown);
        Ok(())
    })?;
    let job = registry.find_run(run)?.map(|run| run.job).unwrap_or_default();
    registry.retained_changes_of(run, |entry| show_record(registry, &entry, &job, &mut shown))?;
    Ok(shown)
}

/// A record that came or went is one row, one that changed a row for each part. One that went from a person to another is
/// shown with both.
fn show_record(
    registry: &Registry,
    entry: &RecordEntry,
    why: &str,
    shown: &mut Vec<ShownChange>,
) -> Result<()> {
    let mut people: Vec<PersonId> = vec![entry.person];
    people.extend(entry.other.filter(|_| entry.verb == Verb::Changed));
    let mut is_open = !registry.is_concealed(entry.person)?;
    if let Some(other) = entry.other {
        is_open &= !registry.is_concealed(other)?;
    }
    let value = |value: &Option<Value>| value.clone().filter(|_| is_open).unwrap_or_default();
    let (before, after) = (value(&entry.before), value(&entry.after));
    for person in people {
        let mut add = |field: &str, old: Value, new: Value| {
            shown.push(ShownChange {
                person: person.0,
                entity: entry.kind.name().into(),
                record: Some(entry.record),
                field: field.to_owned().into(),
                old: boxed(old),
                new: boxed(new),
                why: why.to_owned().into(),
            });
        };
        let (Value::Object(old), Value::Object(new)) = (&before, &after) else {
            add(entry.verb.name(), before.clone(), after.clone());
            continue;
        };
        let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
            let of = |fields: &serde_json::Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
            add(name, of(old), of(new));
        }
    }
    Ok(())
}

fn boxed(value: Value) -> Option<Box<Value>> {
    Some(value).filter(|value| !value.is_null()).map(Box::new)
}

fn show(entry: &Entry, open: bool, shown: &mut Vec<ShownChange>) {
    let mut add = |key: &str, old: &Value, new: &Value, why: &str| {
        if !Field::parse(key).is_some_and(Field::is_visible) {
            return;
        }
        let (entity, field) = key.split_once('.').unwrap_or((key, ""));
        let value = |value: &Value| if open { value.clone() } else { Value::Null };
        shown.push(ShownChange {
            person: entry.person.0,
            entity: entity.to_owned().into(),
            record: None,
            field: field.to_owned().into(),
            old: boxed(value(old)),
            new: boxed(value(new)),
            why: why.to_owned().into(),
        });
    };
    match &entry.changes {
        Some(Value::Array(rows)) => {
            for row in rows {
                let part = |at: usize| row.get(at).unwrap_or(&Value::Null);
                add(
                    part(0).as_str().unwrap_or_default(),
                    part(1),
                    part(2),
                    part(3).as_str().unwrap_or_default(),
                );
            }
        }
        Some(Value::Object(image)) => {
            for (key, value) in image {
                match entry.verb.as_str() {
                    "removed" => add(key, value, &Value::Null, &entry.verb),
                    _ => add(key, &Value::Null, value, &entry.verb),
                }
            }
        }
        Some(_) | None => {}
    }
}
