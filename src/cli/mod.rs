//! The command line: what was typed, turned into a job or a view, and its exit code. A table of contents.

/// What every `--help` ends with: exit codes and an example. Those of a run, of a look, of a view, or of a
/// group of commands.
macro_rules! help_end {
    (run, $example:literal) => {
        concat!(
            "Exit codes: 0 done, 1 not done, 2 command line, configuration or header wrong, 3 done with remarks, \
4 held by a limit, 5 unreachable, 6 another run holds the registry, 128+n signal.\n\nExample: ",
            $example
        )
    };
    (look, $example:literal) => {
        concat!(
            "Exit codes: 0 done and all is well, 1 could not look, 2 command line or configuration wrong, 3 found \
something, 128+n signal.\n\nExample: ",
            $example
        )
    };
    (view, $example:literal) => {
        concat!(
            "Exit codes: 0 done, 1 not done, 2 command line or configuration wrong.\n\nExample: ",
            $example
        )
    };
}

mod access;
mod area;
mod arguments;
mod backup;
mod changes;
mod changes_view;
mod completions;
mod config;
mod contacts;
mod csv_view;
mod demo;
mod doctor;
mod findings;
mod flags;
mod init;
mod later;
mod log;
mod man;
mod notice;
mod output;
mod overdue;
mod person;
mod person_set;
mod person_view;
mod population_import;
mod progress;
mod purge;
mod report;
mod retained;
mod retention;
mod run_due;
mod runs;
mod schedule;
mod search;
mod search_view;
mod session;
mod spar_export;
mod spar_import;
mod subject;
mod sweep;
mod sync_contacts;
mod table;
mod terminal;
mod undo;
mod update_areas;
mod update_persons;
mod update_search;
mod usage;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use flags::Global;
use later::Later;
use session::Session;

/// Keeps a local register of people true: to SPAR, to the population register, to the law.
#[derive(Debug, Parser)]
#[command(name = "mantal", version, after_help = help_end!(run, "mantal demo"), propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a commented configuration and an empty registry
    Init(Later<init::Args>),
    /// Show the whole thing on invented people, in a folder of its own
    Demo(Later<demo::Args>),
    /// Check or show the configuration
    #[command(subcommand, after_help = help_end!(view, "mantal config check"))]
    Config(Later<config::Command>),
    /// Import, list, show, search and change people
    #[command(subcommand, after_help = help_end!(run, "mantal person show person:17"))]
    Person(Later<person::Command>),
    /// Send the list of people's identity numbers to SPAR's drop server
    SparExport(Later<spar_export::Args>),
    /// Fetch and apply SPAR's update files: addresses, deaths, number changes, protected identities
    SparImport(Later<spar_import::Args>),
    /// Link key codes to areas, and see who lives where
    #[command(subcommand, after_help = help_end!(run, "mantal area list"))]
    Area(Later<area::Command>),
    /// Give people their current key code, and the areas that it is linked to
    UpdateAreas(Later<update_areas::Args>),
    /// Build the search over registry and population register anew
    UpdateSearch(Later<update_search::Args>),
    /// Find people by names, numbers in any spelling and addresses
    Search(Later<search::Args>),
    /// Load the population register's extract
    PopulationImport(Later<population_import::Args>),
    /// Bring people up to date from the population register
    UpdatePersons(Later<update_persons::Args>),
    /// Contact details that people changed themselves
    #[command(subcommand, after_help = help_end!(run, "mantal contacts reset person:17"))]
    Contacts(Later<contacts::Command>),
    /// Merge e-mail and phone from a system of record, respecting people's own edits
    SyncContacts(Later<sync_contacts::Args>),
    /// Cases, which keep their people
    #[command(subcommand, after_help = help_end!(run, "mantal case import --full cases.csv"))]
    Case(Later<retained::Case>),
    /// Documents, which go with their case or must be kept
    #[command(subcommand, after_help = help_end!(run, "mantal document import documents.csv"))]
    Document(Later<retained::Document>),
    /// Subscriptions, which go with their person
    #[command(subcommand, after_help = help_end!(run, "mantal subscription import subscriptions.csv"))]
    Subscription(Later<retained::Subscription>),
    /// Obligations, which keep their people as long as they last
    #[command(subcommand, after_help = help_end!(run, "mantal obligation import loans.csv"))]
    Obligation(Later<retained::Obligation>),
    /// Drafts that people left in self-service
    #[command(subcommand, after_help = help_end!(run, "mantal draft import drafts.csv"))]
    Draft(Later<retained::Draft>),
    /// Events, of a case or of none
    #[command(subcommand, after_help = help_end!(run, "mantal event import events.csv"))]
    Event(Later<retained::Event>),
    /// Who is whose guardian
    #[command(subcommand, after_help = help_end!(run, "mantal relation import relations.csv"))]
    Relation(Later<retained::Relation>),
    /// Propose what retention rules say must go, and with --confirm remove it
    Purge(Later<purge::Args>),
    /// The classes that say how long everything is kept
    #[command(subcommand, after_help = help_end!(run, "mantal retention list"))]
    Retention(Later<retention::Command>),
    /// List runs, the newest first
    Runs(Later<runs::Args>),
    /// Show what a run logged
    Log(Later<log::Args>),
    /// List what needs a person, or deal with it
    Findings(Later<findings::Args>),
    /// Start a job once, at a given time
    #[command(subcommand, after_help = help_end!(run, "mantal schedule list"))]
    Schedule(Later<schedule::Command>),
    /// Start what the schedule says is due; for cron, every five minutes
    RunDue(Later<run_due::Args>),
    /// Say which jobs have not done their work within `max_age`
    Overdue(Later<overdue::Args>),
    /// Take a run back, as far as things still are as it left them
    Undo(Later<undo::Args>),
    /// Show what changed about people, for other systems
    Changes(Later<changes::Args>),
    /// Say step by step what works: registry, files, disk, clock, jobs, drop server
    Doctor(Later<doctor::Args>),
    /// Look for what protected people must not leave behind, and say where it stands
    Sweep(Later<sweep::Args>),
    /// Copy the registry while it is in use, and verify the copy
    Backup(Later<backup::BackupArgs>),
    /// Bring a backup back; whoever was protected since stays protected
    Restore(Later<backup::RestoreArgs>),
    /// Print what a shell needs to complete commands and flags
    Completions(Later<completions::Args>),
    /// Print a manual page, or write them all
    Man(Later<man::Args>),
}

/// Runs the program.
pub fn main() -> ExitCode {
    crate::io::private::tighten_umask();
    crate::io::private::forbid_core_dumps();
    output::silence_panics();
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let code = match Arguments::try_parse_from(&words) {
        Ok(arguments) => run(arguments, &words),
        Err(error) => usage::show(&error, &words),
    };
    ExitCode::from(code)
}

fn run(arguments: Arguments, words: &[std::ffi::OsString]) -> u8 {
    output::init_logging(arguments.global.verbose);
    let global = arguments.global;
    let session = Session::new(global, arguments::masked(words));
    match dispatch(arguments.command, &session) {
        Ok(code) => code,
        Err(failure) => session.fail(&failure),
    }
}

fn dispatch(command: Command, session: &Session) -> crate::failure::Result<u8> {
    match command {
        Command::Init(Later(args)) => init::run(session, &args),
        Command::Demo(Later(args)) => demo::run(session, &args),
        Command::Config(Later(command)) => config::run(session, &command),
        Command::Person(Later(command)) => person::run(session, command),
        Command::SparExport(Later(args)) => spar_export::run(session, &args),
        Command::SparImport(Later(args)) => spar_import::run(session, args),
        Command::Area(Later(command)) => area::run(session, command),
        Command::UpdateAreas(Later(args)) => update_areas::run(session, args),
        Command::UpdateSearch(Later(args)) => update_search::run(session, &args),
        Command::Search(Later(args)) => search::run(session, &args),
        Command::PopulationImport(Later(args)) => population_import::run(session, args),
        Command::UpdatePersons(Later(args)) => update_persons::run(session, &args),
        Command::Contacts(Later(command)) => contacts::run(session, command),
        Command::SyncContacts(Later(args)) => sync_contacts::run(session, args),
        Command::Case(Later(command)) => command.run(session),
        Command::Document(Later(command)) => command.run(session),
        Command::Subscription(Later(command)) => command.run(session),
        Command::Obligation(Later(command)) => command.run(session),
        Command::Draft(Later(command)) => command.run(session),
        Command::Event(Later(command)) => command.run(session),
        Command::Relation(Later(command)) => command.run(session),
        Command::Purge(Later(args)) => purge::run(session, args),
        Command::Retention(Later(command)) => retention::run(session, command),
        Command::Runs(Later(args)) => runs::run(session, &args),
        Command::Log(Later(args)) => log::run(session, &args),
        Command::Findings(Later(args)) => findings::run(session, args),
        Command::Schedule(Later(command)) => schedule::run(session, command),
        Command::RunDue(Later(args)) => run_due::run(session, &args),
        Command::Overdue(Later(args)) => overdue::run(session, &args),
        Command::Undo(Later(args)) => undo::run(session, &args),
        Command::Changes(Later(args)) => changes::run(session, &args),
        Command::Doctor(Later(args)) => doctor::run(session, &args),
        Command::Sweep(Later(args)) => sweep::run(session, &args),
        Command::Backup(Later(args)) => backup::run(session, args),
        Command::Restore(Later(args)) => backup::restore(session, args),
        Command::Completions(Later(args)) => Ok(completions::run(&args)),
        Command::Man(Later(args)) => man::run(&args),
    }
}
