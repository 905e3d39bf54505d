//! A person as the registry holds them: one value with everything that the journal can put back.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::address::{Address, AddressKind};
use super::area::Areas;
use super::contact::source::{Categories, Heard};
use super::contact::{Contact, ContactField};
use super::hold::Hold;
use super::id_number::IdNumber;
use super::protection::Mark;

/// The internal id: never reused, safe to show and log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "person:{}", self.0)
    }
}

impl PersonId {
    /// Reads `person:17`.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("person:")?.parse().ok().map(Self)
    }
}

/// Whether the person is alive and registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Alive as far as anybody said.
    Active,
    /// Avliden.
    Deceased,
    /// Avregistrerad of another cause.
    Deregistered,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Deceased, Self::Deregistered];

    /// The name in JSON and the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deceased => "deceased",
            Self::Deregistered => "deregistered",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text)
    }
}

/// Why and when somebody was deregistered, as delivered.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deregistration {
    /// Avregistreringsorsak: `AV`, `UV`, … or a code of the old form.
    pub code: String,
    /// As delivered: `2019-01-00`, `200101`, or nothing.
    pub date: Option<String>,
}

impl fmt::Debug for Deregistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deregistration(hidden)")
    }
}

/// Names. Absent parts are null, never empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Förnamn.
    pub first: Option<String>,
    /// Tilltalsnamn in clear text.
    pub called: Option<String>,
    /// Mellannamn.
    pub middle: Option<String>,
    /// Efternamn.
    pub last: Option<String>,
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(hidden)")
    }
}

/// What a human should look at, kept with the person so that undo takes it back too.
/// The findings of these kinds are this, seen from the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notice {
    /// SPAR speaks of a number change that can't be followed by machine.
    NumberChange,
    /// The new number is another record.
    TwoRecords,
    /// Protected here, no longer so in a newer file.
    ProtectionLifted,
    /// A protected person has comments that staff wrote.
    CommentReview,
    /// Blocked by SPAR, now delivered alive and registered.
    Returned,
    /// No address, but no ground for a block either.
    NoAddress,
    /// Somebody with another number has the same name and birth date.
    SameName,
}

impl Notice {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NumberChange,
        Self::TwoRecords,
        Self::ProtectionLifted,
        Self::CommentReview,
        Self::Returned,
        Self::NoAddress,
        Self::SameName,
    ];

    /// The kind of the finding (product.md, `findings`).
    pub const fn kind(self) -> &'static str {
        match self {
            Self::NumberChange => "number-change",
            Self::TwoRecords => "two-records",
            Self::ProtectionLifted => "protection-lifted",
            Self::CommentReview => "comment-review",
            Self::Returned => "returned",
            Self::NoAddress => "no-address",
            Self::SameName => "same-name-other-number",
        }
    }

    /// Reads a kind.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.kind() == text)
    }
}

/// Digests of what SPAR last said of a person, part by part: an unchanged statement writes nothing.
/// Keyed with the registry's own salt; zero stands for "said nothing".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The name.
    pub name: u64,
    /// The address.
    pub address: u64,
    /// Alive, dead or deregistered, and why.
    pub status: u64,
    /// Birth date, residence and number links.
    pub rest: u64,
}

impl Said {
    /// The stored form, 32 bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, part) in bytes.chunks_exact_mut(8).zip([self.name, self.address, self.status, self.rest])
        {
            chunk.copy_from_slice(&part.to_be_bytes());
        }
        bytes
    }

    /// Reads the stored form.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut parts =
            bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok()).map(u64::from_be_bytes);
        let said =
            Self { name: parts.next()?, address: parts.next()?, status: parts.next()?, rest: parts.next()? };
        parts.next().is_none().then_some(said)
    }
}

/// Everything about one person that the journal covers.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The current number.
    pub number: IdNumber,
    /// Earlier numbers, oldest first.
    pub former: Vec<IdNumber>,
    /// Own category: `borrower`, …
    pub category: String,
    /// Names.
    pub name: Name,
    /// Date of birth, if it was ever said.
    pub birth_date: Option<NaiveDate>,
    /// Alive, dead, deregistered.
    pub status: Status,
    /// Cause and date of the latter two.
    pub deregistration: Option<Deregistration>,
    /// Spärrad.
    pub blocked: bool,
    /// Why staff blocked them; null when SPAR did.
    pub block_reason: Option<String>,
    /// "Tillåt uppdatering": off keeps SPAR and the population register out.
    pub allow_update: bool,
    /// Staff's words and SPAR's lines, one a line.
    pub comment: Option<String>,
    /// Since when SPAR knows no address (rules.md, spar-import 10).
    pub no_address_since: Option<NaiveDate>,
    /// Since when the home address is a särskild postadress that SPAR said.
    pub special_since: Option<NaiveDate>,
    /// Retention class.
    pub class: Option<String>,
    /// When they came into the registry; the registry itself says it of somebody new.
    pub entered_on: Option<NaiveDate>,
    /// Nothing may remove them as long as it holds.
    pub hold: Option<Hold>,
    /// Marks of protected identity; any makes the person protected.
    pub protection: Vec<Mark>,
    /// At most one of each kind, at most one active.
    pub addresses: BTreeMap<AddressKind, Address>,
    /// At most one of each field.
    pub contacts: BTreeMap<ContactField, Contact>,
    /// Nyckelkod: where in the municipality they are registered.
    pub key_code: Option<String>,
    /// The areas that it is linked to, by activity (verksamhet).
    pub areas: Areas,
    /// When the person last changed each of them, as a UTC instant.
    pub edited: BTreeMap<ContactField, String>,
    /// What the person is in each source of contact details.
    pub categories: Categories,
    /// What each of those sources said last.
    pub heard: Heard,
    /// Open questions with the internal id that they concern, if any.
    pub notices: BTreeMap<Notice, Option<PersonId>>,
    /// What SPAR said last.
    pub said: Option<Said>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({:?}, {}, hidden)", self.number, self.status.name())
    }
}

impl Person {
    /// Somebody new, of whom only the number is known.
    pub fn new(number: IdNumber) -> Self {
        Self {
            number,
            former: Vec::new(),
            category: "borrower".to_owned(),
            name: Name::default(),
            birth_date: None,
            status: Status::Active,
            deregistration: None,
            blocked: false,
            block_reason: None,
            allow_update: true,
            comment: None,
            no_address_since: None,
            special_since: None,
            class: None,
            entered_on: None,
            hold: None,
            protection: Vec::new(),
            addresses: BTreeMap::new(),
            contacts: BTreeMap::new(),
            key_code: None,
            areas: Areas::new(),
            edited: BTreeMap::new(),
            categories: Categories::new(),
            heard: Heard::new(),
            notices: BTreeMap::new(),
            said: None,
        }
    }

    /// Whether any mark of protection stands.
    pub fn is_protected(&self) -> bool {
        !self.protection.is_empty()
    }

    /// Whether it is the person's own category, or one that a source gave.
    pub fn has_category(&self, name: &str) -> bool {
        self.category == name || self.categories.values().flatten().any(|category| category.name() == name)
    }

    /// The kind of the active address, if any is.
    pub fn active_address(&self) -> Option<AddressKind> {
        self.addresses.iter().find(|(_, address)| address.active).map(|(kind, _)| *kind)
    }

    /// Stores an address; an active one takes that from the others. Any address stops the clock of rule 10, and a new
    /// home is no särskild postadress unless SPAR says so again.
    pub fn put_address(&mut self, kind: AddressKind, address: Address) {
        if address.active {
            for (other, stored) in &mut self.addresses {
                stored.active &= *other == kind;
            }
        }
        if kind == AddressKind::Home {
            self.special_since = None;
        }
        self.addresses.insert(kind, address);
        self.no_address_since = None;
        self.notices.remove(&Notice::NoAddress);
    }

    /// Adds a line to the comment, once, never over what staff wrote (rules.md, spar-import 14).
    pub fn add_comment_line(&mut self, line: &str) {
        let known = self.comment.as_deref().is_some_and(|text| text.lines().any(|stored| stored == line));
        if known {
            return;
        }
        self.comment = Some(match self.comment.take() {
            Some(text) if !text.is_empty() => format!("{text}\n{line}"),
            _ => line.to_owned(),
        });
    }

    /// A change of number: the old one becomes a former one, unless the person is protected: then no link stays.
    pub fn change_number(&mut self, to: IdNumber) {
        let old = std::mem::replace(&mut self.number, to);
        self.former.retain(|former| former.key() != to.key() && former.key() != old.key());
        if old.key() != to.key() && !self.is_protected() {
            self.former.push(old);
        }
    }
}

#[cfg(test)]
mod tests;
