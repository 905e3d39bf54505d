//! Who is no longer in the register: the only thing that a file says by not saying it. (rules.md, Areas and the population
//! register; Principles, Absence)

use super::scan::Scan;
use super::{LoadMode, PopulationImport};
use crate::domain::limit::LimitName;
use crate::domain::population::Residence;
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::population::Presence;
use crate::text::population as text;

/// Whose absence a file may say. Looked up before its rows are written.
pub(super) enum Absence {
    /// Nobody's: a file of changes.
    MeansNothing,
    /// Nobody's: a row's number can't be read.
    Unknown,
    /// Of the people of these municipalities, so many of whom the last snapshot held.
    Of(Residence, Vec<String>, u64),
}

impl Absence {
    pub(super) fn look(run: &Run<'_>, scan: &Scan, load: &PopulationImport) -> Result<Self> {
        match (load.mode, scan.unreadable) {
            (LoadMode::Changes, _) => Ok(Self::MeansNothing),
            (LoadMode::Snapshot, 0) => {
                // Of a municipality of which the file has no row at all it says nothing.
                let municipalities = scan.extract.municipalities()?;
                let mut present = 0;
                for municipality in &municipalities {
                    present += run.registry.count_present(load.residence, municipality)?;
                }
                Ok(Self::Of(load.residence, municipalities, present))
            }
            (LoadMode::Snapshot, _) => Ok(Self::Unknown),
        }
    }

    /// Marks them absent, under the limit `shrink`. Nobody is deleted.
    pub(super) fn conclude(&self, run: &mut Run<'_>, scan: &Scan) -> Result<()> {
        let file = ("file", scan.name.clone());
        let Self::Of(residence, municipalities, present) = self else {
            if matches!(self, Self::Unknown) {
                run.line(text::ABSENCE_UNKNOWN, &[file]);
            }
            return Ok(());
        };
        let mut gone: u64 = 0;
        for municipality in municipalities {
            run.registry.each_present(*residence, municipality, |key| {
                if !scan.extract.holds(key)? {
                    gone += 1;
                    scan.extract.add_gone(key)?;
                }
                Ok(())
            })?;
        }
        run.guard.set(LimitName::Shrink, gone);
        run.guard.set_base(LimitName::Shrink, *present);
        run.counts.add("absent", gone);
        let mut population = run.registry.population()?;
        scan.extract.each_gone(|key| population.set_present(key, Presence::Absent))?;
        if gone > 0 {
            run.line(text::ABSENT, &[file, ("people", gone.to_string())]);
        }
        Ok(())
    }
}
