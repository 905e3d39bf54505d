//! Which area each code is linked to on one day: the longest match wins, a full code beats a prefix of its length.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::Areas;
use super::code::{KeyCode, Pattern};
use super::link::Link;

/// The links that hold on one day, by activity.
#[derive(Clone, Debug, Default)]
pub struct Assignment<'l> {
    activities: BTreeMap<&'l str, HashMap<Pattern, &'l Link>>,
}

impl<'l> Assignment<'l> {
    /// Of all links those that hold on the day. An activity whose links have all ended is there without one: it is
    /// meant to cover every code still.
    pub fn on(day: NaiveDate, links: impl IntoIterator<Item = &'l Link>) -> Self {
        let mut activities: BTreeMap<&str, HashMap<Pattern, &Link>> = BTreeMap::new();
        for link in links {
            let held = activities.entry(&link.activity).or_default();
            if link.validity.holds_on(day) {
                held.insert(link.pattern, link);
            }
        }
        Self { activities }
    }

    /// The link that decides for a code in an activity.
    pub fn deciding(&self, activity: &str, code: KeyCode) -> Option<&'l Link> {
        let links = self.activities.get(activity)?;
        let mut candidates =
            std::iter::once(Pattern::Full(code)).chain(code.beginnings().map(Pattern::Prefix));
        candidates.find_map(|pattern| links.get(&pattern).copied())
    }

    /// The areas of a code, by activity; an activity without a link for it is absent.
    pub fn areas_of(&self, code: KeyCode) -> Areas {
        let decided = self.activities.keys().filter_map(|activity| self.deciding(activity, code));
        decided.map(|link| (link.activity.clone(), link.area.clone())).collect()
    }

    /// For how many people each link decides; one that decides for nobody is absent.
    pub fn people_by_link(&self, codes: &[(KeyCode, u64)]) -> BTreeMap<&'l Link, u64> {
        let mut people = BTreeMap::new();
        for activity in self.activities() {
            for (code, count) in codes {
                if let Some(link) = self.deciding(activity, *code) {
                    *people.entry(link).or_default() += count;
                }
            }
        }
        people
    }

    /// Every activity that has any link.
    pub fn activities(&self) -> impl Iterator<Item = &'l str> {
        self.activities.keys().copied()
    }
}
