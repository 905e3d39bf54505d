//! What a row makes of a record that isn't here yet: made by the thread that reads the rows back, so that the one that writes
//! needs only write.

use super::scan::{Belongs, Found, Staged, Whose};
use crate::domain::person::PersonId;
use crate::domain::retained::{self, Kind, Record, Said, merge};
use crate::failure::Result;
use crate::registry::retained::written;
use crate::registry::staging::records::StagedRecord;

/// A record as it comes in if none stands.
pub(super) struct Fresh {
    /// The record.
    pub(super) record: Record,
    /// As it is written in journal and plan.
    pub(super) text: String,
}

/// Of the rows of one reference, if they tell by themselves whose the record is and can be used.
pub(super) fn fresh(kind: Kind, reference: &str, rows: &[StagedRecord<Staged>]) -> Result<Option<Fresh>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let Some(whose) = plainly(&first.row.found) else { return Ok(None) };
    let retained::Whose { person: Some(person), related, case } = whose else { return Ok(None) };
    let (reference, given) = (reference.to_owned(), first.row.given.clone());
    let Ok(record) = merge(kind, None, &Said { reference, person, related, case, given }) else {
        return Ok(None);
    };
    Ok(Some(Fresh { text: written(kind, &record)?, record }))
}

/// Whose a row is and of which case, if nothing has to be asked or counted for that.
fn plainly(found: &Found) -> Option<retained::Whose> {
    if found.is_hidden {
        return None;
    }
    let Some(Whose::Here(person)) = found.whose else { return None };
    let related = match found.related {
        None => None,
        Some(Whose::Here(related)) => Some(PersonId(related)),
        Some(Whose::Unknown(_) | Whose::Refused(_)) => return None,
    };
    let case = match &found.case {
        Belongs::Unsaid => None,
        Belongs::Nowhere => Some(None),
        Belongs::Case(case) => Some(Some(*case)),
        Belongs::Missing(_) => return None,
    };
    Some(retained::Whose { person: Some(PersonId(person)), related, case })
}
