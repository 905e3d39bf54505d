//! What is due, what is too late, and what somebody started and never ended.

use serde_json::json;

use super::{now, subject, utc};
use crate::domain::schedule::{Timing, timing};
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::jobs::{Job, Origin};
use crate::registry::findings::Event;
use crate::registry::schedule::{Scheduled, State};
use crate::text::schedule as text;

/// Looks through the schedule, under the lock: whatever was claimed before and has no end belongs to a process that died.
#[derive(Debug, Default)]
pub struct RunDue {
    /// What is to be started now, in the order of its times. Each is claimed just before it starts.
    pub due: Vec<Scheduled>,
}

impl Job for RunDue {
    fn name(&self) -> &'static str {
        "run-due"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let (now, most) = (now(run)?, run.setup.settings.max_late);
        let open = run.registry.open_scheduled(&(run.setup.now)())?;
        run.unit(None, |run, _| {
            for line in open {
                match (line.state, timing(utc(&line.line.due)?, now, most)) {
                    (State::Started, _) => give_up(run, &line, Fate::BrokenOff)?,
                    (State::Waiting, Timing::Late) => give_up(run, &line, Fate::Late)?,
                    (State::Waiting, Timing::Due) => self.due.push(line),
                    (State::Waiting, Timing::Early)
                    | (State::Done | State::Late | State::BrokenOff | State::Removed, _) => {}
                }
            }
            Ok(())
        })?;
        let due = self.due.len().to_string();
        run.line(text::LOOKED, &[("due", due)]);
        Ok(())
    }
}

/// In a restored copy nobody knows whether what waited when it was made has run since.
pub(in crate::jobs) fn doubt_past(run: &mut Run<'_>) -> Result<()> {
    let past = run.registry.open_scheduled(&(run.setup.now)())?;
    past.iter().try_for_each(|line| give_up(run, line, Fate::Restored))
}

/// Why a line is not started, or not started again: a person decides.
#[derive(Clone, Copy)]
enum Fate {
    Late,
    BrokenOff,
    Restored,
}

impl Fate {
    const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::BrokenOff => "broken-off",
            Self::Restored => "restored",
        }
    }

    const fn state(self) -> State {
        match self {
            Self::Late | Self::Restored => State::Late,
            Self::BrokenOff => State::BrokenOff,
        }
    }
}

fn give_up(run: &mut Run<'_>, line: &Scheduled, fate: Fate) -> Result<()> {
    run.registry.move_scheduled(line.id, line.state, fate.state())?;
    run.event(Event {
        kind: "late-schedule",
        subject: subject(line.id),
        detail: String::new(),
        facts: fate.name().to_owned(),
        params: json!({
            "schedule": line.id.0, "job": line.line.job, "at": line.line.local_time, "fate": fate.name(),
            "run": line.run.map_or(0, |run| run.0),
        })
        .to_string(),
    });
    Ok(())
}
