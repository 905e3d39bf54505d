//! An installation of its own, with a folder for files beside it, and a copy to go back to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mantal::jobs::init;
use mantal::text::Language;

/// The reference date of all runs but those that refuse any but the real one.
pub const TODAY: &str = "2026-11-22";

/// Where something is measured.
pub struct Place {
    /// Everything that a run changes.
    pub folder: PathBuf,
    /// Files that runs read.
    pub files: PathBuf,
    /// The registry.
    pub registry: PathBuf,
    config: PathBuf,
    copy: PathBuf,
}

impl Place {
    /// Makes an installation under `scratch`; the settings are lines of `mantal.toml`.
    pub fn make(scratch: &Path, name: &str, settings: &[&str]) -> Self {
        let under = |kind: &str| scratch.join(format!("{name}{kind}"));
        let made = init::make(&under(""), Language::English).unwrap();
        let lines = fs::read_to_string(&made.file).unwrap();
        fs::write(&made.file, format!("{}\n{lines}", settings.join("\n"))).unwrap();
        fs::create_dir(under(".files")).unwrap();
        Self {
            folder: made.folder,
            files: under(".files"),
            registry: made.registry,
            config: made.file,
            copy: under(".copy"),
        }
    }

    /// The same, or what was made there before.
    pub fn make_or_find(scratch: &Path, name: &str, settings: &[&str]) -> Self {
        let under = |kind: &str| scratch.join(format!("{name}{kind}"));
        let (folder, files, copy) = (under(""), under(".files"), under(".copy"));
        if !files.exists() {
            return Self::make(scratch, name, settings);
        }
        Self { registry: folder.join("registry.db"), config: folder.join("mantal.toml"), folder, files, copy }
    }

    /// The program, about this installation.
    pub fn mantal(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.arg("--config").arg(&self.config).args(words);
        command
    }

    /// The same, as of [`TODAY`].
    pub fn dated(&self, words: &[&str]) -> Command {
        let mut command = self.mantal(words);
        command.args(["--today", TODAY]);
        command
    }

    /// Keeps everything as it is.
    pub fn save(&self) {
        remove(&self.copy);
        copy(&self.folder, &self.copy);
    }

    /// Goes back to what was kept.
    pub fn restore(&self) {
        remove(&self.folder);
        copy(&self.copy, &self.folder);
    }

    /// Takes up no more room on the disk.
    pub fn forget(self) {
        for folder in [&self.folder, &self.files, &self.copy] {
            remove(folder);
        }
    }
}

fn remove(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").args(["-a", "--reflink=auto"]).args([from, to]).status();
    assert!(status.unwrap().success(), "cp");
}
