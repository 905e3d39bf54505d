//! Where the commands of the texts are run: a town of the demonstration with everything that the texts name in it, made
//! once and copied for whoever works in it.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use super::{blocks, root};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mantal");
/// The update file that the texts name.
const UPDATE_FILE: &str = "SPARAvisering_20250305031500_SPAR500243-949.xml.zip";

/// Programs that stand for others, and why those are not run.
const STAND_INS: [(&str, &str); 10] = [
    ("cargo", "this very suite, or a build of the program that runs already"),
    ("python3", "the rigs of tests/model, which the gate runs"),
    ("sudo", "root"),
    ("ssh-keyscan", "the network"),
    ("openssl", "the network"),
    ("ssh-keygen", "keys and hosts that are not there"),
    ("man", "a viewer: it has the page from standard input"),
    ("apt-get", "root and the network"),
    ("systemctl", "root"),
    ("sudoedit", "root, and somebody who types"),
];

/// What the texts write and a test must not touch, or that passes: what stands for it.
const PLACES: [(&str, &str); 15] = [
    ("/srv/people", "people"),
    ("/tmp/mantal-demo", "mantal-demo"),
    ("--config /etc/mantal/mantal.toml", "--config mantal.toml"),
    ("/media/safe/mantal", "safe"),
    ("/var/lib/node_exporter/", ""),
    ("/var/lib/mantal/in/", ""),
    ("/var/lib/mantal/", ""),
    ("/etc/bash_completion.d/", ""),
    ("/etc/mantal/", "etc/"),
    ("/srv/mantal", "."),
    ("/path/to/", ""),
    (".ci/run", "cargo"),
    ("sqlite3 -readonly", "sqlite3 -readonly -batch"),
    ("2026-12-01 22:00", "2126-12-01 22:00"),
    ("2027-06-30", "2127-06-30"),
];

/// A command of the program as a text has it, and how it ended.
#[derive(Debug)]
pub struct Call {
    pub exit: i32,
    pub words: String,
    pub told: String,
}

/// A folder to work in.
pub struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    /// The town with everything in it.
    pub fn town() -> Self {
        static TOWN: OnceLock<Workshop> = OnceLock::new();
        Self::copy_of(&TOWN.get_or_init(furnished).town_folder())
    }

    /// Files of people and from SPAR, and nothing else: where somebody begins.
    pub fn empty() -> Self {
        let workshop = Self::bare();
        let town = Self::town();
        let (town, to) = (town.town_folder(), workshop.town_folder());
        fs::copy(town.join("people.csv"), to.join("people.csv")).unwrap();
        update_file(&town, &to, Which::First);
        workshop
    }

    fn bare() -> Self {
        let workshop = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(workshop.town_folder()).unwrap();
        workshop.equip();
        workshop
    }

    fn copy_of(town: &Path) -> Self {
        let workshop = Self { folder: tempfile::tempdir().unwrap() };
        let copied = Command::new("cp").arg("-a").arg(town).arg(workshop.town_folder()).status().unwrap();
        assert!(copied.success());
        workshop.equip();
        workshop
    }

    pub fn town_folder(&self) -> PathBuf {
        self.folder.path().join("town")
    }

    /// The program under its name, telling how each call ended, and what stands for other programs.
    fn equip(&self) {
        let bin = self.folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let calls = self.folder.path().join("calls");
        let told = self.folder.path().join("told");
        // Of person:41, who died; and one that nobody in the town has.
        let (disposed, number) = (number_of(&self.town_folder(), 40), "19850101-2382");
        let mantal = format!(
            "#!/bin/sh\ncase \"$*\" in *'--email -'*) line=kim@home.example;; *'proof -'*) line={disposed};; *'--id-number -'*) line={number};; *) line=person:17;; esac\n\
             echo \"$line\" | '{PROGRAM}' \"$@\" 2> '{told}'\ncode=$?\ncat '{told}' >&2\n\
             printf '%s\\t%s\\t%s\\n' \"$code\" \"$*\" \"$(tr '\\n\\t' '  ' < '{told}')\" >> '{calls}'\nexit $code\n",
            told = told.display(),
            calls = calls.display()
        );
        script(&bin.join("mantal"), &mantal);
        for (name, _) in STAND_INS {
            script(&bin.join(name), "#!/bin/sh\ncat > /dev/null\n");
        }
    }

    /// Runs lines of the shell; gives the calls of the program, and what the shell itself said.
    pub fn run(&self, lines: &str) -> (Vec<Call>, String) {
        let lines = PLACES.iter().fold(lines.to_owned(), |lines, (there, here)| lines.replace(there, here));
        for place in ["/etc/", "/media/", "/opt/", "/srv/", "/tmp/", "/usr/", "/var/"] {
            assert!(!lines.contains(place), "nothing stands for this place: {lines}");
        }
        let calls = self.folder.path().join("calls");
        drop(fs::remove_file(&calls));
        fs::create_dir_all(self.town_folder().join("etc")).unwrap();
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.path().join("bin").display());
        let mut bash = Command::new("bash");
        bash.current_dir(self.town_folder()).args(["--norc", "-c", &lines]).env_clear().env("PATH", path);
        let output = bash.env("HOME", self.folder.path()).stdin(Stdio::null()).output().unwrap();
        let read = fs::read_to_string(&calls).unwrap_or_default();
        let one = |line: &str| {
            let mut parts = line.splitn(3, '\t');
            let exit = parts.next().unwrap().parse().unwrap();
            Call { exit, words: parts.next().unwrap().to_owned(), told: parts.next().unwrap().to_owned() }
        };
        (read.lines().map(one).collect(), String::from_utf8(output.stderr).unwrap())
    }

    /// Runs what must go well.
    pub fn must(&self, lines: &str) {
        let (calls, told) = self.run(lines);
        assert!(!calls.is_empty() && calls.iter().all(|call| matches!(call.exit, 0 | 3)), "{calls:?} {told}");
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.town_folder().join(name), content).unwrap();
    }
}

fn script(path: &Path, content: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mut file = fs::File::create(path).unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file.set_permissions(fs::Permissions::from_mode(0o755)).unwrap();
}

/// The number of a row of people.csv.
fn number_of(town: &Path, row: usize) -> String {
    let people = fs::read_to_string(town.join("people.csv")).unwrap_or_default();
    people
        .lines()
        .nth(row + 1)
        .and_then(|row| row.split([',', ';']).next())
        .unwrap_or_default()
        .replace('"', "")
}

/// The configuration of the demonstration with what the texts put into theirs.
fn configuration(town: &Path) -> String {
    let made = fs::read_to_string(town.join("mantal.toml")).unwrap();
    let toml_of = |page: &str| {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let toml = blocks(&text).into_iter().filter(|(language, _)| language == "toml");
        toml.map(|(_, lines)| lines.join("\n")).collect::<Vec<_>>()
    };
    let sources = toml_of("docs/person-import.md").join("\n");
    let contacts = toml_of("docs/contacts.md").remove(0);
    let own =
        "municipality = [\"0581\"]\nnotify.metrics_file = \"mantal.prom\"\nmax_age.spar-import = \"26h\"\n";
    // What stands after a table belongs to it: ours and the demonstration's come first.
    format!("{own}{contacts}\n{made}\n{sources}\n")
}

/// A town with runs up to 15, findings up to 9, and a file of each kind.
fn furnished() -> Workshop {
    let workshop = Workshop::bare();
    fs::remove_dir(workshop.town_folder()).unwrap();
    let demo = Command::new(PROGRAM).arg("demo").arg(workshop.town_folder()).env_clear().output().unwrap();
    assert!(demo.status.success());
    let town = workshop.town_folder();
    let config = configuration(&town);
    fs::write(town.join("mantal.toml"), config).unwrap();
    workshop.must("mantal config check");
    files(&workshop);
    wrong_numbers(&workshop);
    workshop.must("mantal person import wrong.csv");
    for run in 6..=12 {
        workshop.must(&format!("mantal person set person:{} --comment 'run {run}'", run + 20));
    }
    workshop.must("mantal person hold person:18 --reason dispute");
    for _ in 0..3 {
        workshop.must("mantal schedule add update-search --at '2026-12-01 22:00'");
    }
    workshop
}

/// Twelve people whose check digits are wrong: as many findings.
fn wrong_numbers(workshop: &Workshop) {
    let mut rows = "id_number,last_name\n".to_owned();
    for serial in 100..112 {
        let digits: Vec<u32> =
            format!("500101{serial}").chars().map(|digit| digit.to_digit(10).unwrap()).collect();
        let sum: u32 = digits
            .iter()
            .enumerate()
            .map(|(at, digit)| {
                let doubled = digit * (2 - u32::try_from(at).unwrap() % 2);
                doubled / 10 + doubled % 10
            })
            .sum();
        let wrong = (10 - sum % 10 + 1) % 10;
        writeln!(rows, "18500101{serial}{wrong},Provsson").unwrap();
    }
    workshop.write("wrong.csv", &rows);
}

fn files(workshop: &Workshop) {
    let town = workshop.town_folder();
    let number = |row| number_of(&town, row);
    let each = |header: &str, row: &dyn Fn(String, usize) -> String| {
        (60..80).fold(format!("{header}\n"), |all, at| all + &row(number(at), at) + "\n")
    };
    let links = "key_code;area;activity\n1132*;North;school\n1140*;South;school\n11*;West;care\n";
    workshop.write("links.csv", links);
    workshop.write("plan.csv", links);
    workshop.write("more.csv", "key_code;area;activity\n1150*;South;school\n");
    let resident = |number: String, at: usize| {
        format!("{number};no;0581;11{}2;Prov;Provsson;Provgatan {at};60299;NORRKÖPING", 3 + at % 3)
    };
    workshop.write(
        "residents.csv",
        &each(
            "id_number;protected;municipality;key_code;first_name;last_name;street;postal_code;city",
            &resident,
        ),
    );
    workshop.write(
        "extract.csv",
        &each(
            "id_number;protected;municipality;key_code;first_name;last_name;street;postal_code;city",
            &resident,
        ),
    );
    let guardian = |number: String, at: usize| format!("{number};guardian;kim{at}@work.example;3A");
    workshop.write("guardians.csv", &each("Personnr;Roll;E-post;Klass", &guardian));
    workshop.write("procapita.csv", &each("Personnr;Roll;E-post;Klass", &guardian));
    workshop
        .write("edits.csv", &each("id_number,email", &|number, at| format!("{number},kim{at}@home.example")));
    retained_files(workshop);
    for (name, fixture) in [("borrowers.csv", "koha-borrowers.csv"), ("known.csv", "people.csv")] {
        fs::copy(root().join("fixtures/csv").join(fixture), town.join(name)).unwrap();
    }
    for (name, person) in [("navet-1.xml", 60), ("navet-2.xml", 61)] {
        workshop.write(name, &navet(&number(person)));
    }
    update_file(&town, &town, Which::Last);
}

/// What people are kept for, and how long.
fn retained_files(workshop: &Workshop) {
    let town = workshop.town_folder();
    let number = |row| number_of(&town, row);
    let each = |header: &str, row: &dyn Fn(String, usize) -> String| {
        (60..80).fold(format!("{header}\n"), |all, at| all + &row(number(at), at) + "\n")
    };
    workshop.write(
        "cases.csv",
        &each("case,id_number,class,opened,closed", &|number, at| {
            format!("{at},{number},LOAN,2020-01-01,2021-01-01")
        }),
    );
    workshop
        .write("documents.csv", &each("document,case,key1,disposable1", &|_, at| format!("{at},{at},A,yes")));
    for name in ["loans", "subscriptions"] {
        workshop.write(
            &format!("{name}.csv"),
            &each("id,id_number,kind", &|number, at| format!("{at},{number},book")),
        );
    }
    for name in ["drafts", "events"] {
        workshop.write(
            &format!("{name}.csv"),
            &each("id,id_number,touched", &|number, at| format!("{at},{number},2026-01-01")),
        );
    }
    workshop.write(
        "relations.csv",
        &each("id_number,related_id_number,kind", &|one, at| format!("{one},{},guardian", number(at + 100))),
    );
    workshop.write(
        "classes.csv",
        "class,target,period,counted_from\nSTUDENT,person,P5Y,last_activity\nLOAN,case,P5Y,closed\nGONE,person,P1D,deceased\n",
    );
}

/// A delivery of one post.
fn navet(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    format!(
        "<Navetavisering><Folkbokforingsposter><Folkbokforingspost><Personpost><PersonId><PersonNr>{digits}</PersonNr></PersonId>\
         <Namn><Fornamn>Prov</Fornamn><Efternamn>Provsson</Efternamn></Namn><Folkbokforing><LanKod>05</LanKod><KommunKod>81</KommunKod></Folkbokforing>\
         </Personpost></Folkbokforingspost></Folkbokforingsposter></Navetavisering>"
    )
}

/// Which of the answers that the demonstration's partner left.
#[derive(Clone, Copy)]
enum Which {
    /// To the list of everybody.
    First,
    /// The one that was not applied yet.
    Last,
}

/// An answer of the partner, packed and under the name that the texts give it.
fn update_file(town: &Path, to: &Path, which: Which) {
    let files = fs::read_dir(town.join("drop/out")).unwrap().map(|entry| entry.unwrap().path());
    let file = match which {
        Which::First => files.min(),
        Which::Last => files.max(),
    };
    let file = file.unwrap();
    let mut packed = zip::ZipWriter::new(fs::File::create(to.join(UPDATE_FILE)).unwrap());
    let name = file.file_name().unwrap().to_str().unwrap();
    packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    packed.write_all(&fs::read(&file).unwrap()).unwrap();
    packed.finish().unwrap();
}
