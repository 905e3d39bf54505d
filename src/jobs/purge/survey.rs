//! Looks at everybody once and decides top-down: cases first, then what hangs loosely on people, then the people, then
//! whose guardian stays. Reads only. (rules.md, purge)

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;

use super::classes::{ClassId, Classes};
use super::detail::{Detail, Subject};
use super::scope::Scope;
use super::tally::{Judged, Tally};
use crate::domain::person::PersonId;
use crate::domain::retention::{
    Action, Candidate, Life, Loose, Most, Reason, Rule, Rules, Setting, Target, Verdict, choose, grounded,
};
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::retention::{CaseRow, LooseKind, LooseRow, Whom};

/// By what everything is judged.
#[derive(Clone, Copy, Debug)]
pub(in crate::jobs) struct Law<'r> {
    /// The plan.
    pub(in crate::jobs) rules: &'r Rules,
    /// The day.
    pub(in crate::jobs) today: NaiveDate,
    /// `purge.draft_days`.
    pub(in crate::jobs) draft: Setting,
    /// `purge.event_days`.
    pub(in crate::jobs) event: Setting,
}

/// A person as the survey saw them.
struct Someone {
    id: PersonId,
    class: Option<ClassId>,
    is_open: bool,
    life: Life,
    verdict: Verdict,
}

/// A case, draft or event that goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct DueRecord {
    pub(super) id: i64,
    pub(super) class: Option<ClassId>,
    pub(super) purge_on: NaiveDate,
    pub(super) by_hand: bool,
}

/// Everything that was found.
pub(in crate::jobs) struct Survey<'r> {
    pub(super) classes: Classes<'r>,
    pub(super) tally: Tally,
    pub(super) cases: Vec<DueRecord>,
    pub(super) drafts: Vec<DueRecord>,
    pub(super) events: Vec<DueRecord>,
    /// People who go, after `--limit`.
    pub(super) chosen: BTreeSet<PersonId>,
    /// What there is to say of the one who was asked for.
    pub(super) details: Vec<Detail>,
    law: Law<'r>,
    people: Vec<Someone>,
    asked: Option<PersonId>,
    relations: Vec<(PersonId, PersonId)>,
}

impl<'r> Survey<'r> {
    /// Looks at `whom`; of the one who is asked for every reason is noted.
    pub(in crate::jobs) fn take(
        registry: &Registry,
        law: Law<'r>,
        (whom, asked): (&Whom, Option<PersonId>),
        scope: &Scope,
    ) -> Result<Self> {
        let mut survey = Self {
            classes: Classes::new(law.rules),
            tally: Tally::default(),
            cases: Vec::new(),
            drafts: Vec::new(),
            events: Vec::new(),
            chosen: BTreeSet::new(),
            details: Vec::new(),
            law,
            people: Vec::new(),
            asked,
            relations: Vec::new(),
        };
        survey.read_people(registry, whom)?;
        let held = survey.judge_cases(registry, whom, scope)?;
        survey.read_obligations(registry, whom)?;
        for kind in [LooseKind::Draft, LooseKind::Event] {
            survey.judge_loose(kind, registry, whom, (scope, &held))?;
        }
        survey.judge_people();
        survey.judge_guardians(registry, whom, scope)?;
        survey.count_people();
        survey.choose(scope);
        Ok(survey)
    }

    fn read_people(&mut self, registry: &Registry, whom: &Whom) -> Result<()> {
        registry.each_life(whom, self.law.today, |row| {
            let class = self.classes.id(row.class);
            let (id, is_open, life) = (row.person, row.is_open, row.life);
            self.people.push(Someone { id, class, is_open, life, verdict: Verdict::default() });
            Ok(())
        })
    }

    /// Decides over every case. Gives the ids of cases with a hold of their own.
    fn judge_cases(&mut self, registry: &Registry, whom: &Whom, scope: &Scope) -> Result<HashSet<i64>> {
        let mut held = HashSet::new();
        let mut due: Vec<(DueRecord, PersonId)> = Vec::new();
        registry.each_case(whom, |row| {
            if row.case.held {
                held.insert(row.id);
            }
            if let Some(record) = self.judge_case(&row, scope)? {
                due.push((record, row.person));
            }
            Ok(())
        })?;
        if let Most::These(most) = scope.most {
            due.sort_unstable_by_key(|(record, _)| (record.purge_on, record.id));
            // What is left over stays for now, and keeps its person.
            for (_, person) in due.split_off(most.min(due.len())) {
                self.someone(person)?.life.has_case = true;
            }
        }
        self.cases = due.into_iter().map(|(record, _)| record).collect();
        Ok(held)
    }

    fn judge_case(&mut self, row: &CaseRow<'_>, scope: &Scope) -> Result<Option<DueRecord>> {
        let class = self.classes.id(row.class);
        let rule = self.classes.rule(class, Target::Case);
        let mut verdict = row.case.judge(rule, self.law.today);
        let may_go = scope.allows(Target::Case, row.id);
        let someone = self.someone(row.person)?;
        hold(someone, &mut verdict);
        someone.life.was_active(row.case.last_active());
        someone.life.has_case |= !(verdict.is_due() && may_go);
        let is_open = someone.is_open;
        self.tally.add(Judged { target: Target::Case, class, rule, verdict, is_open });
        self.note(row.person, Subject::Case(row.id), class, verdict);
        let is_due = verdict.is_due() && may_go;
        let purge_on = verdict.purge_on.unwrap_or(self.law.today);
        Ok(is_due.then_some(DueRecord { id: row.id, class, purge_on, by_hand: row.case.by_hand }))
    }

    fn read_obligations(&mut self, registry: &Registry, whom: &Whom) -> Result<()> {
        let today = self.law.today;
        registry.each_obligation(whom, |row| {
            let life = &mut self.someone(row.person)?.life;
            match row.to {
                Some(to) if to < today => life.was_active(row.from.map_or(to, |from| from.max(to))),
                until => life.owed.and_until(until),
            }
            Ok(())
        })
    }

    fn judge_loose(
        &mut self,
        kind: LooseKind,
        registry: &Registry,
        whom: &Whom,
        (scope, held): (&Scope, &HashSet<i64>),
    ) -> Result<()> {
        let leaving: HashSet<i64> = self.cases.iter().map(|case| case.id).collect();
        registry.each_loose(kind, whom, |row| {
            let with_case = row.case.is_some_and(|case| match kind {
                LooseKind::Draft => held.contains(&case),
                LooseKind::Event => !leaving.contains(&case),
            });
            self.judge_one(kind, &row, with_case, scope)
        })
    }

    fn judge_one(&mut self, kind: LooseKind, row: &LooseRow, with_case: bool, scope: &Scope) -> Result<()> {
        let (target, setting) = match kind {
            LooseKind::Draft => (Target::Draft, self.law.draft),
            LooseKind::Event => (Target::Event, self.law.event),
        };
        let class = self.someone(row.person)?.class;
        let rule = self.classes.rule(class, target);
        let mut verdict = Loose { touched: row.touched, with_case }.judge(rule, setting, self.law.today);
        let someone = self.someone(row.person)?;
        hold(someone, &mut verdict);
        someone.life.was_active(row.touched);
        let is_open = someone.is_open;
        self.tally.add(Judged { target, class, rule, verdict, is_open });
        if verdict.is_due() && scope.allows(target, row.id) {
            let purge_on = verdict.purge_on.unwrap_or(self.law.today);
            let record = DueRecord { id: row.id, class, purge_on, by_hand: false };
            match kind {
                LooseKind::Draft => self.drafts.push(record),
                LooseKind::Event => self.events.push(record),
            }
        }
        Ok(())
    }

    fn judge_people(&mut self) {
        for someone in &mut self.people {
            let rule = self.classes.rule(someone.class, someone.life.target());
            someone.verdict = someone.life.judge(rule, self.law.today);
        }
    }

    /// A guardian of somebody who stays, or who is not to go this time, stays too.
    fn judge_guardians(&mut self, registry: &Registry, whom: &Whom, scope: &Scope) -> Result<()> {
        let mut relations = Vec::new();
        registry.each_relation(whom, |guardian, ward| {
            if self.may_go(guardian, scope) {
                relations.push((guardian, ward));
            }
            Ok(())
        })?;
        let stays = grounded(&relations, |person| self.may_go(person, scope));
        for person in &stays {
            self.someone(*person)?.verdict.kept_by.add(Reason::Guardian);
        }
        self.relations = relations;
        Ok(())
    }

    fn may_go(&self, person: PersonId, scope: &Scope) -> bool {
        self.place(person).and_then(|place| self.people.get(place)).is_some_and(|someone| {
            someone.verdict.is_due() && scope.allows(someone.life.target(), someone.id.0)
        })
    }

    fn count_people(&mut self) {
        for someone in &self.people {
            let target = someone.life.target();
            let rule = self.classes.rule(someone.class, target);
            let (class, verdict, is_open) = (someone.class, someone.verdict, someone.is_open);
            self.tally.add(Judged { target, class, rule, verdict, is_open });
        }
        if let Some(asked) = self.asked
            && let Some(someone) = self.place(asked).and_then(|place| self.people.get(place))
        {
            let class = self.classes.name(someone.class);
            self.details.extend(Detail::of_person(&someone.life, class, someone.verdict));
        }
    }

    fn choose(&mut self, scope: &Scope) {
        let candidate = |someone: &Someone| Candidate {
            purge_on: someone.verdict.purge_on.unwrap_or(self.law.today),
            person: someone.id,
        };
        let due =
            self.people.iter().filter(|someone| self.may_go(someone.id, scope)).map(candidate).collect();
        self.chosen = choose(due, &self.relations, scope.most);
    }

    fn note(&mut self, person: PersonId, subject: Subject, class: Option<ClassId>, verdict: Verdict) {
        if self.asked == Some(person) {
            let class = self.classes.name(class);
            self.details.extend(Detail::of_record(subject, class, verdict));
        }
    }

    /// People whose period is over: due, or waiting for their days of grace.
    pub(in crate::jobs) fn over(&self) -> Vec<PersonId> {
        self.people.iter().filter(|someone| someone.verdict.is_over()).map(|someone| someone.id).collect()
    }

    /// How many have no class, or one without a rule.
    pub(in crate::jobs) fn gap(&self, target: Target) -> u64 {
        self.tally.gaps.get(&target).copied().unwrap_or_default()
    }

    /// What is due by target and class; nobody protected is in it.
    pub(in crate::jobs) fn due_by_class(&self) -> BTreeMap<(Target, Option<String>), u64> {
        let mut counts = BTreeMap::new();
        for ((target, class, _), count) in &self.tally.due {
            *counts.entry((*target, self.classes.name(*class).map(str::to_owned))).or_default() += count;
        }
        counts
    }

    /// The rule by which somebody goes, with their class and what they are.
    pub(super) fn departure(&self, person: PersonId) -> Option<(Target, Option<String>, &'r Rule)> {
        let someone = self.people.get(self.place(person)?)?;
        let target = someone.life.target();
        let rule = self.classes.rule(someone.class, target)?;
        Some((target, self.classes.name(someone.class).map(str::to_owned), rule))
    }

    /// What becomes of somebody who goes.
    pub(super) fn action(&self, person: PersonId) -> Action {
        self.departure(person).map_or(Action::Delete, |(_, _, rule)| rule.action)
    }

    /// What was decided of somebody, and whether they are protected.
    pub(super) fn verdict(&self, person: PersonId) -> Option<(Verdict, bool)> {
        let someone = self.people.get(self.place(person)?)?;
        Some((someone.verdict, !someone.is_open))
    }

    fn someone(&mut self, person: PersonId) -> Result<&mut Someone> {
        let place = self.place(person);
        place
            .and_then(|place| self.people.get_mut(place))
            .ok_or_else(|| Failure::internal("a record of nobody"))
    }

    /// Ids have few gaps: the place is mostly where it would be without any.
    fn place(&self, person: PersonId) -> Option<usize> {
        let first = self.people.first()?.id.0;
        let guess = usize::try_from(person.0 - first).ok()?;
        if self.people.get(guess).is_some_and(|someone| someone.id == person) {
            return Some(guess);
        }
        self.people.binary_search_by_key(&person, |someone| someone.id).ok()
    }
}

/// The one place where a hold on a person stops everything of theirs; of the person themselves `Life::judge` says it.
fn hold(someone: &Someone, verdict: &mut Verdict) {
    if someone.life.held.is_some() {
        verdict.kept_by.add(Reason::Hold);
    }
}
