//! The words of the search: what names, places and numbers become, and what a typed text looks for. The index and the
//! text pass the same folding, so that they can't differ. (rules.md, Areas: update-search / search)

mod fold;
mod wanted;

pub use wanted::{MOST_WORDS, Wanted, WantedError};

use chrono::{NaiveDateTime, TimeDelta};

use super::id_number::NumberKey;
use fold::fold;

/// What the search finds one person by: folded words in order, blanks between.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Words of first, called, middle and last names.
    pub names: String,
    /// Words of addresses of every kind, and of the property.
    pub places: String,
    /// Current and former numbers, with and without century.
    pub numbers: String,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entry(hidden)")
    }
}

/// Gathers the words of one person; order and repetition of what is added don't show.
#[derive(Default)]
pub struct Gathering {
    names: Vec<String>,
    places: Vec<String>,
    numbers: Vec<String>,
}

impl Gathering {
    /// A name, or a part of one.
    pub fn name(&mut self, name: &str) {
        fold(name, &mut self.names);
    }

    /// A line of an address, a city, a property.
    pub fn place(&mut self, place: &str) {
        fold(place, &mut self.places);
    }

    /// A postal code. `602 99` and `60299` are one, and both can be typed.
    pub fn postal_code(&mut self, code: &str) {
        let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        match digits.split_at_checked(3) {
            Some((_, end)) if digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.places.push(end.to_owned());
                self.places.push(digits);
            }
            Some(_) | None => self.place(code),
        }
    }

    /// A number, current or former.
    pub fn number(&mut self, key: NumberKey) {
        let Some(text) = key.reveal() else { return };
        let whole: String =
            text.chars().filter(|letter| *letter != '-').map(|letter| letter.to_ascii_lowercase()).collect();
        // Ten characters are a CPR number, which has no century.
        self.numbers.extend(whole.get(2..).filter(|_| whole.len() == 12).map(str::to_owned));
        self.numbers.push(whole);
    }

    /// The entry.
    pub fn entry(self) -> Entry {
        Entry { names: sorted(self.names), places: sorted(self.places), numbers: sorted(self.numbers) }
    }
}

fn sorted(mut words: Vec<String>) -> String {
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// Whether an index that was built then is older than a day now; both in UTC.
pub fn is_old(built: NaiveDateTime, now: NaiveDateTime) -> bool {
    now.signed_duration_since(built) > TimeDelta::days(1)
}

#[cfg(test)]
mod tests;
