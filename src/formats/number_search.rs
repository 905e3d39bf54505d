//! Words that may be identity numbers, in any file: CSV, XML, JSON, whatever the encoding, with or without hyphen.

use std::io::{BufReader, Read, Result};
use std::ops::ControlFlow;

const BUFFER: usize = 256 * 1024;
const SHORTEST: usize = 10;
/// Longer than any word that ends in a number.
const LONGEST: usize = 64;

/// The letters and digits of a number in any spelling; ten are compared, so that the century does not matter.
pub fn bare(number: &str) -> String {
    let letters: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let cut = letters.len().saturating_sub(SHORTEST);
    letters.get(cut..).unwrap_or_default().to_owned()
}

/// Hands every word of ten letters and digits or more to `visit`, without hyphens and signs; tells whether it broke off.
pub fn each_word(content: impl Read, mut visit: impl FnMut(&str) -> ControlFlow<()>) -> Result<bool> {
    let mut word = String::new();
    for byte in BufReader::with_capacity(BUFFER, content).bytes() {
        let byte = byte?;
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte));
        } else if !matches!(byte, b'-' | b'+' | 0) {
            if word.len() >= SHORTEST && visit(&word).is_break() {
                return Ok(true);
            }
            word.clear();
        }
        if word.len() > LONGEST {
            word.clear();
        }
    }
    Ok(word.len() >= SHORTEST && visit(&word).is_break())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(content: &[u8]) -> Vec<String> {
        let mut words = Vec::new();
        let visit = |word: &str| {
            words.push(word.to_owned());
            ControlFlow::Continue(())
        };
        assert!(!each_word(content, visit).unwrap());
        words
    }

    #[test]
    fn a_number_is_found_in_every_spelling_and_encoding() {
        // (bytes, what is compared)
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let rows = [
            (b"198501012382".to_vec(), "8501012382"),
            (b"<a>19850101-2382</a>".to_vec(), "8501012382"),
            (b"x;850101-2382;".to_vec(), "8501012382"),
            (b"850101+2382".to_vec(), "8501012382"),
            (b"\"19850101-TF12\"".to_vec(), "850101TF12"),
            (utf16(";19850101-2382;"), "8501012382"),
        ];
        for (bytes, expected) in rows {
            assert_eq!(words(&bytes).iter().map(|word| bare(word)).collect::<Vec<_>>(), [expected]);
        }
        assert!(words(b"12345;850101 2382").is_empty(), "too short");
    }
}
