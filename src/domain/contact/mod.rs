//! E-mail and phone numbers: what is stored, what sources say, and what that comes to. (rules.md, sync-contacts)

pub mod candidate;
pub mod edit;
pub mod gather;
pub mod merge;
pub mod newcomer;
pub mod policy;
pub mod source;
pub mod value;

use serde::{Deserialize, Serialize};

/// Which contact detail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactField {
    /// E-postadress.
    Email,
    /// Mobilnummer.
    Mobile,
    /// Fast telefon.
    Phone,
}

impl ContactField {
    /// All fields in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Email, Self::Mobile, Self::Phone];

    /// The name in files, JSON and the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mobile => "mobile",
            Self::Phone => "phone",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == text)
    }
}

/// The origin of what the person said themselves.
pub const PERSON: &str = "person";
/// The origin of what staff wrote.
pub const STAFF: &str = "staff";
const SOURCE: &str = "source:";

/// A stored value with its origin.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// As it was given.
    pub value: String,
    /// `source:NAME`, `person`, `staff` or `import`.
    pub origin: String,
    /// Whether the person changed it, so that sources leave it alone.
    pub user_changed: bool,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contact(hidden, {})", self.origin)
    }
}

impl Contact {
    /// What a source said.
    pub fn of_source(value: &str, source: &str) -> Self {
        Self { value: value.to_owned(), origin: format!("{SOURCE}{source}"), user_changed: false }
    }

    /// The source that it came from, if it came from one.
    pub fn source(&self) -> Option<&str> {
        self.origin.strip_prefix(SOURCE)
    }
}
