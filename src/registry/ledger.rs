//! What SPAR was asked and what it answered, by number. Not journaled.

use chrono::NaiveDate;
use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, Statement, params};

use super::Registry;
use super::along::Along;
use super::files::FileId;
use crate::domain::day::iso;
use crate::domain::id_number::NumberKey;
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::{PersonId, Said};
use crate::domain::spar::recognised::PostMark;
use crate::failure::Result;

/// The ledger's row for one number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// On SPAR's list before we came (`person import --known`).
    pub known_to_spar: bool,
    /// The name of the list that asked.
    pub list: Option<String>,
    /// When it was sent.
    pub sent_on: Option<NaiveDate>,
    /// When the answer is due.
    pub answer_due_on: Option<NaiveDate>,
    /// When the first answer came.
    pub answered_on: Option<NaiveDate>,
}

/// What an import asks about a number now and then.
pub struct Lookup<'r> {
    statement: Statement<'r>,
    files: Files<'r>,
}

/// The answer of a [`Lookup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Whose number it is or was.
    pub person: PersonId,
    /// Whether it is the current one.
    pub is_current: bool,
    /// What SPAR said last.
    pub said: Option<Said>,
    /// The post in which it said so.
    pub post: Option<PostMark>,
    /// Whether SPAR ever answered for this number.
    pub is_answered: bool,
}

/// As [`Lookup`], for the numbers of a file one after the other while nothing is written: one look-up for an unchanged
/// post.
pub struct LookupAlong<'r> {
    rows: Along<'r, SeenRow>,
    files: Files<'r>,
}

/// A row of the table: what an undone file said or answered counts as not said.
#[derive(Clone, Copy)]
struct SeenRow {
    person: PersonId,
    is_current: bool,
    said: Option<Said>,
    said_in: Option<i64>,
    answered_in: Option<i64>,
    post: Option<PostMark>,
}

/// Which files stand applied. Few files are behind many numbers.
struct Files<'r> {
    statement: Statement<'r>,
    applied: BTreeMap<i64, bool>,
}

impl Lookup<'_> {
    /// One number.
    pub fn find(&mut self, key: NumberKey) -> Result<Option<Seen>> {
        let row = self.statement.query_row(params![key.0], seen).optional()?;
        row.map(|row| self.files.judge(row)).transpose()
    }
}

impl LookupAlong<'_> {
    /// One number.
    pub fn find(&mut self, key: NumberKey) -> Result<Option<Seen>> {
        let row = self.rows.find(key.0, seen)?;
        row.map(|row| self.files.judge(row)).transpose()
    }
}

impl Files<'_> {
    fn judge(&mut self, row: SeenRow) -> Result<Seen> {
        let stands = match row.said_in {
            Some(file) => self.is_applied(file)?,
            None => true,
        };
        Ok(Seen {
            person: row.person,
            is_current: row.is_current,
            said: row.said.filter(|_| stands),
            post: row.post.filter(|_| stands),
            is_answered: match row.answered_in {
                Some(file) => self.is_applied(file)?,
                None => false,
            },
        })
    }

    fn is_applied(&mut self, file: i64) -> Result<bool> {
        if let Some(known) = self.applied.get(&file) {
            return Ok(*known);
        }
        let is_applied = self.statement.exists(params![file])?;
        self.applied.insert(file, is_applied);
        Ok(is_applied)
    }
}

fn seen(row: &Row<'_>) -> rusqlite::Result<SeenRow> {
    let post: Option<i64> = row.get(6)?;
    Ok(SeenRow {
        person: PersonId(row.get(1)?),
        is_current: row.get::<_, i64>(2)? == 0,
        said: row.get_ref(3)?.as_blob_or_null()?.and_then(Said::from_bytes),
        said_in: row.get(4)?,
        answered_in: row.get(5)?,
        post: post.map(|mark| PostMark(mark.cast_unsigned())),
    })
}

const SEEN: &str =
    "SELECT key, person_id, former, said, said_in, answered_in, post FROM number WHERE key = ?";
const SEEN_ALONG: &str = "SELECT key, person_id, former, said, said_in, answered_in, post
     FROM number WHERE key >= :key ORDER BY key LIMIT :most";
// The first post of a file that stands applied is a number's answer; the last one that left nothing open is remembered.
const TAKE_NOTE: &str =
    "UPDATE number SET post = coalesce(?4, post), answered_on = coalesce(?2, answered_on),
            answered_in = coalesce(?3, answered_in)
     WHERE key = ?1";

/// That a post came for a number.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    /// The number.
    pub key: NumberKey,
    /// It answers a list: on this day, in this file.
    pub answer: Option<(NaiveDate, FileId)>,
    /// By what it is known again.
    pub post: Option<PostMark>,
}

impl Note {
    /// The columns `answered_on`, `answered_in` and `post`.
    pub(in crate::registry) fn values(self) -> (Option<String>, Option<i64>, Option<i64>) {
        (
            self.answer.map(|(on, _)| iso(on)),
            self.answer.map(|(_, file)| file.0),
            self.post.map(|mark| mark.0.cast_signed()),
        )
    }
}

impl Registry {
    /// Prepares looking numbers up.
    pub fn lookup(&self) -> Result<Lookup<'_>> {
        Ok(Lookup { statement: self.connection().prepare(SEEN)?, files: self.files_behind_numbers()? })
    }

    /// Prepares looking the numbers of a file up.
    pub fn lookup_along(&self) -> Result<LookupAlong<'_>> {
        let rows = Along::prepare(self.connection(), SEEN_ALONG)?;
        Ok(LookupAlong { rows, files: self.files_behind_numbers()? })
    }

    fn files_behind_numbers(&self) -> Result<Files<'_>> {
        let sql = "SELECT 1 FROM file WHERE id = ? AND state = 'applied'";
        Ok(Files { statement: self.connection().prepare(sql)?, applied: BTreeMap::new() })
    }

    /// Notes that a post came.
    pub fn take_note(&self, note: Note) -> Result<()> {
        let (on, file, post) = note.values();
        self.connection().prepare_cached(TAKE_NOTE)?.execute(params![note.key.0, on, file, post])?;
        Ok(())
    }

    /// The ledger's row for a number; empty if there is none.
    pub fn ledger_entry(&self, key: NumberKey) -> Result<Entry> {
        let sql =
            "SELECT known_to_spar, (SELECT name FROM spar_list WHERE id = list_id), sent_on, answer_due_on,
                          CASE WHEN EXISTS (SELECT 1 FROM file WHERE id = answered_in AND state = 'applied')
                               THEN answered_on END
                   FROM number WHERE key = ?";
        let row = self.connection().prepare_cached(sql)?.query_row(params![key.0], |row| {
            let date = |column| -> rusqlite::Result<Option<NaiveDate>> {
                let text: Option<String> = row.get(column)?;
                Ok(text.and_then(|text| text.parse().ok()))
            };
            Ok(Entry {
                known_to_spar: row.get(0)?,
                list: row.get(1)?,
                sent_on: date(2)?,
                answer_due_on: date(3)?,
                answered_on: date(4)?,
            })
        });
        Ok(row.optional()?.unwrap_or_default())
    }

    /// An undone file is applied again: what it said and answered the first time is forgotten, so that it is news.
    pub fn forget_statements(&self, file: FileId) -> Result<()> {
        let answers = "UPDATE number SET answered_on = NULL, answered_in = NULL WHERE answered_in = ?";
        let said = "UPDATE number SET said = NULL, said_in = NULL, post = NULL WHERE said_in = ?";
        for sql in [answers, said] {
            self.connection().prepare_cached(sql)?.execute(params![file.0])?;
        }
        Ok(())
    }

    /// SPAR has this number on its list already (`person import --known`).
    pub fn mark_known(&self, key: NumberKey) -> Result<()> {
        let sql = "UPDATE number SET known_to_spar = 1 WHERE key = ?";
        self.connection().prepare_cached(sql)?.execute(params![key.0])?;
        Ok(())
    }

    /// Everybody who was never asked about counts as on SPAR's list. Gives how many that are.
    pub fn forgo_queue(&self) -> Result<u64> {
        let sql = "UPDATE number SET known_to_spar = 1
                   WHERE former = 0 AND known_to_spar = 0 AND sent_on IS NULL AND answered_on IS NULL";
        Ok(self.connection().prepare_cached(sql)?.execute([])? as u64)
    }

    /// Leaves the number out of the next list (`person set --refreshed`).
    pub fn mark_refreshed(&self, key: NumberKey) -> Result<()> {
        let sql = "UPDATE number SET refreshed = 1 WHERE key = ?";
        self.connection().prepare_cached(sql)?.execute(params![key.0])?;
        Ok(())
    }

    /// SPAR is asked anew (`person unprotect`).
    pub fn ask_anew(&self, key: NumberKey) -> Result<()> {
        let sql = "UPDATE number SET known_to_spar = 0, refreshed = 0, list_id = NULL, sent_on = NULL,
                          answer_due_on = NULL, answered_on = NULL, answered_in = NULL, said = NULL, said_in = NULL, post = NULL
                   WHERE key = ?";
        self.connection().prepare_cached(sql)?.execute(params![key.0])?;
        Ok(())
    }

    /// Whether a number is refused: a former number of a protected person.
    pub fn is_refused(&self, hash: KeyedHash) -> Result<bool> {
        Ok(self
            .connection()
            .prepare_cached("SELECT 1 FROM refused_number WHERE hash = ?")?
            .exists(params![hash.to_bytes()])?)
    }

    /// Whether a source can't bring somebody with this number in: refused, or disposed of earlier. By hand the latter can
    /// come back (rules.md, purge).
    pub fn is_turned_away(&self, hash: KeyedHash) -> Result<bool> {
        Ok(self.is_refused(hash)? || self.is_disposed(hash)?)
    }

    /// Whether any number is refused at all: most registries have none, and hashing each row costs.
    pub fn refuses_any(&self) -> Result<bool> {
        Ok(self.connection().prepare_cached("SELECT 1 FROM refused_number LIMIT 1")?.exists([])?)
    }
}
