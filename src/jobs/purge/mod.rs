//! `purge`: proposes what retention rules say must go; `--confirm` does it. (rules.md, purge)

mod activity;
mod answer;
mod apply;
mod classes;
mod clock;
mod crowd;
mod detail;
pub mod explain;
mod plan;
pub mod proof;
pub mod replay;
mod scope;
mod survey;
mod tally;

pub(in crate::jobs) use scope::Scope;
pub(in crate::jobs) use survey::{Law, Survey};

use std::path::PathBuf;

use super::Job;
use super::run::{Detail, Run};
use crate::config::Period as Kept;
use crate::domain::limit::LimitName;
use crate::domain::retention::{Most, Rules, Setting, Target};
use crate::failure::Result;
use crate::registry::retention::Whom;
use crate::registry::retention::planned::Kind;
use crate::text::purge as text;
use plan::{Plan, Seen};

/// Whether what is due goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It is shown.
    Propose,
    /// `--confirm`
    Confirm,
}

/// Proposes, or removes.
#[derive(Debug)]
pub struct Purge {
    /// Which of the two.
    pub wish: Wish,
    /// `--only`
    pub only: Option<Target>,
    /// `--limit`
    pub most: Most,
    /// `--plan`: written by a proposal, followed by a confirmation.
    pub plan: Option<PathBuf>,
}

impl Job for Purge {
    fn name(&self) -> &'static str {
        "purge"
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        for name in ["due", "removed", "anonymised"] {
            run.counts.add(name, 0);
        }
        if self.wish == Wish::Confirm {
            clock::check(run)?;
        } else {
            run.registry.keep_few_pages()?;
        }
        let rules = run.registry.retention_rules()?;
        let people = run.registry.count_people()?;
        run.unit(None, |run, editor| {
            run.guard.set_base(LimitName::Purge, people);
            let law = law(run, &rules);
            let seen = self.seen(run)?;
            let scope = self.scope(seen.as_ref());
            let survey = Survey::take(run.registry, law, (&Whom::All, None), &scope)?;
            run.check_stop()?;
            self.judge(run, &survey)?;
            if let Some(seen) = &seen {
                seen.name_others(run, &survey);
            }
            match self.wish {
                Wish::Propose => Ok(()),
                Wish::Confirm => apply::apply(run, editor, &survey),
            }
        })?;
        let count = |name| (name, run.counts.get(name).to_string());
        let (message, params) = match self.wish {
            Wish::Propose => (text::PROPOSED, vec![count("due"), count("due_cases")]),
            Wish::Confirm => {
                (text::PURGED, vec![count("removed"), count("anonymised"), count("removed_cases")])
            }
        };
        run.line(message, &params);
        run.message = Some((message, params));
        Ok(())
    }
}

impl Purge {
    /// The plan to follow, and which of its records are as they were.
    fn seen(&self, run: &Run<'_>) -> Result<Option<Seen>> {
        match (self.wish, &self.plan) {
            (Wish::Confirm, Some(path)) => Plan::read(run, path)?.compare(run).map(Some),
            (Wish::Confirm, None) | (Wish::Propose, _) => Ok(None),
        }
    }

    fn scope(&self, seen: Option<&Seen>) -> Scope {
        Scope { only: self.only, most: self.most, planned: seen.map(|seen| seen.unchanged.clone()) }
    }

    /// Counts, shows to the limit and to the plan, answers.
    fn judge(&self, run: &mut Run<'_>, survey: &Survey<'_>) -> Result<()> {
        for (target, count) in &survey.tally.due_in_all {
            if self.only.is_some_and(|only| only != *target) {
                continue;
            }
            run.counts.add(answer::due_key(*target), *count);
        }
        let reduced = run.counts.get("due_reduced");
        run.counts.add("due", reduced + run.counts.get("due_persons"));
        for target in Target::ALL {
            run.registry.put_retention_gap(target, survey.gap(target))?;
        }
        for person in &survey.chosen {
            run.guard.add_person(LimitName::Purge, *person);
        }
        if run.setup.detail == Detail::Changes {
            run.shown.extend(survey.chosen.iter().map(|person| answer::shown(survey, *person)));
        }
        for (kind, id) in records(survey) {
            run.guard.plan_content(&format!("{} {id};", kind.name()));
        }
        let documents = apply::gather(run, survey)?;
        run.counts.add("due_documents", documents);
        run.answer = Some(answer::answer(survey, self.only));
        match (self.wish, &self.plan) {
            (Wish::Propose, Some(path)) => Plan::write(run, path, &records(survey).collect::<Vec<_>>()),
            (Wish::Propose, None) | (Wish::Confirm, _) => Ok(()),
        }
    }
}

/// By what everything is judged today.
pub(in crate::jobs) fn law<'r>(run: &Run<'_>, rules: &'r Rules) -> Law<'r> {
    law_on(run.setup.settings, run.setup.today, rules)
}

/// As [`law`], for a look without a run.
pub(in crate::jobs) fn law_on<'r>(
    settings: &crate::config::Settings,
    today: chrono::NaiveDate,
    rules: &'r Rules,
) -> Law<'r> {
    let setting = |period| match period {
        Kept::Days(days) => Setting::Days(days),
        Kept::Keep => Setting::Keep,
    };
    Law { rules, today, draft: setting(settings.purge.draft), event: setting(settings.purge.event) }
}

/// Everything that goes, in a fixed order.
fn records(survey: &Survey<'_>) -> impl Iterator<Item = (Kind, i64)> {
    let of = |kind, records: &[survey::DueRecord]| {
        let mut ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        ids.sort_unstable();
        ids.into_iter().map(move |id| (kind, id))
    };
    let people = survey.chosen.iter().map(|person| (Kind::Person, person.0));
    people
        .chain(of(Kind::Case, &survey.cases))
        .chain(of(Kind::Draft, &survey.drafts))
        .chain(of(Kind::Event, &survey.events))
}
