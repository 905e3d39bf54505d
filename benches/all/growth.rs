//! The same at several sizes: what a record costs, and the memory, must not grow with how many there are.

use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::bench::{MOST_MEMORY, Row};
use crate::support::measure::mebibytes;

/// At most so many times what a record costs at the smallest size.
const AIM: f64 = 1.3;
/// Less than this much work is mostly starting.
const LEAST: f64 = 0.2;

/// Plays the scenes at each size, then prints them side by side.
pub fn measure(arguments: &Arguments, play: impl Fn(u64, PathBuf) -> Vec<Row>, scratch: &Path) {
    let mut sizes = arguments.growth.clone();
    sizes.sort_unstable();
    let tables: Vec<Vec<Row>> =
        sizes.iter().map(|people| play(*people, scratch.join(people.to_string()))).collect();
    println!("\nmicroseconds of CPU per record (and MiB) at {sizes:?}");
    let [first, ..] = tables.as_slice() else { return };
    let (mut met, mut all) = (0, 0);
    for (at, row) in first.iter().enumerate() {
        let costs = || tables.iter().filter_map(|table| table.get(at)).map(|row| row.cost);
        let each: Vec<f64> = sizes.iter().zip(costs()).map(|(size, cost)| per(cost.work, *size)).collect();
        let shown: Vec<String> = each
            .iter()
            .zip(costs())
            .map(|(each, cost)| format!("{each:>9.2} ({:>5.1})", mebibytes(cost.peak)))
            .collect();
        let times = each.last().zip(each.first()).map_or(0.0, |(last, first)| last / first);
        let is_flat = costs().all(|cost| cost.peak < MOST_MEMORY);
        let is_met = is_flat && (times <= AIM || row.cost.work < LEAST);
        (met, all) = (met + usize::from(is_met), all + 1);
        println!(
            "{:<54}{}  x {times:.2} <= {AIM}, < 40 MiB  {}",
            row.name,
            shown.concat(),
            if is_met { "yes" } else { "NO" }
        );
    }
    println!("{met} of {all} aims are met");
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn per(seconds: f64, records: u64) -> f64 {
    seconds * 1_000_000.0 / records as f64
}
