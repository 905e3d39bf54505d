//! Files and folders of our own: closed to others, ours, there; and what killed runs and upgrades left lying about.
//! Looks at no file's content but key and side file.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;

use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::domain::health::{self, Age};
use crate::failure::Failure;
use crate::io::atomic_file::ENDING;
use crate::io::lock::Holding;
use crate::io::{Room, SecretKey, SideFile};
use crate::jobs::backup;
use crate::registry::wal::beside;
use crate::text::{Message, doctor as text, failure};

/// A copy that an upgrade or a restore left may be needed for so long.
const KEPT: TimeDelta = TimeDelta::days(14);
/// So many offenders of a kind are shown one by one.
const MOST_SHOWN: usize = 10;

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    modes(around, diagnosis);
    let settings = around.settings;
    let key = SecretKey::load(&settings.key_file()).map(drop);
    readable(diagnosis, "key", &settings.key_file(), text::KEY_READABLE, key);
    let side = SideFile::find(&settings.side_file()).and_then(|side| {
        let missing =
            || Failure::failed(failure::SIDE_FILE_MISSING).with("path", settings.side_file().display());
        side.ok_or_else(missing)?.read().map(drop)
    });
    readable(diagnosis, "side-file", &settings.side_file(), text::SIDE_READABLE, side);
    remains(around, diagnosis);
}

fn readable(
    diagnosis: &Diagnosis<'_>,
    name: &'static str,
    path: &Path,
    well: Message,
    outcome: crate::failure::Result<()>,
) {
    let path = path.display();
    diagnosis.note(match outcome {
        Ok(()) => Check::new(Area::Files, name, path, Verdict::Well, well),
        Err(failure) => Check::failed(Area::Files, name, path, &failure).hint(text::SECRETS_HINT),
    });
}

/// What a path should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A plain file, mode 0600.
    File,
    /// A folder, mode 0700; a link to one will do.
    Folder,
    /// A folder that is somebody else's to open: only nobody else may write there.
    Around,
}

/// What is wrong with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offence {
    NotPlain,
    Open,
    Foreign,
}

/// Judges type, mode and owner, as far as they are known.
const fn judge(kind: Kind, is_right_type: bool, mode: u32, owner: u32, us: u32) -> Option<Offence> {
    let open = match kind {
        Kind::File | Kind::Folder => mode & 0o077,
        Kind::Around => mode & 0o022,
    };
    if !is_right_type {
        Some(Offence::NotPlain)
    } else if open != 0 {
        Some(Offence::Open)
    } else if owner != us && !matches!(kind, Kind::Around) {
        Some(Offence::Foreign)
    } else {
        None
    }
}

fn modes(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    let us = owner(&around.settings.registry);
    let mut offences = Vec::new();
    let mut looked_at = 0_u64;
    for (path, kind) in ours(around) {
        let found = match kind {
            Kind::File => path.symlink_metadata(),
            Kind::Folder | Kind::Around => path.metadata(),
        };
        // What is not there is told of where it is needed.
        let Ok(found) = found else { continue };
        looked_at += 1;
        let is_right_type = if kind == Kind::File { found.is_file() } else { found.is_dir() };
        if let Some(offence) = judge(kind, is_right_type, found.mode(), found.uid(), us) {
            offences.push(describe(&path, kind, &found, offence));
        }
    }
    let more = offences.len().saturating_sub(MOST_SHOWN);
    if offences.is_empty() {
        let well = Check::new(Area::Files, "modes", "", Verdict::Well, text::MODES_CLOSED);
        diagnosis.note(well.with("count", looked_at));
    }
    for offence in offences.into_iter().take(MOST_SHOWN) {
        diagnosis.note(offence);
    }
    if more > 0 {
        let rest = Check::new(Area::Files, "modes", "", Verdict::Problem, text::MODES_MORE);
        diagnosis.note(rest.with("count", more));
    }
}

fn describe(path: &Path, kind: Kind, found: &Metadata, offence: Offence) -> Check {
    let (message, hint) = match (offence, kind) {
        (Offence::NotPlain, _) => (text::NOT_PLAIN, text::NOT_PLAIN_HINT),
        (Offence::Open, Kind::Around) => (text::FOLDER_WRITABLE, text::FOLDER_WRITABLE_HINT),
        (Offence::Open, Kind::File | Kind::Folder) => (text::MODE_OPEN, text::MODE_OPEN_HINT),
        (Offence::Foreign, _) => (text::FOREIGN_OWNER, text::FOREIGN_OWNER_HINT),
    };
    let right = if kind == Kind::File { "0600" } else { "0700" };
    Check::new(Area::Files, "modes", path.display(), Verdict::Problem, message)
        .with("file", path.display())
        .with("mode", format_args!("{:04o}", found.mode() & 0o7777))
        .with("right", right)
        .with("owner", found.uid())
        .hint(hint)
}

/// Whose everything should be: ours, or the folder's owner's when root looks.
fn owner(registry: &Path) -> u32 {
    let us = rustix::process::geteuid();
    let folder = registry.parent().and_then(|folder| folder.metadata().ok());
    if us.is_root() { folder.map_or(0, |folder| folder.uid()) } else { us.as_raw() }
}

fn ours(around: &Around<'_>) -> Vec<(PathBuf, Kind)> {
    let settings = around.settings;
    let registry = &settings.registry;
    let mut all = vec![(folder_of(registry), Kind::Around), (registry.clone(), Kind::File)];
    for path in [beside(registry, "-wal"), beside(registry, "-shm"), settings.lock_file()] {
        all.push((path, Kind::File));
    }
    let own = [settings.key_file(), settings.side_file(), settings.access_file()];
    all.extend(own.map(|path| (path, Kind::File)));
    all.extend(copies(registry).into_iter().map(|path| (path, Kind::File)));
    all.push((settings.spool.clone(), Kind::Folder));
    for room in Room::ALL {
        let folder = settings.spool.join(room.name());
        all.extend(entries(&folder).into_iter().map(|path| (path, Kind::File)));
        all.push((folder, Kind::Folder));
    }
    all.push((settings.backup.dir.clone(), Kind::Folder));
    let backups = entries(&settings.backup.dir);
    all.extend(backups.into_iter().filter(|path| backup::is_ours(path)).map(|path| (path, Kind::File)));
    all
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// What a folder holds, in order; nothing of one that isn't there or can't be opened.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// Copies of the registry beside it: of upgrades, restores, and such as were never finished.
fn copies(registry: &Path) -> Vec<PathBuf> {
    let start = format!("{}.", registry.file_name().unwrap_or_default().to_string_lossy());
    let mut all = entries(&folder_of(registry));
    all.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start)));
    all
}

/// Whoever becomes protected still stands in a copy that nobody looks after.
fn remains(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    let now = (around.now)();
    let is_idle = around.holding() != Holding::Held;
    let mut left = Vec::new();
    for path in copies(&around.settings.registry) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(written) = path.symlink_metadata().and_then(|facts| facts.modified()).ok() else { continue };
        let since = now - chrono::DateTime::<chrono::Utc>::from(written);
        let kept = KEPT.to_std().unwrap_or_default();
        let message = if name.contains(ENDING) {
            is_idle.then_some(text::SCRATCH_LEFT)
        } else {
            (health::age(since, kept) == Age::Overdue).then_some(text::COPY_LEFT)
        };
        left.extend(message.map(|message| (path, since, message)));
    }
    if left.is_empty() {
        diagnosis.note(Check::new(Area::Files, "remains", "", Verdict::Well, text::NO_REMAINS));
    }
    for (path, since, message) in left {
        let check = Check::new(Area::Files, "remains", path.display(), Verdict::Warning, message);
        let check = check.with("file", path.display()).with("days", since.num_days());
        diagnosis.note(check.hint(text::REMAINS_HINT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_closed_to_others_and_belong_to_whoever_runs_the_jobs() {
        use Kind::{Around, File, Folder};
        // (kind, whether it is of the right type, mode, owner, offence)
        let rows = [
            (File, true, 0o600, 7, None),
            (File, true, 0o400, 7, None),
            // Anybody else's right to read or write is one too many.
            (File, true, 0o640, 7, Some(Offence::Open)),
            (File, true, 0o604, 7, Some(Offence::Open)),
            (File, true, 0o620, 7, Some(Offence::Open)),
            (Folder, true, 0o700, 7, None),
            (Folder, true, 0o755, 7, Some(Offence::Open)),
            (Folder, true, 0o710, 7, Some(Offence::Open)),
            // The registry's folder may be one that others enter, such as /etc/mantal; its files are closed.
            (Around, true, 0o755, 0, None),
            (Around, true, 0o775, 7, Some(Offence::Open)),
            (Around, true, 0o757, 7, Some(Offence::Open)),
            // A job run once as root leaves files that the nightly one can't open.
            (File, true, 0o600, 0, Some(Offence::Foreign)),
            (Folder, true, 0o700, 0, Some(Offence::Foreign)),
            // A link in a file's place.
            (File, false, 0o777, 7, Some(Offence::NotPlain)),
        ];
        for (kind, is_right_type, mode, owner, expected) in rows {
            assert_eq!(judge(kind, is_right_type, mode, owner, 7), expected, "{kind:?} {mode:o} {owner}");
        }
    }
}
