//! `purge replay`: what `registry.side` remembers of disposals holds for a registry that was put back by other means than
//! `restore`. (rules.md, Undo and restore)

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::keyed_hash::KeyedHash;
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::io::side_file::{Fact, Record};
use crate::jobs::run::Run;
use crate::jobs::{Job, Origin};
use crate::registry::people::{Beside, Departure, Remains};
use crate::registry::retention::disposal::Disposal;
use crate::text::purge as text;

/// Removes whom the side file says to be disposed of, and adds records that are missing.
#[derive(Debug)]
pub struct Replay;

impl Job for Replay {
    fn name(&self) -> &'static str {
        "purge-replay"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let disposed = disposed_numbers(&run.side.read()?);
        let people = returned(run, &disposed)?;
        let base = run.registry.count_people()?;
        run.unit(None, |run, editor| {
            run.guard.set_base(LimitName::Purge, base);
            for person in &people {
                run.guard.add_person(LimitName::Purge, *person);
            }
            let departures: Vec<Departure> =
                people.iter().map(|person| departure(*person, Remains::Nothing)).collect();
            editor.leave(&departures, Beside::Known)?;
            run.counts.add("removed", people.len() as u64);
            let records = put_missing(run, &disposed)?;
            run.counts.add("records", records);
            Ok(())
        })?;
        let count = |name| (name, run.counts.get(name).to_string());
        let params = vec![count("removed"), count("records")];
        run.line(text::REPLAYED, &params);
        run.message = Some((text::REPLAYED, params));
        Ok(())
    }
}

/// Somebody of whom the side file says what remains.
pub(in crate::jobs) fn departure(person: PersonId, remains: Remains) -> Departure {
    Departure { person, remains, kind: "person", class: None, decision: "registry.side".to_owned() }
}

/// Numbers of which the last word is that they were disposed of, and when that was.
pub(in crate::jobs) fn disposed_numbers(records: &[Record]) -> HashMap<KeyedHash, DateTime<Utc>> {
    let mut disposed = HashMap::new();
    for record in records {
        match record.fact {
            Fact::Disposed(hash) => drop(disposed.insert(hash, record.at)),
            // Whoever is protected after their disposal came back by hand.
            Fact::Protected(hash) | Fact::Unprotected(hash) => drop(disposed.remove(&hash)),
            Fact::Serial(_) | Fact::Applied(_) | Fact::Undone(_) | Fact::Reduced(_) => {}
        }
    }
    disposed
}

/// People who are there although they were disposed of. Who entered after that came back by hand, and stays.
fn returned(run: &Run<'_>, disposed: &HashMap<KeyedHash, DateTime<Utc>>) -> Result<Vec<PersonId>> {
    let mut found: BTreeMap<PersonId, DateTime<Utc>> = BTreeMap::new();
    if !disposed.is_empty() {
        run.registry.each_number(|person, number| {
            if let Some(at) = disposed.get(&run.key.hash(&number)) {
                found.insert(person, *at);
            }
        })?;
    }
    let mut people = Vec::new();
    for (person, at) in found {
        let entered = run.registry.entered_at(person)?;
        let entered = entered.and_then(|instant| instant.parse::<DateTime<Utc>>().ok());
        if entered.is_none_or(|entered| entered <= at) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Records of disposals that the registry has none of. Gives how many were added.
pub(in crate::jobs) fn put_missing(
    run: &Run<'_>,
    disposed: &HashMap<KeyedHash, DateTime<Utc>>,
) -> Result<u64> {
    let mut missing = Vec::new();
    for (hash, at) in disposed {
        if !run.registry.is_disposed(*hash)? {
            missing.push((*at, *hash));
        }
    }
    missing.sort_unstable();
    let timezone = run.setup.settings.timezone;
    let record = |(at, hash): &(DateTime<Utc>, KeyedHash)| Disposal {
        run: run.id,
        disposed_on: at.with_timezone(&timezone).date_naive().to_string(),
        kind: "person".to_owned(),
        count: 1,
        class: None,
        decision: "registry.side".to_owned(),
        hash: Some(*hash),
    };
    let records: Vec<Disposal> = missing.iter().map(record).collect();
    run.registry.put_disposals(run.key, &records)?;
    Ok(records.len() as u64)
}
