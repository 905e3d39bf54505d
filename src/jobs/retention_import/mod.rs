//! `retention import`: the plan of classes comes in from a CSV file, whole, and replaces the one that is there. What
//! becomes due by it is counted, and held above the limit. (rules.md, purge)

mod becoming;
pub mod check;
mod read;

use std::path::PathBuf;

use serde_json::json;

use super::purge::{Scope, Survey, law};
use super::run::Run;
use super::{Job, Origin};
use crate::domain::limit::LimitName;
use crate::domain::retention::{Rule, Rules, Target};
use crate::failure::Result;
use crate::registry::retention::Whom;
use crate::text::purge as text;
use read::RuleFile;

/// Takes classes in.
#[derive(Debug)]
pub struct RetentionImport {
    /// The CSV file.
    pub file: PathBuf,
}

impl Job for RetentionImport {
    fn name(&self) -> &'static str {
        "retention-import"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        let file = RuleFile::read(&self.file)?;
        let name = file.name.clone();
        let new = file.accept(run)?;
        let people = run.registry.count_people()?;
        run.unit(None, |run, _| {
            run.guard.set_base(LimitName::Purge, people);
            let old = run.registry.retention_rules()?;
            replace(run, &old, &new)?;
            show_what_becomes_due(run, &old, &new)
        })?;
        let count = |name| (name, run.counts.get(name).to_string());
        let params =
            vec![("file", name), count("created"), count("changed"), count("removed"), count("becomes_due")];
        run.line(text::RULES_IMPORTED, &params);
        run.message = Some((text::RULES_IMPORTED, params));
        Ok(())
    }
}

/// Puts the new plan in the old one's place, rule by rule, so that undo finds each.
fn replace(run: &mut Run<'_>, old: &Rules, new: &Rules) -> Result<()> {
    for rule in old.iter().filter(|rule| new.find(&rule.class, rule.target) != Some(rule)) {
        run.registry.remove_retention_rule(run.id, rule)?;
        if new.find(&rule.class, rule.target).is_none() {
            run.counts.add("removed", 1);
        }
    }
    for rule in new.iter() {
        let count = match old.find(&rule.class, rule.target) {
            Some(known) if known == rule => "unchanged",
            Some(_) => "changed",
            None => "created",
        };
        if count != "unchanged" {
            run.registry.add_retention_rule(run.id, rule)?;
            run.guard.plan_content(&format!("{} {rule};", rule.class));
        }
        run.counts.add(count, 1);
    }
    Ok(())
}

/// People whose period is over by the new plan and was not by the old one.
fn show_what_becomes_due(run: &mut Run<'_>, old: &Rules, new: &Rules) -> Result<()> {
    let everybody = (&Whom::All, None);
    let before = Survey::take(run.registry, law(run, old), everybody, &Scope::ALL)?;
    let after = Survey::take(run.registry, law(run, new), everybody, &Scope::ALL)?;
    let known: std::collections::HashSet<_> = before.over().into_iter().collect();
    for person in after.over().into_iter().filter(|person| !known.contains(person)) {
        run.guard.add_person(LimitName::Purge, person);
    }
    run.counts.add("becomes_due", run.guard.counted(LimitName::Purge));
    for target in Target::ALL {
        run.registry.put_retention_gap(target, after.gap(target))?;
    }
    run.answer = Some(json!({ "due": becoming::table(&before, &after) }));
    Ok(())
}

/// A rule's place in the plan, for telling doubles.
fn place(rule: &Rule) -> (String, Target) {
    (rule.class.clone(), rule.target)
}
