//! Takes back what a run did to cases, documents and the like. They are no part of a person, so they don't stand in the
//! journal.

use std::collections::BTreeMap;

use crate::domain::retained::{Kind, Record};
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::retained::{Entry, Kept, Retained, Verb, written};
use crate::registry::runs::RunId;
use crate::text::retained as text;

/// Changes are read backwards in pages of this size.
const PAGE: u32 = 500;

/// Puts each record back that still is as the run left it; the others are listed and left.
pub(super) fn put_back(run: &mut Run<'_>, target: RunId) -> Result<()> {
    let mut stores = BTreeMap::new();
    for kind in Kind::ALL {
        stores.insert(kind, run.registry.retained(kind)?);
    }
    let mut before = i64::MAX;
    loop {
        let entries = run.registry.retained_changes_backwards(target, before, PAGE)?;
        let Some(last) = entries.last() else { return Ok(()) };
        before = last.id;
        for entry in entries {
            run.check_stop()?;
            let is_whole = one(run, &mut stores, &entry)?;
            run.counts.add(if is_whole { "records" } else { "left" }, 1);
            if !is_whole {
                let params = [
                    ("kind", entry.kind.name().to_owned()),
                    ("record", entry.record.to_string()),
                    ("person", entry.person.to_string()),
                ];
                run.remark(text::UNDO_LEFT, &params);
            }
        }
    }
}

type Stores<'r> = BTreeMap<Kind, Retained<'r>>;

/// Whether all of it could be put back.
fn one(run: &Run<'_>, stores: &mut Stores<'_>, entry: &Entry) -> Result<bool> {
    let read = |value: &Option<serde_json::Value>| {
        value.as_ref().and_then(|value| Record::from_json(entry.kind, value))
    };
    let (before, after) = (read(&entry.before), read(&entry.after));
    let Some(now) = current(stores, entry)? else {
        return match before.filter(|_| entry.verb == Verb::Removed) {
            Some(before) => bring_back(run, stores, entry, &before),
            None => Ok(false),
        };
    };
    match (entry.verb, before, after) {
        (Verb::Created, _, Some(left)) if now.record == left => take_away(run, stores, entry, &now),
        (Verb::Changed, Some(before), Some(left)) => {
            let (after, is_whole) = now.record.put_back(&before, &left);
            if !stands(run, &after)? {
                return Ok(false);
            }
            if after != now.record
                && let Some(store) = stores.get_mut(&entry.kind)
            {
                store.change(run.id, &now, &after)?;
            }
            Ok(is_whole)
        }
        (Verb::Created | Verb::Changed | Verb::Removed, _, _) => Ok(false),
    }
}

fn current(stores: &mut Stores<'_>, entry: &Entry) -> Result<Option<Kept>> {
    stores.get_mut(&entry.kind).map_or(Ok(None), |store| store.get(entry.record))
}

/// A case to which something belongs stays.
fn take_away(run: &Run<'_>, stores: &mut Stores<'_>, entry: &Entry, now: &Kept) -> Result<bool> {
    if entry.kind == Kind::Case {
        for store in stores.values_mut() {
            if !store.of_case(now.id)?.is_empty() {
                return Ok(false);
            }
        }
    }
    let Some(store) = stores.get_mut(&entry.kind) else { return Ok(false) };
    store.remove(run.id, now)?;
    Ok(true)
}

fn bring_back(run: &Run<'_>, stores: &mut Stores<'_>, entry: &Entry, before: &Record) -> Result<bool> {
    let Some(store) = stores.get_mut(&entry.kind) else { return Ok(false) };
    if store.find(&before.reference)?.is_some() || !stands(run, before)? {
        return Ok(false);
    }
    store.create(run.id, Some(entry.record), before, &written(entry.kind, before)?)?;
    Ok(true)
}

/// Whether everybody and the case that a record names are here still.
fn stands(run: &Run<'_>, record: &Record) -> Result<bool> {
    for person in [Some(record.person), record.related].into_iter().flatten() {
        if !run.registry.is_person(person)? {
            return Ok(false);
        }
    }
    match record.case {
        Some(case) => run.registry.is_case(case),
        None => Ok(true),
    }
}
