//! What a terminal gets and a pipe never does: colours, and lines broken at its width. Prints nothing itself.

use super::output;

/// How loud a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As everything else.
    Plain,
    /// All is well: green.
    Well,
    /// Somebody should look: yellow.
    Warning,
    /// Something failed: red.
    Bad,
}

impl Tone {
    /// Of a log priority: up to 5 is an error, up to 10 a warning.
    pub(crate) const fn of_prio(prio: u8) -> Self {
        match prio {
            0..=5 => Self::Bad,
            6..=10 => Self::Warning,
            11.. => Self::Plain,
        }
    }

    /// Of the status of a run, or of the exit code behind it.
    pub(crate) fn of_status(status: &str) -> Self {
        match status {
            "ok" => Self::Well,
            "running" => Self::Plain,
            "remarks" => Self::Warning,
            _ => Self::Bad,
        }
    }

    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Well => Some("32"),
            Self::Warning => Some("33"),
            Self::Bad => Some("31"),
        }
    }
}

/// A word as standard output shows it.
pub(crate) fn toned(word: &str, tone: Tone) -> String {
    let colours = output::is_shown() && wants_colours(|name| std::env::var(name).ok());
    coloured(word, tone, colours)
}

/// A word as standard error shows it.
pub(crate) fn toned_error(word: &str, tone: Tone) -> String {
    let colours = output::is_watched() && wants_colours(|name| std::env::var(name).ok());
    coloured(word, tone, colours)
}

fn coloured(word: &str, tone: Tone, colours: bool) -> String {
    match tone.code().filter(|_| colours) {
        Some(code) => format!("\u{1b}[{code}m{word}\u{1b}[0m"),
        None => word.to_owned(),
    }
}

/// Not where somebody set `NO_COLOR` to anything (no-color.org), nor on a terminal that says it has none, or says nothing.
fn wants_colours(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && is_set("TERM") && variable("TERM").as_deref() != Some("dumb")
}

/// A line of a list: cells, then a sentence, which is broken at the terminal's width and goes on below its beginning.
pub(crate) fn row(cells: &[(&str, Tone)], sentence: &str) -> String {
    let before: usize = cells.iter().map(|(cell, _)| cell.chars().count()).sum();
    let head: String = cells.iter().map(|(cell, tone)| toned(cell, *tone)).collect();
    format!("{head}{}", wrapped(sentence, before, output::columns())).trim_end().to_owned()
}

/// Less than this beside the cells is no place for a sentence: it goes on further to the left.
const NARROWEST: usize = 40;
const INDENT: usize = 4;

fn wrapped(sentence: &str, before: usize, width: Option<usize>) -> String {
    let Some(width) = width.filter(|width| before + sentence.chars().count() > *width) else {
        return sentence.to_owned();
    };
    let indent = if before + NARROWEST <= width { before } else { INDENT };
    let (mut out, mut at) = (String::new(), before);
    for word in sentence.split(' ') {
        let length = word.chars().count();
        if at + length > width && at > indent {
            out = format!("{}\n{}", out.trim_end(), " ".repeat(indent));
            at = indent;
        }
        out.push_str(word);
        out.push(' ');
        at += length + 1;
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_broken_between_words_and_goes_on_below_itself() {
        // (sentence, columns before it, width, what is shown)
        let rows = [
            ("one two three", 4, None, "one two three"),
            ("one two three", 4, Some(17), "one two three"),
            (
                "one two three four five six seven eight nine ten",
                8,
                Some(48),
                "one two three four five six seven eight\n        nine ten",
            ),
            // No room beside the cells.
            ("one two three", 20, Some(25), "one\n    two three"),
            // A word that is longer than any line stays whole.
            ("averylongwordthatfitsnowhere x", 4, Some(20), "averylongwordthatfitsnowhere\n    x"),
        ];
        for (sentence, before, width, expected) in rows {
            assert_eq!(wrapped(sentence, before, width), expected, "{sentence} {before} {width:?}");
        }
    }

    #[test]
    fn colours_are_for_terminals_whose_owner_did_not_decline_them() {
        // (NO_COLOR, TERM, coloured)
        let rows = [
            (None, Some("xterm-256color"), true),
            (Some("1"), Some("xterm"), false),
            (Some(""), Some("xterm"), true), // empty is as good as not set
            (None, Some("dumb"), false),
            (None, None, false),
        ];
        for (no_color, term, expected) in rows {
            let variable = |name: &str| if name == "TERM" { term } else { no_color }.map(str::to_owned);
            assert_eq!(wants_colours(variable), expected, "{no_color:?} {term:?}");
        }
    }
}
