//! The packing around an XML file: none, gzip, or zip with exactly one member. Told apart by the first bytes, not
//! by the name; no member's name is ever used.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use crate::failure::Failure;
use crate::text::{Message, spar_file as text};

/// Unpacked, a file may always have this size...
const SMALL: u64 = 256 * 1024 * 1024;

/// ...or so many times its packed size. Update files shrink to a tenth or a twentieth.
const RATIO: u64 = 120;

/// Headers and directory of a zip with one member; a directory of thousands ends here.
const DIRECTORY: u64 = 1024 * 1024;

const BUFFER: usize = 64 * 1024;

/// What is wrong with the packing; travels inside an [`io::Error`] of kind `InvalidData`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoiled {
    /// Not a whole zip or gzip file.
    Damaged,
    /// No member, or several.
    NotOneMember,
    /// The member has a password.
    Encrypted,
    /// Packed in a way that we don't unpack.
    Method,
    /// What comes out is not what was packed.
    Checksum,
    /// More comes out than any real file holds.
    TooBig,
    /// The bytes could not be read.
    Unreadable(io::ErrorKind),
}

impl Spoiled {
    pub(super) const fn message(self) -> Message {
        match self {
            Self::Damaged => text::PACKING_DAMAGED,
            Self::NotOneMember => text::NOT_ONE_MEMBER,
            Self::Encrypted => text::ENCRYPTED,
            Self::Method => text::PACKING_METHOD,
            Self::Checksum => text::CHECKSUM,
            Self::TooBig => text::TOO_BIG,
            Self::Unreadable(_) => text::UNREADABLE,
        }
    }

    /// What a user is told about the file of this name.
    pub fn into_failure(self, file: &str) -> Failure {
        let failure = Failure::failed(self.message()).with("file", file).hint(text::HINT_FETCH_AGAIN);
        match self {
            Self::Unreadable(kind) => failure.with("reason", kind),
            Self::Damaged
            | Self::NotOneMember
            | Self::Encrypted
            | Self::Method
            | Self::Checksum
            | Self::TooBig => failure,
        }
    }
}

impl fmt::Display for Spoiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().code)
    }
}

impl std::error::Error for Spoiled {}

impl From<Spoiled> for io::Error {
    fn from(spoiled: Spoiled) -> Self {
        Self::new(io::ErrorKind::InvalidData, spoiled)
    }
}

impl From<&io::Error> for Spoiled {
    fn from(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(spoiled) => *spoiled,
            None if error.kind() == io::ErrorKind::UnexpectedEof => Self::Damaged,
            None => Self::Unreadable(error.kind()),
        }
    }
}

impl From<io::Error> for Spoiled {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

/// How a file was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// zip, one member.
    Zip,
    /// gzip.
    Gzip,
}

/// The content of a packed file, as it is read. Its last bytes come only if size and checksum were right.
pub struct Unpacked<R> {
    packing: Packing,
    content: Content<R>,
    /// How much may still come.
    room: u64,
}

enum Content<R> {
    Plain(R),
    Gzip(MultiGzDecoder<BufReader<R>>),
    Stored(Take<R>, Box<Expected>),
    Deflated(DeflateDecoder<BufReader<Take<R>>>, Box<Expected>),
}

/// What a zip's directory says about its member.
struct Expected {
    size: u64,
    checksum: u32,
    seen: Crc,
    read: u64,
}

impl Expected {
    fn add(&mut self, bytes: &[u8]) -> Result<(), Spoiled> {
        self.seen.update(bytes);
        self.read += bytes.len() as u64;
        if self.read > self.size { Err(Spoiled::Checksum) } else { Ok(()) }
    }

    fn is_met(&self) -> bool {
        self.read == self.size && self.seen.sum() == self.checksum
    }
}

/// Looks at the first bytes, and into a zip's directory; the content is unpacked while it is read.
pub fn unpack<R: Read + Seek + Send>(mut source: R) -> Result<Unpacked<R>, Spoiled> {
    let packed = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut magic = Vec::new();
    (&mut source).take(2).read_to_end(&mut magic)?;
    source.rewind()?;
    let bound = SMALL.max(packed.saturating_mul(RATIO));
    match magic.as_slice() {
        b"PK" => zip_member(source, bound),
        [0x1f, 0x8b] => Ok(Unpacked {
            packing: Packing::Gzip,
            content: Content::Gzip(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, source))),
            room: bound,
        }),
        _ => Ok(Unpacked { packing: Packing::Plain, content: Content::Plain(source), room: u64::MAX }),
    }
}

fn zip_member<R: Read + Seek>(source: R, bound: u64) -> Result<Unpacked<R>, Spoiled> {
    let headers = Headers { source, room: DIRECTORY };
    let mut archive = ZipArchive::new(headers).map_err(|error| spoiled(&error))?;
    if archive.len() != 1 || archive.has_duplicate_names() {
        return Err(Spoiled::NotOneMember);
    }
    // A second member that the directory does not list is refused here.
    archive.validate_header_consistency().map_err(|error| spoiled(&error))?;
    let (start, packed, method, expected) = {
        let member = archive.by_index_raw(0).map_err(|error| spoiled(&error))?;
        if member.encrypted() {
            return Err(Spoiled::Encrypted);
        }
        if !member.is_file() {
            return Err(Spoiled::NotOneMember);
        }
        let expected = Expected { size: member.size(), checksum: member.crc32(), seen: Crc::new(), read: 0 };
        let start = member.data_start().ok_or(Spoiled::Damaged)?;
        (start, member.compressed_size(), member.compression(), Box::new(expected))
    };
    if expected.size > bound {
        return Err(Spoiled::TooBig);
    }
    let mut source = archive.into_inner().source;
    source.seek(SeekFrom::Start(start))?;
    let bytes = source.take(packed);
    let content = if method == CompressionMethod::Stored {
        Content::Stored(bytes, expected)
    } else if method == CompressionMethod::Deflated {
        Content::Deflated(DeflateDecoder::new(BufReader::with_capacity(BUFFER, bytes)), expected)
    } else {
        return Err(Spoiled::Method);
    };
    Ok(Unpacked { packing: Packing::Zip, content, room: bound })
}

fn spoiled(error: &zip::result::ZipError) -> Spoiled {
    if let zip::result::ZipError::Io(error) = error { Spoiled::from(error) } else { Spoiled::Damaged }
}

impl<R> Unpacked<R> {
    /// How the file was packed.
    pub const fn packing(&self) -> Packing {
        self.packing
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let count = self.content.read(out)?;
        self.room = self.room.checked_sub(count as u64).ok_or(Spoiled::TooBig)?;
        Ok(count)
    }
}

impl<R: Read> Content<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(out),
            Self::Gzip(decoder) => decoder.read(out).map_err(damaged),
            Self::Stored(source, expected) => {
                let count = source.read(out)?;
                checked(count, out, expected)
            }
            Self::Deflated(decoder, expected) => {
                let count = decoder.read(out).map_err(damaged)?;
                // Bytes behind the end of the packed data are nothing that anyone sent on purpose.
                if count == 0 && !decoder.get_mut().fill_buf()?.is_empty() {
                    return Err(Spoiled::Damaged.into());
                }
                checked(count, out, expected)
            }
        }
    }
}

fn checked(count: usize, out: &[u8], expected: &mut Expected) -> io::Result<usize> {
    expected.add(out.get(..count).unwrap_or_default())?;
    if count == 0 && !expected.is_met() {
        return Err(Spoiled::Checksum.into());
    }
    Ok(count)
}

/// The unpackers' own words for broken data are all one to us; what the disk says is not.
fn damaged(error: io::Error) -> io::Error {
    let broken = [io::ErrorKind::InvalidInput, io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof];
    if broken.contains(&error.kind()) { Spoiled::Damaged.into() } else { error }
}

/// Lets only so many bytes be read: so no directory can fill the memory.
struct Headers<R> {
    source: R,
    room: u64,
}

impl<R: Read> Read for Headers<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(out)?;
        self.room = self.room.checked_sub(count as u64).ok_or(Spoiled::NotOneMember)?;
        Ok(count)
    }
}

impl<R: Seek> Seek for Headers<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

#[cfg(test)]
mod tests;
