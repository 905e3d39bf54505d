//! The address, and the clock of those who have none. (rules.md, spar-import 10 and 11)

use super::{Action, Case, Decision, Kept, Source, is_news, unnote};
use crate::domain::person::{Notice, Status};
use crate::domain::spar::statement::{Life, PlaceKind, Whereabouts};

/// Rule 11; not for the deceased (rule 8).
pub(super) fn address(case: Case<'_>, decision: &mut Decision) {
    let Some(place) = &case.statement.place else { return };
    if is_dead(case) || is_outdone(case) {
        return;
    }
    if case.stored.no_address_since.is_some() {
        decision.actions.push(Action::StopClock);
    }
    if is_news(case.last().address, case.said.address) {
        let kept = (Kept::Address, case.said.address);
        case.unless_boxed(Action::PlaceAddress(place.clone()), kept, decision);
        if case.statement.place_kind == PlaceKind::Special && case.stored.allow_update {
            let said_on = case.statement.changed_on.unwrap_or(case.policy.file_on);
            decision.actions.push(Action::MarkSpecial(said_on));
        }
    }
}

/// Rule 10. The post's address counts, not the stored one; what was said before starts nothing anew.
pub(super) fn clock(case: Case<'_>, decision: &mut Decision) {
    if !is_news(case.last().rest, case.said.rest) {
        return;
    }
    match (case.statement.whereabouts, &case.statement.life) {
        (Whereabouts::NoAddress, Life::Alive) => decision.actions.push(Action::Note(Notice::NoAddress, None)),
        (Whereabouts::Unknown, Life::Alive | Life::Deregistered { .. })
            if case.stored.no_address_since.is_none() =>
        {
            decision.actions.push(Action::StartClock(case.policy.file_on));
            unnote(case.stored, Notice::NoAddress, decision);
        }
        // Nothing to ask about the dead, nor about who is deregistered anyway.
        (Whereabouts::Known | Whereabouts::Unknown | Whereabouts::NoAddress, _) => {
            unnote(case.stored, Notice::NoAddress, decision);
        }
    }
}

/// The register's address is of no use for somebody whom SPAR knows to be dead, nor in place of a särskild postadress
/// that is as new: the extract doesn't hold those. The age of its first address for a person is not known.
fn is_outdone(case: Case<'_>) -> bool {
    match case.policy.source {
        Source::Spar => false,
        Source::Register => {
            let special = case.stored.special_since;
            let is_older = |since| case.statement.changed_on.is_none_or(|on| on <= since);
            case.stored.status == Status::Deceased || special.is_some_and(is_older)
        }
    }
}

fn is_dead(case: Case<'_>) -> bool {
    matches!(case.statement.life, Life::Deceased { .. })
}
