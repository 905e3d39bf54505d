//! A command whose flags are made when it is the one that was typed, or when somebody asks for help: made for all commands
//! at each start they are a tenth of the work of a run with nothing to do.

use std::cell::Cell;

use clap::error::Error;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

thread_local! {
    static AT_ONCE: Cell<bool> = const { Cell::new(false) };
}

/// The flags of one command, or the commands below it.
#[derive(Debug)]
pub(super) struct Later<T>(pub(super) T);

/// What `tree` makes has all its flags at once: what is made later is missing in completions below `help`.
pub(super) fn at_once(tree: fn() -> Command) -> Command {
    AT_ONCE.set(true);
    let made = tree();
    AT_ONCE.set(false);
    made
}

/// What is said of the command where it stands in the list goes before what its flags say of themselves.
fn keeping(command: Command, make: fn(Command) -> Command) -> Command {
    let (about, end) = (command.get_about().cloned(), command.get_after_help().cloned());
    let mut command = make(command);
    if let Some(about) = about {
        command = command.about(about).long_about(None::<&str>);
    }
    if let Some(end) = end {
        command = command.after_help(end);
    }
    command
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Args> Args for Later<T> {
    fn augment_args(command: Command) -> Command {
        if AT_ONCE.get() {
            T::augment_args(command)
        } else {
            command.defer(|it| keeping(it, T::augment_args))
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: Subcommand> Subcommand for Later<T> {
    fn augment_subcommands(command: Command) -> Command {
        if AT_ONCE.get() {
            T::augment_subcommands(command)
        } else {
            command.defer(|it| keeping(it, T::augment_subcommands))
        }
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        T::augment_subcommands_for_update(command)
    }

    fn has_subcommand(name: &str) -> bool {
        T::has_subcommand(name)
    }
}
