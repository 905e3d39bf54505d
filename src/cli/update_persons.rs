//! `mantal update-persons`

use super::flags::RunFlags;
use super::session::Session;
use super::usage::Unreadable;
use crate::domain::population::Scope;
use crate::failure::Result;
use crate::jobs::update_persons::UpdatePersons;

/// Brings people up to date from the population register: names, addresses, deaths, protection, by the rules that SPAR's
/// posts follow. What the register said before writes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal update-persons --scope changed"))]
pub(crate) struct Args {
    /// changed: residents who are active with us, after each population-import; nonresident: people registered elsewhere;
    /// all: every resident, active or not
    #[arg(long, value_parser = parse_scope)]
    scope: Scope,
    /// With `--scope all`: do it; else it is only proposed
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let mut job = UpdatePersons { scope: args.scope };
    match (args.scope, args.confirm) {
        (Scope::All, false) => session.propose(&mut job, &args.flags),
        (Scope::All, true) | (Scope::Changed | Scope::Nonresident, _) => {
            session.execute(&mut job, &args.flags)
        }
    }
}

fn parse_scope(text: &str) -> std::result::Result<Scope, Unreadable> {
    Scope::parse(text).ok_or_else(|| Unreadable::among(Scope::ALL.map(Scope::name)))
}
