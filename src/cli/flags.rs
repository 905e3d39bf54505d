//! Flags that several commands share. (product.md, Commands)

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::usage::Unreadable;
use crate::domain::limit::LimitName;
use crate::text::command_line;

/// Flags of every command.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The configuration file
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Change a setting for this run (neither limits nor secrets)
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    pub(crate) set: Vec<String>,
    /// One JSON document on standard output, nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The language of texts
    #[arg(long, value_name = "sv|en", value_parser = ["sv", "en"], global = true)]
    pub(crate) lang: Option<String>,
    /// The reference date of the rules
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub(crate) today: Option<NaiveDate>,
    /// Log to standard error; with --json every change; twice: the causes of failures too
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Say nothing but failures and remarks
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// Flags of every command that changes something.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RunFlags {
    /// Do everything, show it, roll it back; the exit code is the real run's
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Raise a limit to an absolute count for this run
    #[arg(long, value_name = "NAME=N", value_parser = allowance)]
    pub(crate) allow: Vec<(LimitName, u64)>,
    /// Let a held run's plan pass, if it is still the same
    #[arg(long, value_name = "RUN")]
    pub(crate) approve: Option<i64>,
    /// Wait so long for another run to end (default: 0 for jobs, 5 by hand)
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
}

impl RunFlags {
    /// `--allow` by limit.
    pub(crate) fn allowed(&self) -> BTreeMap<LimitName, u64> {
        self.allow.iter().copied().collect()
    }
}

fn allowance(text: &str) -> Result<(LimitName, u64), Unreadable> {
    let pair =
        text.split_once('=').and_then(|(name, count)| Some((LimitName::parse(name)?, count.parse().ok()?)));
    pair.ok_or_else(|| Unreadable::new(command_line::ALLOWANCE, LimitName::ALL.map(LimitName::name)))
}
