//! The rows of the journal: what became of a person in one unit, as text.

use rusqlite::{Connection, Statement, params};

use super::Trace;
use super::recorded::{Arrival, What};
use crate::domain::change::{Change, Image, Json};
use crate::domain::person::{Person, PersonId};
use crate::failure::{Failure, Result};
use crate::registry::journal::{in_short, shorten};

const INSERT: &str =
    "INSERT INTO journal (run_id, person_id, file_id, at, verb, changes) VALUES (?, ?, ?, ?, ?, ?)";

/// Most rows have less, so that their memory is taken once.
pub(super) const ROOM: usize = 1024;

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
    /// As JSON, and as it stands in the row.
    json: Vec<u8>,
    text: String,
}

impl<'r> JournalWriter<'r> {
    pub(super) fn new(connection: &'r Connection, trace: Trace, at: &str) -> Result<Self> {
        let insert = connection.prepare(INSERT)?;
        Ok(Self { insert, trace, at: at.to_owned(), json: Vec::new(), text: String::new() })
    }

    /// Somebody came or went: the whole person.
    pub(super) fn image(&mut self, id: PersonId, verb: &str, person: &Person) -> Result<()> {
        write_image(&mut self.json, person)?;
        self.put_json(id, verb)
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
        if let (Some(text), Withheld::Nothing) = (what.row(), withheld) {
            return self.put(id, "changed", text);
        }
        self.json.clear();
        write_changes(&mut self.json, what.changes(), withheld);
        self.put_json(id, "changed")
    }

    fn put_json(&mut self, id: PersonId, verb: &str) -> Result<()> {
        let mut text = std::mem::take(&mut self.text).into_bytes();
        text.clear();
        shorten(&self.json, &mut text);
        let text = String::from_utf8(text).map_err(|_| no_json())?;
        self.put(id, verb, &text)?;
        self.text = text;
        Ok(())
    }

    fn put(&mut self, id: PersonId, verb: &str, text: &str) -> Result<()> {
        let file = self.trace.file.map(|file| file.0);
        self.insert.execute(params![self.trace.run.0, id.0, file, self.at, verb, text])?;
        Ok(())
    }
}

pub(super) fn write_image(json: &mut Vec<u8>, person: &Person) -> Result<()> {
    json.clear();
    serde_json::to_writer(json, &Image(person)).map_err(|_| no_json())
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
