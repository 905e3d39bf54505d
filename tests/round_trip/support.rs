//! One installation in a folder, its program run as cron runs it, and the other side of its drop folder.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Skatteverket's test numbers, in order.
pub const ANNA: &str = "197603052395";
pub const BO: &str = "198501012382";
pub const CECILIA: &str = "198501012390";
/// Anna's with another check digit.
pub const WRONG: &str = "197603052396";

pub struct World {
    folder: tempfile::TempDir,
    today: RefCell<String>,
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

    pub fn message(&self) -> &str {
        self.json["run"]["message"].as_str().unwrap_or_default()
    }

    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Kinds of the findings that this run opened.
    pub fn found(&self) -> Vec<String> {
        let findings = self.json["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
    }
}

impl World {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With lines of configuration. The first day is 2 March 2025.
    pub fn with(lines: &str) -> Self {
        let world =
            Self { folder: tempfile::tempdir().unwrap(), today: RefCell::new("2025-03-02".to_owned()) };
        let made = world.command().arg("init").arg(world.path("w")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        world.configure(lines);
        world
    }

    /// With Anna, Bo and Cecilia.
    pub fn with_three(lines: &str) -> Self {
        let world = Self::with(lines);
        world.people(&[(ANNA, ""), (BO, ""), (CECILIA, "")]);
        world
    }

    pub fn configure(&self, lines: &str) {
        let file = self.path("w/mantal.toml");
        let content = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{content}\n{lines}\n")).unwrap();
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

    pub fn on(&self, today: &str) -> &Self {
        today.clone_into(&mut self.today.borrow_mut());
        self
    }

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

    /// All that a command shows, on either stream.
    pub fn shown(&self, words: &[&str]) -> String {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words);
        let output = command.output().unwrap();
        [output.stdout, output.stderr].map(|stream| String::from_utf8_lossy(&stream).into_owned()).concat()
    }

    /// A command that reads, every line a document.
    pub fn read(&self, words: &[&str]) -> Vec<Value> {
        let mut command = self.command();
        command.arg("--config").arg(self.path("w/mantal.toml")).args(words).arg("--json");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        let documents = lines.lines().map(|line| serde_json::from_str(line).unwrap());
        documents.flat_map(|line| if let Value::Array(rows) = line { rows } else { vec![line] }).collect()
    }

    pub fn export(&self) -> Done {
        self.run(&["spar-export"])
    }

    /// The nightly import.
    pub fn fetch(&self) -> Done {
        self.run(&["spar-import"])
    }

    /// Imports numbers, each with the rest of `category;allow_update`.
    pub fn people(&self, rows: &[(&str, &str)]) -> Done {
        self.people_as(rows, &[])
    }

    pub fn people_as(&self, rows: &[(&str, &str)], flags: &[&str]) -> Done {
        let file = self.path("people.csv");
        let mut table = vec!["id_number;category;allow_update".to_owned()];
        for (number, rest) in rows {
            table.push(format!("{number};{}", if rest.is_empty() { ";" } else { rest }));
        }
        fs::write(&file, table.join("\n")).unwrap();
        let mut words = vec!["person", "import", file.to_str().unwrap()];
        words.extend(flags);
        self.run(&words)
    }

    pub fn set(&self, person: &str, words: &[&str]) {
        let words: Vec<&str> = ["person", "set", person].into_iter().chain(words.iter().copied()).collect();
        assert!(matches!(self.run(&words).exit, 0 | 3));
    }

    /// What lies in the folder where we put, by name.
    pub fn put(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("w/drop/in"))
    }

    /// The one list there, as text.
    #[track_caller]
    pub fn list(&self) -> String {
        let put = self.put();
        assert_eq!(put.len(), 1, "{:?}", put.keys());
        String::from_utf8(put.into_values().next().unwrap()).unwrap()
    }

    /// The other side collects what was put.
    pub fn collect(&self) {
        for name in self.put().keys() {
            fs::remove_file(self.path("w/drop/in").join(name)).unwrap();
        }
    }

    /// The other side leaves a file.
    pub fn leave(&self, name: &str, content: &[u8]) {
        fs::write(self.out(name), content).unwrap();
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.path("w/drop/out").join(name)
    }

    pub fn spool(&self, room: &str) -> Vec<String> {
        files(&self.path("w/spool").join(room)).into_keys().collect()
    }

    pub fn state(&self, number: &str) -> String {
        self.spar(number)["state"].as_str().unwrap().to_owned()
    }

    pub fn spar(&self, number: &str) -> Value {
        let today = self.today.borrow().clone();
        self.read(&["person", "show", number, "--today", &today])[0]["spar"].clone()
    }

    pub fn address(&self, number: &str) -> String {
        let person = &self.read(&["person", "show", number])[0];
        person["addresses"][0]["street"].as_str().unwrap_or_default().to_owned()
    }

    /// People, findings that are open, and the lists: what "nothing was changed" is about.
    pub fn everything(&self) -> (Vec<Value>, Vec<(String, String)>) {
        (self.read(&["person", "list"]), self.findings())
    }

    /// Kind and subject of the open ones.
    pub fn findings(&self) -> Vec<(String, String)> {
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let all = self.read(&["findings"]);
        let open = all.iter().filter(|finding| finding["state"] == "open");
        open.map(|finding| (word(finding, "kind"), word(finding, "subject"))).collect()
    }

    /// Codes of the newest run's log lines.
    pub fn log(&self) -> Vec<String> {
        let lines = self.read(&["log"]);
        lines.iter().map(|line| line["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub fn message_of_newest(&self) -> String {
        self.read(&["runs"])[0]["message"].as_str().unwrap_or_default().to_owned()
    }

    /// Sets the state of the newest list, as a killed run would have left it.
    pub fn set_mark(&self, mark: &str) {
        let registry = rusqlite::Connection::open(self.path("w/registry.db")).unwrap();
        let set = "UPDATE spar_list SET state = ?, sent_on = NULL WHERE id = (SELECT max(id) FROM spar_list)";
        assert_eq!(registry.execute(set, [mark]).unwrap(), 1);
        let forget = "UPDATE number SET sent_on = NULL, answer_due_on = NULL, list_id = NULL
                      WHERE list_id = (SELECT max(id) FROM spar_list)";
        registry.execute(forget, []).unwrap();
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// Who is delivered how.
pub enum Post<'p> {
    Lives(&'p str, &'p str),
    Died(&'p str),
    Protected(&'p str),
    Changed(&'p str, &'p str),
}

/// An update file made on this day of March 2025 with this sequence number.
pub fn spar_file(day: u32, sequence: u32, posts: &[Post<'_>]) -> Vec<u8> {
    let posts: String = posts.iter().map(post).collect();
    format!(
        "<SPARAvisering><IdentifieringsinformationFil><Mediemottagare><KundNr>500243</KundNr></Mediemottagare>\
         <Filinformation><UppdragId>949</UppdragId>\
         <ResultatfilSkapad>2025-03-{day:02}T03:15:00.000</ResultatfilSkapad>\
         <Sekvensnummer>{sequence}</Sekvensnummer></Filinformation></IdentifieringsinformationFil>\
         <AviseringPoster>{posts}</AviseringPoster></SPARAvisering>"
    )
    .into_bytes()
}

fn post(post: &Post<'_>) -> String {
    let (number, secret, rest) = match post {
        Post::Lives(number, street) => (
            number,
            "NEJ",
            format!(
                "<Folkbokforingsadress><SvenskAdress><Utdelningsadress2>{street}</Utdelningsadress2>\
                 <PostNr>60299</PostNr><Postort>NORRKÖPING</Postort></SvenskAdress></Folkbokforingsadress>"
            ),
        ),
        Post::Died(number) => {
            let details = "<Persondetaljer><AvregistreringsorsakKod>AV</AvregistreringsorsakKod>\
                           <Avlidendatum>2025-02-01</Avlidendatum></Persondetaljer>";
            (number, "NEJ", details.to_owned())
        }
        Post::Protected(number) => (number, "JA", String::new()),
        Post::Changed(old, new) => {
            let link = format!(
                "<Persondetaljer><AvregistreringsorsakKod>GN</AvregistreringsorsakKod><Hanvisning>\
                 <IdNummer>{new}</IdNummer><Typ>Till</Typ></Hanvisning></Persondetaljer>"
            );
            (old, "NEJ", link)
        }
    };
    format!(
        "<AviseringPost><PersonId><IdNummer>{number}</IdNummer><Typ>PERSONNUMMER</Typ></PersonId>\
         <Sekretessmarkering>{secret}</Sekretessmarkering><SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing>\
         <SenasteAndringSPAR>2025-03-01</SenasteAndringSPAR>{rest}</AviseringPost>"
    )
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
