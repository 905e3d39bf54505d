//! `mantal purge …`

use std::path::PathBuf;

use serde_json::{Value, json};

use super::access::{self, Seen};
use super::flags::RunFlags;
use super::session::Session;
use super::usage::Unreadable;
use super::{area, output};
use crate::domain::person::PersonId;
use crate::domain::retention::{Most, Target};
use crate::failure::Result;
use crate::jobs::purge::explain::explain;
use crate::jobs::purge::proof::{proof, verify};
use crate::jobs::purge::replay::Replay;
use crate::jobs::purge::{Purge, Wish};
use crate::registry::Registry;
use crate::text::{Message, purge as text};

/// Proposes what retention rules say must go: people, cases with their documents, drafts and events. Nothing goes without
/// --confirm, and nothing that somebody put a hold on.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal purge --confirm --plan plan.json"), args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
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

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say whether a number was disposed of, when, and by which rule
    #[command(after_help = help_end!(view, "mantal purge proof -"))]
    Proof {
        /// An identity number in any spelling; `-` reads it from standard input
        id: String,
    },
    /// Follow the chain of disposal records to its end
    #[command(after_help = help_end!(look, "mantal purge verify"))]
    Verify,
    /// Remove whom registry.side remembers as disposed of, in a registry that was put back without `restore`
    #[command(after_help = help_end!(run, "mantal purge replay --dry-run"))]
    Replay {
        #[command(flatten)]
        flags: RunFlags,
    },
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    match args.command {
        None => {}
        Some(Command::Proof { id }) => return prove(session, &id),
        Some(Command::Verify) => return look(session),
        Some(Command::Replay { flags }) => return session.execute(&mut Replay, &flags),
    }
    if let Some(id) = &args.explain {
        let registry = session.registry()?;
        let person = session.person(&registry, id)?;
        access::note(session, "purge --explain", &Seen::People(&[person]), None)?;
        return show_reasons(session, &registry, person);
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

fn parse_target(text: &str) -> std::result::Result<Target, Unreadable> {
    Target::parse(text).ok_or_else(|| Unreadable::among(Target::ALL.map(Target::name)))
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

/// What keeps one person, and until when.
pub(super) fn show_reasons(session: &Session, registry: &Registry, person: PersonId) -> Result<u8> {
    let answer = explain(registry, session.settings()?, session.today()?, person)?;
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

fn prove(session: &Session, id: &str) -> Result<u8> {
    let number = session.number(&Session::value(id)?)?;
    let records = proof(&session.registry()?, session.settings()?, &number)?;
    for record in records {
        let count = record.run.0.to_string();
        if session.global.json {
            let row = json!({
                "kind": record.kind, "class": record.class, "decision": record.decision,
                "disposed_on": record.disposed_on, "run": record.run.0,
            });
            output::out(&row.to_string());
            continue;
        }
        let params = [
            ("date", record.disposed_on.as_str()),
            ("run", count.as_str()),
            ("kind", record.kind.as_str()),
            ("class", record.class.as_deref().unwrap_or("–")),
            ("decision", record.decision.as_str()),
        ];
        output::out(&text::PROOF.render(session.language(), params));
    }
    Ok(0)
}

fn look(session: &Session) -> Result<u8> {
    let chain = verify(&session.registry()?, session.settings()?)?;
    let is_whole = chain.broken.is_none() && chain.missing == 0;
    if session.global.json {
        let row = json!({
            "ok": is_whole, "records": chain.records, "broken": chain.broken, "missing": chain.missing,
        });
        output::out(&row.to_string());
        return Ok(if is_whole { 0 } else { 3 });
    }
    let (records, missing) = (chain.records.to_string(), chain.missing.to_string());
    let broken = chain.broken.unwrap_or_default().to_string();
    let params = [("records", records.as_str()), ("missing", missing.as_str()), ("record", broken.as_str())];
    let first = if chain.broken.is_some() { text::CHAIN_BROKEN } else { text::CHAIN_WHOLE };
    output::out(&first.render(session.language(), params));
    if chain.missing > 0 {
        output::out(&text::PROOF_MISSING.render(session.language(), params));
    }
    Ok(if is_whole { 0 } else { 3 })
}
