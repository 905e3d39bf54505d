//! One look at everybody: what each should have, and what that changes.

use std::collections::HashMap;

use super::WHY;
use crate::domain::area::{Assigned, Assignment, NoCode, Standing, Tally, standing};
use crate::domain::limit::LimitName;
use crate::failure::Result;
use crate::jobs::limits::Planned;
use crate::jobs::run::Run;
use crate::registry::areas::Located;
use crate::registry::people::{Assigner, Concealment, Step, Withheld};

/// So many steps are remembered; a municipality has thousands of codes at most, and a million people.
const MOST_STEPS: usize = 4_000;

/// Judges people one by one.
pub(super) struct Pass<'a> {
    assignment: &'a Assignment<'a>,
    outcomes: HashMap<Standing, Outcome>,
    steps: usize,
    tally: Tally,
    /// People who aren't protected and have an area before.
    pub(super) with_area: u64,
}

/// What everybody of one standing should have, and the ways there.
struct Outcome {
    after: Assigned,
    ways: HashMap<Assigned, Way>,
}

/// A step as limits, plan, tables and tally see it, and how many took it.
pub(super) struct Way {
    step: Step,
    planned: Planned,
    loses_an_area: bool,
    withheld: Withheld,
    people: u64,
}

impl<'a> Pass<'a> {
    pub(super) fn new(assignment: &'a Assignment<'a>) -> Self {
        Self { assignment, outcomes: HashMap::new(), steps: 0, tally: Tally::default(), with_area: 0 }
    }

    /// Gives somebody what they should have.
    pub(super) fn update(
        &mut self,
        run: &mut Run<'_>,
        assigner: &mut Assigner<'_>,
        person: &Located,
    ) -> Result<()> {
        let Some(way) = self.judge(run, person)? else { return Ok(()) };
        if way.withheld == Withheld::Nothing && way.loses_an_area {
            run.guard.add_person(LimitName::Areas, person.id);
        }
        run.assign(assigner, (person.id, person.concealment), &way.planned, &way.step)
    }

    /// Counts somebody, and gives the way to what they should have; none if they have it.
    pub(super) fn judge(&mut self, run: &mut Run<'_>, person: &Located) -> Result<Option<&Way>> {
        let is_protected = person.concealment != Concealment::Open;
        let standing = standing(is_protected, &person.rows(), &run.setup.settings.municipality);
        if self.steps >= MOST_STEPS {
            self.settle();
        }
        let outcome = self.outcomes.entry(standing).or_insert_with(|| Outcome::of(standing, self.assignment));
        let is_same = person.assigned == outcome.after;
        run.counts.add("read", 1);
        run.counts.add(counted_as(is_same, standing), 1);
        self.with_area += u64::from(standing != Err(NoCode::Protected) && !person.assigned.areas.is_empty());
        self.tally.add(standing);
        if is_same {
            return Ok(None);
        }
        if !outcome.ways.contains_key(&person.assigned) {
            self.steps += 1;
            outcome
                .ways
                .insert(person.assigned.clone(), Way::new(standing, &person.assigned, &outcome.after)?);
        }
        Ok(outcome.ways.get_mut(&person.assigned).map(Way::taken))
    }

    /// Takes what was remembered into the tally, and forgets it.
    fn settle(&mut self) {
        for (standing, outcome) in self.outcomes.drain() {
            for (before, way) in &outcome.ways {
                self.tally.add_moves(standing, (before, &outcome.after), way.people);
            }
        }
        self.steps = 0;
    }

    /// How many people have what, and go where.
    pub(super) fn into_tally(mut self) -> Tally {
        self.settle();
        self.tally
    }
}

const fn counted_as(is_same: bool, standing: Standing) -> &'static str {
    match (is_same, standing) {
        (false, _) => "changed",
        (true, Err(NoCode::Protected)) => "skipped",
        (true, Ok(_) | Err(NoCode::NotRegistered | NoCode::Elsewhere | NoCode::Missing)) => "unchanged",
    }
}

impl Outcome {
    fn of(standing: Standing, assignment: &Assignment<'_>) -> Self {
        let after = standing.map_or_else(
            |_| Assigned::default(),
            |code| Assigned { key_code: Some(code.as_str().to_owned()), areas: assignment.areas_of(code) },
        );
        Self { after, ways: HashMap::new() }
    }
}

impl Way {
    fn new(standing: Standing, before: &Assigned, after: &Assigned) -> Result<Self> {
        let withheld = match standing {
            Err(NoCode::Protected) => Withheld::Values,
            Ok(_) | Err(NoCode::NotRegistered | NoCode::Elsewhere | NoCode::Missing) => Withheld::Nothing,
        };
        let changes = before.changes_to(after, WHY);
        Ok(Self {
            step: Step::new(before.clone(), after.clone(), &changes, withheld)?,
            planned: Planned::of(&changes),
            loses_an_area: before.loses_an_area(after),
            withheld,
            people: 0,
        })
    }

    fn taken(&mut self) -> &Self {
        self.people += 1;
        self
    }
}
