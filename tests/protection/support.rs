//! One installation in a folder, its program run as staff run it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::Value;

/// Skatteverket's test numbers.
pub const ANNA: &str = "198501012382";
pub const BO: &str = "198501012390";
pub const CECILIA: &str = "199001012385";
/// Anna's number after a change.
pub const ANNA_NEW: &str = "198410092392";

/// Words that stand in the registry only for Anna.
pub const STREET: &str = "Hemligstigen 7";
pub const EMAIL: &str = "anna.hemlig@example.org";
pub const NAME: &str = "Ovanliganna";
pub const COMMENT: &str = "Ring bara jobbet.";

pub struct World {
    folder: tempfile::TempDir,
}

/// What a command printed.
pub struct Said {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{} {}", self.out, self.err))
    }
}

impl World {
    /// An installation without people.
    pub fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        world
    }

    /// Anna, Bo and Cecilia, persons 1 to 3, with names, addresses, e-mail and comments.
    pub fn with_three() -> Self {
        let world = Self::new();
        world.import(&[
            &format!("{ANNA};{NAME};Annasson;{STREET};60299;NORRKÖPING;{EMAIL};{COMMENT}"),
            &format!("{BO};Bo;Bosson;Testvägen 2;90100;TESTBY;bo@example.org;"),
            &format!("{CECILIA};Cecilia;Ceciliasson;Testvägen 3;90100;TESTBY;;"),
        ]);
        world
    }

    /// As `with_three`, Anna protected.
    pub fn with_anna_protected() -> Self {
        let world = Self::with_three();
        world.protect(1);
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn home(&self, name: &str) -> PathBuf {
        self.path("w").join(name)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().env("LANG", "C.UTF-8").env("HOME", self.folder.path()).env("USER", "tester");
        command.current_dir(self.folder.path());
        command
    }

    pub fn say(&self, words: &[&str]) -> Said {
        self.say_to(words, b"")
    }

    pub fn say_to(&self, words: &[&str], input: &[u8]) -> Said {
        let mut command = self.command();
        command.arg("--config").arg(self.home("mantal.toml")).args(words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Who doesn't read has closed it.
        drop(child.stdin.take().unwrap().write_all(input));
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { exit: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub fn to(&self, exit: i32, words: &[&str]) -> Said {
        let said = self.say(words);
        assert_eq!(said.exit, exit, "{words:?}: {} {}", said.out, said.err);
        said
    }

    /// Imports rows of number, first and last name, street, postal code, city, e-mail, comment.
    pub fn import(&self, rows: &[&str]) {
        let header = "id_number;first_name;last_name;street;postal_code;city;email;comment";
        let file = self.write("people.csv", format!("{header}\n{}\n", rows.join("\n")).as_bytes());
        self.to(0, &["person", "import", &file]);
    }

    pub fn protect(&self, person: i64) {
        let said = self.say(&["person", "protect", &format!("person:{person}"), "--reason", "decision"]);
        // A comment that staff wrote is a finding.
        assert!([0, 3].contains(&said.exit), "{}", said.err);
    }

    /// A file beside the installation.
    pub fn write(&self, name: &str, content: &[u8]) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name).display().to_string()
    }

    /// Changes tables as nothing of mantal would.
    pub fn sql(&self, sql: &str) {
        Connection::open(self.home("registry.db")).unwrap().execute_batch(sql).unwrap();
    }

    pub fn ask(&self, sql: &str) -> Vec<String> {
        let connection = Connection::open(self.home("registry.db")).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }
}
