//! The search: its index, and what a typed text finds. The index only proposes; whether somebody is shown, and with which
//! values, is read from the registry and the population register at that moment. (rules.md, Areas; Protection)

mod build;
mod erase;
mod find;

pub use build::{Indexer, Put, Searchable};
pub use find::{Exact, Found, Hit, Registered};

use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::Registry;

/// Entries from here on are of the population register only; below it, of people.
const FIRST_ROW: i64 = 1 << 61;
const BUILT: &str = "search-built";

/// Whose entry it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Somebody in the registry.
    Person(PersonId),
    /// A number that only the population register has.
    Number(NumberKey),
}

impl Whose {
    const fn entry(self) -> i64 {
        match self {
            Self::Person(id) => id.0,
            Self::Number(key) => FIRST_ROW.saturating_add(key.0),
        }
    }

    const fn of(entry: i64) -> Self {
        if entry < FIRST_ROW {
            Self::Person(PersonId(entry))
        } else {
            Self::Number(NumberKey(entry - FIRST_ROW))
        }
    }
}

impl Registry {
    /// When the index was built, as a UTC instant; none if it never was.
    pub fn search_built(&self) -> Result<Option<String>> {
        self.meta(BUILT)
    }

    /// Remembers when the index was built.
    pub fn note_search_built(&self, at: &str) -> Result<()> {
        self.set_meta(BUILT, at)
    }
}

#[cfg(test)]
mod tests;
