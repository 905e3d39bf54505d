//! `mantal overdue`

use std::path::PathBuf;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::output;
use super::session::Session;
use crate::domain::health::Age;
use crate::failure::Result;
use crate::jobs::overdue::{JobAge, judge, of_file, of_registry, spoken};
use crate::text::{Language, overdue as text};

/// Says which jobs have not done their work within their `max_age`: exit 3 if one has not. On another machine a copy of
/// the metrics file is enough; no configuration and no registry is needed there.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(look, "mantal overdue --metrics /var/lib/node_exporter/mantal.prom"))]
pub(crate) struct Args {
    /// Look at this file of metrics only
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let ages = match &args.metrics {
        Some(file) => of_file(file)?,
        None => of_registry(session.settings()?, &session.registry()?)?,
    };
    let jobs = judge(&ages, Utc::now());
    let exit = if jobs.iter().any(|job| job.verdict == Age::Overdue) { 3 } else { 0 };
    if session.global.json {
        let all: Vec<Value> = jobs.iter().map(to_json).collect();
        output::out(&json!({ "ok": exit == 0, "exit": exit, "jobs": all }).to_string());
        return Ok(exit);
    }
    let language = session.language();
    if jobs.is_empty() && !session.global.quiet {
        output::out(&text::NOTHING_WATCHED.render(language, []));
    }
    for job in jobs.iter().filter(|job| !session.global.quiet || job.verdict == Age::Overdue) {
        output::out(&line(job, language));
    }
    Ok(exit)
}

fn line(job: &JobAge, language: Language) -> String {
    let message = match (job.verdict, job.succeeded) {
        (Age::Fresh, Some(_)) => text::IN_TIME,
        (Age::Fresh, None) => text::NOT_YET,
        (Age::Overdue, Some(_)) => text::OVERDUE,
        (Age::Overdue, None) => text::NEVER,
    };
    let (age, most) = (spoken(job.age), spoken(job.max_age));
    message.render(language, [("job", job.job.as_str()), ("age", &age), ("most", &most)])
}

fn to_json(job: &JobAge) -> Value {
    let succeeded = job.succeeded.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    json!({
        "job": job.job, "overdue": job.verdict == Age::Overdue, "last_success": succeeded,
        "age_seconds": job.age, "max_age_seconds": job.max_age,
    })
}
