//! Letters without case and accents. Each is the ASCII letter that somebody without a Swedish keyboard types.

/// Words are cut here, in the index and in what is typed alike.
const LONGEST_WORD: usize = 40;

/// Adds the folded words of a text.
pub(super) fn fold(text: &str, words: &mut Vec<String>) {
    words.extend(text.split_whitespace().flat_map(piece_words));
}

/// The folded words of a piece without blanks: `Karin-Åsa` are two, `O'Brien` is one.
pub(super) fn piece_words(piece: &str) -> Vec<String> {
    let mut words = vec![Word::default()];
    for letter in piece.chars() {
        match (letter_of(letter), words.last_mut()) {
            (Letter::Between, Some(word)) if word.letters > 0 => words.push(Word::default()),
            (Letter::Base(base), Some(word)) => base.chars().for_each(|base| word.push(base)),
            (Letter::Itself, Some(word)) => letter.to_lowercase().for_each(|small| word.push(small)),
            (Letter::Between | Letter::Nothing, Some(_)) | (_, None) => {}
        }
    }
    words.into_iter().map(|word| word.text).filter(|text| !text.is_empty()).collect()
}

#[derive(Default)]
struct Word {
    text: String,
    letters: usize,
}

impl Word {
    fn push(&mut self, letter: char) {
        if self.letters < LONGEST_WORD && letter.is_alphanumeric() {
            self.text.push(letter);
            self.letters += 1;
        }
    }
}

enum Letter {
    /// Becomes this.
    Base(&'static str),
    /// Has no accent, or none that is known: stays, in lower case.
    Itself,
    /// Accents that stand alone, apostrophes, marks that nobody sees.
    Nothing,
    /// Ends a word.
    Between,
}

fn letter_of(letter: char) -> Letter {
    if letter.is_ascii() {
        return match letter {
            '\'' | '`' => Letter::Nothing,
            _ if letter.is_ascii_alphanumeric() => Letter::Itself,
            _ => Letter::Between,
        };
    }
    let mut small = letter.to_lowercase();
    match base(small.next().unwrap_or(letter)) {
        Some(base) => Letter::Base(base),
        None if is_unseen(letter) => Letter::Nothing,
        None if letter.is_alphanumeric() => Letter::Itself,
        None => Letter::Between,
    }
}

const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
            | '´' | '‘' | '’' | 'ʼ' | 'ʹ' | '′'
    )
}

/// What stands for a small letter with an accent: Latin-1, Latin Extended-A, the rest of the Nordic and Baltic letters,
/// and Vietnamese.
const fn base(small: char) -> Option<&'static str> {
    Some(match small {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ǟ' | 'ǡ' | 'ǻ' | 'ȁ' | 'ȃ' | 'ȧ' | 'ạ'..='ặ' => {
            "a"
        }
        'æ' | 'ǣ' | 'ǽ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' | 'ḍ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ȅ' | 'ȇ' | 'ẹ'..='ệ' | 'ə' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǥ' | 'ǧ' | 'ǵ' => "g",
        'ĥ' | 'ħ' | 'ȟ' | 'ḥ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ỉ' | 'ị' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' | 'ĸ' | 'ǩ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŉ' | 'ŋ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ǫ' | 'ǭ' | 'ǿ' | 'ȫ' | 'ȭ' | 'ȯ' | 'ọ'..='ợ' => {
            "o"
        }
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'ṭ' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ụ'..='ự' => "u",
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ȳ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' | 'ẓ' => "z",
        _ => return None,
    })
}
