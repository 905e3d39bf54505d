//! `mantal man`: manual pages from the same definitions as the parser.

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::{Arguments, output};
use crate::failure::{Failure, Result};
use crate::text::failure as text;

/// Print a manual page, or write them all.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal man spar-import | man -l -"))]
pub(crate) struct Args {
    /// The command (default: the page of mantal itself)
    #[arg(conflicts_with = "to")]
    command: Vec<String>,
    /// Write the page of every command into this folder
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<u8> {
    match &args.to {
        Some(folder) => write_all(folder)?,
        None => output::out(&page(&args.command)?),
    }
    Ok(0)
}

fn page(words: &[String]) -> Result<String> {
    // Building gives each command its full name and the options of every command; a page of its own for `help` is none.
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    let mut command = &root;
    for word in words {
        let next = command.find_subcommand(word);
        command =
            next.ok_or_else(|| Failure::usage(text::NO_SUCH_COMMAND).with("command", words.join(" ")))?;
    }
    let mut roff = Vec::new();
    Man::new(command.clone()).render(&mut roff).map_err(|error| Failure::io(Path::new("stdout"), error))?;
    Ok(String::from_utf8_lossy(&roff).into_owned())
}

fn write_all(folder: &Path) -> Result<()> {
    clap_mangen::generate_to(Arguments::command(), folder).map_err(|error| Failure::io(folder, error))
}
