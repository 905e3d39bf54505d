//! `mantal case|document|subscription|obligation|draft|event|relation …`

use std::path::PathBuf;

use super::flags::RunFlags;
use super::session::Session;
use crate::domain::retained::Kind;
use crate::failure::Result;
use crate::jobs::retained_import::{Extent, RetainedImport};

/// The commands of a kind, with an example of its own.
macro_rules! commands {
    ($($kind:ident, $example:literal;)*) => {
        $(
            #[derive(Debug, clap::Subcommand)]
            pub(crate) enum $kind {
                /// Take records in from CSV files
                #[command(after_help = help_end!(run, $example))]
                Import(ImportArgs),
            }

            impl $kind {
                pub(crate) fn run(self, session: &Session) -> Result<u8> {
                    match self {
                        Self::Import(args) => import(session, Kind::$kind, args),
                    }
                }
            }
        )*
    };
}

commands! {
    Case, "mantal case import --dry-run cases.csv";
    Document, "mantal document import documents.csv";
    Subscription, "mantal subscription import subscriptions.csv";
    Obligation, "mantal obligation import --full loans.csv";
    Draft, "mantal draft import drafts.csv";
    Event, "mantal event import events.csv";
    Relation, "mantal relation import --full relations.csv";
}

/// A file has what changed: what isn't in it stays as it is. An absent column keeps what is stored, an empty cell empties it.
/// Rows of people who aren't here are counted and create nobody.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The CSV files; they are read, never moved
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The one file has everything: what isn't in it is removed, up to the limit `shrink`
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    flags: RunFlags,
}

fn import(session: &Session, kind: Kind, args: ImportArgs) -> Result<u8> {
    let extent = if args.full { Extent::Whole } else { Extent::Changes };
    session.execute(&mut RetainedImport { kind, files: args.files, extent }, &args.flags)
}
