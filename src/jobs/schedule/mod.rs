//! `schedule add|remove` and `run-due`: single runs of jobs at a given time. (rules.md, Running at a time)

mod due;

pub use due::RunDue;
pub(super) use due::doubt_past;

use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use serde_json::{Value, json};

use super::run::Run;
use super::{Job, Origin};
use crate::domain::schedule::{FORMAT, Timing, instant, timing};
use crate::failure::{Failure, Result};
use crate::registry::schedule::{NewScheduled, Scheduled, ScheduledId, State};
use crate::text::{failure, schedule as text};

/// Adds a line to the schedule.
#[derive(Debug)]
pub struct ScheduleAdd {
    /// The command.
    pub job: String,
    /// Its own words, checked by whoever reads command lines; none of them personal.
    pub words: Vec<String>,
    /// What relative paths in them are relative to.
    pub folder: String,
    /// When, in local time.
    pub at: NaiveDateTime,
}

impl Job for ScheduleAdd {
    fn name(&self) -> &'static str {
        "schedule-add"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let line = self.line(run)?;
        let (registry, run_id) = (run.registry, run.id);
        let id = run.unit(None, |_, _| registry.add_scheduled(&line, run_id))?;
        let Some(added) = registry.find_scheduled(id)? else {
            return Err(Failure::internal("a line of the schedule that is gone at once"));
        };
        run.line(
            text::ADDED,
            &[("schedule", id.0.to_string()), ("job", line.job.clone()), ("at", line.local_time)],
        );
        run.answer = Some(json!({ "schedule": to_json(&added) }));
        Ok(())
    }
}

impl ScheduleAdd {
    fn line(&self, run: &Run<'_>) -> Result<NewScheduled> {
        let settings = run.setup.settings;
        let local_time = self.at.format(FORMAT).to_string();
        let Some(due) = instant(self.at, settings.timezone) else {
            return Err(Failure::usage(text::BAD_TIME));
        };
        if timing(due, now(run)?, settings.max_late) == Timing::Late {
            let hours = super::doctor::jobs::hours(settings.max_late.as_secs());
            return Err(Failure::usage(text::PAST).with("at", local_time).with("most", hours));
        }
        let due = due.and_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        let (job, words, folder) = (self.job.clone(), self.words.clone(), self.folder.clone());
        Ok(NewScheduled { job, words, folder, local_time, due })
    }
}

/// Takes a line away before it has started.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleRemove {
    /// Which.
    pub id: ScheduledId,
}

impl Job for ScheduleRemove {
    fn name(&self) -> &'static str {
        "schedule-remove"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let (registry, id) = (run.registry, self.id);
        let found = registry.find_scheduled(id)?;
        let found = found.ok_or_else(|| Failure::failed(failure::NOT_FOUND).with("what", subject(id)))?;
        run.unit(None, |_, _| {
            let is_removed = registry.move_scheduled(id, State::Waiting, State::Removed)?;
            let gone = || Failure::failed(text::NOT_WAITING).with("schedule", id.0);
            is_removed.then_some(()).ok_or_else(|| gone().with("state", found.state.name()))
        })?;
        run.line(text::TAKEN_AWAY, &[("schedule", id.0.to_string()), ("job", found.line.job)]);
        Ok(())
    }
}

/// What findings and failures call a line.
fn subject(id: ScheduledId) -> String {
    format!("schedule:{}", id.0)
}

fn now(run: &Run<'_>) -> Result<NaiveDateTime> {
    utc(&(run.setup.now)())
}

fn utc(instant: &str) -> Result<NaiveDateTime> {
    let parsed = DateTime::parse_from_rfc3339(instant);
    parsed.map(|instant| instant.naive_utc()).map_err(|_| Failure::internal("an instant that is none"))
}

/// A line of the schedule as JSON.
pub fn to_json(scheduled: &Scheduled) -> Value {
    json!({
        "id": scheduled.id.0, "job": scheduled.line.job, "flags": scheduled.line.words,
        "at": scheduled.line.local_time, "due": scheduled.line.due, "state": scheduled.state.name(),
        "started": scheduled.started, "run": scheduled.run.map(|run| run.0), "exit": scheduled.exit,
        "added_in": scheduled.added_in.0,
    })
}
