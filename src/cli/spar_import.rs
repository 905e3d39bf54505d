//! `mantal spar-import`

use std::path::PathBuf;

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::spar_import::SparImport;

/// Applies SPAR's update files: addresses, deaths, deregistrations, number changes, protected identities.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal spar-import --dry-run SPARAvisering_20250305031500_SPAR500243-949.xml.zip"))]
pub(crate) struct Args {
    /// Update files (.xml, .xml.zip, .xml.gz); they are copied, never moved
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    session.execute(&mut SparImport { files: args.files }, &args.flags)
}
