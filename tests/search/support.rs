//! One installation in a folder, its program run as staff run it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rusqlite::Connection;
use serde_json::Value;

/// Skatteverket's test numbers: those of the people, and one of nobody in the registry.
pub const ANNA: &str = "197603052395";
pub const BO: &str = "198501012382";
pub const CECILIA: &str = "198501012390";
pub const ELSEWHERE: &str = "198410092392";

pub struct World {
    folder: tempfile::TempDir,
}

/// What a command printed.
pub struct Said {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        world
    }

    /// Anna Öberg, Bo and Cecilia, persons 1 to 3, found since a moment.
    pub fn with_three() -> Self {
        let world = Self::new();
        world.import(&[
            &format!("{ANNA};Anna Karin;Öberg;Hemligstigen 7;60299;NORRKÖPING"),
            &format!("{BO};Bo;Sørensen-Ek;Testvägen 2;90100;TESTBY"),
            &format!("{CECILIA};Cecilia;Annasson;Testvägen 2 B;90100;TESTBY"),
        ]);
        world.build();
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

    pub fn say(&self, words: &[&str], input: &[u8]) -> Said {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { exit: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub fn run(&self, exit: i32, words: &[&str]) -> Value {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        let said = self.say(&words, b"");
        assert_eq!(said.exit, exit, "{words:?}: {} {}", said.out, said.err);
        serde_json::from_str(&said.out).unwrap()
    }

    /// Imports rows of number, first and last name, street, postal code and city.
    pub fn import(&self, rows: &[&str]) {
        let file = self.path("people.csv");
        let header = "id_number;first_name;last_name;street;postal_code;city";
        fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        self.run(0, &["person", "import", file.to_str().unwrap()]);
    }

    pub fn build(&self) -> Value {
        self.run(0, &["update-search"])["run"]["counts"].clone()
    }

    /// Changes tables as the jobs of others do.
    pub fn sql(&self, sql: &str) {
        Connection::open(self.registry()).unwrap().execute_batch(sql).unwrap();
    }

    /// A row of the population register.
    pub fn register(&self, number: &str, first: &str, last: &str, street: &str) {
        self.sql(&format!(
            "INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending, first_name,
                                     last_name, street, postal_code, city, key_code)
             VALUES ({number}, 'personnummer', '0581', 0, 1, 0, 0, '{first}', '{last}', '{street}', '60299', 'NORRKÖPING',
                     '113204')"
        ));
    }

    pub fn registry(&self) -> PathBuf {
        self.path("w/registry.db")
    }

    /// Hits in order, each a JSON object.
    pub fn hits(&self, text: &str) -> Vec<Value> {
        let said = self.say(&["search", text, "--json"], b"");
        assert_eq!(said.exit, 0, "{text}: {}", said.err);
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Internal ids of the hits in order; 0 for somebody whom only the population register has.
    pub fn found(&self, text: &str) -> Vec<i64> {
        self.hits(text).iter().map(|hit| hit["person"].as_i64().unwrap_or(0)).collect()
    }

    /// How often these bytes stand in the registry's files, case aside.
    pub fn traces(&self, word: &str) -> usize {
        let count = |file: PathBuf| {
            let bytes = fs::read(file).unwrap_or_default();
            bytes.windows(word.len()).filter(|window| window.eq_ignore_ascii_case(word.as_bytes())).count()
        };
        ["registry.db", "registry.db-wal", "registry.db-shm"]
            .map(|name| count(self.path("w").join(name)))
            .iter()
            .sum()
    }

    pub fn spar_file(name: &str) -> String {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spar").join(name).display().to_string()
    }
}
