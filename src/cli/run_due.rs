//! `mantal run-due`

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::flags::RunFlags;
use super::schedule::{call, understood};
use super::session::{Session, now};
use super::{arguments, dispatch, output};
use crate::domain::schedule::worse;
use crate::failure::{Kind, Result};
use crate::io::RunLock;
use crate::jobs::run::Start;
use crate::jobs::schedule::RunDue;
use crate::registry::schedule::Scheduled;
use crate::registry::{Access, Check, Registry};

/// Starts what the schedule says is due, each job once and as a run of its own, in the order of their times. Nothing due, or
/// another run holds the registry: exit 0, and the next call looks again. Else the exit code is the worst of the jobs.
/// What is later than `schedule.max_late` becomes a finding instead.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal run-due"))]
pub(crate) struct Args {
    /// Run what is due on trial and roll it back; it stays due
    #[arg(long)]
    dry_run: bool,
    /// Wait so long for another run to end (default: 0)
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let Some(lock) = when_needed(session, args)? else {
        if session.global.json {
            output::out(&json!({ "run": null, "findings": [], "rejected": [], "jobs": [] }).to_string());
        }
        return Ok(0);
    };
    let flags = RunFlags { dry_run: args.dry_run, ..RunFlags::default() };
    let mut search = RunDue::default();
    let holder = session.holding(&lock);
    let (mut exit, document) = shown(session, || {
        let report = holder.report(&mut search, &flags)?;
        Ok(holder.finish(&report, args.dry_run))
    });
    let mut jobs = Vec::new();
    for line in &search.due {
        if session.stop().load(Ordering::Relaxed) != 0 {
            break;
        }
        let (one, document) = shown(session, || start(session, &lock, line, args));
        jobs.push(of_job(line, one, document));
        exit = worse(exit, one);
    }
    if session.global.json {
        let mut document = document;
        if let Some(document) = document.as_object_mut() {
            document.insert("jobs".to_owned(), jobs.into());
        }
        output::out(&document.to_string());
    }
    Ok(exit)
}

/// The lock, if anything is due and nobody else holds it.
fn when_needed(session: &Session, args: &Args) -> Result<Option<Arc<RunLock>>> {
    let look = || {
        if session.registry_for_change()?.open_scheduled(&now())?.is_empty() {
            return Ok(None);
        }
        let wait = Duration::from_secs(args.wait.unwrap_or_default());
        RunLock::acquire(&session.settings()?.lock_file(), wait).map(Arc::new).map(Some)
    };
    look().or_else(|failure| if failure.kind == Kind::Busy { Ok(None) } else { Err(failure) })
}

/// Runs something that shows itself. With `--json` its document is caught: there is one document on standard output.
fn shown(session: &Session, work: impl FnOnce() -> Result<u8>) -> (u8, Value) {
    let work = || work().unwrap_or_else(|failure| session.fail(&failure));
    if !session.global.json {
        return (work(), Value::Null);
    }
    let (exit, text) = output::caught(work);
    (exit, serde_json::from_str(&text).unwrap_or_default())
}

fn of_job(line: &Scheduled, exit: u8, document: Value) -> Value {
    let mut job = json!({ "schedule": line.id.0, "job": line.line.job, "exit": exit });
    if let (Some(job), Value::Object(document)) = (job.as_object_mut(), document) {
        job.extend(document);
    }
    job
}

/// Claims one line and runs its job; from the claim on it is never started again.
fn start(session: &Session, lock: &Arc<RunLock>, line: &Scheduled, args: &Args) -> Result<u8> {
    let path = &session.settings()?.registry;
    let open = || Registry::open(path, Access::Write, Check::Quick);
    if args.dry_run {
        return run_job(session, lock, line, args);
    }
    if !open()?.claim_scheduled(line.id, &now())? {
        return Ok(0);
    }
    let exit = run_job(session, lock, line, args).unwrap_or_else(|failure| session.fail(&failure));
    open()?.close_scheduled(line.id, exit)?;
    Ok(exit)
}

fn run_job(session: &Session, lock: &Arc<RunLock>, line: &Scheduled, args: &Args) -> Result<u8> {
    let mut words = call(&line.line.job, &line.line.words);
    if args.dry_run && !line.line.words.iter().any(|word| word == "--dry-run") {
        words.insert(2, "--dry-run".into());
    }
    let parsed = understood(&line.line.job, &words, session.language())?;
    let ours = &session.global;
    let mut global = parsed.global;
    global.config = Some(session.settings()?.file.clone());
    global.set.splice(0..0, ours.set.iter().cloned());
    global.json = ours.json;
    global.lang = global.lang.or_else(|| ours.lang.clone());
    global.today = global.today.or(ours.today);
    global.verbose = global.verbose.max(ours.verbose);
    global.quiet |= ours.quiet;
    let scheduled = (!args.dry_run).then_some(line.id);
    let start = Start { lock: Some(Arc::clone(lock)), scheduled };
    let job = session.within(global, format!("run-due: {}", arguments::masked(&words)), start);
    go_to(&line.line.folder);
    Ok(dispatch(parsed.command, &job).unwrap_or_else(|failure| job.fail(&failure)))
}

/// Relative paths mean what they meant when the line was added. Where that folder is gone they mean nothing.
fn go_to(folder: &str) {
    if std::env::set_current_dir(Path::new(folder)).is_err() {
        // Every system has this one; if not, the job finds no file either.
        drop(std::env::set_current_dir("/"));
    }
}
