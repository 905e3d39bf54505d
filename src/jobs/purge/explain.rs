//! `purge --explain ID`: each reason that keeps one person, and until when. Reads only.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Scope, Survey, law_on};
use crate::config::Settings;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::Registry;
use crate::registry::retention::Whom;
use crate::text::failure as text;

/// What keeps somebody today; of protected people the reasons alone.
pub fn explain(
    registry: &Registry,
    settings: &Settings,
    today: NaiveDate,
    person: PersonId,
) -> Result<Value> {
    registry.snapshot(|| {
        let rules = registry.retention_rules()?;
        let whom = Whom::These(registry.in_care_below(person)?);
        let law = law_on(settings, today, &rules);
        let survey = Survey::take(registry, law, (&whom, Some(person)), &Scope::ALL)?;
        let (verdict, is_protected) =
            survey.verdict(person).ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", person))?;
        let reasons = survey.details.iter().map(|detail| detail.to_json(is_protected));
        let open = |value: Value| if is_protected { Value::Null } else { value };
        let wards = staying_wards(registry, &survey, person)?;
        Ok(json!({
            "person": person.0,
            "protected": is_protected,
            "due": verdict.is_due(),
            "action": verdict.is_due().then(|| survey.action(person).name()),
            "class": open(json!(survey.departure(person).and_then(|(_, class, _)| class))),
            "rule": open(json!(survey.departure(person).map(|(_, _, rule)| rule.to_string()))),
            "purge_on": open(json!(verdict.purge_on)),
            "reasons": reasons.collect::<Vec<_>>(),
            "guardian_of": open(json!(wards)),
        }))
    })
}

/// Those in somebody's care who stay.
fn staying_wards(registry: &Registry, survey: &Survey<'_>, person: PersonId) -> Result<Vec<i64>> {
    let mut wards = Vec::new();
    registry.each_relation(&Whom::These(vec![person]), |_, ward| {
        if survey.verdict(ward).is_some_and(|(verdict, _)| !verdict.is_due()) {
            wards.push(ward.0);
        }
        Ok(())
    })?;
    Ok(wards)
}
