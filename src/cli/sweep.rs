//! `mantal sweep`

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::output;
use super::session::Session;
use crate::domain::person::PersonId;
use crate::failure::{Result, escaped};
use crate::jobs::sweep::{Around, Copies, Place, Spot, Standing, Sweep, sweep};
use crate::text::{Language, Message, sweep as text};

/// So many people are named on a line.
const MOST_NAMED: usize = 10;

/// Looks for what protected people must not leave behind: filled columns, words in the search, numbers in spool and copies.
///
/// Names places and internal ids, never a value. Changes nothing, takes no lock. What was erased is kept nowhere and can't be
/// looked for; that it is gone is what the tests of mantal show.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(look, "mantal sweep --no-backups"))]
pub(crate) struct Args {
    /// Files and folders to look through besides: purge plans, exports, inputs that were left
    paths: Vec<PathBuf>,
    /// Leave copies of the registry alone: those from before somebody was protected hold their values
    #[arg(long)]
    no_backups: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let copies = if args.no_backups { Copies::PassedOver } else { Copies::Included };
    let settings = session.settings()?;
    let found = sweep(&Around { settings, paths: &args.paths, copies, stop: session.stop() })?;
    let language = session.language();
    if session.global.json {
        output::out(&document(&found, language).to_string());
    } else {
        show(&found, language, session.global.quiet);
    }
    Ok(found.exit())
}

fn show(found: &Sweep, language: Language, quiet: bool) {
    let mut lines = output::Lines::new();
    for (spot, people) in &found.hits {
        lines.put(&sentence(spot, people, language));
        lines.put(&format!("  {}", hint(spot).render(language, [])));
    }
    if !found.pending.is_empty() {
        // Person 0 stands for people whom only the population register knows.
        let people: BTreeSet<Option<PersonId>> =
            found.pending.iter().map(|person| Some(*person).filter(|person| person.0 > 0)).collect();
        lines.put(&text::PENDING.render(language, [("people", named(&people, language).as_str())]));
        lines.put(&format!("  {}", text::PENDING_HINT.render(language, [])));
    }
    for blocked in &found.blocked {
        let (file, reason) = (escaped(&blocked.file.display().to_string()), blocked.reason.text(language));
        lines.put(&text::BLOCKED.render(language, [("file", file.as_str()), ("reason", reason.as_str())]));
    }
    if !quiet {
        lines.put(&sum(found, language));
    }
}

fn sum(found: &Sweep, language: Language) -> String {
    let figures = [
        ("people", found.people),
        ("columns", found.columns),
        ("files", found.files),
        ("copies", found.copies),
        ("hits", found.hits.len() + found.pending.len()),
        ("blocked", found.blocked.len()),
    ];
    let figures = figures.map(|(name, figure)| (name, figure.to_string()));
    text::SUM.render(language, figures.iter().map(|(name, figure)| (*name, figure.as_str())))
}

fn sentence(spot: &Spot, people: &BTreeSet<Option<PersonId>>, language: Language) -> String {
    let message = match (spot.place, spot.column, spot.standing) {
        (Place::Registry, _, Standing::Hidden) => text::HIDDEN,
        (Place::Registry, _, Standing::Erased) => text::IN_TABLE,
        (Place::Spool | Place::Backup | Place::Named, Some(_), _) => text::IN_COPY,
        (Place::Spool | Place::Backup | Place::Named, None, _) => text::IN_FILE,
    };
    let file = spot.file.as_ref().map(|file| escaped(&file.display().to_string())).unwrap_or_default();
    let (table, column) = spot.column.unwrap_or_default();
    let people = named(people, language);
    let params = [("file", file.as_str()), ("table", table), ("column", column), ("people", people.as_str())];
    message.render(language, params)
}

const fn hint(spot: &Spot) -> Message {
    match (spot.place, spot.standing) {
        (Place::Registry, Standing::Hidden) => text::HIDDEN_HINT,
        (Place::Registry, Standing::Erased) => text::IN_TABLE_HINT,
        (Place::Spool | Place::Named, _) => text::IN_SPOOL_HINT,
        (Place::Backup, _) => text::IN_COPY_HINT,
    }
}

/// `person:17, person:18`; of many the first ones, and how many more.
fn named(people: &BTreeSet<Option<PersonId>>, language: Language) -> String {
    let name = |person: &Option<PersonId>| {
        person.map_or_else(|| text::NOBODY_KNOWN.render(language, []), |id| id.to_string())
    };
    let mut names: Vec<String> = people.iter().take(MOST_NAMED).map(name).collect();
    if people.len() > MOST_NAMED {
        names.push(format!("… +{}", people.len() - MOST_NAMED));
    }
    names.join(", ")
}

fn document(found: &Sweep, language: Language) -> Value {
    let hits: Vec<Value> = found.hits.iter().map(|(spot, people)| hit_json(spot, people, language)).collect();
    let blocked: Vec<Value> = found
        .blocked
        .iter()
        .map(|blocked| {
            json!({ "file": blocked.file.display().to_string(), "code": blocked.reason.code(),
                    "reason": blocked.reason.text(language) })
        })
        .collect();
    let pending: Vec<i64> = found.pending.iter().map(|person| person.0).collect();
    let exit = found.exit();
    json!({
        "ok": exit == 0, "exit": exit,
        "looked": { "people": found.people, "columns": found.columns, "files": found.files, "copies": found.copies },
        "hits": hits, "pending": pending, "blocked": blocked,
    })
}

fn hit_json(spot: &Spot, people: &BTreeSet<Option<PersonId>>, language: Language) -> Value {
    let (table, column) = spot.column.unzip();
    json!({
        "place": spot.place.name(), "file": spot.file.as_ref().map(|file| file.display().to_string()),
        "table": table, "column": column, "standing": spot.standing.name(),
        "people": people.iter().flatten().map(|person| person.0).collect::<Vec<_>>(),
        "former_number": people.contains(&None), "text": sentence(spot, people, language),
    })
}
