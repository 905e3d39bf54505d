//! What a proposal shows, as JSON: per target and class what is due, what waits, what keeps.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::survey::Survey;
use crate::domain::person::PersonId;
use crate::domain::retention::{Action, Target};
use crate::jobs::report::ShownChange;

/// The count of a target that is due.
pub(super) fn due_key(target: Target) -> Cow<'static, str> {
    match target {
        Target::Case => "due_cases",
        Target::Person => "due_persons",
        Target::Draft => "due_drafts",
        Target::Event => "due_events",
        Target::Reduced => "due_reduced",
    }
    .into()
}

/// Somebody who goes, as a change: by internal id alone.
pub(super) fn shown(survey: &Survey<'_>, person: PersonId) -> ShownChange {
    let (field, why) = match survey.action(person) {
        Action::Delete => ("removed", "purge/delete"),
        Action::Anonymise => ("anonymised", "purge/anonymise"),
    };
    ShownChange {
        person: person.0,
        record: None,
        entity: "person".into(),
        field: field.into(),
        old: None,
        new: None,
        why: why.into(),
    }
}

/// Tables by target and class. Protected people are in one total only.
pub(super) fn answer(survey: &Survey<'_>, only: Option<Target>) -> Value {
    let is_shown = |target: Target| only.is_none_or(|only| only == target);
    let tally = &survey.tally;
    let name = |class| survey.classes.name(class);
    let due = tally.due.iter().filter(|((target, ..), _)| is_shown(*target)).map(
        |((target, class, action), count)| {
            json!({ "target": target.name(), "class": name(*class), "action": action.name(), "count": count })
        },
    );
    let waiting = tally.waiting.iter().filter(|((target, ..), _)| is_shown(*target)).map(
        |((target, class, purge_on), count)| {
            json!({ "target": target.name(), "class": name(*class), "purge_on": purge_on, "count": count })
        },
    );
    let kept = tally.kept.iter().filter(|((target, _), _)| is_shown(*target)).map(|((target, reason), count)| {
        json!({ "target": target.name(), "reason": reason.name(), "count": count })
    });
    json!({
        "due": due.collect::<Vec<_>>(),
        "waiting": waiting.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
        "protected": tally.protected,
        "chosen": survey.chosen.len(),
    })
}
