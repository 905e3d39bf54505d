//! How each job ended last, and which should have come by now. (product.md, `max_age.JOB`)

use chrono::{DateTime, TimeDelta, Utc};

use super::registry::{instant, local};
use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::config::JOBS;
use crate::domain::health::{self, Age};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::runs::RunRow;
use crate::text::doctor as text;

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<()> {
    for run in registry.newest_of_each()?.iter().filter(|run| JOBS.contains(&run.job.as_str())) {
        diagnosis.note(last(around, run));
    }
    let beginning = beginning(registry)?;
    for (job, most) in &around.settings.max_age {
        let success = registry.last_success(job)?;
        // A job that never did its work could have come since there is a registry.
        let since = success.as_deref().and_then(instant).or(beginning);
        let age = since.map_or(TimeDelta::zero(), |since| (around.now)() - since);
        let message = match (health::age(age, *most), &success) {
            (Age::Fresh, _) => text::JOB_IN_TIME,
            (Age::Overdue, Some(_)) => text::JOB_OVERDUE,
            (Age::Overdue, None) => text::JOB_NEVER,
        };
        let is_overdue = message != text::JOB_IN_TIME;
        let verdict = if is_overdue { Verdict::Problem } else { Verdict::Well };
        let check = Check::new(Area::Jobs, "age", job, verdict, message)
            .with("job", job)
            .with("most", hours(most.as_secs()))
            .with("age", hours(u64::try_from(age.num_seconds()).unwrap_or_default()));
        diagnosis.note(if is_overdue { check.hint(text::JOB_OVERDUE_HINT) } else { check });
    }
    Ok(())
}

/// How a job's newest closed run ended.
fn last(around: &Around<'_>, run: &RunRow) -> Check {
    let is_well = matches!(run.status.as_str(), "ok" | "remarks");
    let (verdict, message) =
        if is_well { (Verdict::Well, text::LAST_RUN) } else { (Verdict::Problem, text::LAST_RUN_BAD) };
    let subject = if run.source.is_empty() { run.job.clone() } else { format!("{} {}", run.job, run.source) };
    let check = Check::new(Area::Jobs, "last-run", subject, verdict, message)
        .with("job", &run.job)
        .with("run", run.id.0)
        .with("status", &run.status)
        .with("started", local(&run.started, around.settings.timezone));
    if is_well { check } else { check.hint(text::LAST_RUN_HINT) }
}

/// Since when there is a registry: its first run, or its file while there was none.
fn beginning(registry: &Registry) -> Result<Option<DateTime<Utc>>> {
    if let Some(first) = registry.first_instant()? {
        return Ok(instant(&first));
    }
    Ok(registry.path().metadata().and_then(|facts| facts.modified()).ok().map(DateTime::from))
}

/// Seconds as people say them, in whole hours, or in days from two on.
pub(in crate::jobs) fn hours(seconds: u64) -> String {
    const HOUR: u64 = 3_600;
    match seconds / HOUR {
        0 => format!("{} min", seconds / 60),
        hours @ 1..48 => format!("{hours} h"),
        hours => format!("{} d", hours / 24),
    }
}
