//! One installation in a folder, its program, and tables that it is given.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

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

    /// Of all counts those that are more than 0, as `name 3`.
    pub fn counts(&self) -> Vec<String> {
        let counts = self.json["run"]["counts"].as_object().unwrap();
        counts
            .iter()
            .filter(|(_, count)| **count != 0)
            .map(|(name, count)| format!("{name} {count}"))
            .collect()
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
}

impl World {
    pub fn new() -> Self {
        Self::with("municipality = [\"0581\"]")
    }

    /// With these first lines of configuration.
    pub fn with(lines: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = world.path("w/mantal.toml");
        let content = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{lines}\n{content}")).unwrap();
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
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

    /// Imports links of `code;area;activity;from;to`.
    pub fn link(&self, rows: &str, flags: &[&str]) -> Done {
        let file = self.file("links.csv", &format!("key_code;area;activity;valid_from;valid_to\n{rows}"));
        let words: Vec<&str> = ["area", "import", &file].into_iter().chain(flags.iter().copied()).collect();
        self.run(&words)
    }

    /// The links as `code activity area from to people`.
    pub fn links(&self) -> Vec<String> {
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let keys = ["key_code", "activity", "area", "valid_from", "valid_to", "people"];
        let links = self.run(&["area", "links"]).json;
        let one = |link: &Value| keys.map(|key| word(&link[key]).replace("null", "-")).join(" ");
        links.as_array().unwrap().iter().map(one).collect()
    }

    /// The registry, straight.
    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("w/registry.db")).unwrap()
    }

    /// So many people in the registry and in the register; person n has the nth of these codes, none for an empty one.
    /// Gives their numbers.
    pub fn people(&self, codes: &[&str]) -> Vec<String> {
        let numbers = numbers(codes.len());
        let file = self.file("people.csv", &format!("id_number\n{}", numbers.join("\n")));
        self.run(&["person", "import", &file]).to(0);
        for (number, code) in numbers.iter().zip(codes) {
            self.register(number, "0581", code);
        }
        numbers
    }

    /// The register has this of somebody now.
    pub fn register(&self, number: &str, municipality: &str, code: &str) {
        self.sql()
            .execute(
                "INSERT OR REPLACE INTO population (key, kind, municipality, nonresident, present, protected, key_code, pending)
                 VALUES (CAST(?1 AS INTEGER), 'personnummer', ?2, 0, 1, 0, nullif(?3, ''), 1)",
                [number, municipality, code],
            )
            .unwrap();
    }

    /// `update-areas`
    pub fn update(&self) -> Done {
        self.run(&["update-areas"])
    }

    /// Key code and areas of somebody, as JSON shows them.
    pub fn place(&self, id: &str) -> String {
        let person = self.run(&["person", "show", id]).json;
        format!("{} {}", person["key_code"], person["areas"])
    }

    /// Subjects and numbers of people of the open findings about codes.
    pub fn unlinked(&self) -> Vec<String> {
        let all = self.run(&["findings", "--kind", "unlinked-code"]).json;
        let open = all.as_array().unwrap().iter().filter(|finding| finding["state"] == "open");
        let mut open: Vec<String> = open
            .map(|finding| {
                let text = finding["text"].as_str().unwrap();
                let people = text.split_once("people: ").unwrap().1.split('.').next().unwrap();
                format!("{} {people}", finding["subject"].as_str().unwrap())
            })
            .collect();
        open.sort();
        open
    }

    pub fn journal(&self, run: &Value) -> i64 {
        let sql = "SELECT count(*) FROM journal WHERE run_id = ?";
        self.sql().query_row(sql, [run.as_i64().unwrap()], |row| row.get(0)).unwrap()
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
