//! `OneRoster` 1.1 and 1.2 in CSV: a zip with a manifest, or its `users.csv` alone. Only what contact details need is read.
//! (<https://www.imsglobal.org/oneroster-v11-final-csv-tables>)

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};

use zip::ZipArchive;
use zip::result::ZipError;

use super::csv::{Column, CsvReader, Mapping, value};
use crate::domain::contact::source::SourceCategory;
use crate::failure::Failure;
use crate::text::sync_contacts as text;

#[cfg(test)]
mod tests;

/// The file that every bundle has.
pub const MANIFEST: &str = "manifest.csv";
/// Everybody.
pub const USERS: &str = "users.csv";
/// Dates of birth.
pub const DEMOGRAPHICS: &str = "demographics.csv";
/// Roles, since 1.2.
pub const ROLES: &str = "roles.csv";

/// Unpacked, a member may always have this size, or so many times its packed one.
const SMALL: u64 = 256 * 1024 * 1024;
const RATIO: u64 = 120;
/// More members than any bundle has.
const MOST_MEMBERS: usize = 200;

/// How `users.csv` names what we need.
const USER_COLUMNS: [(&str, &str); 9] = [
    ("sourcedId", "source_id"),
    ("status", "status"),
    ("role", "category"),
    ("givenName", "first_name"),
    ("familyName", "last_name"),
    ("identifier", "id_number"),
    ("email", "email"),
    ("sms", "mobile"),
    ("phone", "phone"),
];

/// How a file of a bundle is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything, without states.
    Bulk,
    /// What changed, each with its state.
    Delta,
    /// Not there.
    Absent,
}

/// What is wrong with a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Not a whole zip file, or a member that is damaged, encrypted or absurdly big.
    Damaged,
    /// No manifest, or one that can't be read.
    Manifest,
    /// A file that the manifest promises, or `users.csv`, is not there.
    Missing(&'static str),
}

impl Misfit {
    /// What a user is told about the file of this name.
    pub fn into_failure(self, file: &str) -> Failure {
        match self {
            Self::Damaged => Failure::failed(text::BUNDLE_DAMAGED).with("file", file),
            Self::Manifest => Failure::usage(text::BUNDLE_MANIFEST).with("file", file),
            Self::Missing(member) => {
                Failure::usage(text::BUNDLE_MISSING).with("file", file).with("member", member)
            }
        }
    }
}

impl From<ZipError> for Misfit {
    fn from(_: ZipError) -> Self {
        Self::Damaged
    }
}

impl From<io::Error> for Misfit {
    fn from(_: io::Error) -> Self {
        Self::Damaged
    }
}

/// A zip with its manifest.
pub struct Bundle<R> {
    archive: ZipArchive<R>,
    modes: BTreeMap<String, Mode>,
}

impl<R: Read + Seek> Bundle<R> {
    /// Reads the manifest.
    pub fn open(source: R) -> Result<Self, Misfit> {
        let mut archive = ZipArchive::new(source)?;
        if archive.len() > MOST_MEMBERS {
            return Err(Misfit::Damaged);
        }
        let mut manifest = Vec::new();
        unpack(&mut archive, MANIFEST, &mut manifest, Misfit::Manifest)?;
        Ok(Self { modes: modes(&manifest).ok_or(Misfit::Manifest)?, archive })
    }

    /// How a file is meant; one that the manifest does not name is absent.
    pub fn mode(&self, member: &str) -> Mode {
        self.modes.get(member).copied().unwrap_or(Mode::Absent)
    }

    /// Unpacks a file that the manifest promises.
    pub fn copy(&mut self, member: &'static str, to: &mut impl Write) -> Result<(), Misfit> {
        unpack(&mut self.archive, member, to, Misfit::Missing(member))
    }
}

fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    member: &str,
    to: &mut impl Write,
    missing: Misfit,
) -> Result<(), Misfit> {
    // Some systems put everything in a folder.
    let is_it = |name: &str| name.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(member));
    let name = {
        let mut names = archive.file_names().filter_map(Result::ok);
        names.find(|name| is_it(name)).map(std::borrow::Cow::into_owned).ok_or(missing)?
    };
    let mut content = archive.by_name(&name)?;
    let bound = SMALL.max(content.compressed_size().saturating_mul(RATIO));
    let copied = io::copy(&mut (&mut content).take(bound + 1), to)?;
    if copied > bound { Err(Misfit::Damaged) } else { Ok(()) }
}

fn modes(manifest: &[u8]) -> Option<BTreeMap<String, Mode>> {
    let columns = [Column::required("propertyName"), Column::required("value")];
    let mut reader = CsvReader::open(io::Cursor::new(manifest), &columns, &Mapping::default()).ok()?;
    let mut row = reader.row();
    let mut modes = BTreeMap::new();
    while let Some(outcome) = reader.next_row(&mut row).ok()? {
        outcome.ok()?;
        let Some(file) = row.text(0).and_then(|name| name.strip_prefix("file.")) else { continue };
        let mode = match row.text(1)?.to_ascii_lowercase().as_str() {
            "bulk" => Mode::Bulk,
            "delta" => Mode::Delta,
            "absent" => Mode::Absent,
            _ => return None,
        };
        modes.insert(format!("{file}.csv"), mode);
    }
    Some(modes)
}

/// How `users.csv` is read; a source's own mapping goes before the usual one.
pub fn mapping(own: &BTreeMap<String, String>, ignored: &[String]) -> Mapping {
    let is_free = |ours: &str| !own.values().any(|taken| taken == ours);
    let usual = USER_COLUMNS.into_iter().filter(|(_, ours)| is_free(ours));
    let mapping =
        usual.fold(Mapping::default().ignore_others(), |all, (theirs, ours)| all.rename(theirs, ours));
    let mapping = own.iter().fold(mapping, |all, (theirs, ours)| all.rename(theirs, ours));
    ignored.iter().fold(mapping, |all, theirs| all.ignore(theirs))
}

/// What a role makes of somebody: pupils, those who have children here, and all others, who work here.
pub fn category(role: &str) -> SourceCategory {
    match role.to_ascii_lowercase().as_str() {
        "student" => SourceCategory::Student,
        "guardian" | "parent" | "relative" => SourceCategory::Guardian,
        _ => SourceCategory::Staff,
    }
}

/// Hands out `sourcedId` and date of birth of `demographics.csv`.
pub fn each_birth_date<R: Read + Seek, E>(
    source: R,
    mut visit: impl FnMut(&str, chrono::NaiveDate) -> Result<(), E>,
) -> Result<Result<(), E>, Misfit> {
    let columns = [Column::required("sourcedId"), Column::optional("status"), Column::required("birthDate")];
    each(source, &columns, DEMOGRAPHICS, |id, birth_date| match value::date(birth_date) {
        Some(birth_date) => visit(id, birth_date),
        None => Ok(()),
    })
}

/// Hands out the user's `sourcedId` and category of each role of `roles.csv`.
pub fn each_role<R: Read + Seek, E>(
    source: R,
    mut visit: impl FnMut(&str, SourceCategory) -> Result<(), E>,
) -> Result<Result<(), E>, Misfit> {
    let columns = [Column::required("userSourcedId"), Column::optional("status"), Column::required("role")];
    each(source, &columns, ROLES, |id, role| visit(id, category(role)))
}

fn each<R: Read + Seek, E>(
    source: R,
    columns: &[Column; 3],
    member: &'static str,
    mut visit: impl FnMut(&str, &str) -> Result<(), E>,
) -> Result<Result<(), E>, Misfit> {
    let mapping = Mapping::default().ignore_others();
    let mut reader = CsvReader::open(source, columns, &mapping).map_err(|_| Misfit::Missing(member))?;
    let mut row = reader.row();
    while let Some(outcome) = reader.next_row(&mut row).map_err(|_| Misfit::Damaged)? {
        let is_used = outcome.is_ok() && !row.text(1).is_some_and(is_deleted);
        if let (true, Some(id), Some(value)) = (is_used, row.text(0), row.text(2))
            && let Err(error) = visit(id, value)
        {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Whether a state counts as absent.
pub fn is_deleted(status: &str) -> bool {
    status.eq_ignore_ascii_case("tobedeleted") || status.eq_ignore_ascii_case("inactive")
}
