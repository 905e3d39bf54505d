//! Names and birth date. (rules.md, spar-import 12)

use super::{Action, Case, Decision, Kept, is_news};
use crate::domain::spar::statement::name_of;

/// A current name replaces the stored one.
pub(super) fn name(case: Case<'_>, decision: &mut Decision) {
    let Some(parts) = &case.statement.name else { return };
    if is_news(case.last().name, case.said.name) {
        case.unless_boxed(Action::Rename(name_of(parts)), (Kept::Name, case.said.name), decision);
    }
}

/// A birth date fills what was empty; one that differs is told.
pub(super) fn birth_date(case: Case<'_>, decision: &mut Decision) {
    match (case.stored.birth_date, case.statement.birth_date) {
        (None, Some(date)) if case.stored.allow_update => decision.actions.push(Action::FillBirthDate(date)),
        (Some(stored), Some(said)) => decision.birth_date_differs = stored != said,
        (None | Some(_), None) | (None, Some(_)) => {}
    }
}
