//! One installation in a folder, its program run as cron runs it, and extracts of the register.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rusqlite::Connection;
use serde_json::Value;

/// Skatteverket's test numbers.
pub const ANNA: &str = "197603052395";
pub const BO: &str = "198501012382";
pub const CECILIA: &str = "198501012390";
pub const DAVID: &str = "198001022386";

/// The header of most extracts here.
pub const HEADER: &str = "id_number;protected;municipality;key_code;first_name;middle_name;last_name;care_of;street;postal_code;city;property;deceased_date";

pub struct World {
    folder: tempfile::TempDir,
    today: RefCell<String>,
    files: RefCell<u32>,
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

    /// The six that each record is in exactly one of, after checking that they are all of them.
    #[track_caller]
    pub fn sorted(&self) -> [u64; 6] {
        let counts = ["changed", "unchanged", "created", "unknown", "skipped", "rejected"];
        let counts = counts.map(|name| self.count(name));
        assert_eq!(counts.iter().sum::<u64>(), self.count("read"), "{}", self.json["run"]["counts"]);
        counts
    }

    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Line and code of the rejected rows.
    pub fn rejected(&self) -> Vec<(u64, String)> {
        let rows = self.json["rejected"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| (row["record"].as_u64().unwrap(), word(row, "code"))).collect()
    }

    /// Kinds of the findings that this run opened.
    pub fn found(&self) -> Vec<String> {
        let findings = self.json["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().map(|finding| word(finding, "kind")).collect()
    }
}

pub fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl World {
    /// Of municipality 0581. The first day is 2 March 2025.
    pub fn new() -> Self {
        Self::with("municipality = [\"0581\"]")
    }

    pub fn with(lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = Self { folder, today: RefCell::new("2025-03-02".to_owned()), files: RefCell::new(0) };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = world.path("w/mantal.toml");
        let content = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{lines}\n{content}\n")).unwrap();
        world
    }

    /// With Anna, Bo and Cecilia in the registry: person 1, 2 and 3.
    pub fn with_three() -> Self {
        let world = Self::new();
        world.people(&[ANNA, BO, CECILIA]);
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn on(&self, today: &str) -> &Self {
        today.clone_into(&mut self.today.borrow_mut());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().env("LANG", "C.UTF-8").env("HOME", self.folder.path());
        command.current_dir(self.folder.path());
        command
    }

    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Done {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words);
        command.args(["--json", "--today", &self.today.borrow()]);
        let output = command.output().unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let done = Done { exit: output.status.code().unwrap_or(-1), json };
        assert!(done.json != Value::Null, "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        done
    }

    /// A file under a name of its own.
    pub fn file(&self, content: impl AsRef<[u8]>) -> String {
        *self.files.borrow_mut() += 1;
        let path = self.path(&format!("extract-{}.csv", self.files.borrow()));
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Loads rows beneath [`HEADER`].
    #[track_caller]
    pub fn load_with(&self, flags: &[&str], rows: &[String]) -> Done {
        let file = self.file(format!("{HEADER}\n{}\n", rows.join("\n")));
        let words: Vec<&str> = ["population-import"].into_iter().chain(flags.iter().copied()).collect();
        self.run(&[&words[..], &[file.as_str()]].concat())
    }

    #[track_caller]
    pub fn load(&self, rows: &[String]) -> Done {
        self.load_with(&[], rows)
    }

    /// Loads rows as changes.
    #[track_caller]
    pub fn change(&self, rows: &[String]) -> Done {
        self.load_with(&["--mode", "changes"], rows)
    }

    #[track_caller]
    pub fn update(&self, scope: &str) -> Done {
        self.run(&["update-persons", "--scope", scope])
    }

    pub fn people(&self, numbers: &[&str]) {
        let rows: Vec<String> = numbers
            .iter()
            .map(|number| format!("{number};Testgatan {};60299;TESTBY", &number[6..]))
            .collect();
        self.person_rows("id_number;street;postal_code;city", &rows);
    }

    pub fn person_rows(&self, header: &str, rows: &[String]) {
        let file = self.file(format!("{header}\n{}\n", rows.join("\n")));
        self.run(&["person", "import", &file]).to(0);
    }

    /// Applies a SPAR file with these posts, made on a day of March 2025.
    #[track_caller]
    pub fn spar(&self, day: u32, sequence: u32, posts: &str) -> Done {
        let file = self.file(format!(
            "<SPARAvisering><IdentifieringsinformationFil><Mediemottagare><KundNr>500243</KundNr></Mediemottagare>\
             <Filinformation><UppdragId>949</UppdragId>\
             <ResultatfilSkapad>2025-03-{day:02}T03:15:00.000</ResultatfilSkapad>\
             <Sekvensnummer>{sequence}</Sekvensnummer></Filinformation></IdentifieringsinformationFil>\
             <AviseringPoster>{posts}</AviseringPoster></SPARAvisering>"
        ));
        self.run(&["spar-import", &file])
    }

    pub fn show(&self, id: &str) -> Value {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(["person", "show", id, "--json"]);
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
    }

    /// The active address in one line.
    pub fn address(&self, id: &str) -> String {
        let person = self.show(id);
        let addresses = person["addresses"].as_array().cloned().unwrap_or_default();
        let active = addresses.iter().find(|address| address["active"] == true);
        active.map_or(String::new(), |home| {
            ["care_of", "street", "postal_code", "city"].map(|part| word(home, part)).join("/")
        })
    }

    pub fn connection(&self) -> Connection {
        Connection::open(self.path("w/registry.db")).unwrap()
    }

    /// The first column of every row.
    #[track_caller]
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(match value {
                rusqlite::types::Value::Null => "-".to_owned(),
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Real(_) | rusqlite::types::Value::Blob(_) => "?".to_owned(),
            })
        });
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    /// Everything that the register's table and the people's tables hold, without ids of runs and files.
    pub fn everything(&self) -> Vec<String> {
        let register = "SELECT concat_ws('|', key, municipality, nonresident, present, protected, key_code, first_name,
                middle_name, last_name, care_of, street, postal_code, city, property, deceased_date, marked, told,
                address_on, pending, taken_for, hex(taken), taken_mark) FROM population ORDER BY key";
        let people = "SELECT concat_ws('|', id, id_number, status, blocked, comment, first_name, last_name, concealment,
                special_since) FROM person ORDER BY id";
        let homes =
            "SELECT concat_ws('|', person_id, kind, active, care_of, street, postal_code, city, country)
                FROM address ORDER BY person_id, kind";
        let journal = "SELECT count(*) FROM journal";
        [register, people, homes, journal].iter().flat_map(|sql| self.ask(sql)).collect()
    }

    /// Whether the bytes of anything in the installation hold a word, in one of the usual encodings.
    pub fn holds(&self, word: &str) -> bool {
        let bytes = word.as_bytes();
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let has = |content: &[u8], word: &[u8]| content.windows(word.len()).any(|window| window == word);
        files(&self.path("w")).iter().any(|path| {
            let content = fs::read(path).unwrap();
            has(&content, bytes) || has(&content, &wide)
        })
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A row of our own municipality with an address, a name and a key code.
pub fn row(number: &str, street: &str) -> String {
    format!("{number};no;0581;113204;Tolvan;;Tolvansson;;{street};60299;NORRKÖPING;ENEN 1:2;")
}

/// The same of another municipality.
pub fn row_of(municipality: &str, number: &str, street: &str) -> String {
    row(number, street).replace(";0581;", &format!(";{municipality};"))
}

/// A row with a mark of protection.
pub fn marked(number: &str, mark: &str) -> String {
    row(number, "Hemligstigen 7").replace(";no;", &format!(";{mark};"))
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
