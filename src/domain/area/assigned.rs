//! What somebody is assigned: a key code and the areas that it is linked to.

use super::Areas;
use crate::domain::change::{Change, Field, Json, Why, areas_value};

/// A person's key code and areas.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Assigned {
    /// Nyckelkod.
    pub key_code: Option<String>,
    /// Areas by activity.
    pub areas: Areas,
}

impl Assigned {
    /// Whether there is anything at all.
    pub fn is_nothing(&self) -> bool {
        self.key_code.is_none() && self.areas.is_empty()
    }

    /// Whether some activity has an area here and none there.
    pub fn loses_an_area(&self, after: &Self) -> bool {
        self.areas.keys().any(|activity| !after.areas.contains_key(activity))
    }

    /// What differs, as the journal keeps it.
    pub fn changes_to(&self, after: &Self, why: Why) -> Vec<Change> {
        let code = (self.key_code != after.key_code).then(|| Change {
            field: Field::KeyCode,
            old: Json::of(&self.key_code),
            new: Json::of(&after.key_code),
            why,
        });
        let areas = (self.areas != after.areas).then(|| Change {
            field: Field::Areas,
            old: Json::of(&areas_value(&self.areas)),
            new: Json::of(&areas_value(&after.areas)),
            why,
        });
        code.into_iter().chain(areas).collect()
    }
}
