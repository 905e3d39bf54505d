//! Looks at everybody once and decides top-down: cases first, then what hangs loosely on people, then the people, then
//! whose guardian stays. Reads only. Kept in memory is what goes, and one byte of everybody else. (rules.md, purge)

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::activity::{ended, last_active};
use super::classes::{ClassId, Classes};
use super::crowd::{Crowd, Mark};
use super::detail::{Detail, Subject};
use super::scope::Scope;
use super::tally::{Judged, Tally};
use crate::domain::person::PersonId;
use crate::domain::retention::{
    Action, Bands, Candidate, Life, Loose, Most, Owed, Reason, Rule, Rules, Setting, Target, Verdict, choose,
    grounded,
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

/// A person whom nothing keeps by themselves; or anybody, where one is asked for.
struct Someone {
    id: PersonId,
    class: Option<ClassId>,
    target: Target,
    is_open: bool,
    verdict: Verdict,
}

/// A case, draft or event that goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct DueRecord {
    pub(super) id: i64,
    pub(super) class: Option<ClassId>,
    pub(super) by_hand: bool,
}

/// Everything that was found.
pub(in crate::jobs) struct Survey<'r> {
    pub(super) classes: Classes<'r>,
    pub(super) tally: Tally,
    pub(super) cases: Vec<DueRecord>,
    pub(super) drafts: Vec<DueRecord>,
    pub(super) events: Vec<DueRecord>,
    /// People who go, after `--limit`, in the order of ids.
    pub(super) chosen: Vec<PersonId>,
    /// What there is to say of the one who was asked for.
    pub(super) details: Vec<Detail>,
    law: Law<'r>,
    crowd: Crowd,
    /// In the order of ids.
    people: Vec<Someone>,
    /// People who wait for their days of grace and nothing else.
    waiting: Vec<PersonId>,
    asked: Option<Asked>,
    relations: Vec<(PersonId, PersonId)>,
}

/// The one who is asked for.
struct Asked {
    id: PersonId,
    owed: Owed,
    life: Option<Life>,
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
            chosen: Vec::new(),
            details: Vec::new(),
            law,
            crowd: Crowd::new(Bands::of(law.rules, law.today)),
            people: Vec::new(),
            waiting: Vec::new(),
            asked: asked.map(|id| Asked { id, owed: Owed::Nothing, life: None }),
            relations: Vec::new(),
        };
        survey.read_marks(registry, whom)?;
        let held = survey.judge_cases(registry, whom, scope)?;
        survey.read_obligations(registry, whom)?;
        for kind in [LooseKind::Draft, LooseKind::Event] {
            survey.judge_loose(kind, registry, whom, (scope, &held))?;
        }
        survey.judge_people(registry, whom, scope)?;
        survey.judge_guardians(registry, whom)?;
        survey.count_people();
        survey.name_reasons();
        survey.choose(scope);
        Ok(survey)
    }

    fn read_marks(&mut self, registry: &Registry, whom: &Whom) -> Result<()> {
        registry.each_marked(whom, self.law.today, |row| {
            for (mark, is_so) in [(Mark::Protected, row.is_protected), (Mark::Held, row.is_held)] {
                if is_so {
                    self.crowd.mark(row.person, mark)?;
                }
            }
            Ok(())
        })
    }

    /// Decides over every case. Gives the ids of cases with a hold of their own.
    fn judge_cases(&mut self, registry: &Registry, whom: &Whom, scope: &Scope) -> Result<HashSet<i64>> {
        let mut held = HashSet::new();
        let mut due: Vec<(NaiveDate, DueRecord, PersonId)> = Vec::new();
        registry.each_case(whom, |row| {
            if row.case.held {
                held.insert(row.id);
            }
            match (self.judge_case(&row, scope)?, scope.most) {
                (Some((_, record)), Most::All) => self.cases.push(record),
                (Some((purge_on, record)), Most::These(_)) => due.push((purge_on, record, row.person)),
                (None, _) => {}
            }
            Ok(())
        })?;
        if let Most::These(most) = scope.most {
            due.sort_unstable_by_key(|(purge_on, record, _)| (*purge_on, record.id));
            // What is left over stays for now, and keeps its person.
            for (_, _, person) in due.split_off(most.min(due.len())) {
                self.crowd.mark(person, Mark::Case)?;
            }
        }
        self.cases.extend(due.into_iter().map(|(_, record, _)| record));
        self.cases.sort_unstable_by_key(|record| record.id);
        Ok(held)
    }

    /// A case that goes, with the day on which it could.
    fn judge_case(&mut self, row: &CaseRow<'_>, scope: &Scope) -> Result<Option<(NaiveDate, DueRecord)>> {
        let class = self.classes.id(row.class);
        let rule = self.classes.rule(class, Target::Case);
        let mut verdict = row.case.judge(rule, self.law.today);
        self.hold(row.person, &mut verdict);
        self.crowd.was_active(row.person, row.case.last_active())?;
        let is_open = self.is_open(row.person);
        self.tally.add(Judged { target: Target::Case, class, rule, verdict, is_open });
        self.note(row.person, Subject::Case(row.id), class, verdict);
        let is_due = verdict.is_due() && scope.allows(Target::Case, row.id);
        if !is_due {
            self.crowd.mark(row.person, Mark::Case)?;
        }
        let purge_on = verdict.purge_on.unwrap_or(self.law.today);
        Ok(is_due.then_some((purge_on, DueRecord { id: row.id, class, by_hand: row.case.by_hand })))
    }

    fn read_obligations(&mut self, registry: &Registry, whom: &Whom) -> Result<()> {
        let today = self.law.today;
        registry.each_obligation(whom, |row| {
            if let Some(on) = ended(&row, today) {
                return self.crowd.was_active(row.person, on);
            }
            if let Some(asked) = self.asked.as_mut().filter(|asked| asked.id == row.person) {
                asked.owed.and_until(row.to);
            }
            self.crowd.mark(row.person, Mark::Owes)
        })
    }

    fn judge_loose(
        &mut self,
        kind: LooseKind,
        registry: &Registry,
        whom: &Whom,
        (scope, held): (&Scope, &HashSet<i64>),
    ) -> Result<()> {
        registry.each_loose(kind, whom, |row| {
            let with_case = row.case.is_some_and(|case| match kind {
                LooseKind::Draft => held.contains(&case),
                LooseKind::Event => !self.is_leaving(case),
            });
            self.judge_one(kind, &row, with_case, scope)
        })
    }

    /// Whether a case goes: they stand in the order of ids.
    fn is_leaving(&self, case: i64) -> bool {
        self.cases.binary_search_by_key(&case, |record| record.id).is_ok()
    }

    fn judge_one(
        &mut self,
        kind: LooseKind,
        row: &LooseRow<'_>,
        with_case: bool,
        scope: &Scope,
    ) -> Result<()> {
        let (target, setting) = match kind {
            LooseKind::Draft => (Target::Draft, self.law.draft),
            LooseKind::Event => (Target::Event, self.law.event),
        };
        let class = self.classes.id(row.class);
        let rule = self.classes.rule(class, target);
        let mut verdict = Loose { touched: row.touched, with_case }.judge(rule, setting, self.law.today);
        self.hold(row.person, &mut verdict);
        self.crowd.was_active(row.person, row.touched)?;
        let is_open = self.is_open(row.person);
        self.tally.add(Judged { target, class, rule, verdict, is_open });
        if verdict.is_due() && scope.allows(target, row.id) {
            let record = DueRecord { id: row.id, class, by_hand: false };
            match kind {
                LooseKind::Draft => self.drafts.push(record),
                LooseKind::Event => self.events.push(record),
            }
        }
        Ok(())
    }

    /// Decides over everybody, guardians aside. Whom something keeps is counted here and forgotten.
    fn judge_people(&mut self, registry: &Registry, whom: &Whom, scope: &Scope) -> Result<()> {
        registry.each_life(whom, self.law.today, |row| {
            let (id, class, mut life) = (row.person, self.classes.id(row.class), row.life);
            life.has_case = self.crowd.is(id, Mark::Case);
            if self.crowd.is(id, Mark::Owes) {
                life.owed = Owed::Until(None);
            }
            let (target, is_asked) = (life.target(), self.asked.is_some());
            let rule = self.classes.rule(class, target);
            let verdict = if let Some(verdict) = self.by_band(id, life, rule, scope) {
                verdict
            } else {
                life.active_on = last_active(registry, id, self.law.today)?.max(life.active_on);
                life.judge(rule, self.law.today)
            };
            if let Some(asked) = self.asked.as_mut().filter(|asked| asked.id == id) {
                asked.life = Some(Life { owed: asked.owed, ..life });
            }
            let someone = Someone { id, class, target, is_open: row.is_open, verdict };
            if verdict.is_due() && scope.allows(target, id.0) {
                self.crowd.mark(id, Mark::Goes)?;
            }
            if verdict.is_due() || is_asked {
                self.people.push(someone);
                return Ok(());
            }
            if verdict.is_over() {
                self.waiting.push(id);
            }
            self.tally.add(judged(&self.classes, &someone));
            Ok(())
        })
    }

    /// What is decided of somebody, if that is the same whenever in their band they did something last, and nobody asks for
    /// the day.
    fn by_band(&self, id: PersonId, mut life: Life, rule: Option<&Rule>, scope: &Scope) -> Option<Verdict> {
        let Some((first, last)) = self.crowd.active_between(id) else {
            return Some(life.judge(rule, self.law.today));
        };
        life.was_active(first);
        let verdict = life.judge(rule, self.law.today);
        life.was_active(last);
        let is_same = life.judge(rule, self.law.today).kept_by == verdict.kept_by;
        let is_for_its_day = match scope.most {
            Most::All => verdict.is_over() && !verdict.is_due(),
            Most::These(_) => verdict.is_over(),
        };
        (is_same && !is_for_its_day && self.asked.is_none()).then_some(verdict)
    }

    /// A guardian of somebody who stays, or who is not to go this time, stays too.
    fn judge_guardians(&mut self, registry: &Registry, whom: &Whom) -> Result<()> {
        let mut relations = Vec::new();
        registry.each_relation(whom, |guardian, ward| {
            if self.crowd.is(guardian, Mark::Goes) {
                relations.push((guardian, ward));
            }
            Ok(())
        })?;
        let stays = grounded(&relations, |person| self.crowd.is(person, Mark::Goes));
        for person in &stays {
            let someone = self.place(*person).and_then(|place| self.people.get_mut(place));
            let someone = someone.ok_or_else(|| Failure::internal("somebody due who was not kept"))?;
            someone.verdict.kept_by.add(Reason::Guardian);
        }
        self.relations = relations;
        Ok(())
    }

    /// Counts those whom nothing keeps by themselves.
    fn count_people(&mut self) {
        for someone in &self.people {
            self.tally.add(judged(&self.classes, someone));
        }
    }

    fn name_reasons(&mut self) {
        let Some(Asked { id, life: Some(life), .. }) = &self.asked else { return };
        let Some(someone) = self.place(*id).and_then(|place| self.people.get(place)) else { return };
        let class = self.classes.name(someone.class);
        self.details.extend(Detail::of_person(life, class, someone.verdict));
    }

    fn choose(&mut self, scope: &Scope) {
        let candidate = |someone: &Someone| Candidate {
            purge_on: someone.verdict.purge_on.unwrap_or(self.law.today),
            person: someone.id,
        };
        let goes = |someone: &&Someone| someone.verdict.is_due() && self.crowd.is(someone.id, Mark::Goes);
        let due = self.people.iter().filter(goes).map(candidate);
        self.chosen = choose(due, &self.relations, scope.most);
        // Two surveys may be held side by side.
        self.crowd.forget();
    }

    fn note(&mut self, person: PersonId, subject: Subject, class: Option<ClassId>, verdict: Verdict) {
        if self.asked.as_ref().is_some_and(|asked| asked.id == person) {
            let class = self.classes.name(class);
            self.details.extend(Detail::of_record(subject, class, verdict));
        }
    }

    /// People whose period is over: due, or waiting for their days of grace.
    pub(in crate::jobs) fn over(&self) -> Vec<PersonId> {
        let due = self.people.iter().filter(|someone| someone.verdict.is_over()).map(|someone| someone.id);
        due.chain(self.waiting.iter().copied()).collect()
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
        let rule = self.classes.rule(someone.class, someone.target)?;
        Some((someone.target, self.classes.name(someone.class).map(str::to_owned), rule))
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

    fn place(&self, person: PersonId) -> Option<usize> {
        self.people.binary_search_by_key(&person, |someone| someone.id).ok()
    }

    fn is_open(&self, person: PersonId) -> bool {
        !self.crowd.is(person, Mark::Protected)
    }

    /// The one place where a hold on a person stops everything of theirs; of the person themselves `Life::judge` says it.
    fn hold(&self, person: PersonId, verdict: &mut Verdict) {
        if self.crowd.is(person, Mark::Held) {
            verdict.kept_by.add(Reason::Hold);
        }
    }
}

fn judged<'r>(classes: &Classes<'r>, someone: &Someone) -> Judged<'r> {
    let Someone { class, target, verdict, is_open, .. } = *someone;
    Judged { target, class, rule: classes.rule(class, target), verdict, is_open }
}
