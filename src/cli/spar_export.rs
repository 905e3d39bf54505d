//! `mantal spar-export`

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::spar_export::SparExport;

/// Sends the list of people's identity numbers to SPAR's drop server. With --dry-run it tells how many numbers would be
/// sent, how many are held back and what the list limit says; no server is contacted and no running number taken.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal spar-export --dry-run"))]
pub(crate) struct Args {
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    session.execute(&mut SparExport, &args.flags)
}
