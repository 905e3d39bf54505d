//! `mantal population-import`

use std::path::PathBuf;

use super::flags::RunFlags;
use super::session::Session;
use crate::domain::population::Residence;
use crate::failure::Result;
use crate::jobs::population_import::{LoadMode, PopulationImport};

/// Loads the population register's extract. People of our municipality whom a snapshot no longer holds are marked absent;
/// nobody is deleted. The registry's own people are brought up to date by `update-persons`; only a protected row reaches
/// them at once.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal population-import --mode snapshot --dry-run residents.csv"))]
pub(crate) struct Args {
    /// snapshot: the file holds everybody; changes: it holds what changed (Navet's aviseringar),
    /// and absence means nothing
    #[arg(long, default_value = "snapshot", value_parser = ["snapshot", "changes"])]
    mode: String,
    /// The file holds people of one other municipality
    #[arg(long)]
    nonresident: bool,
    /// Extracts (CSV, or Navet's XML, also zip or gzip), loaded in this order; they are copied, never moved
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    let mode = if args.mode == "changes" { LoadMode::Changes } else { LoadMode::Snapshot };
    let residence = if args.nonresident { Residence::Nonresident } else { Residence::Resident };
    session.execute(&mut PopulationImport { mode, residence, files: args.files }, &args.flags)
}
