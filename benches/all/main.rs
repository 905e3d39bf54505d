//! Every command beside what somebody would use who had no `mantal`, in turn, in the same run: one table.
//!
//! `cargo bench --bench all -- --people 1000000`; `--help` has the rest. Everything is invented (births 1840–1889), lies in a
//! temporary folder and goes again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that fails says so and stops"
)]

mod areas;
mod arguments;
mod bare_areas;
mod bare_purge;
mod bare_rows;
mod bench;
mod country;
mod growth;
mod lists;
mod noted;
mod nothing;
mod purge;
mod rows;
mod search;
mod spar_import;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use arguments::Arguments;
use bench::{Bench, Row, Yardsticks};

/// A group of steps in a place of their own.
type Scene = fn(&Bench);

const SCENES: [(&str, Scene); 11] = [
    ("nothing", nothing::measure),
    ("spar-import", spar_import::measure),
    ("person-import", rows::people),
    ("sync-contacts", rows::contacts),
    ("population-import", rows::population),
    ("case-import", rows::cases),
    ("spar-export", lists::measure),
    ("update-areas", areas::measure),
    ("purge", purge::measure),
    ("search", search::measure),
    (arguments::COUNTRY, country::measure),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [bare, path] = words.as_slice()
        && bare.starts_with("--bare-")
    {
        return bare_work(bare, Path::new(path));
    }
    let names: Vec<&str> = SCENES.iter().map(|(name, _)| *name).collect();
    let Some(arguments) = Arguments::read(&words, &names) else {
        return println!("{}\n  {}", arguments::HELP, names.join(", "));
    };
    let temporary = tempfile::tempdir().unwrap();
    let scratch = arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    if arguments.growth.is_empty() {
        let bench = arguments.bench(arguments.people, scratch, Yardsticks::Measured);
        let rows = work(&bench, &arguments);
        let (met, all) = rows.iter().fold((0, 0), |sum, row| (sum.0 + row.aims.0, sum.1 + row.aims.1));
        println!("{met} of {all} aims are met");
    } else {
        growth::measure(
            &arguments,
            |people: u64, scratch: PathBuf| {
                work(&arguments.bench(people, scratch, Yardsticks::Left), &arguments)
            },
            &scratch,
        );
    }
}

fn work(bench: &Bench, arguments: &Arguments) -> Vec<Row> {
    bench.head();
    for (name, scene) in SCENES {
        if arguments.wants(name) {
            scene(bench);
        }
    }
    bench.rows.take()
}

/// Bare SQL on a file, in a process of its own.
fn bare(what: &str, path: &Path) -> support::measure::Cost {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let cost = support::measure::measure(command.arg(what).arg(path));
    assert_eq!(cost.exit, Some(0), "the bare SQL failed");
    cost
}

/// What stands beside the program and is no program of its own.
fn bare_work(what: &str, path: &Path) {
    match what {
        "--bare-areas" => bare_areas::update(path),
        "--bare-find" => drop(bare_purge::find(&support::registry::open(path))),
        "--bare-remove" => {
            let connection = support::registry::open(path);
            bare_purge::find(&connection);
            bare_purge::remove(&connection);
        }
        "--bare-rows" => bare_rows::write(path),
        "--bare-vacuum" => bare_purge::vacuum(path),
        "--bare-index" => search::bare_index(path),
        other => panic!("unknown argument {other}"),
    }
}
