//! Rows of the change feed on their way out. Columns and verbs are a contract: docs/changes.md.

use serde_json::{Value, json};

use super::output::{self, Lines};
use crate::domain::feed::{Part, Told, tell};
use crate::domain::person::Person;
use crate::domain::shown;
use crate::failure::Result;
use crate::formats::csv_out::{CsvWriter, Separator};
use crate::leak_control::{self, Place};
use crate::registry::Registry;
use crate::registry::feed::FeedEntry;
use crate::registry::people::Reader;

const COLUMNS: [&str; 11] =
    ["run", "at", "person", "verb", "entity", "field", "old", "new", "why", "protected", "position"];

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Commas, every cell quoted, guarded against formulas.
    Csv,
    /// An object a line.
    Jsonl,
}

/// Rows on their way out.
pub(crate) struct Rows<'r> {
    people: Reader<'r>,
    out: Out,
}

enum Out {
    Csv(Box<CsvWriter<Lines>>),
    Objects(Lines),
}

struct Row<'e> {
    entry: &'e FeedEntry,
    verb: &'static str,
    part: Part,
}

impl<'r> Rows<'r> {
    /// Takes standard output, and writes the header if there is one.
    pub(crate) fn begin(registry: &'r Registry, format: Format) -> Result<Self> {
        let out = match format {
            Format::Jsonl => Out::Objects(Lines::new()),
            Format::Csv => {
                let mut csv = CsvWriter::new(Lines::new(), Separator::Comma).map_err(output::failed)?;
                csv.write_row(COLUMNS).map_err(output::failed)?;
                Out::Csv(Box::new(csv))
            }
        };
        Ok(Self { people: registry.people()?, out })
    }

    /// Writes what is told of one entry.
    pub(crate) fn entry(&mut self, entry: &FeedEntry) -> Result<()> {
        let whole = |person: &Person| Value::Object(shown::object(entry.person, person));
        let (verb, new) = match tell(entry.happened(), entry.standing) {
            Told::Nothing => return Ok(()),
            Told::Changed(parts) => {
                return parts
                    .into_iter()
                    .try_for_each(|part| self.put(&Row { entry, verb: "changed", part }));
            }
            Told::Protected => ("protected", leak_control::text(Place::Feed).into()),
            Told::Removed => ("removed", Value::Null),
            Told::Created(person) => ("created", whole(&person)),
            Told::Unprotected => match self.people.find(entry.person)? {
                Some(stored) => ("unprotected", whole(&stored.person)),
                None => return Ok(()),
            },
        };
        let part = Part { entity: "person", field: "", old: Value::Null, new, why: String::new() };
        self.put(&Row { entry, verb, part })
    }

    fn put(&mut self, row: &Row<'_>) -> Result<()> {
        match &mut self.out {
            Out::Objects(lines) => {
                lines.put(&row.object().to_string());
                Ok(())
            }
            Out::Csv(csv) => csv.write_row(row.cells()).map_err(output::failed),
        }
    }

    /// Whether somebody took everything.
    pub(crate) fn finish(self) -> bool {
        match self.out {
            Out::Objects(lines) => lines.finish(),
            Out::Csv(csv) => csv.finish().is_ok_and(Lines::finish),
        }
    }
}

impl Row<'_> {
    /// The values by the names of the columns.
    fn values(&self) -> [(&'static str, Value); 11] {
        let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        let (entry, part) = (self.entry, &self.part);
        let values = [
            json!(entry.run.0),
            json!(entry.at),
            json!(entry.person.0),
            json!(self.verb),
            json!(part.entity),
            text(part.field),
            part.old.clone(),
            part.new.clone(),
            text(&part.why),
            json!(self.verb == "protected"),
            json!(entry.position.to_string()),
        ];
        let mut columns = COLUMNS.into_iter();
        values.map(|value| (columns.next().unwrap_or_default(), value))
    }

    fn object(&self) -> Value {
        self.values().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn cells(&self) -> [String; 11] {
        self.values().map(|(_, value)| cell(&value))
    }
}

/// A text as it is, nothing as nothing, yes and no, anything else as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
