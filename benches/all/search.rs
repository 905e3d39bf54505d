//! How long a search takes as whole process, and how long building takes beside the bare SQL that fills the same index.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use mantal::demo::Town;
use rusqlite::Connection;

use crate::bench::{Bench, Beside, SameRows, Step, Yardsticks};
use crate::support::files;
use crate::support::measure::{Cost, measure as cost_of};
use crate::support::place::Place;

const AIM: f64 = 1.5;
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

/// Builds, brings up to date, searches, and erases one person.
pub fn measure(bench: &Bench) {
    let place = Place::make(&bench.scratch, "search", &[]);
    let roster = files::roster(Town { people: bench.people, seed: 1 }, &place.files);
    assert_eq!(cost_of(place.dated(&["person", "import"]).arg(&roster)).exit, Some(0), "person import");
    let scene = Scene { place };
    scene.on_registry(REGISTER);
    scene.step(bench, "update-search, first", &["update-search"]);
    scene.step(bench, "update-search, nothing changed", &["update-search"]);
    scene.on_registry("UPDATE person SET last_name = 'Nyström' WHERE id % 100 = 1");
    scene.step(bench, "update-search, 1 % changed", &["update-search"]);
    if bench.yardsticks == Yardsticks::Measured {
        scene.searches(&Connection::open(&scene.place.registry).unwrap());
    }
    let words = ["person", "protect", "person:1", "--reason", "x"];
    let run = || cost_of(&mut scene.place.mantal(&words));
    let name = "person protect, search and file rewritten";
    bench.step(&Step {
        name,
        place: &scene.place,
        run: &run,
        beside: &[],
        erasure: Cost::default(),
        same_rows: SameRows::Left,
    });
    scene.place.forget();
}

/// The bare SQL, in a file beside the registry that goes again.
pub fn bare_index(registry: &Path) {
    let path = registry.with_file_name("bare.db");
    let bare = Connection::open(&path).unwrap();
    bare.execute("ATTACH ? AS r", [registry.to_str().unwrap()]).unwrap();
    bare.execute_batch(&format!("PRAGMA journal_mode = WAL; BEGIN; {BARE} COMMIT;")).unwrap();
    drop(bare);
    std::fs::remove_file(path).unwrap();
}

struct Scene {
    place: Place,
}

impl Scene {
    fn on_registry(&self, sql: &str) {
        Connection::open(&self.place.registry).unwrap().execute_batch(sql).unwrap();
    }

    fn step(&self, bench: &Bench, name: &str, words: &[&str]) {
        let bare = || Ok(crate::bare("--bare-index", &self.place.registry));
        let beside = [Beside { name: "bare SQL that fills the same index", run: &bare, aim: Some(AIM) }];
        let run = || {
            let cost = cost_of(&mut self.place.dated(words));
            assert_eq!(cost.exit, Some(0), "{name}");
            cost
        };
        bench.step(&Step {
            name,
            place: &self.place,
            run: &run,
            beside: &beside,
            erasure: Cost::default(),
            same_rows: SameRows::Left,
        });
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
            let wall = |at: usize| times.get(at).map_or(0.0, |(wall, _)| *wall);
            let (median, max) = (wall(times.len() / 2), wall(times.len() - 1));
            println!("{kind:<26}{:>8}{median:>12.1}{max:>12.1}{work:>12.1}{lines:>12}", times.len());
        }
    }

    /// Milliseconds of the whole process, and how many lines it printed.
    fn search(&self, text: &str) -> (f64, usize) {
        let begin = Instant::now();
        let output = self.place.mantal(&["search", text]).stdin(Stdio::null()).output().unwrap();
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
