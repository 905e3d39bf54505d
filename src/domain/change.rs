//! Changes to a person as values: what the journal stores, a dry run prints and undo puts back.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::address::AddressKind;
use super::contact::ContactField;
use super::id_number::{IdKind, IdNumber};
use super::keyed_hash::{read_hex, write_hex};
use super::person::{Notice, Person, PersonId, Said, Status};
use super::protection;

/// One journaled part of a person. An address and a contact are one value each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Current and former numbers together: they only change together.
    Number,
    /// Own category.
    Category,
    /// Förnamn.
    FirstName,
    /// Tilltalsnamn.
    CalledName,
    /// Mellannamn.
    MiddleName,
    /// Efternamn.
    LastName,
    /// Birth date.
    BirthDate,
    /// Active, deceased, deregistered.
    Status,
    /// Cause and date.
    Deregistration,
    /// Blocked or not.
    Blocked,
    /// Why staff blocked.
    BlockReason,
    /// The box.
    AllowUpdate,
    /// Comment.
    Comment,
    /// The clock of two years.
    NoAddressSince,
    /// Since when the home address is a särskild postadress of SPAR's.
    SpecialSince,
    /// Retention class.
    Class,
    /// Marks of protection.
    Protection,
    /// An address.
    Address(AddressKind),
    /// A contact detail.
    Contact(ContactField),
    /// An open question.
    Notice(Notice),
    /// Digests of SPAR's last statement; never shown.
    Said,
}

pub use super::keyed_hash::write_hex as hex;

/// Why something changed: the rule, by a stable code such as `spar-import/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Why(pub &'static str);

/// One field before and after.
#[derive(Clone, PartialEq)]
pub struct Change {
    /// Which field.
    pub field: Field,
    /// Before; null for nothing.
    pub old: Value,
    /// After.
    pub new: Value,
    /// The rule.
    pub why: Why,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({}, hidden, {})", self.field.name(), self.why.0)
    }
}

impl Field {
    /// Every field there is.
    pub const ALL: [Self; 30] = [
        Self::Number,
        Self::Category,
        Self::FirstName,
        Self::CalledName,
        Self::MiddleName,
        Self::LastName,
        Self::BirthDate,
        Self::Status,
        Self::Deregistration,
        Self::Blocked,
        Self::BlockReason,
        Self::AllowUpdate,
        Self::Comment,
        Self::NoAddressSince,
        Self::SpecialSince,
        Self::Class,
        Self::Protection,
        Self::Address(AddressKind::Home),
        Self::Address(AddressKind::Work),
        Self::Address(AddressKind::Extra),
        Self::Contact(ContactField::Email),
        Self::Contact(ContactField::Mobile),
        Self::Contact(ContactField::Phone),
        Self::Notice(Notice::NumberChange),
        Self::Notice(Notice::TwoRecords),
        Self::Notice(Notice::ProtectionLifted),
        Self::Notice(Notice::CommentReview),
        Self::Notice(Notice::Returned),
        Self::Notice(Notice::NoAddress),
        Self::Said,
    ];

    /// What kind of thing it belongs to (JSON `entity`).
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Address(_) => "address",
            Self::Contact(_) => "contact",
            Self::Notice(_) => "notice",
            Self::Protection => "protection",
            Self::Said => "statement",
            Self::Category
            | Self::FirstName
            | Self::CalledName
            | Self::MiddleName
            | Self::LastName
            | Self::BirthDate
            | Self::Status
            | Self::Deregistration
            | Self::Blocked
            | Self::BlockReason
            | Self::AllowUpdate
            | Self::Comment
            | Self::NoAddressSince
            | Self::SpecialSince
            | Self::Class => "person",
        }
    }

    /// The field's name within its entity (JSON `field`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "id_number",
            Self::Category => "category",
            Self::FirstName => "first_name",
            Self::CalledName => "called_name",
            Self::MiddleName => "middle_name",
            Self::LastName => "last_name",
            Self::BirthDate => "birth_date",
            Self::Status => "status",
            Self::Deregistration => "deregistration",
            Self::Blocked => "blocked",
            Self::BlockReason => "block_reason",
            Self::AllowUpdate => "allow_update",
            Self::Comment => "comment",
            Self::NoAddressSince => "no_address_since",
            Self::SpecialSince => "special_since",
            Self::Class => "class",
            Self::Protection => "protection",
            Self::Address(kind) => kind.name(),
            Self::Contact(field) => field.name(),
            Self::Notice(notice) => notice.kind(),
            Self::Said => "spar",
        }
    }

    /// The name in the journal: `address.home`, `person.status`.
    pub fn key(self) -> String {
        format!("{}.{}", self.entity(), self.name())
    }

    /// Reads a name of the journal.
    pub fn parse(key: &str) -> Option<Self> {
        let (entity, name) = key.split_once('.')?;
        Self::ALL.into_iter().find(|field| field.entity() == entity && field.name() == name)
    }

    /// Whether people see it: bookkeeping of the rules themselves does not make a record "changed".
    pub const fn is_visible(self) -> bool {
        !matches!(self, Self::Said | Self::Notice(_) | Self::NoAddressSince | Self::SpecialSince)
    }

    fn differs(self, left: &Person, right: &Person) -> bool {
        match self {
            Self::Number => left.number != right.number || left.former != right.former,
            Self::Category => left.category != right.category,
            Self::FirstName => left.name.first != right.name.first,
            Self::CalledName => left.name.called != right.name.called,
            Self::MiddleName => left.name.middle != right.name.middle,
            Self::LastName => left.name.last != right.name.last,
            Self::BirthDate => left.birth_date != right.birth_date,
            Self::Status => left.status != right.status,
            Self::Deregistration => left.deregistration != right.deregistration,
            Self::Blocked => left.blocked != right.blocked,
            Self::BlockReason => left.block_reason != right.block_reason,
            Self::AllowUpdate => left.allow_update != right.allow_update,
            Self::Comment => left.comment != right.comment,
            Self::NoAddressSince => left.no_address_since != right.no_address_since,
            Self::SpecialSince => left.special_since != right.special_since,
            Self::Class => left.class != right.class,
            Self::Protection => left.protection != right.protection,
            Self::Address(kind) => left.addresses.get(&kind) != right.addresses.get(&kind),
            Self::Contact(field) => left.contacts.get(&field) != right.contacts.get(&field),
            Self::Notice(notice) => left.notices.get(&notice) != right.notices.get(&notice),
            Self::Said => left.said != right.said,
        }
    }

    /// The field's value as the journal and JSON carry it.
    pub fn get(self, person: &Person) -> Value {
        match self {
            Self::Number => number_value(person),
            Self::Category => json!(person.category),
            Self::FirstName => json!(person.name.first),
            Self::CalledName => json!(person.name.called),
            Self::MiddleName => json!(person.name.middle),
            Self::LastName => json!(person.name.last),
            Self::BirthDate => date_value(person.birth_date),
            Self::Status => json!(person.status.name()),
            Self::Deregistration => json!(person.deregistration),
            Self::Blocked => json!(person.blocked),
            Self::BlockReason => json!(person.block_reason),
            Self::AllowUpdate => json!(person.allow_update),
            Self::Comment => json!(person.comment),
            Self::NoAddressSince => date_value(person.no_address_since),
            Self::SpecialSince => date_value(person.special_since),
            Self::Class => json!(person.class),
            Self::Protection => protection_value(person),
            Self::Address(kind) => json!(person.addresses.get(&kind)),
            Self::Contact(field) => json!(person.contacts.get(&field)),
            Self::Notice(notice) => person.notices.get(&notice).map_or(Value::Null, |other| match other {
                Some(id) => json!(id.0),
                None => json!(true),
            }),
            Self::Said => person.said.map_or(Value::Null, |said| json!(write_hex(&said.to_bytes()))),
        }
    }

    /// Puts a value of the journal back. None if the value does not fit the field.
    pub fn set(self, person: &mut Person, value: &Value) -> Option<()> {
        match self {
            Self::Number => set_number(person, value)?,
            Self::Category => value.as_str()?.clone_into(&mut person.category),
            Self::FirstName => person.name.first = optional(value).ok()?,
            Self::CalledName => person.name.called = optional(value).ok()?,
            Self::MiddleName => person.name.middle = optional(value).ok()?,
            Self::LastName => person.name.last = optional(value).ok()?,
            Self::BirthDate => person.birth_date = optional(value).ok()?,
            Self::Status => person.status = Status::parse(value.as_str()?)?,
            Self::Deregistration => person.deregistration = optional(value).ok()?,
            Self::Blocked => person.blocked = value.as_bool()?,
            Self::BlockReason => person.block_reason = optional(value).ok()?,
            Self::AllowUpdate => person.allow_update = value.as_bool()?,
            Self::Comment => person.comment = optional(value).ok()?,
            Self::NoAddressSince => person.no_address_since = optional(value).ok()?,
            Self::SpecialSince => person.special_since = optional(value).ok()?,
            Self::Class => person.class = optional(value).ok()?,
            Self::Protection => set_protection(person, value)?,
            Self::Address(kind) => put(&mut person.addresses, kind, optional(value).ok()?),
            Self::Contact(field) => put(&mut person.contacts, field, optional(value).ok()?),
            Self::Notice(notice) => set_notice(person, notice, value)?,
            Self::Said => person.said = said(value).ok()?,
        }
        Some(())
    }
}

/// All fields in which two states of a person differ. `why` names the rule for each.
pub fn diff(before: &Person, after: &Person, why: impl Fn(Field) -> Why) -> Vec<Change> {
    Field::ALL
        .into_iter()
        .filter(|field| field.differs(before, after))
        .map(|field| Change { field, old: field.get(before), new: field.get(after), why: why(field) })
        .collect()
}

/// Whether anything that people see differs.
pub fn is_visible_change(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.field.is_visible())
}

/// A whole person as one value: what the journal keeps of one who enters or goes.
pub fn image(person: &Person) -> Value {
    let fields = Field::ALL.into_iter().map(|field| (field.key(), field.get(person)));
    Value::Object(fields.filter(|(_, value)| !value.is_null()).collect())
}

/// Builds a person from an [`image`].
pub fn from_image(value: &Value) -> Option<Person> {
    let fields = value.as_object()?;
    let number = fields.get(&Field::Number.key())?;
    let mut person = Person::new(current_number(number)?);
    for (key, value) in fields {
        Field::parse(key)?.set(&mut person, value)?;
    }
    Some(person)
}

fn number_value(person: &Person) -> Value {
    let former: Vec<Value> = person.former.iter().map(one_number).collect();
    json!({"id_number": person.number.reveal(), "id_kind": person.number.kind().name(), "former": former})
}

fn one_number(number: &IdNumber) -> Value {
    json!([number.kind().name(), number.reveal()])
}

/// The current number of a journaled [`Field::Number`].
pub fn current_number(value: &Value) -> Option<IdNumber> {
    let kind = IdKind::parse(value.get("id_kind")?.as_str()?)?;
    IdNumber::from_stored(value.get("id_number")?.as_str()?, kind)
}

fn set_number(person: &mut Person, value: &Value) -> Option<()> {
    person.number = current_number(value)?;
    let mut former = Vec::new();
    for entry in value.get("former")?.as_array()? {
        let kind = IdKind::parse(entry.get(0)?.as_str()?)?;
        former.push(IdNumber::from_stored(entry.get(1)?.as_str()?, kind)?);
    }
    person.former = former;
    Some(())
}

fn protection_value(person: &Person) -> Value {
    person
        .protection
        .iter()
        .map(|mark| json!({"kind": mark.kind.name(), "since": mark.since.to_string()}))
        .collect()
}

fn set_protection(person: &mut Person, value: &Value) -> Option<()> {
    let mut marks = Vec::new();
    for entry in value.as_array()? {
        let kind = protection::Kind::parse(entry.get("kind")?.as_str()?)?;
        marks.push(protection::Mark { kind, since: entry.get("since")?.as_str()?.parse().ok()? });
    }
    person.protection = marks;
    Some(())
}

fn put<K: Ord, V>(map: &mut std::collections::BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}

fn set_notice(person: &mut Person, notice: Notice, value: &Value) -> Option<()> {
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

fn said(value: &Value) -> Result<Option<Said>, Misfit> {
    let text: Option<String> = optional(value)?;
    text.map(|text| read_hex::<32>(&text).and_then(|bytes| Said::from_bytes(&bytes)).ok_or(Misfit))
        .transpose()
}

fn date_value(date: Option<chrono::NaiveDate>) -> Value {
    date.map_or(Value::Null, |date| json!(date.to_string()))
}

/// The value is nothing that its field can hold.
struct Misfit;

fn optional<T: serde::de::DeserializeOwned>(value: &Value) -> Result<Option<T>, Misfit> {
    Option::<T>::deserialize(value).map_err(|_| Misfit)
}

#[cfg(test)]
mod tests;
