//! How many people have which area before and after, and who goes from where to where. Nobody protected is in any of it
//! but in one total. (rules.md, Protection 8)

use std::collections::{BTreeMap, HashMap};

use super::assigned::Assigned;
use super::assignment::Assignment;
use super::code::KeyCode;
use super::standing::{NoCode, Standing};

/// From an area to another one of the same activity; none is no area.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Verksamhet.
    pub activity: String,
    /// Before.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
}

/// People in one area, or in none, of an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaCount {
    /// Verksamhet.
    pub activity: String,
    /// None: people without an area.
    pub area: Option<String>,
    /// Before.
    pub now: u64,
    /// After.
    pub then: u64,
}

/// A code that nobody linked, and how many people have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlinked {
    /// Verksamhet.
    pub activity: String,
    /// The code.
    pub code: KeyCode,
    /// Who have it.
    pub people: u64,
}

/// Counts people one by one.
#[derive(Debug, Default)]
pub struct Tally {
    codes: HashMap<KeyCode, u64>,
    without: BTreeMap<NoCode, u64>,
    moves: BTreeMap<Move, u64>,
    moved: u64,
}

impl Tally {
    /// Somebody who gets this code, or none.
    pub fn add(&mut self, standing: Standing) {
        match standing {
            Ok(code) => *self.codes.entry(code).or_default() += 1,
            Err(reason) => *self.without.entry(reason).or_default() += 1,
        }
    }

    /// So many of them whose areas go from one to the other.
    pub fn add_moves(&mut self, standing: Standing, (before, after): (&Assigned, &Assigned), people: u64) {
        if standing == Err(NoCode::Protected) || before.areas == after.areas {
            return;
        }
        self.moved += people;
        let gone = before.areas.keys().filter(|activity| !after.areas.contains_key(*activity));
        for activity in after.areas.keys().chain(gone) {
            let (from, to) = (before.areas.get(activity), after.areas.get(activity));
            if from != to {
                let key = Move { activity: activity.clone(), from: from.cloned(), to: to.cloned() };
                *self.moves.entry(key).or_default() += people;
            }
        }
    }

    /// People without a code for one reason.
    pub fn without(&self, reason: NoCode) -> u64 {
        self.without.get(&reason).copied().unwrap_or_default()
    }

    /// How many people get another area, or none, in any activity.
    pub const fn moved(&self) -> u64 {
        self.moved
    }

    /// Moves with how many people.
    pub const fn moves(&self) -> &BTreeMap<Move, u64> {
        &self.moves
    }

    /// Whether the register has a row of anybody at all.
    pub fn knows_anybody(&self) -> bool {
        !self.codes.is_empty() || self.without.keys().any(|reason| *reason != NoCode::NotRegistered)
    }

    /// People with a code that some activity has not linked; all of them if there are no links.
    pub fn unlinked_people(&self, links: &Assignment<'_>) -> u64 {
        let activities = links.activities().count().max(1);
        let unlinked = self.codes.iter().filter(|(code, _)| links.areas_of(**code).len() < activities);
        unlinked.map(|(_, people)| people).sum()
    }

    /// Every code that somebody has and an activity has not linked, by activity and code.
    pub fn unlinked(&self, links: &Assignment<'_>) -> Vec<Unlinked> {
        let mut unlinked = Vec::new();
        for activity in links.activities() {
            let codes = self.codes.iter().filter(|(code, _)| links.deciding(activity, **code).is_none());
            unlinked.extend(codes.map(|(code, people)| Unlinked {
                activity: activity.to_owned(),
                code: *code,
                people: *people,
            }));
        }
        unlinked.sort_by(|one, other| (&one.activity, one.code).cmp(&(&other.activity, other.code)));
        unlinked
    }

    /// People per activity and area; what they have after comes from their codes, what they had from their moves.
    pub fn areas(&self, links: &Assignment<'_>) -> Vec<AreaCount> {
        let mut then: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
        for (code, people) in &self.codes {
            for (activity, area) in links.areas_of(*code) {
                *then.entry((activity, Some(area))).or_default() += people;
            }
        }
        self.add_people_without(&mut then, links);
        let mut now = then.clone();
        for (Move { activity, from, to }, people) in &self.moves {
            *now.entry((activity.clone(), from.clone())).or_default() += people;
            let left = now.entry((activity.clone(), to.clone())).or_default();
            *left = left.saturating_sub(*people);
        }
        let count = |((activity, area), now)| {
            let key = (activity, area);
            let then = then.get(&key).copied().unwrap_or_default();
            AreaCount { activity: key.0, area: key.1, now, then }
        };
        now.into_iter().map(count).collect()
    }

    fn add_people_without(&self, then: &mut BTreeMap<(String, Option<String>), u64>, links: &Assignment<'_>) {
        let coded: u64 = self.codes.values().sum();
        let uncoded = self.without.iter().filter(|(reason, _)| **reason != NoCode::Protected);
        let all = coded + uncoded.map(|(_, people)| people).sum::<u64>();
        let lost = self.moves.keys().map(|key| key.activity.as_str());
        let activities: std::collections::BTreeSet<&str> = links.activities().chain(lost).collect();
        for activity in activities {
            let with = then.iter().filter(|((other, area), _)| other == activity && area.is_some());
            let with: u64 = with.map(|(_, people)| people).sum();
            then.insert((activity.to_owned(), None), all.saturating_sub(with));
        }
    }
}
