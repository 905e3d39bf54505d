//! `mantal update-search`

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::update_search::UpdateSearch;

/// Builds the search over registry and population register anew; changes no person.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal update-search"))]
pub(crate) struct Args {
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    session.execute(&mut UpdateSearch, &args.flags)
}
