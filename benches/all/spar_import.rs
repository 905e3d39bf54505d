//! `spar-import` of a file about everybody, beside `xmllint`, which only looks whether it is well-formed, and beside a script
//! as one would write it in an afternoon.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mantal::demo::{Mix, Month, Town};

use crate::bench::{Bench, Beside, SameRows, Step, Yardsticks};
use crate::support::files;
use crate::support::measure::{Cost, measure as cost_of};
use crate::support::place::Place;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/all/plain_import.py");
/// Of xmllint's time.
const AIM: f64 = 0.7;
const AIM_AGAIN: f64 = 0.25;
/// Of the script's.
const AIM_SCRIPT: f64 = 0.125;
/// What happens in a month, nobody newly protected.
const QUIET: Mix = Mix { protected: 0, ..Mix::USUAL };

/// The first answer, one that says nothing new, one in which 15 % changed, the same again; and one by which some become
/// protected, what their erasure needs apart.
pub fn measure(bench: &Bench) {
    let town = Town { people: bench.people, seed: 1 };
    let place = Place::make(&bench.scratch, "spar-import", &[]);
    let roster = files::roster(town, &place.files);
    let entered = cost_of(place.dated(&["person", "import"]).arg(&roster));
    assert_eq!(entered.exit, Some(0), "person import");
    if bench.yardsticks == Yardsticks::Measured {
        // Where there is no lxml the step says so.
        let _filled =
            cost_of(Command::new("python3").arg(SCRIPT).arg(plain(&place)).arg("--people").arg(&roster));
    }
    let scene = Scene { bench, place };
    let months = [
        files::month("2026-08-01", QUIET),
        files::month("2026-09-01", Mix::NOTHING),
        files::month("2026-10-01", QUIET),
        files::month("2026-11-01", Mix::USUAL),
    ];
    let file = |months: &[Month]| {
        let begin = Instant::now();
        let path = files::answer(town, months, bench.sorting, &scene.place.files);
        let megabytes = path.metadata().unwrap().len() / 1_000_000;
        println!("a file of {megabytes} MB, written in {:.1} s", begin.elapsed().as_secs_f64());
        path
    };
    let steps = [("first answer", 1), ("nothing changed", 2), ("15 % changed", 3)];
    for (what, count) in steps {
        let path = file(months.get(..count).unwrap_or_default());
        scene.import(&format!("spar-import, {what}"), &path, (AIM, Some(AIM_SCRIPT)), Cost::default());
        if count == 3 {
            scene.import("spar-import, the same file again", &path, (AIM_AGAIN, None), Cost::default());
        }
        std::fs::remove_file(path).unwrap();
    }
    scene.protect(&file(&months));
    scene.place.forget();
}

struct Scene<'b> {
    bench: &'b Bench,
    place: Place,
}

impl Scene<'_> {
    fn import(&self, name: &str, file: &Path, (aim, aim_script): (f64, Option<f64>), erasure: Cost) {
        let xmllint =
            || program(Command::new("xmllint").args(["--stream", "--noout"]).arg(file), "libxml2-utils");
        let script = || {
            let mut command = Command::new("python3");
            let cost = cost_of(command.arg(SCRIPT).arg(plain(&self.place)).arg(file));
            if cost.exit == Some(0) {
                Ok(cost)
            } else {
                Err("python3 needs lxml (pip install lxml, or apt install python3-lxml)".to_owned())
            }
        };
        // Once beforehand, so that nobody pays for the disk.
        drop(xmllint());
        let xmllint = Beside { name: "xmllint --stream --noout", run: &xmllint, aim: Some(aim) };
        let script = Beside { name: "a script with lxml and sqlite3", run: &script, aim: aim_script };
        let beside = if aim_script.is_some() { vec![xmllint, script] } else { vec![xmllint] };
        let run = || {
            let cost = cost_of(self.place.dated(&["spar-import"]).arg(file));
            assert!(matches!(cost.exit, Some(0 | 3)), "{name} ended with {:?}", cost.exit);
            cost
        };
        self.bench.step(&Step {
            name,
            place: &self.place,
            run: &run,
            beside: &beside,
            erasure,
            same_rows: SameRows::Written,
        });
    }

    /// Some become protected: the registry is rewritten, which bare SQL shows the price of.
    fn protect(&self, file: &Path) {
        let erasure = crate::bare("--bare-vacuum", &self.place.registry);
        println!("{:<54}{}", "VACUUM of this registry by bare SQL", crate::bench::columns(&erasure));
        self.import("spar-import, 3 in 1 000 protected (less VACUUM)", file, (AIM, None), erasure);
    }
}

fn plain(place: &Place) -> PathBuf {
    place.folder.join("plain.db")
}

/// The cost of another program; or what to install.
pub fn program(command: &mut Command, package: &str) -> Result<Cost, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    if Command::new(&name).arg("--version").output().is_err() {
        return Err(format!("{name} is not here (apt install {package})"));
    }
    let cost = cost_of(command);
    assert_eq!(cost.exit, Some(0), "{name}");
    Ok(cost)
}
