//! Which names are plain file names, and how the others are shown.

use crate::failure::escaped;

/// More than file systems allow.
const LONGEST: usize = 255;

/// The name, if it can stand for nothing but a file in its own folder, on any system.
pub(super) fn plain(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let is_folder = matches!(name, "" | "." | "..");
    let is_path = name.contains(['/', '\\']);
    let is_plain = !is_folder && !is_path && name.len() <= LONGEST && escaped(name) == name;
    is_plain.then_some(name)
}

/// Any name, so that it steers no terminal and fills no line.
pub(super) fn shown(name: &[u8]) -> String {
    shortened(&String::from_utf8_lossy(name), 60)
}

/// What a server said, as harmless; long enough for a sentence, and with nothing in it that may be the number of a
/// person: a server that repeats a line of a list does not get it into our logs.
pub(super) fn quoted(words: &str) -> String {
    shortened(&without_numbers(words), 200)
}

/// Ten or twelve digits, whatever stands between them, as a rule are an identity number.
fn without_numbers(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+');
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, tail) = rest.split_at(start);
        let (number, after) = tail.split_at(tail.find(|letter| !is_part(letter)).unwrap_or(tail.len()));
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        told.push_str(before);
        told.push_str(if matches!(digits, 10 | 12) { "…" } else { number });
        rest = after;
    }
    told + rest
}

fn shortened(text: &str, most: usize) -> String {
    let text = escaped(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_in_its_folder_is_a_plain_name() {
        for name in ["C2611-000001-spar", "a b.xml", "-rf", "åäö", ".hidden", "...", "C:x"] {
            assert_eq!(plain(name.as_bytes()), Some(name));
        }
        let long = "x".repeat(256);
        let odd: [&[u8]; 12] = [
            b"",
            b".",
            b"..",
            b"/etc/x",
            b"../x",
            b"a/b",
            b"a\\b",
            b"a\nb",
            b"a\x1b[2J",
            b"a\0b",
            b"gr\xf6n",
            long.as_bytes(),
        ];
        for name in odd {
            assert_eq!(plain(name), None, "{}", shown(name));
        }
        assert_eq!(plain("a\u{202e}b".as_bytes()), None, "a name that reads backwards");
    }

    #[test]
    fn what_may_be_a_persons_number_is_not_quoted() {
        // Skatteverket's test numbers.
        let rows = [
            ("550 197603052395 no", "550 … no"),
            ("550 19760305-2395,8501012382", "550 …,…"),
            ("5501976030523950", "5501976030523950"),
            ("227 (127,0,0,1,200,12)", "227 (127,0,0,1,200,12)"),
            (
                "550 SPARAvisering_20250305031500_SPAR500243-949.xml",
                "550 SPARAvisering_20250305031500_SPAR500243-949.xml",
            ),
            ("åäö", "åäö"),
        ];
        for (said, quote) in rows {
            assert_eq!(quoted(said), quote);
        }
    }

    #[test]
    fn an_odd_name_is_shown_short_and_without_control_characters() {
        assert_eq!(shown(b"a\x1b[2J\n"), "a\\u{1b}[2J\\u{a}");
        assert_eq!(shown(&[b'x'; 5000]), format!("{}…", "x".repeat(60)));
        assert_eq!(shown(b"gr\xf6n"), "gr\u{fffd}n");
    }
}
