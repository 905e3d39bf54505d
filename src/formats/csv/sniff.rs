//! What a file is before it is read: its encoding, from all of its bytes, and its delimiter, from its first line.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::formats::encoding::transcode;

const CHUNK: u64 = 64 * 1024;

/// What the bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All of them are of this encoding.
    Decodable(&'static Encoding),
    /// A mark promises an encoding that the bytes don't keep.
    Undecodable,
    /// UTF-8 letters in a file that is not UTF-8: either reading would spoil names.
    Mixed,
}

/// Reads the whole source once, in constant memory, and leaves it at its first byte behind a mark.
pub(super) fn judge<R: Read + Seek>(source: &mut R) -> io::Result<Verdict> {
    let mut start = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    source.by_ref().take(3).read_to_end(&mut start)?;
    let (marked, mark) = match Encoding::for_bom(&start) {
        Some((encoding, length)) => (Some(encoding), length as u64),
        None => (None, 0),
    };
    source.seek(SeekFrom::Start(mark))?;
    let verdict = match marked {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => whole(source, encoding)?,
        Some(_) | None => unmarked(source)?,
    };
    source.seek(SeekFrom::Start(mark))?;
    Ok(match verdict {
        Verdict::Decodable(encoding) if marked.is_some_and(|marked| marked != encoding) => {
            Verdict::Undecodable
        }
        Verdict::Decodable(_) | Verdict::Undecodable | Verdict::Mixed => verdict,
    })
}

fn whole<R: Read>(source: &mut R, encoding: &'static Encoding) -> io::Result<Verdict> {
    match io::copy(&mut transcode(source, encoding), &mut io::sink()) {
        Ok(_) => Ok(Verdict::Decodable(encoding)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Verdict::Undecodable),
        Err(error) => Err(error),
    }
}

fn unmarked<R: Read>(source: &mut R) -> io::Result<Verdict> {
    let mut scan = Utf8Scan::default();
    let mut bytes = Vec::new();
    while source.by_ref().take(CHUNK).read_to_end(&mut bytes)? > 0 {
        let looked_at = scan.look(&bytes);
        bytes.drain(..looked_at);
    }
    // Half a character at the end: a cut UTF-8 file, or Windows-1252 that ends in Å.
    let is_utf8 = !scan.broken && bytes.is_empty();
    Ok(match (is_utf8, scan.letters) {
        (true, _) => Verdict::Decodable(UTF_8),
        (false, false) => Verdict::Decodable(WINDOWS_1252),
        (false, true) => Verdict::Mixed,
    })
}

#[derive(Default)]
struct Utf8Scan {
    broken: bool,
    letters: bool,
}

impl Utf8Scan {
    /// Looks at as many bytes as make whole characters; says how many.
    fn look(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let error = std::str::from_utf8(rest).err();
            let valid = error.map_or(rest.len(), |error| error.valid_up_to());
            // In valid UTF-8 this byte only ever opens one of À–ÿ; no Windows-1252 text has Ã before a sign.
            self.letters |= rest.get(..valid).unwrap_or_default().contains(&0xc3);
            at += valid;
            let Some(broken) = error.and_then(|error| error.error_len()) else { return at };
            self.broken = true;
            at += broken;
        }
    }
}

/// The commonest of the three delimiters outside quotes; a comma if there is none.
pub(super) fn delimiter(first_line: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
    for byte in first_line {
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += usize::from(!quoted && byte == delimiter);
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}
