//! The keyed hash of an identity number: what stays of people of whom nothing else may stay. Pseudonymous, not
//! anonymous: whoever has the key can try all numbers. (rules.md, purge)

use std::fmt;

/// The first 16 bytes of HMAC-SHA256 over a number, under the installation's own key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash([u8; 16]);

impl KeyedHash {
    /// From its bytes, as the registry stores them.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// Reads 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        read_hex(text).map(Self)
    }
}

impl fmt::Display for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_hex(&self.0))
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash(hidden)")
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn write_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' - 10 + half });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// Exactly N bytes from lower-case hexadecimal digits.
pub fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != N * 2 || !text.bytes().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_read_back_and_nothing_else_is_read() {
        let bytes = [0, 1, 0x0f, 0xf0, 0xab, 0xff];
        assert_eq!(write_hex(&bytes), "00010ff0abff");
        assert_eq!(read_hex::<6>("00010ff0abff"), Some(bytes));
        for wrong in ["", "00010ff0abf", "00010ff0abff0", "00010FF0ABFF", "+0010ff0abff", "00010ff0abfå"] {
            assert_eq!(read_hex::<6>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn debug_output_never_shows_a_keyed_hash() {
        assert_eq!(format!("{:?}", KeyedHash::from_bytes([7; 16])), "KeyedHash(hidden)");
    }
}
