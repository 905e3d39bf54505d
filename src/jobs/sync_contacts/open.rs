//! Opens a file of a source in whatever it is written, and checks its header.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::{Delivery, Extent, FILE_KIND, policy};
use crate::config::{SourceFormat, SourceSettings};
use crate::failure::{Failure, Result};
use crate::formats::contact_rows::{ContactRows, Dialect};
use crate::formats::csv::{HeaderFault, HeaderProblem, Mapping};
use crate::formats::oneroster::{self, Bundle, DEMOGRAPHICS, Mode, ROLES, USERS, each_birth_date, each_role};
use crate::io::private;
use crate::jobs::input::{file_name, fingerprint, mapping_of, open_file};
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::registry::staging::sides::Sides;
use crate::text::sync_contacts as text;

/// What a file turned out to be.
struct Opened {
    content: File,
    dialect: Dialect,
    sides: Option<Sides>,
}

/// Opens a file, before the first of several is worked.
pub(super) fn open(run: &Run<'_>, source: &str, path: &Path) -> Result<(Delivery, ContactRows<File>)> {
    let settings = run.setup.settings;
    let name = file_name(path);
    let mut file = open_file(path)?;
    let (size, sha256) = fingerprint(&mut file, path)?;
    let own = settings.sources.get(source);
    let format = own.map_or(SourceFormat::Csv, |own| own.format);
    let opened = match format {
        SourceFormat::Csv => Opened { content: file, dialect: Dialect::Csv, sides: None },
        SourceFormat::OneRoster => unpacked(run, file, path, &name)?,
    };
    let rows = ContactRows::open(
        opened.content,
        opened.dialect,
        &mapping(format, own),
        run.setup.today,
        settings.country,
    );
    let rows = rows.map_err(|fault| failure(fault, &name))?;
    let row = FileRow { customer: source.to_owned(), ..FileRow::of(FILE_KIND, &name, &sha256, size) };
    let extent =
        if opened.dialect == Dialect::OneRoster(Mode::Delta) { Extent::Changes } else { Extent::Whole };
    let policy = policy::policy(&settings.contacts);
    let source = source.to_owned();
    Ok((Delivery { source, file: name, policy, sides: opened.sides, extent, row }, rows))
}

/// An empty file is a failure, not a wrong header (rule 10).
fn failure(fault: HeaderFault, name: &str) -> Failure {
    if matches!(fault.problem, HeaderProblem::Empty) {
        return Failure::failed(text::NO_ROWS).with("file", name).hint(text::NO_ROWS_HINT);
    }
    fault.into_failure(name)
}

fn mapping(format: SourceFormat, own: Option<&SourceSettings>) -> Mapping {
    let (columns, ignored) =
        own.map(|own| (own.columns.clone(), own.ignore_columns.clone())).unwrap_or_default();
    match format {
        SourceFormat::Csv => own.map(mapping_of).unwrap_or_default(),
        SourceFormat::OneRoster => oneroster::mapping(&columns, &ignored),
    }
}

/// A zip with its manifest, or `users.csv` alone.
fn unpacked(run: &Run<'_>, mut file: File, path: &Path, name: &str) -> Result<Opened> {
    let failed = |error| Failure::io(path, error);
    let mut magic = Vec::new();
    (&mut file).take(2).read_to_end(&mut magic).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if magic != b"PK" {
        return Ok(Opened { content: file, dialect: Dialect::OneRoster(Mode::Bulk), sides: None });
    }
    let mut bundle = Bundle::open(file).map_err(|misfit| misfit.into_failure(name))?;
    let mode = bundle.mode(USERS);
    if mode == Mode::Absent {
        return Err(oneroster::Misfit::Missing(USERS).into_failure(name));
    }
    let sides = Sides::create(&run.setup.settings.spool.join("staging"))?;
    if bundle.mode(DEMOGRAPHICS) != Mode::Absent {
        let content = member(run, &mut bundle, DEMOGRAPHICS, name)?;
        each_birth_date(content, |id, date| sides.put_birth_date(id, date))
            .map_err(|misfit| misfit.into_failure(name))??;
    }
    if bundle.mode(ROLES) != Mode::Absent {
        let content = member(run, &mut bundle, ROLES, name)?;
        each_role(content, |id, category| sides.add_category(id, category))
            .map_err(|misfit| misfit.into_failure(name))??;
    }
    let content = member(run, &mut bundle, USERS, name)?;
    Ok(Opened { content, dialect: Dialect::OneRoster(mode), sides: Some(sides) })
}

/// Unpacks a member into a scratch file that has no name any more.
fn member(run: &Run<'_>, bundle: &mut Bundle<File>, member: &'static str, name: &str) -> Result<File> {
    let folder = run.setup.settings.spool.join("staging");
    private::create_folder(&folder)?;
    let path = folder.join(format!("member-{}.csv", std::process::id()));
    drop(std::fs::remove_file(&path));
    let mut scratch = private::create_new(&path)?;
    let copied = bundle.copy(member, &mut scratch);
    std::fs::remove_file(&path).map_err(|error| Failure::io(&path, error))?;
    copied.map_err(|misfit| misfit.into_failure(name))?;
    scratch.rewind().map_err(|error| Failure::io(&path, error))?;
    Ok(scratch)
}
