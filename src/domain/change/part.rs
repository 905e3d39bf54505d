//! Parts of a person, and a whole one, written as JSON without a tree of values in between.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Field;
use crate::domain::keyed_hash::write_hex;
use crate::domain::person::{Notice, Person};
use crate::domain::protection::Mark;

/// One field of somebody, as the journal and JSON carry it.
pub(super) struct Part<'p> {
    pub(super) field: Field,
    pub(super) person: &'p Person,
}

/// A whole person: their fields but those of which there is nothing.
pub struct Image<'p>(pub &'p Person);

impl Serialize for Image<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        for field in Field::ALL {
            let part = Part { field, person: self.0 };
            if !part.is_null() {
                fields.serialize_entry(field.key(), &part)?;
            }
        }
        fields.end()
    }
}

impl Part<'_> {
    /// Whether there is nothing of it.
    pub(super) fn is_null(&self) -> bool {
        let person = self.person;
        match self.field {
            Field::Number
            | Field::Category
            | Field::Status
            | Field::Blocked
            | Field::AllowUpdate
            | Field::Protection => false,
            Field::FirstName => person.name.first.is_none(),
            Field::CalledName => person.name.called.is_none(),
            Field::MiddleName => person.name.middle.is_none(),
            Field::LastName => person.name.last.is_none(),
            Field::BirthDate => person.birth_date.is_none(),
            Field::Deregistration => person.deregistration.is_none(),
            Field::BlockReason => person.block_reason.is_none(),
            Field::Comment => person.comment.is_none(),
            Field::NoAddressSince => person.no_address_since.is_none(),
            Field::SpecialSince => person.special_since.is_none(),
            Field::Class => person.class.is_none(),
            Field::EnteredOn => person.entered_on.is_none(),
            Field::Hold => person.hold.is_none(),
            Field::Address(kind) => !person.addresses.contains_key(&kind),
            Field::Contact(field) => !person.contacts.contains_key(&field),
            Field::KeyCode => person.key_code.is_none(),
            Field::Areas => person.areas.is_empty(),
            Field::Notice(notice) => !person.notices.contains_key(&notice),
            Field::Said => person.said.is_none(),
            Field::Categories => person.categories.is_empty(),
            Field::Heard => person.heard.is_empty(),
            Field::Edited => person.edited.is_empty(),
        }
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let person = self.person;
        match self.field {
            Field::Number => numbers(person, serializer),
            Field::Category => person.category.serialize(serializer),
            Field::FirstName => person.name.first.serialize(serializer),
            Field::CalledName => person.name.called.serialize(serializer),
            Field::MiddleName => person.name.middle.serialize(serializer),
            Field::LastName => person.name.last.serialize(serializer),
            Field::BirthDate => person.birth_date.serialize(serializer),
            Field::Status => person.status.name().serialize(serializer),
            Field::Deregistration => person.deregistration.serialize(serializer),
            Field::Blocked => person.blocked.serialize(serializer),
            Field::BlockReason => person.block_reason.serialize(serializer),
            Field::AllowUpdate => person.allow_update.serialize(serializer),
            Field::Comment => person.comment.serialize(serializer),
            Field::NoAddressSince => person.no_address_since.serialize(serializer),
            Field::SpecialSince => person.special_since.serialize(serializer),
            Field::Class => person.class.serialize(serializer),
            Field::EnteredOn => person.entered_on.serialize(serializer),
            Field::Hold => person.hold.serialize(serializer),
            Field::Protection => serializer.collect_seq(person.protection.iter().map(OneMark)),
            Field::Address(kind) => person.addresses.get(&kind).serialize(serializer),
            Field::Contact(field) => person.contacts.get(&field).serialize(serializer),
            Field::KeyCode => person.key_code.serialize(serializer),
            Field::Areas => map(&person.areas, serializer),
            Field::Notice(notice) => question(person, notice, serializer),
            Field::Said => person.said.map(|said| write_hex(&said.to_bytes())).serialize(serializer),
            Field::Categories => map(&person.categories, serializer),
            Field::Heard => map(&person.heard, serializer),
            Field::Edited => map(&person.edited, serializer),
        }
    }
}

/// The current number and the former ones.
fn numbers<S: Serializer>(person: &Person, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("former", person.former.as_slice())?;
    map.serialize_entry("id_kind", person.number.kind().name())?;
    map.serialize_entry("id_number", person.number.reveal())?;
    map.end()
}

struct OneMark<'p>(&'p Mark);

impl Serialize for OneMark<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("kind", self.0.kind.name())?;
        map.serialize_entry("since", &self.0.since)?;
        map.end()
    }
}

/// Who else it is about, true if nobody.
fn question<S: Serializer>(person: &Person, notice: Notice, serializer: S) -> Result<S::Ok, S::Error> {
    match person.notices.get(&notice) {
        None => serializer.serialize_none(),
        Some(None) => serializer.serialize_bool(true),
        Some(Some(other)) => serializer.serialize_i64(other.0),
    }
}

/// Null for an empty map.
fn map<S: Serializer, K: Serialize, V: Serialize>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if map.is_empty() { serializer.serialize_none() } else { map.serialize(serializer) }
}
