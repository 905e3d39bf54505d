//! Does what was decided: from the bottom up, in the unit's one transaction.

use std::collections::BTreeMap;

use super::survey::{DueRecord, Survey};
use crate::domain::person::PersonId;
use crate::domain::retention::{Action, Rule, Target};
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::registry::people::{Beside, Departure, Editor, Remains};
use crate::registry::retention::disposal::Disposal;
use crate::registry::retention::planned::Kind;

/// Puts the ids of what goes beside the tables. Gives how many documents go with their case.
pub(super) fn gather(run: &Run<'_>, survey: &Survey<'_>) -> Result<u64> {
    let leaving = run.registry.leaving()?;
    let all = [(Kind::Case, &survey.cases), (Kind::Draft, &survey.drafts), (Kind::Event, &survey.events)];
    for (kind, records) in all {
        records.iter().try_for_each(|record| leaving.add(kind, record.id))?;
    }
    Ok(leaving.documents()?.iter().map(|(_, count)| count).sum())
}

/// Removes what was gathered, and the people who were chosen.
pub(super) fn apply(run: &mut Run<'_>, editor: &mut Editor<'_>, survey: &Survey<'_>) -> Result<()> {
    let gone = run.registry.leaving_again().remove()?;
    let documents: u64 = gone.documents.iter().map(|(_, count)| count).sum();
    let people = survey.chosen.as_slice();
    let with_them = run.registry.hanging_on(people)?;
    let mut records = of_cases(survey);
    records.extend(
        gone.documents
            .iter()
            .map(|(class, count)| row("document", *count, class.clone(), "with its case".to_owned())),
    );
    records.extend(of_loose("draft", survey, &survey.drafts));
    records.extend(of_loose("event", survey, &survey.events));
    records
        .extend(with_them.iter().map(|(kind, count)| row(kind, *count, None, "with its person".to_owned())));
    records.retain(|record| record.count > 0);
    for record in &mut records {
        record.run = run.id;
        record.disposed_on = run.setup.today.to_string();
    }
    run.registry.put_disposals(run.key, &records)?;
    let departures = people.iter().map(|person| departure(survey, *person)).collect::<Result<Vec<_>>>()?;
    editor.leave(&departures, Beside::Tell)?;
    let anonymised = departures.iter().filter(|who| who.remains == Remains::NumberAndClass).count() as u64;
    let counts = [
        ("removed", departures.len() as u64 - anonymised),
        ("anonymised", anonymised),
        ("removed_cases", gone.cases),
        ("removed_documents", documents),
        ("removed_drafts", gone.drafts),
        ("removed_events", gone.events),
    ];
    for (name, count) in counts {
        run.counts.add(name, count);
    }
    for (kind, count) in with_them {
        run.counts.add(format!("removed_{kind}s"), count);
    }
    if !departures.is_empty() || gone.cases + gone.drafts + gone.events > 0 {
        run.registry.mark_erasure(run.id)?;
    }
    Ok(())
}

fn departure(survey: &Survey<'_>, person: PersonId) -> Result<Departure> {
    let (target, class, rule) =
        survey.departure(person).ok_or_else(|| Failure::internal("somebody due without a rule"))?;
    let remains = match rule.action {
        Action::Delete => Remains::Nothing,
        Action::Anonymise => Remains::NumberAndClass,
    };
    Ok(Departure { person, remains, kind: target.name(), class, decision: rule.to_string() })
}

fn of_cases(survey: &Survey<'_>) -> Vec<Disposal> {
    let mut counts: BTreeMap<(Option<&str>, String), u64> = BTreeMap::new();
    for case in &survey.cases {
        let rule = survey.classes.rule(case.class, Target::Case).map(Rule::to_string).unwrap_or_default();
        let decision = if case.by_hand { format!("by hand; {rule}") } else { rule };
        *counts.entry((survey.classes.name(case.class), decision)).or_default() += 1;
    }
    let one = |((class, decision), count): ((Option<&str>, String), u64)| {
        row("case", count, class.map(str::to_owned), decision)
    };
    counts.into_iter().map(one).collect()
}

fn of_loose(kind: &str, survey: &Survey<'_>, due: &[DueRecord]) -> Vec<Disposal> {
    let mut counts: BTreeMap<Option<&str>, u64> = BTreeMap::new();
    for record in due {
        *counts.entry(survey.classes.name(record.class)).or_default() += 1;
    }
    let one = |(class, count): (Option<&str>, u64)| {
        row(kind, count, class.map(str::to_owned), "untouched".to_owned())
    };
    counts.into_iter().map(one).collect()
}

fn row(kind: &str, count: u64, class: Option<String>, decision: String) -> Disposal {
    let (run, disposed_on) = (crate::registry::runs::RunId(0), String::new());
    Disposal { run, disposed_on, kind: kind.to_owned(), count, class, decision, hash: None }
}
