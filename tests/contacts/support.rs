//! One installation in a folder, with two sources.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Skatteverket's test numbers, in order.
pub const ANNA: &str = "197603052395";
pub const BO: &str = "198501012382";
pub const CECILIA: &str = "198501012390";

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

    pub fn count(&self, name: &str) -> u64 {
        self.json["run"]["counts"][name].as_u64().unwrap_or_default()
    }

    /// The counts that each record is in exactly one of, without those that are nothing.
    #[track_caller]
    pub fn records(&self) -> Vec<(&'static str, u64)> {
        let names = ["changed", "unchanged", "created", "unknown", "skipped", "rejected"];
        let sum: u64 = names.iter().map(|name| self.count(name)).sum();
        assert_eq!(sum, self.count("read"), "every record is in exactly one: {}", self.json["run"]["counts"]);
        names.into_iter().map(|name| (name, self.count(name))).filter(|(_, count)| *count > 0).collect()
    }

    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Kinds and subjects of the findings that this run opened.
    pub fn found(&self) -> Vec<(String, String)> {
        let findings = self.json["findings"].as_array().cloned().unwrap_or_default();
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        findings.iter().map(|finding| (text(finding, "kind"), text(finding, "subject"))).collect()
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
        let sources = "contacts.sources = [\"extens\", \"procapita\"]";
        fs::write(file, format!("{content}\n{sources}\n{lines}\n")).unwrap();
        world
    }

    /// With Anna, Bo and Cecilia, who are person 1 to 3.
    pub fn with_three(lines: &str) -> Self {
        let world = Self::with(lines);
        let rows = [ANNA, BO, CECILIA].map(|number| format!("{number}\n")).concat();
        world.run_on("people.csv", &format!("id_number\n{rows}"), &["person", "import"]).to(0);
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn registry(&self) -> PathBuf {
        self.path("w/registry.db")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().env("LANG", "C.UTF-8").env("HOME", self.folder.path());
        command.current_dir(self.folder.path());
        command
    }

    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Done {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words);
        command.args(["--json", "--today", "2026-11-22"]);
        let output = command.output().unwrap();
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

    /// One file of a source with e-mail only; rows are `number;category;email`.
    #[track_caller]
    pub fn sync(&self, source: &str, rows: &[&str]) -> Done {
        self.sync_with(source, "id_number;category;email", rows, &[])
    }

    #[track_caller]
    pub fn sync_with(&self, source: &str, header: &str, rows: &[&str], flags: &[&str]) -> Done {
        let content = format!("{header}\n{}\n", rows.join("\n"));
        self.run_on(
            &format!("{source}.csv"),
            &content,
            &[&["sync-contacts", "--source", source], flags].concat(),
        )
    }

    /// Everybody, as `person list --json` shows them.
    pub fn list(&self) -> Vec<Value> {
        let mut command = self.command();
        let output =
            command.arg("--config").arg(self.path("w/mantal.toml")).args(["person", "list", "--json"]);
        let output = output.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn person(&self, id: usize) -> Value {
        self.list().into_iter().find(|person| person["person"] == id).unwrap_or_default()
    }

    /// `value origin`, with a star if the person changed it; a dash for nothing.
    pub fn email(&self, id: usize) -> String {
        shown(&self.person(id)["contacts"]["email"])
    }

    pub fn ask(&self, sql: &str) -> Vec<String> {
        ask(&self.registry(), sql)
    }

    /// Open findings of a kind: subject and text.
    pub fn findings(&self, kind: &str) -> Vec<(String, String)> {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml"));
        let output = command.args(["--lang", "en", "--json", "findings", "--kind", kind]).output().unwrap();
        let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
        let open = findings.as_array().unwrap().iter().filter(|finding| finding["state"] == "open");
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        open.map(|finding| (text(finding, "subject"), text(finding, "text"))).collect()
    }
}

fn shown(contact: &Value) -> String {
    let Some(value) = contact["value"].as_str() else { return "-".to_owned() };
    let star = if contact["user_changed"] == true { "*" } else { "" };
    format!("{value} {}{star}", contact["origin"].as_str().unwrap())
}

/// The first column of an answer.
pub fn ask(registry: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(registry).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
    let text = |value| match value {
        rusqlite::types::Value::Null => "null".to_owned(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Real(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    rows.map(|value| text(value.unwrap())).collect()
}
