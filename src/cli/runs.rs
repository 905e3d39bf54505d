//! `mantal runs`

use super::csv_view::{self, Column, Format};
use super::session::Session;
use super::terminal::{self, Tone};
use super::{output, report};
use crate::domain::zone::Zone;
use crate::failure::Result;
use crate::registry::runs::{RunRow, Which};
use crate::text::{Language, word};

/// Lists runs, the newest first. For the SPAR jobs the status reads "OK in", "OK ut" or "?".
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal runs --all --most 10"))]
pub(crate) struct Args {
    /// Commands given by hand too
    #[arg(long)]
    all: bool,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: u32,
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

/// Times are local, as in the text.
const COLUMNS: &[Column] = &[
    ("run", "id"),
    ("job", "job"),
    ("source", "source"),
    ("started", "started"),
    ("ended", "ended"),
    ("status", "status"),
    ("exit", "exit"),
    ("message", "message"),
    ("dry_run", "dry_run"),
    ("undone_by", "undone_by"),
    ("read", "counts/read"),
    ("changed", "counts/changed"),
    ("unchanged", "counts/unchanged"),
    ("created", "counts/created"),
    ("unknown", "counts/unknown"),
    ("skipped", "counts/skipped"),
    ("rejected", "counts/rejected"),
    ("user", "user"),
    ("host", "host"),
    ("version", "version"),
];

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let which = if args.all { Which::All } else { Which::Jobs };
    let settings = session.settings()?;
    let language = session.language();
    let runs = session.registry()?.list_runs(which, args.most)?;
    if session.global.json {
        let all: Vec<_> = runs.iter().map(|run| report::run_json(run, language)).collect();
        output::out(&serde_json::Value::from(all).to_string());
        return Ok(0);
    }
    if args.format == Format::Csv {
        let timed = runs.iter().map(|run| {
            let run = RunRow {
                started: local(&run.started, settings.timezone),
                ended: run.ended.as_deref().map(|ended| local(ended, settings.timezone)),
                ..run.clone()
            };
            report::run_json(&run, language)
        });
        csv_view::show(COLUMNS, language, timed);
        return Ok(0);
    }
    let mut lines = output::Lines::new();
    for run in &runs {
        if !lines.put(&line(run, settings.timezone, language)) {
            break;
        }
    }
    Ok(0)
}

fn line(run: &RunRow, timezone: Zone, language: Language) -> String {
    let message = run.message.as_deref().map(|code| report::render(code, &run.message_params, language));
    let message = message.unwrap_or_default();
    let dry = if run.dry_run { word::DRY_RUN.template(language) } else { "" };
    let begin = format!("{:>6}  {:<18} {}  ", run.id.0, run.job, local(&run.started, timezone));
    let status = (format!("{:<12} ", status(run)), Tone::of_status(&run.status));
    terminal::row(&[(&begin, Tone::Plain), (&status.0, status.1)], &format!("{message}{dry}"))
}

/// What Libra's users know: "OK ut", "OK in", "?".
fn status(run: &RunRow) -> &str {
    let went_well = matches!(run.status.as_str(), "ok" | "remarks");
    match (run.job.as_str(), went_well) {
        ("spar-export", true) => "OK ut",
        ("spar-import", true) => "OK in",
        ("spar-export" | "spar-import", false) => "?",
        _ => &run.status,
    }
}

/// An instant in local time, to the minute.
pub(crate) fn local(instant: &str, timezone: Zone) -> String {
    let parsed = chrono::DateTime::parse_from_rfc3339(instant);
    parsed.map_or_else(
        |_| instant.to_owned(),
        |instant| instant.with_timezone(&timezone).format("%Y-%m-%d %H:%M").to_string(),
    )
}
