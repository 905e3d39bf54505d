//! A clock that is wrong would make everybody due: nothing goes by one that can't be believed. (rules.md, purge)

use chrono::{DateTime, Months, Utc};

use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::text::purge as text;

/// Longer than this nobody leaves the registry alone.
const MOST_MONTHS: u32 = 12;

/// Fails unless today is the real day, and the clock fits the newest run before this one.
pub(super) fn check(run: &Run<'_>) -> Result<()> {
    let now = instant(&(run.setup.now)())?;
    let real = now.with_timezone(&run.setup.settings.timezone).date_naive();
    if run.setup.today != real {
        return Err(Failure::usage(text::NOT_TODAY).with("today", run.setup.today).with("real", real));
    }
    let Some(newest) = run.registry.newest_start_before(run.id)? else { return Ok(()) };
    let newest = instant(&newest)?;
    let is_late = newest.checked_add_months(Months::new(MOST_MONTHS)).is_some_and(|latest| now > latest);
    if now < newest || is_late {
        let at = |instant: DateTime<Utc>| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let failure = Failure::failed(text::CLOCK_WRONG).with("now", at(now)).with("newest", at(newest));
        return Err(failure.hint(text::CLOCK_WRONG_HINT));
    }
    Ok(())
}

fn instant(text: &str) -> Result<DateTime<Utc>> {
    text.parse().map_err(|_| Failure::internal("an instant that is none"))
}
