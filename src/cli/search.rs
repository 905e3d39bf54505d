//! `mantal search`

use super::access::{self, RevealFlag, Seen};
use super::session::Session;
use super::{output, search_view};
use crate::domain::person::PersonId;
use crate::domain::search::{MOST_WORDS, Wanted, WantedError, is_old};
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::search::Exact;
use crate::text::{Message, search as text};

/// Finds people of registry and population register. Each word begins a name, a word of an address or a number, in any
/// spelling, case and accents aside. Protected people are found by their whole number only.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal search anna testvägen"))]
pub(crate) struct Args {
    /// Words, a number in any spelling, or person:17; `-` reads them from standard input
    #[arg(required = true, num_args = 1..)]
    text: Vec<String>,
    /// Show at most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    limit: u16,
    #[command(flatten)]
    reveal: RevealFlag,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    session.settings()?;
    let reason = args.reveal.reason()?;
    let text = Session::value(&args.text.join(" "))?;
    let exact = exact(session, text.trim());
    let wanted = match exact {
        // `person:17` is no word of anybody's name.
        Some(Exact::Person(_)) => None,
        Some(Exact::Number(_)) | None => Some(Wanted::read(&text).map_err(refusal)?),
    };
    let registry = session.registry()?;
    warn(session, &registry)?;
    let found = registry.search(exact, wanted.as_ref(), usize::from(args.limit))?;
    let people: Vec<PersonId> =
        found.hits.iter().filter_map(|hit| hit.person.as_ref()).map(|stored| stored.id).collect();
    let reveal = access::note(session, "search", &Seen::People(&people), reason)?;
    search_view::show(session, &registry, &found, reveal)?;
    if found.hits.is_empty() {
        tell(session, text::NOBODY, &[]);
    } else if found.more {
        tell(session, text::MORE, &[("shown", &args.limit.to_string())]);
    }
    Ok(0)
}

fn exact(session: &Session, text: &str) -> Option<Exact> {
    let person = PersonId::parse(text).map(Exact::Person);
    person.or_else(|| session.number(text).ok().map(Exact::Number))
}

fn refusal(error: WantedError) -> Failure {
    match error {
        WantedError::Nothing => Failure::usage(text::NOTHING),
        WantedError::TooMany => Failure::usage(text::TOO_MANY_WORDS).with("most", MOST_WORDS),
    }
}

/// An old index finds less than there is; whoever relies on it has to know.
fn warn(session: &Session, registry: &Registry) -> Result<()> {
    let Some(built) = registry.search_built()? else {
        output::err(&text::NEVER_BUILT.render(session.language(), []));
        return Ok(());
    };
    let instant = built.trim_end_matches('Z').parse();
    let instant = instant.map_err(|_| Failure::internal("an instant that is none"))?;
    if is_old(instant, session.instant()?) {
        output::err(&text::OLD.render(session.language(), [("built", built.as_str())]));
    }
    Ok(())
}

/// Said beside the hits, where somebody reads them.
fn tell(session: &Session, message: Message, params: &[(&str, &str)]) {
    if !session.global.quiet {
        output::err(&message.render(session.language(), params.iter().copied()));
    }
}
