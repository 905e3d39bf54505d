//! Navet's XML as a stream of posts, by local names: `Navetavisering` with `Folkbokforingsposter`, and the file's own
//! counters. What is not asked for is skipped, and yet checked; memory stays flat.

mod envelope;
mod person;
mod post;

use std::io::BufRead;

use crate::domain::id_number::Reading;
use crate::domain::population::delivery::Part;
use crate::formats::xml::{Fault, Pull, Reason};

pub use post::NavetPost;

/// Reads one file, from its first byte to its last.
pub struct NavetReader<R> {
    pull: Pull<R>,
    reading: Reading,
    part: Part,
    stage: Stage,
}

/// How far we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    /// Among the root's children.
    Root(Seen),
    /// Inside `Folkbokforingsposter`.
    Posts,
    /// The whole document was read and is in order.
    Done,
    /// It is not; nothing more is read.
    Failed(Fault),
}

/// Whether `Folkbokforingsposter` was met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Posts,
}

/// What of the root's children we know.
enum Child {
    Information,
    Posts,
}

fn child(name: &str) -> Option<Child> {
    match name {
        "Aviseringsinformation" => Some(Child::Information),
        "Folkbokforingsposter" => Some(Child::Posts),
        _ => None,
    }
}

fn is_root(name: &str) -> Option<()> {
    (name == "Navetavisering").then_some(())
}

fn is_post(name: &str) -> Option<()> {
    (name == "Folkbokforingspost").then_some(())
}

/// Whether a file that begins so is XML: its first character that is not blank is `<`, in whatever encoding.
pub fn is_xml(beginning: &[u8]) -> bool {
    let is_blank =
        |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff);
    beginning.iter().find(|byte| !is_blank(byte)) == Some(&b'<')
}

impl<R: BufRead> NavetReader<R> {
    /// Nothing is read yet. The source gives the XML in its own encoding.
    pub fn new(source: R, reading: Reading) -> Self {
        Self { pull: Pull::new(source), reading, part: Part::default(), stage: Stage::Start }
    }

    /// The next post; none only when the whole document was read and is in order.
    pub fn next_post(&mut self) -> Result<Option<NavetPost>, Fault> {
        let read = self.read();
        if let Err(fault) = &read {
            self.stage = Stage::Failed(*fault);
        }
        read
    }

    /// What the file says of itself, and how many posts were found: all of it when there are no more posts.
    pub const fn part(&self) -> &Part {
        &self.part
    }

    fn read(&mut self) -> Result<Option<NavetPost>, Fault> {
        loop {
            self.stage = match self.stage {
                Stage::Start => match self.pull.root(is_root)? {
                    Some(()) => Stage::Root(Seen::Nothing),
                    None => return Err(self.pull.fault(Reason::NotNavet)),
                },
                Stage::Root(seen) => match self.pull.child(child)? {
                    Some(Child::Information) => {
                        envelope::read(&mut self.pull, &mut self.part)?;
                        Stage::Root(seen)
                    }
                    Some(Child::Posts) => Stage::Posts,
                    None if seen == Seen::Nothing => return Err(self.pull.fault(Reason::NotNavet)),
                    None => {
                        self.pull.finish()?;
                        Stage::Done
                    }
                },
                Stage::Posts => match self.pull.child(is_post)? {
                    Some(()) => return self.post().map(Some),
                    None => Stage::Root(Seen::Posts),
                },
                Stage::Done => return Ok(None),
                Stage::Failed(fault) => return Err(fault),
            }
        }
    }

    fn post(&mut self) -> Result<NavetPost, Fault> {
        self.pull.begin_post();
        let post = post::read(&mut self.pull, &self.reading)?;
        self.pull.end_post();
        self.part.counted = self.pull.posts();
        Ok(post)
    }
}

#[cfg(test)]
mod tests;
