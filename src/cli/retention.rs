//! `mantal retention …`

use std::path::PathBuf;

use serde_json::{Value, json};

use super::flags::RunFlags;
use super::session::Session;
use super::{area, output};
use crate::domain::retention::Rule;
use crate::failure::Result;
use crate::jobs::retention_import::RetentionImport;
use crate::jobs::retention_import::check::check;
use crate::text::{Message, purge as text};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Take the classes in from a CSV file, all or none; they replace those that are there
    Import(ImportArgs),
    /// List the classes: what is kept for how long, and what happens then
    #[command(after_help = help_end!(view, "mantal retention list --json"))]
    List,
    /// Say what is odd about the classes, or those of a file, and what is due by them
    Check(CheckArgs),
}

/// What becomes due by the new classes is counted and shown; more than the limit purge is held.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal retention import --dry-run classes.csv"))]
pub(crate) struct ImportArgs {
    /// A CSV file: class, target, period (P365D, P60M, P5Y, keep), counted from when; if wanted
    /// year end, action and days of grace (retention list --json shows the columns)
    file: PathBuf,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal retention check classes.csv"))]
pub(crate) struct CheckArgs {
    /// A CSV file as for import; without it the classes that hold now
    file: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, command: Command) -> Result<u8> {
    match command {
        Command::Import(args) => import(session, args),
        Command::List => list(session),
        Command::Check(args) => look(session, &args),
    }
}

const RULES: [(&str, Message); 7] = [
    ("class", text::WORD_CLASS),
    ("target", text::WORD_TARGET),
    ("period", text::WORD_PERIOD),
    ("counted_from", text::WORD_COUNTED_FROM),
    ("year_end", text::WORD_YEAR_END),
    ("action", text::WORD_ACTION),
    ("grace_days", text::WORD_GRACE),
];
const BECOMES: [(&str, Message); 4] = [
    ("target", text::WORD_TARGET),
    ("class", text::WORD_CLASS),
    ("now", text::WORD_DUE_NOW),
    ("then", text::WORD_DUE_THEN),
];
const ODD: [(&str, Message); 3] =
    [("class", text::WORD_CLASS), ("target", text::WORD_TARGET), ("text", text::WORD_ODD)];

fn import(session: &Session, args: ImportArgs) -> Result<u8> {
    let report = session.report(&mut RetentionImport { file: args.file }, &args.flags)?;
    let exit = session.finish(&report, args.flags.dry_run);
    if (args.flags.dry_run || exit == 4)
        && let Some(answer) = &report.answer
    {
        show(session, answer, "due", &BECOMES);
    }
    Ok(exit)
}

fn list(session: &Session) -> Result<u8> {
    session.settings()?;
    let rules = session.registry()?.retention_rules()?;
    let rows: Value = rules.iter().map(rule_json).collect();
    if session.global.json {
        output::out(&rows.to_string());
    } else {
        area::show(session, &rows, &RULES);
    }
    Ok(0)
}

fn look(session: &Session, args: &CheckArgs) -> Result<u8> {
    let registry = session.registry()?;
    let language = session.language();
    let checked = check(&registry, session.settings()?, session.today()?, args.file.as_deref())?;
    let odd = checked.oddities.iter().map(|(class, target, message)| {
        json!({ "class": class, "target": target.name(), "code": message.code,
                "text": message.render(language, []) })
    });
    let wrong = checked.wrong.iter().map(|(line, code, column)| {
        let text = Message::by_code(code).map_or_else(
            || (*code).to_owned(),
            |message| message.render(language, [("column", column.as_str()), ("line", column.as_str())]),
        );
        json!({ "line": line, "code": code, "text": text })
    });
    let answer = json!({
        "wrong": wrong.collect::<Vec<_>>(), "odd": odd.collect::<Vec<_>>(), "due": checked.due,
    });
    if session.global.json {
        output::out(&answer.to_string());
    } else {
        let wrong = answer.get("wrong").and_then(Value::as_array);
        for row in wrong.into_iter().flatten() {
            let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
            let line = row.get("line").and_then(Value::as_u64).unwrap_or_default();
            output::out(&format!("{line}: {text}"));
        }
        show(session, &answer, "odd", &ODD);
        show(session, &answer, "due", &BECOMES);
    }
    Ok(u8::from(!checked.wrong.is_empty()))
}

fn show(session: &Session, answer: &Value, rows: &str, columns: &[(&str, Message)]) {
    let rows = answer.get(rows).unwrap_or(&Value::Null);
    if !session.global.json && rows.as_array().is_some_and(|rows| !rows.is_empty()) {
        area::show(session, rows, columns);
    }
}

fn rule_json(rule: &Rule) -> Value {
    json!({
        "class": rule.class, "target": rule.target.name(), "period": rule.period.to_string(),
        "counted_from": rule.from.name(), "year_end": rule.year_end, "action": rule.action.name(),
        "grace_days": rule.grace_days,
    })
}
