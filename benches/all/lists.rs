//! `spar-export` of everybody, beside `sqlite3` writing the same list.

use std::process::Command;

use mantal::demo::Town;

use crate::bench::{Bench, Beside, SameRows, Step, Yardsticks};
use crate::spar_import::program;
use crate::support::files;
use crate::support::measure::{Cost, measure as cost_of};
use crate::support::place::Place;

const AIM: f64 = 1.5;

/// All numbers as one list into a folder, and then nothing new.
pub fn measure(bench: &Bench) {
    let place = Place::make(&bench.scratch, "spar-export", &[]);
    let roster = files::roster(Town { people: bench.people, seed: 1 }, &place.files);
    assert_eq!(cost_of(place.dated(&["person", "import"]).arg(&roster)).exit, Some(0), "person import");
    let list = place.folder.join("list.csv");
    let sqlite = || {
        let sql = format!(
            ".mode list\n.separator , ,\n.output {}\nSELECT id_number FROM person WHERE status = 'active' AND
             concealment = 0 AND allow_update = 1 ORDER BY id_number;\n",
            list.display()
        );
        let script = place.folder.join("list.sql");
        std::fs::write(&script, sql).unwrap();
        program(
            Command::new("sqlite3").arg(&place.registry).arg(format!(".read {}", script.display())),
            "sqlite3",
        )
    };
    let beside = [Beside { name: "sqlite3 writing the same list", run: &sqlite, aim: Some(AIM) }];
    let allow = format!("list_size={}", bench.people);
    let run = || {
        let cost = cost_of(&mut place.dated(&["spar-export", "--allow", &allow]));
        assert_eq!(cost.exit, Some(0), "spar-export");
        cost
    };
    let step = |name| {
        bench.step(&Step {
            name,
            place: &place,
            run: &run,
            beside: &beside,
            erasure: Cost::default(),
            same_rows: SameRows::Written,
        });
    };
    step("spar-export, everybody");
    if bench.yardsticks == Yardsticks::Measured {
        let ours = place.folder.join("drop/in").read_dir().unwrap().next().unwrap().unwrap().path();
        let numbers = |path| {
            std::fs::read_to_string(path).unwrap().trim().split(',').filter(|word| !word.is_empty()).count()
        };
        assert_eq!(numbers(ours), numbers(list.clone()), "not the same list");
    }
    step("spar-export, nobody new");
    place.forget();
}
