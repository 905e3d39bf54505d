//! `update-areas` beside the bare SQL that writes the same rows, journal included.

use std::fs;

use crate::bare_areas;
use crate::bench::{Bench, Beside, SameRows, Step, Yardsticks};
use crate::support::measure::{Cost, measure as cost_of};
use crate::support::place::Place;

const AIM: f64 = 1.5;
const MOVED: &str = "UPDATE population SET key_code = printf('%06d', 100000 + (key_code + 5003) % 3000 * 7) WHERE key % 20 = 0";

/// Everybody gets a code and areas, some move, nothing changes.
pub fn measure(bench: &Bench) {
    let place = Place::make(&bench.scratch, "update-areas", &["municipality = [\"0581\"]"]);
    bare_areas::fill(&place.registry, bench.people);
    let theirs = place.folder.join("bare.db");
    fs::copy(&place.registry, &theirs).unwrap();
    for (what, before) in [("first run", None), ("5 % moved", Some(MOVED)), ("nothing changed", None)] {
        if let Some(sql) = before {
            for path in [&place.registry, &theirs] {
                crate::support::registry::open(path).execute_batch(sql).unwrap();
            }
        }
        let bare = || Ok(crate::bare("--bare-areas", &theirs));
        let beside = [Beside { name: "bare SQL that writes the same rows", run: &bare, aim: Some(AIM) }];
        let run = || {
            let cost = cost_of(&mut place.dated(&["update-areas"]));
            assert!(matches!(cost.exit, Some(0 | 3)), "update-areas ended with {:?}", cost.exit);
            cost
        };
        let name = format!("update-areas, {what}");
        bench.step(&Step {
            name: &name,
            place: &place,
            run: &run,
            beside: &beside,
            erasure: Cost::default(),
            same_rows: SameRows::Left,
        });
        if bench.yardsticks == Yardsticks::Measured {
            assert_eq!(
                bare_areas::written(&place.registry),
                bare_areas::written(&theirs),
                "not the same rows"
            );
        }
    }
    place.forget();
}
