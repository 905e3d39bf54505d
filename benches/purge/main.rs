//! What purge costs beside the bare SQL that finds and removes the same people and cases, in the same run.
//!
//! `cargo bench --bench purge -- --people 1000000` (200 000 without it): three cases for each, one person in fifty is due.
//! Everything is invented (births 1840–1889), lies in a temporary folder and goes again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that fails says so and stops"
)]

mod bare;
#[path = "../spar_import/measure.rs"]
mod measure;

use std::fs;
use std::path::Path;
use std::process::Command;

use mantal::jobs::init;
use mantal::text::Language;

use measure::{Cost, measure};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.first().map(String::as_str) {
        Some("--find") => {
            bare::find(&bare::open(Path::new(&words[1])));
            return;
        }
        Some("--remove") => {
            let connection = bare::open(Path::new(&words[1]));
            bare::find(&connection);
            return bare::remove(&connection);
        }
        Some("--vacuum") => {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
            return bare::open(Path::new(&words[1])).execute_batch(sql).unwrap();
        }
        Some(_) | None => {}
    }
    let mut people = 200_000;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--people" => people = words.next().expect("a count").parse().expect("a count"),
            other => panic!("unknown argument {other}"),
        }
    }
    let temporary = tempfile::tempdir().unwrap();
    run(temporary.path(), people);
}

fn run(folder: &Path, people: u64) {
    let settings = init::make(&folder.join("bench"), Language::English).unwrap();
    bare::fill(&settings.registry, people);
    let theirs = folder.join("bare.db");
    fs::copy(&settings.registry, &theirs).unwrap();
    println!("{people} people, {} cases", people * 3);
    println!("{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}", "", "wall s", "CPU s", "peak MiB", "x wall", "x CPU");
    let bare = |what: &str| measure(Command::new(std::env::current_exe().unwrap()).arg(what).arg(&theirs));
    let ours = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        command
            .arg("--config")
            .arg(&settings.file)
            .args(["purge", "--allow", "purge=1000000", "--json"])
            .args(words);
        let cost = measure(command.stdout(std::process::Stdio::null()));
        assert_eq!(cost.exit, Some(0), "purge {words:?}");
        cost
    };
    let find = bare("--find");
    print("bare SQL, found", &find, None);
    print("purge, proposed", &ours(&[]), Some(&find));
    let remove = bare("--remove");
    print("bare SQL, removed", &remove, None);
    let vacuum = bare("--vacuum");
    print("bare SQL, VACUUM", &vacuum, None);
    let both = Cost {
        wall: remove.wall + vacuum.wall,
        user: remove.user + vacuum.user,
        system: remove.system + vacuum.system,
        ..remove
    };
    print("purge, confirmed, VACUUM", &ours(&["--confirm"]), Some(&both));
    let left = |path: &Path| -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM case_record)";
        bare::open(path).query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    assert_eq!(left(&settings.registry), left(&theirs), "not the same rows");
}

fn print(what: &str, cost: &Cost, baseline: Option<&Cost>) {
    let work = |cost: &Cost| cost.user + cost.system;
    let times = |of: &dyn Fn(&Cost) -> f64| {
        baseline.map_or(String::new(), |baseline| format!("{:.2}", of(cost) / of(baseline)))
    };
    println!(
        "{what:<28}{:>10.2}{:>10.2}{:>10.1}{:>10}{:>10}",
        cost.wall,
        work(cost),
        mebibytes(cost.peak),
        times(&|cost| cost.wall),
        times(&work)
    );
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
