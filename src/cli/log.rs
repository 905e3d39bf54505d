//! `mantal log`

use serde_json::json;

use super::access::{self, Seen};
use super::session::Session;
use super::{output, report};
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::people::{Concealment, Reader};
use crate::registry::runs::{LogLine, RunId, Which};
use crate::text::{Language, failure as text, line};

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
}

/// Lines per person are read from the journal and have this priority.
const PERSON_PRIO: u8 = 19;

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let registry = session.registry()?;
    let run = args.run.map(RunId).map_or_else(|| registry.newest_run(Which::All), |run| Ok(Some(run)))?;
    let Some(run) = run else { return Ok(0) };
    if registry.find_run(run)?.is_none() {
        return Err(Failure::failed(text::NOT_FOUND).with("what", format!("run:{}", run.0)));
    }
    let prio = if args.full { u8::MAX } else { args.prio.unwrap_or(session.settings()?.log.show) };
    let mut show =
        Show { lines: output::Lines::new(), json: session.global.json, language: session.language() };
    for line in registry.log_lines(run, prio)? {
        show.put(&line, None);
    }
    if prio >= PERSON_PRIO {
        access::note(session, "log", &Seen::Everyone(Some(registry.journal_size(run)?)), None)?;
        people(&registry, run, &mut show)?;
    }
    Ok(0)
}

struct Show {
    lines: output::Lines,
    json: bool,
    language: Language,
}

impl Show {
    fn put(&mut self, line: &LogLine, text: Option<String>) {
        let text = text.unwrap_or_else(|| report::render(&line.code, &line.params, self.language));
        let shown = if self.json {
            json!({ "run": line.run.0, "prio": line.prio, "at": line.at, "code": line.code, "params": line.params, "text": text })
                .to_string()
        } else {
            format!("{:>2}  {text}", line.prio)
        };
        self.lines.put(&shown);
    }
}

/// One line per person whom the run changed; the number is put in now, if it may be shown.
fn people(registry: &Registry, run: RunId, show: &mut Show) -> Result<()> {
    let mut people = registry.people()?;
    registry.journal_of(run, |entry| {
        let who = who(&mut people, entry.person)?;
        let params = json!({ "person": entry.person.to_string() });
        let text = line::PERSON_IMPORTED.render(show.language, [("number", who.as_str())]);
        let code = line::PERSON_IMPORTED.code.to_owned();
        show.put(&LogLine { run, prio: PERSON_PRIO, at: entry.at, code, params }, Some(text));
        Ok(())
    })
}

fn who(people: &mut Reader<'_>, person: crate::domain::person::PersonId) -> Result<String> {
    Ok(match people.find(person)? {
        Some(stored) if stored.concealment == Concealment::Open => stored.person.number.reveal().to_owned(),
        Some(_) | None => person.to_string(),
    })
}
