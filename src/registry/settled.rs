//! Rows of `person import` that left nothing to do: known by a keyed digest, one look-up each.

use rusqlite::{Statement, params};

use super::Registry;
use super::along::Along;
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// What an import of people asks about each number.
pub struct RowLookup<'r> {
    rows: Along<'r, SeenInRow>,
}

/// The answer of a [`RowLookup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenInRow {
    /// Whose number it is or was.
    pub person: PersonId,
    /// The digest of the row that left nothing to do.
    pub digest: Option<u64>,
}

impl RowLookup<'_> {
    /// One number; nothing may be written meanwhile.
    pub fn find(&mut self, key: NumberKey) -> Result<Option<SeenInRow>> {
        self.rows.find(key.0, |row| {
            let digest: Option<i64> = row.get(2)?;
            Ok(SeenInRow { person: PersonId(row.get(1)?), digest: digest.map(i64::cast_unsigned) })
        })
    }
}

/// Notes that a row left nothing to do.
pub struct RowSettler<'r> {
    statement: Statement<'r>,
}

impl RowSettler<'_> {
    /// The same row again is known by its digest until anything of the person is written.
    pub fn settle(&mut self, person: PersonId, digest: u64) -> Result<()> {
        self.statement.execute(params![person.0, digest.cast_signed()])?;
        Ok(())
    }
}

impl Registry {
    /// Prepares looking up the numbers of a file of people.
    pub fn row_lookup(&self) -> Result<RowLookup<'_>> {
        let sql = "SELECT n.key, n.person_id, s.digest
                   FROM number AS n LEFT JOIN settled_row AS s ON s.person_id = n.person_id
                   WHERE n.key >= :key ORDER BY n.key LIMIT :most";
        Ok(RowLookup { rows: Along::prepare(self.connection(), sql)? })
    }

    /// Prepares noting settled rows.
    pub fn row_settler(&self) -> Result<RowSettler<'_>> {
        let sql = "INSERT INTO settled_row (person_id, digest) VALUES (?1, ?2)
                   ON CONFLICT (person_id) DO UPDATE SET digest = ?2 WHERE digest <> ?2";
        Ok(RowSettler { statement: self.connection().prepare(sql)? })
    }
}
