//! A wrong word on the command line: what may have been meant, in the user's language, and nobody's number repeated.

use crate::support::{Town, bare, text};

const NUMBER: &str = "198501012382";

#[track_caller]
fn refused(words: &[&str]) -> String {
    let output = bare(words);
    assert_eq!(output.status.code(), Some(2), "{words:?}");
    assert!(output.stdout.is_empty(), "{words:?}");
    text(&output.stderr)
}

#[test]
fn a_wrong_word_suggests_the_right_one_in_both_languages() {
    // (what was typed, what was meant)
    let rows: [(&[&str], &str); 11] = [
        (&["spar-imprt"], "spar-import"),
        (&["spar-exprt"], "spar-export"),
        (&["person", "lst"], "list"),
        (&["findngs"], "findings"),
        (&["person", "import", "--templat"], "--template"),
        (&["spar-import", "--alow", "blocked=3"], "--allow"),
        (&["spar-import", "--dryrun"], "--dry-run"),
        (&["runs", "--lnag", "en"], "--lang"),
        (&["findings", "--state", "opn"], "open"),
        (&["findings", "--kind", "numberchange"], "number-change"),
        (&["completions", "bsh"], "bash"),
    ];
    for (words, meant) in rows {
        let sentences = [("sv", format!("Menade du {meant}?")), ("en", format!("Did you mean {meant}?"))];
        for (language, sentence) in sentences {
            let told = refused(&[&["--lang", language], words].concat());
            assert!(told.contains(&sentence), "{words:?}: {told}");
        }
    }
}

#[test]
fn what_is_missing_too_much_or_unreadable_is_said_in_both_languages() {
    let rows: [(&[&str], &str, &str); 10] = [
        (&["person", "import"], "Det här saknas: <FILE>.", "This is missing: <FILE>."),
        (&["findings", "done", "4"], "Det här saknas: --note <TEXT>.", "This is missing: --note <TEXT>."),
        (&["runs", "x"], "Ett ord för mycket", "One word too many"),
        (&["runs", "--most"], "--most <N> behöver ett värde.", "--most <N> needs a value."),
        (
            &["runs", "--most", "x"],
            "--most <N>: värdet går inte att läsa.",
            "--most <N>: the value can't be read.",
        ),
        (&["runs", "--all=x"], "--all har inget värde.", "--all takes no value."),
        (
            &["runs", "--most", "1", "--most", "2"],
            "--most <N> får stå bara en gång.",
            "--most <N> may stand only once.",
        ),
        (
            &["person", "import", "--known", "--user-edits", "x.csv"],
            "går inte ihop med",
            "can't be used together with",
        ),
        (&["spar-import", "--allow", "blockd=3"], "skriv GRÄNS=ANTAL", "write LIMIT=COUNT"),
        (&["person", "set", "person:1", "--active", "maybe"], "välj bland yes, no.", "choose among yes, no."),
    ];
    for (words, swedish, english) in rows {
        assert!(refused(&[&["--lang", "sv"], words].concat()).contains(swedish), "{words:?}");
        let told = refused(&[&["--lang", "en"], words].concat());
        assert!(told.contains(english), "{words:?}: {told}");
    }
}

#[test]
fn the_configuration_decides_the_language_unless_the_words_do() {
    let town = Town::new("sv");
    let config = town.config();
    let config = config.to_str().unwrap();
    assert!(refused(&["--config", config, "rnus"]).contains("Menade du runs?"));
    assert!(refused(&["--config", config, "--lang", "en", "rnus"]).contains("Did you mean runs?"));
    assert!(refused(&["rnus"]).contains("Did you mean runs?"));
    let told = text(&bare(&["--config", config, "--json", "rnus"]).stdout);
    let document: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(document["error"]["code"], "command-line");
    assert!(document["error"]["text"].as_str().unwrap().contains("Menade du runs?"), "{document}");
}

#[test]
fn no_refusal_repeats_what_may_be_somebodys_number() {
    let rows: [&[&str]; 10] = [
        &[NUMBER],
        &["runs", NUMBER],
        &["person", NUMBER],
        &["log", NUMBER, NUMBER],
        &["log", "--prio", NUMBER],
        &["findings", "done", "850101-2382", "--note", "x"],
        &["person", "set", NUMBER, "--birth-date", NUMBER],
        &["person", "show", "--numer=198501012382"],
        &["person", "show", "--850101-2382"],
        &["person", "show", "-198501012382"],
    ];
    for words in rows {
        for json in [false, true] {
            let words: Vec<&str> = words.iter().copied().chain(json.then_some("--json")).collect();
            let output = bare(&words);
            assert_eq!(output.status.code(), Some(2), "{words:?}");
            let told = text(&output.stdout) + &text(&output.stderr);
            assert!(!told.contains("2382"), "{words:?}: {told}");
        }
    }
}
