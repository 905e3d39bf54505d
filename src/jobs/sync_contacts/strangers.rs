//! Numbers that the registry does not know: who of the people here they may be. (rules.md, sync-contacts 9)

use super::scan::{Scan, Staged};
use crate::domain::contact::gather::{SourceRow, introduction};
use crate::domain::contact::newcomer::{Namesake, Newcomer, likeness, newcomer};
use crate::domain::id_number::{IdKind, IdNumber};
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::staging::namesakes::Namesakes;
use crate::registry::staging::rows::StagedRow;

/// Looks for namesakes of unknown numbers; rows of one who takes a temporary number's place join that person's.
pub(super) fn meet(run: &Run<'_>, scan: &Scan) -> Result<Namesakes> {
    let registry = run.registry;
    let mut namesakes = Namesakes::create(&run.setup.settings.spool.join("staging"))?;
    let mut strangers = 0;
    scan.rows.each_stranger(|group: Vec<StagedRow<Staged>>| {
        if let Some((number, likeness)) = describe(registry.salt(), &group) {
            strangers += 1;
            namesakes.add_stranger(likeness, &number)?;
        }
        Ok(())
    })?;
    if strangers == 0 {
        return Ok(namesakes);
    }
    registry.each_named(|named| {
        let alike = likeness(registry.salt(), (named.first, named.last), named.birth_date, &named.number);
        let Some(alike) = alike else { return Ok(()) };
        let (person, kind, is_protected) = (named.person, named.number.kind(), named.is_protected);
        namesakes.add_if_alike(alike, Namesake { person, kind, is_protected })
    })?;
    scan.rows.each_stranger(|group: Vec<StagedRow<Staged>>| {
        let Some((number, _)) = describe(registry.salt(), &group) else { return Ok(()) };
        if let Newcomer::TakeOver(person) = who(registry.salt(), &namesakes, &group)? {
            namesakes.add_heir(person, &number)?;
        }
        Ok(())
    })?;
    namesakes.each_heir(|person, number| scan.rows.adopt(&number, person))?;
    Ok(namesakes)
}

/// Who the person of these rows is.
pub(super) fn who(salt: (u64, u64), namesakes: &Namesakes, group: &[StagedRow<Staged>]) -> Result<Newcomer> {
    let Some((number, likeness)) = describe(salt, group) else { return Ok(Newcomer::Enter) };
    let (alike, rivals) = namesakes.of(likeness, &number)?;
    Ok(newcomer(number.kind(), rivals, &alike))
}

fn describe(salt: (u64, u64), group: &[StagedRow<Staged>]) -> Option<(IdNumber, u64)> {
    let number = number_of(group)?;
    let rows: Vec<&SourceRow> = group.iter().map(|staged| &staged.row.row).collect();
    let (first, last, birth_date) = introduction(&rows);
    let alike = likeness(salt, (first.as_deref(), last.as_deref()), birth_date, &number)?;
    Some((number, alike))
}

/// The number of a stranger's rows.
pub(super) fn number_of(group: &[StagedRow<Staged>]) -> Option<IdNumber> {
    let text = &group.first()?.number;
    // The stored form tells its kind; a source has no immunity numbers of its own.
    IdKind::ALL.into_iter().find_map(|kind| IdNumber::from_stored(text, kind))
}
