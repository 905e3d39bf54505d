//! `mantal completions`: from the same definitions as the parser, so that they can't disagree.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::{Arguments, later, output};

/// Print what a shell needs to complete commands and flags.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal completions bash > /etc/bash_completion.d/mantal"))]
pub(crate) struct Args {
    /// The shell
    #[arg(value_parser = ["bash", "zsh", "fish", "elvish"], value_name = "bash|zsh|fish|elvish")]
    shell: String,
}

pub(crate) fn run(args: &Args) -> u8 {
    let mut script = Vec::new();
    let shell: Shell = args.shell.parse().unwrap_or(Shell::Bash);
    let mut whole = later::at_once(Arguments::command);
    generate(shell, &mut whole, env!("CARGO_PKG_NAME"), &mut script);
    output::out(&String::from_utf8_lossy(&script));
    0
}
