//! Writes CSV that a spreadsheet opens as it is and takes for no formula: marked UTF-8, CRLF, every cell quoted.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `;`, which Swedish and Danish spreadsheets expect.
    Semicolon,
    /// `,`
    Comma,
}

/// Writes rows.
pub struct CsvWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the mark of UTF-8.
    pub fn new(mut sink: W, separator: Separator) -> io::Result<Self> {
        sink.write_all(MARK)?;
        let delimiter = match separator {
            Separator::Semicolon => b';',
            Separator::Comma => b',',
        };
        let mut builder = WriterBuilder::new();
        // Quoted throughout: a program that splits at the other separator would find a formula in the middle of a cell.
        builder.delimiter(delimiter).terminator(Terminator::CRLF).quote_style(QuoteStyle::Always);
        Ok(Self { rows: builder.from_writer(sink) })
    }

    /// Writes one row.
    pub fn write_row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        for cell in cells {
            self.rows.write_field(guarded(cell.as_ref()).as_bytes())?;
        }
        self.rows.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is still buffered and gives the sink back.
    pub fn finish(self) -> io::Result<W> {
        self.rows.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// An apostrophe before anything that a spreadsheet would calculate.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(separator: Separator, rows: &[&[&str]]) -> String {
        let mut writer = CsvWriter::new(Vec::new(), separator).unwrap();
        for row in rows {
            writer.write_row(*row).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn cells_that_a_spreadsheet_would_calculate_get_an_apostrophe() {
        let rows: [&[&str]; 1] = [&["=cmd()", "+46", "-1", "@A1", "\t=1", "\r=1", "a=1", "", "'=1"]];
        let expected =
            "\u{feff}\"'=cmd()\";\"'+46\";\"'-1\";\"'@A1\";\"'\t=1\";\"'\r=1\";\"a=1\";\"\";\"'=1\"\r\n";
        assert_eq!(written(Separator::Semicolon, &rows), expected);
    }

    #[test]
    fn separators_quotes_and_line_ends_stay_inside_their_cell() {
        let rows: [&[&str]; 2] = [&["a;b,c", "d\"e"], &["å\nä", "ö"]];
        let expected = "\u{feff}\"a;b,c\",\"d\"\"e\"\r\n\"å\nä\",\"ö\"\r\n";
        assert_eq!(written(Separator::Comma, &rows), expected);
    }

    #[test]
    fn what_is_written_is_read_back() {
        use crate::formats::csv::{Column, CsvReader, Mapping};
        let columns = [Column::required("a"), Column::required("b")];
        let text = written(Separator::Semicolon, &[&["a", "b"], &["Åsa; \"Ö\"", "x\ny"]]);
        let mut reader = CsvReader::open(io::Cursor::new(text), &columns, &Mapping::default()).unwrap();
        let mut row = reader.row();
        reader.next_row(&mut row).unwrap().unwrap().unwrap();
        assert_eq!((row.text(0), row.text(1)), (Some("Åsa; \"Ö\""), Some("x\ny")));
    }
}
