//! `retention check`: what is wrong or odd about a plan of classes, and what is due by it. Reads only.

use std::collections::HashSet;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use super::becoming;
use super::read::{RuleFile, Wrong};
use crate::config::Settings;
use crate::domain::retention::{Oddity, Rules, Target, oddities};
use crate::failure::Result;
use crate::jobs::purge::{Scope, Survey, law_on};
use crate::registry::Registry;
use crate::registry::retention::Whom;
use crate::text::{Message, purge as text};

/// What was seen.
pub struct Checked {
    /// Rows of the file that can't be used: line, code, and the column or the other line.
    pub wrong: Vec<Wrong>,
    /// Class, target, and what is odd.
    pub oddities: Vec<(String, Target, Message)>,
    /// Per target and class what is due by the stored plan, and by the file's; without a file, by none and by the stored.
    pub due: Value,
}

/// Looks at the stored plan, or at that of a file.
pub fn check(
    registry: &Registry,
    settings: &Settings,
    today: NaiveDate,
    file: Option<&Path>,
) -> Result<Checked> {
    let (rules, wrong) = match file {
        Some(path) => {
            let file = RuleFile::read(path)?;
            (Some(Rules::new(file.rules)), file.wrong)
        }
        None => (None, Vec::new()),
    };
    registry.snapshot(|| {
        let stored = registry.retention_rules()?;
        let (old, new) = match rules {
            Some(new) => (stored, new),
            None => (Rules::default(), stored),
        };
        let used: HashSet<String> = registry.classes_in_use()?.into_iter().collect();
        let odd = oddities(&new, |class| used.contains(class));
        let odd = odd.into_iter().map(|(rule, odd)| (rule.class.clone(), rule.target, sentence(odd)));
        let take =
            |rules| Survey::take(registry, law_on(settings, today, rules), (&Whom::All, None), &Scope::ALL);
        let due = becoming::table(&take(&old)?, &take(&new)?);
        Ok(Checked { wrong, oddities: odd.collect(), due })
    })
}

const fn sentence(odd: Oddity) -> Message {
    match odd {
        Oddity::Short => text::ODD_SHORT,
        Oddity::LongerThanNever => text::ODD_LONG,
        Oddity::NeverRemoved => text::ODD_NEVER_REMOVED,
        Oddity::NeverReduced => text::ODD_NEVER_REDUCED,
        Oddity::GraceAfterNever => text::ODD_GRACE,
        Oddity::Unused => text::ODD_UNUSED,
    }
}
