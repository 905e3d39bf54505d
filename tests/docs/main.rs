//! The texts for people can't rot: commands are the program's, links lead somewhere, settings and JSON keys exist.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod configurations;
mod json;
mod packages;
mod timers;
mod worked;
mod workshop;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts beside the code and everything in docs/, by their paths from the root.
fn texts() -> Vec<(String, String)> {
    let mut names =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    for folder in ["docs", "docs/adr", "docs/sv"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            names.extend(path.extension().is_some_and(|end| end == "md").then(|| format!("{folder}/{name}")));
        }
    }
    assert!(names.len() > 15, "{names:?}");
    names.into_iter().map(|name| (name.clone(), fs::read_to_string(root().join(name)).unwrap())).collect()
}

/// Fenced blocks of a text: language and lines, continued lines joined.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, content))) => content.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block that is not closed");
    let lines = |content: String| content.replace("\\\n", " ").lines().map(str::to_owned).collect();
    blocks.into_iter().map(|(language, content)| (language, lines(content))).collect()
}

/// The text without its blocks.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Code spans of prose.
fn spans(text: &str) -> Vec<String> {
    prose(text).split('`').skip(1).step_by(2).map(|span| span.replace('\n', " ")).collect()
}

/// The words after `mantal`, as a shell would split them; none if the line is another program's.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.trim().trim_start_matches("$ ").trim_start_matches("sudo -u mantal ");
    let line = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("mantal "))?;
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for letter in line.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => {
                // Two quotes with nothing between them are a word too.
                word.get_or_insert_default();
                quote = Some(letter);
            }
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => words.extend(word.take()),
            ('|' | '>' | '#' | '&' | ';', None) => break,
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

fn mantal(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mantal"));
    command.env_clear().args(words).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// With `--help` at the end nothing is done, but every word before it is read: an unknown command, flag or value fails.
fn is_understood(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (own, of_job) = words.split_at(words.iter().position(|word| *word == "--").unwrap_or(words.len()));
    let is_known = |words: Vec<&str>| mantal(&[words, vec!["--help"]].concat()).status.success();
    // What follows `schedule add JOB -- ` is the job's.
    let job = own.iter().skip_while(|word| **word != "add").nth(1).copied();
    let call = || job.into_iter().chain(of_job.iter().skip(1).copied()).collect();
    is_known(own.to_vec()) && (of_job.is_empty() || is_known(call()))
}

/// Every command and group of commands, as words.
fn commands() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut at = 0;
    while let Some(path) = all.get(at).cloned() {
        at += 1;
        let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = stdout(&mantal(&words));
        let Some((_, list)) = help.split_once("Commands:\n") else { continue };
        for name in list.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
            line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split(' ').next()
        }) {
            if name != "help" {
                all.push(path.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
    }
    all
}

#[test]
fn a_wrong_command_would_be_noticed() {
    // (words, whether the program knows them)
    let rows = [
        ("mantal spar-import --allow blocked=30 f.xml", true),
        ("mantal findings done 4 7 --note 'a note'", true),
        ("mantal spar-export --dry-run", true),
        ("mantal schedule add update-areas --at '2026-12-01 22:00' -- --allow areas=4000", true),
        ("mantal schedule add update-areas --at '2026-12-01 22:00' -- --alow areas=4000", false),
        ("mantal spar-export list", false),
        ("mantal spar-import --force f.xml", false),
        ("mantal spar-import --allow blocked f.xml", false),
        ("mantal undo last", false),
    ];
    for (line, expected) in rows {
        assert_eq!(is_understood(&words(line).unwrap()), expected, "{line}");
    }
}

#[test]
fn every_command_of_the_texts_is_one_that_the_program_understands() {
    let mut seen = 0;
    for (name, text) in texts() {
        let blocks =
            blocks(&text).into_iter().filter(|(language, _)| language == "sh" || language == "console");
        for line in blocks.flat_map(|(_, lines)| lines).chain(spans(&text)) {
            let Some(words) = words(&line) else { continue };
            assert!(is_understood(&words), "{name}: {line}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn the_readme_names_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    for path in commands.iter().filter(|path| path.len() == 1) {
        assert!(
            readme.contains(&format!("| `mantal {}", path[0]))
                || readme.contains(&format!("`, `mantal {}`", path[0])),
            "{path:?}"
        );
    }
}

#[test]
fn the_index_of_the_texts_names_a_page_for_every_command_and_every_page() {
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    for path in commands().iter().filter(|path| path.len() == 1) {
        assert!(index.contains(&format!("`mantal {}`", path[0])), "{path:?}");
    }
    for (name, _) in texts().iter().filter(|(name, _)| name.starts_with("docs/") && name != "docs/README.md")
    {
        assert!(index.contains(&format!("({})", name.trim_start_matches("docs/"))), "{name}");
    }
}

#[test]
fn every_help_ends_with_exit_codes_and_an_example_of_its_own() {
    for path in commands() {
        let call: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = stdout(&mantal(&call));
        let (_, end) =
            help.split_once("\nExit codes: 0 done").unwrap_or_else(|| panic!("{path:?}: no exit codes"));
        let (_, example) = end.split_once("\nExample: ").unwrap_or_else(|| panic!("{path:?}: no example"));
        let example = words(&example.replace('\n', " ")).unwrap();
        assert!(example.starts_with(&path) && example.len() >= path.len(), "{path:?}: {example:?}");
        assert!(is_understood(&example), "{example:?}");
    }
}

#[test]
fn every_flag_has_a_help_text() {
    for path in commands() {
        let call: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        for line in stdout(&mantal(&call)).lines() {
            let is_flag = line.trim_start().starts_with("--") && line.starts_with("      ");
            let has_text = line.trim().split("  ").filter(|part| !part.trim().is_empty()).count() > 1;
            assert!(!is_flag || has_text, "{path:?}: {line}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page_and_is_completed_by_every_shell() {
    let folder = tempfile::tempdir().unwrap();
    assert!(mantal(&["man", "--to", folder.path().to_str().unwrap()]).status.success());
    let scripts = ["bash", "zsh", "fish", "elvish"].map(|shell| stdout(&mantal(&["completions", shell])));
    for path in commands() {
        let name =
            std::iter::once("mantal").chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
        let page = fs::read_to_string(folder.path().join(format!("{name}.1"))).unwrap();
        for part in [".SH SYNOPSIS", "Exit codes: 0 done", "Example: mantal"] {
            assert!(page.contains(part), "{name}.1 has no {part}");
        }
        let words: Vec<&str> = std::iter::once("man").chain(path.iter().map(String::as_str)).collect();
        assert_eq!(stdout(&mantal(&words)), page, "{name}");
        let last = path.last().map_or("mantal", String::as_str);
        assert!(scripts.iter().all(|script| script.contains(last)), "{name}");
    }
    let bash = folder.path().join("mantal.bash");
    fs::write(&bash, &scripts[0]).unwrap();
    assert!(Command::new("bash").arg("-n").arg(&bash).status().unwrap().success());
    assert_eq!(mantal(&["man", "spar-imprt"]).status.code(), Some(2));
}

/// The anchor that a heading gets where the texts are read.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn internal_links_lead_somewhere() {
    let texts: BTreeMap<String, String> = texts().into_iter().collect();
    let mut seen = 0;
    for (name, text) in &texts {
        for piece in prose(text).split("](").skip(1) {
            let target = piece.split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            seen += 1;
            let (path, wanted) = target.split_once('#').unwrap_or((target, ""));
            let folder = PathBuf::from(name).parent().unwrap().to_owned();
            let path = if path.is_empty() { PathBuf::from(name) } else { folder.join(path) };
            let there = root().join(&path);
            assert!(there.exists(), "{name}: {target}");
            // Not every file that is linked to is UTF-8.
            let there = String::from_utf8_lossy(&fs::read(there).unwrap()).into_owned();
            assert!(wanted.is_empty() || anchors(&there).contains(wanted), "{name}: {target}");
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn every_setting_of_the_texts_is_one_that_init_writes() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("new");
    assert!(mantal(&["init", made.to_str().unwrap()]).status.success());
    let settings = fs::read_to_string(made.join("mantal.toml")).unwrap();
    let mut seen = 0;
    // The keys of a document look like settings.
    for (name, text) in texts().into_iter().filter(|(name, _)| name != "docs/json.md") {
        for span in spans(&text) {
            let is_setting =
                ["notify.", "schedule.", "spar.", "spool.", "limits.", "backup.", "log.", "protection."]
                    .iter()
                    .any(|group| span.starts_with(group))
                    && span.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'));
            if is_setting {
                seen += 1;
                assert!(settings.contains(&format!("{span} =")), "{name}: {span}");
            }
        }
    }
    assert!(seen > 8, "{seen}");
}

/// Every key of a document, with those it stands in; what is in lists is told by the list.
fn keys(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let key = format!("{at}.{key}");
                found.insert(key.clone());
                keys(value, &key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, at, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn keys_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    keys(value, "", &mut found);
    // What a run logged depends on the line.
    found.retain(|key| !key.starts_with(".params."));
    found
}

#[test]
fn the_json_of_the_texts_has_the_keys_that_the_program_prints() {
    let text = fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let shown = blocks(&text).into_iter().filter(|(language, _)| language == "json");
    let shown: Vec<Value> =
        shown.map(|(_, lines)| serde_json::from_str(&lines.join("\n")).unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let town = folder.path().join("town");
    let tour = mantal(&["demo", town.to_str().unwrap(), "--json"]);
    assert!(tour.status.success());
    let config = town.join("mantal.toml");
    let config = config.to_str().unwrap();
    // The file that the demonstration has not applied is the newer one.
    let mut files: Vec<PathBuf> =
        fs::read_dir(town.join("drop/out")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let file = files.last().unwrap().to_str().unwrap();
    let run = mantal(&["--config", config, "spar-import", "--json", file]);
    let log = mantal(&["--config", config, "log", "--json"]);
    let printed = [
        serde_json::from_slice(&run.stdout).unwrap(),
        serde_json::from_str(stdout(&log).lines().next().unwrap()).unwrap(),
    ];
    assert_eq!(shown.len(), printed.len());
    for (shown, printed) in shown.iter().zip(&printed) {
        assert_eq!(keys_of(shown), keys_of(printed));
    }
}

#[test]
fn the_texts_name_no_identity_number() {
    for (name, text) in texts() {
        for word in text.split(|letter: char| !letter.is_ascii_digit()) {
            // Twelve digits are a number; fourteen are the time in the name of a file.
            assert!(word.len() != 12 && word.len() != 10, "{name}: {word}");
        }
    }
}
