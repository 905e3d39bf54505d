//! What a typed text looks for: words, each of which must begin a word of the entry.

use super::fold::piece_words;

/// More words than these are no question about a person.
pub const MOST_WORDS: usize = 24;

/// The folded words of a typed text, each once. Letters and digits only: nothing in them is syntax to anybody.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted(Vec<String>);

/// Why a text looks for nobody. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedError {
    /// No letter and no digit in it.
    Nothing,
    /// More than [`MOST_WORDS`] words.
    TooMany,
}

impl Wanted {
    /// Reads a typed text; a number in any spelling, whole or begun, is one word.
    pub fn read(text: &str) -> Result<Self, WantedError> {
        let mut words: Vec<String> = Vec::new();
        for piece in text.split(|letter: char| letter.is_whitespace() || letter == '\0') {
            let pieces = number_word(piece).map_or_else(|| piece_words(piece), |word| vec![word]);
            for word in pieces {
                if !words.contains(&word) {
                    words.push(word);
                }
                if words.len() > MOST_WORDS {
                    return Err(WantedError::TooMany);
                }
            }
        }
        if words.is_empty() { Err(WantedError::Nothing) } else { Ok(Self(words)) }
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wanted(hidden)")
    }
}

/// Six or eight digits, a sign, up to four more characters; `DK:` before them says nothing that the index knows.
fn number_word(piece: &str) -> Option<String> {
    let danish = piece.split_at_checked(3).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("DK:"));
    let piece = danish.map_or(piece, |(_, rest)| rest);
    let (date, serial) = match piece.split_once(['-', '+']) {
        Some(parts) => parts,
        None => danish.and_then(|_| piece.split_at_checked(6))?,
    };
    let fits = matches!(date.len(), 6 | 8)
        && date.bytes().all(|byte| byte.is_ascii_digit())
        && serial.len() <= 4
        && serial.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| format!("{date}{}", serial.to_ascii_lowercase()))
}
