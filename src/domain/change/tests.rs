//! What the journal stores comes back as it was, and a value that does not fit is refused.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::samples::{any_person, day, number, person};

proptest! {
    #[test]
    fn whoever_is_written_down_whole_comes_back_whole(person in any_person()) {
        prop_assert_eq!(from_image(&image(&person)), Some(person));
    }

    #[test]
    fn whoever_is_written_down_whole_has_every_field_but_those_of_which_there_is_nothing(person in any_person()) {
        let fields = Field::ALL.map(|field| (field.key().to_owned(), field.get(&person)));
        let there = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
        prop_assert_eq!(image(&person), Value::Object(there));
    }

    #[test]
    fn every_field_comes_back_from_its_journaled_value(from in any_person(), to in any_person()) {
        for field in Field::ALL {
            let mut copy = to.clone();
            prop_assert_eq!(field.set(&mut copy, &field.get(&from)), Some(()), "{}", field.key());
            prop_assert_eq!(field.get(&copy), field.get(&from), "{}", field.key());
        }
    }

    #[test]
    fn the_differences_set_one_by_one_give_the_other_state_and_taken_back_the_first(
        before in any_person(), after in any_person()
    ) {
        let changes = diff(&before, &after, |_| Why("test"));
        let mut forwards = before.clone();
        let mut backwards = after.clone();
        for change in &changes {
            change.field.set(&mut forwards, &change.new.value());
            change.field.set(&mut backwards, &change.old.value());
        }
        prop_assert_eq!(&forwards, &after);
        prop_assert_eq!(&backwards, &before);
        prop_assert!(diff(&after, &after, |_| Why("test")).is_empty());
    }
}

#[test]
fn every_field_has_a_name_of_its_own_and_is_found_by_it() {
    for field in Field::ALL {
        assert_eq!(Field::parse(field.key()), Some(field));
        assert_eq!(field.key(), format!("{}.{}", field.entity(), field.name()));
    }
    for unknown in ["", "person", "person.", "person.home", "address.status", "status"] {
        assert_eq!(Field::parse(unknown), None, "{unknown}");
    }
}

#[test]
fn a_value_that_does_not_fit_its_field_is_refused_and_changes_nothing() {
    let rows = [
        (Field::Number, json!({"id_number": "198001022386", "id_kind": "samordningsnummer", "former": []})),
        (Field::Number, json!({"id_number": "198001022386", "id_kind": "personnummer"})),
        (Field::Category, json!(null)),
        (Field::FirstName, json!(7)),
        (Field::Comment, json!(["a"])),
        (Field::BirthDate, json!("1980-13-01")),
        (Field::Status, json!("asleep")),
        (Field::Deregistration, json!("AV")),
        (Field::Blocked, json!("yes")),
        (Field::Protection, json!([{"kind": "unheard-of", "since": "2026-01-01"}])),
        (Field::Address(AddressKind::Home), json!({"street": "Provgatan 1"})),
        (Field::Contact(ContactField::Email), json!("someone@example.se")),
        (Field::Notice(Notice::Returned), json!(false)),
        (Field::Notice(Notice::TwoRecords), json!("person:17")),
        (Field::Said, json!("00")),
        (Field::Said, json!(7)),
    ];
    for (field, value) in rows {
        let mut changed = person();
        assert_eq!(field.set(&mut changed, &value), None, "{} from {value}", field.key());
        assert_eq!(changed, person(), "{} from {value}", field.key());
    }
}

#[test]
fn only_bookkeeping_of_the_rules_is_no_change_that_people_see() {
    let hidden: Vec<&str> =
        Field::ALL.into_iter().filter(|field| !field.is_visible()).map(Field::key).collect();
    let notices = Notice::ALL.map(|notice| format!("notice.{}", notice.kind()));
    let expected: Vec<String> = ["person.no_address_since", "person.special_since", "person.entered_on"]
        .map(str::to_owned)
        .into_iter()
        .chain(notices)
        .chain(["statement.spar", "statement.sources", "statement.edits"].map(str::to_owned))
        .collect();
    assert_eq!(hidden, expected);
    let mut after = person();
    after.no_address_since = Some(day("2026-01-01"));
    assert!(!is_visible_change(&diff(&person(), &after, |_| Why("test"))));
    after.change_number(number(1));
    assert!(is_visible_change(&diff(&person(), &after, |_| Why("test"))));
}

#[test]
fn debug_output_of_a_change_never_shows_its_values() {
    let mut after = person();
    after.name.last = Some("Kanariefågel".to_owned());
    let shown = format!("{:?}", diff(&person(), &after, |_| Why("spar-import/12")));
    assert_eq!(shown, "[Change(last_name, hidden, spar-import/12)]");
}
