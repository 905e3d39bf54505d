//! What is remembered while a document is walked through, and what each piece of it means there.

use std::io::BufRead;

use quick_xml::encoding::EncodingError;
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::fault::Reason;
use super::tape;
use super::well_formed::{self, check_attributes, check_target, check_text, is_blank, local_name};
use crate::formats::encoding::XmlSource;

/// The real forms nest eight elements.
const MAX_DEPTH: usize = 64;

/// Text of one element, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// What the next piece of the document is; `T` is what the caller knows about an element by its name.
pub(super) enum Step<T> {
    Open(Option<T>),
    Close,
    Other,
    End,
}

/// Whether text is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gather {
    Text,
    /// But for blanks that it begins with: those between two tags are nobody's text.
    TextFromLetters,
    Nothing,
}

/// Where we are relative to the root element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Start,
    Prolog,
    Root,
    Epilog,
}

/// What is remembered between two steps.
pub(super) struct Walk {
    phase: Phase,
    pub(super) depth: usize,
    /// An empty element was opened: the next step closes it.
    empty: bool,
    /// Bytes of text in the current element.
    length: usize,
    pub(super) gathered: String,
    /// The element that was opened last, while a tape is written.
    pub(super) name: String,
    pub(super) posts: u64,
    /// Where the current post began.
    pub(super) post_start: Option<u64>,
}

impl Walk {
    /// At the beginning of a document.
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Start,
            depth: 0,
            empty: false,
            length: 0,
            gathered: String::new(),
            name: String::new(),
            posts: 0,
            post_start: None,
        }
    }

    /// Inside so many elements.
    pub(super) fn inside(depth: usize) -> Self {
        Self { phase: Phase::Root, depth, ..Self::new() }
    }

    /// The element that was opened as empty is closed; false if none was.
    pub(super) fn close_empty(&mut self) -> bool {
        let was_empty = std::mem::take(&mut self.empty);
        if was_empty {
            self.close();
        }
        was_empty
    }

    pub(super) fn declaration<R: BufRead>(
        &mut self,
        event: &BytesDecl<'_>,
        source: &XmlSource<R>,
    ) -> Result<(), Reason> {
        if self.phase != Phase::Start {
            return Err(Reason::NotWellFormed);
        }
        self.phase = Phase::Prolog;
        let raw = event.strip_prefix("xml").ok_or(Reason::NotWellFormed)?;
        match well_formed::declaration(raw)? {
            Some(label) => Ok(source.check_label(label)?),
            None => Ok(()),
        }
    }

    /// Puts a step within an element on a tape; `name` is that of the element which was opened last.
    pub(super) fn put<T>(&mut self, step: &Step<T>, name: &str, tape: &mut String) {
        match step {
            Step::Open(_) => {
                tape::put_text(tape, &mut self.gathered);
                tape::put_open(tape, name);
            }
            Step::Close => {
                tape::put_text(tape, &mut self.gathered);
                tape::put_close(tape);
            }
            Step::Other | Step::End => {}
        }
    }

    pub(super) fn accept<T>(
        &mut self,
        event: &Event<'_>,
        known: impl FnMut(&str) -> Option<T>,
        gather: Gather,
    ) -> Result<Step<T>, Reason> {
        if self.phase == Phase::Start {
            self.phase = Phase::Prolog;
        }
        match event {
            Event::Start(start) => Ok(Step::Open(self.open(start, known)?)),
            Event::Empty(start) => {
                self.empty = true;
                Ok(Step::Open(self.open(start, known)?))
            }
            Event::End(_) => {
                self.close();
                Ok(Step::Close)
            }
            Event::Text(text) => {
                check_text(text)?;
                self.plain_text(text, gather).map(|()| Step::Other)
            }
            Event::CData(text) => self.inner_text(text, gather).map(|()| Step::Other),
            Event::GeneralRef(name) => self.reference(name, gather).map(|()| Step::Other),
            Event::PI(instruction) => check_target(instruction.target()).map(|()| Step::Other),
            Event::Comment(_) => Ok(Step::Other),
            Event::DocType(_) => Err(Reason::Doctype),
            // Taken out before.
            Event::Decl(_) => Err(Reason::NotWellFormed),
            Event::Eof if self.phase == Phase::Epilog => Ok(Step::End),
            Event::Eof => Err(Reason::NotClosed),
        }
    }

    fn open<T>(
        &mut self,
        start: &BytesStart<'_>,
        mut known: impl FnMut(&str) -> Option<T>,
    ) -> Result<Option<T>, Reason> {
        if self.phase == Phase::Epilog {
            return Err(Reason::NotWellFormed);
        }
        if self.depth == MAX_DEPTH {
            return Err(Reason::TooDeep);
        }
        self.phase = Phase::Root;
        self.depth += 1;
        self.length = 0;
        let name = start.name();
        let local = local_name(name.as_ref())?;
        check_attributes(start.attributes_raw())?;
        Ok(known(local))
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.length = 0;
        if self.depth == 0 {
            self.phase = Phase::Epilog;
        }
    }

    /// Text between tags; white space may stand anywhere, and as much of it as there likes.
    fn plain_text(&mut self, text: &str, gather: Gather) -> Result<(), Reason> {
        let is_nothing = match gather {
            Gather::Nothing => is_blank(text),
            Gather::TextFromLetters => self.gathered.is_empty() && is_blank(text),
            Gather::Text => false,
        };
        if is_nothing { Ok(()) } else { self.inner_text(text, gather) }
    }

    /// Text that has to be inside the root element.
    fn inner_text(&mut self, text: &str, gather: Gather) -> Result<(), Reason> {
        if self.phase != Phase::Root {
            return Err(Reason::NotWellFormed);
        }
        self.length += text.len();
        if self.length > MAX_TEXT || self.gathered.len() > MAX_TEXT {
            return Err(Reason::TextTooLong);
        }
        if gather != Gather::Nothing {
            push_lines(&mut self.gathered, text);
        }
        Ok(())
    }

    fn reference(&mut self, name: &BytesRef<'_>, gather: Gather) -> Result<(), Reason> {
        let letter = well_formed::reference(name)?;
        self.inner_text(letter.encode_utf8(&mut [0; 4]), gather)
    }
}

/// Every end of line is one line feed, as XML demands.
fn push_lines(gathered: &mut String, text: &str) {
    if text.as_bytes().contains(&b'\r') {
        gathered.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        gathered.push_str(text);
    }
}

/// What the parser's error means. At the end of the source, broken syntax is a document cut off.
pub(super) fn reason(error: &Error, ended: bool) -> Reason {
    match error {
        Error::Io(error) => Reason::from(error.as_ref()),
        Error::Encoding(EncodingError::Utf8(error)) if ended && error.error_len().is_none() => {
            Reason::NotClosed
        }
        Error::Encoding(_) => Reason::WrongEncoding,
        Error::Syntax(quick_xml::errors::SyntaxError::UnclosedDoctype) => Reason::Doctype,
        Error::Syntax(_) if ended => Reason::NotClosed,
        Error::Syntax(_)
        | Error::IllFormed(_)
        | Error::InvalidAttr(_)
        | Error::Escape(_)
        | Error::Namespace(_) => Reason::NotWellFormed,
    }
}
