//! `mantal findings`

use clap::builder::PossibleValuesParser;

use super::csv_view::{self, Column, Format};
use super::flags::RunFlags;
use super::session::Session;
use super::{output, report, terminal};
use crate::failure::Result;
use crate::jobs::findings::{FindingSet, Verb};
use crate::registry::findings::kinds;

/// Lists findings: what needs a person. Without a state the text shows the open ones, JSON all.
#[derive(Debug, clap::Args)]
#[command(
    after_help = help_end!(run, "mantal findings --kind two-records"),
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<VerbCommand>,
    /// Only this kind, such as held or number-change
    #[arg(long, value_parser = PossibleValuesParser::new(kinds()), hide_possible_values = true)]
    kind: Option<String>,
    /// Only this state (default: open; with --json all)
    #[arg(long, value_parser = ["open", "done", "ignored"])]
    state: Option<String>,
    /// csv: for a spreadsheet
    #[arg(
        long,
        value_enum,
        value_name = "text|csv",
        default_value_t,
        hide_possible_values = true,
        conflicts_with = "json"
    )]
    format: Format,
}

const COLUMNS: &[Column] = &[
    ("finding", "id"),
    ("kind", "kind"),
    ("subject", "subject"),
    ("text", "text"),
    ("state", "state"),
    ("first_seen", "first_seen"),
    ("last_seen", "last_seen"),
    ("note", "note"),
    ("run", "run"),
];

#[derive(Debug, clap::Subcommand)]
enum VerbCommand {
    /// Say that findings are dealt with
    #[command(after_help = help_end!(run, "mantal findings done 4 7 --note 'address checked by phone'"))]
    Done(VerbArgs),
    /// Say that nothing will be done about findings; a held file is rejected by it
    #[command(after_help = help_end!(run, "mantal findings ignore 9 --note 'sent by mistake'"))]
    Ignore(VerbArgs),
    /// Open findings again
    #[command(after_help = help_end!(run, "mantal findings reopen 4 --note 'not settled after all'"))]
    Reopen(VerbArgs),
}

#[derive(Debug, clap::Args)]
struct VerbArgs {
    /// Ids of findings
    #[arg(required = true)]
    ids: Vec<i64>,
    /// Why; kept with the finding. Nothing personal belongs here; `-` reads it from standard input
    #[arg(long, value_name = "TEXT")]
    note: String,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    match args.verb {
        Some(VerbCommand::Done(verb)) => set(session, verb, Verb::Done),
        Some(VerbCommand::Ignore(verb)) => set(session, verb, Verb::Ignore),
        Some(VerbCommand::Reopen(verb)) => set(session, verb, Verb::Reopen),
        None => list(session, &args),
    }
}

fn set(session: &Session, args: VerbArgs, verb: Verb) -> Result<u8> {
    let note = Session::value(&args.note)?;
    session.execute(&mut FindingSet { ids: args.ids, verb, note }, &args.flags)
}

fn list(session: &Session, args: &Args) -> Result<u8> {
    session.settings()?;
    let language = session.language();
    let state = args.state.as_deref().or(if session.global.json { None } else { Some("open") });
    let findings = session.registry()?.list_findings(args.kind.as_deref(), state)?;
    if session.global.json {
        let all: Vec<_> = findings.iter().map(|finding| report::finding_json(finding, language)).collect();
        output::out(&serde_json::Value::from(all).to_string());
        return Ok(0);
    }
    if args.format == Format::Csv {
        let all = findings.iter().map(|finding| report::finding_json(finding, language));
        csv_view::show(COLUMNS, language, all);
        return Ok(0);
    }
    let mut lines = output::Lines::new();
    for finding in &findings {
        if !lines.put(&terminal::row(&[], &report::finding_text(finding, language))) {
            break;
        }
    }
    Ok(0)
}
