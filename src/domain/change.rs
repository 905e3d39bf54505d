//! Changes to a person as values: what the journal stores, a dry run prints and undo puts back.

mod value;

use std::fmt;

use serde_json::{Value, json};

use super::address::AddressKind;
use super::contact::ContactField;
use super::keyed_hash::write_hex;
use super::person::{Notice, Person, Status};
use value::{
    date_value, map_value, number_value, optional, parts_back, protection_value, put, said, set_notice,
    set_number, set_protection,
};

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
    /// When they came into the registry.
    EnteredOn,
    /// Since when nothing may remove them, and until when.
    Hold,
    /// Marks of protection.
    Protection,
    /// An address.
    Address(AddressKind),
    /// A contact detail.
    Contact(ContactField),
    /// Nyckelkod.
    KeyCode,
    /// Areas of all activities together: they come from one key code.
    Areas,
    /// An open question.
    Notice(Notice),
    /// Digests of SPAR's last statement; never shown.
    Said,
    /// What the person is in each source.
    Categories,
    /// What each source of contact details said last; never shown.
    Heard,
    /// When the person last changed each contact detail.
    Edited,
}

pub use super::keyed_hash::write_hex as hex;
pub use value::{areas_value, current_number};

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
    pub const ALL: [Self; 38] = [
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
        Self::EnteredOn,
        Self::Hold,
        Self::Protection,
        Self::Address(AddressKind::Home),
        Self::Address(AddressKind::Work),
        Self::Address(AddressKind::Extra),
        Self::Contact(ContactField::Email),
        Self::Contact(ContactField::Mobile),
        Self::Contact(ContactField::Phone),
        Self::KeyCode,
        Self::Areas,
        Self::Notice(Notice::NumberChange),
        Self::Notice(Notice::TwoRecords),
        Self::Notice(Notice::ProtectionLifted),
        Self::Notice(Notice::CommentReview),
        Self::Notice(Notice::Returned),
        Self::Notice(Notice::NoAddress),
        Self::Notice(Notice::SameName),
        Self::Said,
        Self::Categories,
        Self::Heard,
        Self::Edited,
    ];

    /// What kind of thing it belongs to (JSON `entity`).
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Address(_) => "address",
            Self::Contact(_) => "contact",
            Self::Notice(_) => "notice",
            Self::Protection => "protection",
            Self::Said | Self::Heard | Self::Edited => "statement",
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
            | Self::Class
            | Self::EnteredOn
            | Self::Hold
            | Self::KeyCode
            | Self::Areas
            | Self::Categories => "person",
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
            Self::EnteredOn => "entered_on",
            Self::Hold => "hold",
            Self::Protection => "protection",
            Self::Address(kind) => kind.name(),
            Self::Contact(field) => field.name(),
            Self::KeyCode => "key_code",
            Self::Areas => "areas",
            Self::Notice(notice) => notice.kind(),
            Self::Said => "spar",
            Self::Categories => "categories",
            Self::Heard => "sources",
            Self::Edited => "edits",
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
        !matches!(
            self,
            Self::Said
                | Self::Heard
                | Self::Edited
                | Self::Notice(_)
                | Self::NoAddressSince
                | Self::SpecialSince
                | Self::EnteredOn
        )
    }

    /// Whether it is a map of independent parts: one of them can be taken back while another has changed.
    const fn is_map(self) -> bool {
        matches!(self, Self::Categories | Self::Heard | Self::Edited)
    }

    /// Takes a change back where the field still is as it was left; false if something stays, none for a misfit.
    pub fn put_back(self, person: &mut Person, old: &Value, new: &Value) -> Option<bool> {
        let now = self.get(person);
        if now == *new {
            return self.set(person, old).map(|()| true);
        }
        if !self.is_map() {
            return Some(false);
        }
        let (parts, is_whole) = parts_back(now, old, new);
        self.set(person, &parts).map(|()| is_whole)
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
            Self::EnteredOn => left.entered_on != right.entered_on,
            Self::Hold => left.hold != right.hold,
            Self::Protection => left.protection != right.protection,
            Self::Address(kind) => left.addresses.get(&kind) != right.addresses.get(&kind),
            Self::Contact(field) => left.contacts.get(&field) != right.contacts.get(&field),
            Self::KeyCode => left.key_code != right.key_code,
            Self::Areas => left.areas != right.areas,
            Self::Notice(notice) => left.notices.get(&notice) != right.notices.get(&notice),
            Self::Said => left.said != right.said,
            Self::Categories => left.categories != right.categories,
            Self::Heard => left.heard != right.heard,
            Self::Edited => left.edited != right.edited,
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
            Self::EnteredOn => date_value(person.entered_on),
            Self::Hold => json!(person.hold),
            Self::Protection => protection_value(person),
            Self::Address(kind) => json!(person.addresses.get(&kind)),
            Self::Contact(field) => json!(person.contacts.get(&field)),
            Self::KeyCode => json!(person.key_code),
            Self::Areas => areas_value(&person.areas),
            Self::Notice(notice) => person.notices.get(&notice).map_or(Value::Null, |other| match other {
                Some(id) => json!(id.0),
                None => json!(true),
            }),
            Self::Said => person.said.map_or(Value::Null, |said| json!(write_hex(&said.to_bytes()))),
            Self::Categories => map_value(&person.categories),
            Self::Heard => map_value(&person.heard),
            Self::Edited => map_value(&person.edited),
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
            Self::EnteredOn => person.entered_on = optional(value).ok()?,
            Self::Hold => person.hold = optional(value).ok()?,
            Self::Protection => set_protection(person, value)?,
            Self::Address(kind) => put(&mut person.addresses, kind, optional(value).ok()?),
            Self::Contact(field) => put(&mut person.contacts, field, optional(value).ok()?),
            Self::KeyCode => person.key_code = optional(value).ok()?,
            Self::Areas => person.areas = optional(value).ok()?.unwrap_or_default(),
            Self::Notice(notice) => set_notice(person, notice, value)?,
            Self::Said => person.said = said(value).ok()?,
            Self::Categories => person.categories = optional(value).ok()?.unwrap_or_default(),
            Self::Heard => person.heard = optional(value).ok()?.unwrap_or_default(),
            Self::Edited => person.edited = optional(value).ok()?.unwrap_or_default(),
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

#[cfg(test)]
mod tests;
