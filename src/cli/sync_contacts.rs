//! `mantal sync-contacts`

use std::path::PathBuf;

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::sync_contacts::SyncContacts;

/// Merges e-mail and phone from a system of record. What people changed themselves stays, sources don't take turns, and
/// contradictions are findings.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal sync-contacts --source procapita --dry-run guardians.csv"))]
pub(crate) struct Args {
    /// The source's name, one of contacts.sources
    #[arg(long, value_name = "NAME")]
    source: String,
    /// The source's files; they are read, never moved
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    session.execute(&mut SyncContacts { source: args.source, files: args.files }, &args.flags)
}
