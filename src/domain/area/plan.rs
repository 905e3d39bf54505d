//! What a file of links means for the stored ones.

use std::collections::{BTreeMap, BTreeSet};

use super::link::Link;

/// What becomes of stored links of the activities that a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// They go, unless the file has them.
    Replacing,
    /// `--add`: they stay.
    Adding,
}

/// One difference between the links before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// A new one.
    Added(Link),
    /// The same codes from the same day, with another area or end.
    Changed {
        /// Before.
        old: Link,
        /// After.
        new: Link,
    },
    /// One that goes.
    Removed(Link),
}

/// Two links for one code, activity and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Rows of the file, by their places from 0, the earlier first.
    InFile(usize, usize),
    /// A row of the file, by its place, and a stored link.
    WithStored(usize, Link),
}

/// What a file does to the links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkPlan {
    /// In the order of the file, then what goes.
    pub changes: Vec<LinkChange>,
    /// Rows that are stored already.
    pub unchanged: u64,
}

/// Compares the rows of a file with what is stored; fails with every clash.
pub fn plan(stored: &[Link], rows: &[Link], taking: Taking) -> Result<LinkPlan, Vec<Clash>> {
    let named: BTreeSet<&str> = rows.iter().map(|row| row.activity.as_str()).collect();
    let concerned: Vec<&Link> = stored.iter().filter(|link| named.contains(link.activity.as_str())).collect();
    let mut clashes = clashes_in(rows);
    if taking == Taking::Adding {
        clashes.extend(clashes_with(&concerned, rows));
    }
    if clashes.is_empty() { Ok(compare(&concerned, rows, taking)) } else { Err(clashes) }
}

/// The links as a file leaves them that replaces those of its activities.
pub fn replaced(mut stored: Vec<Link>, rows: Vec<Link>) -> Vec<Link> {
    let named: BTreeSet<String> = rows.iter().map(|row| row.activity.clone()).collect();
    stored.retain(|link| !named.contains(&link.activity));
    stored.extend(rows);
    stored
}

fn compare(stored: &[&Link], rows: &[Link], taking: Taking) -> LinkPlan {
    let mut left: BTreeMap<_, &Link> = stored.iter().map(|link| (link.identity(), *link)).collect();
    let mut plan = LinkPlan::default();
    for row in rows {
        match left.remove(&row.identity()) {
            None => plan.changes.push(LinkChange::Added(row.clone())),
            Some(old) if old == row => plan.unchanged += 1,
            Some(old) => plan.changes.push(LinkChange::Changed { old: old.clone(), new: row.clone() }),
        }
    }
    match taking {
        Taking::Adding => {}
        Taking::Replacing => {
            plan.changes.extend(left.into_values().map(|link| LinkChange::Removed(link.clone())));
        }
    }
    plan
}

/// Each row that clashes with an earlier one. Sorted by day, only the one that ends last of those before can reach it.
fn clashes_in(rows: &[Link]) -> Vec<Clash> {
    let mut order: Vec<(usize, &Link)> = rows.iter().enumerate().collect();
    order.sort_by_key(|(place, link)| (link.identity(), *place));
    let mut clashes = Vec::new();
    let mut reaching: Option<(usize, &Link)> = None;
    for (place, link) in order {
        match reaching {
            Some((other, before)) if before.clashes_with(link) => {
                clashes.push(Clash::InFile(other.min(place), other.max(place)));
                if link.validity.to > before.validity.to {
                    reaching = Some((place, link));
                }
            }
            Some(_) | None => reaching = Some((place, link)),
        }
    }
    clashes
}

fn clashes_with(stored: &[&Link], rows: &[Link]) -> Vec<Clash> {
    let mut by_codes: BTreeMap<_, Vec<&Link>> = BTreeMap::new();
    for link in stored {
        by_codes.entry((link.activity.as_str(), link.pattern)).or_default().push(*link);
    }
    let mut clashes = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let others = by_codes.get(&(row.activity.as_str(), row.pattern)).into_iter().flatten();
        let other = others.copied().find(|link| *link != row && link.clashes_with(row));
        clashes.extend(other.map(|link| Clash::WithStored(place, link.clone())));
    }
    clashes
}
