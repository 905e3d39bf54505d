//! What update-areas costs beside the bare SQL that writes the same rows, journal included, in the same run.
//!
//! `cargo bench --bench areas -- --people 1000000` (200 000 without it). Everything is invented (births 1840–1889), lies in
//! a temporary folder and goes again.

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
use std::path::{Path, PathBuf};
use std::process::Command;

use mantal::jobs::init;
use mantal::text::Language;

use measure::{Cost, measure};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.first().map(String::as_str) == Some("--bare") {
        bare::update(Path::new(&words[1]));
        return;
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
    let bench = Bench::new(temporary.path(), people);
    println!("{people} people");
    println!("{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}", "", "wall s", "CPU s", "peak MiB", "x wall", "x CPU");
    bench.step("first run");
    bench.on_both("UPDATE population SET key_code = printf('%06d', 100000 + (key_code + 5003) % 3000 * 7) WHERE key % 20 = 0");
    bench.step("5 % moved");
    bench.step("nothing changed");
}

/// Two registries with the same people, register and links: one for the program, one for the bare SQL.
struct Bench {
    config: PathBuf,
    ours: PathBuf,
    theirs: PathBuf,
}

impl Bench {
    fn new(folder: &Path, people: u64) -> Self {
        let settings = init::make(&folder.join("bench"), Language::English).unwrap();
        let lines = fs::read_to_string(&settings.file).unwrap();
        fs::write(&settings.file, format!("municipality = [\"0581\"]\n{lines}")).unwrap();
        bare::fill(&settings.registry, people);
        let theirs = folder.join("bare.db");
        fs::copy(&settings.registry, &theirs).unwrap();
        Self { config: settings.file, ours: settings.registry, theirs }
    }

    fn on_both(&self, sql: &str) {
        for path in [&self.ours, &self.theirs] {
            bare::open(path).execute_batch(sql).unwrap();
        }
    }

    fn step(&self, what: &str) {
        let sql = measure(Command::new(std::env::current_exe().unwrap()).arg("--bare").arg(&self.theirs));
        assert_eq!(sql.exit, Some(0), "the bare SQL failed");
        print(&format!("bare SQL, {what}"), &sql, None);
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
        let ours = measure(command.arg("--config").arg(&self.config).arg("update-areas"));
        assert!(matches!(ours.exit, Some(0 | 3)), "update-areas ended with {:?}", ours.exit);
        print(&format!("update-areas, {what}"), &ours, Some(&sql));
        assert_eq!(bare::written(&self.ours), bare::written(&self.theirs), "not the same rows");
    }
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
