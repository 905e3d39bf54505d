//! Metrics in the text format of Prometheus: written for a collector, read by `overdue` on another machine. Nothing
//! personal: times, codes, counts of records.

use std::collections::BTreeMap;

/// What is told of a job, for each of its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobMetrics {
    /// The command.
    pub job: String,
    /// A source's name, or nothing.
    pub source: String,
    /// When the newest run began; seconds since 1970, as all times here.
    pub started: Option<i64>,
    /// When the newest run that has ended did so.
    pub ended: Option<i64>,
    /// When the newest run that did its work began.
    pub succeeded: Option<i64>,
    /// Seconds that the newest run took that has ended.
    pub duration: Option<i64>,
    /// How the newest run stands: `running`, `ok`, …
    pub status: String,
    /// How the newest run ended.
    pub exit: Option<i64>,
    /// Its counts of records.
    pub counts: Vec<(String, u64)>,
}

/// Everything that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// When it was written.
    pub written: i64,
    /// When the registry's first run began: since then jobs could have run.
    pub began: Option<i64>,
    /// Job by job.
    pub jobs: Vec<JobMetrics>,
    /// Seconds after which a job is overdue.
    pub max_age: Vec<(String, u64)>,
    /// Open findings by kind.
    pub findings: Vec<(String, u64)>,
    /// When the earliest line of the schedule is due that waits.
    pub scheduled: Option<i64>,
}

/// How a run can stand.
pub const STATUSES: [&str; 7] = ["ok", "remarks", "failed", "held", "unreachable", "interrupted", "running"];

const BEGAN: &str = "mantal_registry_first_run_timestamp_seconds";
const MAX_AGE: &str = "mantal_job_max_age_seconds";
const SUCCESS: &str = "mantal_run_last_success_timestamp_seconds";

/// Writes the whole file.
pub fn render(metrics: &Metrics) -> String {
    let mut text = Text(String::new());
    text.family("mantal_metrics_written_timestamp_seconds", "When this file was written.");
    text.sample("mantal_metrics_written_timestamp_seconds", &[], &metrics.written);
    text.times(metrics, "mantal_run_last_start_timestamp_seconds", "When the newest run began.", |job| {
        job.started
    });
    text.times(
        metrics,
        "mantal_run_last_end_timestamp_seconds",
        "When the newest run that has ended did so.",
        |job| job.ended,
    );
    text.times(metrics, SUCCESS, "When the newest run that did its work began.", |job| job.succeeded);
    text.times(
        metrics,
        "mantal_run_last_duration_seconds",
        "How long the newest run took that has ended.",
        |job| job.duration,
    );
    text.times(metrics, "mantal_run_last_exit_code", "The exit code of the newest run.", |job| job.exit);
    text.family("mantal_run_last_status", "1 for the status of the newest run, 0 for the others.");
    for job in &metrics.jobs {
        for status in STATUSES {
            let labels = [("job", job.job.as_str()), ("source", &job.source), ("status", status)];
            text.sample("mantal_run_last_status", &labels, &i64::from(job.status == status));
        }
    }
    text.family("mantal_run_last_records", "Records of the newest run, by what became of them.");
    for job in &metrics.jobs {
        for (count, records) in &job.counts {
            let labels = [("job", job.job.as_str()), ("source", &job.source), ("count", count)];
            text.sample("mantal_run_last_records", &labels, records);
        }
    }
    text.by_name(MAX_AGE, "After so long without success the job is overdue.", "job", &metrics.max_age);
    text.by_name("mantal_findings_open", "Open findings.", "kind", &metrics.findings);
    text.one(BEGAN, "When the first run of all began.", metrics.began);
    text.one("mantal_schedule_next_timestamp_seconds", "When the next single run is due.", metrics.scheduled);
    text.0
}

struct Text(String);

impl Text {
    fn family(&mut self, name: &str, help: &str) {
        self.0.extend(["# HELP ", name, " ", help, "\n# TYPE ", name, " gauge\n"]);
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &dyn ToString) {
        let labels: Vec<String> = labels
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.0.extend([name, &labels, " ", &value.to_string(), "\n"]);
    }

    fn times(
        &mut self,
        metrics: &Metrics,
        name: &str,
        help: &str,
        value: impl Fn(&JobMetrics) -> Option<i64>,
    ) {
        self.family(name, help);
        for job in &metrics.jobs {
            if let Some(value) = value(job) {
                self.sample(name, &[("job", &job.job), ("source", &job.source)], &value);
            }
        }
    }

    fn by_name(&mut self, name: &str, help: &str, label: &str, values: &[(String, u64)]) {
        self.family(name, help);
        for (of, value) in values {
            self.sample(name, &[(label, of)], value);
        }
    }

    fn one(&mut self, name: &str, help: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.family(name, help);
            self.sample(name, &[], &value);
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// What `overdue` needs of a file of metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// When the first run of all began.
    pub began: Option<i64>,
    /// By job, seconds after which it is overdue.
    pub max_age: BTreeMap<String, u64>,
    /// By job, when its newest run began that did its work, whatever its source.
    pub succeeded: BTreeMap<String, i64>,
}

/// Reads a file that [`render`] wrote. None if it is not one, or not whole.
pub fn read_ages(text: &str) -> Option<Ages> {
    let mut ages = Ages::default();
    let mut is_ours = false;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (series, value) = line.rsplit_once(' ')?;
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        is_ours |= name == "mantal_metrics_written_timestamp_seconds";
        let job = || labels.split('"').nth(1).map(str::to_owned);
        match name {
            BEGAN => ages.began = Some(value.parse().ok()?),
            MAX_AGE => drop(ages.max_age.insert(job()?, value.parse().ok()?)),
            SUCCESS => {
                let (job, at): (String, i64) = (job()?, value.parse().ok()?);
                let newest = ages.succeeded.entry(job).or_insert(at);
                *newest = at.max(*newest);
            }
            _ => {}
        }
    }
    (is_ours && text.ends_with('\n')).then_some(ages)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sample() -> Metrics {
        let job = |source: &str, succeeded| JobMetrics {
            job: "sync-contacts".to_owned(),
            source: source.to_owned(),
            started: Some(1_700_000_100),
            ended: None,
            succeeded,
            duration: None,
            status: "running".to_owned(),
            exit: None,
            counts: vec![("read".to_owned(), 3)],
        };
        Metrics {
            written: 1_700_000_200,
            began: Some(1_600_000_000),
            jobs: vec![
                job("extens", Some(1_700_000_000)),
                job("a\"b\\c", Some(1_700_000_050)),
                job("", None),
            ],
            max_age: vec![("backup".to_owned(), 93_600), ("sync-contacts".to_owned(), 3_600)],
            findings: vec![("no-answer".to_owned(), 2)],
            scheduled: None,
        }
    }

    #[test]
    fn what_is_written_is_what_overdue_reads() {
        let ages = read_ages(&render(&sample())).unwrap();
        assert_eq!(ages.began, Some(1_600_000_000));
        assert_eq!(
            ages.max_age,
            BTreeMap::from([("backup".into(), 93_600), ("sync-contacts".into(), 3_600)])
        );
        assert_eq!(ages.succeeded, BTreeMap::from([("sync-contacts".into(), 1_700_000_050)]));
    }

    #[test]
    fn every_line_is_a_help_a_type_or_a_sample_of_a_family_told_once() {
        let text = render(&sample());
        let mut family = "";
        // A series without labels is called as its family is.
        let (mut seen, mut series_seen) = (BTreeSet::new(), BTreeSet::new());
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                family = rest.split(' ').next().unwrap();
                assert!(seen.insert(family.to_owned()), "{family} twice");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                assert_eq!(rest, format!("{family} gauge"));
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap();
                assert_eq!(series.split('{').next(), Some(family), "{line}");
                assert!(value.parse::<f64>().is_ok(), "{line}");
                assert!(series_seen.insert(series.to_owned()), "{series} twice");
                assert!(!series.contains('{') || series.ends_with("\"}"), "{line}");
            }
        }
        assert!(text.contains("source=\"a\\\"b\\\\c\""), "{text}");
        assert!(
            text.contains("mantal_run_last_status{job=\"sync-contacts\",status=\"running\"} 1"),
            "{text}"
        );
    }

    #[test]
    fn a_file_that_is_cut_short_or_not_ours_tells_nothing() {
        let text = render(&sample());
        assert_eq!(read_ages(""), None);
        assert_eq!(read_ages("node_load1 0.3\n"), None);
        assert_eq!(read_ages(text.trim_end()), None);
        assert_eq!(read_ages(&text.replace("} 93600", "} soon")), None);
    }
}
