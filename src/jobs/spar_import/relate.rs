//! Follows the links of the whole file, and spreads protection over them. (rules.md, spar-import 4 and 7; Protection 1)

use std::collections::{BTreeMap, BTreeSet};

use super::scan::Scan;
use crate::domain::id_number::{IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::domain::protection::Mark;
use crate::domain::spar::decide::{Policy, marks_of};
use crate::domain::spar::links::{Links, Renumbering, follow};
use crate::domain::spar::statement::Statement;
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::registry::ledger::Lookup;
use crate::registry::people::Reader;
use crate::registry::staging::links::Outcome;
use crate::registry::staging::posts::Posts;

/// Somebody whom the file marks protected.
pub(super) type ToProtect = (PersonId, Vec<Mark>);

/// So many numbers belong to one person at most; more is no history but an attack or a mistake.
const LARGEST_GROUP: usize = 64;

/// Brings posts and people together; gives everybody whom the file marks protected.
pub(super) fn relate(run: &Run<'_>, scan: &Scan, policy: Policy) -> Result<Vec<ToProtect>> {
    let mut people = run.registry.people()?;
    let mut view = View { posts: &scan.posts, lookup: run.registry.lookup()? };
    renumber(&mut people, &mut view)?;
    bring_together(&mut view)?;
    protect(&mut view, policy)
}

struct View<'v> {
    posts: &'v Posts,
    lookup: Lookup<'v>,
}

impl Links for View<'_> {
    type Error = Failure;

    fn successors(&mut self, number: NumberKey) -> Result<Vec<IdNumber>> {
        self.posts.successors(number)
    }

    fn holder(&mut self, number: NumberKey) -> Result<Option<PersonId>> {
        Ok(self.lookup.find(number)?.map(|seen| seen.person))
    }
}

fn renumber(people: &mut Reader<'_>, view: &mut View<'_>) -> Result<()> {
    let mut done = BTreeSet::new();
    for key in view.posts.linked_numbers()? {
        let Some(person) = view.holder(key)? else { continue };
        if !done.insert(person) {
            continue;
        }
        let stored = people.get(person)?.person;
        let (outcome, path) = match follow(view, person, &stored.number, &stored.former)? {
            Renumbering::None => continue,
            Renumbering::AlreadyDone => (Outcome::AlreadyDone, Vec::new()),
            Renumbering::To(path) => (Outcome::To, path),
            Renumbering::OtherRecord(other) => (Outcome::OtherRecord(other), Vec::new()),
            Renumbering::Unclear => (Outcome::Unclear, Vec::new()),
        };
        view.posts.put_renumbering(person, outcome, &path)?;
    }
    view.posts.refuse_shared_claims()
}

/// Posts for numbers that links connect with one person, and with no other, are posts of that person (rule 4).
fn bring_together(view: &mut View<'_>) -> Result<()> {
    let mut done = BTreeSet::new();
    for key in view.posts.linked_numbers()? {
        let Some(person) = view.holder(key)? else { continue };
        if !done.insert(person) {
            continue;
        }
        let (numbers, people) = connected(view, key)?;
        if people.len() == 1 {
            for number in numbers {
                view.posts.adopt(number, person)?;
            }
        }
    }
    Ok(())
}

/// A mark of protection counts for everybody whose numbers the file's links connect with the marked one.
fn protect(view: &mut View<'_>, policy: Policy) -> Result<Vec<ToProtect>> {
    let mut marked: BTreeMap<PersonId, Vec<Mark>> = BTreeMap::new();
    for (ordinal, key) in view.posts.protected_posts(policy.carried)? {
        let Some(key) = key else { continue };
        let (_, people) = connected(view, key)?;
        let Some(first) = people.first().copied() else { continue };
        let holder = view.holder(key)?;
        if holder.is_none() {
            view.posts.adopt(key, first)?;
        }
        let owner = holder.unwrap_or(first);
        let statement = view.posts.body(ordinal)?.unwrap_or_else(|| Statement::unchanged(None, true));
        for person in people {
            marked.entry(person).or_default().extend(marks_of(&statement, policy));
            if person != owner {
                view.posts.borrow(ordinal, person)?;
            }
        }
    }
    Ok(marked.into_iter().collect())
}

/// All numbers that links connect with this one, and who has or had them.
fn connected(view: &mut View<'_>, start: NumberKey) -> Result<(BTreeSet<NumberKey>, BTreeSet<PersonId>)> {
    let mut numbers = BTreeSet::from([start]);
    let mut frontier = vec![start];
    let mut people = BTreeSet::new();
    while let Some(key) = frontier.pop() {
        people.extend(view.holder(key)?);
        for next in view.posts.neighbours(key)? {
            if numbers.len() < LARGEST_GROUP && numbers.insert(next) {
                frontier.push(next);
            }
        }
    }
    Ok((numbers, people))
}
