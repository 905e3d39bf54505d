//! Where a restore works: names beside the registry, and the swap. Everything of its own that it leaves behind when it
//! is cut off has a name of its own, and goes when the next one begins.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::failure::{Failure, Result};
use crate::io::private;
use crate::jobs::backup::stamp;
use crate::registry::restored::Retiring;
use crate::registry::wal::beside;
use crate::text::{backup as text, failure as failure_text, files};

/// Files that SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The ending of whatever is not in its place yet.
const RESTORING: &str = ".restoring";

/// The names that one restore uses. Dropped, it takes its unfinished files with it.
pub(super) struct Place<'s> {
    pub(super) settings: &'s Settings,
    stamp: String,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // What will not go now is tried again by the next restore.
        drop(self.sweep());
    }
}

impl<'s> Place<'s> {
    /// Clears what an earlier restore left when it was cut off.
    pub(super) fn prepare(settings: &'s Settings, now: &str) -> Result<Self> {
        let place = Self { settings, stamp: stamp(now) };
        place.sweep()?;
        Ok(place)
    }

    fn sweep(&self) -> Result<()> {
        let copy = self.copy();
        let companions = COMPANIONS.map(|ending| beside(&copy, ending));
        let own = [copy, fresh(&self.settings.key_file()), fresh(&self.settings.side_file())];
        own.iter().chain(&companions).try_for_each(|path| remove(path))
    }

    /// The copy in work.
    pub(super) fn copy(&self) -> PathBuf {
        fresh(&self.settings.registry)
    }

    /// What the registry will be called that is there now; none if there is none.
    pub(super) fn kept(&self) -> Option<PathBuf> {
        let registry = &self.settings.registry;
        let has_content = registry.symlink_metadata().is_ok_and(|meta| meta.len() > 0);
        has_content.then(|| self.replaced(registry))
    }

    /// A name for something of ours that is replaced.
    pub(super) fn replaced(&self, path: &Path) -> PathBuf {
        beside(path, &format!(".replaced-{}", self.stamp))
    }

    /// Copies the backup byte by byte: SQLite is never let near the file itself nor what lies beside it.
    pub(super) fn copy_in(&self, file: &Path) -> Result<()> {
        refuse_unfit(file, &self.settings.registry)?;
        let mut source = private::open_foreign(file)?;
        let mut copy = private::create_new(&self.copy())?;
        std::io::copy(&mut source, &mut copy).map_err(|error| Failure::io(file, error))?;
        copy.sync_all().map_err(|error| Failure::io(file, error))
    }

    /// The copy becomes the registry. What was there is kept under another name, with nothing left beside the old one.
    pub(super) fn swap(&self, retiring: Option<Retiring>) -> Result<()> {
        let registry = &self.settings.registry;
        retiring.map_or(Ok(()), Retiring::fold)?;
        let kept = self.replaced(registry);
        if self.kept().is_some() {
            keep(registry, &kept)?;
        }
        // Only a registry that could not be opened still has any: they go with it, so that the new one never meets them.
        for ending in COMPANIONS {
            move_if_there(&beside(registry, ending), &beside(&kept, ending))?;
        }
        move_if_there(&self.copy(), registry)?;
        private::sync_folder(folder_of(registry))
    }
}

/// A name for something that is not in its place yet.
pub(super) fn fresh(path: &Path) -> PathBuf {
    beside(path, RESTORING)
}

/// Renames what is there.
pub(super) fn move_if_there(from: &Path, to: &Path) -> Result<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::io(to, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The folder of a file, for syncing.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A second name, so that the registry is never missing; where there are none, the first name goes.
fn keep(registry: &Path, kept: &Path) -> Result<()> {
    match std::fs::hard_link(registry, kept) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::failed(files::EXISTS).with("file", kept.display()))
        }
        Err(_) => move_if_there(registry, kept),
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::io(path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn refuse_unfit(file: &Path, registry: &Path) -> Result<()> {
    let meta = std::fs::metadata(file).map_err(|error| Failure::io(file, error))?;
    let refuse = |message| Err(Failure::failed(message).with("path", file.display()));
    if registry.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (meta.dev(), meta.ino())) {
        return refuse(text::RESTORE_ITSELF);
    }
    if registry.symlink_metadata().is_ok_and(|own| !own.is_file()) {
        return Err(Failure::failed(files::NO_PLAIN_FILE).with("file", registry.display()));
    }
    if meta.is_file() && meta.len() == 0 {
        return refuse(failure_text::REGISTRY_FOREIGN);
    }
    for ending in ["-wal", "-journal"] {
        let other = beside(file, ending);
        if File::open(&other).and_then(|file| file.metadata()).is_ok_and(|meta| meta.len() > 0) {
            return refuse(text::BACKUP_UNFINISHED)
                .map_err(|failure| failure.with("beside", other.display()));
        }
    }
    Ok(())
}
