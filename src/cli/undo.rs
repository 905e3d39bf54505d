//! `mantal undo`

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::undo::Undo;
use crate::registry::runs::RunId;

/// Puts back what still is as the run left it; what changed since, is protected or was sent is listed and left.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal undo 12 --dry-run"))]
pub(crate) struct Args {
    /// The run to take back (see `mantal runs --all`)
    run: i64,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    session.execute(&mut Undo { run: RunId(args.run) }, &args.flags)
}
