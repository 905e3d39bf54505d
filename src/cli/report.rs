//! A run's report as JSON or as text. (product.md, JSON; Commands)

use std::borrow::Cow;

use serde_json::{Value, json};

use super::flags::Global;
use super::output;
use super::terminal::{self, Tone};
use crate::failure::Failure;
use crate::jobs::report::{Report, ShownChange};
use crate::registry::findings::Finding;
use crate::registry::rejected::Rejected;
use crate::registry::runs::{LogLine, RunRow};
use crate::text::{Language, Message, word};

/// On a terminal, or with a question, this much of a list is shown.
const MOST_LINES: usize = 40;

/// Shows a report the way that was asked for.
pub(crate) fn show(report: &Report, language: Language, global: &Global, dry_run: bool) {
    if global.json {
        output::out(&document(report, language));
    } else if dry_run {
        show_plan(report, language);
    }
    show_remarks(report, language, global);
}

fn show_remarks(report: &Report, language: Language, global: &Global) {
    if let Some(failure) = &report.failure {
        show_failure(failure, language, global.verbose);
        if report.exit == 1 && !global.json {
            show_list(report.rejected.iter().map(|record| rejected_text(record, language)), 0);
        }
        if report.exit != 3 {
            return;
        }
    }
    if report.exit == 3 && !global.json {
        show_list(report.rejected.iter().map(|record| rejected_text(record, language)), 0);
        show_list(report.remarks.iter().map(|line| line_text(line, language)), 0);
        let findings = report.findings.iter().map(|finding| finding_text(finding, language));
        show_list(findings, report.more_findings);
    }
    let is_wanted = output::is_watched() && !global.quiet && !global.json && report.failure.is_none();
    if is_wanted && let Some(run) = &report.run {
        output::err(&summary(run, language));
    }
}

/// `more` are not among them.
fn show_list(lines: impl Iterator<Item = String>, mut more: u64) {
    for (place, line) in lines.enumerate() {
        if place < MOST_LINES { output::err(&line) } else { more += 1 }
    }
    if more > 0 {
        output::err(&format!("… +{more}"));
    }
}

/// A failure and what to do about it.
pub(crate) fn show_failure(failure: &Failure, language: Language, verbose: u8) {
    let name = terminal::toned_error("mantal:", Tone::Bad);
    output::err(&format!("{name} {}", failure.text(language)));
    if let Some(hint) = failure.hint_text(language) {
        output::err(&hint);
    }
    if verbose > 1
        && let Some(source) = &failure.source
    {
        output::err(&format!("{source:#}"));
    }
}

fn show_plan(report: &Report, language: Language) {
    if let Some(run) = &report.run {
        output::out(&summary(run, language));
    }
    let mut lines = output::Lines::new();
    for line in &report.remarks {
        lines.put(&line_text(line, language));
    }
    for change in &report.changes {
        if !lines.put(&change_text(change)) {
            return;
        }
    }
}

fn change_text(change: &ShownChange) -> String {
    let value = |value: &Option<Box<Value>>| match value.as_deref() {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => crate::failure::escaped(text),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            crate::failure::escaped(&other.to_string())
        }
    };
    let entity = match change.record {
        Some(id) => Cow::Owned(format!("{}:{id}", change.entity)),
        None => Cow::Borrowed(change.entity.as_ref()),
    };
    format!(
        "person:{} {}.{}: {} → {} ({})",
        change.person,
        entity,
        change.field,
        value(&change.old),
        value(&change.new),
        change.why
    )
}

fn summary(run: &RunRow, language: Language) -> String {
    let counts = run.counts.as_object().into_iter().flatten();
    let counts: Vec<String> = counts
        .filter(|(_, count)| count.as_u64() != Some(0))
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    let dry = if run.dry_run { word::DRY_RUN.render(language, []) } else { String::new() };
    format!("{} {}{dry}: {} – {}", word::RUN.render(language, []), run.id.0, run.status, counts.join(", "))
}

/// The sentence of a finding.
pub(crate) fn finding_text(finding: &Finding, language: Language) -> String {
    format!("{} {} {}: {}", finding.id, finding.subject, finding.kind, finding_sentence(finding, language))
}

fn finding_sentence(finding: &Finding, language: Language) -> String {
    let params: Value = serde_json::from_str(&finding.params).unwrap_or_default();
    let param = |name: &str| params.get(name);
    let code = match finding.kind.as_str() {
        "held" if param("file").is_some() => "file-held",
        "held" => "list-held",
        "late-schedule" if param("fate").is_some_and(|fate| fate == "broken-off") => "schedule-broken-off",
        "late-schedule" if param("fate").is_some_and(|fate| fate == "restored") => "schedule-restored",
        kind => kind,
    };
    render(code, &params, language)
}

fn rejected_text(record: &Rejected, language: Language) -> String {
    let place =
        if record.record == 0 { record.file.clone() } else { format!("{}:{}", record.file, record.record) };
    format!("{}: {}", crate::failure::escaped(&place), reason(record, language))
}

fn reason(record: &Rejected, language: Language) -> String {
    render(&record.code, &serde_json::from_str(&record.params).unwrap_or_default(), language)
}

/// The sentence of a log line.
pub(crate) fn line_text(line: &LogLine, language: Language) -> String {
    render(&line.code, &line_params(line), language)
}

/// The parameters of a log line.
pub(crate) fn line_params(line: &LogLine) -> Value {
    serde_json::from_str(&line.params).unwrap_or_default()
}

/// The sentence of a code with its parameters; the code itself where there is none.
pub(crate) fn render(code: &str, params: &Value, language: Language) -> String {
    let Some(message) = Message::by_code(code) else { return code.to_owned() };
    let params: Vec<(String, String)> = params
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    message.render(language, params.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn document(report: &Report, language: Language) -> String {
    let run = report.run.as_ref().map_or(Value::Null, |run| run_json(run, language));
    let findings: Vec<Value> =
        report.findings.iter().map(|finding| finding_json(finding, language)).collect();
    let rejected: Vec<Value> = report.rejected.iter().map(|record| rejected_json(record, language)).collect();
    let mut document = serde_json::Map::new();
    document.insert("run".to_owned(), run);
    document.insert("findings".to_owned(), findings.into());
    document.insert("rejected".to_owned(), rejected.into());
    let remark = |line: &LogLine| json!({ "prio": line.prio, "code": line.code, "params": line_params(line), "text": line_text(line, language) });
    document.insert("remarks".to_owned(), report.remarks.iter().map(remark).collect());
    let with_changes = !report.changes.is_empty() || report.run.as_ref().is_some_and(|run| run.dry_run);
    if with_changes {
        document.insert("changes".to_owned(), report.changes.iter().map(change_json).collect());
    }
    if let Some(Value::Object(answer)) = &report.answer {
        document.extend(answer.clone());
    }
    // What ended 3 has done something; why it did no more is among the remarks.
    if let Some(failure) = report.failure.as_ref().filter(|_| report.exit != 3) {
        document.insert("error".to_owned(), error_json(failure, language));
    }
    Value::from(document).to_string()
}

/// The document for others: as with `--json`, but without changes, rejected records and answers.
pub(crate) fn notice(report: &Report, language: Language) -> String {
    let findings: Vec<Value> =
        report.findings.iter().map(|finding| finding_json(finding, language)).collect();
    let error = report.failure.as_ref().filter(|_| report.exit != 3);
    json!({
        "run": report.run.as_ref().map(|run| run_json(run, language)), "findings": findings, "exit": report.exit,
        "error": error.map(|failure| error_json(failure, language)),
    })
    .to_string()
}

/// A document for a failure without a run row.
pub(crate) fn failure_document(failure: &Failure, language: Language) -> String {
    json!({ "run": null, "findings": [], "rejected": [], "error": error_json(failure, language) }).to_string()
}

fn error_json(failure: &Failure, language: Language) -> Value {
    json!({ "code": failure.message.code, "text": failure.text(language), "hint": failure.hint_text(language) })
}

/// A run as JSON.
pub(crate) fn run_json(run: &RunRow, language: Language) -> Value {
    json!({
        "id": run.id.0, "job": run.job, "source": run.source, "status": run.status, "exit": run.exit,
        "started": run.started, "ended": run.ended, "dry_run": run.dry_run, "today": run.today,
        "message": run.message.as_deref().map(|code| render(code, &run.message_params, language)),
        "counts": run.counts, "user": run.user, "sudo_user": run.sudo_user, "host": run.host,
        "version": run.version, "arguments": run.arguments, "by_hand": run.by_hand, "undone_by": run.undone_by,
    })
}

/// A finding as JSON.
pub(crate) fn finding_json(finding: &Finding, language: Language) -> Value {
    json!({
        "id": finding.id, "kind": finding.kind, "subject": finding.subject,
        "text": finding_sentence(finding, language), "state": finding.state, "note": finding.note,
        "first_seen": finding.first_seen, "last_seen": finding.last_seen, "run": finding.run.0,
    })
}

fn rejected_json(record: &Rejected, language: Language) -> Value {
    json!({ "file": record.file, "record": record.record, "code": record.code, "reason": reason(record, language) })
}

fn change_json(change: &ShownChange) -> Value {
    let mut shown = json!({
        "person": change.person, "entity": change.entity, "field": change.field,
        "old": change.old, "new": change.new, "why": change.why,
    });
    if let (Some(record), Value::Object(shown)) = (change.record, &mut shown) {
        shown.insert("record".to_owned(), record.into());
    }
    shown
}
