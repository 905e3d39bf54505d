//! One row with its cells by column. An empty cell and an absent column are two things.

use std::fmt;
use std::sync::Arc;

use csv::StringRecord;

/// What stands in a row under a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cell<'r> {
    /// The file has no such column.
    Absent,
    /// Nothing but blanks.
    Empty,
    /// A text, without the blanks around it.
    Text(&'r str),
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Empty => "Empty",
            Self::Text(_) => "Text(hidden)",
        })
    }
}

/// A row of a file; made once by the reader and filled again and again.
#[derive(Clone)]
pub struct Row {
    pub(super) record: StringRecord,
    pub(super) line: u64,
    pub(super) places: Arc<[Option<usize>]>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row(line {}, hidden)", self.line)
    }
}

impl Row {
    /// The line that the row starts in; the header is 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The cell under the column at this place in the list that the file was opened with.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        let Some(place) = self.places.get(column).copied().flatten() else { return Cell::Absent };
        match self.record.get(place).map(str::trim) {
            None | Some("") => Cell::Empty,
            Some(text) => Cell::Text(text),
        }
    }

    /// The cell's text; `None` if it is empty or absent.
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.cell(column) {
            Cell::Absent | Cell::Empty => None,
            Cell::Text(text) => Some(text),
        }
    }
}
