//! Every command of the texts is run, block by block, in a town that has what they name; what can't be run is listed
//! with its reason in `workshop`.

use std::{fs, sync::Mutex, thread};

use super::{blocks, commands, prose, root, texts, words};
use crate::workshop::{Call, Workshop};

/// Calls that end otherwise than with 0 or 3 where the texts have them, and why.
const OTHERWISE: [(&str, &str, i32, &str); 2] = [
    ("docs/spar.md", "mantal spar-export --approve 12", 1, "no list of the town was held"),
    ("docs/spar-import.md", "mantal spar-import --approve 5", 1, "no file of the town was held"),
];

/// What has to be there before a block, beside what every town has.
const BEFORE: [(&str, &str); 8] = [
    (FIRST_LINES, "mantal init ."),
    ("person unprotect person:17", "mantal person protect person:17 --reason decision"),
    ("lifted, letter from the tax agency", "mantal person protect person:51 --reason decision"),
    ("person release person:17", "mantal person hold person:17 --reason dispute"),
    ("purge --confirm --plan plan.json", "mantal purge --plan plan.json"),
    ("sweep --json plan.json", "mantal purge --plan plan.json"),
    ("mantal restore", "mantal backup && mv backups/*.db backups/mantal-20261122T083625Z.db"),
    (
        "purge proof -",
        "mantal retention import classes.csv; mantal person set person:41 --class GONE; mantal purge --confirm",
    ),
];

/// Where somebody begins with nothing.
const BEGINNINGS: [&str; 3] = ["mantal init .", "mantal init /srv/mantal", FIRST_LINES];
const FIRST_LINES: &str = "mantal config check\n# Which columns";

/// Texts whose commands are run on a fresh Debian, with its users and its cron: `packaging/try-deb.sh`.
const ELSEWHERE: [&str; 2] = ["docs/installation.md", "docs/first-evening.md"];

/// Lines of the shell from one place of one text.
struct Block {
    page: String,
    lines: String,
}

fn block_list() -> Vec<Block> {
    let names: Vec<String> = commands().iter().map(|path| format!("mantal {}", path.join(" "))).collect();
    let mut all = crontab();
    for (page, text) in texts().into_iter().filter(|(page, _)| !ELSEWHERE.contains(&page.as_str())) {
        let block = |lines| Block { page: page.clone(), lines };
        for (language, lines) in blocks(&text) {
            if language == "sh" || language == "console" {
                let lines: Vec<&str> = lines.iter().map(|line| line.trim_start_matches("$ ")).collect();
                all.push(block(lines.join("\n")));
            }
        }
        all.extend(commands_of_tables(&text, &names).into_iter().map(block));
    }
    all
}

/// Whole commands in tables, and examples of the reference: each is for itself.
fn commands_of_tables(text: &str, names: &[String]) -> Vec<String> {
    let prose = prose(text);
    let is_row = |line: &&str| line.starts_with("| ") || line.starts_with("Example: ");
    let spans = prose.lines().filter(is_row).flat_map(|line| line.split('`').skip(1).step_by(2));
    // A name alone is what the row is about; with more words it is something to type.
    let is_typed = |span: &&str| words(span).is_some() && !names.iter().any(|name| name == span);
    spans.filter(is_typed).map(|span| span.replace("\\|", "|")).collect()
}

/// The lines of the crontab, those too that are commented out.
fn crontab() -> Vec<Block> {
    let text = fs::read_to_string(root().join("crontab.example")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("# "));
    let calls = lines.filter_map(|line| Some(format!("mantal {}", line.split_once(" mantal ")?.1)));
    calls.map(|lines| Block { page: "crontab.example".to_owned(), lines }).collect()
}

fn is_expected(page: &str, call: &Call) -> bool {
    let line = format!("mantal {}", call.words);
    let known = OTHERWISE.iter().find(|(of, start, _, _)| page == *of && line.starts_with(start));
    known.map_or(matches!(call.exit, 0 | 3), |(_, _, exit, _)| call.exit == *exit)
}

fn try_block(block: &Block) -> Vec<String> {
    let begins_anew = BEGINNINGS.iter().any(|beginning| block.lines.contains(beginning));
    let workshop = if begins_anew { Workshop::empty() } else { Workshop::town() };
    for (_, before) in BEFORE.iter().filter(|(part, _)| block.lines.contains(part)) {
        workshop.must(before);
    }
    let (calls, told) = workshop.run(&block.lines);
    let mut wrong: Vec<String> = Vec::new();
    let named = block.lines.lines().filter(|line| line.trim_start().starts_with("mantal ")).count();
    if calls.len() < named {
        wrong.push(format!("{}: {} of {named} calls were made: {told}", block.page, calls.len()));
    }
    if ["command not found", "syntax error", "No such file"].iter().any(|fault| told.contains(fault)) {
        wrong.push(format!("{}: {}: {told}", block.page, block.lines));
    }
    let unexpected = calls.iter().filter(|call| !is_expected(&block.page, call));
    wrong.extend(
        unexpected
            .map(|call| format!("{}: exit {}: mantal {}: {}", block.page, call.exit, call.words, call.told)),
    );
    wrong
}

#[test]
fn every_command_of_the_texts_does_what_it_is_there_for() {
    let blocks = block_list();
    assert!(blocks.len() > 150, "{}", blocks.len());
    let (next, wrong) = (Mutex::new(blocks.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let Some(block) = next.lock().unwrap().next() else { return };
                    let found = try_block(block);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_command_that_does_nothing_useful_would_be_noticed() {
    let block = |lines: &str| Block { page: "a page".to_owned(), lines: lines.to_owned() };
    let rows = ["mantal undo 4711", "mantal nothing", "mantl runs", "cat nowhere.csv"];
    for lines in rows {
        assert!(!try_block(&block(lines)).is_empty(), "{lines}");
    }
    assert_eq!(try_block(&block("mantal runs\nmantal log 12 | cat")), Vec::<String>::new());
}
