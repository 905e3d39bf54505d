//! Journal rows in short: what comes over and over in them stands as one byte or two. Two thirds of a registry would be names
//! of fields otherwise. Values stay as they are: whoever looks through the file for something that must be gone finds it,
//! which a library that packs whole rows would hide.

use std::borrow::Cow;
use std::sync::LazyLock;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::words::WORDS;
use crate::failure::{Failure, Result};

/// What stands for the first words: bytes that JSON never has as they are, and that neither ring nor move on a terminal.
const SINGLE: &[u8] = &[
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a,
    0x1c, 0x1d,
];
/// What stands before the second byte of the others, and that byte for the first of them.
const PAIR: u8 = 0x1e;
const FIRST_OF_PAIRS: u8 = b' ';
/// What stands before a byte that would be taken for a word's.
const AS_IT_IS: u8 = 0x1f;

/// Where words may begin.
const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'"' | b',' | b'[' | b'{' | b']')
}

/// A word and what stands for it.
struct Short {
    beginning: [u8; 8],
    word: &'static [u8],
    codes: (u8, Option<u8>),
}

/// In the order of their beginnings, longer ones first.
static SHORTS: LazyLock<Vec<Short>> = LazyLock::new(|| {
    let pairs = (FIRST_OF_PAIRS..0x7f).map(|second| (PAIR, Some(second)));
    let codes = SINGLE.iter().map(|code| (*code, None)).chain(pairs);
    let short = |(word, codes): (&&'static str, _)| {
        let word = word.as_bytes();
        Some(Short { beginning: *word.first_chunk()?, word, codes })
    };
    let mut shorts: Vec<Short> = WORDS.iter().zip(codes).filter_map(short).collect();
    shorts.sort_by_key(|short| (short.beginning, std::cmp::Reverse(short.word.len())));
    shorts
});

/// JSON in short.
pub(in crate::registry) fn in_short(json: &[u8]) -> Result<String> {
    let mut text = Vec::with_capacity(json.len() / 2);
    let mut rest = json;
    while let Some((first, after)) = rest.split_first() {
        if let Some(short) = may_begin(*first).then(|| beginning(rest)).flatten() {
            text.push(short.codes.0);
            text.extend(short.codes.1);
            rest = rest.get(short.word.len()..).unwrap_or_default();
        } else {
            if *first < b' ' {
                text.push(AS_IT_IS);
            }
            text.push(*first);
            rest = after;
        }
    }
    String::from_utf8(text).map_err(|_| Failure::internal("a journal row that is no text"))
}

/// The longest word that a text begins with.
fn beginning(text: &[u8]) -> Option<&'static Short> {
    let wanted: &[u8; 8] = text.first_chunk()?;
    let from = SHORTS.partition_point(|short| short.beginning < *wanted);
    let alike = SHORTS.get(from..)?.iter().take_while(|short| short.beginning == *wanted);
    alike.into_iter().find(|short| text.starts_with(short.word))
}

/// A row as JSON, whether it was shortened or not.
pub(in crate::registry) fn written_out(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte >= b' ') {
        return Cow::Borrowed(text);
    }
    let mut json = Vec::with_capacity(text.len() * 4);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            AS_IT_IS => json.extend(bytes.next()),
            PAIR => {
                let place = bytes.next().and_then(|second| second.checked_sub(FIRST_OF_PAIRS));
                push_word(place.map(|place| SINGLE.len() + usize::from(place)), &mut json);
            }
            single if single < b' ' => push_word(SINGLE.iter().position(|code| *code == single), &mut json),
            plain => json.push(plain),
        }
    }
    // Words and whatever lies between them are whole letters.
    Cow::Owned(String::from_utf8(json).unwrap_or_default())
}

fn push_word(place: Option<usize>, json: &mut Vec<u8>) {
    json.extend(place.and_then(|place| WORDS.get(place)).into_iter().flat_map(|word| word.bytes()));
}

/// Lets statements look into rows: `journal_json(changes)`.
///
/// # Errors
///
/// SQLite's own.
pub fn offer_to_statements(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(c"journal_json", 1, flags, |context| {
        let text = context.get_raw(0).as_str_or_null()?;
        Ok(text.map(|text| written_out(text).into_owned()))
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::journal::words::WORDS;

    fn short(json: &str) -> String {
        in_short(json.as_bytes()).unwrap()
    }

    const ENTERED: &str = r#"{"number.id_number":{"former":[],"id_kind":"personnummer","id_number":"197603052395"},"person.category":"borrower","person.first_name":"Åsa","person.status":"active","person.blocked":false,"person.allow_update":true,"protection.protection":[],"address.home":{"active":true,"care_of":null,"street":"Testvägen 1","postal_code":"90100","city":"TESTBY","country":null}}"#;
    const MOVED: &str = r#"[["address.home",{"active":true,"care_of":null,"street":"Testvägen 1","postal_code":"90100","city":"TESTBY","country":null},{"active":true,"care_of":null,"street":"Testvägen 2","postal_code":"90100","city":"TESTBY","country":null},"spar-import/11"]]"#;

    #[test]
    fn every_text_comes_back_as_it_was() {
        let with_controls = "a\u{1}b\u{1e}c\u{1f}\u{1f}\n\t\r\u{0}d";
        let texts = ["", "[]", "null", "Å", ENTERED, MOVED, with_controls, &WORDS.concat()];
        for text in texts {
            assert_eq!(written_out(&short(text)), text);
        }
        for word in WORDS {
            for cut in (0..=word.len()).filter(|cut| word.is_char_boundary(*cut)) {
                let (left, right) = word.split_at(cut);
                for text in [left, right, &format!("{right}{left}Ö{word}")] {
                    assert_eq!(written_out(&short(text)), text);
                }
            }
        }
    }

    #[test]
    fn a_row_takes_a_third_and_keeps_its_values_readable() {
        for (row, values) in [
            (ENTERED, ["197603052395", "Åsa", "Testvägen 1"]),
            (MOVED, ["Testvägen 1", "Testvägen 2", "90100"]),
        ] {
            let short = short(row);
            assert!(short.len() * 3 < row.len(), "{} of {}", short.len(), row.len());
            assert!(values.iter().all(|value| short.contains(value)), "{short}");
        }
    }

    #[test]
    fn a_row_that_was_never_shortened_is_what_it_is() {
        assert!(matches!(written_out(ENTERED), Cow::Borrowed(ENTERED)));
    }

    #[test]
    fn what_statements_look_for_stays_readable() {
        for field in ["number.id_number", "notice.two-records"] {
            let fields = [
                format!(r#"[["{field}",null,1,"x"]]"#),
                format!(r#"[["a",null,1,"x"],["{field}",null,1,"x"]]"#),
            ];
            for row in fields {
                assert!(short(&row).contains(&format!("\"{field}\"")), "{row}");
            }
        }
        assert!(short(r#"{"a":1,"notice.two-records":2}"#).contains("\"notice.two-records\""));
    }

    #[test]
    fn words_are_told_apart_and_every_one_of_them_saves_something() {
        let mut sorted = WORDS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), WORDS.len());
        assert!(WORDS.len() <= SINGLE.len() + usize::from(0x7f - FIRST_OF_PAIRS));
        for word in WORDS {
            assert!(word.len() >= 8 && word.bytes().next().is_some_and(may_begin), "{word}");
            assert!(word.bytes().all(|byte| byte >= b' '), "{word}");
            assert!(short(word).len() <= 2, "{word}");
        }
    }

    /// Rows of older registries are read by them.
    #[test]
    fn words_that_landed_stay_what_and_where_they_are() {
        use std::hash::{Hash, Hasher};
        let mut hasher = siphasher::sip::SipHasher13::new();
        WORDS.get(..LANDED.0).unwrap().hash(&mut hasher);
        assert_eq!(hasher.finish(), LANDED.1);
    }

    /// How many there were when this was written last, and their digest. More of them: a line more, this one stays.
    const LANDED: (usize, u64) = (94, 8_153_100_515_475_958_793);
}
