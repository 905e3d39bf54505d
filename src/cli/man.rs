//! `mantal man`: manual pages from the same definitions as the parser.

use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
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
    render(command)
}

fn render(command: &Command) -> Result<String> {
    let mut roff = Vec::new();
    Man::new(command.clone()).render(&mut roff).map_err(|error| Failure::io(Path::new("stdout"), error))?;
    Ok(plain(&String::from_utf8_lossy(&roff)))
}

/// Letters beyond ASCII as roff's own escapes: read right by every viewer in every locale.
fn plain(page: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii() { letter.to_string() } else { format!("\\[u{:04X}]", u32::from(letter)) }
    };
    page.chars().map(letter).collect()
}

fn write_all(folder: &Path) -> Result<()> {
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    write_below(&root, env!("CARGO_PKG_NAME"), folder)
}

fn write_below(command: &Command, name: &str, folder: &Path) -> Result<()> {
    let path = folder.join(format!("{name}.1"));
    std::fs::write(&path, render(command)?).map_err(|error| Failure::io(&path, error))?;
    let mut below = command.get_subcommands();
    below.try_for_each(|command| write_below(command, &format!("{name}-{}", command.get_name()), folder))
}
