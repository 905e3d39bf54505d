//! docs/commands.md is written from the program's own help, and manual pages are what a viewer can show.

use std::{fmt::Write as _, fs, process::Command};

use crate::support::{PROGRAM, commands, help_of, root, text};

const PAGE: &str = "docs/commands.md";
const RENEW: &str = "RENEW_REFERENCE=1 cargo test --test command_line reference";
const OF_EVERY_COMMAND: &str = "Options of every command:";
/// What every command that changes something takes.
const OF_EVERY_RUN: [&str; 4] = ["--dry-run", "--allow", "--approve", "--wait"];

/// A part of the help: a heading and its lines, each `what  text`.
struct Part {
    heading: String,
    lines: Vec<(String, String)>,
}

/// The parts of a help in long lines.
fn parts(help: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in help.lines() {
        let is_heading = line.ends_with(':') && !line.starts_with(' ');
        if is_heading {
            parts.push(Part { heading: line.to_owned(), lines: Vec::new() });
        } else if let Some(part) = parts.last_mut().filter(|_| line.starts_with("  ")) {
            let line = line.trim();
            let (what, text) = line.split_once("  ").unwrap_or((line, ""));
            part.lines.push((what.to_owned(), text.trim().to_owned()));
        }
    }
    parts
}

fn is_of_every_run(what: &str) -> bool {
    OF_EVERY_RUN.contains(&what.split(' ').next().unwrap())
}

fn table(out: &mut String, lines: &[(String, String)]) {
    out.push_str("\n| | |\n|---|---|\n");
    for (what, text) in lines {
        // A bar would end the cell, in a code span too.
        let (what, text) = (what.replace('|', "\\|"), text.replace('|', "\\|"));
        writeln!(out, "| `{what}` | {text} |").unwrap();
    }
}

fn section(path: &[String], help: &str) -> String {
    let name = [&["mantal".to_owned()], path].concat().join(" ");
    let mut out = format!("\n## {name}\n\n");
    let (head, rest) = help.split_once("\nUsage:").unwrap();
    writeln!(out, "{}", head.trim()).unwrap();
    let usage = rest.split("\n\n").next().unwrap();
    let usage: Vec<&str> = usage.lines().map(str::trim).collect();
    writeln!(out, "\n```text\n{}\n```", usage.join("\n")).unwrap();
    let mut is_run = false;
    for part in parts(help).iter().filter(|part| part.heading != OF_EVERY_COMMAND) {
        let kept = |line: &&(String, String)| {
            !matches!(line.0.as_str(), "-h, --help" | "-V, --version" | "help") && !is_of_every_run(&line.0)
        };
        let lines: Vec<_> = part.lines.iter().filter(kept).cloned().collect();
        is_run |= part.lines.iter().filter(|line| is_of_every_run(&line.0)).count() == OF_EVERY_RUN.len();
        // Only some of them: they stand where they are.
        let some: Vec<_> =
            part.lines.iter().filter(|line| is_of_every_run(&line.0) && !is_run).cloned().collect();
        let lines = [lines, some].concat();
        if !lines.is_empty() {
            table(&mut out, &lines);
        }
    }
    if is_run {
        out.push_str("\nAnd [the flags of every run](#flags-of-every-run).\n");
    }
    let (_, end) = help.split_once("\nExit codes: ").unwrap();
    let (codes, example) = end.split_once("\n\nExample: ").unwrap();
    writeln!(out, "\nExit codes: {}\n\nExample: `{}`", codes.trim(), example.trim()).unwrap();
    out
}

fn reference() -> String {
    let root_help = help_of(&[]);
    let of_every_command =
        parts(&root_help).into_iter().find(|part| part.heading == OF_EVERY_COMMAND).unwrap();
    let run = parts(&help_of(&["spar-import".to_owned()]));
    let of_every_run = run.into_iter().flat_map(|part| part.lines).filter(|line| is_of_every_run(&line.0));
    let mut out = format!(
        "# Commands\n\nWritten from the program's own help; a test compares the two. After a change of a command renew it with\n`{RENEW}`.\n\nWhat the codes mean to a script: [exit-codes.md](exit-codes.md). What `--json` prints: [json.md](json.md).\n\n## Flags of every command\n"
    );
    table(&mut out, &of_every_command.lines);
    out.push_str("\n## Flags of every run\n\nCommands that change something are runs: they have a row in `mantal runs`, and take these.\n");
    table(&mut out, &of_every_run.collect::<Vec<_>>());
    for path in commands() {
        out += &section(&path, &help_of(&path));
    }
    out
}

#[test]
fn the_reference_says_what_the_help_says() {
    let wanted = reference();
    let path = root().join(PAGE);
    if std::env::var_os("RENEW_REFERENCE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let differing = there.lines().zip(wanted.lines()).find(|(there, wanted)| there != wanted);
    assert!(
        there == wanted,
        "{PAGE} is not what the program says, first at {differing:?}. Renew it: {RENEW}"
    );
}

#[test]
fn the_reference_has_every_flag_of_every_command() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    for path in commands() {
        let name = [&["mantal".to_owned()], path.as_slice()].concat().join(" ");
        let section =
            page.split(&format!("\n## {name}\n")).nth(1).unwrap_or_else(|| panic!("{name} is missing"));
        let section = section.split("\n## ").next().unwrap();
        let flags = help_of(&path);
        let flags = flags.split(OF_EVERY_COMMAND).next().unwrap().lines();
        for flag in flags.filter_map(|line| line.trim().strip_prefix("--")?.split([' ', '=', '<']).next()) {
            let everywhere = is_of_every_run(&format!("--{flag}")) && section.contains("#flags-of-every-run");
            assert!(everywhere || section.contains(&format!("--{flag}")), "{name} --{flag}");
        }
    }
}

#[test]
fn manual_pages_are_plain_roff_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(PROGRAM).args(["man", "--to"]).arg(folder.path()).env_clear().output().unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    let has_groff = has("groff");
    for path in commands() {
        let name = [&["mantal".to_owned()], path.as_slice()].concat().join("-");
        let page = folder.path().join(format!("{name}.1"));
        let roff = fs::read(&page).unwrap();
        assert!(roff.is_ascii(), "{name}.1 is read differently in another locale");
        if has_groff {
            let shown =
                Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(&page).output().unwrap();
            assert!(shown.stderr.is_empty(), "{name}: {}", text(&shown.stderr));
        }
    }
}
