//! An element with everything in it as one text: it can be told from another by its bytes, and read when it is wanted.
//!
//! Tags stand as control characters, which no XML document may contain: 1, the name without its prefix and 2 open an
//! element, 3 closes it. References are resolved; attributes, comments and blanks between two tags are left out.

use std::borrow::Cow;

use super::well_formed::is_blank;

const OPEN: char = '\u{1}';
const NAMED: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// Takes over a piece of text; the other side is empty then.
pub(super) fn put_text(tape: &mut String, text: &mut String) {
    if !is_blank(text) {
        tape.push_str(text);
    }
    text.clear();
}

/// Opens an element.
pub(super) fn put_open(tape: &mut String, name: &str) {
    tape.push(OPEN);
    tape.push_str(name);
    tape.push(NAMED);
}

/// Closes the one that is open.
pub(super) fn put_close(tape: &mut String) {
    tape.push(CLOSE);
}

/// Reads an element from a tape. It can't fail: what stands there was checked when it was put down.
pub(in crate::formats) struct Tape<'t> {
    rest: &'t str,
}

/// What stands next.
enum Token<'t> {
    Open(&'t str),
    Text(&'t str),
    Close,
}

impl<'t> Tape<'t> {
    /// At the beginning of the element, behind its own tag.
    pub(in crate::formats) const fn new(tape: &'t str) -> Self {
        Self { rest: tape }
    }

    /// The next child of the current element that `known` knows, opened; none once the current element is closed.
    pub(in crate::formats) fn child<T>(&mut self, known: impl Fn(&str) -> Option<T>) -> Option<T> {
        loop {
            match self.next() {
                Token::Open(name) => match known(name) {
                    Some(part) => return Some(part),
                    None => self.skip(),
                },
                Token::Text(_) => {}
                Token::Close => return None,
            }
        }
    }

    /// The text of the current element, trimmed, without that of its children; the element is closed then.
    pub(in crate::formats) fn text(&mut self) -> Cow<'t, str> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.next() {
                Token::Open(_) => self.skip(),
                Token::Text(more) if text.is_empty() => text = Cow::Borrowed(more),
                Token::Text(more) => text.to_mut().push_str(more),
                Token::Close => break,
            }
        }
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// The text of the current element, if there is any.
    pub(in crate::formats) fn value(&mut self) -> Option<String> {
        let text = self.text();
        if text.is_empty() { None } else { Some(text.into_owned()) }
    }

    /// Goes behind the end of the current element.
    fn skip(&mut self) {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.next() {
                Token::Open(_) => depth += 1,
                Token::Text(_) => {}
                Token::Close => depth -= 1,
            }
        }
    }

    /// The end of the tape closes whatever is open.
    fn next(&mut self) -> Token<'t> {
        let Some(first) = self.rest.as_bytes().first() else { return Token::Close };
        if *first == CLOSE as u8 {
            self.advance(1);
            return Token::Close;
        }
        if *first == OPEN as u8 {
            let named = self.rest.bytes().position(|byte| byte == NAMED as u8).unwrap_or(self.rest.len());
            let name = self.rest.get(1..named).unwrap_or_default();
            self.advance(named + 1);
            return Token::Open(name);
        }
        let is_tag = |byte: u8| byte == OPEN as u8 || byte == CLOSE as u8;
        let end = self.rest.bytes().position(is_tag).unwrap_or(self.rest.len());
        let text = self.rest.get(..end).unwrap_or_default();
        self.advance(end);
        Token::Text(text)
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pull;
    use super::*;

    /// What is recorded of the content of an element `R`.
    fn taped(inside: &str) -> String {
        let xml = format!("<R>{inside}</R>");
        let mut pull = Pull::new(xml.as_bytes());
        assert_eq!(pull.root(|name| (name == "R").then_some(())).ok().flatten(), Some(()), "{xml}");
        let mut tape = String::new();
        assert!(pull.record(&mut tape).is_ok(), "{xml}");
        assert!(pull.finish().is_ok(), "{xml}");
        tape
    }

    #[test]
    fn what_says_the_same_is_the_same_on_the_tape() {
        let plain = taped("<a><b>1 &amp; 2</b><c></c></a>");
        for other in [
            "<a><b>1 &#38; 2</b><c/></a>",
            "\n <a>\r\n<b>1 <![CDATA[&]]> 2</b>  <!-- no --><c> </c>\n</a>\n",
            "<p:a x='1'><p:b y=\"2\">1 &amp; 2</p:b><?z?><c\t/></p:a>",
        ] {
            assert_eq!(taped(other), plain, "{other}");
        }
        for other in ["<a><b>1 &amp; 3</b><c/></a>", "<a><b>1 &amp; 2</b></a>", "<a><c/><b>1 &amp; 2</b></a>"]
        {
            assert_ne!(taped(other), plain, "{other}");
        }
    }

    #[test]
    fn a_tape_is_read_like_the_document() {
        let tape = taped("<other><a>no</a></other><a>1<b>2</b>3</a><b> \u{a0}4 </b><a/>");
        let mut read = Tape::new(&tape);
        let known = |name: &str| ["a", "b"].into_iter().find(|known| *known == name);
        assert_eq!((read.child(known), read.text().as_ref()), (Some("a"), "13"));
        assert_eq!((read.child(known), read.value().as_deref()), (Some("b"), Some("4")));
        assert_eq!((read.child(known), read.value()), (Some("a"), None));
        assert_eq!((read.child(known), read.child(known)), (None, None));
    }

    #[test]
    fn any_string_can_be_read_without_a_panic() {
        for tape in ["", "\u{1}", "\u{1}a", "\u{3}\u{3}", "a\u{1}b\u{2}c", "\u{2}"] {
            let mut read = Tape::new(tape);
            while read.child(|_| Some(())).is_some() {
                read.value();
            }
        }
    }
}
