//! What is due by one plan beside what is due by another, per target and class.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::jobs::purge::Survey;

/// One row per target and class where the two differ; nobody protected is in it.
pub(super) fn table(before: &Survey<'_>, after: &Survey<'_>) -> Value {
    let (now, then) = (before.due_by_class(), after.due_by_class());
    let mut rows = BTreeMap::new();
    for (key, count) in now {
        rows.insert(key, (count, 0));
    }
    for (key, count) in then {
        rows.entry(key).or_insert((0, 0)).1 = count;
    }
    rows.into_iter()
        .filter(|(_, (now, then))| now != then)
        .map(|((target, class), (now, then))| {
            json!({ "target": target.name(), "class": class, "now": now, "then": then })
        })
        .collect()
}
