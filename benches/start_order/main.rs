//! Writes `packaging/start.ld`: which functions every start runs, so that the linker lays them together.
//!
//! `cargo bench --bench start_order`, of the release build under valgrind; the next build goes by it. What is in the file and no
//! longer in the program is passed over, what is missing lies where it would without the file: it need not be renewed with
//! each change, but when `cargo bench --bench all -- --only nothing` says that a start takes more memory.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool that fails says so and stops"
)]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the benchmarks use the rest")]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use mantal::demo::Town;

use support::files;
use support::place::Place;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/start.ld");
/// Each has nothing to do the second time.
const STARTS: [&str; 3] = ["spar-export", "spar-import", "run-due"];
/// One byte in so many that go by a name has to be of a function that ran, or the name comes after the others.
const DENSE: u64 = 3;
/// For each function that ran at most so many bytes may go by its name.
const MOST: u64 = 32 << 10;

fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let place = Place::make(scratch.path(), "start", &[]);
    let roster = files::roster(Town { people: 1_000, seed: 1 }, &place.files);
    done(place.dated(&["person", "import"]).arg(&roster));
    let report = scratch.path().join("callgrind");
    let mut ran = BTreeSet::new();
    for words in STARTS {
        done(&mut place.mantal(&[words]));
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--demangle=no"]);
        valgrind.arg(format!("--callgrind-out-file={}", report.display()));
        let command = place.mantal(&[words]);
        done(valgrind.arg(command.get_program()).args(command.get_args()));
        let report = fs::read_to_string(&report).unwrap();
        ran.extend(functions(&report, Path::new(command.get_program())).into_iter().map(str::to_owned));
    }
    let patterns = patterns(&ran, &sizes(&place));
    // What is marked as cold lies in sections of another name.
    let line = |pattern: &String| format!("    *(.text.{pattern} .text.unlikely.{pattern})");
    let lines: Vec<String> = patterns.iter().map(line).collect();
    let lines = lines.join("\n");
    // A section of another name would do as well, but valgrind finds no names in it.
    let text = format!(
        "/* What every start runs, by the name of its section; `cargo bench --bench start_order` writes this file. */\n\
         SECTIONS\n{{\n  .text :\n  {{\n{lines}\n    *(.text.unlikely .text.unlikely.* .text .text.*)\n  }}\n}}\n\
         INSERT AFTER .init;\n"
    );
    fs::write(FILE, text).unwrap();
}

/// The functions of a program that ran, by callgrind's report: `ob=` says whose the following are, and names that were said
/// are numbers from then on.
fn functions<'r>(report: &'r str, program: &Path) -> BTreeSet<&'r str> {
    let (mut objects, mut names) = (BTreeMap::new(), BTreeMap::new());
    let (mut object, mut ran) = ("", BTreeSet::new());
    for line in report.lines() {
        let Some((kind, rest)) = line.split_once('=') else { continue };
        let known = match kind {
            "ob" | "cob" => &mut objects,
            "fn" | "cfn" => &mut names,
            _ => continue,
        };
        let (number, name) = rest.split_once(' ').unwrap_or((rest, ""));
        if !name.is_empty() {
            known.insert(number, name);
        }
        let name = known.get(number).copied().unwrap_or_default();
        match kind {
            "ob" => object = name,
            // Recursion is shown as functions of their own.
            "fn" if Path::new(object) == program => {
                ran.insert(name.split_once('\'').map_or(name, |(name, _)| name));
            }
            _ => {}
        }
    }
    ran
}

/// Of every function of the program its name and how long it is, by `nm`.
fn sizes(place: &Place) -> Vec<(String, u64)> {
    let output = Command::new("nm").arg("-S").arg(place.mantal(&[]).get_program()).output();
    let output = String::from_utf8(output.expect("nm is here (apt install binutils)").stdout).unwrap();
    let size = |line: &str| match line.split(' ').collect::<Vec<_>>().as_slice() {
        [_, size, "t" | "T" | "w" | "W", name] => {
            Some(((*name).to_owned(), u64::from_str_radix(size, 16).ok()?))
        }
        _ => None,
    };
    output.lines().filter_map(size).collect()
}

/// What goes by one name.
#[derive(Default)]
struct Shared {
    /// Bytes of all functions.
    all: u64,
    /// Bytes of those that ran.
    of_use: u64,
    /// How many ran.
    count: u64,
}

/// By which names what ran is found: first those that hardly anything else goes by, then those that many types share.
fn patterns(ran: &BTreeSet<String>, sizes: &[(String, u64)]) -> Vec<String> {
    let mut found: BTreeMap<String, Shared> = BTreeMap::new();
    for (name, size) in sizes {
        let shared = found.entry(pattern(name)).or_default();
        shared.all += size;
        if ran.contains(name) {
            shared.of_use += size;
            shared.count += 1;
        }
    }
    let is_dense = |shared: &Shared| shared.all <= DENSE * shared.of_use;
    // Where it lies alone each of them takes a page or more.
    found.retain(|_, shared| is_dense(shared) || shared.all <= shared.count * MOST);
    let mut found: Vec<(String, Shared)> = found.into_iter().collect();
    found.sort_by_key(|(_, shared)| !is_dense(shared));
    found.into_iter().map(|(pattern, _)| pattern).collect()
}

/// A function's name without what differs from build to build: hashes of types and crates, numbers of copies.
fn pattern(function: &str) -> String {
    if let Some((name, _)) = function.rsplit_once("17h").filter(|_| function.starts_with("_ZN")) {
        return format!("{name}17h*");
    }
    let name = [".llvm.", ".isra.", ".constprop.", ".part."]
        .iter()
        .find_map(|copy| Some(format!("{}{copy}*", function.split_once(copy)?.0)));
    let name = name.unwrap_or_else(|| function.to_owned());
    if !name.starts_with("_R") {
        return name;
    }
    let mut parts = name.split("Cs");
    let mut crates = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once('_').map_or(part, |(_, rest)| rest);
        crates.push_str("Cs*_");
        crates.push_str(rest);
    }
    crates
}

fn done(command: &mut Command) {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("valgrind is here (apt install valgrind)");
    assert!(status.success(), "{command:?} ended with {status}");
}
