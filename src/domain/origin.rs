//! Where a value comes from, read from a person's journal. Pure.

use serde_json::Value;

use super::change::Field;

/// What the journal tells of the last change of a field.
#[derive(Clone, PartialEq)]
pub enum Origin {
    /// This entry set it (its place among those given), by this rule, in the place of this value.
    Set {
        /// Which of the entries.
        entry: usize,
        /// The rule; none for somebody who entered with it.
        rule: Option<String>,
        /// What it replaced.
        old: Value,
    },
    /// Whatever set it has been erased from the journal.
    Erased,
    /// It is older than the journal.
    Older,
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Set { entry, rule, .. } => write!(f, "Set({entry}, {rule:?}, hidden)"),
            Self::Erased => f.write_str("Erased"),
            Self::Older => f.write_str("Older"),
        }
    }
}

/// The origin of a field's present value: the newest entry that touched it. Entries are verb and changes, newest first.
pub fn origin<'e>(field: Field, entries: impl Iterator<Item = (&'e str, Option<&'e Value>)>) -> Origin {
    let key = field.key();
    for (entry, (verb, changes)) in entries.enumerate() {
        match changes {
            None => return Origin::Erased,
            Some(Value::Object(_)) if verb == "created" => {
                return Origin::Set { entry, rule: None, old: Value::Null };
            }
            Some(rows) => {
                let is_it = |row: &&Value| row.get(0).and_then(Value::as_str) == Some(key);
                if let Some(row) = rows.as_array().into_iter().flatten().find(is_it) {
                    let part = |at: usize| row.get(at).cloned().unwrap_or_default();
                    return Origin::Set { entry, rule: part(3).as_str().map(str::to_owned), old: part(1) };
                }
            }
        }
    }
    Origin::Older
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_newest_entry_that_touched_a_field_is_its_origin() {
        let name =
            json!([["person.last_name", "A", "B", "person-set"], ["person.blocked", false, true, "x"]]);
        let entered = json!({ "person.last_name": "A" });
        let last =
            |entries: &[(&'static str, Option<&Value>)]| origin(Field::LastName, entries.iter().copied());
        let set = |entry, rule: Option<&str>, old| Origin::Set { entry, rule: rule.map(Into::into), old };
        let other = json!([["person.comment", null, "x", "person-set"]]);
        let rows = [
            (
                vec![("changed", Some(&name)), ("created", Some(&entered))],
                set(0, Some("person-set"), json!("A")),
            ),
            (vec![("changed", Some(&other)), ("created", Some(&entered))], set(1, None, json!(null))),
            (
                vec![("changed", Some(&other)), ("changed", Some(&name))],
                set(1, Some("person-set"), json!("A")),
            ),
            // Erased or aged rows may have been it.
            (vec![("changed", Some(&other)), ("changed", None), ("changed", Some(&name))], Origin::Erased),
            (vec![("changed", Some(&other))], Origin::Older),
            (vec![], Origin::Older),
        ];
        for (entries, expected) in rows {
            assert_eq!(last(&entries), expected);
        }
    }
}
