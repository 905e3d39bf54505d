//! The same call gives the same bytes, whatever locale cron, a timer or a terminal has.

use std::fs;

use crate::support::{Town, bare, text};

/// What cron has, what systemd has, what desks have, and one that is not installed anywhere.
const SURROUNDINGS: [&[(&str, &str)]; 8] = [
    &[],
    &[("LANG", "C")],
    &[("LC_ALL", "POSIX"), ("TERM", "xterm-256color")],
    &[("LANG", "C.UTF-8"), ("TERM", "dumb")],
    &[("LANG", "sv_SE.UTF-8")],
    &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "sv_SE.UTF-8"), ("NO_COLOR", "1")],
    &[("LC_ALL", "sv_SE.ISO-8859-1"), ("LANGUAGE", "sv:en")],
    &[("LANG", "xx_YY.nothing"), ("LC_TIME", "de_DE.UTF-8"), ("CLICOLOR_FORCE", "1")],
];

fn everywhere(town: &Town, words: &[&str]) -> (Option<i32>, String, String) {
    let mut seen = Vec::new();
    for surroundings in SURROUNDINGS {
        let output = town.call(words, surroundings);
        seen.push((output.status.code(), text(&output.stdout), text(&output.stderr)));
    }
    for (other, surroundings) in seen.iter().zip(SURROUNDINGS) {
        assert_eq!(other, &seen[0], "{words:?} in {surroundings:?}");
    }
    seen.remove(0)
}

#[test]
fn what_is_shown_is_the_same_in_every_locale() {
    for (language, of_wrong_flag) in [("sv", "Menade du --limit?"), ("en", "Did you mean --limit?")] {
        let town = Town::new(language);
        assert!(town.call(&["update-search"], &[]).status.success());
        let calls: [&[&str]; 14] = [
            &["runs", "--all"],
            &["runs", "--all", "--format", "csv"],
            &["log", "3", "--prio", "19"],
            &["findings"],
            &["findings", "--json"],
            &["person", "list"],
            &["person", "list", "--format", "csv"],
            &["person", "show", "person:5"],
            &["person", "why", "person:5"],
            &["search", "spökesallén"],
            &["sweep"],
            &["config", "show"],
            &["spar-import", "--help"],
            &["person", "import", "--template"],
        ];
        for words in calls {
            let (exit, shown, _) = everywhere(&town, words);
            assert_eq!(exit, Some(0), "{words:?}");
            assert!(!shown.is_empty() && !shown.contains('\u{1b}'), "{words:?}");
        }
        assert!(everywhere(&town, &["search", "--limt", "5", "x"]).2.contains(of_wrong_flag));
        assert_eq!(everywhere(&town, &["log", "4711"]).0, Some(1));
        assert_eq!(everywhere(&town, &["spar-import", "nowhere.xml"]).0, Some(2));
    }
}

#[test]
fn a_configuration_that_is_refused_is_refused_in_the_language_that_it_names() {
    for (language, word) in [("sv", "inställningen"), ("en", "setting")] {
        let town = Town::new(language);
        let broken = fs::read_to_string(town.config()).unwrap() + "\nspa = 1\n";
        fs::write(town.config(), broken).unwrap();
        let (exit, _, told) = everywhere(&town, &["runs"]);
        assert_eq!(exit, Some(2));
        assert!(told.contains(word), "{told}");
    }
}

#[test]
fn what_is_stored_is_the_same_in_every_locale() {
    let mut stored = Vec::new();
    for surroundings in SURROUNDINGS {
        let town = Town::new("sv");
        fs::write(town.folder().join("åäö.csv"), "id_number;last_name\n198501012382;\u{d6}berg\n").unwrap();
        assert!(town.call(&["person", "import", "åäö.csv"], surroundings).status.success());
        let run = town.call(&["spar-import", &town.next_file(), "--today", "2026-11-22"], surroundings);
        assert!(matches!(run.status.code(), Some(0 | 3)), "{}", text(&run.stderr));
        let person = town.call(&["person", "show", "198501012382", "--json"], surroundings);
        stored.push((run.status.code(), text(&person.stdout).contains("\u{d6}berg")));
    }
    assert!(stored.iter().all(|one| *one == stored[0] && one.1), "{stored:?}");
}

#[test]
fn only_init_asks_the_locale() {
    let folder = tempfile::tempdir().unwrap();
    for (locale, line) in [("sv_SE.UTF-8", "language = \"sv\""), ("en_GB.UTF-8", "language = \"en\"")] {
        let town = Town::new("en");
        let made = folder.path().join(locale);
        let made = made.to_str().unwrap();
        assert!(town.call(&["init", made], &[("LANG", locale)]).status.success());
        let written = fs::read_to_string(format!("{made}/mantal.toml")).unwrap();
        assert!(written.lines().any(|there| there == line), "{locale}");
    }
    assert_eq!(bare(&["completions", "bash"]).status.code(), Some(0));
}
