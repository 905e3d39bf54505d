//! A lifted protection comes back with an undo, a given one does not go: the safe side. (rules.md, Undo and restore)

use serde_json::Value;

use crate::domain::change::Field;
use crate::domain::person::Person;
use crate::domain::protection::{self, Names};

/// Marks somebody again whose marks the run lifted, and erases what came since. False if the run lifted none.
pub(super) fn marks_again(after: &mut Person, rows: &[Value], names: Names) -> bool {
    let key = Field::Protection.key();
    let lifted = rows.iter().find(|row| row.get(0).and_then(Value::as_str) == Some(key));
    let marks =
        lifted.and_then(|row| row.get(1)).filter(|marks| marks.as_array().is_some_and(|m| !m.is_empty()));
    let Some(marks) = marks else { return false };
    if Field::Protection.set(after, marks).is_none() || !after.is_protected() {
        return false;
    }
    protection::erase(after, names);
    true
}
