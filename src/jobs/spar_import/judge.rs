//! Judges a file as a whole: whose it is, whether it is old, whether one is missing. (rules.md, spar-import 2)

use super::age_of;
use crate::domain::limit::LimitName;
use crate::domain::spar::decide::Age;
use crate::failure::{Failure, Result};
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::text::failure as text;

/// The highest sequence number; 1 comes after it.
const LAST_SEQUENCE: u32 = 99_999;

/// Another customer's or order's file, or one whose number another file bears, is rejected.
pub(super) fn identity(run: &Run<'_>, row: &FileRow) -> std::result::Result<(), Refusal> {
    let spar = &run.setup.settings.spar;
    for (configured, found) in [(&spar.customer, &row.customer), (&spar.order, &row.order)] {
        if configured.as_ref().is_some_and(|configured| !found.is_empty() && configured != found) {
            let failure = Failure::failed(text::WRONG_CUSTOMER).with("file", &row.name);
            return Err(Refusal::Rejected(
                failure.with("found", found).with("expected", configured.as_deref().unwrap_or("")),
            ));
        }
    }
    if run.registry.sequence_is_taken(row)? {
        let failure = Failure::failed(text::SEQUENCE_TAKEN).with("file", &row.name);
        return Err(Refusal::Rejected(failure.with("sequence", row.sequence.unwrap_or_default())));
    }
    Ok(())
}

/// Whether the file is older than the newest applied one of its customer and order.
pub(super) fn age(run: &Run<'_>, row: &FileRow) -> Result<Age> {
    let newest = run.registry.newest_applied(row.kind, &row.customer, &row.order)?;
    Ok(age_of(matches!((&row.created, &newest), (Some(created), Some(newest)) if created < newest)))
}

/// Counts for the limits `older` and `sequence_gap`; inside the unit, so that a plan is known when it is held.
pub(super) fn count_limits(run: &mut Run<'_>, row: &FileRow, age: Age) -> Result<()> {
    run.guard.set(LimitName::Older, u64::from(age == Age::Older));
    let (last, borne) = run.registry.sequences(row)?;
    if let (Some(last), Some(sequence)) = (last, row.sequence) {
        run.guard.set(LimitName::SequenceGap, missing(last, sequence, &borne));
    }
    Ok(())
}

/// How many numbers between the last applied one and this one no known file bears. Held, rejected and undone files
/// use up no number, but fill gaps; a number that goes back is no gap.
fn missing(last: u32, sequence: u32, borne: &[u32]) -> u64 {
    let ahead = (sequence + LAST_SEQUENCE - last % LAST_SEQUENCE) % LAST_SEQUENCE;
    if ahead > LAST_SEQUENCE / 2 {
        return 0;
    }
    let between = (1..ahead).map(|step| (last + step - 1) % LAST_SEQUENCE + 1);
    between.filter(|number| !borne.contains(number)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_gap_is_counted_and_files_that_were_not_applied_fill_it() {
        let rows = [
            (12, 13, &[][..], 0),    // the next
            (12, 15, &[][..], 2),    // 13 and 14 are missing
            (12, 15, &[13][..], 1),  // 13 was rejected: it came
            (12, 12, &[][..], 0),    // the same again is another rule's
            (12, 11, &[][..], 0),    // going back is no gap
            (99_999, 1, &[][..], 0), // 99999 is followed by 1
            (99_998, 2, &[][..], 2), // 99999 and 1 are missing
        ];
        for (last, sequence, borne, expected) in rows {
            assert_eq!(missing(last, sequence, borne), expected, "{last} then {sequence}");
        }
    }
}
