//! How long a search takes as whole process, and how long building takes beside the bare SQL that fills the same index.
//!
//! `cargo bench --bench search -- --people 1000000` (100 000 without it). Everything is invented, lies in a temporary
//! folder and goes again. `--keep DIR` keeps everything in a new folder.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that fails says so and stops"
)]

#[path = "../spar_import/measure.rs"]
mod measure;

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use mantal::config::Settings;
use mantal::demo::Town;
use mantal::jobs::init;
use mantal::text::Language;
use rusqlite::Connection;

use measure::measure;

/// Searches of each kind.
const QUERIES: u64 = 60;

/// What somebody would write who had only SQL: the same index, filled from the same tables.
const BARE: &str = "
    CREATE TABLE entry (id INTEGER PRIMARY KEY, names TEXT, places TEXT, numbers TEXT);
    CREATE VIRTUAL TABLE found USING fts5 (names, places, numbers, content = 'entry', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4', detail = column, columnsize = 0);
    INSERT INTO entry
        SELECT p.id, concat_ws(' ', p.first_name, p.called_name, p.middle_name, p.last_name, q.first_name, q.last_name),
               concat_ws(' ', a.care_of, a.street, a.postal_code, a.city, q.street, q.postal_code, q.city),
               concat_ws(' ', n.key, substr(n.key, 3))
        FROM r.person AS p JOIN r.number AS n ON n.person_id = p.id
        LEFT JOIN r.address AS a ON a.person_id = p.id LEFT JOIN r.population AS q ON q.key = n.key
        WHERE p.concealment = 0;
    CREATE VIRTUAL TABLE found_name USING fts5 (names, content = 'entry', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4', detail = column, columnsize = 0);
    INSERT INTO found (found) VALUES ('rebuild'), ('optimize');
    INSERT INTO found_name (found_name) VALUES ('rebuild'), ('optimize');";
/// The population register has every other person; and one in ten thousand has a name of their own.
const REGISTER: &str = "
    UPDATE person SET last_name = 'Sällsynt' || id WHERE id % 10007 = 1;
    INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending, first_name, last_name,
                            street, postal_code, city)
    SELECT n.key, n.kind, '0581', 0, 1, 0, 0, p.first_name, p.last_name, a.street, a.postal_code, a.city
    FROM person AS p JOIN number AS n ON n.person_id = p.id LEFT JOIN address AS a ON a.person_id = p.id
    WHERE p.id % 2 = 0";

struct Bench {
    settings: Settings,
}

fn main() {
    let (mut people, mut keep) = (100_000, None);
    let mut words = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--people" => people = words.next().expect("a count").parse().expect("a count"),
            "--keep" => keep = Some(PathBuf::from(words.next().expect("a folder"))),
            other => panic!("unknown argument {other}"),
        }
    }
    let temporary = tempfile::tempdir().unwrap();
    let folder = keep.unwrap_or_else(|| temporary.path().join("bench"));
    let settings = init::make(&folder, Language::English).unwrap();
    Bench { settings }.run(people);
}

impl Bench {
    fn run(&self, people: u64) {
        let roster = self.settings.folder.join("people.csv");
        Town { people, seed: 1 }.write_roster(File::create(&roster).unwrap()).unwrap();
        println!("{people} people, {}", self.settings.folder.display());
        self.step("person import", &["person", "import", roster.to_str().unwrap()], None);
        let registry = Connection::open(&self.settings.registry).unwrap();
        registry.execute_batch(REGISTER).unwrap();
        let bare = self.bare();
        self.step("update-search, first", &["update-search"], Some(bare));
        self.step("update-search, nothing changed", &["update-search"], Some(bare));
        registry.execute_batch("UPDATE person SET last_name = 'Nyström' WHERE id % 100 = 1").unwrap();
        self.step("update-search, 1 % changed", &["update-search"], Some(bare));
        self.searches(&registry);
        drop(registry);
        self.step(
            "person protect, search and file rewritten",
            &["person", "protect", "person:1", "--reason", "x"],
            None,
        );
    }

    fn bare(&self) -> f64 {
        let path = self.settings.folder.join("bare.db");
        let bare = Connection::open(&path).unwrap();
        bare.execute("ATTACH ? AS r", [self.settings.registry.to_str().unwrap()]).unwrap();
        let begin = Instant::now();
        bare.execute_batch(&format!("PRAGMA journal_mode = WAL; BEGIN; {BARE} COMMIT;")).unwrap();
        let wall = begin.elapsed().as_secs_f64();
        drop(bare);
        println!("{:<44}{wall:>8.2} s", "bare SQL");
        std::fs::remove_file(path).unwrap();
        wall
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.arg("--config").arg(&self.settings.file).args(words);
        command
    }

    fn step(&self, what: &str, words: &[&str], bare: Option<f64>) {
        let cost = measure(&mut self.command(words));
        assert_eq!(cost.exit, Some(0), "{what}");
        let times = bare.map_or(String::new(), |bare| format!("{:.2} x bare SQL", cost.wall / bare));
        #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
        let peak = cost.peak as f64 / 1024.0 / 1024.0;
        let size = self.settings.registry.metadata().unwrap().len() / 1_000_000;
        println!(
            "{what:<44}{:>8.2} s {:>7.2} s CPU {peak:>7.1} MiB, registry {size} MB {times}",
            cost.wall,
            cost.user + cost.system
        );
    }

    fn searches(&self, registry: &Connection) {
        let ask = |sql: &str| -> Vec<String> {
            let mut statement = registry.prepare(&format!("{sql} LIMIT {QUERIES}")).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
        };
        let anybody = "(SELECT id, id_number, first_name, last_name, street FROM person
             JOIN address ON person_id = id ORDER BY (id * 7919) % 1000003)";
        let kinds = [
            ("first and last name", ask(&format!("SELECT first_name || ' ' || last_name FROM {anybody}"))),
            ("rare last name", ask("SELECT last_name FROM person WHERE id % 10007 = 1")),
            ("last name", ask(&format!("SELECT last_name FROM {anybody}"))),
            ("one letter", ask("SELECT DISTINCT substr(last_name, 1, 1) FROM person")),
            ("two letters", ask("SELECT DISTINCT substr(last_name, 1, 2) FROM person")),
            ("five letters", ask("SELECT DISTINCT substr(last_name, 1, 5) FROM person")),
            (
                "two common beginnings",
                ask("SELECT DISTINCT substr(first_name, 1, 1) || ' ' || substr(last_name, 1, 1) FROM person"),
            ),
            ("number", ask(&format!("SELECT id_number FROM {anybody}"))),
            ("number begun", ask(&format!("SELECT substr(id_number, 3, 6) FROM {anybody}"))),
            ("street", ask(&format!("SELECT street FROM {anybody}"))),
            (
                "name and street begun",
                ask(&format!("SELECT substr(last_name, 1, 3) || ' ' || substr(street, 1, 4) FROM {anybody}")),
            ),
            (
                "nobody",
                vec!["anna zzzz".to_owned(), "1 2 3 4 5 6 7 8".to_owned(), "a b c d e f g h".to_owned()],
            ),
        ];
        println!(
            "{:<26}{:>8}{:>12}{:>12}{:>12}{:>12}",
            "search", "queries", "median ms", "max ms", "CPU ms", "lines"
        );
        for (kind, texts) in kinds {
            let begin = children();
            let mut times: Vec<(f64, usize)> = texts.iter().map(|text| self.search(text)).collect();
            #[expect(clippy::cast_precision_loss, reason = "less than a hundred")]
            let work = (children() - begin) * 1000.0 / texts.len() as f64;
            times.sort_by(|one, other| one.0.total_cmp(&other.0));
            let lines: usize = times.iter().map(|(_, lines)| lines).sum();
            let (median, max) = (times[times.len() / 2].0, times[times.len() - 1].0);
            println!("{kind:<26}{:>8}{median:>12.1}{max:>12.1}{work:>12.1}{lines:>12}", times.len());
        }
    }

    /// Milliseconds of the whole process, and how many lines it printed.
    fn search(&self, text: &str) -> (f64, usize) {
        let begin = Instant::now();
        let output = self.command(&["search", text]).stdin(Stdio::null()).output().unwrap();
        let wall = begin.elapsed().as_secs_f64() * 1000.0;
        assert!(output.status.success(), "{text}");
        (wall, String::from_utf8(output.stdout).unwrap().lines().count())
    }
}

/// Seconds of work of all processes that were started and have ended; in hundredths, so that many give a mean.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace().skip(13).take(2);
    fields.map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}
