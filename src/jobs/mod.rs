//! What mantal does. Each job is one file with only its own logic; [`runner`] is the life that they all share.
//!
//! A new job: one file here, one line in the command table of `cli`.

mod ageing;
pub mod limits;
mod refusal;
pub mod report;
pub mod run;
pub mod runner;

mod decision;

pub mod area_import;
pub mod backup;
pub mod changes_ack;
pub mod contacts_reset;
pub mod doctor;
pub mod findings;
pub mod hold;
pub mod init;
mod input;
pub mod merge;
mod metrics;
pub mod notify;
pub mod overdue;
mod packs;
pub mod person_import;
pub mod person_set;
pub mod population_import;
pub mod protect;
pub mod purge;
pub mod restore;
pub mod retained_import;
pub mod retention_import;
pub mod schedule;
pub mod server;
pub mod settle;
mod shown;
pub mod spar_export;
pub mod spar_import;
pub mod sweep;
pub mod sync_contacts;
pub mod undo;
pub mod update_areas;
pub mod update_persons;
pub mod update_search;
pub mod user_edits;
pub mod why;

use crate::failure::Result;
use run::Run;

/// One thing that mantal does to the registry, started by hand or by a timer.
pub trait Job {
    /// The command: what the run row, limits and findings call it.
    fn name(&self) -> &'static str;

    /// What tells runs of this job apart when "new" is decided; nothing for most.
    fn source(&self) -> String {
        String::new()
    }

    /// Jobs are shown by `runs`, hand commands only by `runs --all`.
    fn origin(&self) -> Origin {
        Origin::Job
    }

    /// Does the work. Everything that it changes about people goes through [`Run::unit`].
    fn work(&mut self, run: &mut Run<'_>) -> Result<()>;
}

/// Who starts a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A timer.
    Job,
    /// Somebody.
    Hand,
}
