//! How each job stands: its newest run, its newest end, its newest success. Dry runs and hand commands don't count.

use rusqlite::params;
use serde_json::Value;

use super::Registry;
use crate::failure::Result;

/// How a job with one of its sources stands.
#[derive(Clone, Debug)]
pub struct LastRuns {
    /// The command.
    pub job: String,
    /// A source's name, or nothing.
    pub source: String,
    /// UTC instant at which the newest run began.
    pub started: String,
    /// How it stands.
    pub status: String,
    /// Its exit code, none while it runs.
    pub exit: Option<i64>,
    /// Its counts.
    pub counts: Value,
    /// UTC instants of the newest run that has ended: begin and end.
    pub ended: Option<(String, String)>,
    /// UTC instant at which the newest run began that did its work.
    pub succeeded: Option<String>,
}

const NEWEST: &str = "SELECT n.job, n.source, n.started, n.status, n.exit, n.counts, e.started, e.ended,
            (SELECT max(started) FROM run AS s WHERE s.job = n.job AND s.source = n.source AND s.dry_run = 0
                AND (s.status = 'ok' OR s.status = 'remarks'))
     FROM run AS n LEFT JOIN run AS e ON e.id =
         (SELECT max(id) FROM run AS c WHERE c.job = n.job AND c.source = n.source AND c.dry_run = 0
             AND c.ended IS NOT NULL)
     WHERE n.id IN (SELECT max(id) FROM run WHERE dry_run = 0 AND by_hand = 0 GROUP BY job, source)
     ORDER BY n.job, n.source";

impl Registry {
    /// How all jobs stand that ever ran.
    pub fn last_runs(&self) -> Result<Vec<LastRuns>> {
        let mut statement = self.connection().prepare_cached(NEWEST)?;
        let rows = statement.query_map([], |row| {
            let end: (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
            Ok(LastRuns {
                job: row.get(0)?,
                source: row.get(1)?,
                started: row.get(2)?,
                status: row.get(3)?,
                exit: row.get(4)?,
                counts: serde_json::from_str(row.get_ref(5)?.as_str()?).unwrap_or_default(),
                ended: end.0.zip(end.1),
                succeeded: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many findings of each kind are open.
    pub fn open_findings(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT kind, count(*) FROM finding WHERE state = 'open' GROUP BY kind ORDER BY kind";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// When the next single run is due, UTC.
    pub fn next_scheduled(&self) -> Result<Option<String>> {
        let sql = "SELECT min(due) FROM schedule WHERE state = 'waiting'";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![], |row| row.get(0))?)
    }
}
