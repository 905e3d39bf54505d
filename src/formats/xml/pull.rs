//! Walks through an XML document element by element: what is not asked for is skipped, and yet checked.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::encoding::EncodingError;
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::fault::{Fault, Reason};
use super::guard::Guard;
use super::tape;
use super::well_formed::{self, check_attributes, check_target, check_text, is_blank, local_name};
use crate::formats::encoding::XmlSource;

/// The real forms nest eight elements.
const MAX_DEPTH: usize = 64;

/// Text of one element, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// A real post has some three kilobytes.
const MAX_POST: u64 = 1024 * 1024;

/// What the next piece of the document is; `T` is what the caller knows about an element by its name.
enum Step<T> {
    Open(Option<T>),
    Close,
    Other,
    End,
}

/// Whether text is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gather {
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

/// A document that is being read.
pub(in crate::formats) struct Pull<R> {
    reader: Reader<Guard<XmlSource<R>>>,
    buffer: Vec<u8>,
    walk: Walk,
}

/// What is remembered between two steps.
struct Walk {
    phase: Phase,
    depth: usize,
    /// An empty element was opened: the next step closes it.
    empty: bool,
    /// Bytes of text in the current element.
    length: usize,
    gathered: String,
    /// The element that was opened last, while a tape is written.
    name: String,
    posts: u64,
    /// Where the current post began.
    post_start: Option<u64>,
}

impl<R: BufRead> Pull<R> {
    pub(in crate::formats) fn new(source: R) -> Self {
        let mut reader = Reader::from_reader(Guard::new(XmlSource::new(source)));
        reader.config_mut().check_comments = true;
        let walk = Walk {
            phase: Phase::Start,
            depth: 0,
            empty: false,
            length: 0,
            gathered: String::new(),
            name: String::new(),
            posts: 0,
            post_start: None,
        };
        Self { reader, buffer: Vec::new(), walk }
    }

    /// The next child of the current element that `known` knows, opened; none once the current element is closed.
    pub(in crate::formats) fn child<T>(
        &mut self,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        loop {
            match self.step(&known, Gather::Nothing)? {
                Step::Open(Some(part)) => return Ok(Some(part)),
                Step::Open(None) => self.skip()?,
                Step::Close => return Ok(None),
                Step::Other => {}
                Step::End => return Err(self.fault(Reason::NotClosed)),
            }
        }
    }

    /// The text of the current element, trimmed, without that of its children; the element is closed then.
    pub(in crate::formats) fn text(&mut self) -> Result<&str, Fault> {
        self.walk.gathered.clear();
        loop {
            match self.step(|_| None::<()>, Gather::Text)? {
                Step::Open(_) => self.skip()?,
                Step::Close => break,
                Step::Other => {}
                Step::End => return Err(self.fault(Reason::NotClosed)),
            }
        }
        Ok(self.walk.gathered.trim())
    }

    /// Puts everything in the current element on a tape; the element is closed then.
    pub(in crate::formats) fn record(&mut self, tape: &mut String) -> Result<(), Fault> {
        let outside = self.walk.depth - 1;
        let mut name = std::mem::take(&mut self.walk.name);
        self.walk.gathered.clear();
        while self.walk.depth > outside {
            let note = |local: &str| {
                name.clear();
                name.push_str(local);
                Some(())
            };
            match self.step(note, Gather::TextFromLetters)? {
                Step::Open(_) => {
                    tape::put_text(tape, &mut self.walk.gathered);
                    tape::put_open(tape, &name);
                }
                Step::Close => {
                    tape::put_text(tape, &mut self.walk.gathered);
                    tape::put_close(tape);
                }
                Step::Other => {}
                Step::End => return Err(self.fault(Reason::NotClosed)),
            }
        }
        self.walk.name = name;
        Ok(())
    }

    /// The text of the current element, if there is any.
    pub(in crate::formats) fn value(&mut self) -> Result<Option<String>, Fault> {
        let text = self.text()?;
        Ok(if text.is_empty() { None } else { Some(text.to_owned()) })
    }

    /// Goes behind the end of the current element.
    fn skip(&mut self) -> Result<(), Fault> {
        let outside = self.walk.depth - 1;
        while self.walk.depth > outside {
            if let Step::End = self.step(|_| None::<()>, Gather::Nothing)? {
                return Err(self.fault(Reason::NotClosed));
            }
        }
        Ok(())
    }

    /// Opens the root element.
    pub(in crate::formats) fn root<T>(
        &mut self,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        loop {
            match self.step(&known, Gather::Nothing)? {
                Step::Open(part) => return Ok(part),
                Step::Close | Step::Other => {}
                Step::End => return Err(self.fault(Reason::NotClosed)),
            }
        }
    }

    /// Reads what may stand behind the root element, to the end of the source.
    pub(in crate::formats) fn finish(&mut self) -> Result<(), Fault> {
        while !matches!(self.step(|_| None::<()>, Gather::Nothing)?, Step::End) {}
        Ok(())
    }

    /// The post that was just opened is counted and measured from here on.
    pub(in crate::formats) fn begin_post(&mut self) {
        self.walk.posts += 1;
        self.walk.post_start = Some(self.reader.buffer_position());
    }

    /// The post that was measured is over.
    pub(in crate::formats) fn end_post(&mut self) {
        self.walk.post_start = None;
    }

    /// How many posts were opened.
    pub(in crate::formats) fn posts(&self) -> u64 {
        self.walk.posts
    }

    /// A fault at this place.
    pub(in crate::formats) fn fault(&self, reason: Reason) -> Fault {
        Fault { reason, byte: self.reader.buffer_position(), post: self.walk.posts }
    }

    fn step<T>(&mut self, known: impl FnMut(&str) -> Option<T>, gather: Gather) -> Result<Step<T>, Fault> {
        if self.walk.empty {
            self.walk.empty = false;
            self.walk.close();
            return Ok(Step::Close);
        }
        self.buffer.clear();
        self.reader.get_mut().begin_token();
        let result = match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Decl(declaration)) => {
                self.walk.declaration(&declaration, self.reader.get_ref().source()).map(|()| Step::Other)
            }
            Ok(event) => self.walk.accept(&event, known, gather),
            Err(error) => Err(reason(&error, self.reader.get_ref().has_ended())),
        };
        let step = result.map_err(|reason| self.fault(reason))?;
        let position = self.reader.buffer_position();
        if self.walk.post_start.is_some_and(|start| position - start > MAX_POST) {
            return Err(self.fault(Reason::PostTooLong));
        }
        Ok(step)
    }
}

impl Walk {
    fn declaration<R: BufRead>(
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

    fn accept<T>(
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
fn reason(error: &Error, ended: bool) -> Reason {
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
