//! What sync-contacts asks and remembers beside people: settled rows, deliveries, refused numbers, namesakes.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Statement, params};

use super::Registry;
use super::along::Along;
use super::files::{FileId, State};
use super::runs::RunId;
use crate::domain::contact::source::SourceCategory;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};

/// What a sync asks about each number: one look-up for a row that left nothing to do last time.
pub struct SourceLookup<'r> {
    rows: Along<'r, SeenBySource>,
}

/// The answer of a [`SourceLookup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenBySource {
    /// Whose number it is or was.
    pub person: PersonId,
    /// The digest of the row that left nothing to do.
    pub digest: Option<u64>,
}

impl SourceLookup<'_> {
    /// One number; nothing may be written meanwhile.
    pub fn find(&mut self, key: NumberKey) -> Result<Option<SeenBySource>> {
        self.rows.find(key.0, |row| {
            let digest: Option<i64> = row.get(2)?;
            Ok(SeenBySource { person: PersonId(row.get(1)?), digest: digest.map(i64::cast_unsigned) })
        })
    }
}

/// Notes that a row left nothing to do.
pub struct Settler<'r> {
    statement: Statement<'r>,
}

impl Settler<'_> {
    /// The same row again is known by its digest until the person's details change.
    pub fn settle(&mut self, person: PersonId, source: &str, digest: u64) -> Result<()> {
        self.statement.execute(params![person.0, source, digest.cast_signed()])?;
        Ok(())
    }
}

/// Somebody's number, names and birth date.
#[derive(Clone, Copy)]
pub struct Named<'r> {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: IdNumber,
    /// Whether they are protected.
    pub is_protected: bool,
    /// First name.
    pub first: Option<&'r str>,
    /// Last name.
    pub last: Option<&'r str>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
}

impl Registry {
    /// Prepares looking numbers up for a source.
    pub fn source_lookup(&self, source: &str) -> Result<SourceLookup<'_>> {
        let sql = "SELECT n.key, n.person_id, s.digest
                   FROM number AS n LEFT JOIN source_statement AS s ON s.person_id = n.person_id AND s.source = :source
                   WHERE n.key >= :key ORDER BY n.key LIMIT :most";
        let mut rows = Along::prepare(self.connection(), sql)?;
        rows.bind(":source", source)?;
        Ok(SourceLookup { rows })
    }

    /// Prepares noting settled rows.
    pub fn settler(&self) -> Result<Settler<'_>> {
        let sql = "UPDATE source_statement SET digest = ?3 WHERE person_id = ?1 AND source = ?2 AND digest IS NOT ?3";
        Ok(Settler { statement: self.connection().prepare(sql)? })
    }

    /// How many rows a source's last file had that stands applied.
    pub fn last_delivery(&self, source: &str) -> Result<Option<u64>> {
        let sql = "SELECT d.rows FROM source_delivery AS d JOIN run AS r ON r.id = d.run_id
                   WHERE d.source = ? AND r.undone_by IS NULL ORDER BY d.id DESC LIMIT 1";
        let rows: Option<i64> =
            self.connection().prepare_cached(sql)?.query_row(params![source], |row| row.get(0)).optional()?;
        Ok(rows.map(i64::unsigned_abs))
    }

    /// Remembers how many rows a file had.
    pub fn put_delivery(&self, run: RunId, source: &str, rows: u64) -> Result<()> {
        let sql = "INSERT INTO source_delivery (run_id, source, rows) VALUES (?, ?, ?)";
        self.connection().prepare_cached(sql)?.execute(params![run.0, source, rows.cast_signed()])?;
        Ok(())
    }

    /// Held files of a source are out of date once another one is applied.
    pub fn give_up_held(&self, source: &str, but: FileId) -> Result<()> {
        let sql = "UPDATE file SET state = ?3 WHERE kind = 'contacts' AND customer = ?1 AND state = 'held' AND id <> ?2";
        let values = params![source, but.0, State::Rejected.name()];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Replaces the refused numbers of a source's last file: keyed hashes, each with the line that it stood in.
    pub fn put_refused_of(&self, source: &str, refused: &[(KeyedHash, u64)]) -> Result<()> {
        let delete = "DELETE FROM source_refused WHERE source = ?";
        self.connection().prepare_cached(delete)?.execute(params![source])?;
        let insert = "INSERT OR IGNORE INTO source_refused (source, hash, line) VALUES (?, ?, ?)";
        for (hash, line) in refused {
            let values = params![source, hash.to_bytes(), line.cast_signed()];
            self.connection().prepare_cached(insert)?.execute(values)?;
        }
        Ok(())
    }

    /// How many contact details these people have.
    pub fn count_contacts(&self, is_counted: impl Fn(PersonId) -> bool) -> Result<u64> {
        let mut statement = self.connection().prepare_cached("SELECT person_id FROM contact")?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += u64::from(is_counted(PersonId(row.get(0)?)));
        }
        Ok(count)
    }

    /// As [`Self::count_contacts`], of everybody but these runs of people.
    pub fn count_contacts_but(&self, runs: &[(PersonId, PersonId)]) -> Result<u64> {
        let all: i64 = self.connection().query_row("SELECT count(*) FROM contact", [], |row| row.get(0))?;
        let sql = "SELECT count(*) FROM contact WHERE person_id BETWEEN ? AND ?";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut others = 0_i64;
        for (first, last) in runs {
            others += statement.query_row(params![first.0, last.0], |row| row.get::<_, i64>(0))?;
        }
        Ok((all - others).unsigned_abs())
    }

    /// Hands everybody's number, names and birth date to `visit`.
    pub fn each_named(&self, mut visit: impl FnMut(Named<'_>) -> Result<()>) -> Result<()> {
        let sql =
            "SELECT id, id_number, id_kind, concealment <> 0, first_name, last_name, birth_date FROM person
                   WHERE first_name IS NOT NULL AND last_name IS NOT NULL";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |column: usize| -> rusqlite::Result<Option<&str>> {
                Ok(row.get_ref(column)?.as_str_or_null()?)
            };
            let kind = text(2)?.and_then(IdKind::parse);
            let number = kind.and_then(|kind| IdNumber::from_stored(text(1).ok()??, kind));
            visit(Named {
                person: PersonId(row.get(0)?),
                number: number.ok_or_else(|| Failure::internal("a stored number that is none"))?,
                is_protected: row.get(3)?,
                first: text(4)?,
                last: text(5)?,
                birth_date: text(6)?.and_then(|date| date.parse().ok()),
            })?;
        }
        Ok(())
    }

    /// People whose own category it is or to whom a source gave it, in order; protected ones never.
    pub fn people_of_category(&self, category: &str) -> Result<Vec<PersonId>> {
        let sql = "SELECT id FROM person WHERE concealment = 0 AND (category = ?1 OR (?2 AND id IN
                       (SELECT person_id FROM source_statement WHERE instr(',' || categories || ',', ',' || ?1 || ',') > 0)))
                   ORDER BY id";
        let is_of_sources = SourceCategory::parse(category).is_some();
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![category, is_of_sources], |row| row.get(0).map(PersonId))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
