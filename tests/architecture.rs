//! The rooms of the program and what may stand in each: a path that goes up or sideways fails here, so does SQL outside
//! the registry, a clock in the domain, a file that has grown too long. (docs/architecture.md)

#![cfg(test)]

#[path = "support/rust_source.rs"]
mod rust_source;

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, process};

use rust_source::{Source, sources, take_apart};

/// Each room and what it may use. Those at the end of the list are the floor.
const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &["demo", "jobs", "registry", "formats", "transport", "config", "io", "domain", "text", "failure"],
    ),
    ("demo", &["jobs", "registry", "formats", "config", "io", "domain", "text", "failure"]),
    ("jobs", &["registry", "formats", "transport", "config", "io", "domain", "text", "failure"]),
    ("registry", &["io", "domain", "text", "failure"]),
    ("formats", &["domain", "text", "failure"]),
    ("transport", &["config", "io", "domain", "text", "failure"]),
    ("config", &["io", "domain", "text", "failure"]),
    ("io", &["domain", "text", "failure"]),
    ("leak_control", &["domain"]),
    ("domain", &[]),
    ("failure", &["text"]),
    ("text", &[]),
];

const LONGEST_FILE: usize = 400;
/// 260 for the program, a third of them for SSH (docs/adr/0001-sftp-library.md), 22 for reading phone numbers, three
/// for completions and manual pages from clap's own definitions; six for pings over HTTP, which proxies
/// and TLS make too much for a page of our own;
/// the rest is the FTP server that the tests of the transports run against.
const MOST_PACKAGES: usize = 386;

fn room(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// `src/domain/spar/decide/mod.rs` is three deep.
fn depth(path: &str) -> usize {
    let parts = path.strip_prefix("src/").unwrap().split('/');
    parts.filter(|part| *part != "mod.rs").count()
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("/samples.rs")
}

/// The words and signs after each place where `start` stands as a whole word.
fn after<'c>(code: &'c str, start: &str) -> Vec<(usize, &'c str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(start)
        .filter(|(at, _)| !code[..*at].ends_with(is_word))
        .map(|(at, _)| (code[..at].matches('\n').count() + 1, &code[at + start.len()..]))
        .collect()
}

fn word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap()
}

/// The first words of `a::b`, or of all in `{a::b, c}`.
fn first_words(text: &str) -> Vec<&str> {
    let text = text.trim_start();
    let Some(inside) = text.strip_prefix('{') else { return vec![word(text)] };
    let mut depth = 1;
    let mut words = Vec::new();
    let mut start = 0;
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            words.push(word(inside[start..at].trim()));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// Rooms that a file uses, with the line.
fn used_rooms(source: &Source) -> Vec<(usize, String)> {
    let names: BTreeSet<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
    let mut used = Vec::new();
    for start in ["crate::", "mantal::"] {
        for (line, text) in after(&source.code, start) {
            used.extend(first_words(text).into_iter().map(|word| (line, word.to_owned())));
        }
    }
    // `super::super::…` that climbs out of its room.
    let climb = "super::".repeat(depth(&source.path));
    for (line, text) in after(&source.code, &climb) {
        used.extend(
            first_words(text.trim_start_matches("super::")).into_iter().map(|word| (line, word.to_owned())),
        );
    }
    used.retain(|(_, word)| names.contains(word.as_str()));
    used
}

fn offences(folder: &str, look: impl Fn(&Source) -> Vec<(usize, String)>) -> Vec<String> {
    let tell = |source: &Source| {
        let found = look(source).into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path));
        found.collect::<Vec<_>>()
    };
    let sources = sources(folder);
    assert!(!sources.is_empty(), "nothing to look at in {folder}");
    sources.iter().flat_map(tell).collect()
}

#[track_caller]
fn assert_none(offences: &[String], rule: &str) {
    assert!(offences.is_empty(), "{rule}:\n{}", offences.join("\n"));
}

#[test]
fn no_room_uses_one_above_or_beside_it() {
    let offences = offences("src", |source| {
        let own = room(&source.path);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == own) else {
            return if own == "lib" { vec![] } else { vec![(1, format!("{own} is no room of the list"))] };
        };
        used_rooms(source)
            .into_iter()
            // Who may leak on purpose is in a list of its own.
            .filter(|(_, used)| used != own && used != "leak_control" && !allowed.contains(&used.as_str()))
            .map(|(line, used)| (line, format!("{own} uses {used}")))
            .collect()
    });
    assert_none(&offences, "a room uses only what lies below it");
}

/// Words of code that a file must not have.
fn words(source: &Source, forbidden: &[&str]) -> Vec<(usize, String)> {
    let find = |what: &&str| {
        let hits = after(&source.code, what).into_iter();
        let whole = |text: &str| !text.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let what = (*what).to_owned();
        hits.filter(move |(_, text)| whole(text))
            .map(move |(line, _)| (line, what.clone()))
            .collect::<Vec<_>>()
    };
    forbidden.iter().flat_map(find).collect()
}

#[test]
fn the_domain_knows_no_file_no_clock_no_database_and_no_log() {
    let forbidden = [
        "anyhow",
        "rusqlite",
        "log",
        "std::fs",
        "fs",
        "std::io",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::path",
        "SystemTime",
        "Instant",
        "Utc",
        "Local",
        "getrandom",
        "rustix",
        "clap",
        "env_logger",
    ];
    let offences = offences("src/domain", |source| {
        if is_test(&source.path) {
            return vec![];
        }
        // A field or function of that name is none of these: only a path or a use is.
        let is_path = |line: usize, what: &str| {
            let line = source.code.lines().nth(line - 1).unwrap_or_default();
            line.contains(&format!("{what}::"))
                || line.trim_start().starts_with("use ")
                || what.contains("::")
        };
        words(source, &forbidden).into_iter().filter(|(line, what)| is_path(*line, what)).collect()
    });
    assert_none(&offences, "the domain is pure");
}

#[test]
fn formats_know_no_path_and_no_clock() {
    let forbidden =
        ["std::fs", "std::path", "std::net", "std::env", "rusqlite", "SystemTime", "Utc", "Local"];
    let look = |source: &Source| if is_test(&source.path) { vec![] } else { words(source, &forbidden) };
    assert_none(&offences("src/formats", look), "formats turn bytes into records");
}

#[test]
fn sql_stands_only_in_the_registry() {
    let starts =
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "CREATE TEMP", "PRAGMA ", "DROP "];
    let offences = offences("src", |source| {
        if source.path.starts_with("src/registry/") {
            return vec![];
        }
        let is_sql = |text: &str| starts.iter().any(|start| text.trim_start().starts_with(start));
        let strings = source.strings.iter().filter(|(_, text)| is_sql(text));
        let rusqlite = words(source, &["rusqlite"]);
        // Which kind a failure of SQLite is, is told where failures are born; a stop needs the interrupt handle.
        let allowed = ["src/failure.rs"];
        let rusqlite = rusqlite.into_iter().filter(|_| !allowed.contains(&source.path.as_str()));
        strings.map(|(line, _)| (*line, "SQL".to_owned())).chain(rusqlite).collect()
    });
    assert_none(&offences, "the registry is the only room with SQL");
}

#[test]
fn only_one_file_writes_to_the_terminal() {
    let offences = offences("src", |source| {
        let macros = words(source, &["println!", "eprintln!", "print!", "eprint!", "dbg!"]);
        let streams = words(source, &["io::stdout", "io::stderr", "stdout()", "stderr()"]);
        if source.path == "src/cli/output.rs" { vec![] } else { macros.into_iter().chain(streams).collect() }
    });
    assert_none(&offences, "cli/output.rs is the only file that writes to the terminal");
}

#[test]
fn nothing_is_unsafe_and_no_lint_is_silenced_without_a_reason() {
    for folder in ["src", "tests"] {
        let offences = offences(folder, |source| {
            let silenced = after(&source.code, "allow(").into_iter().filter(|(line, _)| {
                source.code.lines().nth(line - 1).unwrap_or_default().trim_start().starts_with('#')
            });
            let silenced = silenced.map(|(line, _)| (line, "allow".to_owned()));
            words(source, &["unsafe"]).into_iter().chain(silenced).collect()
        });
        assert_none(&offences, "no unsafe, no allow");
    }
}

/// Where the build that leaks on purpose can leak: nobody adds a place unnoticed.
const LEAKING: &str = "src/cli/access.rs src/cli/changes_view.rs src/cli/csv_view.rs src/cli/person_view.rs \
    src/cli/search_view.rs src/cli/session.rs src/cli/subject.rs src/failure.rs src/io/atomic_file.rs \
    src/io/side_file.rs src/jobs/metrics.rs src/jobs/notify.rs src/jobs/purge/plan.rs src/jobs/run.rs \
    src/jobs/runner.rs src/jobs/settle.rs src/jobs/spar_export/compose.rs src/registry/backup.rs \
    src/registry/findings.rs src/registry/open.rs src/registry/people/edit.rs src/registry/protection.rs \
    src/registry/search/erase.rs src/registry/staging/mod.rs src/transport/ping.rs";

#[test]
fn what_leaks_on_purpose_is_asked_for_in_a_list_of_files_and_chosen_in_one() {
    let mut idle: BTreeSet<&str> = LEAKING.split_whitespace().collect();
    let mut offences = Vec::new();
    for source in sources("src").into_iter().filter(|source| source.path != "src/leak_control.rs") {
        let is_asked = !words(&source, &["leak_control"]).is_empty() && source.path != "src/lib.rs";
        let chooses = |text: &str| text == "leak-control" || text.starts_with("MANTAL_LEAK");
        if source.strings.iter().any(|(_, text)| chooses(text)) || (is_asked && !idle.remove(&*source.path)) {
            offences.push(source.path);
        }
    }
    assert_none(
        &offences,
        "only the files of the list may leak on purpose, and only leak_control.rs chooses",
    );
    assert!(idle.is_empty(), "in the list for nothing: {idle:?}");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for folder in ["src", "tests"] {
        let offences = offences(folder, |source| {
            let lines = source.code.lines().count();
            if lines > LONGEST_FILE { vec![(lines, format!("{lines} lines"))] } else { vec![] }
        });
        assert_none(&offences, "split it by meaning");
    }
}

#[test]
fn dependencies_stay_few() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    assert!(
        packages <= MOST_PACKAGES,
        "{packages} packages; the cap rises only with a decision that says why"
    );
}

/// Files that git knows; in a tree without git, none.
fn committed() -> Vec<String> {
    let git = process::Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let Ok(output) = git else { return Vec::new() };
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let product = u32::from(byte - b'0') * if at % 2 == 1 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Texts of the shape of a number with century, hyphen or not, whose check digit is right.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let runs = text.split(|letter: char| !letter.is_ascii_digit() && letter != '-');
    for run in runs {
        let digits: String = match run.split('-').collect::<Vec<_>>().as_slice() {
            [one] if one.len() == 12 => (*one).to_owned(),
            [date, rest] if date.len() == 8 && rest.len() == 4 => [*date, *rest].concat(),
            _ => continue,
        };
        let part = |from: usize, to: usize| digits[from..to].parse::<u32>().unwrap();
        let is_dated =
            (1800..2100).contains(&part(0, 4)) && part(4, 6) <= 12 && matches!(part(6, 8), 1..=31 | 60..=91);
        if is_dated && is_luhn(&digits[2..]) {
            found.insert(digits);
        }
    }
    found
}

#[test]
fn no_identity_number_is_committed_but_the_published_test_numbers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/id-numbers");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: the published test numbers are not here");
        return;
    };
    let lists = entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let published: BTreeSet<String> =
        lists.flat_map(|list| list.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(published.len() > 30_000);
    let mut offences = Vec::new();
    for name in committed() {
        let Ok(bytes) = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)) else { continue };
        // UTF-16 fixtures too: without their zeros they are text.
        let text: String = String::from_utf8_lossy(&bytes).chars().filter(|letter| *letter != '\0').collect();
        let strange = numbers(&text).difference(&published).count();
        if strange > 0 {
            offences.push(format!("{name}: {strange} numbers"));
        }
    }
    assert_none(&offences, "only published test numbers are committed");
}

#[test]
fn the_reader_of_sources_tells_code_from_strings_and_comments() {
    let text = "let a = \"SELECT \\\"x\\\"\"; // crate::jobs\n/* unsafe /* deeper */ */ let b = r#\"raw \"q\"\"#;\nlet c = '\"'; let d = 'x'; fn e<'a>() {}\nlet r#type = '\\'';";
    let (code, strings) = take_apart(text);
    let strings: Vec<(usize, &str)> = strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(strings, [(1, "SELECT \"x\""), (2, "raw \"q\"")]);
    assert_eq!(code.lines().count(), 4);
    for gone in ["crate", "unsafe", "deeper", "SELECT", "raw"] {
        assert!(!code.contains(gone), "{gone} in {code}");
    }
    assert!(code.contains("fn e<'a>() {}"), "{code}");
    assert_eq!(first_words("{failure::Kind, text::{a, b}, io}; x"), ["failure", "text", "io"]);
    assert_eq!(first_words("domain::spar::post"), ["domain"]);
    assert_eq!(numbers("a19850101-2382b 198501012383 20250305031500").len(), 1);
}
