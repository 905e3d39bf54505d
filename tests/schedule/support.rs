//! One installation in a folder, its program run as cron runs it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use rusqlite::Connection;
use serde_json::Value;

pub struct World {
    folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Done {
    pub exit: i32,
    pub json: Value,
    pub out: String,
    pub err: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        Self {
            exit: output.status.code().unwrap_or(-1),
            json,
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Done {
    #[track_caller]
    pub fn to(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{}{}", self.out, self.err);
        self
    }

    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }
}

impl World {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With lines of configuration.
    pub fn with(lines: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        world.configure(lines);
        world
    }

    pub fn configure(&self, lines: &str) {
        let file = self.config();
        let content = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{content}\n{lines}\n")).unwrap();
    }

    /// With a drop server that takes the call and never says a word, so that a job of SPAR stays in its work.
    pub fn with_silent_server() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = Self::with(&format!(
            "[spar.server]\ntransport = 'ftp'\nhost = '127.0.0.1'\nport = {port}\nuser = 'mantal'\n\
             password_file = 'secret'\nidle_timeout = 600\nretries = 0"
        ));
        let secret = world.path("w/secret");
        fs::write(&secret, "open sesame\n").unwrap();
        fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        (world, listener)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("w/mantal.toml")
    }

    /// In English and outside the folder of the configuration.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().env("LANG", "C.UTF-8").env("HOME", self.folder.path());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub fn call(&self, words: &[&str]) -> Command {
        let mut command = self.command();
        command.arg("--config").arg(self.config()).args(words);
        command
    }

    pub fn run(&self, words: &[&str]) -> Done {
        self.call(words).arg("--json").output().unwrap().into()
    }

    /// As cron sees it.
    pub fn plain(&self, words: &[&str]) -> Done {
        self.call(words).output().unwrap().into()
    }

    /// Adds a line that was due so many minutes ago. Gives its id.
    #[track_caller]
    pub fn due(&self, minutes: i64, job: &str, words: &[&str]) -> i64 {
        let at = minutes_ago(minutes);
        let mut all = vec!["schedule", "add", job, "--at", &at, "--json", "--"];
        all.extend(words);
        let done = Done::from(self.call(&all).output().unwrap()).to(0);
        done.json["schedule"]["id"].as_i64().unwrap()
    }

    /// What has become of each line.
    pub fn states(&self) -> Vec<String> {
        self.ask("SELECT state || coalesce(' ' || exit, '') FROM schedule ORDER BY id")
    }

    pub fn ask(&self, sql: &str) -> Vec<String> {
        let connection = self.open();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    pub fn open(&self) -> Connection {
        let connection = Connection::open(self.path("w/registry.db")).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        connection
    }

    /// How often a job has run.
    pub fn runs_of(&self, job: &str) -> usize {
        self.ask(&format!("SELECT id || '' FROM run WHERE job = '{job}'")).len()
    }
}

/// A local time of Stockholm, as somebody would type it.
pub fn minutes_ago(minutes: i64) -> String {
    let at = chrono::Utc::now() - chrono::TimeDelta::minutes(minutes);
    at.with_timezone(&mantal::domain::zone::Zone::STOCKHOLM).format("%Y-%m-%d %H:%M").to_string()
}

/// A library that tells programs another time, where it is installed.
pub fn faked_clock() -> Option<PathBuf> {
    let folders =
        ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime"];
    folders.iter().map(|folder| Path::new(folder).join("libfaketime.so.1")).find(|path| path.exists())
}
