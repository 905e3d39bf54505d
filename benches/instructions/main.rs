//! A guard against what makes the program slower: instructions of small fixed workloads, counted by valgrind, against those in
//! `counts.txt`. A clock would fail by noise; a count that has doubled is a fault.
//!
//! `cargo bench --profile dev --bench instructions`: with the build that the tests use. `-- --renew` writes the file,
//! `-- --control` gives everything twice as much to do and demands that the guard notices.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that fails says so and stops"
)]

#[path = "../all/bare_areas.rs"]
#[expect(dead_code, reason = "the other benchmark uses the rest")]
mod bare_areas;
#[path = "../all/bare_purge.rs"]
#[expect(dead_code, reason = "the other benchmark uses the rest")]
mod bare_purge;
mod counts;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other benchmark uses the rest")]
mod support;
mod workloads;

use std::process::ExitCode;

use counts::{Counts, Verdict};

/// So many people, posts, rows.
const PEOPLE: u64 = 500;

/// What is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Guard,
    Renew,
    Control,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let wish = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Wish::Guard,
        ["--renew"] => Wish::Renew,
        ["--control"] => Wish::Control,
        other => panic!("unknown arguments {other:?}"),
    };
    let people = if wish == Wish::Control { 2 * PEOPLE } else { PEOPLE };
    let counted = workloads::count(people);
    if wish == Wish::Renew {
        counted.write();
        return ExitCode::SUCCESS;
    }
    let known = Counts::read();
    println!("{}; here {}", known.toolchain, counted.toolchain);
    let mut is_well = true;
    for (name, count) in &counted.workloads {
        let verdict = known.judge(name, *count);
        let unnoticed = wish == Wish::Control && workloads::grows(name) && verdict != Verdict::Slower;
        let slower = wish == Wish::Guard && matches!(verdict, Verdict::Slower | Verdict::Unknown);
        is_well &= !(unnoticed || slower);
        println!("{name:<32}{count:>15}  {}", known.sentence(name, *count, verdict));
    }
    if is_well {
        return ExitCode::SUCCESS;
    }
    println!("if it has to be so: cargo bench --profile dev --bench instructions -- --renew");
    ExitCode::FAILURE
}
