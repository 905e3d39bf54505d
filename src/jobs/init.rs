//! Makes a new installation: configuration, registry, key, side file and folders. What `init` and `demo` share.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::config::{self, FILE_NAME, Settings, Transport};
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing, SecretKey, SideFile, Spool, private};
use crate::registry::Registry;
use crate::text::{Language, failure as text};

/// Files that say that somebody has an installation here, or the rest of one.
const TAKEN: [&str; 6] =
    [FILE_NAME, "registry.db", "registry.db-wal", "registry.db-shm", "registry.key", "registry.side"];

/// Makes an installation in a folder, and the folder if it isn't there. Refuses one that has anything of an
/// installation; takes its own files away again if it can't make them all.
pub fn make(folder: &Path, language: Language) -> Result<Settings> {
    private::create_folder(folder)?;
    let folder = folder.canonicalize().map_err(|error| Failure::io(folder, error))?;
    let file = folder.join(FILE_NAME);
    let settings = config::standard(&file)?;
    make_all(&settings, &TAKEN.map(|name| folder.join(name)), || {
        // The configuration comes last: where one stands, everything stands.
        write_new(&file, &config::commented(language))?;
        config::load(&file, &[])
    })
}

/// Makes what a configuration that is there names: registry, key, side file and folders. Refuses, and takes away, as
/// [`make`] does.
pub fn make_configured(settings: &Settings) -> Result<()> {
    let beside = ["-wal", "-shm"].map(|suffix| {
        let mut name = settings.registry.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    });
    let [wal, shm] = beside;
    let taken = [settings.registry.clone(), wal, shm, settings.key_file(), settings.side_file()];
    if let Some(folder) = settings.registry.parent() {
        private::create_folder(folder)?;
    }
    make_all(settings, &taken, || Ok(()))
}

fn make_all<T>(settings: &Settings, taken: &[PathBuf], last: impl FnOnce() -> Result<T>) -> Result<T> {
    if let Some(path) = taken.iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(Failure::failed(text::ALREADY_THERE).with("path", path.display()));
    }
    // Of two who begin at once, the one whose key it is goes on; what else appears is its own.
    SecretKey::create(&settings.key_file())?;
    make_rest(settings).and_then(|()| last()).inspect_err(|_| {
        for path in taken {
            // What can't be removed is named when the next attempt meets it.
            drop(std::fs::remove_file(path));
        }
    })
}

fn make_rest(settings: &Settings) -> Result<()> {
    let server = &settings.spar.server;
    if server.transport == Transport::Dir {
        for folder in [&server.path, &server.path.join("in"), &server.path.join("out")] {
            private::create_folder(folder)?;
        }
    }
    private::create_folder(&settings.backup.dir)?;
    Spool::open(&settings.spool)?;
    SideFile::create(&settings.side_file())?;
    drop(Registry::create(&settings.registry)?);
    Ok(())
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

    fn check(path: &Path) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if path.is_dir() {
            path.read_dir().unwrap().for_each(|entry| check(&entry.unwrap().path()));
        }
    }

    #[test]
    fn files_are_private_and_folders_closed() {
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
    fn what_a_configuration_names_is_made_where_it_says_and_the_configuration_stays() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("etc.toml");
        let content = "registry = 'lib/people.db'\nspool = 'lib/work'\nspar.server.path = 'lib/drop'\n";
        std::fs::write(&file, content).unwrap();
        let settings = config::load(&file, &[]).unwrap();
        make_configured(&settings).unwrap();
        Registry::open(&root.path().join("lib/people.db"), Access::Read, Check::Full).unwrap();
        check(&root.path().join("lib"));
        assert!(
            ["lib/people.key", "lib/people.side", "lib/work/inbox", "lib/drop/in", "backups"]
                .iter()
                .all(|name| root.path().join(name).exists())
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
        // A second time: what is there stays.
        let key = std::fs::read(settings.key_file()).unwrap();
        assert_eq!(make_configured(&settings).unwrap_err().message.code, text::ALREADY_THERE.code);
        assert_eq!(std::fs::read(settings.key_file()).unwrap(), key);
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
