//! The words of the command line as the run row keeps them: nothing in them names anybody.

use std::ffi::OsString;

/// Flags whose values say nothing about people.
const OPEN_FLAGS: &[&str] = &[
    "--config",
    "--set",
    "--lang",
    "--today",
    "--allow",
    "--approve",
    "--wait",
    "--kind",
    "--state",
    "--prio",
    "--address",
    "--active",
    "--allow-update",
    "--secrets",
    "--what-if",
    "--limit",
    "--mode",
    "--scope",
    "--source",
    "--since",
    "--cursor",
    "--ack",
    "--format",
    "--at",
    "--until",
    "--only",
    "--plan",
];
/// Flags that take no value.
const BARE_FLAGS: &[&str] = &[
    "--user-edits",
    "--json",
    "--dry-run",
    "--known",
    "--by-person",
    "--refreshed",
    "--all",
    "--full",
    "--accept-loss",
    "--add",
    "-v",
    "-vv",
    "-q",
    "--verbose",
    "--quiet",
    "--nonresident",
    "--confirm",
    "--no-backups",
];
/// Commands whose other words are files.
const FILE_COMMANDS: [&str; 8] =
    ["spar-import", "import", "backup", "restore", "demo", "init", "population-import", "sync-contacts"];
const MASK: &str = "***";

/// The words with every value masked that could be a personal one.
pub(super) fn masked(words: &[OsString]) -> String {
    let mut shown = Vec::new();
    let mut takes_files = false;
    let mut value_of: Option<bool> = None;
    for word in words.iter().skip(1) {
        let word = word.to_string_lossy();
        if let Some(is_open) = value_of.take() {
            shown.push(if is_open { word.into_owned() } else { MASK.to_owned() });
        } else if let Some((flag, value)) = word.split_once('=').filter(|(flag, _)| flag.starts_with("--")) {
            let value = if OPEN_FLAGS.contains(&flag) { value } else { MASK };
            shown.push(format!("{flag}={value}"));
        } else if word == "--" {
            shown.push(word.into_owned());
        } else if word.starts_with('-') && word.len() > 1 {
            value_of = (!BARE_FLAGS.contains(&word.as_ref())).then(|| OPEN_FLAGS.contains(&word.as_ref()));
            shown.push(word.into_owned());
        } else {
            takes_files |= FILE_COMMANDS.contains(&word.as_ref());
            let is_open = takes_files || is_harmless(&word);
            shown.push(if is_open { word.into_owned() } else { MASK.to_owned() });
        }
    }
    crate::failure::escaped(&shown.join(" "))
}

/// Whether a value among these words could be a personal one.
pub(super) fn could_be_personal(words: &[OsString]) -> bool {
    masked(words).split([' ', '=']).any(|word| word == MASK)
}

/// A command, an internal id, a run or finding.
fn is_harmless(word: &str) -> bool {
    let is_command = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && word.len() > 1;
    let is_small = word.len() < 9 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_command && COMMANDS.contains(&word) || is_small || word.starts_with("person:")
}

const COMMANDS: &[&str] = &[
    "person",
    "list",
    "show",
    "set",
    "search",
    "protect",
    "unprotect",
    "runs",
    "log",
    "findings",
    "done",
    "ignore",
    "reopen",
    "undo",
    "config",
    "check",
    "backup",
    "restore",
    "import",
    "spar-import",
    "spar-export",
    "update-search",
    "init",
    "demo",
    "why",
    "merge",
    "area",
    "links",
    "population-import",
    "update-persons",
    "update-areas",
    "sync-contacts",
    "contacts",
    "reset",
    "completions",
    "man",
    "changes",
    "sweep",
    "schedule",
    "add",
    "remove",
    "run-due",
    "overdue",
    "case",
    "document",
    "subscription",
    "obligation",
    "draft",
    "event",
    "relation",
    "hold",
    "release",
    "access",
    "export",
    "purge",
    "proof",
    "verify",
    "replay",
    "retention",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        masked(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn no_personal_value_stays_in_the_arguments() {
        let rows = [
            ("mantal person show 198501012382", "person show ***"),
            ("mantal person show person:17", "person show person:17"),
            (
                "mantal person set person:17 --email a@b.se --by-person",
                "person set person:17 --email *** --by-person",
            ),
            ("mantal person set person:17 --last-name=Exempel", "person set person:17 --last-name=***"),
            ("mantal person search --name exempel", "person search --name ***"),
            ("mantal spar-import /tmp/f.xml --allow blocked=30", "spar-import /tmp/f.xml --allow blocked=30"),
            ("mantal area import --add /tmp/links.csv", "area import --add /tmp/links.csv"),
            ("mantal search 850101-2382 exempel --limit 5", "search *** *** --limit 5"),
            ("mantal update-search --dry-run", "update-search --dry-run"),
            ("mantal undo 12 --dry-run", "undo 12 --dry-run"),
            (
                "mantal schedule add purge --at 2026-12-01T22:00 -- --explain 198501012382",
                "schedule add purge --at 2026-12-01T22:00 -- --explain ***",
            ),
            (
                "mantal schedule add spar-import --at 2026-12-01T22:00 -- /tmp/f.xml",
                "schedule add spar-import --at 2026-12-01T22:00 -- /tmp/f.xml",
            ),
            ("mantal person protect person:3 --reason hot", "person protect person:3 --reason ***"),
        ];
        for (line, expected) in rows {
            assert_eq!(shown(line), expected);
        }
    }
}
