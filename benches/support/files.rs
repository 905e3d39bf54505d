//! Files of any size about the people of one invented town (births 1840–1889); the same each time.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use mantal::demo::{Answer, Mix, Month, Sorting, Town};

/// Large writes: millions of rows come one by one.
const BUFFER: usize = 1 << 20;
/// One row in so many says something new in a changed file.
pub const ONE_IN: usize = 20;

/// Which of two nights a file is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Night {
    /// The first.
    First,
    /// One row in twenty is another.
    Next,
}

/// A file of rows that is made from the town's own books.
pub struct Rows {
    /// Its columns; the first tells the rows apart.
    pub columns: &'static [&'static str],
    /// One row about the person of this row of the roster, as new as `version`.
    pub row: fn(at: usize, roster: &[&str], version: &str) -> String,
}

/// What `person import` reads.
pub const PEOPLE: Rows = Rows {
    columns: &[
        "id_number",
        "first_name",
        "last_name",
        "birth_date",
        "street",
        "postal_code",
        "city",
        "email",
    ],
    row: |at, row, version| {
        let [number, _, first, _, last, birth, _, street, postal_code, city, ..] = row else {
            panic!("a row")
        };
        format!("{number},{first},{last},{birth},{street}{version},{postal_code},{city},p{at}@example.org")
    },
};

/// What `sync-contacts` reads. Mobile numbers are those that the Swedish regulator keeps free for films and books.
pub const CONTACTS: Rows = Rows {
    columns: &["id_number", "category", "email", "mobile"],
    row: |at, row, version| {
        let number = row.first().expect("a row");
        format!("{number},guardian,p{at}{version}@example.org,+467017406{:02}", 5 + at % 95)
    },
};

/// What `population-import` reads.
pub const POPULATION: Rows = Rows {
    columns: &[
        "id_number",
        "protected",
        "municipality",
        "key_code",
        "first_name",
        "last_name",
        "street",
        "city",
    ],
    row: |at, row, version| {
        let [number, _, first, _, last, _, _, street, _, city, ..] = row else { panic!("a row") };
        let code = 100_000 + at * 7_919 % 3_000 * 7;
        format!("{number},no,0581,{code},{first},{last},{street}{version},{city}")
    },
};

/// What `case import` reads: one case each.
pub const CASES: Rows = Rows {
    columns: &["case", "id_number", "class", "opened", "closed"],
    row: |at, row, version| {
        let number = row.first().expect("a row");
        let closed = if version.is_empty() { "" } else { "2026-10-01" };
        format!("{},{number},K,2015-01-01,{closed}", 1_000_000_000 + at)
    },
};

/// The town's own books.
pub fn roster(town: Town, folder: &Path) -> PathBuf {
    let path = folder.join("roster.csv");
    town.write_roster(sink(&path)).unwrap();
    path
}

/// Writes rows about everybody in the roster. In windows of any other order if they are not sorted by number.
pub fn rows(rows: &Rows, roster: &Path, night: Night, sorting: Sorting) -> PathBuf {
    let path = roster.with_file_name(format!("{}-{night:?}.csv", rows.columns.join("-")));
    let mut sink = sink(&path);
    writeln!(sink, "{}", rows.columns.join(",")).unwrap();
    let mut window = Vec::new();
    for (at, line) in BufReader::new(File::open(roster).unwrap()).lines().skip(1).enumerate() {
        let line = line.unwrap();
        let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
        let is_changed = night == Night::Next && at % ONE_IN == 0;
        window.push((rows.row)(at, &cells, if is_changed { "x" } else { "" }));
        if sorting == Sorting::Numbers || window.len() == 16_000 {
            scatter(&mut window, &mut sink);
        }
    }
    scatter(&mut window, &mut sink);
    sink.flush().unwrap();
    path
}

/// By a step that shares no factor with the window.
fn scatter(window: &mut Vec<String>, sink: &mut impl Write) {
    let step = [7_919, 7_907].into_iter().find(|step| !window.len().is_multiple_of(*step)).unwrap_or(1);
    for at in 0..window.len() {
        let row = window.get(at * step % window.len()).expect("inside");
        writeln!(sink, "{row}").unwrap();
    }
    window.clear();
}

/// SPAR's file after these months.
pub fn answer(town: Town, months: &[Month], sorting: Sorting, folder: &Path) -> PathBuf {
    let answer = Answer { town, months, sorting };
    let path = folder.join(answer.name());
    answer.write(sink(&path)).unwrap();
    path
}

/// A month of SPAR's.
pub fn month(day: &str, mix: Mix) -> Month {
    Month { day: day.parse().unwrap(), mix }
}

fn sink(path: &Path) -> BufWriter<File> {
    BufWriter::with_capacity(BUFFER, File::create(path).unwrap())
}
