//! SHA-256 of bytes that go by, in a thread beside whoever reads them.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};

/// Bytes go by in pieces of so many, of which so many wait to be hashed.
const PIECE: usize = 128 * 1024;
const WAITING: usize = 2;

/// The thread that hashes.
pub(super) struct Beside {
    to_hash: SyncSender<(Vec<u8>, usize)>,
    hashed: Receiver<Vec<u8>>,
    thread: JoinHandle<[u8; 32]>,
    size: u64,
}

impl Beside {
    pub(super) fn start() -> io::Result<Self> {
        let (to_hash, waiting) = sync_channel::<(Vec<u8>, usize)>(WAITING);
        let (give_back, hashed) = channel();
        let hash = move || {
            let mut digest = Sha256::new();
            while let Ok((buffer, count)) = waiting.recv() {
                digest.update(buffer.get(..count).unwrap_or_default());
                // At the end nobody takes it back.
                drop(give_back.send(buffer));
            }
            digest.finalize().into()
        };
        let thread = std::thread::Builder::new().spawn(hash)?;
        Ok(Self { to_hash, hashed, thread, size: 0 })
    }

    /// A buffer to be filled: one that was hashed, if there is any.
    pub(super) fn buffer(&self) -> Vec<u8> {
        self.hashed.try_recv().unwrap_or_else(|_| vec![0; PIECE])
    }

    /// Takes the next bytes in: so many of a buffer.
    pub(super) fn feed(&mut self, buffer: Vec<u8>, count: usize) -> io::Result<()> {
        self.size += count as u64;
        self.to_hash.send((buffer, count)).map_err(|_| stopped())
    }

    /// Hash and length of all that was fed.
    pub(super) fn finish(self) -> io::Result<([u8; 32], u64)> {
        drop(self.to_hash);
        let digest = self.thread.join().map_err(|_| stopped())?;
        Ok((digest, self.size))
    }
}

fn stopped() -> io::Error {
    io::Error::other("the thread that hashes stopped")
}

/// As `read`, whatever signals come.
pub(super) fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Reads on, and knows in the end what was read.
pub struct Hashed<R> {
    source: R,
    beside: Beside,
    buffer: Vec<u8>,
    filled: usize,
    at: usize,
}

impl<R: Read> Hashed<R> {
    /// Nothing is read yet.
    pub fn new(source: R) -> io::Result<Self> {
        Ok(Self { source, beside: Beside::start()?, buffer: Vec::new(), filled: 0, at: 0 })
    }

    /// Reads what is left; gives hash and length of everything.
    pub fn finish(mut self) -> io::Result<([u8; 32], u64)> {
        loop {
            self.at = self.filled;
            if self.fill_buf()?.is_empty() {
                return self.beside.finish();
            }
        }
    }
}

impl<R: Read> BufRead for Hashed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.filled {
            if self.filled > 0 {
                self.beside.feed(std::mem::take(&mut self.buffer), self.filled)?;
            }
            (self.at, self.filled) = (0, 0);
            if self.buffer.is_empty() {
                self.buffer = self.beside.buffer();
            }
            self.filled = fill(&mut self.source, &mut self.buffer)?;
        }
        Ok(self.buffer.get(self.at..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.filled.min(self.at + amount);
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::keyed_hash::write_hex;

    /// Gives at most so many bytes at a time.
    struct Slow<'s>(&'s [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    #[test]
    fn the_hash_is_that_of_the_whole_however_much_of_it_was_read() {
        // FIPS 180-2, appendices B.1 and B.3; nothing at all.
        let long = vec![b'a'; 1_000_000];
        let published: [(&[u8], &str); 3] = [
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (&long, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
            (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ];
        for (content, digest) in published {
            for (most, wanted) in [(1_000, 0), (7, 2), (PIECE, 400_000), (usize::MAX, 1_000_000)] {
                let mut hashed = Hashed::new(Slow(content, most)).unwrap();
                let mut read = Vec::new();
                (&mut hashed).take(wanted).read_to_end(&mut read).unwrap();
                assert_eq!(read, content[..content.len().min(usize::try_from(wanted).unwrap())]);
                let (found, size) = hashed.finish().unwrap();
                assert_eq!((write_hex(&found).as_str(), size), (digest, content.len() as u64));
            }
        }
    }
}
