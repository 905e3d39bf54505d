//! Who is no longer in the register: the only thing that a file says by not saying it. (rules.md, Areas and the population
//! register; Principles, Absence)

use super::deliveries::Siblings;
use super::scan::Scan;
use super::{LoadMode, PopulationImport};
use crate::domain::limit::LimitName;
use crate::domain::population::Residence;
use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::population::Presence;
use crate::text::{Message, population as text};

/// Whose absence a file may say. Looked up before its rows are written.
pub(super) enum Absence {
    /// Nobody's: a file of changes.
    MeansNothing,
    /// Nobody's yet: the last file of the delivery says it for all of them.
    ToCome,
    /// Nobody's, and why the log says.
    Unknown(Message),
    /// Of the people of these municipalities, so many of whom the last snapshot held.
    Of(Residence, Vec<String>, u64),
}

impl Absence {
    pub(super) fn look(
        run: &Run<'_>,
        scan: &Scan,
        load: &PopulationImport,
        siblings: &Siblings<'_>,
    ) -> Result<Self> {
        match (load.mode, siblings) {
            (LoadMode::Changes, _) => Ok(Self::MeansNothing),
            (LoadMode::Snapshot, Siblings::ToCome) => Ok(Self::ToCome),
            (LoadMode::Snapshot, Siblings::Elsewhere) => Ok(Self::Unknown(text::ABSENCE_ELSEWHERE)),
            (LoadMode::Snapshot, Siblings::Here(others)) => {
                Self::of(run, load.residence, others.iter().copied().chain([scan]))
            }
        }
    }

    fn of<'s>(run: &Run<'_>, residence: Residence, scans: impl Iterator<Item = &'s Scan>) -> Result<Self> {
        // Of a municipality of which the files have no row at all they say nothing.
        let mut municipalities = Vec::new();
        for scan in scans {
            if scan.unreadable > 0 {
                return Ok(Self::Unknown(text::ABSENCE_UNKNOWN));
            }
            municipalities.extend(scan.extract.municipalities());
        }
        municipalities.sort_unstable();
        municipalities.dedup();
        let mut present = 0;
        for municipality in &municipalities {
            present += run.registry.count_present(residence, municipality)?;
        }
        Ok(Self::Of(residence, municipalities, present))
    }

    /// Marks them absent, under the limit `shrink`. Nobody is deleted.
    pub(super) fn conclude(&self, run: &mut Run<'_>, scan: &Scan, siblings: &Siblings<'_>) -> Result<()> {
        let file = ("file", scan.name.clone());
        let (residence, municipalities, present) = match self {
            Self::MeansNothing | Self::ToCome => return Ok(()),
            Self::Unknown(why) => {
                run.line(*why, &[file]);
                return Ok(());
            }
            Self::Of(residence, municipalities, present) => (residence, municipalities, present),
        };
        let mut gone: u64 = 0;
        for municipality in municipalities {
            run.registry.each_present(*residence, municipality, |key| {
                if !scan.extract.holds(key)? && !siblings.hold(key)? {
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
