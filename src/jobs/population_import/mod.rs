//! `population-import`: loads the population register's extract. (rules.md, Areas and the population register)
//!
//! Each file: copied into the spool → scanned to its last row → protected people hidden → written in one transaction
//! under the limits. The registry's people change only where a row protects them; the rest is for `update-persons`.

mod absence;
mod apply;
mod deliveries;
mod receive;
mod scan;

use std::path::PathBuf;

use super::Job;
use super::refusal::Refusal;
use super::run::Run;
use crate::domain::population::Residence;
use crate::domain::spar::decide::{Age, Policy, Source, marks_of};
use crate::domain::spar::statement::Carried;
use crate::failure::{Failure, Kind, Result};
use crate::registry::files::{FileRow, State};
use crate::registry::findings::Event;
use crate::text::{line, population as text};

use deliveries::{Deliveries, Siblings};
use receive::Received;
use scan::Scan;

/// What `files` are of.
pub const FILE_KIND: &str = "population";

/// Whether whom a file doesn't hold is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadMode {
    /// The file holds everybody of its municipality.
    Snapshot,
    /// The file holds what changed: absence means nothing.
    Changes,
}

/// Loads extracts.
#[derive(Debug)]
pub struct PopulationImport {
    /// Everybody, or what changed.
    pub mode: LoadMode,
    /// Our own people, or those of other municipalities.
    pub residence: Residence,
    /// The extracts, in the order in which they are loaded.
    pub files: Vec<PathBuf>,
}

impl Job for PopulationImport {
    fn name(&self) -> &'static str {
        "population-import"
    }

    fn source(&self) -> String {
        match self.residence {
            Residence::Resident => String::new(),
            Residence::Nonresident => "nonresident".to_owned(),
        }
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        if run.setup.settings.municipality.is_empty() {
            return Err(Failure::usage(text::NO_MUNICIPALITY).hint(text::NO_MUNICIPALITY_HINT));
        }
        let files = receive::receive(run, &self.files)?;
        let mut deliveries = Deliveries::check(run, &files)?;
        for (place, file) in files.iter().enumerate() {
            self.import(run, file, place, &mut deliveries)?;
        }
        let count = run.applied.len().to_string();
        run.message = Some((text::POPULATION_IMPORTED, vec![("files", count)]));
        Ok(())
    }
}

impl PopulationImport {
    fn import(
        &self,
        run: &mut Run<'_>,
        file: &Received,
        place: usize,
        deliveries: &mut Deliveries,
    ) -> Result<()> {
        run.check_stop()?;
        let known = run.registry.known_file(FILE_KIND, &file.sha256)?;
        if known.is_some_and(|known| known.state == State::Applied) {
            run.line(line::ALREADY_APPLIED, &[("file", file.name.clone())]);
            return Ok(());
        }
        let mut row = file.row();
        let before = run.counts.clone();
        match self.load(run, file, &mut row, &deliveries.siblings(place)) {
            Ok(scan) => {
                deliveries.keep(place, scan);
                run.line(
                    line::FILE_APPLIED,
                    &[("file", file.name.clone()), ("posts", row.posts.to_string())],
                );
                Ok(())
            }
            Err(Refusal::Failed(failure)) if failure.kind == Kind::Held => {
                remember(run, row, State::Held)?;
                Err(failure)
            }
            Err(Refusal::Failed(failure)) => {
                run.counts = before;
                Err(failure)
            }
            Err(Refusal::Rejected(failure)) => {
                run.counts = before;
                reject(run, row, failure)
            }
        }
    }

    fn load(
        &self,
        run: &mut Run<'_>,
        file: &Received,
        row: &mut FileRow,
        siblings: &Siblings<'_>,
    ) -> std::result::Result<Scan, Refusal> {
        let scan = scan::scan(run, file, self.residence)?;
        row.posts = scan.read;
        self.judge(&scan, file, siblings)?;
        hide(run, &scan, &row.sha256)?;
        apply::apply(run, row, &scan, self, siblings)?;
        Ok(scan)
    }

    /// What makes a file as a whole unusable.
    fn judge(
        &self,
        scan: &Scan,
        file: &Received,
        siblings: &Siblings<'_>,
    ) -> std::result::Result<(), Refusal> {
        if scan.read == 0 && self.mode == LoadMode::Snapshot && siblings.are_none() {
            return Err(Refusal::Rejected(Failure::failed(text::EMPTY_SNAPSHOT).with("file", &file.name)));
        }
        let municipalities = scan.extract.municipalities();
        if self.residence == Residence::Nonresident && municipalities.len() > 1 {
            let failure = Failure::failed(text::SEVERAL_MUNICIPALITIES).with("file", &file.name);
            let failure = failure.with("municipalities", municipalities.join(", "));
            return Err(Refusal::Rejected(failure.hint(text::SEVERAL_MUNICIPALITIES_HINT)));
        }
        Ok(())
    }
}

/// By which rules a mark of the register is carried out.
fn policy(run: &Run<'_>) -> Policy {
    Policy {
        file_on: run.setup.today,
        age: Age::Newest,
        carried: Carried::No,
        names: run.setup.settings.protection,
        source: Source::Register,
    }
}

/// People of the registry whom the file marks are hidden in a commit of its own, even if the file is then held
/// (rules.md, Protection 1).
fn hide(run: &mut Run<'_>, scan: &Scan, cause: &str) -> Result<()> {
    if run.is_dry() {
        return Ok(());
    }
    let registry = run.registry;
    let policy = policy(run);
    let people = registry.snapshot(|| {
        let mut population = registry.population()?;
        let mut people = Vec::new();
        for (key, mark) in scan.extract.marked()? {
            if let Some(holder) = population.holder(key)? {
                people.push((holder.person, marks_of(&mark.statement(), policy)));
            }
        }
        Ok(people)
    })?;
    run.hide_marked(&people, cause)
}

/// A file that is at fault as a whole. One that stands applied, and doesn't fit with others now, stays so.
fn reject<T>(run: &mut Run<'_>, row: FileRow, failure: Failure) -> Result<T> {
    let known = run.registry.known_file(FILE_KIND, &row.sha256)?;
    if known.is_none_or(|known| known.state != State::Applied) {
        remember(run, row, State::Rejected)?;
    }
    Err(failure.hint_if_none(text::POPULATION_REJECTED_HINT))
}

/// What became of a file that was not loaded. No copy is kept: the extract is whoever's who named it.
fn remember(run: &mut Run<'_>, mut row: FileRow, state: State) -> Result<()> {
    if run.is_dry() {
        return Ok(());
    }
    row.state = state;
    let today = run.setup.today.to_string();
    let id = run.registry.write(|| run.registry.put_file(&row, run.id, &today))?;
    if state == State::Rejected {
        run.event(Event {
            kind: "file-rejected",
            subject: id.to_string(),
            detail: String::new(),
            facts: row.sha256.clone(),
            params: serde_json::json!({ "file": row.name }).to_string(),
        });
    }
    Ok(())
}
