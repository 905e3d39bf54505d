//! What a typed text finds: an exact number first, then whole words of the name, words of the name that begin so, and
//! anything else; among equals in order of the entries.

use std::collections::BTreeSet;

use rusqlite::Error::InvalidColumnType;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, Statement, params};

use super::Whose;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::domain::search::Wanted;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::people::{Concealment, Reader, Stored};

const MATCH: &str = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid";
const MATCH_NAME: &str = "SELECT rowid FROM search_name WHERE search_name MATCH ? ORDER BY rowid";
const ROW: &str = "SELECT kind, municipality, nonresident, present, protected, key_code, first_name, middle_name, last_name,
            care_of, street, postal_code, city, property, deceased_date
     FROM population WHERE key = ?";

/// A row of the population register; of a protected person only municipality and marks are stored.
pub struct Registered {
    /// The number.
    pub number: IdNumber,
    /// Municipality code, four digits.
    pub municipality: String,
    /// From a file of people registered elsewhere.
    pub nonresident: bool,
    /// In the last extract.
    pub present: bool,
    /// Marked protected.
    pub protected: bool,
    /// Key code (nyckelkod).
    pub key_code: Option<String>,
    /// First, middle and last name.
    pub name: [Option<String>; 3],
    /// c/o, street, postal code, city.
    pub place: [Option<String>; 4],
    /// Fastighetsbeteckning.
    pub property: Option<String>,
    /// Date of death, as delivered.
    pub deceased_date: Option<String>,
}

/// Somebody who was found.
pub struct Hit {
    /// In the registry, as they are now.
    pub person: Option<Stored>,
    /// In the population register, as it is now.
    pub row: Option<Registered>,
    /// Nothing but what a protected person shows may leave the program.
    pub is_protected: bool,
}

/// What was found, best first.
pub struct Found {
    /// At most as many as asked for.
    pub hits: Vec<Hit>,
    /// There are more.
    pub more: bool,
}

/// What is found without the index: an exact number or an internal id.
#[derive(Clone, Copy, Debug)]
pub enum Exact {
    /// A whole number.
    Number(IdNumber),
    /// `person:17`
    Person(PersonId),
}

impl Registry {
    /// Finds people, at most `most`. Protected ones only by what is exact.
    pub fn search(&self, exact: Option<Exact>, wanted: Option<&Wanted>, most: usize) -> Result<Found> {
        self.snapshot(|| {
            let mut finder = Finder::new(self, most)?;
            if let Some(exact) = exact {
                finder.exact(exact)?;
            }
            for (sql, question) in wanted.map(questions).into_iter().flatten() {
                finder.ask(sql, &question)?;
            }
            Ok(Found { more: finder.hits.len() > most, hits: finder.hits.into_iter().take(most).collect() })
        })
    }
}

/// The same words, asked of ever more: FTS5's language, in which the words are quoted strings of letters and digits.
fn questions(wanted: &Wanted) -> [(&'static str, String); 3] {
    let all = |after: &str| {
        let words: Vec<String> = wanted.words().iter().map(|word| format!("\"{word}\"{after}")).collect();
        words.join(" AND ")
    };
    [(MATCH_NAME, all("")), (MATCH_NAME, all(" *")), (MATCH, all(" *"))]
}

struct Finder<'r> {
    registry: &'r Registry,
    people: Reader<'r>,
    row: Statement<'r>,
    numbers: Statement<'r>,
    seen: BTreeSet<Whose>,
    hits: Vec<Hit>,
    most: usize,
}

impl<'r> Finder<'r> {
    fn new(registry: &'r Registry, most: usize) -> Result<Self> {
        let connection = registry.connection();
        Ok(Self {
            registry,
            people: registry.people()?,
            row: connection.prepare(ROW)?,
            numbers: connection.prepare("SELECT key FROM number WHERE person_id = ? ORDER BY former")?,
            seen: BTreeSet::new(),
            hits: Vec::new(),
            most,
        })
    }

    /// One more than wanted tells that there are more.
    fn is_full(&self) -> bool {
        self.hits.len() > self.most
    }

    fn exact(&mut self, exact: Exact) -> Result<()> {
        match exact {
            Exact::Person(id) => self.add(Whose::Person(id), |_| true),
            Exact::Number(number) => {
                let whose = self.whose(number.key())?;
                // A former number must not lead to a protected person: it would link the old one to the new.
                self.add(whose, |hit| {
                    hit.person.as_ref().is_none_or(|stored| stored.person.number.key() == number.key())
                })
            }
        }
    }

    fn ask(&mut self, sql: &str, question: &str) -> Result<()> {
        if self.is_full() {
            return Ok(());
        }
        let mut statement = self.registry.connection().prepare_cached(sql)?;
        let mut rows = statement.query(params![question])?;
        while let Some(row) = rows.next()? {
            let whose = match Whose::of(row.get(0)?) {
                Whose::Person(id) => Whose::Person(id),
                // Somebody with this number may have entered since the index was built.
                Whose::Number(key) => self.whose(key)?,
            };
            self.add(whose, |_| false)?;
            if self.is_full() {
                break;
            }
        }
        Ok(())
    }

    fn whose(&mut self, key: NumberKey) -> Result<Whose> {
        Ok(self.people.holder(key)?.map_or(Whose::Number(key), Whose::Person))
    }

    /// Takes somebody in as they are now; a protected person only if `may` says so.
    fn add(&mut self, whose: Whose, may: impl Fn(&Hit) -> bool) -> Result<()> {
        if !self.seen.insert(whose) {
            return Ok(());
        }
        let hit = match whose {
            Whose::Person(id) => self.person(id)?,
            Whose::Number(key) => self.registered(key)?.map(|row| Hit {
                is_protected: row.protected,
                person: None,
                row: Some(row),
            }),
        };
        self.hits.extend(hit.filter(|hit| !hit.is_protected || may(hit)));
        Ok(())
    }

    fn person(&mut self, id: PersonId) -> Result<Option<Hit>> {
        let Some(stored) = self.people.find(id)? else { return Ok(None) };
        let keys = self.numbers.query_map(params![id.0], |row| row.get(0).map(NumberKey))?;
        let mut rows = Vec::new();
        for key in keys.collect::<rusqlite::Result<Vec<_>>>()? {
            rows.extend(self.registered(key)?);
        }
        let is_hidden = stored.concealment != Concealment::Open || stored.person.is_protected();
        let is_protected = is_hidden || rows.iter().any(|row| row.protected);
        Ok(Some(Hit { person: Some(stored), row: rows.into_iter().next(), is_protected }))
    }

    fn registered(&mut self, key: NumberKey) -> Result<Option<Registered>> {
        Ok(self.row.query_row(params![key.0], |row| registered(key, row)).optional()?)
    }
}

fn registered(key: NumberKey, row: &Row<'_>) -> rusqlite::Result<Registered> {
    let kind = IdKind::parse(row.get_ref(0)?.as_str()?);
    let number = kind.and_then(|kind| IdNumber::from_key(key, kind));
    Ok(Registered {
        number: number.ok_or_else(|| InvalidColumnType(0, String::new(), Type::Text))?,
        municipality: row.get(1)?,
        nonresident: row.get(2)?,
        present: row.get(3)?,
        protected: row.get(4)?,
        key_code: row.get(5)?,
        name: [row.get(6)?, row.get(7)?, row.get(8)?],
        place: [row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?],
        property: row.get(13)?,
        deceased_date: row.get(14)?,
    })
}
