//! `sync-contacts`: e-mail and phone from a system of record, with people's own edits left alone. (rules.md, sync-contacts)
//!
//! Each file: read to its end → unknown numbers looked into → decided and applied person by person in one transaction under
//! the limits. A row that left nothing to do last time costs one look-up.

mod apply;
mod open;
mod parse;
mod plan;
pub mod policy;
mod scan;
mod strangers;

use std::fs::File;
use std::path::PathBuf;

use super::Job;
use super::input::in_order;
use super::run::Run;
use crate::config::Settings;
use crate::domain::contact::policy::Policy;
use crate::failure::{Failure, Kind, Result};
use crate::formats::contact_rows::ContactRows;
use crate::registry::files::{FileRow, State};
use crate::registry::staging::sides::Sides;
use crate::text::sync_contacts as text;

/// What `files` are of.
const FILE_KIND: &str = "contacts";

/// Merges contact details from a source.
#[derive(Debug)]
pub struct SyncContacts {
    /// Its name in `contacts.sources`.
    pub source: String,
    /// Its files.
    pub files: Vec<PathBuf>,
}

/// One file of a source.
struct Delivery {
    source: String,
    file: String,
    policy: Policy,
    /// What other files of the delivery say.
    sides: Option<Sides>,
    extent: Extent,
    row: FileRow,
}

/// How much of a source a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// All of it.
    Whole,
    /// What changed: it has fewer rows than the last one, and that means nothing.
    Changes,
}

impl Job for SyncContacts {
    fn name(&self) -> &'static str {
        "sync-contacts"
    }

    fn source(&self) -> String {
        self.source.clone()
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        check_source(run.setup.settings, &self.source)?;
        let mut files = Vec::new();
        for path in in_order(&self.files)? {
            files.push(open::open(run, &self.source, &path)?);
        }
        if run.registry.is_at_a_loss()? {
            run.line(text::CREATES_NOBODY, &[]);
        }
        for (delivery, mut rows) in files {
            self.sync(run, delivery, &mut rows)?;
        }
        let count = |name| run.counts.get(name).to_string();
        let (rows, changed, created) = (count("read"), count("changed"), count("created"));
        let source = self.source.clone();
        let params = vec![("source", source), ("rows", rows), ("changed", changed), ("created", created)];
        run.message = Some((text::CONTACTS_SYNCED, params));
        Ok(())
    }
}

/// A name that nobody configured is a wrong command line.
fn check_source(settings: &Settings, source: &str) -> Result<()> {
    let known = &settings.contacts.sources;
    if known.iter().any(|name| name == source) {
        return Ok(());
    }
    Err(match known.as_slice() {
        [] => Failure::usage(text::NO_SOURCES).with("source", source),
        known => Failure::usage(text::UNKNOWN_SOURCE).with("source", source).with("known", known.join(", ")),
    })
}

impl SyncContacts {
    fn sync(&self, run: &mut Run<'_>, mut delivery: Delivery, rows: &mut ContactRows<File>) -> Result<()> {
        run.check_stop()?;
        let registry = run.registry;
        let before = run.counts.clone();
        let scan = registry.snapshot(|| scan::scan(run, &mut delivery, rows))?;
        delivery.row.posts = scan.count;
        let namesakes = registry.snapshot(|| strangers::meet(run, &scan))?;
        let applied = apply::apply(run, &delivery, &scan, &namesakes);
        match &applied {
            Ok(()) => {
                let params = [
                    ("file", delivery.file.clone()),
                    ("source", self.source.clone()),
                    ("rows", scan.count.to_string()),
                ];
                run.line(text::CONTACTS_FILE_SYNCED, &params);
            }
            Err(failure) if failure.kind == Kind::Held => set_aside(run, delivery.row)?,
            Err(_) => run.counts = before,
        }
        applied
    }
}

/// A held file is a finding until it, or a later one of its source, is applied.
fn set_aside(run: &Run<'_>, row: FileRow) -> Result<()> {
    if run.is_dry() {
        return Ok(());
    }
    let row = FileRow { state: State::Held, ..row };
    let today = run.setup.today.to_string();
    run.registry.write(|| run.registry.put_file(&row, run.id, &today)).map(drop)
}
