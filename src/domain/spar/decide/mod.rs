//! Decides what one statement of SPAR means for one stored person. No I/O, no clock.
//!
//! [`number`] is rule 7, [`life`] 8, 9 and 13, [`whereabouts`] 10 and 11, [`name`] 12; [`act`] does what was decided.

mod apply;
mod life;
mod name;
mod number;
#[cfg(test)]
mod tests;
mod whereabouts;

use std::fmt;

use chrono::NaiveDate;

use super::links::Renumbering;
use super::statement::{Carried, Life, Statement, heard};
use crate::domain::address::Place;
use crate::domain::id_number::{IdKind, IdNumber};
use crate::domain::person::{Deregistration, Name, Notice, Person, PersonId, Said};
use crate::domain::protection::{Kind, Mark, Names};

pub use apply::{act, expire, only_heard};
use number::Links;

/// Written when SPAR marks a person protected [L].
pub const PROTECTED_LINE: &str = "SPAR - Personuppgifterna har sekretesskyddats och personen avregistrerats";
/// Written when SPAR deregisters a person for another cause than death, or knows no address for two years [L].
pub const DEREGISTERED_LINE: &str =
    "SPAR - Avregistrerad av annat skäl (utvandrad eller överförd till obefintligregistret)";

/// Whether a file is newer than everything applied before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Nothing newer was applied.
    Newest,
    /// Let in by `--allow older`: its marks of protection count, its NEJ never does.
    Older,
}

/// Who makes a statement. Both are heard by the same rules; what only SPAR can know, only SPAR says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// SPAR's post.
    Spar,
    /// A row of the population register (rules.md, Areas and the population register).
    Register,
}

/// What holds for every post of one file.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The day of the file: envelope, else name, else the reference date.
    pub file_on: NaiveDate,
    /// Newer than all before it, or not.
    pub age: Age,
    /// Whether any post carries SkyddadFolkbokforing.
    pub carried: Carried,
    /// `protection.clear_names`.
    pub names: Names,
    /// Whose statements these are.
    pub source: Source,
}

/// One thing to do to a person.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// Mark and erase.
    Protect(Vec<Mark>),
    /// Give the new number, keep the old as a former one.
    ChangeNumber(IdNumber),
    /// SPAR says that the number is of another kind.
    Reclassify(IdKind),
    /// Rule 8.
    Decease(Deregistration),
    /// Rule 9.
    Deregister(Deregistration),
    /// Rule 11.
    PlaceAddress(Place),
    /// The address just placed is a särskild postadress, said on this day.
    MarkSpecial(NaiveDate),
    /// Rule 12.
    Rename(Name),
    /// Rule 12: only when there was none.
    FillBirthDate(NaiveDate),
    /// Rule 10.
    StartClock(NaiveDate),
    /// Rule 10: any address stops it.
    StopClock,
    /// Something for a human to look at.
    Note(Notice, Option<PersonId>),
    /// No longer so.
    Unnote(Notice),
    /// Remember what was said, so that the same again writes nothing.
    Hear(Said),
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({}, hidden)", apply::why(self, Source::Spar).0)
    }
}

/// What the box "Tillåt uppdatering" kept out (rule 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// An address.
    Address,
    /// A name.
    Name,
    /// A death.
    Deceased,
    /// A deregistration.
    Deregistered,
}

impl Kept {
    /// The word in findings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Name => "name",
            Self::Deceased => "deceased",
            Self::Deregistered => "deregistered",
        }
    }
}

/// Everything that a statement leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// In order.
    pub actions: Vec<Action>,
    /// Kept out by the box, each with the digest of what was kept out.
    pub kept: Vec<(Kept, u64)>,
    /// Fodelsedatum differs from the stored birth date: a log line (rule 12).
    pub birth_date_differs: bool,
}

/// What a decision is made from.
#[derive(Clone, Copy)]
struct Case<'c> {
    stored: &'c Person,
    statement: &'c Statement,
    said: Said,
    policy: Policy,
}

/// The decision for a person: `said` are the digests of `statement`.
pub fn decide(
    stored: &Person,
    statement: &Statement,
    said: Said,
    renumbering: &Renumbering,
    policy: Policy,
) -> Decision {
    let case = Case { stored, statement, said, policy };
    let mut decision = Decision::default();
    match (statement.is_protected(policy.carried), stored.is_protected()) {
        (true, _) => case.protected(renumbering, &mut decision),
        (false, true) => case.still_protected(renumbering, &mut decision),
        (false, false) => case.open(renumbering, &mut decision),
    }
    decision
}

/// The decision for a person of whom no post came, only links of others' posts.
pub fn decide_links(stored: &Person, renumbering: &Renumbering) -> Decision {
    let mut decision = Decision::default();
    let links = if stored.is_protected() { Links::Hidden } else { Links::Followed };
    number::renumber(stored, &Life::Alive, renumbering, links, &mut decision);
    decision
}

/// The marks of protection that a statement sets.
pub fn marks_of(statement: &Statement, policy: Policy) -> Vec<Mark> {
    let since = |since: Option<NaiveDate>| since.unwrap_or(policy.file_on);
    let mut marks: Vec<Mark> = statement
        .marks
        .iter()
        .map(|(kind, from)| Mark { kind: (*kind).into(), since: since(*from) })
        .collect();
    if marks.is_empty() {
        // Only SkyddadFolkbokforing that is not there, in a file whose other posts carry it, leads here (rule 2).
        marks.push(Mark { kind: Kind::SkyddadFolkbokforing, since: policy.file_on });
    }
    marks
}

impl Case<'_> {
    /// Protected by this post. Of the rest only a death or deregistration counts: protected people stay on SPAR's
    /// list until they are deceased (Protection 7).
    fn protected(self, renumbering: &Renumbering, decision: &mut Decision) {
        decision.actions.push(Action::Protect(marks_of(self.statement, self.policy)));
        number::renumber(self.stored, &self.statement.life, renumbering, Links::Hidden, decision);
        number::reclassify(self, renumbering, Links::Hidden, decision);
        life::ends(self, decision);
        unnote(self.stored, Notice::ProtectionLifted, decision);
    }

    /// Protected here, not by this post: nothing is lifted by machine (Protection 6).
    fn still_protected(self, renumbering: &Renumbering, decision: &mut Decision) {
        number::renumber(self.stored, &self.statement.life, renumbering, Links::Hidden, decision);
        number::reclassify(self, renumbering, Links::Hidden, decision);
        let by_spar = self.stored.protection.iter().any(|mark| mark.kind != Kind::Manual);
        let is_newer = self.policy.age == Age::Newest && self.statement.life != Life::NumberReplaced;
        if by_spar && is_newer {
            decision.actions.push(Action::Note(Notice::ProtectionLifted, None));
        }
        life::ends(self, decision);
    }

    fn open(self, renumbering: &Renumbering, decision: &mut Decision) {
        match self.policy.source {
            Source::Spar => {
                number::renumber(self.stored, &self.statement.life, renumbering, Links::Followed, decision);
            }
            // The register tells of no change of number; that it doesn't answers no question about one.
            Source::Register => {}
        }
        // GN and GS give their link only (rule 4).
        if self.statement.life == Life::NumberReplaced {
            return;
        }
        number::reclassify(self, renumbering, Links::Followed, decision);
        life::ends(self, decision);
        life::returned(self, decision);
        whereabouts::address(self, decision);
        name::name(self, decision);
        name::birth_date(self, decision);
        whereabouts::clock(self, decision);
        self.hear(decision);
    }

    /// What SPAR said last of this person.
    fn last(self) -> Said {
        self.stored.said.unwrap_or_default()
    }

    /// Does what the box allows; what it keeps out is told only if it would have changed anything (rule 6).
    fn unless_boxed(self, action: Action, kept: (Kept, u64), decision: &mut Decision) {
        if self.stored.allow_update {
            decision.actions.push(action);
        } else if !act(self.stored, &[action], self.policy).1.is_empty() {
            decision.kept.push(kept);
        }
    }

    /// What was kept out counts as not heard: once the box is on, the same statement is news.
    fn hear(self, decision: &mut Decision) {
        let mut now = heard(self.stored.said, self.said);
        let last = self.last();
        for (kept, _) in &decision.kept {
            match kept {
                Kept::Address => now.address = last.address,
                Kept::Name => now.name = last.name,
                Kept::Deceased | Kept::Deregistered => now.status = last.status,
            }
        }
        if self.stored.said != Some(now) {
            decision.actions.push(Action::Hear(now));
        }
    }
}

/// Whether a part of the statement is news to a person of whom SPAR said `last`.
const fn is_news(last: u64, new: u64) -> bool {
    new != 0 && last != new
}

fn unnote(stored: &Person, notice: Notice, decision: &mut Decision) {
    if stored.notices.contains_key(&notice) {
        decision.actions.push(Action::Unnote(notice));
    }
}
