//! `case|document|subscription|obligation|draft|event|relation import`: what people are kept for comes in from the systems
//! that have it. (product.md, CSV files)
//!
//! Each file: read to its end and brought together by reference → compared with what stands → written in one transaction
//! under the limits. What a row says and what it makes of a record are the same for every kind.

mod absence;
mod apply;
mod fresh;
mod scan;

use std::fs::File;
use std::path::{Path, PathBuf};

use super::input::{file_name, fingerprint, in_order, open_file};
use super::run::Run;
use super::{Job, Origin};
use crate::domain::retained::Kind;
use crate::failure::{Failure, Kind as FailureKind, Result};
use crate::formats::csv::{CsvReader, Mapping};
use crate::formats::retained_rows::columns;
use crate::registry::files::{FileRow, State};
use crate::text::retained as text;

/// How much of its system a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What changed; what isn't in it stays.
    Changes,
    /// All of it: what isn't in it goes.
    Whole,
}

/// Takes records of one kind in.
#[derive(Debug)]
pub struct RetainedImport {
    /// Which.
    pub kind: Kind,
    /// The CSV files.
    pub files: Vec<PathBuf>,
    /// `--full`.
    pub extent: Extent,
}

/// One file, opened.
struct Delivery {
    kind: Kind,
    extent: Extent,
    file: String,
    row: FileRow,
    rows: CsvReader<File>,
}

impl Job for RetainedImport {
    fn name(&self) -> &'static str {
        self.kind.job()
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        if self.extent == Extent::Whole && self.files.len() > 1 {
            return Err(Failure::usage(text::FULL_IS_ONE_FILE));
        }
        let mut deliveries = Vec::new();
        for path in in_order(&self.files)? {
            deliveries.push(self.open(&path)?);
        }
        for delivery in deliveries {
            import(run, delivery)?;
        }
        Ok(())
    }
}

impl RetainedImport {
    /// Opens a file and checks its header, before the first of several is worked.
    fn open(&self, path: &Path) -> Result<Delivery> {
        let name = file_name(path);
        let mut file = open_file(path)?;
        let (size, sha256) = fingerprint(&mut file, path)?;
        let rows = CsvReader::open(file, &columns(self.kind), &Mapping::default());
        let rows = rows.map_err(|fault| fault.into_failure(&name))?;
        let row = FileRow::of(self.kind.name(), &name, &sha256, size);
        Ok(Delivery { kind: self.kind, extent: self.extent, file: name, row, rows })
    }
}

fn import(run: &mut Run<'_>, mut delivery: Delivery) -> Result<()> {
    run.check_stop()?;
    let registry = run.registry;
    let before = run.counts.clone();
    let mut scan = registry.snapshot(|| scan::scan(run, &mut delivery))?;
    delivery.row.posts = scan.count;
    let applied = apply::apply(run, &delivery, &mut scan);
    match &applied {
        Ok(()) => tell(run, &delivery, &scan, &before),
        Err(failure) if failure.kind == FailureKind::Held => set_aside(run, delivery.row)?,
        Err(_) => run.counts = before,
    }
    applied
}

/// A held file is a finding until it is applied or given up.
fn set_aside(run: &Run<'_>, row: FileRow) -> Result<()> {
    if run.is_dry() {
        return Ok(());
    }
    let row = FileRow { state: State::Held, ..row };
    let today = run.setup.today.to_string();
    run.registry.write(|| run.registry.put_file(&row, run.id, &today)).map(drop)
}

fn tell(run: &mut Run<'_>, delivery: &Delivery, scan: &scan::Scan, before: &super::report::Counts) {
    let since = |run: &Run<'_>, name| run.counts.get(name) - before.get(name);
    for (name, message) in [("unknown", text::UNKNOWN), ("no_case", text::WITHOUT_CASE), ("kept", text::KEPT)]
    {
        let rows = since(run, name);
        if rows > 0 {
            run.line(message, &[("file", delivery.file.clone()), ("rows", rows.to_string())]);
        }
    }
    let count = |name| (name, since(run, name).to_string());
    let params = vec![
        ("file", delivery.file.clone()),
        ("kind", delivery.kind.name().to_owned()),
        ("rows", scan.count.to_string()),
        count("created"),
        count("changed"),
        count("removed"),
    ];
    run.line(text::IMPORTED, &params);
    run.message = Some((text::IMPORTED, params));
}
