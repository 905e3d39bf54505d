//! Bytes of a known or declared encoding into UTF-8, letter for letter. What can't be read is an error, never a
//! replaced letter.

use std::fmt;
use std::io::{self, BufRead, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

const CHUNK: usize = 64 * 1024;

/// An XML declaration has to end within so many bytes.
const DECLARATION: u64 = 1024;

/// Why bytes could not be turned into text; travels inside an [`io::Error`] of kind `InvalidData`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingFault {
    /// The bytes are not of the encoding that they are said to be.
    Malformed,
    /// The declaration names an encoding that we don't read.
    Unknown,
}

impl fmt::Display for EncodingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed-encoding",
            Self::Unknown => "unknown-encoding",
        })
    }
}

impl std::error::Error for EncodingFault {}

impl From<EncodingFault> for io::Error {
    fn from(fault: EncodingFault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

/// Decodes `source`; malformed input is an error of kind `InvalidData`. A byte order mark is not looked for. Bytes that
/// Windows-1252 has no letter for come out as control characters: whoever knows rows rejects theirs alone.
pub fn transcode<R: Read>(source: R, encoding: &'static Encoding) -> Transcoder<R> {
    Transcoder { source, decoding: Decoding::new(encoding, Holes::Kept) }
}

/// Gives the UTF-8 of a source in another encoding.
pub struct Transcoder<R> {
    source: R,
    decoding: Decoding,
}

impl<R: Read> BufRead for Transcoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.decoding.fill(&mut self.source)?;
        Ok(self.decoding.ready())
    }

    fn consume(&mut self, amount: usize) {
        self.decoding.consume(amount);
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, out)
    }
}

fn read_buffered(source: &mut impl BufRead, out: &mut [u8]) -> io::Result<usize> {
    let count = source.fill_buf()?.read(out)?;
    source.consume(count);
    Ok(count)
}

/// The two buffers between the bytes and their letters.
struct Decoding {
    encoding: &'static Encoding,
    holes: Holes,
    decoder: Decoder,
    bytes: Box<[u8]>,
    taken: usize,
    filled: usize,
    letters: Box<[u8]>,
    given: usize,
    decoded: usize,
    state: State,
}

/// What becomes of the five bytes that Windows-1252 has no letter for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holes {
    Refused,
    Kept,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    LastBytes,
    Done,
}

impl Decoding {
    fn new(encoding: &'static Encoding, holes: Holes) -> Self {
        Self {
            encoding,
            holes,
            decoder: encoding.new_decoder_without_bom_handling(),
            bytes: vec![0; CHUNK].into_boxed_slice(),
            taken: 0,
            filled: 0,
            letters: vec![0; CHUNK].into_boxed_slice(),
            given: 0,
            decoded: 0,
            state: State::Reading,
        }
    }

    fn ready(&self) -> &[u8] {
        self.letters.get(self.given..self.decoded).unwrap_or_default()
    }

    fn consume(&mut self, amount: usize) {
        self.given = self.decoded.min(self.given + amount);
    }

    /// Makes letters ready, unless the source has ended.
    fn fill(&mut self, source: &mut impl Read) -> io::Result<()> {
        while self.given == self.decoded && self.state != State::Done {
            if self.taken == self.filled && self.state == State::Reading {
                self.refill(source)?;
            }
            self.decode()?;
        }
        Ok(())
    }

    fn refill(&mut self, source: &mut impl Read) -> io::Result<()> {
        self.filled = loop {
            match source.read(&mut self.bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.taken = 0;
        if self.filled == 0 {
            self.state = State::LastBytes;
        }
        let refuses = self.encoding == WINDOWS_1252 && self.holes == Holes::Refused;
        if refuses && self.fresh().iter().copied().any(is_no_letter_of_1252) {
            return Err(EncodingFault::Malformed.into());
        }
        Ok(())
    }

    fn fresh(&self) -> &[u8] {
        self.bytes.get(self.taken..self.filled).unwrap_or_default()
    }

    fn decode(&mut self) -> io::Result<()> {
        let fresh = self.bytes.get(self.taken..self.filled).unwrap_or_default();
        let last = self.state == State::LastBytes;
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(fresh, &mut self.letters, last);
        self.taken += read;
        self.given = 0;
        self.decoded = written;
        match result {
            DecoderResult::Malformed(..) => Err(EncodingFault::Malformed.into()),
            DecoderResult::InputEmpty => {
                if last {
                    self.state = State::Done;
                }
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

/// The web's table gives control characters for these five; in Windows-1252 they are nothing at all.
const fn is_no_letter_of_1252(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)
}

/// An XML document as UTF-8, by its byte order mark or its declaration. Bytes that are UTF-8 already pass through
/// unchecked: the parser checks each token.
pub struct XmlSource<R> {
    source: R,
    start: Cursor<Vec<u8>>,
    mode: Mode,
}

enum Mode {
    Unread,
    Plain,
    Decoding(Box<Decoding>),
}

impl<R: BufRead> XmlSource<R> {
    /// Nothing is read yet.
    pub fn new(source: R) -> Self {
        Self { source, start: Cursor::new(Vec::new()), mode: Mode::Unread }
    }

    /// Whether the document is in the encoding that its declaration names.
    pub fn check_label(&self, label: &str) -> Result<(), EncodingFault> {
        let said = label.to_ascii_uppercase();
        let fits = match &self.mode {
            Mode::Unread | Mode::Plain => by_label(&said)? == UTF_8,
            Mode::Decoding(decoding) if said == "UTF-16" => is_utf_16(decoding.encoding),
            Mode::Decoding(decoding) => by_label(&said)? == decoding.encoding,
        };
        if fits { Ok(()) } else { Err(EncodingFault::Malformed) }
    }

    fn look_at_start(&mut self) -> io::Result<()> {
        let mut start = Vec::new();
        (&mut self.source).take(DECLARATION).read_to_end(&mut start)?;
        let (encoding, mark) = detect(&start)?;
        self.start = Cursor::new(start);
        self.start.set_position(mark);
        self.mode = if encoding == UTF_8 {
            Mode::Plain
        } else {
            Mode::Decoding(Box::new(Decoding::new(encoding, Holes::Refused)))
        };
        Ok(())
    }

    /// Whether some of the bytes that were looked at first are still to be given.
    fn is_at_start(&self) -> bool {
        usize::try_from(self.start.position()).is_ok_and(|at| at < self.start.get_ref().len())
    }
}

impl<R: BufRead> BufRead for XmlSource<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if matches!(self.mode, Mode::Unread) {
            self.look_at_start()?;
        }
        let at_start = self.is_at_start();
        match &mut self.mode {
            Mode::Unread | Mode::Plain if at_start => self.start.fill_buf(),
            Mode::Unread | Mode::Plain => self.source.fill_buf(),
            Mode::Decoding(decoding) => {
                decoding.fill(&mut (&mut self.start).chain(&mut self.source))?;
                Ok(decoding.ready())
            }
        }
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        let at_start = self.is_at_start();
        match &mut self.mode {
            Mode::Unread | Mode::Plain if at_start => self.start.consume(amount),
            Mode::Unread | Mode::Plain => self.source.consume(amount),
            Mode::Decoding(decoding) => decoding.consume(amount),
        }
    }
}

impl<R: BufRead> Read for XmlSource<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, out)
    }
}

/// The encoding of an XML document by its first bytes, and the length of its byte order mark.
fn detect(start: &[u8]) -> Result<(&'static Encoding, u64), EncodingFault> {
    match start {
        // UTF-32, which begins like UTF-16.
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(EncodingFault::Unknown),
        [0xff, 0xfe, ..] => Ok((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Ok((UTF_16BE, 2)),
        [0xef, 0xbb, 0xbf, ..] => Ok((UTF_8, 3)),
        // UTF-16 has to have a mark.
        [b'<', 0, ..] | [0, b'<', ..] => Err(EncodingFault::Malformed),
        _ => match declared(start) {
            Some(label) => Ok((in_single_bytes(&label.to_ascii_uppercase())?, 0)),
            None => Ok((UTF_8, 0)),
        },
    }
}

/// What a label means that was itself read as single bytes.
fn in_single_bytes(label: &str) -> Result<&'static Encoding, EncodingFault> {
    if label.starts_with("UTF-16") {
        return Err(EncodingFault::Malformed);
    }
    by_label(label)
}

/// The label in an XML declaration that is written in single bytes.
fn declared(start: &[u8]) -> Option<&str> {
    let header = start.strip_prefix(b"<?xml")?;
    let end = header.windows(2).position(|pair| pair == b"?>")?;
    let header = std::str::from_utf8(header.get(..end)?).ok()?;
    let (_, value) = header.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote).map(|(label, _)| label)
}

/// Latin-1 is read as its superset, as everyone does who declares it.
fn by_label(label: &str) -> Result<&'static Encoding, EncodingFault> {
    match label {
        "UTF-8" | "UTF8" => Ok(UTF_8),
        "ISO-8859-1" | "LATIN1" | "WINDOWS-1252" | "CP1252" => Ok(WINDOWS_1252),
        "ISO-8859-15" => Ok(ISO_8859_15),
        "UTF-16LE" => Ok(UTF_16LE),
        "UTF-16BE" => Ok(UTF_16BE),
        _ => Err(EncodingFault::Unknown),
    }
}

fn is_utf_16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

#[cfg(test)]
mod tests;
