//! A run with nothing to do, from start to exit.

use mantal::demo::Town;

use crate::bench::{Bench, Row};
use crate::support::files;
use crate::support::measure::{Cost, clock, measure as cost_of, mebibytes, median};
use crate::support::place::Place;

const STARTS: usize = 40;
/// Seconds.
const AIM: f64 = 0.010;
const AIM_MEMORY: u64 = 12 << 20;
/// There need not be many people: nobody is looked at.
const PEOPLE: u64 = 1_000;

/// Medians of forty starts; memory at its highest in forty others, which are watched.
pub fn measure(bench: &Bench) {
    let place = Place::make(&bench.scratch, "nothing", &[]);
    let roster = files::roster(Town { people: PEOPLE, seed: 1 }, &place.files);
    assert_eq!(cost_of(place.dated(&["person", "import"]).arg(&roster)).exit, Some(0), "person import");
    assert_eq!(cost_of(&mut place.dated(&["spar-export"])).exit, Some(0), "spar-export");
    for (name, words) in [
        ("spar-import, no file waits", &["spar-import"][..]),
        ("spar-export, nobody new", &["spar-export"]),
        ("run-due, nothing due", &["run-due"]),
    ] {
        let start = || {
            let (wall, exit) = clock(&mut place.mantal(words));
            assert_eq!(exit, Some(0), "{name}");
            wall
        };
        let wall = median((0..STARTS).map(|_| start()));
        let watched: Vec<Cost> = (0..STARTS).map(|_| cost_of(&mut place.mantal(words))).collect();
        let peak = watched.iter().map(|cost| cost.peak).max().unwrap_or_default();
        let work = watched.iter().map(|cost| cost.work).sum::<f64>() / 40.0;
        let mut row =
            Row { name: name.to_owned(), cost: Cost { wall, work, peak, exit: Some(0) }, aims: (0, 0) };
        let (quick, small) = (row.aim(wall < AIM), row.aim(peak < AIM_MEMORY));
        println!(
            "{name:<54}{wall:>9.4}{work:>9.4}{:>10.1}{:>9}{:>9}{:>10}  {quick}",
            mebibytes(peak),
            "",
            "",
            "< 10 ms"
        );
        println!("{:<100}{:>10}  {small}", "", "< 12 MiB");
        bench.rows.borrow_mut().push(row);
    }
    place.forget();
}
