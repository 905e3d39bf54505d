//! `person hold` and `person release`: a human says that nothing may remove somebody, or that it may again.
//! (rules.md, purge: holds stop every path)

use chrono::NaiveDate;

use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Why, diff};
use crate::domain::hold::Hold;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::people::Stored;
use crate::text::{Message, failure as failure_text, retained as text};

/// Holds somebody; of one who is held it sets until when.
#[derive(Debug)]
pub struct PutHold {
    /// Whom.
    pub person: PersonId,
    /// Why; kept with the run, shown by no listing.
    pub reason: String,
    /// The last day of it; none: until somebody lifts it.
    pub until: Option<NaiveDate>,
}

/// Ends a hold, one that is over by itself too.
#[derive(Debug)]
pub struct Release {
    /// Whom.
    pub person: PersonId,
    /// Why; kept with the run, shown by no listing.
    pub reason: String,
}

impl Job for PutHold {
    fn name(&self) -> &'static str {
        "person-hold"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let stored = find(run, self.person)?;
        let today = run.setup.today;
        if let Some(until) = self.until.filter(|until| *until < today) {
            return Err(Failure::usage(text::HOLD_IS_OVER).with("until", until).with("today", today));
        }
        let standing = stored.person.hold.filter(|hold| hold.holds_on(today));
        let since = standing.map_or(today, |hold| hold.since);
        let hold = Some(Hold { since, until: self.until });
        set(run, &stored, hold, ("hold", "person-hold", &self.reason), text::HELD)
    }
}

impl Job for Release {
    fn name(&self) -> &'static str {
        "person-release"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let stored = find(run, self.person)?;
        if stored.person.hold.is_none() {
            return Err(Failure::failed(text::NOT_HELD).with("person", self.person));
        }
        set(run, &stored, None, ("release", "person-release", &self.reason), text::RELEASED)
    }
}

fn find(run: &Run<'_>, person: PersonId) -> Result<Stored> {
    let stored = run.registry.people()?.find(person)?;
    stored.ok_or_else(|| Failure::failed(failure_text::NOT_FOUND).with("what", person))
}

fn set(
    run: &mut Run<'_>,
    stored: &Stored,
    hold: Option<Hold>,
    (verb, why, reason): (&str, &'static str, &str),
    done: Message,
) -> Result<()> {
    let after = crate::domain::person::Person { hold, ..stored.person.clone() };
    let changes = diff(&stored.person, &after, |_| Why(why));
    run.unit(None, |run, editor| {
        run.registry.put_reason(run.id, stored.id, verb, reason)?;
        run.change(editor, stored, &after, &changes)
    })?;
    let params = vec![("person", stored.id.to_string())];
    run.line(done, &params);
    run.message = Some((done, params));
    Ok(())
}
