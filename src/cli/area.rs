//! `mantal area …`

use std::path::PathBuf;

use serde_json::{Value, json};

use super::flags::RunFlags;
use super::session::Session;
use super::{output, table};
use crate::domain::area::{Assignment, Link, Taking};
use crate::failure::Result;
use crate::jobs::area_import::AreaImport;
use crate::text::{Message, area as text};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Take links of key codes to areas in from a CSV file, all or none
    Import(ImportArgs),
    /// List areas with the number of people in each; protected people are in none
    #[command(after_help = help_end!(view, "mantal area list --json"))]
    List,
    /// List the links, when they hold, and for how many people each decides today
    #[command(after_help = help_end!(view, "mantal area links --today 2026-08-01"))]
    Links,
}

/// Key codes are one to eight digits; with a star at the end every code that begins so. The longest match wins.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal area import --dry-run links.csv"))]
pub(crate) struct ImportArgs {
    /// A CSV file: codes and their area; if wanted the activity (default: general), and from and to which day it holds
    file: PathBuf,
    /// Keep the links that the activities of the file have already
    #[arg(long)]
    add: bool,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, command: Command) -> Result<u8> {
    match command {
        Command::Import(args) => import(session, args),
        Command::List => list(session),
        Command::Links => links(session),
    }
}

fn import(session: &Session, args: ImportArgs) -> Result<u8> {
    let taking = if args.add { Taking::Adding } else { Taking::Replacing };
    let report = session.report(&mut AreaImport { file: args.file, taking }, &args.flags)?;
    let exit = session.finish(&report, args.flags.dry_run);
    if args.flags.dry_run
        && let Some(answer) = &report.answer
    {
        show(session, &answer["links"], &LINK_CHANGES);
    }
    Ok(exit)
}

type Columns<'c> = [(&'c str, Message)];

const LINK_CHANGES: [(&str, Message); 7] = [
    ("change", text::WORD_CHANGE),
    ("key_code", text::WORD_KEY_CODE),
    ("activity", text::WORD_ACTIVITY),
    ("area", text::WORD_AREA),
    ("area_before", text::WORD_BEFORE),
    ("valid_from", text::WORD_FROM_DAY),
    ("valid_to", text::WORD_TO_DAY),
];
const LINKS: [(&str, Message); 6] = [
    ("key_code", text::WORD_KEY_CODE),
    ("activity", text::WORD_ACTIVITY),
    ("area", text::WORD_AREA),
    ("valid_from", text::WORD_FROM_DAY),
    ("valid_to", text::WORD_TO_DAY),
    ("people", text::WORD_PEOPLE),
];
/// Who goes from which area to which.
pub(crate) const MOVES: [(&str, Message); 4] = [
    ("activity", text::WORD_ACTIVITY),
    ("from", text::WORD_FROM),
    ("to", text::WORD_TO),
    ("people", text::WORD_PEOPLE),
];
/// People per area now and with other links.
pub(crate) const PEOPLE: [(&str, Message); 4] = [
    ("activity", text::WORD_ACTIVITY),
    ("area", text::WORD_AREA),
    ("now", text::WORD_NOW),
    ("then", text::WORD_THEN),
];
/// Codes without a link.
pub(crate) const UNLINKED: [(&str, Message); 3] =
    [("activity", text::WORD_ACTIVITY), ("key_code", text::WORD_KEY_CODE), ("people", text::WORD_PEOPLE)];
const AREAS: [(&str, Message); 3] =
    [("activity", text::WORD_ACTIVITY), ("area", text::WORD_AREA), ("people", text::WORD_PEOPLE)];

/// An array of objects as JSON, or as a table of these of their keys.
pub(crate) fn show(session: &Session, rows: &Value, columns: &Columns<'_>) {
    if session.global.json {
        return;
    }
    let language = session.language();
    let header: Vec<String> = columns.iter().map(|(_, word)| word.render(language, [])).collect();
    let cell = |row: &Value, key: &str| match &row[key] {
        Value::Null if matches!(key, "area" | "from" | "to") => text::WORD_NONE.render(language, []),
        Value::Null => String::new(),
        Value::String(text) => match CHANGES.iter().find(|(name, _)| key == "change" && name == text) {
            Some((_, word)) => word.render(language, []),
            None => text.clone(),
        },
        Value::Bool(true) => text::WORD_YES.render(language, []),
        Value::Bool(false) => text::WORD_NO.render(language, []),
        other @ (Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    let rows = rows.as_array().into_iter().flatten();
    let rows: Vec<Vec<String>> =
        rows.map(|row| columns.iter().map(|(key, _)| cell(row, key)).collect()).collect();
    table::show(&header, &rows);
}

const CHANGES: [(&str, Message); 3] =
    [("added", text::WORD_ADDED), ("changed", text::WORD_CHANGED), ("removed", text::WORD_REMOVED)];

fn list(session: &Session) -> Result<u8> {
    session.settings()?;
    let people = session.registry()?.people_by_area()?;
    let one = |(activity, area, people): (String, String, u64)| json!({ "activity": activity, "area": area, "people": people });
    answer(session, &people.into_iter().map(one).collect(), &AREAS);
    Ok(0)
}

fn links(session: &Session) -> Result<u8> {
    let (registry, today) = (session.registry()?, session.today()?);
    let (links, codes) = registry.snapshot(|| Ok((registry.area_links()?, registry.held_codes()?)))?;
    let assignment = Assignment::on(today, &links);
    let people = assignment.people_by_link(&codes);
    let one = |link: &Link| {
        json!({
            "key_code": link.pattern.to_string(), "activity": link.activity, "area": link.area,
            "valid_from": link.validity.opens(), "valid_to": link.validity.closes(),
            "valid": link.validity.holds_on(today), "people": people.get(link).unwrap_or(&0),
        })
    };
    answer(session, &links.iter().map(one).collect(), &LINKS);
    Ok(0)
}

fn answer(session: &Session, rows: &Value, columns: &Columns<'_>) {
    if session.global.json {
        output::out(&rows.to_string());
    } else {
        show(session, rows, columns);
    }
}
