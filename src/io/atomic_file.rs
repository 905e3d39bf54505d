//! A file that is there whole or not at all: written beside its place, synced, renamed, its folder synced.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use rustix::{
    fs::{CWD, RenameFlags},
    io::Errno,
};

use super::private;
use crate::{
    domain::keyed_hash::write_hex,
    failure::{Failure, Result},
    leak_control::{self, Place},
    text::files as text,
};

/// The ending of files that are not whole yet.
pub const ENDING: &str = ".part";

/// What to do when the final name is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The new file takes its place.
    Replace,
    /// It stays, and that is a failure.
    Refuse,
}

/// A file under its temporary name. Dropped without a commit, it is gone.
#[derive(Debug)]
pub struct AtomicFile {
    file: File,
    part: Part,
    target: PathBuf,
}

/// Removes the temporary file unless it got its final name.
#[derive(Debug)]
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // Nothing can be done about a temporary file that will not go; `leftovers` finds it again.
            let _ = std::fs::remove_file(path);
        }
    }
}

impl AtomicFile {
    /// Begins a file that will stand at `target`; the folder must exist.
    pub fn create(target: &Path) -> Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| private::refused(text::NO_RANDOM, target).caused_by(error))?;
        let mut part = part_name(target, random);
        part.extend(leak_control::text(Place::TemporaryName));
        if let Some(gone) = leak_control::bytes(Place::ScratchGone) {
            let path = target.with_extension("gone");
            drop((std::fs::write(&path, gone), std::fs::remove_file(&path)));
        }
        Self::create_at(target, &private::parent(target).join(part))
    }

    fn create_at(target: &Path, part: &Path) -> Result<Self> {
        let file = private::create_new(part)?;
        Ok(Self { file, part: Part(Some(part.to_owned())), target: target.to_owned() })
    }

    /// Where the content is until the commit, for a writer that wants a path.
    pub fn part(&self) -> Option<&Path> {
        self.part.0.as_deref()
    }

    /// Lets others read it: for what another program collects, and nothing that names anybody.
    pub fn open_to_readers(&self) -> Result<()> {
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        self.file.set_permissions(readable).map_err(|error| Failure::io(&self.target, error))
    }

    /// Syncs the content and gives the file its final name; after that it survives a power cut.
    pub fn commit(mut self, existing: Existing) -> Result<()> {
        let target = self.target.clone();
        self.settle_at(&target, existing)
    }

    /// As `commit`, under another name of the same file system; after a failure another one can be tried.
    pub(super) fn settle_at(&mut self, target: &Path, existing: Existing) -> Result<()> {
        self.file.sync_all().map_err(|error| Failure::io(target, error))?;
        self.settle_unsynced_at(target, existing)?;
        private::sync_folder(private::parent(target))
    }

    /// As `settle_at`, for what may be gone after a power cut.
    pub(super) fn settle_unsynced_at(&mut self, target: &Path, existing: Existing) -> Result<()> {
        if let Some(part) = &self.part.0 {
            rename(part, target, existing)?;
        }
        self.part.0 = None;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Renames within one file system; syncs nothing.
pub(super) fn rename(from: &Path, to: &Path, existing: Existing) -> Result<()> {
    match existing {
        Existing::Replace => std::fs::rename(from, to).map_err(|error| Failure::io(to, error)),
        Existing::Refuse => match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(()),
            Err(Errno::EXIST) => Err(private::refused(text::EXISTS, to)),
            Err(Errno::INVAL | Errno::NOSYS) => link_instead(from, to),
            Err(error) => Err(Failure::io(to, error.into())),
        },
    }
}

/// For file systems that can't refuse in a rename: a second name never replaces anything.
fn link_instead(from: &Path, to: &Path) -> Result<()> {
    std::fs::hard_link(from, to).map_err(|error| {
        let is_taken = error.kind() == io::ErrorKind::AlreadyExists;
        if is_taken { private::refused(text::EXISTS, to) } else { Failure::io(to, error) }
    })?;
    std::fs::remove_file(from).map_err(|error| Failure::io(from, error))
}

/// The target's name, shortened so that the ending always fits, and chance, so that two writers never meet.
fn part_name(target: &Path, random: [u8; 8]) -> String {
    const LONGEST: usize = 200;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name = name.get(..name.floor_char_boundary(LONGEST)).unwrap_or_default();
    format!("{name}.{}{ENDING}", write_hex(&random))
}

/// Temporary files in a folder that nobody has written since; a killed process leaves them.
pub fn leftovers(folder: &Path, before: SystemTime) -> Result<Vec<PathBuf>> {
    let mut found = super::spool::files_older_than(folder, before)?;
    found.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ENDING)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("list.csv");
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"whole").unwrap();
        assert!(!target.exists());
        assert!(names(folder.path())[0].ends_with(ENDING));
        file.commit(Existing::Refuse).unwrap();
        assert_eq!(names(folder.path()), ["list.csv"]);
        assert_eq!(fs::read(&target).unwrap(), b"whole");
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("list.csv");
        fs::write(&target, "old").unwrap();
        AtomicFile::create(&target).unwrap().write_all(b"half").unwrap();
        assert_eq!(names(folder.path()), ["list.csv"]);
        assert_eq!(fs::read(&target).unwrap(), b"old");
    }

    #[test]
    fn an_existing_file_is_replaced_only_if_that_was_meant() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("list.csv");
        fs::write(&target, "old").unwrap();
        let failure = AtomicFile::create(&target).unwrap().commit(Existing::Refuse).unwrap_err();
        assert_eq!(failure.message.code, text::EXISTS.code);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        AtomicFile::create(&target).unwrap().commit(Existing::Replace).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"");
        assert_eq!(names(folder.path()), ["list.csv"]);
    }

    #[test]
    fn without_a_refusing_rename_an_existing_file_stays_too() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        assert_eq!(link_instead(&from, &to).unwrap_err().message.code, text::EXISTS.code);
        fs::remove_file(&to).unwrap();
        link_instead(&from, &to).unwrap();
        assert_eq!((names(folder.path()), fs::read(&to).unwrap()), (vec!["to".to_owned()], b"new".to_vec()));
    }

    #[test]
    fn what_was_planted_at_the_temporary_name_is_neither_followed_nor_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (target, part) = (folder.path().join("list.csv"), folder.path().join("list.csv.part"));
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let plant: [&dyn Fn(&Path); 4] = [
            &|path| symlink(&victim, path).unwrap(),
            &|path| fs::hard_link(&victim, path).unwrap(),
            &|path| symlink(folder.path().join("nowhere"), path).unwrap(),
            &crate::io::plant_fifo,
        ];
        for plant in plant {
            plant(&part);
            AtomicFile::create_at(&target, &part).unwrap_err();
            assert_eq!(fs::read(&victim).unwrap(), b"precious");
            assert!(part.symlink_metadata().is_ok(), "what is not ours is not removed");
            fs::remove_file(&part).unwrap();
        }
        assert!(!folder.path().join("nowhere").exists());
    }

    #[test]
    fn a_link_at_the_final_name_is_replaced_and_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (target, victim) = (folder.path().join("metrics"), folder.path().join("victim"));
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, &target).unwrap();
        AtomicFile::create(&target).unwrap().commit(Existing::Replace).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        assert!(target.symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn the_temporary_name_of_the_longest_name_is_still_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("å".repeat(127));
        AtomicFile::create(&target).unwrap().commit(Existing::Refuse).unwrap();
        assert!(target.exists());
    }

    #[test]
    fn leftovers_are_old_temporary_files_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.part", "b.csv"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let later = SystemTime::now() + std::time::Duration::from_mins(1);
        assert_eq!(leftovers(folder.path(), later).unwrap(), [folder.path().join("a.part")]);
        assert!(leftovers(folder.path(), SystemTime::UNIX_EPOCH).unwrap().is_empty());
    }
}
