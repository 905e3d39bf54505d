//! Reads CSV files as other systems write them: any of the usual encodings, delimiters and line ends, in constant
//! memory. A broken row is told with its line and the others go on; a broken header refuses the file.
//! (product.md, CSV files)

use std::io::{self, Read, Seek};
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::encoding::{Transcoder, transcode};
use crate::text::csv_file as text;

mod fault;
mod frame;
mod header;
mod row;
mod sniff;
#[cfg(test)]
mod tests;
pub mod value;

pub use fault::{CsvFault, HeaderFault, HeaderProblem, RowFault};
pub use header::{Column, Mapping, Need};
pub use row::{Cell, Row};

use frame::Framer;
use sniff::Verdict;

/// Reads the rows of one file.
pub struct CsvReader<R: Read> {
    frames: Framer<Transcoder<R>>,
    cells: csv::Reader<Record>,
    places: Arc<[Option<usize>]>,
    line: u64,
}

impl<R: Read + Seek> CsvReader<R> {
    /// Finds out encoding and delimiter and checks the header. Reads the source twice, the first time for its encoding.
    pub fn open(source: R, columns: &[Column], mapping: &Mapping) -> Result<Self, HeaderFault> {
        Self::try_open(source, columns, mapping)
            .map_err(|problem| HeaderFault { problem, expected: header::expected(columns) })
    }

    fn try_open(mut source: R, columns: &[Column], mapping: &Mapping) -> Result<Self, HeaderProblem> {
        let encoding = match sniff::judge(&mut source).map_err(HeaderProblem::Io)? {
            Verdict::Decodable(encoding) => encoding,
            Verdict::Undecodable => return Err(HeaderProblem::Undecodable),
            Verdict::Mixed => return Err(HeaderProblem::Mixed),
        };
        let mut frames = Framer::new(transcode(source, encoding));
        let delimiter = sniff::delimiter(frames.peek_line().map_err(HeaderProblem::Io)?);
        frames.set_delimiter(delimiter);
        let cells = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Record::default());
        let mut reader = Self { frames, cells, places: Arc::default(), line: 1 };
        let header = reader.read_header()?;
        reader.places = header::places(&header, columns, mapping)?.into();
        reader.frames.set_width(header.len());
        Ok(reader)
    }

    fn read_header(&mut self) -> Result<StringRecord, HeaderProblem> {
        let frame = self.frames.next().map_err(HeaderProblem::Io)?.ok_or(HeaderProblem::Empty)?;
        if frame.broken.is_some() {
            return Err(HeaderProblem::Broken);
        }
        // UTF-16 without its mark looks like this.
        if frame.bytes.contains(&0) {
            return Err(HeaderProblem::Undecodable);
        }
        let mut header = StringRecord::new();
        self.cells.get_mut().load(frame.bytes);
        self.cells.read_record(&mut header).map_err(|error| HeaderProblem::Io(error.into()))?;
        Ok(header)
    }
}

impl<R: Read> CsvReader<R> {
    /// An empty row to read into.
    pub fn row(&self) -> Row {
        Row { record: StringRecord::new(), line: 0, places: self.places.clone() }
    }

    /// Whether the file has the column at this place of the list that it was opened with.
    pub fn has(&self, column: usize) -> bool {
        self.places.get(column).is_some_and(Option::is_some)
    }

    /// Reads the next row: `None` at the end, `Some(Err(…))` for one that is rejected. Blank lines are no rows.
    pub fn next_row(&mut self, row: &mut Row) -> Result<Option<Result<(), RowFault>>, CsvFault> {
        let read = self.read_row(row);
        read.map_err(|error| CsvFault { line: self.line, error })
    }

    fn read_row(&mut self, row: &mut Row) -> io::Result<Option<Result<(), RowFault>>> {
        row.record.clear();
        let Some(frame) = self.frames.next()? else { return Ok(None) };
        self.line = frame.line;
        row.line = frame.line;
        let spoilt = frame.broken.or_else(|| frame.bytes.contains(&0).then_some(text::NUL));
        if let Some(reason) = spoilt {
            return Ok(Some(Err(RowFault::new(frame.line, reason))));
        }
        self.cells.get_mut().load(frame.bytes);
        self.cells.read_record(&mut row.record)?;
        Ok(Some(if row.record.iter().any(has_lost_letter) {
            Err(RowFault::new(row.line, text::LOST_LETTER))
        } else {
            Ok(())
        }))
    }
}

/// A mark that another converter left in place of a letter, or a byte that Windows-1252 has no letter for.
fn has_lost_letter(cell: &str) -> bool {
    !cell.is_ascii() && cell.contains(['\u{fffd}', '\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'])
}

/// Hands one record at a time to the `csv` crate, which splits and unquotes it.
#[derive(Default)]
struct Record {
    bytes: Vec<u8>,
    at: usize,
}

impl Record {
    fn load(&mut self, record: &[u8]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(record);
        self.bytes.push(b'\n');
        self.at = 0;
    }
}

impl Read for Record {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.bytes.get(self.at..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
