//! Changes of number. (rules.md, spar-import 7; Protection 5)

use super::{Action, Case, Decision, unnote};
use crate::domain::id_number::IdKind;
use crate::domain::person::{Notice, Person};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::statement::Life;

/// Whether links may be followed and written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// As rule 7 says.
    Followed,
    /// Of a protected person none is: a human finds out.
    Hidden,
}

/// What the file's links mean for the person's number.
pub(super) fn renumber(
    stored: &Person,
    life: &Life,
    renumbering: &Renumbering,
    links: Links,
    decision: &mut Decision,
) {
    let unclear = Action::Note(Notice::NumberChange, None);
    match (renumbering, links) {
        (Renumbering::To(path), Links::Followed) => {
            decision.actions.extend(path.iter().copied().map(Action::ChangeNumber));
            unnote(stored, Notice::NumberChange, decision);
            unnote(stored, Notice::TwoRecords, decision);
        }
        (Renumbering::OtherRecord(other), Links::Followed) => {
            decision.actions.push(Action::Note(Notice::TwoRecords, Some(*other)));
        }
        (Renumbering::Unclear, _) | (Renumbering::To(_) | Renumbering::OtherRecord(_), Links::Hidden) => {
            decision.actions.push(unclear);
        }
        // GN or GS that leads nowhere: somebody must find out where to.
        (Renumbering::None, _) if *life == Life::NumberReplaced => decision.actions.push(unclear),
        (Renumbering::None | Renumbering::AlreadyDone, Links::Followed) if *life != Life::NumberReplaced => {
            unnote(stored, Notice::NumberChange, decision);
        }
        (Renumbering::None | Renumbering::AlreadyDone, _) => {}
    }
}

/// Only SPAR's Typ tells an immunitetsnummer from a personnummer; that of a replaced number says nothing of the new one.
pub(super) fn reclassify(case: Case<'_>, renumbering: &Renumbering, links: Links, decision: &mut Decision) {
    let number = match (renumbering, links) {
        (Renumbering::To(path), Links::Followed) => path.last().unwrap_or(&case.stored.number),
        (Renumbering::To(_), Links::Hidden)
        | (
            Renumbering::None | Renumbering::AlreadyDone | Renumbering::OtherRecord(_) | Renumbering::Unclear,
            Links::Followed | Links::Hidden,
        ) => &case.stored.number,
    };
    let counts = case.statement.is_immunity && case.statement.life != Life::NumberReplaced;
    if counts && number.kind() == IdKind::Personnummer {
        decision.actions.push(Action::Reclassify(IdKind::Immunitetsnummer));
    }
}
