//! Disposal records (gallringsbevis): what went, when and by which rule. Rows are only ever added; each one's chain covers
//! the row before it, so that one that is changed, taken out or put between shows.

use rusqlite::{OptionalExtension, Row, params};

use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::io::secret_key::SecretKey;
use crate::registry::Registry;
use crate::registry::runs::RunId;

/// What went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposal {
    /// The run.
    pub run: RunId,
    /// The day, ISO.
    pub disposed_on: String,
    /// `person`, `case`, …
    pub kind: String,
    /// How many; 0 for a number beside that of a person.
    pub count: u64,
    /// The class that it had.
    pub class: Option<String>,
    /// The rule by which it went.
    pub decision: String,
    /// Of a number of a person.
    pub hash: Option<KeyedHash>,
}

const INSERT: &str = "INSERT INTO disposal (run_id, disposed_on, kind, count, class, decision, hash, chain)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const LAST: &str = "SELECT chain FROM disposal ORDER BY id DESC LIMIT 1";
const COLUMNS: &str =
    "SELECT run_id, disposed_on, kind, count, class, decision, hash, chain, id FROM disposal";
// The journal ages; the day stays with the person, and whoever was disposed of that day entered after it.
const ENTERED_AT: &str =
    "SELECT coalesce((SELECT max(at) FROM journal WHERE person_id = ?1 AND verb = 'created'),
                                          (SELECT entered_on || 'T23:59:59Z' FROM person WHERE id = ?1))";
const ANY: &str = "SELECT 1 FROM disposal LIMIT 1";
const IS_DISPOSED: &str = "SELECT 1 FROM disposal WHERE hash = ?";

impl Registry {
    /// Adds records to the chain. Use inside the unit that disposes.
    pub fn put_disposals(&self, key: &SecretKey, records: &[Disposal]) -> Result<()> {
        let connection = self.connection();
        let last: Option<Vec<u8>> =
            connection.prepare_cached(LAST)?.query_row([], |row| row.get(0)).optional()?;
        let mut chain = last.unwrap_or_default();
        let mut insert = connection.prepare_cached(INSERT)?;
        for record in records {
            chain = link(key, &chain, record);
            insert.execute(params![
                record.run.0,
                record.disposed_on,
                record.kind,
                i64::try_from(record.count).unwrap_or(i64::MAX),
                record.class,
                record.decision,
                record.hash.map(KeyedHash::to_bytes),
                chain
            ])?;
        }
        Ok(())
    }

    /// The records of a number, the oldest first.
    pub fn disposals_of(&self, hash: KeyedHash) -> Result<Vec<Disposal>> {
        let sql = format!("{COLUMNS} WHERE hash = ? ORDER BY id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![hash.to_bytes()], disposal)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether somebody with this number was disposed of.
    pub fn is_disposed(&self, hash: KeyedHash) -> Result<bool> {
        Ok(self.connection().prepare_cached(IS_DISPOSED)?.exists(params![hash.to_bytes()])?)
    }

    /// When somebody entered, UTC; none if that is no longer known.
    pub fn entered_at(&self, person: PersonId) -> Result<Option<String>> {
        Ok(self.connection().prepare_cached(ENTERED_AT)?.query_row(params![person.0], |row| row.get(0))?)
    }

    /// Whether anything was disposed of at all.
    pub fn disposes_any(&self) -> Result<bool> {
        Ok(self.connection().prepare_cached(ANY)?.exists([])?)
    }

    /// Follows the chain to its end. Gives how many records stand, and the id of the first that doesn't fit.
    pub fn verify_disposals(&self, key: &SecretKey) -> Result<(u64, Option<i64>)> {
        let sql = format!("{COLUMNS} ORDER BY id");
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        let (mut chain, mut count) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let stored: Vec<u8> = row.get(7)?;
            let fits = disposal(row).is_ok_and(|record| link(key, &chain, &record) == stored);
            if !fits {
                return Ok((count, Some(row.get(8)?)));
            }
            chain = stored;
            count += 1;
        }
        Ok((count, None))
    }
}

/// The chain after one more record.
fn link(key: &SecretKey, before: &[u8], record: &Disposal) -> Vec<u8> {
    let hash = record.hash.map(|hash| hash.to_string()).unwrap_or_default();
    // As JSON, so that no value can pass for two.
    let text = serde_json::json!([
        record.run.0,
        record.disposed_on,
        record.kind,
        record.count,
        record.class,
        record.decision,
        hash
    ]);
    key.chain(before, &text.to_string()).to_bytes().to_vec()
}

fn disposal(row: &Row<'_>) -> rusqlite::Result<Disposal> {
    let hash: Option<[u8; 16]> = row.get(6)?;
    Ok(Disposal {
        run: RunId(row.get(0)?),
        disposed_on: row.get(1)?,
        kind: row.get(2)?,
        count: row.get::<_, i64>(3)?.unsigned_abs(),
        class: row.get(4)?,
        decision: row.get(5)?,
        hash: hash.map(KeyedHash::from_bytes),
    })
}
