//! `update-persons`: brings people up to date from the population register, by the rules that SPAR's posts follow.
//! (rules.md, Areas and the population register; spar-import 6–14)

use super::Job;
use super::decision::{as_if_open, carry_out};
use super::run::{Mode, Run};
use crate::domain::change::is_visible_change;
use crate::domain::limit::LimitName;
use crate::domain::person::{PersonId, Said};
use crate::domain::population::{RegisterMark, Scope, complete, said, statement};
use crate::domain::spar::decide::{Action, Age, Decision, Policy, Source, decide, marks_of};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::statement::Carried;
use crate::failure::Result;
use crate::registry::people::{Concealment, Editor, Reader, Stored};
use crate::registry::population::{Entry, Population, Taken};
use crate::text::population as text;

/// People are read in pages of this size.
const PAGE: u32 = 512;

/// Brings people up to date.
#[derive(Debug)]
pub struct UpdatePersons {
    /// Whom.
    pub scope: Scope,
}

impl Job for UpdatePersons {
    fn name(&self) -> &'static str {
        "update-persons"
    }

    fn source(&self) -> String {
        self.scope.name().to_owned()
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        hide(run, self.scope)?;
        let people = run.registry.count_people()?;
        run.unit(None, |run, editor| {
            run.guard.set_base(LimitName::Blocked, people);
            run.guard.set_base(LimitName::Protected, people);
            let (readers, population) = (run.registry.people()?, run.registry.population()?);
            let policy = policy(run, Age::Newest);
            Updating { people: readers, population, run, editor, scope: self.scope, policy }.all()
        })?;
        let changed = run.counts.get("changed").to_string();
        let message = match run.setup.mode {
            Mode::Real | Mode::DryRun => text::PERSONS_UPDATED,
            Mode::Proposal => text::PROPOSED,
        };
        run.message = Some((message, vec![("changed", changed)]));
        Ok(())
    }
}

fn policy(run: &Run<'_>, age: Age) -> Policy {
    Policy {
        file_on: run.setup.today,
        age,
        carried: Carried::No,
        names: run.setup.settings.protection,
        source: Source::Register,
    }
}

/// Whoever came into the registry after the register had marked them is hidden at once, whatever the limits say then.
fn hide(run: &mut Run<'_>, scope: Scope) -> Result<()> {
    if run.is_dry() {
        return Ok(());
    }
    let policy = policy(run, Age::Newest);
    let marked = run.registry.people_newly_marked(scope)?;
    let marks = |mark: RegisterMark| marks_of(&mark.statement(), policy);
    let people: Vec<_> = marked.into_iter().map(|(person, mark)| (person, marks(mark))).collect();
    run.hide_marked(&people, "update-persons")
}

struct Updating<'a, 'r> {
    people: Reader<'r>,
    population: Population<'r>,
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
    scope: Scope,
    policy: Policy,
}

impl Updating<'_, '_> {
    fn all(&mut self) -> Result<()> {
        let mut last = PersonId(0);
        loop {
            let page = self.run.registry.people_to_update(self.scope, self.run.setup.today, last, PAGE)?;
            let Some(end) = page.last() else { return Ok(()) };
            last = *end;
            self.run.check_stop()?;
            self.people.look_ahead(page.iter().copied())?;
            for person in page {
                self.person(person)?;
            }
            self.run.setup.progress.at(self.run.counts.get("read"));
        }
    }

    /// All rows of one person. The one under the current number speaks; a mark counts in any.
    fn person(&mut self, id: PersonId) -> Result<()> {
        let mut rows = Vec::new();
        for key in self.run.registry.register_rows_of(id, self.scope)? {
            rows.extend(self.population.find(key)?);
        }
        let Some(first) = rows.first() else { return Ok(()) };
        self.run.counts.add("read", rows.len() as u64);
        self.run.counts.add("skipped", rows.len() as u64 - 1);
        for other in rows.iter().skip(1) {
            self.take(id, other)?;
        }
        let mark = rows.iter().map(|entry| entry.row.mark).max().unwrap_or(RegisterMark::Open);
        let is_taken = first.taken.person == Some(id) && !first.taken.is_pending;
        let outcome = if mark.is_set() {
            self.marked(
                id,
                first,
                mark,
                rows.iter().any(|row| row.taken.mark && row.taken.person == Some(id)),
            )?
        } else if is_taken {
            "unchanged"
        } else {
            self.open_row(id, first)?
        };
        self.run.counts.add(outcome, 1);
        Ok(())
    }

    fn marked(
        &mut self,
        id: PersonId,
        entry: &Entry,
        mark: RegisterMark,
        was_taken: bool,
    ) -> Result<&'static str> {
        self.take(id, entry)?;
        if was_taken {
            // Said before; if a human lifted it since, that stands until the register comes with it anew.
            return Ok("unchanged");
        }
        let stored = as_if_open(self.people.get(id)?);
        let decision =
            decide(&stored.person, &mark.statement(), Said::default(), &Renumbering::None, self.policy);
        self.outcome(&stored, &decision)
    }

    fn open_row(&mut self, id: PersonId, entry: &Entry) -> Result<&'static str> {
        let stored = self.people.get(id)?;
        match stored.concealment {
            Concealment::Open => self.heard(id, entry, &stored),
            // Nothing is erased yet: what the row says may still be wanted.
            Concealment::Hidden => Ok("skipped"),
            Concealment::Erased => self.still_protected(id, entry, &stored),
        }
    }

    /// The register itself marked them and no longer does: a human looks at it. That it never did means nothing.
    fn still_protected(&mut self, id: PersonId, entry: &Entry, stored: &Stored) -> Result<&'static str> {
        let age = if entry.taken.mark { Age::Newest } else { Age::Older };
        let policy = Policy { age, ..self.policy };
        let says = statement(&entry.row, None);
        let decision = decide(&stored.person, &says, Said::default(), &Renumbering::None, policy);
        self.take(id, entry)?;
        self.outcome(stored, &decision)?;
        Ok("skipped")
    }

    fn heard(&mut self, id: PersonId, entry: &Entry, stored: &Stored) -> Result<&'static str> {
        let mut says = statement(&entry.row, entry.address_on);
        let now = said(&entry.row, &says, self.run.registry.salt());
        complete(&mut says, &entry.row, &stored.person);
        let last = entry.taken.said.filter(|_| entry.taken.person == Some(id));
        // What the register said last stands in its own row, not where SPAR's words are kept.
        let mut listening = stored.person.clone();
        listening.said = last;
        let mut decision = decide(&listening, &says, now, &Renumbering::None, self.policy);
        let mut heard = last;
        decision.actions.retain(|action| {
            let Action::Hear(now) = action else { return true };
            heard = Some(*now);
            false
        });
        let outcome = self.outcome(stored, &decision)?;
        // What the box kept out is news as long as it is on.
        let is_pending = !decision.kept.is_empty();
        let taken = Taken { is_pending, person: Some(id), said: heard, mark: false };
        self.population.take(entry.row.number.key(), taken)?;
        Ok(outcome)
    }

    fn outcome(&mut self, stored: &Stored, decision: &Decision) -> Result<&'static str> {
        let changes = carry_out(self.run, self.editor, stored, decision, self.policy)?;
        Ok(if is_visible_change(&changes) {
            "changed"
        } else if decision.kept.is_empty() {
            "unchanged"
        } else {
            "skipped"
        })
    }

    /// The row was heard, and its mark.
    fn take(&mut self, id: PersonId, entry: &Entry) -> Result<()> {
        let taken = Taken { is_pending: false, person: Some(id), said: None, mark: entry.row.mark.is_set() };
        self.population.take(entry.row.number.key(), taken)
    }
}
