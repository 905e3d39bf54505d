//! Stands between bytes and parser: no token may outgrow memory, and no character that XML forbids gets through.

use std::io::{self, BufRead, Read};

use super::fault::Reason;

/// A tag, comment or piece of text may be so long.
pub(super) const MAX_TOKEN: usize = 1024 * 1024;

/// Where we are in one of the two noncharacters U+FFFE and U+FFFF, `EF BF BE` and `EF BF BF`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nonchar {
    Outside,
    Ef,
    EfBf,
}

/// Counts what is read for each token, and looks at each byte once.
pub(super) struct Guard<R> {
    source: R,
    /// Bytes read since the last token ended.
    token: usize,
    /// How many bytes of the source's buffer were looked at before.
    checked: usize,
    nonchar: Nonchar,
    ended: bool,
}

impl<R> Guard<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, token: 0, checked: 0, nonchar: Nonchar::Outside, ended: false }
    }

    /// A new token begins.
    pub(super) fn begin_token(&mut self) {
        self.token = 0;
    }

    /// Whether the source has no more bytes.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn source(&self) -> &R {
        &self.source
    }

    /// For looking ahead; what is taken there goes through [`Self::pass`].
    pub(super) fn source_mut(&mut self) -> &mut R {
        &mut self.source
    }
}

impl<R: BufRead> Guard<R> {
    /// Takes bytes that the parser is not to see, up to the end of a tag or of blanks. They are not looked at.
    pub(super) fn pass(&mut self, amount: usize) {
        if amount > self.checked {
            self.nonchar = Nonchar::Outside;
        }
        self.source.consume(amount);
        self.checked = self.checked.saturating_sub(amount);
    }
}

/// Whether there is no character that XML forbids.
pub(super) fn is_legal(bytes: &[u8]) -> bool {
    !has_control(bytes) && !has_nonchar(&mut Nonchar::Outside, bytes)
}

impl<R: BufRead> BufRead for Guard<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let ready = self.source.fill_buf()?;
        if ready.is_empty() {
            self.ended = true;
            return Ok(ready);
        }
        let room = MAX_TOKEN.saturating_sub(self.token);
        if room == 0 {
            return Err(Reason::TokenTooLong.into());
        }
        let ready = ready.get(..room).unwrap_or(ready);
        if let Some(fresh) = ready.get(self.checked..).filter(|fresh| !fresh.is_empty()) {
            if has_control(fresh) || has_nonchar(&mut self.nonchar, fresh) {
                return Err(Reason::NotWellFormed.into());
            }
            self.checked = ready.len();
        }
        Ok(ready)
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.source.consume(amount);
        self.token = self.token.saturating_add(amount);
        self.checked = self.checked.saturating_sub(amount);
    }
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

/// No early way out: so the compiler looks at many bytes in one step.
fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')))
}

fn has_nonchar(state: &mut Nonchar, bytes: &[u8]) -> bool {
    if *state == Nonchar::Outside && !bytes.contains(&0xef) {
        return false;
    }
    for byte in bytes {
        *state = match (*state, byte) {
            (Nonchar::EfBf, 0xbe | 0xbf) => return true,
            (_, 0xef) => Nonchar::Ef,
            (Nonchar::Ef, 0xbf) => Nonchar::EfBf,
            (Nonchar::Outside | Nonchar::Ef | Nonchar::EfBf, _) => Nonchar::Outside,
        };
    }
    false
}
