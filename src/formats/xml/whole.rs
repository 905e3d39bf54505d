//! Finds where an element ends without reading it. That is sure only of a document that is well-formed and of an element
//! without comments, instructions, CDATA and others of its own name in it: what is found is read before it is believed,
//! unless it is known by its bytes as one that was; everything else is left to the parser.

use std::io::{self, BufRead};

use encoding_rs::UTF_8;
use memchr::memmem;

use super::guard::Guard;
use super::peek::Peek;
use super::well_formed::local_name;

/// A real post has some three kilobytes; a longer element is read piece by piece.
const LONGEST: usize = 64 * 1024;

/// What is looked for from one element to the next.
#[derive(Default)]
pub(super) struct Wholes {
    ends: Option<Ends>,
    /// An element had no end in sight: the next one may have none either.
    is_off: bool,
}

/// What was taken of the source.
#[derive(Clone, Copy, Default)]
pub(super) struct Taken {
    /// White space before the element.
    pub(super) blanks: usize,
    /// The element; 0 if it was left where it is.
    pub(super) length: usize,
}

/// The tags of elements of one name.
struct Ends {
    start: Vec<u8>,
    end: memmem::Finder<'static>,
    again: memmem::Finder<'static>,
    declaration: memmem::Finder<'static>,
    instruction: memmem::Finder<'static>,
}

enum Found {
    Whole(usize),
    Unclear,
    /// Not in what is there.
    NoEnd,
}

impl Ends {
    fn of(name: &str) -> Self {
        let finder = |needle: String| memmem::Finder::new(needle.as_bytes()).into_owned();
        Self {
            start: format!("<{name}").into_bytes(),
            end: finder(format!("</{name}>")),
            again: finder(format!("<{name}")),
            declaration: finder("<!".to_owned()),
            instruction: finder("<?".to_owned()),
        }
    }

    fn find(&self, ready: &[u8]) -> Found {
        let Some(end) = self.end.find(ready) else { return Found::NoEnd };
        let inside = ready.get(self.start.len()..end).unwrap_or_default();
        let is_clear = [&self.again, &self.declaration, &self.instruction]
            .into_iter()
            .all(|finder| finder.find(inside).is_none());
        if is_clear { Found::Whole(end + self.end.needle().len()) } else { Found::Unclear }
    }
}

impl Wholes {
    /// Puts the next element behind `text` if its name is wanted and its end is clear.
    pub(super) fn take<R: BufRead>(
        &mut self,
        source: &mut Guard<Peek<R>>,
        is_wanted: impl Fn(&str) -> bool,
        text: &mut String,
    ) -> io::Result<Taken> {
        let mut taken = Taken::default();
        if self.is_off {
            return Ok(taken);
        }
        taken.blanks = pass_blanks(source)?;
        loop {
            let ready = source.source_mut().fill_buf()?;
            let ready = ready.get(..LONGEST).unwrap_or(ready);
            match self.ends(ready, &is_wanted) {
                Some(ends) => match ends.find(ready) {
                    Found::Whole(length) => {
                        // What is no text the parser finds out.
                        let whole = ready.get(..length).unwrap_or_default();
                        // Several times as fast as the standard library's.
                        let Some(whole) = UTF_8.decode_without_bom_handling_and_without_replacement(whole)
                        else {
                            return Ok(taken);
                        };
                        text.push_str(&whole);
                        taken.length = length;
                        source.pass(length);
                        return Ok(taken);
                    }
                    Found::Unclear => return Ok(taken),
                    Found::NoEnd => {}
                },
                None if is_tag(ready) => return Ok(taken),
                None => {}
            }
            self.is_off = ready.len() == LONGEST;
            if self.is_off || !source.source_mut().more()? {
                return Ok(taken);
            }
        }
    }

    /// Those of the element that stands here, if its name is wanted.
    fn ends(&mut self, ready: &[u8], is_wanted: impl Fn(&str) -> bool) -> Option<&Ends> {
        let begins = |ends: &Ends| {
            let behind = ready.strip_prefix(ends.start.as_slice()).and_then(<[u8]>::first);
            behind.is_some_and(|byte| is_behind_a_name(*byte))
        };
        if !self.ends.as_ref().is_some_and(begins) {
            let name = ready.strip_prefix(b"<")?;
            let length = name.iter().position(|byte| is_behind_a_name(*byte))?;
            let name = std::str::from_utf8(name.get(..length)?).ok()?;
            local_name(name).ok().filter(|local| is_wanted(local))?;
            self.ends = Some(Ends::of(name));
        }
        self.ends.as_ref()
    }
}

const fn is_behind_a_name(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/')
}

/// Whether there is a tag with its end, or no tag at all.
fn is_tag(ready: &[u8]) -> bool {
    ready.first().is_some_and(|byte| *byte != b'<') || ready.contains(&b'>')
}

fn pass_blanks<R: BufRead>(source: &mut Guard<Peek<R>>) -> io::Result<usize> {
    let mut passed = 0;
    loop {
        let ready = source.source_mut().fill_buf()?;
        let blanks = ready.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        let is_all = blanks == ready.len();
        source.pass(blanks);
        passed += blanks;
        if !is_all || blanks == 0 {
            return Ok(passed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::super::{Pull, record_whole};

    #[derive(Clone, Copy, PartialEq)]
    enum Way {
        Parser,
        AsItStands,
    }
    use Way::{AsItStands, Parser};

    /// Everything in each `P` below the root, and how many were taken as they stand.
    fn tapes(document: &str, buffer: usize, way: Way) -> Option<(Vec<String>, usize)> {
        let mut pull = Pull::new(BufReader::with_capacity(buffer, document.as_bytes()));
        pull.root(|_| Some(())).ok()??;
        let (mut tapes, mut wholes) = (Vec::new(), 0);
        loop {
            let (mut text, mut tape) = (String::new(), String::new());
            if way == AsItStands
                && let Some(whole) = pull.whole(|name| name == "P", &mut text).ok()?
            {
                record_whole(&text, whole, &mut tape).ok()?;
                wholes += 1;
            } else if pull.child(|name| (name == "P").then_some(())).ok()?.is_some() {
                pull.record(&mut tape).ok()?;
            } else {
                pull.finish().ok()?;
                return Some((tapes, wholes));
            }
            tapes.push(tape);
        }
    }

    /// Documents, and how many of their elements may be taken as they stand.
    const DOCUMENTS: &[(&str, usize)] = &[
        ("<R><P><a>1</a></P><P a='>'>&lt;</P>\n <P>å</P></R>", 3),
        ("<R>\r\n<x:P>1</x:P><x:P>2</x:P><P>3</P></R>", 3),
        ("<R><P>1</P><!-- <P>no</P> --><Q><P>no</P></Q><P>2</P><P>3</P></R>", 2),
        ("<R><P><!-- </P> -->1</P><P><![CDATA[</P>]]></P><P><?p </P>?></P><P>4</P></R>", 1),
        ("<R><P><P>1</P>2</P><P>3</P></R>", 1),
        ("<R><P/><P>2</P><P/></R>", 1),
        ("<R><P>1</P ><P>2</P></R>", 1),
        ("<R><Px>no</Px><P>1</P>&#32;<P>2</P>words<P>3</P></R>", 0),
        ("<R></R>", 0),
    ];

    #[test]
    fn what_is_taken_as_it_stands_says_what_the_parser_reads() {
        for (document, wholes) in DOCUMENTS {
            let (read, _) = tapes(document, 8_192, Parser).unwrap();
            for buffer in [1, 3, 7, 64, 8_192] {
                let (taken, count) = tapes(document, buffer, AsItStands).unwrap_or_default();
                assert_eq!(taken, read, "{document} in pieces of {buffer}");
                assert!(count <= *wholes, "{document} in pieces of {buffer}: {count}");
            }
            assert_eq!(tapes(document, 8_192, AsItStands).unwrap().1, *wholes, "{document}");
        }
    }

    #[test]
    fn what_is_not_whole_and_well_formed_is_refused_either_way() {
        for spoiled in [
            "<R><P><a></P></a></R>",
            "<R><P>1</P><P><a>2</P></R>",
            "<R><P>\u{1}</P></R>",
            "<R><P>&nothing;</P></R>",
            "<R><P a='1' a='2'>1</P></R>",
            "<R><P>]]></P></R>",
            "<R><P>1</P><P>2",
            "<R><P>1</P>",
            "<R><P>1</P></R>x",
            "<R><P a=<>1</P></R>",
        ] {
            for buffer in [1, 8_192] {
                assert_eq!(tapes(spoiled, buffer, Parser), None, "{spoiled}");
                assert_eq!(tapes(spoiled, buffer, AsItStands), None, "{spoiled} in pieces of {buffer}");
            }
        }
    }

    #[test]
    fn an_element_without_an_end_in_sight_is_left_to_the_parser_and_so_is_the_rest() {
        let long = format!("<R><P>1</P><P>{}</P><P>3</P></R>", "1".repeat(super::LONGEST - 1_000).as_str());
        let longer = format!("<R><P>1</P><P>{}</P><P>3</P></R>", "<a>1</a>".repeat(super::LONGEST).as_str());
        for (document, wholes) in [(long, 3), (longer, 1)] {
            for buffer in [8_192, 1 << 20] {
                let (taken, count) = tapes(&document, buffer, AsItStands).unwrap();
                assert_eq!(
                    Some((&taken, count)),
                    tapes(&document, buffer, Parser).as_ref().map(|read| (&read.0, wholes))
                );
            }
        }
    }
}
