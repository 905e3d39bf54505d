//! Colours and lines that fit are for terminals; a file or a pipe gets plain text.

use crate::support::{Town, bare, text};

const XTERM: &[(&str, &str)] = &[("TERM", "xterm-256color")];
const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_shown_only_on_a_terminal_and_only_to_who_wants_them() {
    let town = Town::new("en");
    for command in ["mantal runs --all", "mantal doctor", "mantal nothing"] {
        assert!(town.on_terminal(command, 100, XTERM).contains(ESCAPE), "{command}");
        for declined in [&[("TERM", "xterm"), ("NO_COLOR", "1")][..], &[("TERM", "dumb")], &[]] {
            assert!(!town.on_terminal(command, 100, declined).contains(ESCAPE), "{command} {declined:?}");
        }
        // The other stream may be a terminal: what goes into the pipe or the file is plain.
        let piped = town.on_terminal(&format!("({command} 2>&1) | cat"), 100, XTERM);
        assert!(!piped.is_empty() && !piped.contains(ESCAPE), "{command}: {piped}");
    }
    let words: [&[&str]; 4] = [&["runs"], &["doctor"], &["log", "3", "--full"], &["nothing"]];
    for words in words {
        let forced =
            town.call(words, &[("TERM", "xterm"), ("CLICOLOR_FORCE", "1"), ("COLORTERM", "truecolor")]);
        assert!(!(text(&forced.stdout) + &text(&forced.stderr)).contains(ESCAPE), "{words:?}");
    }
}

#[test]
fn progress_is_shown_on_standard_error_and_only_on_a_terminal() {
    let town = Town::new("en");
    let file = town.next_file();
    let call = format!("mantal spar-import --dry-run --json {file}");
    let watched = town.on_terminal(&format!("{call} > out.json"), 100, XTERM);
    let document = std::fs::read_to_string(town.folder().join("out.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok(), "{document}");
    assert!(watched.contains(ESCAPE), "nothing was shown: {watched}");
    let unwatched = town.on_terminal(&format!("{call} 2> err > out.json; cat err"), 100, XTERM);
    assert!(!unwatched.contains(ESCAPE), "{unwatched}");
    assert!(!town.on_terminal(&format!("{call} -q > out.json"), 100, XTERM).contains(ESCAPE));
}

fn widest(shown: &str) -> usize {
    shown.lines().map(|line| line.chars().count()).max().unwrap()
}

#[test]
fn lines_of_lists_are_broken_at_the_width_of_the_terminal_and_nowhere_else() {
    let town = Town::new("en");
    for command in ["mantal doctor", "mantal findings", "mantal log 3 --full", "mantal runs --all"] {
        let plain: &[(&str, &str)] = &[("TERM", "xterm"), ("NO_COLOR", "1")];
        let narrow = town.on_terminal(command, 72, plain);
        assert!(widest(&narrow) <= 72, "{command}: {narrow}");
        let piped = town.on_terminal(&format!("{command} | cat"), 72, plain);
        assert!(widest(&piped) > 72 || command.contains("log"), "{command}: {piped}");
        let words = |shown: &str| shown.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(command.contains("doctor") || words(&narrow) == words(&piped), "{command}: a word was lost");
    }
}

#[test]
fn help_fits_the_terminal() {
    let town = Town::new("en");
    for columns in [60, 80, 100] {
        let help = town.on_terminal("mantal person set --help", columns, XTERM);
        assert!(widest(&help) <= usize::from(columns), "{columns}: {help}");
    }
    assert!(widest(&text(&bare(&["person", "set", "--help"]).stdout)) <= 100);
}
