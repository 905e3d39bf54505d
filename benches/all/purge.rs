//! `purge` beside the bare SQL that finds and removes the same people and cases: three cases each, one person in fifty due.

use std::fs;
use std::path::Path;

use crate::bare_purge;
use crate::bench::{Bench, Beside, SameRows, Step, Yardsticks, columns};
use crate::support::measure::{Cost, measure as cost_of};
use crate::support::place::Place;

const AIM: f64 = 1.5;

/// Proposed, then confirmed; what `VACUUM` costs stands apart.
pub fn measure(bench: &Bench) {
    let place = Place::make(&bench.scratch, "purge", &[]);
    bare_purge::fill(&place.registry, bench.people);
    let theirs = place.folder.join("bare.db");
    fs::copy(&place.registry, &theirs).unwrap();
    let run = |words: &[&str]| {
        let allow = format!("purge={}", bench.people);
        let cost = cost_of(place.mantal(&["purge", "--json", "--allow", &allow]).args(words));
        assert_eq!(cost.exit, Some(0), "purge {words:?}");
        cost
    };
    let find = || Ok(crate::bare("--bare-find", &theirs));
    let remove = || Ok(crate::bare("--bare-remove", &theirs));
    let step = |name, words: &[&str], run_beside: &dyn Fn() -> _, erasure| {
        let beside = [Beside { name: "bare SQL for the same set", run: run_beside, aim: Some(AIM) }];
        bench.step(&Step {
            name,
            place: &place,
            run: &|| run(words),
            beside: &beside,
            erasure,
            same_rows: SameRows::Left,
        });
    };
    step("purge, proposed", &[], &find, Cost::default());
    let vacuum = crate::bare("--bare-vacuum", &theirs);
    println!("{:<54}{}", "VACUUM of this registry by bare SQL", columns(&vacuum));
    step("purge, 2 % confirmed (less VACUUM)", &["--confirm"], &remove, vacuum);
    if bench.yardsticks == Yardsticks::Measured {
        assert_eq!(left(&place.registry), left(&theirs), "not the same rows");
    }
    place.forget();
}

fn left(path: &Path) -> (i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM case_record)";
    crate::support::registry::open(path).query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}
