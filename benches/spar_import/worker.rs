//! One job in a process of its own, without the command line: what `--in-process` measures.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::exit;
use std::time::Duration;

use mantal::config;
use mantal::jobs::person_import::{OnList, PersonImport};
use mantal::jobs::run::{Detail, Mode, Progress, Setup, Start, Who};
use mantal::jobs::spar_import::SparImport;
use mantal::jobs::{Job, runner};

struct Silent;

impl Progress for Silent {
    fn at(&self, _done: u64) {}
}

/// Takes `--config FILE JOB… FILE`.
pub fn work(words: &[String]) -> ! {
    let settings = config::load(words[1].as_ref(), &[]).unwrap();
    let file = PathBuf::from(words.last().unwrap());
    let mut job: Box<dyn Job> = match words[2].as_str() {
        "person" => Box::new(PersonImport { file, on_list: OnList::No, source: None }),
        _ => Box::new(SparImport { files: vec![file] }),
    };
    let who = Who { user: String::new(), sudo_user: None, host: String::new(), arguments: String::new() };
    let report = runner::execute(
        job.as_mut(),
        &Setup {
            settings: &settings,
            today: "2026-11-22".parse().unwrap(),
            mode: Mode::Real,
            detail: Detail::Counts,
            allow: BTreeMap::new(),
            approve: None,
            wait: Duration::ZERO,
            start: Start::default(),
            now: &|| chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            stop: &std::sync::Arc::default(),
            credentials: None,
            ssh: mantal::transport::SshPlaces::default(),
            who,
            progress: &Silent,
        },
    );
    if let Some(failure) = &report.failure {
        eprintln!("{failure:?}");
    }
    exit(i32::from(report.exit));
}
