//! `notify.metrics_file`: how every job stands, for a collector on this machine and for `overdue` on another. Written when a
//! run begins and when it has ended; what fails here is a log line and never changes a run.

use std::io::Write;
use std::path::Path;

use chrono::DateTime;
use serde_json::Value;

use super::report::RECORDS;
use super::run::{Mode, Setup};
use crate::failure::{Failure, Result};
use crate::formats::metrics::{JobMetrics, Metrics, render};
use crate::io::{AtomicFile, Existing};
use crate::leak_control::{self, Place};
use crate::registry::Registry;
use crate::registry::last_runs::LastRuns;

/// Writes the file, if one is configured and the run is no trial. A collector runs as somebody else: unlike all else it is readable by others.
pub(super) fn write(registry: &Registry, setup: &Setup<'_>) -> Result<()> {
    match (&setup.settings.notify.metrics_file, setup.mode) {
        (Some(path), Mode::Real) => put(path, &render(&gather(registry, setup)?)),
        (Some(_), Mode::DryRun | Mode::Proposal) | (None, _) => Ok(()),
    }
}

fn put(path: &Path, text: &str) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(text.as_bytes()).map_err(|error| Failure::io(path, error))?;
    if let Some(text) = leak_control::text(Place::Metrics) {
        writeln!(file, "mantal_leak{{who=\"{text}\"}} 1").map_err(|error| Failure::io(path, error))?;
    }
    file.open_to_readers()?;
    file.commit(Existing::Replace)
}

fn gather(registry: &Registry, setup: &Setup<'_>) -> Result<Metrics> {
    registry.snapshot(|| {
        let seconds = |text: Option<String>| text.as_deref().and_then(seconds);
        Ok(Metrics {
            written: self::seconds(&(setup.now)()).unwrap_or_default(),
            began: seconds(registry.first_instant()?),
            jobs: registry.last_runs()?.into_iter().map(of_job).collect(),
            max_age: (setup.settings.max_age.iter())
                .map(|(job, most)| ((*job).to_owned(), most.as_secs()))
                .collect(),
            findings: registry.open_findings()?,
            scheduled: seconds(registry.next_scheduled()?),
        })
    })
}

fn of_job(last: LastRuns) -> JobMetrics {
    let end = last.ended.and_then(|(started, ended)| Some((seconds(&started)?, seconds(&ended)?)));
    // What a job counts beside its records is about people, and a small number of them can tell who.
    let count = |name: &str| Some((name.to_owned(), last.counts.get(name).and_then(Value::as_u64)?));
    JobMetrics {
        started: seconds(&last.started),
        ended: end.map(|(_, ended)| ended),
        duration: end.map(|(started, ended)| ended - started),
        succeeded: last.succeeded.as_deref().and_then(seconds),
        exit: last.exit,
        counts: RECORDS.into_iter().filter_map(count).collect(),
        job: last.job,
        source: last.source,
        status: last.status,
    }
}

fn seconds(instant: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(instant).ok().map(|at| at.timestamp())
}
