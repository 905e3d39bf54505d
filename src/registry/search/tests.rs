//! The index as a file: what is erased leaves no byte.

use std::path::Path;

use super::*;
use crate::domain::search::{Gathering, Wanted};
use crate::registry::protection::Finish;

/// Begins every word that has to go; a few letters of it are a trace.
const CANARY: &str = "kanarief";
const CANARIES: i64 = 60;

/// Sixty entries with words of the canary among others that stay: enough for pages that begin with one.
fn registry(path: &Path) -> Registry {
    let registry = Registry::create(path).unwrap();
    registry
        .write(|| {
            let mut indexer = registry.indexer()?;
            for person in 1..=CANARIES * 4 {
                let mut words = Gathering::default();
                for part in 0..6 {
                    let beginning = if person <= CANARIES { CANARY } else { "kanot" };
                    words.name(&format!("{beginning}{:x}", (person * 31 + part) * 0x9e37_79b9_7f4a));
                }
                indexer.put(Whose::Person(PersonId(person)), &words.entry())?;
            }
            indexer.merge()
        })
        .unwrap();
    registry
}

fn forget_canaries(registry: &Registry) {
    let forget =
        || (1..=CANARIES).try_for_each(|person| registry.forget_in_search(Some(PersonId(person)), &[]));
    registry.write(forget).unwrap();
}

fn traces(path: &Path) -> usize {
    let files = ["", "-wal", "-shm"].map(|suffix| format!("{}{suffix}", path.display()));
    let count = |file: &String| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes.windows(CANARY.len()).filter(|window| *window == CANARY.as_bytes()).count()
    };
    files.iter().map(count).sum()
}

#[test]
fn nothing_of_a_forgotten_word_is_left_once_the_erasure_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let registry = registry(&path);
    assert!(traces(&path) > 100, "the test can't see words");
    forget_canaries(&registry);
    assert_eq!(registry.finish_erasure().unwrap(), Finish::Done);
    assert_eq!(traces(&path), 0);
    // The rest is there, and the index fits its entries.
    for check in [
        "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)",
        "INSERT INTO search_name (search_name, rank) VALUES ('integrity-check', 1)",
    ] {
        registry.connection().execute(check, []).unwrap();
    }
    let left: i64 = registry
        .connection()
        .query_row("SELECT count(*) FROM search WHERE search MATCH 'names : (\"kano\" *)'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(left, CANARIES * 3);
}

#[test]
fn deleting_and_rewriting_the_file_alone_would_leave_the_beginnings_of_words() {
    // Why the finish rewrites the index: without it this trace stays. If it goes one day, so may the rewriting.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let registry = registry(&path);
    forget_canaries(&registry);
    registry.connection().execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    assert!(traces(&path) > 0);
}

#[test]
fn a_forgotten_entry_is_not_found_even_before_the_erasure_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(&folder.path().join("registry.db"));
    let sql = "SELECT count(*) FROM search WHERE search MATCH '\"kanarief\" *'";
    let found = || registry.connection().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(found(), CANARIES);
    forget_canaries(&registry);
    assert_eq!(found(), 0);
}

#[test]
fn words_are_no_syntax() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(&folder.path().join("registry.db"));
    let texts = [
        "AND",
        "names:x",
        "a OR b",
        "NEAR(a b, 2)",
        "\"",
        "a\" OR \"b",
        "-a",
        "^a",
        "{names}:a",
        "a*b",
        "💣 a",
        "ः",
    ];
    for text in texts {
        // A word that the index's tokenizer took apart would be a phrase, which it refuses.
        if let Ok(wanted) = Wanted::read(text) {
            registry.search(None, Some(&wanted), 10).unwrap();
        }
    }
}
