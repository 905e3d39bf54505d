//! Every look at people leaves a line: who, whom, when, by which command, why. (product.md, `--reveal`)

use serde_json::{Value, json};

use super::output;
use super::session::{Session, now};
use crate::domain::person::PersonId;
use crate::domain::protection::Reveal;
use crate::failure::{Failure, Result, escaped};
use crate::io::access_log::{AccessLog, Look};
use crate::leak_control::{self, Place};
use crate::registry::Registry;
use crate::text::access as text;

/// More would not be a reason but a record of its own.
const LONGEST_REASON: usize = 1_000;
/// Of more people than this a look says only how many there were.
const MOST_NAMED: usize = 1_000;

/// `--reveal`, for the commands that show people.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RevealFlag {
    /// Show names and comment of protected people too; who, when and this reason are noted
    #[arg(long, value_name = "REASON")]
    reveal: Option<String>,
}

impl RevealFlag {
    /// The reason, if there is one; an empty one is refused. `-` reads it from standard input.
    pub(crate) fn reason(&self) -> Result<Option<String>> {
        let Some(word) = &self.reveal else { return Ok(None) };
        let reason = Session::value(word)?.trim().to_owned();
        if reason.is_empty() {
            return Err(Failure::usage(text::REVEAL_WITHOUT_REASON));
        }
        if reason.chars().count() > LONGEST_REASON {
            return Err(Failure::usage(text::REASON_TOO_LONG).with("most", LONGEST_REASON));
        }
        Ok(Some(reason))
    }
}

/// Who is about to be shown.
pub(crate) enum Seen<'a> {
    /// These.
    People(&'a [PersonId]),
    /// A listing, of so many as far as that is known.
    Everyone(Option<u64>),
}

/// Notes a look before anything is shown. One that reveals and can't be noted is refused; any other goes on with a warning.
pub(crate) fn note(
    session: &Session,
    command: &str,
    seen: &Seen<'_>,
    reason: Option<String>,
) -> Result<Reveal> {
    let reveal = if reason.is_some() { Reveal::NamesAndComment } else { Reveal::Nothing };
    if matches!(seen, Seen::People([])) {
        return Ok(reveal);
    }
    let log = AccessLog::at(&session.settings()?.access_file());
    match (log.append(&look(session, command, seen, reason)), reveal) {
        (Ok(()), _) => {}
        (Err(failure), Reveal::NamesAndComment) => {
            let refusal = Failure::failed(text::REVEAL_NOT_LOGGED);
            return Err(refusal.with("reason", failure.text(session.language())));
        }
        (Err(failure), Reveal::Nothing) => {
            let reason = failure.text(session.language());
            output::err(&text::NOT_LOGGED.render(session.language(), [("reason", reason.as_str())]));
        }
    }
    Ok(reveal)
}

fn look(session: &Session, command: &str, seen: &Seen<'_>, reason: Option<String>) -> Look {
    let who = session.who();
    let (people, everyone, count) = match seen {
        Seen::People(people) if people.len() <= MOST_NAMED => {
            (people.iter().map(|person| person.0).collect(), false, None)
        }
        Seen::People(people) => (Vec::new(), true, Some(people.len() as u64)),
        Seen::Everyone(count) => (Vec::new(), true, *count),
    };
    Look {
        at: now(),
        user: who.user,
        sudo_user: who.sudo_user,
        uid: rustix::process::getuid().as_raw(),
        host: who.host,
        command: leak_control::text(Place::AccessLog).unwrap_or_else(|| command.to_owned()),
        people,
        everyone,
        count,
        reason,
    }
}

/// Everybody who looked at a person, oldest first; listings too, for anybody may have been in them.
pub(crate) fn looks_at(session: &Session, person: PersonId) -> Result<Vec<Look>> {
    let file = session.settings()?.access_file();
    let mut looks = Vec::new();
    let readable = AccessLog::at(&file).read(|look| {
        if look.everyone || look.people.contains(&person.0) {
            looks.push(look);
        }
    })?;
    if readable.damaged > 0 {
        let (file, count) = (file.display().to_string(), readable.damaged.to_string());
        let params = [("file", file.as_str()), ("count", count.as_str())];
        output::err(&text::DAMAGED.render(session.language(), params));
    }
    Ok(looks)
}

/// `person access ID`
pub(crate) fn show(session: &Session, registry: &Registry, id: &str) -> Result<u8> {
    let person = session.person(registry, id)?;
    let looks = looks_at(session, person)?;
    let mut lines = output::Lines::new();
    for look in &looks {
        let line = if session.global.json { look_json(look).to_string() } else { line(session, look) };
        if !lines.put(&line) {
            break;
        }
    }
    if looks.is_empty() && !session.global.quiet && !session.global.json {
        output::err(&text::NOBODY_LOOKED.render(session.language(), []));
    }
    Ok(0)
}

/// A look as JSON, without the others who were seen in it.
pub(crate) fn look_json(look: &Look) -> Value {
    json!({
        "at": look.at, "user": look.user, "sudo_user": look.sudo_user, "uid": look.uid, "host": look.host,
        "command": look.command, "everyone": look.everyone, "revealed": look.reason.is_some(),
        "reason": look.reason,
    })
}

fn line(session: &Session, look: &Look) -> String {
    let language = session.language();
    let by = look.sudo_user.as_ref().map_or_else(String::new, |caller| format!(" ({caller})"));
    let who = format!("{}{by}@{}", look.user, look.host);
    let everyone = if look.everyone { text::EVERYONE.render(language, []) } else { String::new() };
    let reason = look
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| text::SAW.render(language, [("reason", reason.as_str())]));
    let at = look.at.get(..19).unwrap_or(&look.at);
    escaped(format!("{at}  {who:<24} {:<14} {everyone:<8} {reason}", look.command).trim_end())
}
