//! The workloads: the same files from the same seeds, each command once under valgrind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mantal::demo::{Mix, Month, Sorting, Town};

use crate::counts::Counts;
use crate::support::files::{self, Night};
use crate::support::place::Place;
use crate::{bare_areas, bare_purge};

/// What happens in a month, nobody newly protected: rewriting the file would hide the rest.
const QUIET: Mix = Mix { protected: 0, ..Mix::USUAL };
/// Take as long however many there are.
const STEADY: [&str; 3] = ["nothing to do", "search", "spar-import, same again"];

/// Whether a workload has more to do with more people.
pub fn grows(name: &str) -> bool {
    !STEADY.contains(&name)
}

/// Counts them all.
pub fn count(people: u64) -> Counts {
    let scratch = tempfile::tempdir().unwrap();
    let counter = |name: &str| Counter { workloads: BTreeMap::new(), report: scratch.path().join(name) };
    let town = Town { people, seed: 1 };
    // Two at a time: counts do not care who else is working.
    let (one, other) = std::thread::scope(|scope| {
        let imports = scope.spawn(|| {
            let mut counter = counter("one");
            imports(&mut counter, scratch.path(), town);
            counter.workloads
        });
        let mut counter = counter("other");
        contacts(&mut counter, scratch.path(), town);
        // What these cost however few there are would hide a doubling.
        areas(&mut counter, scratch.path(), 4 * people);
        purge(&mut counter, scratch.path(), 4 * people);
        (imports.join().expect("counted"), counter.workloads)
    });
    let mut counts = Counts::new();
    counts.workloads.extend(one.into_iter().chain(other));
    counts
}

fn imports(counter: &mut Counter, scratch: &Path, town: Town) {
    let place = Place::make(scratch, "imports", &[]);
    let roster = files::roster(town, &place.files);
    counter.count("person import", place.dated(&["person", "import"]).arg(&roster));
    let months = [
        files::month("2026-08-01", QUIET),
        files::month("2026-09-01", Mix::NOTHING),
        files::month("2026-10-01", QUIET),
    ];
    let file = |months: &[Month]| files::answer(town, months, Sorting::Numbers, &place.files);
    let [first, unchanged, changed] = [1, 2, 3].map(|count| file(months.get(..count).unwrap_or_default()));
    for (name, path) in [
        ("spar-import, first", &first),
        ("spar-import, unchanged", &unchanged),
        ("spar-import, changed", &changed),
        ("spar-import, same again", &changed),
    ] {
        counter.count(name, place.dated(&["spar-import"]).arg(path));
    }
    counter.count("nothing to do", &mut place.dated(&["spar-import"]));
    done(&mut place.dated(&["update-search"]));
    counter.count("search", &mut place.dated(&["search", "mantal"]));
}

fn contacts(counter: &mut Counter, scratch: &Path, town: Town) {
    let place = Place::make(scratch, "contacts", &["contacts.sources = [\"school\"]"]);
    let roster = files::roster(town, &place.files);
    done(place.dated(&["person", "import"]).arg(&roster));
    for (name, night) in [("sync-contacts, first", Night::First), ("sync-contacts, 5 % changed", Night::Next)]
    {
        let file = files::rows(&files::CONTACTS, &roster, night, Sorting::Numbers);
        let words = ["sync-contacts", "--source", "school", "--allow", "contacts=9999"];
        counter.count(name, place.dated(&words).arg(file));
    }
}

fn areas(counter: &mut Counter, scratch: &Path, people: u64) {
    let place = Place::make(scratch, "areas", &["municipality = [\"0581\"]"]);
    bare_areas::fill(&place.registry, people);
    counter.count("update-areas, first", &mut place.dated(&["update-areas"]));
}

fn purge(counter: &mut Counter, scratch: &Path, people: u64) {
    let place = Place::make(scratch, "purge", &[]);
    bare_purge::fill(&place.registry, people);
    counter.count("purge, proposed", &mut place.dated(&["purge", "--allow", "purge=9999"]));
}

struct Counter {
    workloads: BTreeMap<String, u64>,
    report: PathBuf,
}

impl Counter {
    fn count(&mut self, name: &str, command: &mut Command) {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
        valgrind.arg(format!("--log-file={}", self.report.display()));
        done(valgrind.arg(command.get_program()).args(command.get_args()));
        let report = std::fs::read_to_string(&self.report).unwrap();
        let line = report.lines().find_map(|line| line.split_once("refs:")).expect("valgrind counts");
        let count = line.1.trim().replace(',', "").parse().expect("a count");
        self.workloads.insert(name.to_owned(), count);
    }
}

fn done(command: &mut Command) {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("valgrind is here (apt install valgrind)");
    assert!(matches!(status.code(), Some(0 | 3)), "{command:?} ended with {status}");
}
