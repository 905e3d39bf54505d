//! The links between the numbers of one SPAR file, and what they mean for people.

use rusqlite::{OptionalExtension, Row, params};

use super::posts::Posts;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::failure::Result;

/// What the links mean for a person, as staged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The links say what is so already.
    AlreadyDone,
    /// They get the number at the end of their steps.
    To,
    /// Another record has it or claims it.
    OtherRecord(PersonId),
    /// Nothing that a machine may follow.
    Unclear,
}

impl Posts {
    /// Takes a link in.
    pub fn add_link(&self, old: &IdNumber, new: &IdNumber) -> Result<()> {
        let values = params![old.key().0, new.key().0, old.kind().name(), new.kind().name()];
        self.prepare("INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?)")?.execute(values)?;
        Ok(())
    }

    /// The numbers that a number was replaced by.
    pub fn successors(&self, key: NumberKey) -> Result<Vec<IdNumber>> {
        let mut statement = self.prepare("SELECT new, new_kind FROM link WHERE old = ?")?;
        let rows = statement.query_map(params![key.0], |row| number(row, 0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// All numbers that a number is linked with, either way.
    pub fn neighbours(&self, key: NumberKey) -> Result<Vec<NumberKey>> {
        let mut statement =
            self.prepare("SELECT new FROM link WHERE old = ?1 UNION SELECT old FROM link WHERE new = ?1")?;
        let rows = statement.query_map(params![key.0], |row| row.get(0).map(NumberKey))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// All numbers that a link names.
    pub fn linked_numbers(&self) -> Result<Vec<NumberKey>> {
        let mut statement = self.prepare("SELECT old FROM link UNION SELECT new FROM link ORDER BY 1")?;
        Ok(statement.query_map([], |row| row.get(0).map(NumberKey))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers what the links mean for a person.
    pub fn put_renumbering(&self, person: PersonId, outcome: Outcome, path: &[IdNumber]) -> Result<()> {
        let (word, other) = match outcome {
            Outcome::AlreadyDone => ("done", None),
            Outcome::To => ("to", None),
            Outcome::OtherRecord(other) => ("other", Some(other.0)),
            Outcome::Unclear => ("unclear", None),
        };
        let key = path.last().map(|number| number.key().0);
        self.prepare("INSERT OR REPLACE INTO renumbering VALUES (?, ?, ?, ?)")?
            .execute(params![person.0, word, key, other])?;
        for (place, number) in (0_i64..).zip(path) {
            let values = params![person.0, place, number.key().0, number.kind().name()];
            self.prepare("INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?)")?.execute(values)?;
        }
        self.add_several(person)
    }

    /// Of people who claim one number, none gets it: each is told of the other.
    pub fn refuse_shared_claims(&self) -> Result<()> {
        let sql = "UPDATE renumbering SET outcome = 'other', other =
                       (SELECT min(o.person) FROM renumbering AS o
                        WHERE o.outcome IN ('to', 'other') AND o.key = renumbering.key AND o.person <> renumbering.person)
                   WHERE outcome = 'to' AND EXISTS
                       (SELECT 1 FROM renumbering AS o
                        WHERE o.outcome IN ('to', 'other') AND o.key = renumbering.key AND o.person <> renumbering.person)";
        self.prepare(sql)?.execute([])?;
        Ok(())
    }

    /// What the links mean for a person, with the numbers on the way.
    pub fn renumbering(&self, person: PersonId) -> Result<Option<(Outcome, Vec<IdNumber>)>> {
        let mut statement = self.prepare("SELECT outcome, other FROM renumbering WHERE person = ?")?;
        let row: Option<(String, Option<i64>)> =
            statement.query_row(params![person.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((word, other)) = row else { return Ok(None) };
        let outcome = match (word.as_str(), other) {
            ("to", _) => Outcome::To,
            ("other", Some(other)) => Outcome::OtherRecord(PersonId(other)),
            ("done", _) => Outcome::AlreadyDone,
            _ => Outcome::Unclear,
        };
        let mut steps = self.prepare("SELECT key, kind FROM step WHERE person = ? ORDER BY place")?;
        let path =
            steps.query_map(params![person.0], |row| number(row, 0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Some((outcome, path)))
    }
}

fn number(row: &Row<'_>, at: usize) -> rusqlite::Result<IdNumber> {
    let kind: String = row.get(at + 1)?;
    let number = IdKind::parse(&kind).and_then(|kind| IdNumber::from_key(NumberKey(row.get(at).ok()?), kind));
    number.ok_or_else(|| rusqlite::Error::IntegralValueOutOfRange(at, 0))
}
