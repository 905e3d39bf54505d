//! Two years without an address. (rules.md, spar-import 10)

use chrono::{Days, Months};

use crate::domain::limit::LimitName;
use crate::domain::person::Status;
use crate::domain::spar::decide::{Kept, expire as end};
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::findings::Event;

/// Looked at in every run, with or without a file; a unit of its own.
pub(super) fn expire(run: &mut Run<'_>) -> Result<()> {
    // A little wide, since a month's end is clamped; `is_due` decides.
    let Some(day) = run.setup.today.checked_sub_months(Months::new(24)) else { return Ok(()) };
    let people = run.registry.without_address_since(&(day + Days::new(3)).to_string())?;
    if people.is_empty() {
        return Ok(());
    }
    let base = run.registry.count_people()?;
    run.unit(None, |run, editor| {
        run.guard.set_base(LimitName::Blocked, base);
        let mut reader = run.registry.people()?;
        for id in people {
            run.check_stop()?;
            let stored = reader.get(id)?;
            if !is_due(stored.person.no_address_since, run.setup.today) {
                continue;
            }
            if !stored.person.allow_update {
                run.event(Event {
                    kind: "update-blocked",
                    subject: id.to_string(),
                    detail: Kept::Deregistered.name().to_owned(),
                    facts: stored.person.no_address_since.map(|day| day.to_string()).unwrap_or_default(),
                    params: serde_json::json!({ "field": Kept::Deregistered.name() }).to_string(),
                });
                continue;
            }
            let mut after = stored.person.clone();
            let changes = end(&mut after);
            if after.status == Status::Deregistered {
                run.counts.add("deregistered", 1);
                run.guard.add_person(LimitName::Blocked, id);
            }
            run.change(editor, &stored, &after, &changes)?;
        }
        Ok(())
    })
}

/// Due when today ≥ start + two years, the day clamped to the month's end.
fn is_due(since: Option<chrono::NaiveDate>, today: chrono::NaiveDate) -> bool {
    since.and_then(|since| since.checked_add_months(Months::new(24))).is_some_and(|due| today >= due)
}
