//! Key codes (nyckelkod, NYKO) and what a link names of them.

use std::collections::BTreeSet;
use std::fmt;

const LONGEST: usize = 8;

/// A key code: one to eight digits, hierarchical: a longer code lies within each of its beginnings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyCode {
    digits: [u8; LONGEST],
    length: usize,
}

/// Why a text is no key code, or no pattern of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// Nothing there.
    Empty,
    /// Something else than digits.
    NotDigits,
    /// More than eight digits.
    TooLong,
    /// `*` alone would link every code there is.
    BareStar,
}

impl KeyCode {
    /// Reads a code; blanks are none of its digits.
    pub fn parse(text: &str) -> Result<Self, CodeFault> {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err(CodeFault::Empty);
        }
        if !bytes.iter().all(u8::is_ascii_digit) {
            return Err(CodeFault::NotDigits);
        }
        let mut digits = [0; LONGEST];
        let room = digits.get_mut(..bytes.len()).ok_or(CodeFault::TooLong)?;
        room.copy_from_slice(bytes);
        Ok(Self { digits, length: bytes.len() })
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..self.length).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// The code itself, then its beginnings, the longest first.
    pub fn beginnings(self) -> impl Iterator<Item = Self> {
        (1..=self.length).rev().map(move |length| {
            let mut digits = [0; LONGEST];
            for (to, from) in digits.iter_mut().zip(self.digits).take(length) {
                *to = from;
            }
            Self { digits, length }
        })
    }
}

// Where somebody lives: a log line or a failure must not show it by accident.
impl fmt::Debug for KeyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCode({} digits)", self.length)
    }
}

/// The codes that a link is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// One code: `1132`.
    Full(KeyCode),
    /// Every code that begins so: `1132*`, with `1132` itself.
    Prefix(KeyCode),
}

impl Pattern {
    /// Reads `1132` or `1132*`.
    pub fn parse(text: &str) -> Result<Self, CodeFault> {
        match text.strip_suffix('*') {
            Some("") => Err(CodeFault::BareStar),
            Some(prefix) => KeyCode::parse(prefix).map(Self::Prefix),
            None => KeyCode::parse(text).map(Self::Full),
        }
    }

    /// The code without its star.
    pub const fn code(self) -> KeyCode {
        match self {
            Self::Full(code) | Self::Prefix(code) => code,
        }
    }

    /// Whether any of these codes is among those.
    pub fn matches_any(self, codes: &BTreeSet<KeyCode>) -> bool {
        // Codes sort as texts do: those that begin alike stand together, the beginning itself first.
        codes.range(self.code()..).next().is_some_and(|code| self.matches(*code))
    }

    /// Whether a code is among those.
    pub fn matches(self, code: KeyCode) -> bool {
        match self {
            Self::Full(own) => own == code,
            Self::Prefix(own) => code.as_str().starts_with(own.as_str()),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(code) => f.write_str(code.as_str()),
            Self::Prefix(code) => write!(f, "{}*", code.as_str()),
        }
    }
}

// A link is the municipality's own choice and says nothing of anybody.
impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
