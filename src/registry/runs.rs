//! Run rows and log lines: what `runs` and `log` show.

use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::Value;

use super::Registry;
use super::schedule::ScheduledId;
use crate::failure::Result;

/// A run's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub i64);

/// What is known when a run starts.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The command: `spar-import`.
    pub job: String,
    /// What tells runs of one job apart: a source's name, or nothing.
    pub source: String,
    /// A hand command, shown only with `runs --all`.
    pub by_hand: bool,
    /// `--dry-run`.
    pub dry_run: bool,
    /// The reference date.
    pub today: String,
    /// UTC instant.
    pub started: String,
    /// Who ran it.
    pub user: String,
    /// `SUDO_USER`.
    pub sudo_user: Option<String>,
    /// Where.
    pub host: String,
    /// Arguments, personal values masked.
    pub arguments: String,
    /// The line of the schedule that this run is.
    pub scheduled: Option<ScheduledId>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// `ok`, `remarks`, …
    pub status: &'static str,
    /// The exit code.
    pub exit: u8,
    /// UTC instant.
    pub ended: String,
    /// Code of the message that `runs` shows.
    pub message: Option<String>,
    /// Its parameters as JSON.
    pub message_params: String,
    /// Counts as JSON.
    pub counts: String,
    /// What the limits counted, as JSON.
    pub limits: String,
    /// The digest of the plan.
    pub plan: Option<String>,
}

/// A stored run.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// The command.
    pub job: String,
    /// Source of the job's input.
    pub source: String,
    /// A hand command.
    pub by_hand: bool,
    /// Rolled back on purpose.
    pub dry_run: bool,
    /// Reference date.
    pub today: String,
    /// UTC instant.
    pub started: String,
    /// UTC instant, none while it runs.
    pub ended: Option<String>,
    /// `running`, `ok`, …
    pub status: String,
    /// Exit code, none while it runs.
    pub exit: Option<i64>,
    /// Message code.
    pub message: Option<String>,
    /// Its parameters.
    pub message_params: Value,
    /// Counts.
    pub counts: Value,
    /// What the limits counted.
    pub limits: Value,
    /// Digest of the plan.
    pub plan: Option<String>,
    /// Who.
    pub user: String,
    /// `SUDO_USER`.
    pub sudo_user: Option<String>,
    /// Where.
    pub host: String,
    /// The program's version.
    pub version: String,
    /// Arguments, masked.
    pub arguments: String,
    /// The run that undid it.
    pub undone_by: Option<i64>,
    /// The run that it undid.
    pub undoes: Option<i64>,
    /// The day on which its journal was aged away, or the first of it.
    pub journal_removed_on: Option<String>,
    /// The day on which its log lines were.
    pub log_removed_on: Option<String>,
}

/// A stored log line.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Of which run.
    pub run: RunId,
    /// Priority, lower is more serious.
    pub prio: u8,
    /// UTC instant.
    pub at: String,
    /// Code in the catalogue.
    pub code: String,
    /// Parameters, as JSON: a run can have ten thousand lines.
    pub params: String,
}

const START: &str =
    "INSERT INTO run (job, source, by_hand, dry_run, today, started, status, user, sudo_user, host, version, arguments)
     VALUES (:job, :source, :by_hand, :dry_run, :today, :started, 'running', :user, :sudo_user, :host, :version,
             :arguments)";
const CLOSE: &str =
    "UPDATE run SET status = :status, exit = :exit, ended = :ended, message = :message, message_params = :params,
            counts = :counts, limits = :limits, plan = :plan
     WHERE id = :id AND status = 'running'";
const INTERRUPT: &str =
    "UPDATE run SET status = 'interrupted', exit = 137, ended = :now, message = 'run-interrupted'
     WHERE status = 'running' AND id <> :id RETURNING id";
const COLUMNS: &str =
    "id, job, source, by_hand, dry_run, today, started, ended, status, exit, message, message_params,
    counts, limits, plan, user, sudo_user, host, version, arguments, undone_by, undoes,
    journal_removed_on, log_removed_on";
const ADD_LINE: &str = "INSERT INTO log_line (run_id, prio, at, code, params) VALUES (?, ?, ?, ?, ?)";

/// Which runs a listing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Jobs only.
    Jobs,
    /// Hand commands too.
    All,
}

impl Registry {
    /// Writes the row of a run that begins.
    pub fn start_run(&self, run: &NewRun) -> Result<RunId> {
        self.write(|| {
            self.connection().prepare_cached(START)?.execute(named_params! {
                ":job": run.job,
                ":source": run.source,
                ":by_hand": run.by_hand,
                ":dry_run": run.dry_run,
                ":today": run.today,
                ":started": run.started,
                ":user": run.user,
                ":sudo_user": run.sudo_user,
                ":host": run.host,
                ":version": env!("CARGO_PKG_VERSION"),
                ":arguments": run.arguments,
            })?;
            let id = RunId(self.connection().last_insert_rowid());
            run.scheduled.map_or(Ok(()), |line| self.link_scheduled(line, id))?;
            Ok(id)
        })
    }

    /// Closes a run with its lines, in one transaction.
    pub fn close_run(&self, id: RunId, ending: &Ending, lines: &[LogLine]) -> Result<()> {
        self.write(|| {
            for line in lines {
                let values = params![id.0, line.prio, line.at, line.code, line.params];
                self.connection().prepare_cached(ADD_LINE)?.execute(values)?;
            }
            self.connection().prepare_cached(CLOSE)?.execute(named_params! {
                ":id": id.0,
                ":status": ending.status,
                ":exit": ending.exit,
                ":ended": ending.ended,
                ":message": ending.message,
                ":params": ending.message_params,
                ":counts": ending.counts,
                ":limits": ending.limits,
                ":plan": ending.plan,
            })?;
            Ok(())
        })
    }

    /// A line that comes after a run has ended.
    pub fn add_line(&self, line: &LogLine) -> Result<()> {
        let values = params![line.run.0, line.prio, line.at, line.code, line.params];
        self.write(|| Ok(self.connection().prepare_cached(ADD_LINE)?.execute(values).map(drop)?))
    }

    /// Closes rows that dead processes left open; only the holder of the lock may say so.
    pub fn interrupt_others(&self, id: RunId, now: &str) -> Result<Vec<RunId>> {
        self.write(|| {
            let mut statement = self.connection().prepare_cached(INTERRUPT)?;
            let rows = statement
                .query_map(named_params! { ":id": id.0, ":now": now }, |row| row.get(0).map(RunId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One run.
    pub fn find_run(&self, id: RunId) -> Result<Option<RunRow>> {
        let sql = format!("SELECT {COLUMNS} FROM run WHERE id = ?");
        Ok(self.connection().prepare_cached(&sql)?.query_row(params![id.0], run_row).optional()?)
    }

    /// The newest runs first.
    pub fn list_runs(&self, which: Which, most: u32) -> Result<Vec<RunRow>> {
        let all = which == Which::All;
        let sql = format!("SELECT {COLUMNS} FROM run WHERE (?1 OR by_hand = 0) ORDER BY id DESC LIMIT ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![all, most], run_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Rows that are not closed: of runs that go on, or of processes that died.
    pub fn open_runs(&self) -> Result<Vec<RunRow>> {
        let sql = format!("SELECT {COLUMNS} FROM run WHERE status = 'running' ORDER BY id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map([], run_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The newest closed run of each job and source, by job; dry runs don't count.
    pub fn newest_of_each(&self) -> Result<Vec<RunRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM run
             WHERE id IN (SELECT max(id) FROM run WHERE dry_run = 0 AND status <> 'running' GROUP BY job, source)
             ORDER BY job, source"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map([], run_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The run of a job and source that counts for "new": the last one that did its work and was no dry run.
    pub fn last_run_of(&self, job: &str, source: &str, before: RunId) -> Result<Option<RunId>> {
        let sql = "SELECT max(id) FROM run
                   WHERE job = ?1 AND source = ?2 AND dry_run = 0 AND id < ?3 AND status IN ('ok', 'remarks')";
        let id: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![job, source, before.0], |row| row.get(0))?;
        Ok(id.map(RunId))
    }

    /// Notes which run undid which.
    pub fn mark_undone(&self, undone: RunId, by: RunId) -> Result<()> {
        let connection = self.connection();
        connection
            .prepare_cached("UPDATE run SET undone_by = ?2 WHERE id = ?1")?
            .execute(params![undone.0, by.0])?;
        connection
            .prepare_cached("UPDATE run SET undoes = ?2 WHERE id = ?1")?
            .execute(params![by.0, undone.0])?;
        Ok(())
    }

    /// An undo was itself undone: the first run stands again.
    pub fn clear_undone(&self, run: RunId) -> Result<()> {
        self.connection()
            .prepare_cached("UPDATE run SET undone_by = NULL WHERE id = ?")?
            .execute(params![run.0])?;
        Ok(())
    }

    /// The newest run's id, whatever it is.
    pub fn newest_run(&self, which: Which) -> Result<Option<RunId>> {
        Ok(self.list_runs(which, 1)?.first().map(|run| run.id))
    }

    /// When the newest run before this one started; none if it is the first.
    pub fn newest_start_before(&self, run: RunId) -> Result<Option<String>> {
        let sql = "SELECT max(started) FROM run WHERE id <> ?";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![run.0], |row| row.get(0))?)
    }

    /// A run's lines up to a priority, in order.
    pub fn log_lines(&self, run: RunId, prio: u8) -> Result<Vec<LogLine>> {
        let sql = "SELECT prio, at, code, params FROM log_line WHERE run_id = ?1 AND prio <= ?2 ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![run.0, prio], |row| {
            Ok(LogLine { run, prio: row.get(0)?, at: row.get(1)?, code: row.get(2)?, params: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn json_column(row: &Row<'_>, column: usize) -> rusqlite::Result<Value> {
    Ok(serde_json::from_str(row.get_ref(column)?.as_str()?).unwrap_or_default())
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        id: RunId(row.get(0)?),
        job: row.get(1)?,
        source: row.get(2)?,
        by_hand: row.get(3)?,
        dry_run: row.get(4)?,
        today: row.get(5)?,
        started: row.get(6)?,
        ended: row.get(7)?,
        status: row.get(8)?,
        exit: row.get(9)?,
        message: row.get(10)?,
        message_params: json_column(row, 11)?,
        counts: json_column(row, 12)?,
        limits: json_column(row, 13)?,
        plan: row.get(14)?,
        user: row.get(15)?,
        sudo_user: row.get(16)?,
        host: row.get(17)?,
        version: row.get(18)?,
        arguments: row.get(19)?,
        undone_by: row.get(20)?,
        undoes: row.get(21)?,
        journal_removed_on: row.get(22)?,
        log_removed_on: row.get(23)?,
    })
}
