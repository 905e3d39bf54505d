//! `mantal purge …`

use std::path::PathBuf;

use serde_json::Value;

use super::flags::RunFlags;
use super::session::Session;
use super::{area, output};
use crate::domain::retention::{Most, Target};
use crate::failure::Result;
use crate::jobs::purge::explain::explain;
use crate::jobs::purge::{Purge, Wish};
use crate::text::{Message, purge as text};

/// Proposes what retention rules say must go: people, cases with their documents, drafts and events. Nothing goes without
/// --confirm, and nothing that somebody put a hold on.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal purge --confirm --plan plan.json"))]
pub(crate) struct Args {
    /// Do it; only for the real today
    #[arg(long)]
    confirm: bool,
    /// Only this target: case, person, draft, event or reduced; what else is due stays, and keeps whom it keeps
    #[arg(long, value_name = "TARGET", value_parser = parse_target)]
    only: Option<Target>,
    /// So many people and so many cases at most, the oldest first; 0: none
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Write the exact set to a file; with --confirm, remove what stands in it and is unchanged and still due
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Say what keeps one person, and until when: an identity number, a former number, person:17, or - to read it from
    /// standard input
    #[arg(long, value_name = "ID", conflicts_with_all = ["confirm", "only", "limit", "plan", "allow", "approve"])]
    explain: Option<String>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    if let Some(id) = &args.explain {
        return show_reasons(session, id);
    }
    let wish = if args.confirm { Wish::Confirm } else { Wish::Propose };
    let most = args.limit.map_or(Most::All, Most::These);
    let mut job = Purge { wish, only: args.only, most, plan: args.plan };
    match wish {
        Wish::Confirm => session.execute(&mut job, &args.flags),
        Wish::Propose => {
            let report = session.proposal(&mut job, &args.flags)?;
            let exit = session.finish(&report, true);
            if let Some(answer) = &report.answer {
                show(session, answer);
            }
            Ok(exit)
        }
    }
}

fn parse_target(text: &str) -> std::result::Result<Target, String> {
    let names = Target::ALL.map(Target::name).join(", ");
    Target::parse(text).ok_or_else(|| format!("expected one of {names}"))
}

const DUE: [(&str, Message); 4] = [
    ("target", text::WORD_TARGET),
    ("class", text::WORD_CLASS),
    ("action", text::WORD_ACTION),
    ("count", text::WORD_COUNT),
];
const WAITING: [(&str, Message); 4] = [
    ("target", text::WORD_TARGET),
    ("class", text::WORD_CLASS),
    ("purge_on", text::WORD_PURGE_ON),
    ("count", text::WORD_COUNT),
];
const KEPT: [(&str, Message); 3] =
    [("target", text::WORD_TARGET), ("reason", text::WORD_REASON), ("count", text::WORD_COUNT)];
const REASONS: [(&str, Message); 5] = [
    ("target", text::WORD_TARGET),
    ("id", text::WORD_ID),
    ("class", text::WORD_CLASS),
    ("reason", text::WORD_REASON),
    ("until", text::WORD_UNTIL),
];

/// The tables of a proposal; empty ones are left out.
fn show(session: &Session, answer: &Value) {
    if session.global.json {
        return;
    }
    for (rows, columns) in [("due", &DUE[..]), ("waiting", &WAITING), ("kept", &KEPT)] {
        let rows = answer.get(rows).unwrap_or(&Value::Null);
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            area::show(session, rows, columns);
        }
    }
    if let Some(protected) = answer.get("protected").and_then(Value::as_u64).filter(|count| *count > 0) {
        let count = protected.to_string();
        output::out(&text::PROTECTED_DUE.render(session.language(), [("protected", count.as_str())]));
    }
}

fn show_reasons(session: &Session, id: &str) -> Result<u8> {
    let registry = session.registry()?;
    let person = session.person(&registry, id)?;
    let answer = explain(&registry, session.settings()?, session.today()?, person)?;
    if session.global.json {
        output::out(&answer.to_string());
        return Ok(0);
    }
    let is_due = answer.get("due").and_then(Value::as_bool).unwrap_or_default();
    let action = answer.get("action").and_then(Value::as_str).unwrap_or_default();
    let message = if is_due { text::EXPLAIN_DUE } else { text::EXPLAIN_KEPT };
    let name = person.to_string();
    output::out(&message.render(session.language(), [("person", name.as_str()), ("action", action)]));
    let reasons = answer.get("reasons").unwrap_or(&Value::Null);
    if reasons.as_array().is_some_and(|reasons| !reasons.is_empty()) {
        area::show(session, reasons, &REASONS);
    }
    Ok(0)
}
