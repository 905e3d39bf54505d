//! How long `sync-contacts` takes and how much memory it needs, beside what the same rows cost `sqlite3`: `.import` into a
//! table, and one UPSERT that journals what it changes.
//!
//! `cargo bench --bench contacts -- --people 1000000` (200 000 without it). Everything is invented, lies in a temporary
//! folder and goes again. `--shuffled` puts the rows in another order than the registry's.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that fails says so and stops"
)]

#[path = "../spar_import/measure.rs"]
mod measure;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use mantal::demo::Town;
use mantal::jobs::init;
use mantal::text::Language;

use measure::{Cost, measure};

struct Bench {
    config: PathBuf,
    folder: PathBuf,
    numbers: Vec<String>,
}

/// One in so many rows says something new in a changed file.
const ONE_IN: usize = 20;

fn main() {
    let (mut people, mut shuffled) = (200_000, false);
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--people" => people = words.next().expect("a count").parse().expect("a count"),
            "--shuffled" => shuffled = true,
            other => panic!("unknown argument {other}"),
        }
    }
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("bench");
    let settings = init::make(&folder, Language::English).unwrap();
    let mut config = fs::read_to_string(&settings.file).unwrap();
    config.push_str("\ncontacts.sources = [\"school\"]\n");
    fs::write(&settings.file, config).unwrap();
    let roster = folder.join("people.csv");
    Town { people, seed: 1 }.write_roster(File::create(&roster).unwrap()).unwrap();
    let mut bench = Bench { config: settings.file, folder, numbers: numbers(&roster) };
    println!("{people} people, {}", bench.folder.display());
    println!("{:<40}{:>8}{:>8}{:>8}{:>10}{:>8}", "", "wall s", "user s", "sys s", "peak MiB", "x wall");
    print("person import", &bench.run(&["person", "import"], &roster), None);
    if shuffled {
        // A step that shares no factor with any count of people here.
        let count = bench.numbers.len();
        bench.numbers = (0..count).map(|at| bench.numbers.get(at * 7_919 % count).unwrap().clone()).collect();
    }
    bench.nights();
}

fn numbers(roster: &Path) -> Vec<String> {
    let rows = BufReader::new(File::open(roster).unwrap()).lines().skip(1);
    rows.map(|row| row.unwrap().split([';', ',']).next().unwrap().to_owned()).collect()
}

impl Bench {
    fn nights(&self) {
        let database = self.folder.join("yardstick.db");
        self.sqlite(&database, SCHEMA);
        for (what, night) in [
            ("first file, everything is new", 0),
            ("the same rows, nothing changed", 0),
            ("5 % changed", 1),
            ("the same rows, nothing changed", 1),
        ] {
            let file = self.write(night);
            let baseline = self.sqlite(&database, &yardstick(&file));
            print(&format!("sqlite3, {what}"), &baseline, None);
            let allow = format!("contacts={}", 3 * self.numbers.len());
            let words = ["sync-contacts", "--source", "school", "--allow", &allow];
            let cost = self.run(&words, &file);
            print(&format!("sync-contacts, {what}"), &cost, Some(&baseline));
        }
    }

    fn write(&self, night: usize) -> PathBuf {
        let path = self.folder.join("contacts.csv");
        let mut file = BufWriter::new(File::create(&path).unwrap());
        writeln!(file, "id_number,category,email,mobile").unwrap();
        for (at, number) in self.numbers.iter().enumerate() {
            let is_changed = night > 0 && at % ONE_IN == 0;
            let word = if is_changed { "new" } else { "old" };
            writeln!(file, "{number},guardian,{word}{at}@example.org,+467017406{:02}", 5 + at % 95).unwrap();
        }
        file.into_inner().unwrap();
        path
    }

    fn run(&self, words: &[&str], file: &Path) -> Cost {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        let cost = measure(command.arg("--config").arg(&self.config).args(words).arg(file));
        assert!(matches!(cost.exit, Some(0 | 3)), "{words:?} ended with {:?}", cost.exit);
        cost
    }

    fn sqlite(&self, database: &Path, script: &str) -> Cost {
        let file = self.folder.join("yardstick.sql");
        fs::write(&file, script).unwrap();
        let cost = measure(Command::new("sqlite3").arg(database).arg(format!(".read {}", file.display())));
        assert_eq!(cost.exit, Some(0), "sqlite3");
        cost
    }
}

const SCHEMA: &str = "PRAGMA journal_mode = WAL; PRAGMA page_size = 8192;
CREATE TABLE contact (id_number INTEGER PRIMARY KEY, category TEXT, email TEXT, mobile TEXT);
CREATE TABLE journal (id INTEGER PRIMARY KEY, id_number INTEGER, old TEXT, new TEXT);";

fn yardstick(file: &Path) -> String {
    let mut script = String::from(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
         DROP TABLE IF EXISTS incoming;
         CREATE TABLE incoming (id_number TEXT, category TEXT, email TEXT, mobile TEXT);\n",
    );
    writeln!(script, ".import --csv --skip 1 {} incoming", file.display()).unwrap();
    script.push_str(
        "BEGIN;
         INSERT INTO journal (id_number, old, new)
         SELECT i.id_number, json_array(c.email, c.mobile), json_array(i.email, i.mobile)
         FROM incoming AS i LEFT JOIN contact AS c ON c.id_number = CAST(i.id_number AS INTEGER)
         WHERE c.email IS NOT i.email OR c.mobile IS NOT i.mobile;
         INSERT INTO contact (id_number, category, email, mobile)
         SELECT CAST(id_number AS INTEGER), category, email, mobile FROM incoming WHERE true
         ON CONFLICT (id_number) DO UPDATE SET email = excluded.email, mobile = excluded.mobile
         WHERE email IS NOT excluded.email OR mobile IS NOT excluded.mobile;
         COMMIT;\n",
    );
    script
}

fn print(what: &str, cost: &Cost, baseline: Option<&Cost>) {
    let times = baseline.map_or(String::new(), |baseline| format!("{:.2}", cost.wall / baseline.wall));
    let Cost { wall, user, system, peak, .. } = cost;
    println!("{what:<40}{wall:>8.2}{user:>8.2}{system:>8.2}{:>10}{times:>8}", peak / 1024 / 1024);
}
