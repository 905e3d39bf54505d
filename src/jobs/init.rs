//! Makes a new installation: configuration, registry, key, side file and folders. What `init` and `demo` share.

use std::io::Write;
use std::path::Path;

use crate::config::{self, FILE_NAME, Settings};
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing, SecretKey, SideFile, Spool, private};
use crate::registry::Registry;
use crate::text::{Language, failure as text};

/// Files that say that somebody has an installation here, or the rest of one.
const TAKEN: [&str; 6] =
    [FILE_NAME, "registry.db", "registry.db-wal", "registry.db-shm", "registry.key", "registry.side"];

/// Folders beside the spool.
const FOLDERS: [&str; 4] = ["drop", "drop/in", "drop/out", "backups"];

/// Makes an installation in a folder, and the folder if it isn't there. Refuses one that has anything of an
/// installation; takes its own files away again if it can't make them all.
pub fn make(folder: &Path, language: Language) -> Result<Settings> {
    private::create_folder(folder)?;
    let folder = folder.canonicalize().map_err(|error| Failure::io(folder, error))?;
    for name in TAKEN {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            return Err(Failure::failed(text::ALREADY_THERE).with("path", path.display()));
        }
    }
    // Of two who begin at once, the one whose key it is goes on; what else appears is its own.
    SecretKey::create(&folder.join("registry.key"))?;
    make_rest(&folder, language).inspect_err(|_| {
        for name in TAKEN {
            // What can't be removed is named when the next attempt meets it.
            drop(std::fs::remove_file(folder.join(name)));
        }
    })
}

fn make_rest(folder: &Path, language: Language) -> Result<Settings> {
    for name in FOLDERS {
        private::create_folder(&folder.join(name))?;
    }
    Spool::open(&folder.join("spool"))?;
    SideFile::create(&folder.join("registry.side"))?;
    drop(Registry::create(&folder.join("registry.db"))?);
    // The configuration comes last: where one stands, everything stands.
    let path = folder.join(FILE_NAME);
    write_new(&path, &config::commented(language))?;
    config::load(&path, &[])
}

fn write_new(path: &Path, content: &str) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(content.as_bytes()).map_err(|error| Failure::io(path, error))?;
    file.commit(Existing::Refuse)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::registry::{Access, Check};

    #[test]
    fn what_init_makes_is_an_installation_with_everything_at_its_default_place() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new");
        let settings = make(&folder, Language::Swedish).unwrap();
        assert_eq!(settings.language, Language::Swedish);
        Registry::open(&settings.registry, Access::Read, Check::Full).unwrap();
        SecretKey::load(&settings.key_file()).unwrap();
        assert!(SideFile::find(&settings.side_file()).unwrap().is_some());
        assert!(settings.backup.dir.is_dir() && settings.spool.is_dir());
        assert!(
            settings.spar.server.path.join("in").is_dir() && settings.spar.server.path.join("out").is_dir()
        );
    }

    #[test]
    fn files_are_private_and_folders_closed() {
        fn check(path: &Path) {
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
            if path.is_dir() {
                path.read_dir().unwrap().for_each(|entry| check(&entry.unwrap().path()));
            }
        }
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new");
        make(&folder, Language::English).unwrap();
        check(&folder);
    }

    #[test]
    fn a_folder_that_has_a_configuration_or_a_registry_is_refused_and_left_as_it_is() {
        for name in TAKEN {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), "theirs").unwrap();
            let failure = make(folder.path(), Language::English).unwrap_err();
            assert_eq!(failure.message.code, text::ALREADY_THERE.code);
            assert_eq!(folder.path().read_dir().unwrap().count(), 1, "{name}");
            assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), "theirs");
        }
    }

    #[test]
    fn a_folder_with_other_files_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        make(folder.path(), Language::English).unwrap();
    }

    #[test]
    fn what_could_not_be_made_whole_leaves_no_file_behind() {
        let folder = tempfile::tempdir().unwrap();
        // Where the configuration's folder of backups should be there is a file.
        std::fs::write(folder.path().join("backups"), "").unwrap();
        make(folder.path(), Language::English).unwrap_err();
        assert!(TAKEN.iter().all(|name| !folder.path().join(name).exists()));
    }
}
