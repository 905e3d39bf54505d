//! Changes to a person as values: what the journal stores, a dry run prints and undo puts back.

mod json;
mod key;
mod part;
mod value;

use std::fmt;

use serde_json::Value;

use super::address::AddressKind;
use super::contact::ContactField;
use super::person::{Notice, Person, Status};
use part::Part;
use value::{optional, parts_back, put, said, set_notice, set_number, set_protection};

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
pub use json::Json;
pub use part::Image;
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
    pub old: Json,
    /// After.
    pub new: Json,
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

    /// Whether two states of a person differ in it.
    pub fn differs(self, left: &Person, right: &Person) -> bool {
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
        // Nothing in a person is anything that JSON can't hold.
        serde_json::to_value(Part { field: self, person }).unwrap_or_default()
    }

    fn text(self, person: &Person) -> Json {
        let part = Part { field: self, person };
        if part.is_null() { Json::NULL } else { Json::of(&part) }
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
        .map(|field| Change { field, old: field.text(before), new: field.text(after), why: why(field) })
        .collect()
}

/// Whether anything that people see differs.
pub fn is_visible_change(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.field.is_visible())
}

/// A whole person as one value: what the journal keeps of one who enters or goes.
pub fn image(person: &Person) -> Value {
    serde_json::to_value(Image(person)).unwrap_or_default()
}

/// Builds a person from an [`image`].
pub fn from_image(value: &Value) -> Option<Person> {
    let fields = value.as_object()?;
    let number = fields.get(Field::Number.key())?;
    let mut person = Person::new(current_number(number)?);
    for (key, value) in fields {
        Field::parse(key)?.set(&mut person, value)?;
    }
    Some(person)
}

#[cfg(test)]
mod tests;
