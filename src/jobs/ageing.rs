//! The tool's own traces and kept files, aged at the end of every run. By the real time, never by `--today`: a mistyped
//! date deletes nothing. (rules.md, purge: own logs, kept files)

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::run::Run;
use super::settle;
use crate::failure::{Failure, Result};
use crate::io::spool::{Room, Spool};
use crate::registry::ageing::Horizon;
use crate::text::{Language, line};

/// So many copies go in one run at most.
const MOST_FILES: usize = 1_000;

/// Held and rejected copies that are older than `spool.keep_days`. Gives how many went. The file's row stays.
pub(super) fn kept_files(run: &mut Run<'_>) -> usize {
    unless_failed(run, |run| {
        let settings = run.setup.settings;
        // A restore works on a copy that may never take its place; the files are those of the registry that is there.
        if run.registry.path() != settings.registry {
            return Ok(0);
        }
        let Some(before) = before(now(run)?, settings.spool_keep_days) else { return Ok(0) };
        let spool = Spool::open(&settings.spool)?;
        let mut gone = 0;
        for room in [Room::Held, Room::Rejected] {
            for path in spool.files_older_than(room, SystemTime::from(before))? {
                if gone >= MOST_FILES {
                    return Ok(gone);
                }
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let spooled = format!("{}/{name}", room.name());
                // The row first: a copy without one is found by its age the next time.
                run.registry.age_spooled(&spooled, run.id, &(run.setup.now)())?;
                settle::drop_spooled(&settings.spool, &spooled)?;
                gone += 1;
            }
        }
        Ok(gone)
    })
}

/// Journal, log and settled findings; says how much went, if anything did.
pub(super) fn traces(run: &mut Run<'_>, files: usize) {
    let aged = unless_failed(run, |run| {
        let (now, log) = (now(run)?, run.setup.settings.log);
        let (Some(log), Some(journal)) = (before(now, log.days), before(now, log.journal_days)) else {
            return Ok(crate::registry::ageing::Aged::default());
        };
        let at = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        run.registry.age_traces(&Horizon { now: (run.setup.now)(), log: at(log), journal: at(journal) })
    });
    if (aged.journal, aged.log, aged.findings, files) == (0, 0, 0, 0) {
        return;
    }
    let counts = [
        ("journal", aged.journal.to_string()),
        ("log", aged.log.to_string()),
        ("findings", aged.findings.to_string()),
        ("files", files.to_string()),
    ];
    run.line(line::AGED, &counts);
}

/// What was decided is committed; what can't be deleted now is tried again by the next run.
fn unless_failed<T: Default>(run: &mut Run<'_>, work: impl FnOnce(&Run<'_>) -> Result<T>) -> T {
    work(run).unwrap_or_else(|failure| {
        run.line(line::AGEING_FAILED, &[("reason", failure.text(Language::English))]);
        T::default()
    })
}

fn now(run: &Run<'_>) -> Result<DateTime<Utc>> {
    (run.setup.now)().parse().map_err(|_| Failure::internal("an instant that is none"))
}

fn before(now: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    now.checked_sub_signed(TimeDelta::days(i64::from(days)))
}
