//! Finds the configuration file and reads it only if nobody but its owner could have written it. What is checked is
//! the opened file, so that nothing can be put in its place between check and use.

use std::{
    fs::File,
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Mode, OFlags},
    io::Errno,
};

use crate::{
    failure::{Failure, Result},
    text::settings as text,
};

/// The name of a configuration file in its folder.
pub const FILE_NAME: &str = "mantal.toml";

/// Where a configuration for the whole machine stands.
pub const SYSTEM_FILE: &str = "/etc/mantal/mantal.toml";

/// More than anybody would write by hand.
const LARGEST: u64 = 1 << 20;

/// What is around the program when it starts.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `--config F`.
    pub config_flag: Option<PathBuf>,
    /// `$MANTAL_CONFIG`; empty counts as not set.
    pub config_env: Option<PathBuf>,
    /// Absolute.
    pub working_directory: PathBuf,
    /// Of the caller.
    pub uid: u32,
}

/// The absolute path of the configuration file. Looks at no content.
pub fn find(around: &Surroundings) -> Result<PathBuf> {
    find_with(around, Path::new(SYSTEM_FILE))
}

fn find_with(around: &Surroundings, system_file: &Path) -> Result<PathBuf> {
    let is_named = |path: &&PathBuf| !path.as_os_str().is_empty();
    if let Some(named) = around.config_flag.as_ref().or(around.config_env.as_ref().filter(is_named)) {
        let path = around.working_directory.join(named);
        // One that can't be looked at is there: reading it says why not.
        return if path.try_exists().is_ok_and(|is_there| !is_there) {
            Err(Failure::usage(text::CONFIG_MISSING).with("file", path.display()).hint(text::INIT_HINT))
        } else {
            Ok(path)
        };
    }
    let here = around.working_directory.join(FILE_NAME);
    let own = ownership(&here, around.uid);
    match own {
        Ownership::Own => Ok(here),
        Ownership::Foreign | Ownership::Absent if system_file.exists() => Ok(system_file.to_owned()),
        Ownership::Foreign => {
            Err(Failure::usage(text::CONFIG_NOT_YOURS).with("file", here.display()).hint(text::INIT_HINT))
        }
        Ownership::Absent => {
            Err(Failure::usage(text::CONFIG_NONE).with("file", system_file.display()).hint(text::INIT_HINT))
        }
    }
}

enum Ownership {
    Own,
    Foreign,
    Absent,
}

/// A link counts as its own thing: who plants one to a file of ours still chooses the folder.
fn ownership(path: &Path, uid: u32) -> Ownership {
    let Ok(link) = path.symlink_metadata() else { return Ownership::Absent };
    match path.metadata() {
        Ok(file) if file.uid() == uid && link.uid() == uid => Ownership::Own,
        Ok(_) | Err(_) => Ownership::Foreign,
    }
}

/// The text of a configuration file that is a plain file of root's or the caller's, and that only its owner can write.
pub(crate) fn read_trusted(path: &Path, uid: u32) -> Result<String> {
    let refused = |message| Failure::usage(message).with("file", path.display());
    let mut file = open(path)?;
    let facts = file.metadata().map_err(|error| Failure::io(path, error))?;
    if !facts.is_file() {
        return Err(refused(text::CONFIG_NO_FILE));
    }
    if facts.uid() != 0 && facts.uid() != uid {
        return Err(refused(text::CONFIG_OWNER));
    }
    if facts.mode() & 0o022 != 0 {
        return Err(refused(text::CONFIG_WRITABLE));
    }
    let content = read_bounded(&mut file).map_err(|error| Failure::io(path, error))?;
    if content.len() as u64 > LARGEST {
        return Err(refused(text::CONFIG_TOO_LARGE));
    }
    let content = String::from_utf8(content).map_err(|_| refused(text::CONFIG_NOT_UTF8))?;
    Ok(content.strip_prefix('\u{feff}').map_or_else(|| content.clone(), str::to_owned))
}

/// The text of a plain file, whoever may write it: good for no more than the language of a refusal.
pub(crate) fn read_any(path: &Path) -> Option<String> {
    let mut file = open(path).ok()?;
    let is_file = file.metadata().ok()?.is_file();
    let content = is_file.then(|| read_bounded(&mut file).ok()).flatten()?;
    Some(String::from_utf8_lossy(&content).trim_start_matches('\u{feff}').to_owned())
}

fn read_bounded(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    Ok(content)
}

/// Without blocking: a FIFO in the file's place must not hang a night's run.
fn open(path: &Path) -> Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => Ok(file.into()),
        Err(Errno::NOENT) => {
            Err(Failure::usage(text::CONFIG_MISSING).with("file", path.display()).hint(text::INIT_HINT))
        }
        Err(error) => {
            let reason = std::io::Error::from(error);
            Err(Failure::usage(text::CONFIG_UNREADABLE).with("file", path.display()).with("reason", reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;
    use crate::{failure::Kind, text::Language};

    struct World {
        folder: tempfile::TempDir,
        around: Surroundings,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let around = Surroundings {
                config_flag: None,
                config_env: None,
                working_directory: folder.path().join("here"),
                uid: rustix::process::geteuid().as_raw(),
            };
            fs::create_dir(&around.working_directory).unwrap();
            Self { folder, around }
        }

        fn write(&self, name: &str) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::write(&path, "").unwrap();
            path
        }

        fn find(&self) -> Result<PathBuf> {
            find_with(&self.around, &self.folder.path().join("system.toml"))
        }
    }

    #[test]
    fn the_flag_beats_the_variable_the_variable_the_folder_and_the_folder_the_machine() {
        let mut world = World::new();
        let system = world.write("system.toml");
        assert_eq!(world.find().unwrap(), system);
        let here = world.write("here/mantal.toml");
        assert_eq!(world.find().unwrap(), here);
        world.around.config_env = Some(PathBuf::new());
        assert_eq!(world.find().unwrap(), here, "an empty variable is none");
        let variable = world.write("variable.toml");
        world.around.config_env = Some(variable.clone());
        assert_eq!(world.find().unwrap(), variable);
        let flag = world.write("here/flag.toml");
        world.around.config_flag = Some("flag.toml".into());
        assert_eq!(world.find().unwrap(), flag, "relative to the working directory");
    }

    #[test]
    fn a_named_file_must_exist_whatever_else_does() {
        let mut world = World::new();
        world.write("system.toml");
        world.write("here/mantal.toml");
        world.around.config_env = Some("missing.toml".into());
        let failure = world.find().unwrap_err();
        assert_eq!(failure.kind, Kind::Usage);
        assert!(failure.text(Language::English).contains("missing.toml"));
    }

    #[test]
    fn without_any_file_the_way_out_is_init() {
        let failure = World::new().find().unwrap_err();
        assert_eq!(failure.kind, Kind::Usage);
        for language in [Language::Swedish, Language::English] {
            assert!(failure.hint_text(language).unwrap().contains("mantal init"));
        }
    }

    #[test]
    fn a_file_in_the_working_directory_counts_only_if_it_is_the_callers_own() {
        let mut world = World::new();
        world.write("here/mantal.toml");
        world.around.uid += 1;
        let failure = world.find().unwrap_err();
        assert!(failure.text(Language::English).contains("another user"), "{failure:?}");
        let system = world.write("system.toml");
        assert_eq!(world.find().unwrap(), system);
    }

    #[test]
    fn a_file_that_others_can_write_is_refused() {
        let world = World::new();
        let path = world.write("m.toml");
        // (mode, whether it is read)
        let rows =
            [(0o600, true), (0o644, true), (0o640, true), (0o664, false), (0o646, false), (0o666, false)];
        for (mode, is_read) in rows {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read_trusted(&path, world.around.uid).is_ok(), is_read, "{mode:o}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text_and_other_bytes_than_utf8_are_refused() {
        let world = World::new();
        let path = world.write("m.toml");
        fs::write(&path, "\u{feff}language = 'sv'").unwrap();
        assert_eq!(read_trusted(&path, world.around.uid).unwrap(), "language = 'sv'");
        fs::write(&path, b"# \xe5").unwrap();
        assert_eq!(read_trusted(&path, world.around.uid).unwrap_err().kind, Kind::Usage);
    }
}
