//! Taking a merge back: as a whole or not at all, or values would be lost between the two records. (docs/merge.md)

use crate::domain::change::Field;
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::registry::merged::LedgerRow;
use crate::registry::people::Concealment;
use crate::registry::runs::{RunId, RunRow};
use crate::text::merge as text;

/// The job whose runs these are.
pub(super) const JOB: &str = "person-merge";

/// Whether the records can still be told apart; an undo of such an undo is another merge.
pub(super) fn check(run: &Run<'_>, target: &RunRow) -> Result<()> {
    if let Some(first) = target.undoes
        && run.registry.find_run(RunId(first))?.is_some_and(|first| first.job == JOB)
    {
        return Err(Failure::failed(text::MERGE_AGAIN).with("run", target.id.0));
    }
    if target.job != JOB {
        return Ok(());
    }
    let key = Field::Number.key();
    let mut people = run.registry.people()?;
    for entry in run.registry.journal_backwards(target.id, i64::MAX, 1)? {
        let refuse =
            || Failure::failed(text::UNMERGE_CHANGED).with("run", target.id.0).with("person", entry.person);
        let rows = entry.changes.as_ref().and_then(serde_json::Value::as_array).ok_or_else(refuse)?;
        let is_number =
            |row: &&serde_json::Value| row.get(0).and_then(serde_json::Value::as_str) == Some(key);
        let left = rows.iter().find(is_number).and_then(|row| row.get(2)).ok_or_else(refuse)?;
        let stored = people.find(entry.person)?.filter(|stored| stored.concealment == Concealment::Open);
        let is_as_left = stored.is_some_and(|stored| Field::Number.get(&stored.person) == *left);
        if !is_as_left {
            return Err(refuse());
        }
    }
    Ok(())
}

/// What SPAR was asked about the numbers of the surviving record, before they go back.
pub(super) fn ledger(run: &Run<'_>, target: &RunRow) -> Result<Vec<LedgerRow>> {
    let mut rows = Vec::new();
    if target.job == JOB {
        for entry in run.registry.journal_backwards(target.id, i64::MAX, 1)? {
            rows = run.registry.ledger_rows(entry.person)?;
        }
    }
    Ok(rows)
}

/// After the people: records and ledger go where they came from.
pub(super) fn put_back(run: &mut Run<'_>, target: &RunRow, ledger: &[LedgerRow]) -> Result<()> {
    if target.job == JOB {
        run.counts.add("moved", run.registry.move_records_back(target.id)?);
        run.registry.put_ledger_rows(ledger)?;
    }
    Ok(())
}
