//! The life of every run: lock, what earlier runs left, row, work, findings, finishing, closed row, cleaning up.
//! (docs/architecture.md, "The life of a run")

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::limits::{Approval, Guard};
use super::report::{Counts, Report, ShownChange};
use super::run::{Detail, Extent, Mode, Run, Setup};
use super::shown::changes_of;
use super::{Job, Origin, ageing, metrics, settle};
use crate::failure::{Failure, Kind, Result};
use crate::io::lock::RunLock;
use crate::io::secret_key::SecretKey;
use crate::io::side_file::SideFile;
use crate::leak_control::{self, Place};
use crate::registry::findings::{Opened, When};
use crate::registry::protection::Finish;
use crate::registry::runs::{Ending, LogLine, NewRun};
use crate::registry::{Access, Check, Outcome, Registry};
use crate::text::{Language, failure as text, line, overdue};

/// Log lines up to this priority are shown with a run that ended with remarks.
const REMARK_PRIO: u8 = 15;
/// So many of them at most.
const MOST_REMARKS: usize = 1_000;
/// So many findings are carried where no document is wanted; fewer are shown.
const MOST_FINDINGS: u32 = 100;

/// Runs a job and says how it went. Never fails: a failure is part of the report.
pub fn execute(job: &mut dyn Job, setup: &Setup<'_>) -> Report {
    match prepare_and_run(job, setup) {
        Ok(report) => report,
        Err(failure) => failure.into(),
    }
}

fn prepare_and_run(job: &mut dyn Job, setup: &Setup<'_>) -> Result<Report> {
    let settings = setup.settings;
    let _lock = match &setup.start.lock {
        Some(held) => Arc::clone(held),
        None => Arc::new(RunLock::acquire(&settings.lock_file(), setup.wait)?),
    };
    let registry = Registry::open(&settings.registry, Access::Write, Check::Quick)?;
    let key = SecretKey::load(&settings.key_file())?;
    let side = SideFile::find(&settings.side_file())?;
    let side = side.ok_or_else(|| {
        Failure::failed(text::SIDE_FILE_MISSING).with("path", settings.side_file().display())
    })?;
    run_on(job, setup, &registry, &key, &side)
}

/// Runs a job on a registry that its caller has opened, holding the lock.
pub(super) fn run_on(
    job: &mut dyn Job,
    setup: &Setup<'_>,
    registry: &Registry,
    key: &SecretKey,
    side: &SideFile,
) -> Result<Report> {
    let approval = approval(registry, setup)?;
    let id = registry.start_run(&new_run(job, setup))?;
    let mut run = Run {
        registry,
        setup,
        key,
        id,
        guard: Guard::new(&setup.settings.limits, &setup.allow, approval),
        counts: Counts::default(),
        message: None,
        answer: None,
        shown: Vec::new(),
        side,
        lines: Vec::new(),
        dropped_lines: 0,
        rejected: Vec::new(),
        events: Vec::new(),
        events_before: 0,
        applied: Vec::new(),
        to_drop: Vec::new(),
        committed: false,
        remarked: false,
    };
    if let Err(failure) = metrics::write(registry, setup) {
        run.line(overdue::METRICS_FAILED, &[("reason", failure.text(Language::English))]);
    }
    setup.progress.begun();
    let result = work(job, &mut run);
    Ok(close(job, run, result))
}

fn new_run(job: &dyn Job, setup: &Setup<'_>) -> NewRun {
    NewRun {
        job: job.name().to_owned(),
        source: job.source(),
        by_hand: job.origin() == Origin::Hand,
        dry_run: setup.mode != Mode::Real,
        today: setup.today.to_string(),
        started: (setup.now)(),
        user: setup.who.user.clone(),
        sudo_user: setup.who.sudo_user.clone(),
        host: setup.who.host.clone(),
        arguments: leak_control::text(Place::RunArguments).unwrap_or_else(|| setup.who.arguments.clone()),
        scheduled: setup.start.scheduled,
    }
}

fn approval(registry: &Registry, setup: &Setup<'_>) -> Result<Option<Approval>> {
    let Some(id) = setup.approve else { return Ok(None) };
    let run = registry.find_run(id)?.filter(|run| run.status == "held");
    let run = run.ok_or_else(|| Failure::failed(text::NOT_HELD).with("run", id.0))?;
    let counts = run.limits.as_object().map(|counts| {
        counts
            .iter()
            .filter_map(|(name, count)| Some((name.clone(), count.as_u64()?)))
            .collect::<BTreeMap<_, _>>()
    });
    Ok(Some(Approval { plan: run.plan, counts: counts.unwrap_or_default() }))
}

/// What a run found out, collected before a dry run is rolled back.
#[derive(Default)]
struct Harvest {
    findings: Opened,
    changes: Vec<ShownChange>,
}

fn work(job: &mut dyn Job, run: &mut Run<'_>) -> Result<Harvest> {
    settle_earlier(run)?;
    let registry = run.registry;
    match run.setup.mode {
        Mode::Real => {
            let result = job.work(run);
            let harvest = harvest(run);
            result.map_err(|failure| after_failure(run, failure)).and(harvest)
        }
        // One transaction around everything: later units see what earlier ones did, and all of it is taken back.
        Mode::DryRun | Mode::Proposal => registry.unit(|| {
            let result = job.work(run);
            let harvest = harvest(run);
            result
                .map_err(|failure| after_failure(run, failure))
                .and(harvest)
                .map(|harvest| (Outcome::RollBack, harvest))
        }),
    }
}

/// If a unit was applied before the failure, the run has done something: remarks, with both named (product.md).
fn after_failure(run: &mut Run<'_>, failure: Failure) -> Failure {
    if !run.applied.is_empty() && !matches!(failure.kind, Kind::Interrupted(_)) {
        run.line(line::APPLIED_BEFORE, &[("files", run.applied.join(", "))]);
    }
    failure
}

fn settle_earlier(run: &mut Run<'_>) -> Result<()> {
    let now = (run.setup.now)();
    for other in run.registry.interrupt_others(run.id, &now)? {
        run.line(line::FOUND_INTERRUPTED, &[("run", other.0.to_string())]);
    }
    settle::sweep_staging(&run.setup.settings.spool)?;
    if !run.is_dry() && !run.registry.pending_erasures()?.is_empty() {
        finish_erasures(run);
    }
    Ok(())
}

fn harvest(run: &mut Run<'_>) -> Result<Harvest> {
    let now = (run.setup.now)();
    if !run.is_dry() && !run.registry.pending_erasures()?.is_empty() {
        finish_erasures(run);
    }
    let files = if run.is_dry() { 0 } else { ageing::kept_files(run) };
    run.registry.write(|| {
        for event in &run.events {
            run.registry.open_event(event, run.id, &now)?;
        }
        run.registry.put_rejected(run.id, &run.rejected)
    })?;
    if run.is_dry() {
        // What a dry run would erase is not pending: it is rolled back.
        run.registry.forget_erasures_of(run.id)?;
    }
    let settings = run.setup.settings;
    let municipality = settings.municipality.first().map(String::as_str);
    let when = When { today: run.setup.today, file_days: settings.spar.file_days, municipality };
    run.registry.settle_findings(run.id, &now, when)?;
    if !run.is_dry() {
        ageing::traces(run, files);
    }
    let mut changes = std::mem::take(&mut run.shown);
    match run.setup.detail {
        Detail::Changes => changes.extend(changes_of(run.registry, run.id)?),
        Detail::Counts => changes.clear(),
    }
    Ok(Harvest { findings: opened(run)?, changes })
}

fn opened(run: &Run<'_>) -> Result<Opened> {
    let most = match run.setup.findings {
        Extent::Whole => None,
        Extent::Beginning => Some(MOST_FINDINGS),
    };
    run.registry.findings_of(run.id, most)
}

fn finish_erasures(run: &mut Run<'_>) {
    let finish = settle::delete_spooled_traces(run.registry, &run.setup.settings.spool)
        .and_then(|()| run.registry.finish_erasure());
    match finish {
        Ok(Finish::Done) => {}
        Ok(Finish::Blocked) => run.line(line::ERASURE_BLOCKED, &[]),
        // What was decided is committed; the mark stays, and the next run finishes it.
        Err(failure) => run.line(line::ERASURE_FAILED, &[("reason", failure.text(Language::English))]),
    }
}

fn close(job: &dyn Job, mut run: Run<'_>, result: Result<Harvest>) -> Report {
    if let Some(text) = leak_control::text(Place::LogLine) {
        run.line(overdue::METRICS_FAILED, &[("reason", text)]);
    }
    let mut report = Report::default();
    let ending = match result {
        Ok(harvest) => {
            let news = run.setup.mode != Mode::Proposal
                && (run.remarked || !harvest.findings.first.is_empty() || rejects_something_new(job, &run));
            report.opened(harvest.findings);
            report.changes = harvest.changes;
            ending(&run, if news { ("remarks", 3) } else { ("ok", 0) }, None)
        }
        Err(failure) => {
            let end = end_of_failure(&run, failure.kind);
            run.lines.push(failure_line(&run, &failure));
            report.opened(opened(&run).unwrap_or_default());
            let ending = ending(&run, end, Some(&failure));
            report.failure = Some(failure);
            ending
        }
    };
    report.exit = ending.exit;
    if let Err(failure) = run.registry.close_run(run.id, &ending, &run.lines) {
        // The work's own outcome stands; the row is closed as interrupted by the next run.
        let failure = Failure::failed(text::ROW_NOT_CLOSED).with("reason", failure.text(Language::English));
        report.failure.get_or_insert(failure);
        report.exit = if report.exit == 0 { 3 } else { report.exit };
    }
    clean_up(&run);
    tell_metrics(&run);
    report.run = run.registry.find_run(run.id).ok().flatten();
    let shown = if run.is_dry() { u8::MAX } else { REMARK_PRIO };
    report.rejected = run.rejected;
    report.answer = run.answer;
    report.remarks = run.lines.into_iter().filter(|line| line.prio <= shown).take(MOST_REMARKS).collect();
    report
}

fn end_of_failure(run: &Run<'_>, kind: Kind) -> (&'static str, u8) {
    let interrupted = matches!(kind, Kind::Interrupted(_));
    if !run.committed || interrupted { (kind.status(), kind.exit_code()) } else { ("remarks", 3) }
}

fn failure_line(run: &Run<'_>, failure: &Failure) -> LogLine {
    let params: serde_json::Map<String, Value> =
        failure.params.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let prio = failure.message.prio;
    LogLine {
        run: run.id,
        prio,
        at: (run.setup.now)(),
        code: failure.message.code.to_owned(),
        params: Value::from(params).to_string(),
    }
}

fn rejects_something_new(job: &dyn Job, run: &Run<'_>) -> bool {
    if run.rejected.is_empty() {
        return false;
    }
    let last = run.registry.last_run_of(job.name(), &job.source(), run.id);
    let Ok(Some(last)) = last else { return true };
    run.rejected.iter().any(|record| !run.registry.was_rejected(last, record.digest).unwrap_or(false))
}

fn ending(run: &Run<'_>, (status, exit): (&'static str, u8), failure: Option<&Failure>) -> Ending {
    let (message, params) = match (failure, &run.message) {
        (Some(failure), _) => (Some(failure.message), failure.params.as_slice()),
        (None, Some((message, params))) => (Some(*message), params.as_slice()),
        (None, None) => (None, [].as_slice()),
    };
    let params: serde_json::Map<String, Value> =
        params.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let is_held = status == "held";
    Ending {
        status,
        exit,
        ended: (run.setup.now)(),
        message: message.map(|message| message.code.to_owned()),
        message_params: Value::from(params).to_string(),
        counts: run.counts.to_json().to_string(),
        limits: run.guard.to_json().to_string(),
        plan: is_held.then(|| run.guard.plan_digest()),
    }
}

/// How the run ended; that it began is told already, so a file that can't be written is in the log.
fn tell_metrics(run: &Run<'_>) {
    if let Err(failure) = metrics::write(run.registry, run.setup) {
        log::warn!("{} {}", overdue::METRICS_FAILED.code, failure.text(Language::English));
    }
}

/// After the row is closed: what fails here is tried again next time and changes nothing about the run.
fn clean_up(run: &Run<'_>) {
    if run.is_dry() {
        return;
    }
    for spooled in &run.to_drop {
        drop(settle::drop_spooled(&run.setup.settings.spool, spooled));
    }
}
