//! Decides and applies, person by person, in one transaction. (rules.md, spar-import 4–15)

use std::borrow::Cow;

use super::scan::{Scan, count_file_limits, count_limits};
use crate::domain::change::{Change, is_visible_change};
use crate::domain::id_number::NumberKey;
use crate::domain::limit::LimitName;
use crate::domain::person::{PersonId, Said};
use crate::domain::spar::decide::{Decision, Policy, decide, decide_links};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::recognised::{PostDigest, PostMark};
use crate::domain::spar::statement::{Statement, heard};
use crate::domain::spar::together::{Candidate, Choice, choose};
use crate::failure::Result;
use crate::jobs::decision::{as_if_open, carry_out};
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::registry::findings::Event;
use crate::registry::ledger::Noter;
use crate::registry::people::{Editor, Reader, Stored};
use crate::registry::staging::links::Outcome;
use crate::registry::staging::posts::StagedPost;

/// Applies a scanned file.
pub(super) fn apply(run: &mut Run<'_>, row: &FileRow, scan: &Scan, policy: Policy) -> Result<()> {
    let people_count = run.registry.count_people()?;
    let before = run.counts.clone();
    let result = run.unit(Some(row), |run, editor| {
        count_limits(run, scan);
        count_file_limits(run, row, policy.age)?;
        run.guard.set_base(LimitName::Blocked, people_count);
        run.guard.set_base(LimitName::Protected, people_count);
        let (people, noter) = (run.registry.people_ahead()?, run.registry.noter()?);
        let mut applying = Applying { people, noter, run, editor, scan, policy };
        applying.all()
    });
    if result.as_ref().is_err_and(|failure| failure.kind != crate::failure::Kind::Held) {
        run.counts = before;
    }
    result
}

struct Applying<'a, 'r> {
    people: Reader<'r>,
    noter: Noter<'r>,
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
    scan: &'a Scan,
    policy: Policy,
}

/// What became of the posts of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Changed,
    Unchanged,
    Skipped,
}

impl Record {
    const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
        }
    }
}

impl Applying<'_, '_> {
    fn all(&mut self) -> Result<()> {
        let scan = self.scan;
        let mut done = 0;
        scan.posts.each_window(self.policy.carried, |turn| {
            let Some(window) = self.people.turn(turn, |group| Some(group.first()?.person))? else {
                return Ok(());
            };
            self.run.check_stop()?;
            done += window.len() as u64;
            window.into_iter().try_for_each(|group| self.person(group))?;
            self.run.setup.progress.at(done);
            Ok(())
        })?;
        let (unknown, refused) = scan.posts.count_strangers()?;
        let counts = &mut self.run.counts;
        counts.add("read", scan.count);
        counts.add("unchanged", scan.posts.count_plain(self.policy.carried)?);
        counts.add("unknown", unknown);
        counts.add("skipped", refused);
        Ok(())
    }

    /// All posts of one person, and of those linked to them.
    fn person(&mut self, group: Vec<StagedPost>) -> Result<()> {
        let Some(id) = group.first().map(|post| post.person) else { return Ok(()) };
        let stored = self.people.get(id)?;
        let own: Vec<Own> = group.iter().filter(|post| !post.is_borrowed).map(Own::of).collect();
        // What links mean for somebody comes as a place without a post.
        let is_linked = group.iter().any(|post| post.ordinal == 0);
        let renumbering = if is_linked { self.renumbering(id)? } else { Renumbering::None };
        let candidates: Vec<Candidate> =
            group.into_iter().filter(|post| post.ordinal > 0).map(candidate).collect();
        let (used, record) = match choose(candidates, self.policy.carried) {
            Some(Choice::Use(chosen)) => {
                let record = self.statement(&stored, &chosen, &renumbering)?;
                // Nothing is kept of what a protected person's post says, not even a digest.
                let is_hidden =
                    chosen.statement.is_protected(self.policy.carried) || stored.person.is_protected();
                (Some((chosen.ordinal, (!is_hidden).then_some(chosen.said))), record)
            }
            Some(Choice::Conflict) => {
                self.conflict(id, own.len());
                (None, Record::Skipped)
            }
            None => (None, self.carry_out(&stored, &decide_links(&stored.person, &renumbering))?),
        };
        for own in own {
            let used = used.filter(|(ordinal, _)| *ordinal == own.ordinal);
            self.run.counts.add(used.map_or(Record::Skipped, |_| record).name(), 1);
            self.note(&own, stored.person.said, used.and_then(|(_, said)| said))?;
        }
        Ok(())
    }

    /// The first post for a number is its answer; one that was heard is known again by its bytes.
    fn note(&mut self, own: &Own, last: Option<Said>, said: Option<Said>) -> Result<()> {
        let salt = self.run.registry.salt();
        let mark =
            said.zip(own.digest).map(|(said, digest)| PostMark::of(digest, said, heard(last, said), salt));
        let today = self.run.setup.today;
        let answer = self.editor.file().filter(|_| !own.is_answered).map(|file| (today, file));
        if mark.is_none() && answer.is_none() { Ok(()) } else { self.noter.note(own.key, answer, mark) }
    }

    fn renumbering(&mut self, person: PersonId) -> Result<Renumbering> {
        Ok(match self.scan.posts.renumbering(person)? {
            None => Renumbering::None,
            Some((Outcome::AlreadyDone, _)) => Renumbering::AlreadyDone,
            Some((Outcome::To, path)) => Renumbering::To(path),
            // A link to a protected person is written down nowhere (Protection 5).
            Some((Outcome::OtherRecord(other), _)) if self.people.get(other)?.person.is_protected() => {
                Renumbering::Unclear
            }
            Some((Outcome::OtherRecord(other), _)) => Renumbering::OtherRecord(other),
            Some((Outcome::Unclear, _)) => Renumbering::Unclear,
        })
    }

    fn statement(
        &mut self,
        stored: &Stored,
        chosen: &Candidate,
        renumbering: &Renumbering,
    ) -> Result<Record> {
        let stored = if chosen.statement.is_protected(self.policy.carried) {
            Cow::Owned(as_if_open(stored.clone()))
        } else {
            Cow::Borrowed(stored)
        };
        let decision = decide(&stored.person, &chosen.statement, chosen.said, renumbering, self.policy);
        self.carry_out(&stored, &decision)
    }

    fn carry_out(&mut self, stored: &Stored, decision: &Decision) -> Result<Record> {
        let changes = carry_out(self.run, self.editor, stored, decision, self.policy)?;
        Ok(record(stored, decision, &changes))
    }

    fn conflict(&mut self, id: PersonId, posts: usize) {
        self.run.event(Event {
            kind: "post-conflict",
            subject: id.to_string(),
            detail: self.editor.file().map(|file| file.to_string()).unwrap_or_default(),
            facts: posts.to_string(),
            params: "{}".to_owned(),
        });
    }
}

/// What is remembered of a person's own post.
struct Own {
    ordinal: u64,
    key: NumberKey,
    digest: Option<PostDigest>,
    is_answered: bool,
}

impl Own {
    const fn of(post: &StagedPost) -> Self {
        Self { ordinal: post.ordinal, key: post.key, digest: post.digest, is_answered: post.is_answered }
    }
}

fn candidate(post: StagedPost) -> Candidate {
    let statement = post.body.unwrap_or_else(|| Statement::unchanged(post.changed_on, post.is_unsaid));
    Candidate { ordinal: post.ordinal, statement, said: post.said }
}

fn record(stored: &Stored, decision: &Decision, changes: &[Change]) -> Record {
    if is_visible_change(changes) {
        Record::Changed
    } else if stored.person.is_protected() || !decision.kept.is_empty() {
        Record::Skipped
    } else {
        Record::Unchanged
    }
}
