//! `mantal schedule …`

use std::ffi::OsString;

use clap::Parser;
use serde_json::{Value, json};

use super::flags::RunFlags;
use super::session::Session;
use super::{Arguments, area, arguments, output, usage};
use crate::config::JOBS;
use crate::domain::schedule::parse;
use crate::failure::{Failure, Result};
use crate::jobs::schedule::{ScheduleAdd, ScheduleRemove, to_json};
use crate::registry::schedule::{Scheduled, ScheduledId, State};
use crate::text::{Language, Message, schedule as text};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Have a job started once, at a given local time, by the next run-due after it
    Add(AddArgs),
    /// List what waits, what was started and what became of it
    #[command(after_help = help_end!(view, "mantal schedule list --json"))]
    List,
    /// Take a line away before it has started
    Remove(RemoveArgs),
}

/// The job's flags are checked now. The hour that does not exist in spring means the first minute after it, the hour that
/// exists twice in autumn its first.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal schedule add update-areas --at '2026-12-01 22:00' -- --allow areas=4000"))]
pub(crate) struct AddArgs {
    /// Which job
    #[arg(value_parser = JOBS)]
    job: String,
    /// When, in the time zone of the configuration
    #[arg(long, value_name = "YYYY-MM-DD HH:MM")]
    at: String,
    #[command(flatten)]
    flags: RunFlags,
    /// Flags and files of the job itself
    #[arg(last = true, value_name = "FLAGS")]
    words: Vec<String>,
}

/// One that has started is no longer there to be taken away.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal schedule remove 3"))]
pub(crate) struct RemoveArgs {
    /// The line, as `schedule list` shows it
    id: i64,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, command: Command) -> Result<u8> {
    match command {
        Command::Add(args) => add(session, args),
        Command::List => list(session),
        Command::Remove(args) => {
            session.execute(&mut ScheduleRemove { id: ScheduledId(args.id) }, &args.flags)
        }
    }
}

fn add(session: &Session, args: AddArgs) -> Result<u8> {
    let at = parse(&args.at).ok_or_else(|| Failure::usage(text::BAD_TIME))?;
    let words = call(&args.job, &args.words);
    let parsed = understood(&args.job, &words, session.language())?;
    if parsed.global.config.is_some() {
        return Err(Failure::usage(text::OWN_CONFIG));
    }
    if arguments::could_be_personal(&words) {
        return Err(Failure::usage(text::PERSONAL));
    }
    let here = std::env::current_dir().map_err(|error| Failure::io(".".as_ref(), error))?;
    let folder = here.to_string_lossy().into_owned();
    session.execute(&mut ScheduleAdd { job: args.job, words: args.words, folder, at }, &args.flags)
}

/// The job's call as it would be typed.
pub(super) fn call(job: &str, words: &[String]) -> Vec<OsString> {
    ["mantal", job].into_iter().chain(words.iter().map(String::as_str)).map(OsString::from).collect()
}

/// Reads the call of a job by the same rules as any other.
pub(super) fn understood(job: &str, words: &[OsString], language: Language) -> Result<Arguments> {
    Arguments::try_parse_from(words).map_err(|error| {
        Failure::usage(text::WORDS).with("job", job).with("reason", usage::reason(&error, language))
    })
}

const COLUMNS: [(&str, Message); 7] = [
    ("id", text::WORD_ID),
    ("job", text::WORD_JOB),
    ("at", text::WORD_AT),
    ("state", text::WORD_STATE),
    ("run", text::WORD_RUN),
    ("exit", text::WORD_EXIT),
    ("flags", text::WORD_FLAGS),
];

fn list(session: &Session) -> Result<u8> {
    session.settings()?;
    let lines = session.registry()?.list_scheduled()?;
    if session.global.json {
        output::out(&lines.iter().map(to_json).collect::<Value>().to_string());
        return Ok(0);
    }
    let language = session.language();
    let row = |line: &Scheduled| {
        json!({
            "id": line.id.0, "job": line.line.job, "at": line.line.local_time,
            "state": word(line.state).render(language, []), "run": line.run.map(|run| run.0), "exit": line.exit,
            "flags": line.line.words.join(" "),
        })
    };
    area::show(session, &lines.iter().map(row).collect(), &COLUMNS);
    Ok(0)
}

const fn word(state: State) -> Message {
    match state {
        State::Waiting => text::WAITING,
        State::Started => text::STARTED,
        State::Done => text::DONE,
        State::Late => text::TOO_LATE,
        State::BrokenOff => text::BROKEN,
        State::Removed => text::REMOVED,
    }
}
