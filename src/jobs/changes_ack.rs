//! `changes --cursor NAME --ack`: a consumer of the change feed says how far it has come. (docs/changes.md)

use super::run::Run;
use super::{Job, Origin};
use crate::domain::feed::Position;
use crate::failure::{Failure, Result};
use crate::text::feed as text;

/// Up to where the consumer has everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upto {
    /// To where its last reading ended; a cursor that is further stays.
    LastReading(Position),
    /// To a position that it names, also back.
    Named(Position),
    /// To the end: it has the whole list.
    Now,
}

/// Moves a cursor.
#[derive(Debug)]
pub struct Acknowledge {
    /// The consumer's name.
    pub cursor: String,
    /// Up to where.
    pub upto: Upto,
}

impl Job for Acknowledge {
    fn name(&self) -> &'static str {
        "changes"
    }

    fn source(&self) -> String {
        self.cursor.clone()
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let (name, end) = (self.cursor.as_str(), run.registry.feed_end()?);
        let stored = run.registry.cursor(name)?;
        let before = stored.as_ref().map(|cursor| cursor.position).unwrap_or_default();
        let to = match self.upto {
            Upto::LastReading(_) if stored.is_some_and(|cursor| cursor.is_lost) => {
                return Err(Failure::failed(text::FEED_LOST).with("cursor", name));
            }
            Upto::LastReading(position) => position.max(before),
            Upto::Named(position) => position,
            Upto::Now => end,
        };
        if to.journal > end.journal || to.hiding > end.hiding {
            return Err(Failure::failed(text::FEED_BAD_POSITION).with("value", to).with("end", end));
        }
        let now = (run.setup.now)();
        run.unit(None, |run, _| run.registry.put_cursor(name, to, &now, run.id))?;
        let params = vec![("cursor", name.to_owned()), ("from", before.to_string()), ("to", to.to_string())];
        run.line(text::FEED_MOVED, &params);
        run.message = Some((text::FEED_MOVED, params));
        Ok(())
    }
}
