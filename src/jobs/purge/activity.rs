//! The last day on which something happened to one person, read again where the band of it doesn't say enough.

use chrono::NaiveDate;

use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::retention::{LooseKind, OwedRow, Whom};

/// Of cases, obligations that ended, drafts and events; none if there never was any.
pub(super) fn last_active(
    registry: &Registry,
    person: PersonId,
    today: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let whom = Whom::These(vec![person]);
    let mut days: Vec<NaiveDate> = Vec::new();
    registry.each_case(&whom, |row| {
        days.push(row.case.last_active());
        Ok(())
    })?;
    registry.each_obligation(&whom, |row| {
        days.extend(ended(&row, today));
        Ok(())
    })?;
    for kind in [LooseKind::Draft, LooseKind::Event] {
        registry.each_loose(kind, &whom, |row| {
            days.push(row.touched);
            Ok(())
        })?;
    }
    Ok(days.into_iter().max())
}

/// The day that an obligation counts as activity; none while it goes on.
pub(super) fn ended(row: &OwedRow, today: NaiveDate) -> Option<NaiveDate> {
    row.to.filter(|to| *to < today).map(|to| row.from.map_or(to, |from| from.max(to)))
}
