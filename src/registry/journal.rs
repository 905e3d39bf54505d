//! Reading the journal: for undo, for the log's lines per person, for what a run changed.

mod short;
mod words;

pub use short::offer_to_statements;
pub(in crate::registry) use short::{in_short, written_out};

use rusqlite::types::ValueRef;
use rusqlite::{Row, params};
use serde_json::Value;

use super::Registry;
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// One journal row.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id; later rows have higher ones.
    pub id: i64,
    /// Which run.
    pub run: RunId,
    /// Whom it concerns.
    pub person: PersonId,
    /// `created`, `changed`, `removed`.
    pub verb: String,
    /// `[[field, before, after, rule], …]` or the whole person; none if it was erased.
    pub changes: Option<Value>,
    /// UTC instant.
    pub at: String,
}

const COLUMNS: &str = "SELECT id, run_id, person_id, verb, changes, at FROM journal";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        run: RunId(row.get(1)?),
        person: PersonId(row.get(2)?),
        verb: row.get(3)?,
        changes: changes(row.get_ref(4)?)?,
        at: row.get(5)?,
    })
}

/// What a row says changed; none if that was erased.
pub(in crate::registry) fn changes(stored: ValueRef<'_>) -> rusqlite::Result<Option<Value>> {
    let text = stored.as_str_or_null()?;
    Ok(text.and_then(|text| serde_json::from_str(&written_out(text)).ok()))
}

impl Registry {
    /// The rows of a run after a given one, newest first: undo goes backwards, page by page.
    pub fn journal_backwards(&self, run: RunId, before: i64, most: u32) -> Result<Vec<Entry>> {
        let sql = format!("{COLUMNS} WHERE run_id = ? AND id < ? ORDER BY id DESC LIMIT ?");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![run.0, before, most], entry)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands every row of a run to `visit`, oldest first.
    pub fn journal_of(&self, run: RunId, mut visit: impl FnMut(Entry) -> Result<()>) -> Result<()> {
        let sql = format!("{COLUMNS} WHERE run_id = ? ORDER BY id");
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query(params![run.0])?;
        while let Some(row) = rows.next()? {
            visit(entry(row)?)?;
        }
        Ok(())
    }

    /// How many rows a run wrote.
    pub fn journal_size(&self, run: RunId) -> Result<u64> {
        let sql = "SELECT count(*) FROM journal WHERE run_id = ?";
        let count: i64 =
            self.connection().prepare_cached(sql)?.query_row(params![run.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}
