//! The program as a shell, cron or a terminal starts it: with an environment of which every part is chosen.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mantal");

/// The registry of the demonstration, in one language.
pub struct Town {
    folder: tempfile::TempDir,
}

impl Town {
    pub fn new(language: &str) -> Self {
        let town = Self { folder: tempfile::tempdir().unwrap() };
        let made = town.call(&["demo", town.folder().to_str().unwrap()], &[]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let config = fs::read_to_string(town.config()).unwrap();
        let line = config.lines().find(|line| line.starts_with("language =")).unwrap();
        fs::write(town.config(), config.replace(line, &format!("language = \"{language}\""))).unwrap();
        town
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("town")
    }

    pub fn config(&self) -> PathBuf {
        self.folder().join("mantal.toml")
    }

    /// Calls the program in the town's folder, or beside it before there is one, with this environment and no other.
    pub fn call(&self, words: &[&str], environment: &[(&str, &str)]) -> Output {
        let here = if self.folder().exists() { self.folder() } else { self.folder.path().to_owned() };
        let mut command = Command::new(PROGRAM);
        command.current_dir(here).args(words).env_clear().envs(environment.iter().copied());
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// The newest file that the demonstration's partner left.
    pub fn next_file(&self) -> String {
        let files = fs::read_dir(self.folder().join("drop/out")).unwrap();
        let newest = files.map(|entry| entry.unwrap().path()).max().unwrap();
        newest.to_str().unwrap().to_owned()
    }

    /// What a terminal of so many columns shows of a command of the shell; `mantal` is the program.
    pub fn on_terminal(&self, command: &str, columns: u16, environment: &[(&str, &str)]) -> String {
        let call =
            format!("stty cols {columns} rows 50; {}", command.replace("mantal ", &format!("{PROGRAM} ")));
        let mut script = Command::new("script");
        script.current_dir(self.folder()).args(["-q", "-e", "-c", &call, "/dev/null"]).env_clear();
        script.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("SHELL", "/bin/sh").stdin(Stdio::null());
        let output = script.envs(environment.iter().copied()).output().unwrap();
        text(&output.stdout).replace("\r\n", "\n")
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The program without any configuration.
pub fn bare(words: &[&str]) -> Output {
    Command::new(PROGRAM).current_dir("/").args(words).env_clear().stdin(Stdio::null()).output().unwrap()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The help of a command in lines that are as long as they are.
pub fn help_of(path: &[String]) -> String {
    let mut command = Command::new(PROGRAM);
    let output = command.args(path).arg("--help").env_clear().env("COLUMNS", "10000").output().unwrap();
    assert!(output.status.success(), "{path:?}");
    text(&output.stdout)
}

/// Every command and group of commands, as words, in the order of the help.
pub fn commands() -> Vec<Vec<String>> {
    fn below(path: &[String], all: &mut Vec<Vec<String>>) {
        all.push(path.to_vec());
        let help = help_of(path);
        let list = help.split_once("Commands:\n").map(|(_, list)| list.to_owned()).unwrap_or_default();
        let lines =
            list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
        for name in lines.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next()) {
            if name != "help" {
                below(&[path, &[name.to_owned()]].concat(), all);
            }
        }
    }
    let mut all = Vec::new();
    below(&[], &mut all);
    assert!(all.len() > 60, "{all:?}");
    all
}
