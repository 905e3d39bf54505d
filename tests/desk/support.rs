//! One installation in a folder, with two sources and a municipality.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

/// Some of Skatteverket's test numbers, in order.
pub const NUMBERS: [&str; 8] = [
    "189001029819",
    "189001039800",
    "189001049817",
    "189001069815",
    "189001079806",
    "197603052395",
    "198501012382",
    "198501012390",
];

pub struct World {
    folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Done {
    pub exit: i32,
    pub json: Value,
}

impl Done {
    #[track_caller]
    pub fn to(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{}", self.json);
        self
    }

    pub fn run(&self) -> String {
        self.json["run"]["id"].to_string()
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
        let file = world.path("w/mantal.toml");
        let content = fs::read_to_string(&file).unwrap();
        let sources = "contacts.sources = [\"extens\", \"procapita\"]\nmunicipality = [\"0581\"]";
        fs::write(file, format!("{content}\n{sources}\n{lines}\n")).unwrap();
        world
    }

    /// With so many people, who are person 1, 2, … and have a home.
    pub fn with_people(count: usize) -> Self {
        let world = Self::new();
        world.import_people(count);
        world
    }

    pub fn import_people(&self, count: usize) {
        let row = |(at, number): (usize, &&str)| {
            format!("{number},Namn{at},Test,home,Gatan {at},60299,NORRKÖPING,p{at}@example.org\n")
        };
        let rows: String = NUMBERS.iter().enumerate().take(count).map(row).collect();
        let header = "id_number,first_name,last_name,address_kind,street,postal_code,city,email\n".to_owned();
        self.run_on("people.csv", &(header + &rows), &["person", "import"]).to(0);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().env("LANG", "C.UTF-8").env("HOME", self.folder.path());
        command.current_dir(self.folder.path());
        command
    }

    pub fn output(&self, words: &[&str]) -> Output {
        self.command().arg("--config").arg(self.path("w/mantal.toml")).args(words).output().unwrap()
    }

    /// What a command prints; it must end well.
    #[track_caller]
    pub fn text(&self, words: &[&str]) -> String {
        let output = self.output(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Objects, one a line.
    #[track_caller]
    pub fn lines(&self, words: &[&str]) -> Vec<Value> {
        self.text(words).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Done {
        let output = self.output(&[words, &["--json"]].concat());
        let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let done = Done { exit: output.status.code().unwrap_or(-1), json };
        assert!(done.json != Value::Null, "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        done
    }

    /// Writes a file and runs a command on it.
    #[track_caller]
    pub fn run_on(&self, name: &str, content: &str, words: &[&str]) -> Done {
        let file = self.path(name);
        fs::write(&file, content).unwrap();
        self.run(&[words, &[file.to_str().unwrap()]].concat())
    }

    /// Everybody, as `person list --json` shows them.
    pub fn list(&self) -> Vec<Value> {
        self.lines(&["person", "list", "--json"])
    }

    /// The feed since a run, as objects.
    #[track_caller]
    pub fn feed(&self, since: &str) -> Vec<Value> {
        self.lines(&["changes", "--since", since, "--format", "jsonl"])
    }

    #[track_caller]
    pub fn cursor(&self, name: &str) -> Vec<Value> {
        self.lines(&["changes", "--cursor", name, "--format", "jsonl"])
    }

    pub fn execute(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.path("w/registry.db")).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// The first column of an answer, as texts.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.path("w/registry.db")).unwrap();
        mantal::registry::journal::offer_to_statements(&connection).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(|row| row.unwrap().unwrap_or_else(|| "null".to_owned())).collect()
    }
}
