//! What a restore asks of the registry that comes and of the one that goes. (rules.md, Undo and restore)

use std::path::Path;

use rusqlite::{Connection, params};

use super::open::examine;
use super::runs::RunId;
use super::{Access, Check, Registry};
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::text::failure as text;

/// The registry that a restore replaces, if it can be opened at all.
pub struct Retiring(Connection);

/// The highest ids that were ever given, by table.
#[derive(Clone, Debug, Default)]
pub struct Ids(Vec<(String, i64)>);

impl Retiring {
    /// Opens it; none if it is missing or not to be read by us. One that is only locked is a failure.
    pub fn find(path: &Path) -> Result<Option<Self>> {
        match examine(path, Access::Write, Check::Quick) {
            Ok(connection) => Ok(Some(Self(connection))),
            Err(failure) if failure.message == text::REGISTRY_BUSY => Err(failure),
            Err(_) => Ok(None),
        }
    }

    /// Ids that were shown and logged and must not be given again.
    pub fn ids(&self) -> Ids {
        let read = || -> rusqlite::Result<Vec<(String, i64)>> {
            let mut statement = self.0.prepare("SELECT name, seq FROM sqlite_sequence")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        // A registry too odd to tell them has nothing that could be kept.
        Ids(read().unwrap_or_default())
    }

    /// Makes one plain file of it, without a WAL beside. Fails as long as anybody else has it open: SQLite deletes a WAL
    /// by its name, and that name will be the new registry's.
    pub fn fold(self) -> Result<()> {
        let mode: String = self.0.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
        if mode == "delete" {
            Ok(())
        } else {
            Err(Failure::failed(text::REGISTRY_BUSY).with("reason", "in use"))
        }
    }
}

const RAISE_ID: &str = "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1";
const ADD_ID: &str = "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2
     WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)";

impl Registry {
    /// Ids up to these are not given again.
    pub fn keep_ids(&self, ids: &Ids) -> Result<()> {
        self.write(|| {
            for (table, highest) in &ids.0 {
                for sql in [RAISE_ID, ADD_ID] {
                    self.connection().prepare_cached(sql)?.execute(params![table, highest])?;
                }
            }
            Ok(())
        })
    }

    /// In a copy, the run that made it still runs: it got as far as the copy, which is all that it was for.
    pub fn end_its_backup(&self) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE run SET status = 'ok', exit = 0, ended = started
                       WHERE job = 'backup' AND status = 'running'";
            self.connection().execute(sql, [])?;
            Ok(())
        })
    }

    /// The newest run of all and when it started: what happened later is not in this registry.
    pub fn newest_start(&self) -> Result<(RunId, String)> {
        let sql = "SELECT coalesce(max(id), 0), coalesce(max(started), '') FROM run";
        Ok(self.connection().query_row(sql, [], |row| Ok((RunId(row.get(0)?), row.get(1)?)))?)
    }

    /// Hands every number that anybody has or had to `visit`.
    pub fn each_number(&self, mut visit: impl FnMut(PersonId, IdNumber)) -> Result<()> {
        let mut statement =
            self.connection().prepare("SELECT person_id, key, kind FROM number ORDER BY person_id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind = IdKind::parse(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
            let number = kind.and_then(|kind| IdNumber::from_key(NumberKey(row.get(1).ok()?), kind));
            let number = number.ok_or_else(|| Failure::internal("a stored number that is none"))?;
            visit(PersonId(row.get(0)?), number);
        }
        Ok(())
    }

    /// Whether a file of this content stands applied.
    pub fn has_applied(&self, sha256: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM file WHERE sha256 = ? AND state = 'applied'";
        Ok(self.connection().prepare_cached(sql)?.exists(params![sha256])?)
    }
}
