//! `mantal log`

use serde_json::json;

use super::access::{self, Seen};
use super::session::Session;
use super::terminal::{self, Tone};
use super::{output, report};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::people::{Concealment, Reader};
use crate::registry::runs::{LogLine, RunId, RunRow, Which};
use crate::text::{Language, Message, access as access_text, failure as text, line};

/// Shows what a run logged. Lower priorities are more serious: 5 error, 10 warning, 15 notice, 18 files, 19 people.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal log 12 --prio 19"))]
pub(crate) struct Args {
    /// Which run (default: the newest)
    run: Option<i64>,
    /// Show lines up to this priority: 5 error, 10 warning, 15 notice, 18 files, 19 people, 20 detail (default:
    /// log.show)
    #[arg(long, value_name = "N")]
    prio: Option<u8>,
    /// Show every line
    #[arg(long)]
    full: bool,
    /// Show whom the run changed and whom its lists named, by internal id: what a breach asks
    #[arg(long)]
    people: bool,
}

/// Lines per person are read from the journal and have this priority.
const PERSON_PRIO: u8 = 19;

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let registry = session.registry()?;
    let run = args.run.map(RunId).map_or_else(|| registry.newest_run(Which::All), |run| Ok(Some(run)))?;
    let Some(run) = run else { return Ok(0) };
    let row = registry.find_run(run)?;
    let row = row.ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", format!("run:{}", run.0)))?;
    if args.people {
        return who_was_in(session, &registry, &row);
    }
    let prio = if args.full { u8::MAX } else { args.prio.unwrap_or(session.settings()?.log.show) };
    let mut show =
        Show { lines: output::Lines::new(), json: session.global.json, language: session.language() };
    for line in removed(&row) {
        show.put(&line, None);
    }
    for line in registry.log_lines(run, prio)? {
        show.put(&line, None);
    }
    if prio >= PERSON_PRIO {
        access::note(session, "log", &Seen::Everyone(Some(registry.journal_size(run)?)), None)?;
        people(&registry, run, &mut show)?;
    }
    Ok(0)
}

/// What of a run's log and journal was aged away, and when.
fn removed(row: &RunRow) -> Vec<LogLine> {
    let all = [(line::LOG_REMOVED, &row.log_removed_on), (line::JOURNAL_REMOVED, &row.journal_removed_on)];
    let line = |(message, on): (Message, &Option<String>)| {
        let on = on.as_ref()?;
        let params = json!({ "run": row.id.0.to_string(), "on": on });
        Some(LogLine {
            run: row.id,
            prio: message.prio,
            at: on.clone(),
            code: message.code.to_owned(),
            params: params.to_string(),
        })
    };
    all.into_iter().filter_map(line).collect()
}

struct Show {
    lines: output::Lines,
    json: bool,
    language: Language,
}

impl Show {
    fn put(&mut self, line: &LogLine, text: Option<String>) {
        let text = text.unwrap_or_else(|| report::line_text(line, self.language));
        let shown = if self.json {
            json!({ "run": line.run.0, "prio": line.prio, "at": line.at, "code": line.code, "params": report::line_params(line), "text": text })
                .to_string()
        } else {
            terminal::row(&[(&format!("{:>2}  ", line.prio), Tone::of_prio(line.prio))], &text)
        };
        self.lines.put(&shown);
    }
}

/// One line per person whom the run changed; the number is put in now, if it may be shown.
fn people(registry: &Registry, run: RunId, show: &mut Show) -> Result<()> {
    let mut people = registry.people()?;
    registry.journal_of(run, |entry| {
        let who = who(&mut people, entry.person)?;
        let params = json!({ "person": entry.person.to_string() }).to_string();
        let text = line::PERSON_IMPORTED.render(show.language, [("number", who.as_str())]);
        let code = line::PERSON_IMPORTED.code.to_owned();
        show.put(&LogLine { run, prio: PERSON_PRIO, at: entry.at, code, params }, Some(text));
        Ok(())
    })
}

fn who(people: &mut Reader<'_>, person: PersonId) -> Result<String> {
    Ok(match people.find(person)? {
        Some(stored) if stored.concealment == Concealment::Open => stored.person.number.reveal().to_owned(),
        Some(_) | None => person.to_string(),
    })
}

/// Whom a run changed, and whom its lists to SPAR named as far as that is still known.
fn who_was_in(session: &Session, registry: &Registry, row: &RunRow) -> Result<u8> {
    let run = row.id;
    let changed = registry.people_changed_by(run)?;
    let lists = registry.lists_of(run)?;
    if session.global.json {
        let ids = |people: &[PersonId]| people.iter().map(|person| person.0).collect::<Vec<_>>();
        let lists: Vec<_> = lists
            .iter()
            .map(|list| {
                json!({
                    "name": list.name, "state": list.state, "sha256": list.sha256, "numbers": list.numbers,
                    "people": ids(&list.people), "complete": list.people.len() as u64 == list.numbers,
                })
            })
            .collect();
        output::out(&json!({ "run": run.0, "changed": ids(&changed), "lists": lists, "journal_removed_on": row.journal_removed_on }).to_string());
        return Ok(0);
    }
    let language = session.language();
    let mut lines = output::Lines::new();
    for line in removed(row).iter().filter(|line| line.code == line::JOURNAL_REMOVED.code) {
        lines.put(&report::line_text(line, language));
    }
    let count = changed.len().to_string();
    lines.put(&access_text::RUN_CHANGED.render(language, [("count", count.as_str())]));
    changed.iter().all(|person| lines.put(&format!("  {person}")));
    for list in lists {
        let (numbers, known) = (list.numbers.to_string(), list.people.len().to_string());
        let params = [
            ("list", list.name.as_str()),
            ("state", list.state.as_str()),
            ("sha256", list.sha256.as_str()),
            ("numbers", numbers.as_str()),
            ("known", known.as_str()),
        ];
        lines.put(&access_text::LIST_NAMED.render(language, params));
        list.people.iter().all(|person| lines.put(&format!("  {person}")));
    }
    Ok(0)
}
