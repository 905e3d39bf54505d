//! One person's journal with the runs and files behind it, and the reasons that staff gave: for `person why`.

use rusqlite::params;
use serde_json::Value;

use super::Registry;
use super::journal::changes;
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// One journal row and where it came from.
#[derive(Clone, Debug)]
pub struct TracedEntry {
    /// Which run.
    pub run: RunId,
    /// Its job.
    pub job: String,
    /// The source that the job read, or nothing.
    pub source: String,
    /// Who started it.
    pub user: String,
    /// The input file's name.
    pub file: Option<String>,
    /// UTC instant.
    pub at: String,
    /// `created`, `changed`, `removed`.
    pub verb: String,
    /// What changed, unless it was erased.
    pub changes: Option<Value>,
}

/// Why staff protected, blocked or held somebody, or lifted that.
#[derive(Clone)]
pub struct GivenReason {
    /// Which run.
    pub run: RunId,
    /// UTC instant.
    pub at: String,
    /// Who started it.
    pub user: String,
    /// `block`, `unblock`, …
    pub verb: String,
    /// In their words.
    pub reason: String,
}

impl std::fmt::Debug for GivenReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GivenReason({}, hidden)", self.verb)
    }
}

const TRACES: &str = "SELECT j.run_id, r.job, r.source, r.user, f.name, j.at, j.verb, j.changes
     FROM journal AS j JOIN run AS r ON r.id = j.run_id LEFT JOIN file AS f ON f.id = j.file_id
     WHERE j.person_id = ? ORDER BY j.id DESC";
const REASONS: &str = "SELECT s.run_id, r.started, r.user, s.verb, s.reason
     FROM reason AS s JOIN run AS r ON r.id = s.run_id WHERE s.person_id = ? ORDER BY s.run_id DESC";

impl Registry {
    /// Everything that the journal has of one person, newest first.
    pub fn history_of(&self, person: PersonId) -> Result<Vec<TracedEntry>> {
        let mut statement = self.connection().prepare_cached(TRACES)?;
        let rows = statement.query_map(params![person.0], |row| {
            Ok(TracedEntry {
                run: RunId(row.get(0)?),
                job: row.get(1)?,
                source: row.get(2)?,
                user: row.get(3)?,
                file: row.get(4)?,
                at: row.get(5)?,
                verb: row.get(6)?,
                changes: changes(row.get_ref(7)?)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The reasons that staff gave about one person, newest first. Never to be shown of somebody protected.
    pub fn reasons_of(&self, person: PersonId) -> Result<Vec<GivenReason>> {
        let mut statement = self.connection().prepare_cached(REASONS)?;
        let rows = statement.query_map(params![person.0], |row| {
            Ok(GivenReason {
                run: RunId(row.get(0)?),
                at: row.get(1)?,
                user: row.get(2)?,
                verb: row.get(3)?,
                reason: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
