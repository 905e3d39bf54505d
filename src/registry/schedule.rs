//! Single runs at a given time: what waits, what was started, what became of it.

use rusqlite::{OptionalExtension, Row, named_params, params};

use super::Registry;
use super::runs::RunId;
use crate::failure::Result;

/// A line of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScheduledId(pub i64);

/// What is known when somebody adds a line.
#[derive(Clone, Debug)]
pub struct NewScheduled {
    /// The command: `update-areas`.
    pub job: String,
    /// Its own words, none of them personal.
    pub words: Vec<String>,
    /// What relative paths in them are relative to.
    pub folder: String,
    /// As somebody said it: `2026-12-01 22:00`.
    pub local_time: String,
    /// UTC instant.
    pub due: String,
}

/// What has become of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its time has not come, or nobody looked since.
    Waiting,
    /// Claimed: from here on it is never started again.
    Started,
    /// It ran, however it ended.
    Done,
    /// Nobody looked until it was too late; it was not started.
    Late,
    /// Whoever started it died; it is not started again.
    BrokenOff,
    /// Somebody took it away before it started.
    Removed,
}

impl State {
    const ALL: [Self; 6] =
        [Self::Waiting, Self::Started, Self::Done, Self::Late, Self::BrokenOff, Self::Removed];

    /// The word in the table and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Started => "started",
            Self::Done => "done",
            Self::Late => "late",
            Self::BrokenOff => "broken-off",
            Self::Removed => "removed",
        }
    }
}

/// A stored line.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Its id.
    pub id: ScheduledId,
    /// What was added.
    pub line: NewScheduled,
    /// What has become of it.
    pub state: State,
    /// The run that added it.
    pub added_in: RunId,
    /// UTC instant of the claim.
    pub started: Option<String>,
    /// The run that it became.
    pub run: Option<RunId>,
    /// How that ended.
    pub exit: Option<i64>,
}

const COLUMNS: &str = "id, job, words, folder, local_time, due, state, added_in, started, run_id, exit";

impl Registry {
    /// Adds a line.
    pub fn add_scheduled(&self, line: &NewScheduled, run: RunId) -> Result<ScheduledId> {
        let sql = "INSERT INTO schedule (job, words, folder, local_time, due, state, added_in)
                   VALUES (:job, :words, :folder, :local, :due, 'waiting', :run)";
        self.connection().prepare_cached(sql)?.execute(named_params! {
            ":job": line.job,
            ":words": serde_json::Value::from(line.words.as_slice()).to_string(),
            ":folder": line.folder,
            ":local": line.local_time,
            ":due": line.due,
            ":run": run.0,
        })?;
        Ok(ScheduledId(self.connection().last_insert_rowid()))
    }

    /// All lines, in the order in which they were added.
    pub fn list_scheduled(&self) -> Result<Vec<Scheduled>> {
        let sql = format!("SELECT {COLUMNS} FROM schedule ORDER BY id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map([], scheduled)?.collect::<rusqlite::Result<_>>()?)
    }

    /// What waits although its time has come, and what was started and has no end, by the time that it was meant for.
    pub fn open_scheduled(&self, now: &str) -> Result<Vec<Scheduled>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM schedule
             WHERE (state = 'waiting' OR state = 'started') AND (due <= ? OR state = 'started') ORDER BY due, id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map([now], scheduled)?.collect::<rusqlite::Result<_>>()?)
    }

    /// One line.
    pub fn find_scheduled(&self, id: ScheduledId) -> Result<Option<Scheduled>> {
        let sql = format!("SELECT {COLUMNS} FROM schedule WHERE id = ?");
        Ok(self.connection().prepare_cached(&sql)?.query_row([id.0], scheduled).optional()?)
    }

    /// Moves a line from one state to another. False if it was in a third.
    pub fn move_scheduled(&self, id: ScheduledId, from: State, to: State) -> Result<bool> {
        let sql = "UPDATE schedule SET state = ?3 WHERE id = ?1 AND state = ?2";
        Ok(self.connection().prepare_cached(sql)?.execute(params![id.0, from.name(), to.name()])? == 1)
    }

    /// Claims a line that waits, in a commit of its own: from here on nobody starts it again. False if it doesn't wait.
    pub fn claim_scheduled(&self, id: ScheduledId, now: &str) -> Result<bool> {
        let sql = "UPDATE schedule SET state = 'started', started = ?2 WHERE id = ?1 AND state = 'waiting'";
        self.write(|| Ok(self.connection().prepare_cached(sql)?.execute(params![id.0, now])? == 1))
    }

    /// How a claimed line ended.
    pub fn close_scheduled(&self, id: ScheduledId, exit: u8) -> Result<()> {
        let sql = "UPDATE schedule SET state = 'done', exit = ?2 WHERE id = ?1 AND state = 'started'";
        self.write(|| Ok(self.connection().prepare_cached(sql)?.execute(params![id.0, exit]).map(drop)?))
    }

    /// Which run a claimed line became. Part of the transaction that writes the run's row.
    pub(super) fn link_scheduled(&self, id: ScheduledId, run: RunId) -> Result<()> {
        let sql = "UPDATE schedule SET run_id = ?2 WHERE id = ?1 AND state = 'started'";
        self.connection().prepare_cached(sql)?.execute(params![id.0, run.0])?;
        Ok(())
    }
}

fn scheduled(row: &Row<'_>) -> rusqlite::Result<Scheduled> {
    let state: String = row.get(6)?;
    let state = State::ALL.into_iter().find(|known| known.name() == state);
    Ok(Scheduled {
        id: ScheduledId(row.get(0)?),
        line: NewScheduled {
            job: row.get(1)?,
            words: serde_json::from_str(row.get_ref(2)?.as_str()?).unwrap_or_default(),
            folder: row.get(3)?,
            local_time: row.get(4)?,
            due: row.get(5)?,
        },
        state: state.ok_or(rusqlite::Error::InvalidQuery)?,
        added_in: RunId(row.get(7)?),
        started: row.get(8)?,
        run: row.get::<_, Option<i64>>(9)?.map(RunId),
        exit: row.get(10)?,
    })
}
