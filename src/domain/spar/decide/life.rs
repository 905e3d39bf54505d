//! Dead, deregistered, back again. (rules.md, spar-import 8, 9 and 13)

use super::{Action, Case, Decision, Kept, Source, is_news, unnote};
use crate::domain::person::{Deregistration, Notice, Status};
use crate::domain::spar::statement::Life;

/// Rules 8 and 9: what ends somebody's life or registration.
pub(super) fn ends(case: Case<'_>, decision: &mut Decision) {
    let deregistration =
        |code: &String, date: &Option<String>| Deregistration { code: code.clone(), date: date.clone() };
    let (kept, action) = match &case.statement.life {
        Life::Alive | Life::NumberReplaced => return,
        Life::Deceased { code, date } => (Kept::Deceased, Action::Decease(deregistration(code, date))),
        Life::Deregistered { code, date } => {
            (Kept::Deregistered, Action::Deregister(deregistration(code, date)))
        }
    };
    unnote(case.stored, Notice::Returned, decision);
    if is_news(case.last().status, case.said.status) {
        case.unless_boxed(action, (kept, case.said.status), decision);
    }
}

/// Rule 13: SPAR blocked them, now they are delivered alive, registered, with an address. The register's extract may be
/// older than what SPAR said: it speaks of a return only if it said something else itself before.
pub(super) fn returned(case: Case<'_>, decision: &mut Decision) {
    let is_back = case.statement.life == Life::Alive && case.statement.place.is_some();
    let is_heard = match case.policy.source {
        Source::Spar => true,
        Source::Register => case.last().status != 0 && is_news(case.last().status, case.said.status),
    };
    if case.stored.status != Status::Active && is_back && is_heard {
        decision.actions.push(Action::Note(Notice::Returned, None));
    }
}
