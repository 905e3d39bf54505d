//! Decides and applies, person by person, in one transaction. (rules.md, spar-import 4–15)

use std::sync::Arc;

use super::plan::{Done, Group, Own, Plan, is_linked, whose};
use super::scan::{Scan, count_file_limits, count_limits};
use crate::domain::change::{Change, is_visible_change};
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::domain::spar::decide::{Decision, Policy};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::recognised::PostMark;
use crate::domain::spar::statement::heard;
use crate::failure::Result;
use crate::jobs::decision::put_through;
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::registry::findings::Event;
use crate::registry::ledger::Note;
use crate::registry::people::{Editor, Foreseen, Foresight, Stored};
use crate::registry::staging::links::Outcome;

type People<'r> = Foresight<'r, Group, Option<Plan>>;

/// Applies a scanned file.
pub(super) fn apply(run: &mut Run<'_>, row: &FileRow, scan: &Scan, policy: Policy) -> Result<()> {
    let people_count = run.registry.count_people()?;
    let before = run.counts.clone();
    let result = run.unit(Some(row), |run, editor| {
        count_limits(run, scan);
        count_file_limits(run, row, policy.age)?;
        run.guard.set_base(LimitName::Blocked, people_count);
        run.guard.set_base(LimitName::Protected, people_count);
        let mut applying = Applying { run, editor, scan, policy };
        applying.all()
    });
    if result.as_ref().is_err_and(|failure| failure.kind != crate::failure::Kind::Held) {
        run.counts = before;
    }
    result
}

struct Applying<'a, 'r> {
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
        let policy = self.policy;
        // What links mean is asked for when it is their turn.
        let plan = move |stored: Option<&Stored>, group: &Group| {
            let unlinked = stored.filter(|_| !is_linked(group));
            unlinked.and_then(|stored| Plan::of(stored, group, &Renumbering::None, policy).ok())
        };
        let mut people = self.run.registry.foresee(whose, Arc::new(plan))?;
        people.each(
            |take| scan.posts.each_window(policy.carried, take),
            |people, window| {
                self.run.check_stop()?;
                done += window.len() as u64;
                window.into_iter().try_for_each(|foreseen| self.person(people, foreseen))?;
                self.run.setup.progress.at(done);
                Ok(())
            },
        )?;
        let (unknown, refused) = scan.posts.count_strangers()?;
        let counts = &mut self.run.counts;
        counts.add("read", scan.count);
        counts.add("unchanged", scan.posts.count_plain(self.policy.carried)?);
        counts.add("unknown", unknown);
        counts.add("skipped", refused);
        Ok(())
    }

    /// All posts of one person, and of those linked to them.
    fn person(&mut self, people: &mut People<'_>, foreseen: Foreseen<Group, Option<Plan>>) -> Result<()> {
        let (group, (stored, plan)) = people.turn(foreseen)?;
        let Some(stored) = stored else { return Ok(()) };
        let plan = if let Some(plan) = plan {
            plan
        } else {
            let is_linked = is_linked(&group);
            let links = if is_linked { self.renumbering(people, stored.id)? } else { Renumbering::None };
            Plan::of(&stored, &group, &links, self.policy)?
        };
        let notes: Vec<(Own, Option<Note>)> =
            plan.own.iter().map(|own| (*own, self.note_of(own, &plan, &stored))).collect();
        // What was heard under the current number is written with its note.
        let current = stored.person.number.key();
        let is_with_next = |own: &Own| own.key == current && plan.is_used(own);
        for note in notes.iter().filter(|(own, _)| is_with_next(own)).filter_map(|(_, note)| *note) {
            self.editor.note_with_next(note);
        }
        let record = if let Some(done) = &plan.done {
            self.carry_out(&stored, done)?
        } else {
            self.conflict(stored.id, plan.own.len());
            Record::Skipped
        };
        self.editor.settle_note()?;
        for (own, note) in notes {
            let became = if plan.is_used(&own) { record } else { Record::Skipped };
            self.run.counts.add(became.name(), 1);
            if let Some(note) = note.filter(|_| !is_with_next(&own)) {
                self.run.registry.take_note(note)?;
            }
        }
        people.give_back((Some(stored), Some(plan)));
        Ok(())
    }

    /// The first post for a number is its answer; one that was heard is known again by its bytes.
    fn note_of(&self, own: &Own, plan: &Plan, stored: &Stored) -> Option<Note> {
        let salt = self.run.registry.salt();
        let said = plan.used.filter(|_| plan.is_used(own)).and_then(|(_, said)| said);
        let mark = |(said, digest)| PostMark::of(digest, said, heard(stored.person.said, said), salt);
        let post = said.zip(own.digest).map(mark);
        let today = self.run.setup.today;
        let answer = self.editor.file().filter(|_| !own.is_answered).map(|file| (today, file));
        (post.is_some() || answer.is_some()).then_some(Note { key: own.key, answer, post })
    }

    fn renumbering(&self, people: &mut People<'_>, person: PersonId) -> Result<Renumbering> {
        Ok(match self.scan.posts.renumbering(person)? {
            None => Renumbering::None,
            Some((Outcome::AlreadyDone, _)) => Renumbering::AlreadyDone,
            Some((Outcome::To, path)) => Renumbering::To(path),
            // A link to a protected person is written down nowhere (Protection 5).
            Some((Outcome::OtherRecord(other), _)) if people.get(other)?.person.is_protected() => {
                Renumbering::Unclear
            }
            Some((Outcome::OtherRecord(other), _)) => Renumbering::OtherRecord(other),
            Some((Outcome::Unclear, _)) => Renumbering::Unclear,
        })
    }

    fn carry_out(&mut self, stored: &Stored, done: &Done) -> Result<Record> {
        let stored = done.as_if.as_ref().unwrap_or(stored);
        put_through(self.run, self.editor, stored, &done.decision, &done.worked)?;
        Ok(record(stored, &done.decision, done.worked.changes.changes()))
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

fn record(stored: &Stored, decision: &Decision, changes: &[Change]) -> Record {
    if is_visible_change(changes) {
        Record::Changed
    } else if stored.person.is_protected() || !decision.kept.is_empty() {
        Record::Skipped
    } else {
        Record::Unchanged
    }
}
