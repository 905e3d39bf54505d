//! `restore FILE`: an older registry takes the present one's place. (rules.md, Undo and restore)
//!
//! Everything is done to a private copy beside the registry, the run's own row included; one rename then makes it the
//! registry. Killed before that, nothing has happened; after it, everything has.

mod apply;
mod memory;
mod place;
mod secrets;

use std::path::PathBuf;

use super::purge::replay::disposed_numbers;
use super::report::Report;
use super::run::{Run, Setup};
use super::{Job, Origin, runner};
use crate::failure::{Failure, Result};
use crate::io::{filesystem, lock::RunLock};
use crate::registry::Registry;
use crate::registry::restored::Retiring;
use crate::text::backup as text;

use apply::Apply;
use memory::Memory;
use place::Place;
use secrets::Secrets;

/// What to restore, and how.
#[derive(Debug)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// What to do when side file or key are missing.
    pub loss: Loss,
}

/// What is said to a missing side file or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing is queued and sources create nobody until somebody accepts it.
    Noted,
    /// `--accept-loss`.
    Accepted,
}

/// Restores. The registry may be missing or damaged, so this is no job of the runner's from the start. Never fails: a
/// failure is part of the report.
pub fn restore(wish: &Restore, setup: &Setup<'_>) -> Report {
    attempt(wish, setup).unwrap_or_else(Report::from)
}

fn attempt(wish: &Restore, setup: &Setup<'_>) -> Result<Report> {
    let settings = setup.settings;
    let _lock = RunLock::acquire(&settings.lock_file(), setup.wait)?;
    filesystem::refuse_network(&settings.registry)?;
    let place = Place::prepare(settings, &(setup.now)())?;
    place.copy_in(&wish.file)?;
    let retiring = Retiring::find(&settings.registry)?;
    let report = settle_copy(wish, setup, &place, retiring.as_ref())?;
    if report.failure.is_some() || setup.mode == super::run::Mode::DryRun {
        return Ok(report);
    }
    place.swap(retiring)?;
    Secrets::settle(&place)?;
    Ok(report)
}

/// Verifies the copy and brings it up to what happened since.
fn settle_copy(
    wish: &Restore,
    setup: &Setup<'_>,
    place: &Place<'_>,
    retiring: Option<&Retiring>,
) -> Result<Report> {
    let registry = Registry::adopt(&place.copy()).map_err(|failure| about(wish, failure))?;
    registry.end_its_backup()?;
    let (newest, started) = registry.newest_start()?;
    if let Some(retiring) = retiring {
        registry.keep_ids(&retiring.ids())?;
    }
    let secrets = Secrets::find(place, &registry)?;
    let mut job = Apply {
        file: &wish.file,
        memory: Memory::of(&secrets.records, newest, &started),
        disposed: disposed_numbers(&secrets.records),
        whole: secrets.whole,
        loss: wish.loss,
        kept: place.kept(),
    };
    runner::run_on(&mut job, setup, &registry, &secrets.key, &secrets.side)
}

/// The user named the backup, not our copy of it.
fn about(wish: &Restore, mut failure: Failure) -> Failure {
    for (_, value) in failure.params.iter_mut().filter(|(name, _)| *name == "path") {
        *value = crate::failure::escaped(&wish.file.display().to_string());
    }
    failure.hint(text::BACKUP_HINT)
}

/// `restore --accept-loss`: work goes on without what the side file or the key knew.
#[derive(Debug)]
pub struct AcceptLoss;

impl Job for AcceptLoss {
    fn name(&self) -> &'static str {
        "restore"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let message = if run.registry.accept_loss()? { text::LOSS_ACCEPTED } else { text::NO_LOSS };
        run.line(message, &[]);
        run.message = Some((message, Vec::new()));
        Ok(())
    }
}
