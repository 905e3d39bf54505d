//! Looks for what protected people must not leave behind: in every column that is erased, in the index of the search, in
//! the spool and in copies of the registry. Names places, never values. No run: no lock, no row, nothing is changed.
//! (product.md, Exit codes: 0 well, 3 found something, 1 could not look)
//!
//! It looks for what is filled, and for numbers that are known. What was erased is kept nowhere, so nothing can look for
//! that; the tests do, which know it.

mod copies;
mod files;
mod numbers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::Settings;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Kind, Result};
use crate::registry::people::Concealment;
use crate::registry::sweep::{Protected, Trace, swept_columns};
use crate::registry::{Access, Check, Registry};
use crate::text::failure as text;
use numbers::Wanted;

/// Whether copies of the registry are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// They are.
    Included,
    /// They are left alone.
    PassedOver,
}

/// What a sweep needs from outside.
#[derive(Debug)]
pub struct Around<'a> {
    /// The configuration.
    pub settings: &'a Settings,
    /// Files and folders besides: purge plans, exports.
    pub paths: &'a [PathBuf],
    /// Whether copies of the registry are looked through.
    pub copies: Copies,
    /// The number of the signal that arrived, 0 for none.
    pub stop: &'a AtomicUsize,
}

impl Around<'_> {
    fn check_stop(&self) -> Result<()> {
        match i32::try_from(self.stop.load(Ordering::Relaxed)) {
            Ok(0) | Err(_) => Ok(()),
            Ok(signal) => {
                Err(Failure::new(Kind::Interrupted(signal), text::INTERRUPTED).with("signal", signal))
            }
        }
    }
}

/// In what kind of place something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The registry's tables.
    Registry,
    /// A file of the spool.
    Spool,
    /// A copy of the registry, or another file in `backup.dir`.
    Backup,
    /// A file that was named.
    Named,
}

impl Place {
    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Spool => "spool",
            Self::Backup => "backup",
            Self::Named => "named",
        }
    }
}

/// How far the protection of those found has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Erased: nothing may be there.
    Erased,
    /// Hidden by a file that is held: values stand until the run that erases them, and nobody sees them.
    Hidden,
}

impl Standing {
    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::Hidden => "hidden",
        }
    }

    const fn of(concealment: Concealment) -> Self {
        match concealment {
            Concealment::Hidden => Self::Hidden,
            Concealment::Open | Concealment::Erased => Self::Erased,
        }
    }
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// What kind of place.
    pub place: Place,
    /// The file; none for the registry itself.
    pub file: Option<PathBuf>,
    /// Table and column, for the registry and its copies.
    pub column: Option<(&'static str, &'static str)>,
    /// How far the protection of these people has gone.
    pub standing: Standing,
}

/// Something that could not be looked at.
#[derive(Debug)]
pub struct Blocked {
    /// What.
    pub file: PathBuf,
    /// Why.
    pub reason: Failure,
}

/// What was looked at and found.
#[derive(Debug, Default)]
pub struct Sweep {
    /// People who are protected.
    pub people: usize,
    /// Columns looked at, in the registry and in each copy.
    pub columns: usize,
    /// Files looked through.
    pub files: usize,
    /// Copies of the registry looked through.
    pub copies: usize,
    /// Whom was found where; none for a number that nobody has any more.
    pub hits: BTreeMap<Spot, BTreeSet<Option<PersonId>>>,
    /// Erasures whose second half is to come: bytes may stand in free pages.
    pub pending: Vec<PersonId>,
    /// What could not be looked at.
    pub blocked: Vec<Blocked>,
}

impl Sweep {
    /// 3 for anything found, else 1 for anything not looked at, else 0.
    pub fn exit(&self) -> u8 {
        match (self.hits.is_empty() && self.pending.is_empty(), self.blocked.is_empty()) {
            (false, _) => 3,
            (true, false) => 1,
            (true, true) => 0,
        }
    }

    fn note(&mut self, spot: Spot, person: Option<PersonId>) {
        self.hits.entry(spot).or_default().insert(person);
    }

    fn note_traces(&mut self, place: Place, file: Option<&Path>, traces: &BTreeSet<Trace>, wanted: &Wanted) {
        for trace in traces {
            let column = Some((trace.table, trace.column));
            let standing = wanted.standing(trace.person);
            self.note(Spot { place, file: file.map(Path::to_owned), column, standing }, trace.person);
        }
    }

    fn block(&mut self, file: &Path, reason: Failure) {
        self.blocked.push(Blocked { file: file.to_owned(), reason });
    }
}

/// Looks everywhere. Fails if the registry can't be opened, or if a signal came.
pub fn sweep(around: &Around<'_>) -> Result<Sweep> {
    let registry = Registry::open(&around.settings.registry, Access::Read, Check::Quick)?;
    let people = registry.protected_people()?;
    let wanted = Wanted::of(&people, &registry, &around.settings.key_file())?;
    let mut found = Sweep {
        people: people.len(),
        columns: swept_columns().count(),
        pending: registry.pending_erasures()?,
        ..Sweep::default()
    };
    tables(&registry, &people, &wanted, &mut found)?;
    around.check_stop()?;
    files::look(around, &wanted, &mut found)?;
    if around.copies == Copies::Included {
        copies::look(around, &registry, &people, &wanted, &mut found)?;
    }
    Ok(found)
}

fn tables(registry: &Registry, people: &[Protected], wanted: &Wanted, found: &mut Sweep) -> Result<()> {
    let mut traces = registry.traces_of(people)?;
    traces.extend(registry.indexed_traces_of(people)?);
    numbers::look(registry, wanted, &mut traces)?;
    // A run may have lifted somebody's protection meanwhile.
    let still = registry.concealed_now(people)?;
    traces.retain(|trace| trace.person.is_none_or(|person| still.contains_key(&person)));
    found.note_traces(Place::Registry, None, &traces, wanted);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_counts_more_than_what_could_not_be_looked_at() {
        let spot = Spot { place: Place::Registry, file: None, column: None, standing: Standing::Erased };
        let blocked = || Blocked { file: PathBuf::new(), reason: Failure::failed(text::STOPPED) };
        // (hits, erasures to come, blocked files, exit code)
        let rows = [(0, 0, 0, 0), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 1), (1, 0, 1, 3), (0, 1, 1, 3)];
        for (hits, pending, unread, expected) in rows {
            let sweep = Sweep {
                hits: (0..hits).map(|_| (spot.clone(), BTreeSet::new())).collect(),
                pending: (0..pending).map(PersonId).collect(),
                blocked: (0..unread).map(|_| blocked()).collect(),
                ..Sweep::default()
            };
            assert_eq!(sweep.exit(), expected, "{hits} {pending} {unread}");
        }
    }
}
