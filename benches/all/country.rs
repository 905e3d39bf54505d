//! What somebody does who keeps a whole country, job after job on one registry, with what it takes up on the disk.
//!
//! Each file is written when it is needed and goes as soon as it was read. With `--keep` what was measured is noted, and a
//! later start goes on after it.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use mantal::demo::{Mix, Month, Town};

use crate::bench::{Bench, MOST_MEMORY, Row};
use crate::noted::Noted;
use crate::support::files::{self, Night, Rows};
use crate::support::measure::{Cost, measure_watched, mebibytes};
use crate::support::place::{Place, TODAY};

/// What happens in a month, nobody newly protected: what their erasure needs would hide the rest.
const QUIET: Mix = Mix { protected: 0, ..Mix::USUAL };
const SETTINGS: [&str; 2] = ["municipality = [\"0581\"]", "contacts.sources = [\"school\"]"];
/// A day on which cases that are closed now, and whoever has no other, are due.
const AHEAD: &str = "2034-01-02";
const CLASSES: &str = "class,target,period,counted_from,year_end,action,grace_days\n\
    A,person,P5Y,last_activity,no,delete,0\nK,case,P5Y,closed,no,delete,0\n";
/// One case in so many is closed: of its person nothing else is left.
const CLOSED_ONE_IN: usize = 100;

const CASES: Rows = Rows {
    columns: files::CASES.columns,
    row: |at, row, _| {
        let number = row.first().expect("a row");
        let closed = if at % CLOSED_ONE_IN == 0 { "2026-10-01" } else { "" };
        format!("{},{number},K,2015-01-01,{closed}", 1_000_000_000 + at)
    },
};

/// All jobs in turn.
pub fn measure(bench: &Bench) {
    let place = Place::make_or_find(&bench.scratch, "country", &SETTINGS);
    let scene = Scene {
        town: Town { people: bench.people, seed: 1 },
        noted: Noted::open(&bench.scratch.join("measured.csv")),
        free: Cell::new(u64::MAX),
        before: free(&place.folder),
        bench,
        place,
    };
    println!(
        "{:<44}{:>9}{:>9}{:>10}{:>9}{:>13}{:>9}{:>9}",
        "", "wall s", "CPU s", "peak MiB", "us each", "registry MB", "WAL MB", "file MB"
    );
    scene.people();
    let all = format!("list_size={}", bench.people);
    scene.step("spar-export, everybody", &["spar-export", "--today", TODAY, "--allow", &all], || None);
    scene.answers();
    scene.areas();
    scene.contacts();
    scene.cases();
    scene.proposal();
    let taken = scene.before.saturating_sub(scene.free.get().min(scene.before)) / 1_000_000;
    println!("at most {taken} MB of the disk were taken");
    scene.place.forget();
}

struct Scene<'b> {
    bench: &'b Bench,
    place: Place,
    town: Town,
    noted: Noted,
    /// Of the disk, before anything and at its least.
    before: u64,
    free: Cell<u64>,
}

impl Scene<'_> {
    fn people(&self) {
        let words = ["person", "import", "--today", TODAY];
        self.step("person import, everybody", &words, || Some(files::roster(self.town, &self.place.files)));
    }

    fn answers(&self) {
        let months = [
            files::month("2026-08-01", QUIET),
            files::month("2026-09-01", Mix::NOTHING),
            files::month("2026-10-01", QUIET),
        ];
        let answer =
            |months: &[Month]| Some(files::answer(self.town, months, self.bench.sorting, &self.place.files));
        for (name, count) in [
            ("spar-import, the first answer", 1),
            ("spar-import, nothing changed", 2),
            ("spar-import, 15 % changed", 3),
        ] {
            let months = months.get(..count).unwrap_or_default();
            self.step(name, &["spar-import", "--today", TODAY], || answer(months));
        }
    }

    fn areas(&self) {
        self.step("area import", &["area", "import", "--today", TODAY], || {
            let links: Vec<String> = (100..121).map(|code| format!("{code}*,Area {code},school\n")).collect();
            Some(self.file("links.csv", &format!("key_code,area,activity\n{}", links.concat())))
        });
        self.rows(
            "population-import, everybody",
            &["population-import", "--today", TODAY],
            (&files::POPULATION, Night::First),
        );
        self.step("update-areas, everybody", &["update-areas", "--today", TODAY], || None);
    }

    fn contacts(&self) {
        let all = format!("contacts={}", 3 * self.bench.people);
        let words = ["sync-contacts", "--source", "school", "--allow", &all, "--today", TODAY];
        for (name, night) in
            [("sync-contacts, the first file", Night::First), ("sync-contacts, 5 % changed", Night::Next)]
        {
            self.rows(name, &words, (&files::CONTACTS, night));
        }
    }

    fn cases(&self) {
        self.rows("case import, one each", &["case", "import", "--today", TODAY], (&CASES, Night::First));
    }

    /// No file brings a person's class, so bare SQL sets it.
    fn proposal(&self) {
        let words = ["retention", "import", "--today", TODAY];
        self.step("retention import", &words, || {
            let sql = "UPDATE person SET class = 'A' WHERE class IS NULL";
            let registry = crate::support::registry::open(&self.place.registry);
            registry.execute(sql, []).unwrap();
            Some(self.file("classes.csv", CLASSES))
        });
        let all = format!("purge={}", self.bench.people);
        self.step("purge, proposed", &["purge", "--allow", &all, "--today", AHEAD], || None);
    }

    fn rows(&self, name: &str, words: &[&str], (rows, night): (&Rows, Night)) {
        let roster = self.place.files.join("roster.csv");
        self.step(name, words, || Some(files::rows(rows, &roster, night, self.bench.sorting)));
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.place.files.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Writes the file, runs the command, takes the file away; nothing of it if that was done before.
    fn step(&self, name: &str, words: &[&str], file: impl FnOnce() -> Option<PathBuf>) {
        let (row, sizes) = self.noted.find(name).unwrap_or_else(|| {
            let file = file();
            let found = self.run(name, words, file.as_deref());
            // The other files are made from it.
            file.filter(|file| !file.ends_with("roster.csv"))
                .into_iter()
                .for_each(|file| fs::remove_file(file).unwrap());
            self.noted.add(name, &found);
            found
        });
        self.show(name, &row, sizes);
        let met = usize::from(row.peak < MOST_MEMORY);
        self.bench.rows.borrow_mut().push(Row { name: name.to_owned(), cost: row, aims: (met, 1) });
    }

    fn run(&self, name: &str, words: &[&str], file: Option<&Path>) -> (Cost, [u64; 3]) {
        let wal = Cell::new(0);
        let mut path = self.place.registry.clone().into_os_string();
        path.push("-wal");
        let watch = || {
            wal.set(wal.get().max(size(Path::new(&path))));
            self.free.set(self.free.get().min(free(&self.place.folder)));
        };
        let cost = measure_watched(self.place.mantal(words).args(file), &watch);
        assert!(matches!(cost.exit, Some(0 | 3)), "{name} ended with {:?}", cost.exit);
        (cost, [size(&self.place.registry), wal.get(), file.map_or(0, size)])
    }

    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    fn show(&self, name: &str, cost: &Cost, [registry, wal, file]: [u64; 3]) {
        let each = cost.work * 1e6 / self.bench.people as f64;
        let megabytes = |bytes| bytes / 1_000_000;
        println!(
            "{name:<44}{:>9.2}{:>9.2}{:>10.1}{each:>9.2}{:>13}{:>9}{:>9}",
            cost.wall,
            cost.work,
            mebibytes(cost.peak),
            megabytes(registry),
            megabytes(wal),
            megabytes(file)
        );
    }
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |found| found.len())
}

/// Bytes that are left on the disk.
fn free(path: &Path) -> u64 {
    rustix::fs::statvfs(path).map_or(u64::MAX, |disk| disk.f_bavail * disk.f_frsize)
}
