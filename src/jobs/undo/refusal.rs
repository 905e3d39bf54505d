//! Which runs are not taken back, and why. (rules.md, Undo and restore)

use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::registry::files::State;
use crate::registry::runs::{RunId, RunRow};
use crate::text::{Message, failure as text, feed, population};

/// The run that is to be taken back; those that can't be are refused with the reason.
pub(super) fn check(run: &Run<'_>, id: RunId) -> Result<RunRow> {
    let target = run.registry.find_run(id)?.filter(|target| target.id != run.id);
    let target =
        target.ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", format!("run:{}", id.0)))?;
    let refuse = |message| Err(Failure::failed(message).with("run", id.0).with("job", &target.job));
    if let Some(by) = target.undone_by {
        return refuse(text::UNDONE_ALREADY).map_err(|failure: Failure| failure.with("by", by));
    }
    if let Some(on) = &target.journal_removed_on {
        return refuse(text::JOURNAL_GONE).map_err(|failure: Failure| failure.with("on", on));
    }
    if let Some(message) = reason(&target.job) {
        return refuse(message);
    }
    match target.job.as_str() {
        "population-import" if has_applied(run, id)? => refuse(population::NOT_UNDOABLE),
        _ if target.dry_run => refuse(text::DRY_RUN_CHANGED_NOTHING),
        _ => Ok(target),
    }
}

/// Why no run of a job is taken back; none for those whose changes stand in the journal or beside it.
fn reason(job: &str) -> Option<Message> {
    match job {
        "spar-export" | "purge" | "purge-replay" | "restore" => Some(text::NOT_UNDOABLE),
        "findings-done" | "findings-ignore" | "findings-reopen" => Some(text::FINDINGS_NOT_UNDOABLE),
        "schedule-add" | "schedule-remove" | "run-due" => Some(text::SCHEDULE_NOT_UNDOABLE),
        "backup" | "update-search" => Some(text::NOTHING_TO_UNDO),
        "changes" => Some(feed::FEED_NOT_UNDOABLE),
        _ => None,
    }
}

/// Whether a file stands applied by a run. One that was held can be undone: that lifts what it hid.
fn has_applied(run: &Run<'_>, id: RunId) -> Result<bool> {
    Ok(run.registry.files_of(id)?.iter().any(|file| file.state == State::Applied))
}
