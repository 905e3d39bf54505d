//! The tool's own traces, aged: journal, log, findings that were settled. Run rows and disposal records stay for good.
//! (rules.md, purge: own logs, kept files)

use rusqlite::{OptionalExtension, params};

use super::Registry;
use super::findings::Event;
use super::runs::RunId;
use crate::failure::Result;

/// So many rows of each table go in one run at most.
const MOST: usize = 10_000;

/// What is too old, and when that was found out.
#[derive(Clone, Debug)]
pub struct Horizon {
    /// The present instant, UTC.
    pub now: String,
    /// Log lines of runs that began before this go: `log.days`.
    pub log: String,
    /// The journal of runs that began before this goes: `log.journal_days`.
    pub journal: String,
}

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aged {
    /// Of the journal and what belongs to it.
    pub journal: usize,
    /// Log lines and rejected records.
    pub log: usize,
    /// Findings.
    pub findings: usize,
}

/// A table whose rows age with the run that wrote them. Each statement finds its rows by the run; the cross join keeps
/// SQLite from going through all runs, most of which have no rows.
struct Table {
    /// The next run that has rows, and when it began.
    next: &'static str,
    /// Rows of a run that may go.
    rows: &'static str,
    /// Takes one away.
    remove: &'static str,
    /// Notes with the run that they went.
    mark: &'static str,
}

const MARK_JOURNAL: &str =
    "UPDATE run SET journal_removed_on = ?2 WHERE id = ?1 AND journal_removed_on IS NULL";
const MARK_LOG: &str = "UPDATE run SET log_removed_on = ?2 WHERE id = ?1 AND log_removed_on IS NULL";

const OF_JOURNAL: [Table; 4] = [
    // The newest row stays without its values, because its id is the position of the feed's consumers (trigger
    // journal_keeps_its_end).
    Table {
        next: "SELECT t.run_id, r.started FROM journal AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM journal
               WHERE run_id = ?1 AND (changes IS NOT NULL OR id < (SELECT max(id) FROM journal)) LIMIT ?2",
        remove: "DELETE FROM journal WHERE id = ?",
        mark: MARK_JOURNAL,
    },
    Table {
        next: "SELECT t.run_id, r.started FROM retained_change AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM retained_change WHERE run_id = ?1 LIMIT ?2",
        remove: "DELETE FROM retained_change WHERE id = ?",
        mark: MARK_JOURNAL,
    },
    Table {
        next: "SELECT t.run_id, r.started FROM area_link_change AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM area_link_change WHERE run_id = ?1 LIMIT ?2",
        remove: "DELETE FROM area_link_change WHERE id = ?",
        mark: MARK_JOURNAL,
    },
    Table {
        next: "SELECT t.run_id, r.started FROM merge_move AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM merge_move WHERE run_id = ?1 LIMIT ?2",
        remove: "DELETE FROM merge_move WHERE id = ?",
        mark: MARK_JOURNAL,
    },
];

const OF_LOG: [Table; 2] = [
    Table {
        next: "SELECT t.run_id, r.started FROM log_line AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM log_line WHERE run_id = ?1 LIMIT ?2",
        remove: "DELETE FROM log_line WHERE id = ?",
        mark: MARK_LOG,
    },
    // Those of the last run that did its work stay as long as it is the last: they tell what is no news.
    Table {
        next: "SELECT t.run_id, r.started FROM rejected AS t CROSS JOIN run AS r ON r.id = t.run_id
               WHERE t.run_id > ?1 ORDER BY t.run_id LIMIT 1",
        rows: "SELECT id FROM rejected WHERE run_id = ?1 AND EXISTS
                   (SELECT 1 FROM run AS mine JOIN run AS later ON later.id > mine.id
                    WHERE mine.id = ?1 AND later.job = mine.job AND later.source = mine.source
                      AND later.dry_run = 0 AND later.status IN ('ok', 'remarks'))
               LIMIT ?2",
        remove: "DELETE FROM rejected WHERE id = ?",
        mark: MARK_LOG,
    },
];

const FIRST_REASON: &str =
    "SELECT r.started FROM reason AS t CROSS JOIN run AS r ON r.id = t.run_id ORDER BY t.run_id LIMIT 1";
// Why something stands that still stands is the newest reason of its kind.
const OLD_REASONS: &str =
    "SELECT t.run_id, t.person_id, t.verb FROM reason AS t JOIN run AS r ON r.id = t.run_id
     WHERE r.started < ?1 AND NOT (
         EXISTS (SELECT 1 FROM person AS p WHERE p.id = t.person_id AND (
                     (t.verb = 'protect' AND p.concealment <> 0) OR (t.verb = 'block' AND p.blocked = 1)
                     OR (t.verb = 'hold' AND p.held_since IS NOT NULL)))
         AND (t.run_id, t.person_id, t.verb) IN
             (SELECT max(run_id), person_id, verb FROM reason GROUP BY person_id, verb))
     ORDER BY t.run_id LIMIT ?2";
const REMOVE_REASON: &str = "DELETE FROM reason WHERE run_id = ? AND person_id = ? AND verb = ?";
// What is still true was seen today, set aside or not.
const OLD_FINDINGS: &str = "SELECT id FROM finding
     WHERE state <> 'open' AND last_seen < ?1 AND coalesce(settled_at, '') < ?1 LIMIT ?2";
const REMOVE_FINDING: &str = "DELETE FROM finding WHERE id = ?";

impl Registry {
    /// Takes away what is too old, within bounds. Call it after [`Self::settle_findings`], which tells what is still true.
    pub fn age_traces(&self, horizon: &Horizon) -> Result<Aged> {
        let mut aged = Aged::default();
        for table in &OF_JOURNAL {
            aged.journal += self.age(table, &horizon.journal, &horizon.now)?;
        }
        aged.journal += self.age_reasons(&horizon.journal)?;
        for table in &OF_LOG {
            aged.log += self.age(table, &horizon.log, &horizon.now)?;
        }
        aged.findings = self.age_findings(&horizon.log)?;
        Ok(aged)
    }

    fn age(&self, table: &Table, before: &str, now: &str) -> Result<usize> {
        let Some(mut run) = self.next_due(table, RunId(0), (before, now))? else { return Ok(0) };
        self.write(|| {
            let mut gone = 0;
            loop {
                self.connection().prepare_cached(table.mark)?.execute(params![run.0, date(now)])?;
                let ids = self.old_ids(table.rows, run.0, MOST - gone)?;
                gone += self.remove_rows(table.remove, &ids)?;
                let next = if gone < MOST { self.next_due(table, run, (before, now))? } else { None };
                let Some(next) = next else { return Ok(gone) };
                run = next;
            }
        })
    }

    /// The next run after this one that has rows which may go. Runs follow each other; one that began in the future had a
    /// wrong clock and is passed over.
    fn next_due(&self, table: &Table, after: RunId, (before, now): (&str, &str)) -> Result<Option<RunId>> {
        let mut after = after;
        loop {
            let next: Option<(i64, String)> = self
                .connection()
                .prepare_cached(table.next)?
                .query_row(params![after.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((run, started)) = next else { return Ok(None) };
            let is_future = started.as_str() > now;
            if !is_future && started.as_str() >= before {
                return Ok(None);
            }
            after = RunId(run);
            if !is_future && self.connection().prepare_cached(table.rows)?.exists(params![run, 1])? {
                return Ok(Some(after));
            }
        }
    }

    fn old_ids(&self, sql: &str, of: impl rusqlite::ToSql, most: usize) -> Result<Vec<i64>> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        Ok(statement.query_map(params![of, most], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    fn remove_rows(&self, sql: &str, ids: &[i64]) -> Result<usize> {
        let mut remove = self.connection().prepare_cached(sql)?;
        for id in ids {
            remove.execute(params![id])?;
        }
        Ok(ids.len())
    }

    fn age_reasons(&self, before: &str) -> Result<usize> {
        let first: Option<String> =
            self.connection().prepare_cached(FIRST_REASON)?.query_row([], |row| row.get(0)).optional()?;
        if first.is_none_or(|first| first.as_str() >= before) {
            return Ok(0);
        }
        let mut statement = self.connection().prepare_cached(OLD_REASONS)?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let rows: Vec<(i64, i64, String)> = statement
            .query_map(params![before, most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if rows.is_empty() {
            return Ok(0);
        }
        self.write(|| {
            let mut remove = self.connection().prepare_cached(REMOVE_REASON)?;
            for (run, person, verb) in &rows {
                remove.execute(params![run, person, verb])?;
            }
            Ok(rows.len())
        })
    }

    fn age_findings(&self, before: &str) -> Result<usize> {
        let ids = self.old_ids(OLD_FINDINGS, before, MOST)?;
        if ids.is_empty() { Ok(0) } else { self.write(|| self.remove_rows(REMOVE_FINDING, &ids)) }
    }

    /// A spooled copy goes because it is old. A file that was held is rejected with it, and somebody is told.
    pub fn age_spooled(&self, spooled: &str, run: RunId, now: &str) -> Result<()> {
        let sql = "SELECT id, name, sha256 FROM file WHERE spooled = ? AND state = 'held'";
        self.write(|| {
            let held: Option<(i64, String, String)> = self
                .connection()
                .prepare_cached(sql)?
                .query_row(params![spooled], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            self.give_up_spooled(spooled)?;
            let Some((id, name, sha256)) = held else { return Ok(()) };
            let event = Event {
                kind: "file-rejected",
                subject: super::files::FileId(id).to_string(),
                detail: String::new(),
                facts: sha256,
                params: serde_json::json!({ "file": name }).to_string(),
            };
            self.open_event(&event, run, now)
        })
    }
}

/// The day of an instant.
fn date(instant: &str) -> &str {
    instant.get(..10).unwrap_or(instant)
}
