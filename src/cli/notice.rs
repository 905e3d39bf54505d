//! What others are told of a run: the line for a monitor, the document for a program, and what was not delivered.

use serde_json::json;

use super::progress::Counter;
use super::report;
use super::session::{Session, now};
use crate::failure::Result;
use crate::jobs::notify::{Notifier, Undelivered};
use crate::jobs::report::Report;
use crate::jobs::run::Progress;
use crate::registry::runs::{LogLine, RunId};
use crate::registry::{Access, Check, Registry};

/// A counter for the terminal that passes on when the work begins.
pub(super) struct Told<'n> {
    pub(super) counter: Counter,
    pub(super) notifier: Option<&'n Notifier<'n>>,
}

impl Progress for Told<'_> {
    fn at(&self, done: u64) {
        self.counter.at(done);
    }

    fn begun(&self) {
        if let Some(notifier) = self.notifier {
            notifier.begun();
        }
    }
}

/// Tells whoever is to be told, after the lock is free. Nothing here changes how the run ended.
pub(super) fn tell(session: &Session, notifier: &Notifier<'_>, job: &str, report: &Report) {
    let document = || report::notice(report, session.language());
    let undelivered = notifier.ended(report.exit, &line(job, report), document);
    for one in &undelivered {
        log::warn!("{} {} {}", one.message.code, one.step, one.reason);
    }
    if let Some(run) = report.run.as_ref().filter(|_| !undelivered.is_empty()) {
        // A log that can't be written changes nothing either.
        drop(note(session, run.id, &undelivered));
    }
}

fn note(session: &Session, run: RunId, undelivered: &[Undelivered]) -> Result<()> {
    let registry = Registry::open(&session.settings()?.registry, Access::Write, Check::Quick)?;
    undelivered.iter().try_for_each(|one| {
        registry.add_line(&LogLine {
            run,
            prio: one.message.prio,
            at: now(),
            code: one.message.code.to_owned(),
            params: json!({ "job": one.job, "step": one.step, "reason": one.reason }).to_string(),
        })
    })
}

/// `spar-import: ok, exit 0, run 12`, or the stable code of what went wrong. No counts, no names of files.
fn line(job: &str, report: &Report) -> String {
    let status = report.run.as_ref().map_or("not started", |run| run.status.as_str());
    let run = report.run.as_ref().map(|run| format!(", run {}", run.id.0)).unwrap_or_default();
    let why = report.failure.as_ref().map(|failure| format!(": {}", failure.code())).unwrap_or_default();
    format!("{job}: {status}, exit {}{run}{why}", report.exit)
}
