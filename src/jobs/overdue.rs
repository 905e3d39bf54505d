//! `overdue`: which jobs should have done their work by now. From the registry, or on another machine from the metrics
//! alone: cron itself may have stopped. (product.md, `max_age.JOB`)

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Settings;
use crate::domain::health::{self, Age};
use crate::failure::{Failure, Result};
use crate::formats::metrics::{Ages, read_ages};
use crate::registry::Registry;
use crate::text::overdue as text;

/// How old a job's newest success is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobAge {
    /// The command.
    pub job: String,
    /// When the newest run began that did its work; none if there never was one.
    pub succeeded: Option<DateTime<Utc>>,
    /// Seconds since then, or since the registry's first run.
    pub age: u64,
    /// Seconds after which it is overdue.
    pub max_age: u64,
    /// Whether it is.
    pub verdict: Age,
}

/// What the registry says of every job that has a `max_age`. Dry runs don't count.
pub fn of_registry(settings: &Settings, registry: &Registry) -> Result<Ages> {
    let seconds = |text: Option<String>| {
        text.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.timestamp())
    };
    let mut ages = Ages { began: seconds(registry.first_instant()?), ..Ages::default() };
    for (job, most) in &settings.max_age {
        ages.max_age.insert((*job).to_owned(), most.as_secs());
        ages.succeeded.extend(seconds(registry.last_success(job)?).map(|at| ((*job).to_owned(), at)));
    }
    Ok(ages)
}

/// What a file of metrics says. One that watches nothing could tell nothing: that is a failure.
pub fn of_file(path: &Path) -> Result<Ages> {
    let content = std::fs::read_to_string(path).map_err(|error| Failure::io(path, error))?;
    let ages = read_ages(&content).filter(|ages| !ages.max_age.is_empty());
    ages.ok_or_else(|| Failure::failed(text::NO_METRICS).with("file", path.display()))
}

/// Judges every job, by name.
pub fn judge(ages: &Ages, now: DateTime<Utc>) -> Vec<JobAge> {
    let one = |(job, most): (&String, &u64)| {
        let succeeded = ages.succeeded.get(job).and_then(|at| DateTime::from_timestamp(*at, 0));
        // A job that never did its work could have since there is a registry.
        let began = || ages.began.and_then(|at| DateTime::from_timestamp(at, 0));
        let since = succeeded.or_else(began).map_or(TimeDelta::zero(), |since| now - since);
        JobAge {
            job: job.clone(),
            succeeded,
            age: u64::try_from(since.num_seconds()).unwrap_or_default(),
            max_age: *most,
            verdict: health::age(since, std::time::Duration::from_secs(*most)),
        }
    };
    ages.max_age.iter().map(one).collect()
}

/// Seconds as people say them.
pub fn spoken(seconds: u64) -> String {
    super::doctor::jobs::hours(seconds)
}
