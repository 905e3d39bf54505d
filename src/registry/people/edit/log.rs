//! The rows of the journal: what became of a person in one unit, as text.

use rusqlite::{Connection, Statement, params};

use super::Trace;
use super::recorded::{Arrival, What};
use crate::domain::change::{Change, Image, Json};
use crate::domain::person::{Person, PersonId};
use crate::failure::{Failure, Result};
use crate::registry::journal::in_short;

const INSERT: &str =
    "INSERT INTO journal (run_id, person_id, file_id, at, verb, changes) VALUES (?, ?, ?, ?, ?, ?)";

/// Most rows have less, so that their memory is taken once.
const ROOM: usize = 1024;

/// Whether a journal row carries what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Before and after stand in it.
    Nothing,
    /// Only that something changed, and why: of somebody protected.
    Values,
}

/// Writes the rows of one unit; the statement is prepared once and held.
pub(super) struct JournalWriter<'r> {
    insert: Statement<'r>,
    trace: Trace,
    at: String,
}

impl<'r> JournalWriter<'r> {
    pub(super) fn new(connection: &'r Connection, trace: Trace, at: &str) -> Result<Self> {
        Ok(Self { insert: connection.prepare(INSERT)?, trace, at: at.to_owned() })
    }

    /// Somebody came or went: the whole person.
    pub(super) fn image(&mut self, id: PersonId, verb: &str, person: &Person) -> Result<()> {
        self.put(id, verb, &image_text(person)?)
    }

    /// Somebody came: their row is there already.
    pub(super) fn arrival(&mut self, id: PersonId, arrival: &Arrival) -> Result<()> {
        match arrival.row() {
            Some(text) => self.put(id, "created", text),
            None => self.image(id, "created", arrival.person()),
        }
    }

    /// Somebody is another than before.
    pub(super) fn changes(&mut self, id: PersonId, what: What<'_>, withheld: Withheld) -> Result<()> {
        match (what.row(), withheld) {
            (Some(text), Withheld::Nothing) => self.put(id, "changed", text),
            (_, Withheld::Values) | (None, Withheld::Nothing) => {
                self.put(id, "changed", &journal_text(what.changes(), withheld)?)
            }
        }
    }

    fn put(&mut self, id: PersonId, verb: &str, text: &str) -> Result<()> {
        let file = self.trace.file.map(|file| file.0);
        self.insert.execute(params![self.trace.run.0, id.0, file, self.at, verb, text])?;
        Ok(())
    }
}

/// A whole person as their journal row has them, in short.
pub(super) fn image_text(person: &Person) -> Result<String> {
    let mut json = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut json, &Image(person)).map_err(|_| no_json())?;
    in_short(&json)
}

fn no_json() -> Failure {
    Failure::internal("a person who is no JSON")
}

/// Changes as their journal row has them: `[[field, before, after, rule], …]` in short.
pub(in crate::registry::people) fn journal_text(changes: &[Change], withheld: Withheld) -> Result<String> {
    let mut json = Vec::with_capacity(ROOM);
    write_changes(&mut json, changes, withheld);
    in_short(&json)
}

fn write_changes(json: &mut Vec<u8>, changes: &[Change], withheld: Withheld) {
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
            json.extend_from_slice(part.as_bytes());
        }
        before = ",";
    }
    json.extend_from_slice(if changes.is_empty() { b"[]" } else { b"]" });
}
