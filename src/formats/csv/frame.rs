//! Cuts a file into records before their cells are read. A quote that is never closed costs its own line and not
//! the thousand behind it: a record that turns out broken is given up after its first line, and reading goes on there.

use std::io::{self, Read};

use crate::text::{Message, csv_file as text};

/// The longest record, in bytes of UTF-8.
pub(super) const LONGEST: usize = 1024 * 1024;
const CHUNK: u64 = 64 * 1024;

/// One record as it stands in the file, without its end of line.
pub(super) struct Frame<'b> {
    /// Its bytes; empty where it is broken.
    pub bytes: &'b [u8],
    /// The line that it starts in; the first is 1.
    pub line: u64,
    /// Why it can't be read.
    pub broken: Option<Message>,
}

/// Reads frames one after the other, in constant memory.
pub(super) struct Framer<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    after_return: bool,
    line: u64,
    delimiter: u8,
    width: Option<usize>,
}

impl<R: Read> Framer<R> {
    pub(super) const fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            after_return: false,
            line: 1,
            delimiter: b',',
            width: None,
        }
    }

    pub(super) const fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// From now on a record has this many cells.
    pub(super) const fn set_width(&mut self, width: usize) {
        self.width = Some(width);
    }

    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// The first line that is not blank, so far as it is needed to find the delimiter.
    pub(super) fn peek_line(&mut self) -> io::Result<&[u8]> {
        let mut end = None;
        while end.is_none() && self.window().len() < LONGEST && self.fill()? {
            end = first_break_outside_quotes(self.window());
        }
        let window = self.window();
        Ok(window.get(..end.unwrap_or(window.len())).unwrap_or_default())
    }

    /// The next record that is not blank.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame<'_>>> {
        loop {
            let line = self.line;
            let Some((length, broken)) = self.measure()? else { return Ok(None) };
            let from = self.start;
            self.pass(length);
            let record = from..from + length;
            if broken == Some(text::ROW_TOO_LONG) || !self.is_blank(record.clone()) {
                let bytes = self.buffer.get(record).unwrap_or_default();
                return Ok(Some(Frame { bytes, line, broken }));
            }
        }
    }

    /// How long the next record is and whether it is broken; a broken one ends with its first line.
    fn measure(&mut self) -> io::Result<Option<(usize, Option<Message>)>> {
        self.skip_second_half_of_line_end()?;
        let mut scan = Scan::new(self.delimiter, self.width);
        loop {
            let found = match scan.run(self.window()) {
                Some(found) if scan.at <= LONGEST => found,
                _ if scan.at > LONGEST => scan.too_long(),
                _ if self.fill()? => continue,
                _ if scan.at == 0 => return Ok(None),
                _ => scan.at_end(),
            };
            return match found {
                Found::Whole => Ok(Some((scan.at, None))),
                Found::Broken(reason) => self.first_line(&scan, reason).map(Some),
            };
        }
    }

    fn first_line(&mut self, scan: &Scan, reason: Message) -> io::Result<(usize, Option<Message>)> {
        if let Some(length) = scan.first_break {
            return Ok((length, Some(reason)));
        }
        let mut at = scan.at;
        loop {
            let rest = self.window().get(at..).unwrap_or_default();
            if let Some(more) = rest.iter().position(|byte| is_break(*byte)) {
                return Ok((at + more, Some(reason)));
            }
            at += rest.len();
            if at > LONGEST {
                return self.discard_line().map(|()| (0, Some(text::ROW_TOO_LONG)));
            }
            if !self.fill()? {
                return Ok((at, Some(reason)));
            }
        }
    }

    /// Throws a line away that is longer than anything may be; its end of line stays.
    fn discard_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(length) = self.window().iter().position(|byte| is_break(*byte)) {
                self.start += length;
                return Ok(());
            }
            self.start = self.buffer.len();
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Goes behind a record and its end of line, counting lines.
    fn pass(&mut self, length: usize) {
        let record = self.window().get(..length).unwrap_or_default();
        let breaks = line_breaks(record);
        let end = self.window().get(length).copied();
        self.line += breaks + u64::from(end.is_some());
        self.after_return = end == Some(b'\r');
        self.start += length + usize::from(end.is_some());
    }

    fn skip_second_half_of_line_end(&mut self) -> io::Result<()> {
        if self.after_return && (!self.window().is_empty() || self.fill()?) {
            self.start += usize::from(self.window().first() == Some(&b'\n'));
        }
        self.after_return = false;
        Ok(())
    }

    fn window(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads on; false at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if !self.ended {
            self.buffer.drain(..self.start);
            self.start = 0;
            self.ended = self.source.by_ref().take(CHUNK).read_to_end(&mut self.buffer)? == 0;
        }
        Ok(!self.ended)
    }

    /// Lines of nothing, and of delimiters alone as spreadsheets leave them, are no records.
    fn is_blank(&self, record: std::ops::Range<usize>) -> bool {
        let record = self.buffer.get(record).unwrap_or_default();
        record.iter().all(|byte| matches!(byte, b' ' | b'\t') || *byte == self.delimiter)
    }
}

#[derive(Clone, Copy)]
enum State {
    CellStart,
    Bare,
    Quoted,
    AfterQuote,
    AfterBlank,
}

enum Found {
    Whole,
    Broken(Message),
}

/// Follows the quotes of one record, byte by byte.
struct Scan {
    delimiter: u8,
    width: Option<usize>,
    state: State,
    cells: usize,
    at: usize,
    first_break: Option<usize>,
}

impl Scan {
    const fn new(delimiter: u8, width: Option<usize>) -> Self {
        Self { delimiter, width, state: State::CellStart, cells: 1, at: 0, first_break: None }
    }

    /// Goes on where it stopped; `at` is then the length of the record.
    fn run(&mut self, window: &[u8]) -> Option<Found> {
        for byte in window.get(self.at..).unwrap_or_default() {
            if let Some(found) = self.step(*byte) {
                return Some(found);
            }
            self.at += 1;
        }
        None
    }

    fn step(&mut self, byte: u8) -> Option<Found> {
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::AfterQuote,
            (State::Quoted, _) => {
                if self.first_break.is_none() && is_break(byte) {
                    self.first_break = Some(self.at);
                }
                State::Quoted
            }
            (_, b'\n' | b'\r') => return Some(self.at_end()),
            (_, byte) if byte == self.delimiter => {
                self.cells += 1;
                if self.width.is_some_and(|width| self.cells > width) {
                    return Some(Found::Broken(text::RAGGED));
                }
                State::CellStart
            }
            (State::CellStart | State::AfterQuote, b'"') => State::Quoted,
            (State::CellStart | State::Bare, _) => State::Bare,
            (State::AfterQuote | State::AfterBlank, b' ') => State::AfterBlank,
            (State::AfterQuote | State::AfterBlank, _) => return Some(Found::Broken(text::BROKEN_QUOTE)),
        };
        None
    }

    fn at_end(&self) -> Found {
        match self.state {
            State::Quoted => Found::Broken(text::BROKEN_QUOTE),
            State::CellStart | State::Bare | State::AfterQuote | State::AfterBlank => {
                if self.width.is_none_or(|width| self.cells == width) {
                    Found::Whole
                } else {
                    Found::Broken(text::RAGGED)
                }
            }
        }
    }

    const fn too_long(&self) -> Found {
        // With a line end inside, it is the quote that went on and on.
        Found::Broken(if self.first_break.is_some() { text::BROKEN_QUOTE } else { text::ROW_TOO_LONG })
    }
}

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Ends of lines as an editor counts them: LF, CR, and CRLF as one.
fn line_breaks(bytes: &[u8]) -> u64 {
    let pairs = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
    let all = bytes.iter().filter(|byte| is_break(**byte)).count();
    (all - pairs) as u64
}

fn first_break_outside_quotes(bytes: &[u8]) -> Option<usize> {
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut quoted = false;
    let line = bytes.iter().skip(blank).position(|byte| {
        quoted ^= *byte == b'"';
        !quoted && is_break(*byte)
    });
    line.map(|length| blank + length)
}
