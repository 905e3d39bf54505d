//! Files of rows beside what the same rows cost `sqlite3`: `.import` into a table, a journal row for each that differs, one
//! UPSERT.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use mantal::demo::Town;

use crate::bench::{Bench, Beside, SameRows, Step};
use crate::spar_import::program;
use crate::support::files::{self, Night, Rows};
use crate::support::measure::{Cost, measure};
use crate::support::place::Place;

const AIM: f64 = 1.5;

struct Job {
    name: &'static str,
    words: &'static [&'static str],
    settings: &'static [&'static str],
    rows: Rows,
    /// Limits that a first file or one in twenty changed would meet.
    limits: &'static [&'static str],
    /// Whether its people have to be there.
    people: People,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum People {
    Come,
    AreThere,
}

/// `person import`
pub fn people(bench: &Bench) {
    play(
        bench,
        &Job {
            name: "person import",
            words: &["person", "import"],
            settings: &[],
            rows: files::PEOPLE,
            limits: &[],
            people: People::Come,
        },
    );
}

/// `sync-contacts`
pub fn contacts(bench: &Bench) {
    let words = &["sync-contacts", "--source", "school"];
    let settings = &["contacts.sources = [\"school\"]"];
    play(
        bench,
        &Job {
            name: "sync-contacts",
            words,
            settings,
            rows: files::CONTACTS,
            limits: &["contacts"],
            people: People::AreThere,
        },
    );
}

/// `population-import`
pub fn population(bench: &Bench) {
    let settings = &["municipality = [\"0581\"]"];
    play(
        bench,
        &Job {
            name: "population-import",
            words: &["population-import"],
            settings,
            rows: files::POPULATION,
            limits: &[],
            people: People::AreThere,
        },
    );
}

/// `case import`
pub fn cases(bench: &Bench) {
    play(
        bench,
        &Job {
            name: "case import",
            words: &["case", "import"],
            settings: &[],
            rows: files::CASES,
            limits: &[],
            people: People::AreThere,
        },
    );
}

fn play(bench: &Bench, job: &Job) {
    let place = Place::make(&bench.scratch, &job.name.replace(' ', "-"), job.settings);
    let roster = files::roster(Town { people: bench.people, seed: 1 }, &place.files);
    if job.people == People::AreThere {
        let entered = measure(place.dated(&["person", "import"]).arg(&roster));
        assert_eq!(entered.exit, Some(0), "person import");
    }
    let nights = [
        ("the first file, everything is new", Night::First),
        ("nothing changed", Night::First),
        ("5 % changed", Night::Next),
        ("nothing changed since", Night::Next),
    ];
    for (what, night) in nights {
        let file = files::rows(&job.rows, &roster, night, bench.sorting);
        let sqlite = || sqlite(&place, &upsert(job.rows.columns, &file));
        let beside =
            [Beside { name: "sqlite3: .import, journal rows, one UPSERT", run: &sqlite, aim: Some(AIM) }];
        let run = || job.run(&place, &file, bench.people);
        let name = format!("{}, {what}", job.name);
        bench.step(&Step {
            name: &name,
            place: &place,
            run: &run,
            beside: &beside,
            erasure: Cost::default(),
            same_rows: SameRows::Written,
        });
        fs::remove_file(file).unwrap();
    }
    place.forget();
}

impl Job {
    fn run(&self, place: &Place, file: &Path, people: u64) -> Cost {
        let mut command = place.dated(self.words);
        for limit in self.limits {
            command.args(["--allow", &format!("{limit}={}", 3 * people)]);
        }
        let cost = measure(command.arg(file));
        assert!(matches!(cost.exit, Some(0 | 3)), "{} ended with {:?}", self.name, cost.exit);
        cost
    }
}

/// What a script of `sqlite3` costs, in a database of its own beside the registry.
pub fn sqlite(place: &Place, script: &str) -> Result<Cost, String> {
    let file = place.folder.join("yardstick.sql");
    fs::write(&file, script).unwrap();
    let mut command = Command::new("sqlite3");
    program(
        command.arg(place.folder.join("yardstick.db")).arg(format!(".read {}", file.display())),
        "sqlite3",
    )
}

fn upsert(columns: &[&str], file: &Path) -> String {
    // A column may be called as a word of SQL is.
    let quoted: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let [key, rest @ ..] = quoted.as_slice() else { panic!("columns") };
    let list =
        |prefix: &str| rest.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>().join(", ");
    let differs = |one: &str, other: &str| {
        rest.iter().map(|name| format!("{one}{name} IS NOT {other}{name}")).collect::<Vec<_>>().join(" OR ")
    };
    let taken = rest.iter().map(|name| format!("{name} = excluded.{name}")).collect::<Vec<_>>().join(", ");
    let (names, old, new) = (list(""), list("c."), list("i."));
    let mut script = format!(
        "PRAGMA journal_mode = WAL; PRAGMA page_size = 8192; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         CREATE TABLE IF NOT EXISTS record ({key} INTEGER PRIMARY KEY, {names});
         CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, {key} INTEGER, old TEXT, new TEXT);
         DROP TABLE IF EXISTS incoming;
         CREATE TABLE incoming ({key} TEXT, {names});\n"
    );
    writeln!(script, ".import --csv --skip 1 {} incoming", file.display()).unwrap();
    write!(
        script,
        "BEGIN;
         INSERT INTO journal ({key}, old, new) SELECT i.{key}, json_array({old}), json_array({new})
         FROM incoming AS i LEFT JOIN record AS c ON c.{key} = CAST(i.{key} AS INTEGER) WHERE {differing};
         INSERT INTO record ({key}, {names}) SELECT CAST({key} AS INTEGER), {names} FROM incoming WHERE true
         ON CONFLICT ({key}) DO UPDATE SET {taken} WHERE {stale};
         COMMIT;\n",
        differing = differs("c.", "i."),
        stale = differs("record.", "excluded."),
    )
    .unwrap();
    script
}
