//! Lists as CSV for a spreadsheet: chosen keys of the same documents that `--json` prints.

use std::io::StdoutLock;

use serde_json::Value;

use super::output;
use crate::formats::csv_out::{CsvWriter, Separator};
use crate::leak_control::{self, Place};
use crate::text::Language;

/// How a list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For a spreadsheet: with semicolons in Swedish, with commas in English
    Csv,
}

/// A column: its name, and where in a document its value stands (`counts/read`).
pub(crate) type Column = (&'static str, &'static str);

/// Rows of a list under a header.
pub(crate) struct CsvView {
    rows: CsvWriter<StdoutLock<'static>>,
    columns: &'static [Column],
}

impl CsvView {
    /// Writes the header. A standard output that nobody reads changes nothing, here and below.
    pub(crate) fn begin(columns: &'static [Column], language: Language) -> Option<Self> {
        let mut rows = CsvWriter::new(output::locked(), separator(language)).ok()?;
        rows.write_row(columns.iter().map(|(name, _)| *name)).ok()?;
        Some(Self { rows, columns })
    }

    /// One row. False if nobody reads any more.
    pub(crate) fn put(&mut self, document: &Value) -> bool {
        let cells = self.columns.iter().map(|(_, path)| cell(document.pointer(&format!("/{path}"))));
        self.rows.write_row(cells.chain(leak_control::text(Place::ViewCsv))).is_ok()
    }

    /// What is left.
    pub(crate) fn end(self) {
        drop(self.rows.finish());
    }
}

/// Shows a header alone, for somebody who fills in what belongs below it.
pub(crate) fn header(names: &[String], language: Language) {
    let Ok(mut rows) = CsvWriter::new(output::locked(), separator(language)) else { return };
    drop(rows.write_row(names).and_then(|()| rows.finish()));
}

const fn separator(language: Language) -> Separator {
    match language {
        Language::Swedish => Separator::Semicolon,
        Language::English => Separator::Comma,
    }
}

/// Shows a whole list.
pub(crate) fn show(columns: &'static [Column], language: Language, documents: impl Iterator<Item = Value>) {
    let Some(mut view) = CsvView::begin(columns, language) else { return };
    for document in documents {
        if !view.put(&document) {
            return;
        }
    }
    view.end();
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        // Lines of a comment stay lines.
        Some(Value::String(text)) => {
            text.split('\n').map(crate::failure::escaped).collect::<Vec<_>>().join("\n")
        }
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(value @ (Value::Number(_) | Value::Array(_) | Value::Object(_))) => value.to_string(),
    }
}
