//! A source of which more can be looked at than it has ready, before any of it is taken.

use std::io::{self, BufRead, Read};

/// So much is added at a time.
const PIECE: usize = 8 * 1024;

/// Keeps what was looked at and not taken.
pub(super) struct Peek<R> {
    source: R,
    ahead: Vec<u8>,
    taken: usize,
}

impl<R> Peek<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, ahead: Vec::new(), taken: 0 }
    }

    pub(super) const fn source(&self) -> &R {
        &self.source
    }

    fn kept(&self) -> &[u8] {
        self.ahead.get(self.taken..).unwrap_or_default()
    }
}

impl<R: BufRead> Peek<R> {
    /// Makes more ready than there is; false if there is no more.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.kept().is_empty() {
            // All that the source has ready was seen: only behind it comes more.
            self.taken = 0;
            self.ahead.clear();
            let ready = self.source.fill_buf()?;
            self.ahead.extend_from_slice(ready);
            let ready = ready.len();
            self.source.consume(ready);
        }
        self.ahead.drain(..self.taken);
        self.taken = 0;
        let next = self.source.fill_buf()?;
        let next = next.get(..PIECE).unwrap_or(next);
        self.ahead.extend_from_slice(next);
        let added = next.len();
        self.source.consume(added);
        Ok(added > 0)
    }
}

impl<R: BufRead> BufRead for Peek<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken < self.ahead.len() {
            return Ok(self.ahead.get(self.taken..).unwrap_or_default());
        }
        self.source.fill_buf()
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        if self.taken < self.ahead.len() {
            self.taken += amount;
        } else {
            self.source.consume(amount);
        }
    }
}

impl<R: BufRead> Read for Peek<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn whatever_is_looked_at_and_taken_the_bytes_come_out_in_order() {
        let bytes: Vec<u8> = (0..60_000_u32).map(|at| at.to_le_bytes()[usize::from(at % 7 == 0)]).collect();
        for size in [1, 700, 9_000] {
            let mut peek = Peek::new(BufReader::with_capacity(size, bytes.as_slice()));
            let mut out = Vec::new();
            let mut turn = 0;
            loop {
                turn += 1;
                if turn % 3 == 0 {
                    let before = peek.fill_buf().unwrap().to_vec();
                    let came = peek.more().unwrap();
                    let after = peek.fill_buf().unwrap();
                    assert!(after.starts_with(&before));
                    assert_eq!(after.len() > before.len(), came, "{size}");
                }
                let ready = peek.fill_buf().unwrap();
                if ready.is_empty() {
                    break;
                }
                let taken = (turn * 37 % 500 + 1).min(ready.len());
                out.extend_from_slice(&ready[..taken]);
                peek.consume(taken);
            }
            assert!(out == bytes, "{size}");
        }
    }
}
