//! `mantal update-areas`

use std::path::PathBuf;

use super::area::{MOVES, PEOPLE, UNLINKED, show};
use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::update_areas::{UpdateAreas, Wish};

/// Gives everybody the key code that the population register has now, and the areas that it is linked to today. Codes
/// that nobody linked become findings: link them and run again.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal update-areas --what-if links.csv"))]
pub(crate) struct Args {
    /// Show people per area now, and as it would be with the links of this file; nothing is changed
    #[arg(long, value_name = "LINKS")]
    what_if: Option<PathBuf>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<u8> {
    match args.what_if {
        Some(file) => what_if(session, file, args.flags),
        None => update(session, &args.flags),
    }
}

fn update(session: &Session, flags: &RunFlags) -> Result<u8> {
    let report = session.report(&mut UpdateAreas { wish: Wish::Update }, flags)?;
    let exit = session.finish(&report, flags.dry_run);
    if flags.dry_run
        && let Some(answer) = &report.answer
    {
        show(session, &answer["moves"], &MOVES);
    }
    Ok(exit)
}

fn what_if(session: &Session, file: PathBuf, flags: RunFlags) -> Result<u8> {
    let flags = RunFlags { dry_run: true, ..flags };
    let report = session.report(&mut UpdateAreas { wish: Wish::WhatIf(file) }, &flags)?;
    let exit = session.finish(&report, flags.dry_run);
    if let Some(answer) = &report.answer {
        show(session, &answer["areas"], &PEOPLE);
        show(session, &answer["moves"], &MOVES);
        show(session, &answer["unlinked"], &UNLINKED);
    }
    Ok(exit)
}
