//! Limits of one unit of work: what was counted, what stops it, and what would let it pass. (rules.md, Limits)

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::change::{Change, Field, hex};
use crate::domain::limit::{LimitName, Limits};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Kind, Result};
use crate::registry::runs::RunId;
use crate::text::failure as text;

/// At most so many internal ids stand in a held line.
const SHOWN_IDS: usize = 10;

/// What one limit counted.
#[derive(Clone, Debug, Default)]
struct Count {
    counted: u64,
    base: u64,
    people: Vec<PersonId>,
}

/// A held run that somebody approved.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The digest of its plan.
    pub plan: Option<String>,
    /// What its limits counted.
    pub counts: BTreeMap<String, u64>,
}

/// The limits of one unit of work, with the digest of its plan.
#[derive(Debug)]
pub struct Guard {
    limits: Limits,
    approval: Option<Approval>,
    counts: BTreeMap<LimitName, Count>,
    plan: Sha256,
}

impl Guard {
    /// Limits as configured, raised as the command line says.
    pub fn new(configured: &Limits, allowed: &BTreeMap<LimitName, u64>, approval: Option<Approval>) -> Self {
        let mut limits = configured.clone();
        for (name, count) in allowed {
            limits.set(limits.get(*name).raised_to(*count));
        }
        Self { limits, approval, counts: BTreeMap::new(), plan: Sha256::new() }
    }

    /// Forgets what the last unit counted.
    pub fn begin_unit(&mut self) {
        self.counts.clear();
        self.plan = Sha256::new();
    }

    /// Counts somebody for a limit.
    pub fn add_person(&mut self, name: LimitName, person: PersonId) {
        let entry = self.counts.entry(name).or_default();
        entry.counted += 1;
        if entry.people.len() < SHOWN_IDS {
            entry.people.push(person);
        }
    }

    /// Sets what is counted for a limit.
    pub fn set(&mut self, name: LimitName, count: u64) {
        self.counts.entry(name).or_default().counted = count;
    }

    /// What was counted for a limit so far.
    pub fn counted(&self, name: LimitName) -> u64 {
        self.counts.get(&name).map_or(0, |count| count.counted)
    }

    /// Says what a limit's percentage is taken of.
    pub fn set_base(&mut self, name: LimitName, base: u64) {
        self.counts.entry(name).or_default().base = base;
    }

    /// The largest count that a limit without a base lets pass.
    pub fn ceiling(&self, name: LimitName) -> u64 {
        self.limits.get(name).ceiling(0)
    }

    /// Takes a change into the digest of the plan. What hiding did before does not show in it, nor do digests.
    pub fn plan_change(&mut self, person: PersonId, changes: &[Change]) {
        for parts in planned(changes) {
            self.plan.update(person.0.to_be_bytes());
            for part in parts {
                self.plan.update(part);
            }
        }
    }

    /// As [`Self::plan_change`], for changes that many people share.
    pub fn plan(&mut self, person: PersonId, planned: &Planned) {
        for change in &planned.0 {
            self.plan.update(person.0.to_be_bytes());
            self.plan.update(change);
        }
    }

    /// Takes the digest of something else that is planned in, such as the numbers of a list.
    pub fn plan_content(&mut self, digest: &str) {
        self.plan.update(digest);
    }

    /// The digest of the plan so far.
    pub fn plan_digest(&self) -> String {
        hex(&self.plan.clone().finalize())
    }

    /// What the limits counted, for the run row.
    pub fn to_json(&self) -> Value {
        let counts = self.counts.iter().filter(|(_, count)| count.counted > 0);
        counts
            .map(|(name, count)| (name.name().to_owned(), json!(count.counted)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// Fails if any limit is exceeded; says what was counted and what would let it pass.
    pub fn check(&self, run: RunId) -> Result<()> {
        let held: Vec<(&LimitName, &Count)> =
            self.counts.iter().filter(|(name, count)| self.holds(**name, count)).collect();
        if held.is_empty() {
            return Ok(());
        }
        let counted: Vec<String> = held.iter().map(|(name, count)| self.sentence(**name, count)).collect();
        let allow: Vec<String> =
            held.iter().map(|(name, count)| format!("--allow {name}={}", count.counted)).collect();
        Err(Failure::new(Kind::Held, text::HELD)
            .with("counted", counted.join("; "))
            .with("allow", allow.join(" "))
            .with("run", run.0)
            .hint(text::HELD_HINT))
    }

    fn holds(&self, name: LimitName, count: &Count) -> bool {
        self.limits.get(name).holds(count.counted, count.base) && !self.is_approved(name, count.counted)
    }

    fn is_approved(&self, name: LimitName, count: u64) -> bool {
        self.approval.as_ref().is_some_and(|approval| {
            approval.plan.as_deref() == Some(self.plan_digest().as_str())
                && approval.counts.get(name.name()).is_some_and(|approved| *approved >= count)
        })
    }

    fn sentence(&self, name: LimitName, count: &Count) -> String {
        let ids: Vec<String> = count.people.iter().map(ToString::to_string).collect();
        let ceiling = self.limits.get(name).ceiling(count.base);
        let mut sentence = format!("{name} {} > {ceiling}", count.counted);
        if !ids.is_empty() {
            let more = if count.counted > ids.len() as u64 { ", …" } else { "" };
            sentence = format!("{sentence} ({}{more})", ids.join(", "));
        }
        sentence
    }
}

/// Changes as the digest of the plan takes them, but for whose they are.
#[derive(Debug)]
pub struct Planned(Vec<String>);

impl Planned {
    /// What a plan shows of these.
    pub fn of(changes: &[Change]) -> Self {
        Self(planned(changes).map(|parts| parts.concat()).collect())
    }
}

fn planned(changes: &[Change]) -> impl Iterator<Item = [&str; 2]> {
    let shown = changes.iter().filter(|change| is_planned(change.field));
    shown.map(|change| [change.field.key(), change.new.as_str()])
}

const fn is_planned(field: Field) -> bool {
    !matches!(
        field,
        Field::Said
            | Field::Heard
            | Field::Edited
            | Field::Protection
            | Field::Notice(_)
            | Field::NoAddressSince
            | Field::SpecialSince
            | Field::EnteredOn
    )
}
