//! SPAR's update file (utfil avisering) as a stream of posts: 2021.1, 2023.1 and the form before 2016, by local
//! names. It refuses what is not whole and well-formed, and whatever is beyond its bounds; memory stays flat.

mod address;
mod details;
mod envelope;
mod glance;
mod post;
mod value;

use std::io::BufRead;

use crate::domain::id_number::Reading;
use crate::domain::spar::post::{Envelope, Post};

pub use crate::formats::xml::{Fault, Reason, Whole};
pub use glance::Glance;

use crate::formats::xml::{Pull, Tape, record_whole};
use envelope::Part;

/// Reads one file, from its first byte to its last.
pub struct SparReader<R> {
    pull: Pull<R>,
    reading: Reading,
    envelope: Envelope,
    stage: Stage,
    text: String,
    tape: String,
}

/// How a post was put down.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// As it stands in the file; nobody has looked at it yet: see [`record_whole_post`].
    Whole(Whole),
    /// On a tape: see [`read_post`].
    Tape,
}

/// How far we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    /// Inside `AviseringPoster` below another root.
    Posts,
    /// Inside `AviseringPoster` that is the root itself.
    RootPosts,
    /// The whole document was read and is in order.
    Done,
    /// It is not; nothing more is read.
    Failed(Fault),
}

impl<R: BufRead> SparReader<R> {
    /// Nothing is read yet. The source gives the XML in its own encoding.
    pub fn new(source: R, reading: Reading) -> Self {
        Self {
            pull: Pull::new(source),
            reading,
            envelope: Envelope::default(),
            stage: Stage::Start,
            text: String::new(),
            tape: String::new(),
        }
    }

    /// What stands around the posts; reads up to where they begin.
    pub fn envelope(&mut self) -> Result<Envelope, Fault> {
        if self.stage == Stage::Start {
            self.stage = match self.begin() {
                Ok(stage) => stage,
                Err(fault) => Stage::Failed(fault),
            };
        }
        match self.stage {
            Stage::Failed(fault) => Err(fault),
            Stage::Start | Stage::Posts | Stage::RootPosts | Stage::Done => Ok(self.envelope.clone()),
        }
    }

    /// The next post; none only when the whole document was read and is in order.
    pub fn next_post(&mut self) -> Result<Option<Post>, Fault> {
        let (mut text, mut tape) = (std::mem::take(&mut self.text), std::mem::take(&mut self.tape));
        text.clear();
        tape.clear();
        let post = match self.take_post(&mut text)? {
            None => None,
            Some(Form::Tape) => Some(read_post(&text, &self.reading)),
            Some(Form::Whole(whole)) => {
                let read = record_whole_post(&text, whole, &mut tape);
                read.inspect_err(|fault| self.stage = Stage::Failed(*fault))?;
                Some(read_post(&tape, &self.reading))
            }
        };
        (self.text, self.tape) = (text, tape);
        Ok(post)
    }

    /// Puts the next post behind `text`, in one form or the other. None only when the whole document was read and is in
    /// order, but for the posts that were taken as they stand.
    pub fn take_post(&mut self, text: &mut String) -> Result<Option<Form>, Fault> {
        self.envelope()?;
        let read = self.find_and_take(text);
        match &read {
            Ok(Some(_)) => {}
            Ok(None) => self.stage = Stage::Done,
            Err(fault) => self.stage = Stage::Failed(*fault),
        }
        read
    }

    /// How many posts were begun: the ordinal of the one that was read last, from 1.
    pub fn ordinal(&self) -> u64 {
        self.pull.posts()
    }

    fn begin(&mut self) -> Result<Stage, Fault> {
        match self.pull.root(envelope::part)? {
            Some(Part::Posts) => Ok(Stage::RootPosts),
            Some(Part::Identification) | None => {
                if self.find_posts()? {
                    Ok(Stage::Posts)
                } else {
                    Err(self.pull.fault(Reason::NoPosts))
                }
            }
        }
    }

    /// Goes on among the root's children until `AviseringPoster` is open; false if the root is closed instead.
    fn find_posts(&mut self) -> Result<bool, Fault> {
        while let Some(part) = self.pull.child(envelope::part)? {
            match part {
                Part::Identification => envelope::read(&mut self.pull, &mut self.envelope)?,
                Part::Posts => return Ok(true),
            }
        }
        Ok(false)
    }

    fn find_and_take(&mut self, text: &mut String) -> Result<Option<Form>, Fault> {
        if self.stage == Stage::Done {
            return Ok(None);
        }
        loop {
            if let Some(whole) = self.pull.whole(|name| envelope::is_post(name).is_some(), text)? {
                return Ok(Some(Form::Whole(whole)));
            }
            if self.pull.child(envelope::is_post)?.is_some() {
                self.pull.begin_post();
                self.pull.record(text)?;
                self.pull.end_post();
                return Ok(Some(Form::Tape));
            }
            // A second AviseringPoster is in no form, but its posts are not to be lost in silence.
            if self.stage == Stage::RootPosts || !self.find_posts()? {
                self.pull.finish()?;
                return Ok(None);
            }
        }
    }
}

/// Reads a post that was taken as it stands, and puts it on a tape. A fault spoils the whole file.
pub fn record_whole_post(text: &str, whole: Whole, tape: &mut String) -> Result<(), Fault> {
    record_whole(text, whole, tape)
}

/// Reads a recorded post.
pub fn read_post(tape: &str, reading: &Reading) -> Post {
    post::read(Tape::new(tape), reading)
}

/// Reads of a recorded post whose it is, `SkyddadFolkbokforing` and `SenasteAndringSPAR`; the rest is as if it were not
/// there.
pub fn read_head(tape: &str, reading: &Reading) -> Post {
    post::read_head(Tape::new(tape), reading)
}

#[cfg(test)]
mod tests;
