//! `mantal contacts …`

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::contacts_reset::{ContactsReset, Whose};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Give e-mail and phone that people changed back to the sources
    Reset(ResetArgs),
}

/// The values stand until a source is read next; from then on its values come in again.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal contacts reset person:17"))]
pub(crate) struct ResetArgs {
    /// Identity numbers, former numbers, or person:17
    #[arg(value_name = "ID", required_unless_present = "category")]
    ids: Vec<String>,
    /// Everybody of this category: their own, or one that a source gave
    #[arg(long, value_name = "CATEGORY", conflicts_with = "ids")]
    category: Option<String>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, command: Command) -> Result<u8> {
    let Command::Reset(args) = command;
    let whose = if let Some(category) = args.category {
        Whose::Category(category)
    } else {
        let registry = session.registry_for_change()?;
        let people: Result<Vec<_>> = args.ids.iter().map(|id| session.person(&registry, id)).collect();
        Whose::People(people?)
    };
    session.execute(&mut ContactsReset { whose }, &args.flags)
}
