//! One installation in a folder, and the program run there as its users run it.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
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

    /// The counts that each record is in exactly one of, without those that are nothing, as `name 3`.
    #[track_caller]
    pub fn records(&self) -> Vec<String> {
        let names = ["changed", "unchanged", "created", "unknown", "skipped", "rejected"];
        let sum: u64 = names.iter().map(|name| self.count(name)).sum();
        assert_eq!(sum, self.count("read"), "every record is in exactly one: {}", self.json["run"]["counts"]);
        let counted = names.into_iter().filter(|name| self.count(name) > 0);
        counted.map(|name| format!("{name} {}", self.count(name))).collect()
    }

    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Line and code of rejected rows.
    pub fn rejected(&self) -> Vec<(u64, String)> {
        let one = |row: &Value| (row["record"].as_u64().unwrap(), row["code"].as_str().unwrap().to_owned());
        let mut rows: Vec<_> = self.json["rejected"].as_array().unwrap().iter().map(one).collect();
        rows.sort();
        rows
    }

    /// Kinds and subjects of the findings that this run opened.
    pub fn found(&self) -> Vec<String> {
        let findings = self.json["findings"].as_array().cloned().unwrap_or_default();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        findings.iter().map(|one| format!("{} {}", word(one, "kind"), word(one, "subject"))).collect()
    }

    /// What it changed, as `person:1 case.closed old → new`.
    pub fn changes(&self) -> Vec<String> {
        let one = |row: &Value| {
            let word = |key: &str| row[key].as_str().unwrap().to_owned();
            let (entity, field) = (word("entity"), word("field"));
            format!("person:{} {entity}.{field} {} → {}", row["person"], row["old"], row["new"])
        };
        self.json["changes"].as_array().unwrap().iter().map(one).collect()
    }

    pub fn run_id(&self) -> String {
        self.json["run"]["id"].to_string()
    }
}

impl World {
    /// With lines of configuration.
    pub fn with(lines: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = world.path("w/mantal.toml");
        let content = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{lines}\n{content}")).unwrap();
        world
    }

    /// With Anna, Bo and Cecilia, who are person 1 to 3.
    pub fn with_three(lines: &str) -> Self {
        let world = Self::with(lines);
        world.import("person", &format!("id_number\n{ANNA}\n{BO}\n{CECILIA}\n"), &[]).to(0);
        world
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

    fn output(&self, words: &[&str]) -> Output {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words);
        if !words.contains(&"--today") {
            command.args(["--today", "2026-11-22"]);
        }
        command.output().unwrap()
    }

    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Done {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        let output = self.output(&words);
        let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let done = Done { exit: output.status.code().unwrap_or(-1), json };
        assert!(done.json != Value::Null, "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        done
    }

    /// Exit code, standard output and standard error as somebody at a terminal reads them.
    pub fn text(&self, words: &[&str]) -> (i32, String, String) {
        let output = self.output(words);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Writes a file, gives its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// `mantal KIND import` of a table.
    #[track_caller]
    pub fn import(&self, kind: &str, table: &str, flags: &[&str]) -> Done {
        let file = self.file(&format!("{kind}.csv"), table);
        let words: Vec<&str> = [kind, "import", &file].into_iter().chain(flags.iter().copied()).collect();
        self.run(&words)
    }

    /// The registry, straight.
    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("w/registry.db")).unwrap()
    }

    /// The first column of a query, as text.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let connection = self.sql();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| {
            let value = row.get_ref(0)?;
            let text = || value.as_str().map(str::to_owned);
            Ok(value
                .as_i64()
                .map_or_else(|_| text().unwrap_or_else(|_| "-".to_owned()), |number| number.to_string()))
        });
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    /// Codes of the newest run's log lines of up to this priority.
    pub fn log(&self, prio: u64) -> Vec<String> {
        let (_, lines, _) = self.text(&["log", "--full", "--json"]);
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines = lines.filter(|line| line["prio"].as_u64().unwrap() <= prio);
        lines.map(|line| line["code"].as_str().unwrap().to_owned()).collect()
    }
}

/// Numbers of people born from 1840 on, of whom nobody lives: only made at run time.
pub fn numbers(count: usize) -> Vec<String> {
    let number = |index: usize| {
        let (year, month, day) = (1840 + index / 9_000, 1 + index / 750 % 12, 1 + index / 30 % 25);
        let body = format!("{year}{month:02}{day:02}{:03}", 1 + index % 30);
        let weights = [2, 1].into_iter().cycle();
        let products = body[2..].bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight);
        let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    };
    (0..count).map(number).collect()
}
