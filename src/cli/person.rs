//! `mantal person …`

use std::path::PathBuf;

use chrono::NaiveDate;

use super::access::{self, RevealFlag};
use super::csv_view::{self, Format};
use super::flags::RunFlags;
use super::session::Session;
use super::{output, person_set, person_view, subject, why};
use crate::domain::person::PersonId;
use crate::domain::protection::Kind;
use crate::failure::Result;
use crate::formats::edit_rows;
use crate::formats::person_rows::COLUMNS;
use crate::jobs::hold::{PutHold, Release};
use crate::jobs::merge::Merge;
use crate::jobs::person_import::{self, OnList, PersonImport};
use crate::jobs::protect::{Protect, Unprotect};
use crate::jobs::user_edits::UserEdits;
use crate::registry::listing::Search;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Take people in from a CSV file
    Import(ImportArgs),
    /// List everyone, of protected people no more than their number
    List(ListArgs),
    /// Show one person
    Show(ShowArgs),
    /// Who looked at a person, when, by which command and why
    Access(AccessArgs),
    /// Write everything about a person: a subject access file
    Export(subject::Args),
    /// Say where each value came from, and what stood against it
    Why(why::Args),
    /// Find people by comment, name, category or status
    Search(SearchArgs),
    /// Change one person by hand
    Set(Box<person_set::Args>),
    /// Make one record of two: the first survives with what the second had
    Merge(MergeArgs),
    /// Mark a person as protected and erase what must not stay
    Protect(ProtectArgs),
    /// Lift a person's protection; nothing comes back, SPAR is asked anew
    Unprotect(UnprotectArgs),
    /// Keep a person: nothing removes them or what is theirs as long as it holds
    Hold(HoldArgs),
    /// End a person's hold
    Release(ReleaseArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person import --dry-run people.csv"))]
pub(crate) struct ImportArgs {
    /// The CSV file; `person import --template` shows the columns
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// They are on SPAR's list already: asked again only for a new number
    #[arg(long)]
    known: bool,
    /// The file has this system's own headers; sources.NAME.columns says what they are
    #[arg(long, value_name = "NAME", conflicts_with = "user_edits")]
    source: Option<String>,
    /// The file has what people changed themselves; with --template, its columns
    #[arg(long, conflicts_with = "known")]
    user_edits: bool,
    /// Print a header line with all columns; with --source, that system's own
    #[arg(long, conflicts_with = "file")]
    template: bool,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person list --json"))]
pub(crate) struct ListArgs {
    /// csv: for a spreadsheet
    #[arg(
        long,
        value_enum,
        value_name = "text|csv",
        default_value_t,
        hide_possible_values = true,
        conflicts_with = "json"
    )]
    format: Format,
    #[command(flatten)]
    reveal: RevealFlag,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person show person:17 --json"))]
pub(crate) struct ShowArgs {
    /// An identity number in any spelling, a former number, or person:17; `-` reads it from standard input
    id: String,
    #[command(flatten)]
    reveal: RevealFlag,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person access person:17"))]
pub(crate) struct AccessArgs {
    /// An identity number in any spelling, a former number, or person:17; `-` reads it from standard input
    id: String,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person search --comment SPAR --status deceased"))]
pub(crate) struct SearchArgs {
    /// Part of the comment; of protected people only lines of SPAR's rules are searched and shown
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Part of a name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Own category
    #[arg(long, value_name = "TEXT")]
    category: Option<String>,
    /// active, deceased or deregistered
    #[arg(long, value_parser = ["active", "deceased", "deregistered"])]
    status: Option<String>,
    /// Only protected people
    #[arg(long)]
    protected: bool,
    /// Only blocked people
    #[arg(long)]
    blocked: bool,
    #[command(flatten)]
    reveal: RevealFlag,
}

/// Numbers, contacts, addresses, cases, loans and what SPAR was asked come together (docs/merge.md). One undo takes it back.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person merge person:17 person:42 --dry-run"))]
pub(crate) struct MergeArgs {
    /// The record that survives: an identity number, a former number, or person:17
    survivor: String,
    /// The record that goes
    other: String,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person protect person:17 --reason 'decision of 2026-11-22'"))]
pub(crate) struct ProtectArgs {
    /// An identity number, a former number, or person:17
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Which mark
    #[arg(long, default_value = "manual", value_parser = ["manual", "sekretessmarkering", "skyddad_folkbokforing"])]
    kind: String,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person unprotect person:17 --reason 'lifted by the tax agency'"))]
pub(crate) struct UnprotectArgs {
    /// An identity number or person:17
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person hold person:17 --reason 'court case' --until 2027-06-30"))]
pub(crate) struct HoldArgs {
    /// An identity number, a former number, or person:17
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which it holds; without it until somebody releases them
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<NaiveDate>,
    #[command(flatten)]
    flags: RunFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person release person:17 --reason 'case closed'"))]
pub(crate) struct ReleaseArgs {
    /// An identity number, a former number, or person:17
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, command: Command) -> Result<u8> {
    match command {
        Command::Import(args) => import(session, args),
        Command::List(args) => person_view::list(session, args.format, args.reveal.reason()?),
        Command::Show(args) => show(session, &args),
        Command::Access(args) => access::show(session, &session.registry()?, &args.id),
        Command::Export(args) => subject::run(session, &args),
        Command::Why(args) => why::run(session, &args),
        Command::Search(args) => search(session, &args),
        Command::Set(args) => person_set::run(session, &args),
        Command::Merge(args) => {
            let (survivor, other) = (resolve(session, &args.survivor)?, resolve(session, &args.other)?);
            session.execute(&mut Merge { survivor, other }, &args.flags)
        }
        Command::Protect(args) => protect(session, &args),
        Command::Unprotect(args) => {
            let person = resolve(session, &args.id)?;
            let reason = Session::value(&args.reason)?;
            session.execute(&mut Unprotect { person, reason }, &args.flags)
        }
        Command::Hold(args) => {
            let (person, reason) = (resolve(session, &args.id)?, Session::value(&args.reason)?);
            session.execute(&mut PutHold { person, reason, until: args.until }, &args.flags)
        }
        Command::Release(args) => {
            let (person, reason) = (resolve(session, &args.id)?, Session::value(&args.reason)?);
            session.execute(&mut Release { person, reason }, &args.flags)
        }
    }
}

fn import(session: &Session, args: ImportArgs) -> Result<u8> {
    let Some(file) = args.file else { return template(session, &args) };
    if args.user_edits {
        return session.execute(&mut UserEdits { file }, &args.flags);
    }
    let on_list = if args.known { OnList::Yes } else { OnList::No };
    session.execute(&mut PersonImport { file, on_list, source: args.source }, &args.flags)
}

/// The header of a file: ours, or a system's own as the configuration maps it.
fn template(session: &Session, args: &ImportArgs) -> Result<u8> {
    if let Some(source) = &args.source {
        csv_view::header(&person_import::template(session.settings()?, source)?, session.language());
        return Ok(0);
    }
    let columns = if args.user_edits { edit_rows::COLUMNS } else { COLUMNS };
    let header: Vec<&str> = columns.iter().map(|column| column.name).collect();
    output::out(&header.join(","));
    Ok(0)
}

/// Whom a word names, for a command that is about to change them.
pub(crate) fn resolve(session: &Session, id: &str) -> Result<PersonId> {
    session.person(&session.registry_for_change()?, id)
}

fn show(session: &Session, args: &ShowArgs) -> Result<u8> {
    let registry = session.registry()?;
    let person = session.person(&registry, &args.id)?;
    person_view::show(session, &registry, person, args.reveal.reason()?)
}

fn search(session: &Session, args: &SearchArgs) -> Result<u8> {
    let wanted = |wanted: bool| wanted.then_some(true);
    let search = Search {
        comment: args.comment.clone(),
        name: args.name.clone(),
        category: args.category.clone(),
        status: args.status.clone(),
        protected: wanted(args.protected),
        blocked: wanted(args.blocked),
    };
    person_view::search(session, &search, args.reveal.reason()?)
}

fn protect(session: &Session, args: &ProtectArgs) -> Result<u8> {
    let person = resolve(session, &args.id)?;
    let kind = Kind::parse(&args.kind).unwrap_or(Kind::Manual);
    let reason = Session::value(&args.reason)?;
    session.execute(&mut Protect { person, kind, reason }, &args.flags)
}
