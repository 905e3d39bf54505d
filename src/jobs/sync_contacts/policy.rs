//! The settings of sync-contacts as the rules take them.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Conflict, ContactSettings, OnEmpty};
use crate::domain::contact::ContactField;
use crate::domain::contact::policy::{FieldsByCategory, Policy, Precedence};
use crate::domain::contact::source::SourceCategory;

/// Settings into rules; every category and field of the configuration is one that the rules know.
pub fn policy(settings: &ContactSettings) -> Policy {
    let clears = |field: &ContactField| settings.empty.get(field) == Some(&OnEmpty::Clear);
    Policy {
        force: by_category(&settings.force),
        clear_flag: by_category(&settings.clear_flag),
        clear_empty: ContactField::ALL.into_iter().filter(clears).collect(),
        precedence: match &settings.conflict {
            Conflict::LastChanged => Precedence::LastChanged,
            Conflict::LastSynced => Precedence::LastSynced,
            Conflict::Precedence(list) => Precedence::List(list.clone()),
        },
    }
}

fn by_category(settings: &BTreeMap<String, BTreeSet<ContactField>>) -> FieldsByCategory {
    let known = |(name, fields): (&String, &BTreeSet<ContactField>)| {
        Some((SourceCategory::parse(name)?, fields.clone()))
    };
    settings.iter().filter_map(known).collect()
}
