//! What is wrong with a file or a row. Lines, codes and column names only; never a value.

use std::io;

use crate::failure::Failure;
use crate::text::{Language, Message, csv_file as text};

/// Why a row is rejected; the others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line that the row starts in; the header is 1.
    pub line: u64,
    /// The code of a message of the catalogue.
    pub code: &'static str,
    /// The column that is to blame, if one is.
    pub column: Option<&'static str>,
}

impl RowFault {
    /// A fault of the whole row.
    pub const fn new(line: u64, reason: Message) -> Self {
        Self { line, code: reason.code, column: None }
    }

    /// Names the column.
    #[must_use]
    pub const fn in_column(mut self, column: &'static str) -> Self {
        self.column = Some(column);
        self
    }

    /// The reason for a user.
    pub fn text(&self, language: Language) -> String {
        let column = [("column", self.column.unwrap_or_default())];
        Message::by_code(self.code)
            .map_or_else(|| self.code.to_owned(), |message| message.render(language, column))
    }
}

/// Why a file can't be read to its end.
#[derive(Debug)]
pub struct CsvFault {
    /// The line that was being read.
    pub line: u64,
    /// What the system or the decoder said.
    pub error: io::Error,
}

impl CsvFault {
    /// The failure of the run.
    pub fn into_failure(self, file: &str) -> Failure {
        let undecodable = self.error.kind() == io::ErrorKind::InvalidData;
        let message = if undecodable { text::UNDECODABLE_LATER } else { text::UNREADABLE };
        let failure = Failure::failed(message).with("file", file).with("line", self.line);
        failure.with("reason", self.error.kind()).caused_by(self.error)
    }
}

/// Why a file is refused before its first row.
#[derive(Debug)]
pub struct HeaderFault {
    /// What is wrong.
    pub problem: HeaderProblem,
    /// The columns that could stand there, required ones with a star.
    pub expected: String,
}

/// What can be wrong with a file's beginning.
#[derive(Debug)]
pub enum HeaderProblem {
    /// The system could not read it.
    Io(io::Error),
    /// Nothing in it.
    Empty,
    /// Bytes that are of none of the encodings, or NUL.
    Undecodable,
    /// UTF-8 and something else in one file.
    Mixed,
    /// A quote that is not closed, or a line beyond the bound.
    Broken,
    /// More columns than any file has.
    TooMany,
    /// The first row holds values, so nothing of it is shown.
    NoHeader,
    /// Required columns that are not there.
    Missing(String),
    /// A column that stands twice.
    Twice(String),
    /// A column that is neither known nor mapped nor ignored.
    Unknown(String),
    /// The column at this place (from 1) has no name.
    Nameless(usize),
}

impl HeaderFault {
    /// The failure of the run: exit code 2, unless the system could not read the file.
    pub fn into_failure(self, file: &str) -> Failure {
        let (message, column) = match self.problem {
            HeaderProblem::Io(error) => {
                let failure = Failure::failed(text::UNREADABLE).with("file", file).with("line", 1);
                return failure.with("reason", error.kind()).caused_by(error);
            }
            HeaderProblem::Empty => (text::EMPTY, String::new()),
            HeaderProblem::Undecodable => (text::UNDECODABLE, String::new()),
            HeaderProblem::Mixed => (text::MIXED_ENCODINGS, String::new()),
            HeaderProblem::Broken => (text::HEADER_BROKEN, String::new()),
            HeaderProblem::TooMany => (text::HEADER_TOO_LONG, String::new()),
            HeaderProblem::NoHeader => (text::NO_HEADER, String::new()),
            HeaderProblem::Missing(columns) => (text::COLUMN_MISSING, columns),
            HeaderProblem::Twice(column) => (text::COLUMN_TWICE, column),
            HeaderProblem::Unknown(column) => (text::COLUMN_UNKNOWN, column),
            HeaderProblem::Nameless(place) => (text::COLUMN_NAMELESS, place.to_string()),
        };
        let failure = Failure::usage(message).with("file", file).with("column", column);
        failure.with("expected", self.expected).hint(text::EXPECTED)
    }
}
