//! How long imports take and how much memory they need, beside `xmllint --stream` on the same file in the same run.
//!
//! `cargo bench --bench spar_import -- --posts 1000000` (200 000 without it). Everything is invented, lies in a
//! temporary folder and goes again. `--shuffled` puts the posts in random order, `--in-process` calls the jobs of the
//! library instead of the program, `--keep DIR` keeps everything in a new folder.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "a benchmark that fails says so and stops"
)]

mod measure;
mod worker;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use mantal::config::Settings;
use mantal::demo::{Answer, Mix, Month, Sorting, Town};
use mantal::jobs::init;
use mantal::registry::{Access, Check, Registry, runs::Which};
use mantal::text::Language;

use measure::{Cost, measure};

/// How the jobs are started.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Program,
    InProcess,
}

struct Arguments {
    people: u64,
    sorting: Sorting,
    start: Start,
    keep: Option<PathBuf>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().map(String::as_str) == Some("--worker") {
        worker::work(&arguments[1..]);
    }
    let arguments = read(&arguments);
    let temporary = tempfile::tempdir().unwrap();
    let folder = arguments.keep.clone().unwrap_or_else(|| temporary.path().join("bench"));
    let settings = init::make(&folder, Language::English).unwrap();
    let bench = Bench { start: arguments.start, settings };
    bench.run(Town { people: arguments.people, seed: 1 }, arguments.sorting);
}

fn read(words: &[String]) -> Arguments {
    let mut arguments =
        Arguments { people: 200_000, sorting: Sorting::Numbers, start: Start::Program, keep: None };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--posts" => arguments.people = words.next().expect("a count").parse().expect("a count"),
            "--shuffled" => arguments.sorting = Sorting::Windows,
            "--in-process" => arguments.start = Start::InProcess,
            "--keep" => arguments.keep = Some(words.next().expect("a folder").into()),
            other => panic!("unknown argument {other}"),
        }
    }
    arguments
}

struct Bench {
    start: Start,
    settings: Settings,
}

impl Bench {
    fn run(&self, town: Town, sorting: Sorting) {
        let roster = self.settings.folder.join("people.csv");
        town.write_roster(File::create(&roster).unwrap()).unwrap();
        let month = |day: &str, mix| Month { day: day.parse().unwrap(), mix };
        let (september, october) = (month("2026-09-01", Mix::USUAL), month("2026-10-01", Mix::NOTHING));
        let november = month("2026-11-01", Mix::USUAL);
        let file = |months: &[Month]| self.write(&Answer { town, months, sorting });
        println!("{} people, {}", town.people, self.settings.folder.display());
        println!(
            "{:<34}{:>8}{:>8}{:>8}{:>10}{:>8}{:>8}{:>9}{:>9}  counts",
            "", "wall s", "user s", "sys s", "peak MiB", "x wall", "x CPU", "journal", "WAL MiB"
        );
        self.step("person import", &["person", "import"], &roster, None);
        let first = file(&[september]);
        self.import("spar-import, first answer", &first);
        self.import("spar-import, next, nothing changed", &file(&[september, october]));
        let changed = file(&[september, october, november]);
        self.import("spar-import, next, 15 % changed", &changed);
        self.import("spar-import, the same file again", &changed);
    }

    fn write(&self, answer: &Answer<'_>) -> PathBuf {
        let path = self.settings.folder.join(answer.name());
        answer.write(BufWriter::with_capacity(1 << 20, File::create(&path).unwrap())).unwrap();
        path
    }

    fn import(&self, what: &str, file: &Path) {
        // Read once beforehand, so that neither pays for the disk.
        let xmllint = Command::new("xmllint").args(["--stream", "--noout"]).arg(file).status();
        let baseline =
            xmllint.is_ok().then(|| measure(Command::new("xmllint").args(["--stream", "--noout"]).arg(file)));
        if let Some(cost) = &baseline {
            let size = file.metadata().unwrap().len() / 1_000_000;
            print(&format!("xmllint --stream, {size} MB"), cost, None, "");
        }
        self.step(what, &["spar-import"], file, baseline.as_ref());
    }

    fn step(&self, what: &str, words: &[&str], file: &Path, baseline: Option<&Cost>) {
        // An open connection keeps the WAL from being removed, so that its size can be seen.
        let registry = Registry::open(&self.settings.registry, Access::Read, Check::Quick).unwrap();
        let cost = measure(self.command(words).arg(file));
        assert!(matches!(cost.exit, Some(0 | 3)), "{what} ended with {:?}", cost.exit);
        let run = registry.list_runs(Which::All, 1).unwrap().remove(0);
        let wal = self.settings.folder.join("registry.db-wal").metadata().map_or(0, |meta| meta.len());
        let rows = registry.journal_size(run.id).unwrap();
        let written = format!("{rows:>9}{:>9.1}  {}", mebibytes(wal), run.counts);
        print(what, &cost, baseline, &written);
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = match self.start {
            Start::Program => Command::new(env!("CARGO_BIN_EXE_mantal")),
            Start::InProcess => {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.arg("--worker");
                command
            }
        };
        command.arg("--config").arg(&self.settings.file).args(words);
        command
    }
}

fn print(what: &str, cost: &Cost, baseline: Option<&Cost>, rest: &str) {
    let times = |of: fn(&Cost) -> f64| {
        baseline.map_or(String::new(), |baseline| format!("{:.2}", of(cost) / of(baseline)))
    };
    let (in_wall, in_work) = (times(|cost| cost.wall), times(|cost| cost.user + cost.system));
    let Cost { wall, user, system, .. } = cost;
    println!(
        "{what:<34}{wall:>8.2}{user:>8.2}{system:>8.2}{:>10.1}{in_wall:>8}{in_work:>8}{rest}",
        mebibytes(cost.peak)
    );
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
