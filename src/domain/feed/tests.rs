//! What is told and what is not: one row per sentence of docs/changes.md.

use serde_json::json;

use super::*;
use crate::domain::change::{Why, diff, image};
use crate::domain::person::PersonId;
use crate::domain::samples::{any_person, person};
use crate::domain::shown;
use proptest::prelude::*;

#[test]
fn what_a_consumer_is_told_depends_on_how_the_person_stands_now() {
    let values = json!([["person.last_name", "A", "B", "x"]]);
    let withheld = json!([["person.status", null, null, "x"]]);
    let lifted = json!([["protection.protection", [{"kind": "manual", "since": "2026-01-01"}], [], "x"]]);
    let bookkeeping = json!([["statement.spar", null, "00", "x"], ["person.class", null, "a", "x"]]);
    let part =
        Part { entity: "person", field: "last_name", old: json!("A"), new: json!("B"), why: "x".into() };
    let changed = |value| Happened::Journaled("changed", Some(value));
    let rows = [
        // Values of whoever is open or gone, none of whoever is protected now.
        (changed(&values), Standing::Open, Told::Changed(vec![part.clone()])),
        (changed(&values), Standing::Gone, Told::Changed(vec![part])),
        (changed(&values), Standing::Concealed, Told::Protected),
        (Happened::Journaled("created", Some(&values)), Standing::Concealed, Told::Protected),
        // They were protected then, and are no longer.
        (changed(&withheld), Standing::Open, Told::Protected),
        (changed(&lifted), Standing::Open, Told::Unprotected),
        (changed(&lifted), Standing::Concealed, Told::Protected),
        (changed(&lifted), Standing::Gone, Told::Nothing),
        // Erased since, or aged.
        (Happened::Journaled("changed", None), Standing::Open, Told::Nothing),
        (Happened::Journaled("changed", None), Standing::Concealed, Told::Protected),
        // Bookkeeping, and what no view shows.
        (changed(&bookkeeping), Standing::Open, Told::Nothing),
        // Whoever went is told as gone, with or without values.
        (Happened::Journaled("removed", None), Standing::Gone, Told::Removed),
        (Happened::Journaled("removed", Some(&values)), Standing::Concealed, Told::Removed),
        // Hidden by a held file, shown again by its undo.
        (Happened::Hidden, Standing::Concealed, Told::Protected),
        (Happened::Shown, Standing::Open, Told::Unprotected),
        (Happened::Shown, Standing::Concealed, Told::Protected),
        (Happened::Hidden, Standing::Gone, Told::Nothing),
    ];
    for (at, (happened, standing, expected)) in rows.into_iter().enumerate() {
        assert_eq!(tell(happened, standing), expected, "row {at}");
    }
    let entered = image(&person());
    let told = tell(Happened::Journaled("created", Some(&entered)), Standing::Open);
    assert_eq!(told, Told::Created(Box::new(person())));
}

#[test]
fn a_position_is_read_as_it_is_written() {
    let position = Position { journal: 1042, hiding: 3 };
    assert_eq!(position.to_string().parse(), Ok(position));
    for wrong in ["", "1042", "1.", ".1", "-1.0", "1.-1", "1.2.3", "a.b"] {
        assert_eq!(wrong.parse::<Position>(), Err(()), "{wrong}");
    }
}

proptest! {
    /// The parts that are told, put into what is shown of the state before, give what is shown of the state after.
    #[test]
    fn the_parts_lead_from_one_state_to_the_other(before in any_person(), after in any_person()) {
        let (mut before, mut after) = (before, after);
        before.protection.clear();
        after.protection.clear();
        let rows: Vec<Value> = diff(&before, &after, |_| Why("test"))
            .iter()
            .map(|change| json!([change.field.key(), change.old.value(), change.new.value(), change.why.0]))
            .collect();
        let rows = Value::Array(rows);
        let mut mirror = Value::Object(shown::object(PersonId(1), &before));
        let Told::Changed(parts) = tell(Happened::Journaled("changed", Some(&rows)), Standing::Open) else {
            prop_assert_eq!(mirror, Value::Object(shown::object(PersonId(1), &after)));
            return Ok(());
        };
        for part in parts {
            match part.entity {
                "contact" => mirror["contacts"][part.field] = part.new,
                "address" => {
                    let addresses = mirror["addresses"].as_array_mut().unwrap();
                    addresses.retain(|address| address["kind"] != part.field);
                    addresses.extend(Some(part.new).filter(|new| !new.is_null()));
                    let place = |address: &Value| ["home", "work", "extra"].iter().position(|kind| address["kind"] == *kind);
                    addresses.sort_by_key(place);
                }
                _ => mirror[part.field] = part.new,
            }
        }
        prop_assert_eq!(mirror, Value::Object(shown::object(PersonId(1), &after)));
    }
}
