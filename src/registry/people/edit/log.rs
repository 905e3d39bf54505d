//! The rows of the journal: what became of a person in one unit, as text.

use rusqlite::{Connection, Statement, params};

use super::Trace;
use crate::domain::change::{Change, Image, Json};
use crate::domain::person::{Person, PersonId};
use crate::failure::{Failure, Result};

const INSERT: &str =
    "INSERT INTO journal (run_id, person_id, file_id, at, verb, changes) VALUES (?, ?, ?, ?, ?, ?)";

/// Whether a journal row carries what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Before and after stand in it.
    Nothing,
    /// Only that something changed, and why: of somebody protected.
    Values,
}

/// Writes the rows of one unit; the statement is prepared once and held, and so is the text.
pub(super) struct JournalWriter<'r> {
    insert: Statement<'r>,
    trace: Trace,
    at: String,
    text: String,
}

impl<'r> JournalWriter<'r> {
    pub(super) fn new(connection: &'r Connection, trace: Trace, at: &str) -> Result<Self> {
        Ok(Self { insert: connection.prepare(INSERT)?, trace, at: at.to_owned(), text: String::new() })
    }

    /// Somebody came or went: the whole person.
    pub(super) fn image(&mut self, id: PersonId, verb: &str, person: &Person) -> Result<()> {
        let mut text = std::mem::take(&mut self.text).into_bytes();
        text.clear();
        serde_json::to_writer(&mut text, &Image(person)).map_err(|_| no_json())?;
        self.text = String::from_utf8(text).map_err(|_| no_json())?;
        self.put(id, verb)
    }

    /// Somebody is another than before.
    pub(super) fn changes(&mut self, id: PersonId, changes: &[Change], withheld: Withheld) -> Result<()> {
        self.text.clear();
        write_changes(&mut self.text, changes, withheld);
        self.put(id, "changed")
    }

    fn put(&mut self, id: PersonId, verb: &str) -> Result<()> {
        let file = self.trace.file.map(|file| file.0);
        self.insert.execute(params![self.trace.run.0, id.0, file, self.at, verb, self.text])?;
        Ok(())
    }
}

fn no_json() -> Failure {
    Failure::internal("a person who is no JSON")
}

/// Changes as their journal row has them: `[[field, before, after, rule], …]`.
pub(in crate::registry::people) fn journal_text(changes: &[Change], withheld: Withheld) -> String {
    let mut text = String::new();
    write_changes(&mut text, changes, withheld);
    text
}

fn write_changes(text: &mut String, changes: &[Change], withheld: Withheld) {
    let mut before = "[";
    for change in changes {
        let (old, new) = match withheld {
            Withheld::Nothing => (&change.old, &change.new),
            Withheld::Values => (&Json::NULL, &Json::NULL),
        };
        // Fields and rules have names of ours, which need no escaping.
        for part in [
            before,
            "[\"",
            change.field.key(),
            "\",",
            old.as_str(),
            ",",
            new.as_str(),
            ",\"",
            change.why.0,
            "\"]",
        ] {
            text.push_str(part);
        }
        before = ",";
    }
    text.push_str(if changes.is_empty() { "[]" } else { "]" });
}
