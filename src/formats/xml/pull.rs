//! Walks through an XML document element by element: what is not asked for is skipped, and yet checked.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fault::{Fault, Reason};
use super::guard::{Guard, is_legal};
use super::peek::Peek;
use super::walk::{Gather, Step, Walk, reason};
use super::whole::Wholes;
use crate::formats::encoding::XmlSource;

/// A real post has some three kilobytes.
const MAX_POST: u64 = 1024 * 1024;

/// A document that is being read.
pub(in crate::formats) struct Pull<R> {
    reader: Reader<Guard<Peek<XmlSource<R>>>>,
    buffer: Vec<u8>,
    walk: Walk,
    wholes: Wholes,
    /// Bytes that the parser never saw.
    passed: u64,
}

/// An element that was taken as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Whole {
    /// Where it begins, in bytes of the document.
    start: u64,
    /// How many posts were begun, this one included.
    post: u64,
    /// The elements around it.
    depth: usize,
}

impl<R: BufRead> Pull<R> {
    pub(in crate::formats) fn new(source: R) -> Self {
        let mut reader = Reader::from_reader(Guard::new(Peek::new(XmlSource::new(source))));
        reader.config_mut().check_comments = true;
        Self { reader, buffer: Vec::new(), walk: Walk::new(), wholes: Wholes::default(), passed: 0 }
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
            let step = self.step(note, Gather::TextFromLetters)?;
            if let Step::End = step {
                return Err(self.fault(Reason::NotClosed));
            }
            self.walk.put(&step, &name, tape);
        }
        self.walk.name = name;
        Ok(())
    }

    /// Takes the next child as it stands and puts it behind `text`, if it is a post and where it ends can be told without
    /// reading it. None of it was looked at then: [`record_whole`] does that. To be asked between two children.
    pub(in crate::formats) fn whole(
        &mut self,
        is_post: impl Fn(&str) -> bool,
        text: &mut String,
    ) -> Result<Option<Whole>, Fault> {
        let source = self.reader.get_mut();
        let found =
            self.wholes.take(source, is_post, text).map_err(|error| self.fault(Reason::from(&error)))?;
        self.passed += found.blanks as u64;
        if found.length == 0 {
            return Ok(None);
        }
        self.walk.posts += 1;
        let start = self.passed + self.reader.buffer_position();
        self.passed += found.length as u64;
        Ok(Some(Whole { start, post: self.walk.posts, depth: self.walk.depth }))
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
        Fault { reason, byte: self.passed + self.reader.buffer_position(), post: self.walk.posts }
    }

    fn step<T>(&mut self, known: impl FnMut(&str) -> Option<T>, gather: Gather) -> Result<Step<T>, Fault> {
        if self.walk.close_empty() {
            return Ok(Step::Close);
        }
        self.buffer.clear();
        self.reader.get_mut().begin_token();
        let result = match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Decl(declaration)) => self
                .walk
                .declaration(&declaration, self.reader.get_ref().source().source())
                .map(|()| Step::Other),
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

/// Reads an element that was taken as it stands, and puts what is in it on a tape.
pub(in crate::formats) fn record_whole(text: &str, whole: Whole, tape: &mut String) -> Result<(), Fault> {
    let mut reader = Reader::from_str(text);
    let fault = |reason, at: u64| Fault { reason, byte: whole.start + at, post: whole.post };
    if !is_legal(text.as_bytes()) {
        return Err(fault(Reason::NotWellFormed, 0));
    }
    let mut walk = Walk::inside(whole.depth);
    let mut name = String::new();
    let mut is_open = false;
    while !is_open || walk.depth > whole.depth {
        let event = reader.read_event();
        let step = event.map_err(|error| reason(&error, false)).and_then(|event| {
            let note = |local: &str| {
                name.clear();
                name.push_str(local);
                Some(())
            };
            walk.accept(&event, note, Gather::TextFromLetters)
        });
        let step = step.map_err(|reason| fault(reason, reader.buffer_position()))?;
        // Its own tag is no part of what is in it.
        if is_open {
            walk.put(&step, &name, tape);
        }
        is_open = true;
        if walk.close_empty() {
            walk.put(&Step::<()>::Close, &name, tape);
        }
    }
    let end = reader.buffer_position();
    if end == text.len() as u64 { Ok(()) } else { Err(fault(Reason::NotWellFormed, end)) }
}
