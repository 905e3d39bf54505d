//! `update-areas`: people get the key code that the population register has now, and the areas that it is linked to.
//! (rules.md, Areas and the population register)

mod answer;
mod pass;

use std::path::{Path, PathBuf};

use super::Job;
use super::area_import::LinkFile;
use super::run::Run;
use crate::domain::area::{Assignment, NoCode, Taking, Tally, replaced};
use crate::domain::change::Why;
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::areas::Located;
use crate::text::area as text;
use pass::Pass;

/// Brings everybody's key code and areas up to date.
#[derive(Debug)]
pub struct UpdateAreas {
    /// What is asked for.
    pub wish: Wish,
}

/// Whether the areas are wanted, or only known.
#[derive(Debug)]
pub enum Wish {
    /// Write them.
    Update,
    /// Say what would become of people if these links were imported; to be run dry.
    WhatIf(PathBuf),
}

/// People are looked at, and written, in windows of so many ids.
const WINDOW: i64 = 2_000;
const WHY: Why = Why("update-areas");

impl Job for UpdateAreas {
    fn name(&self) -> &'static str {
        "update-areas"
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        if run.setup.settings.municipality.is_empty() {
            return Err(Failure::usage(text::NO_MUNICIPALITY).hint(text::NO_MUNICIPALITY_HINT));
        }
        run.counts.of_records();
        match &self.wish {
            Wish::Update => update(run),
            Wish::WhatIf(file) => what_if(run, file),
        }
    }
}

fn update(run: &mut Run<'_>) -> Result<()> {
    let links = run.registry.area_links()?;
    let assignment = Assignment::on(run.setup.today, &links);
    let tally = run.unit(None, |run, editor| {
        let mut pass = Pass::new(&assignment);
        editor.assigning(|assigner| {
            each_window(run, |run, people| {
                people.iter().try_for_each(|person| pass.update(run, assigner, person))
            })
        })?;
        run.guard.set_base(LimitName::Areas, pass.with_area);
        let tally = pass.into_tally();
        run.answer = Some(answer::tables(&tally, &assignment));
        Ok(tally)
    })?;
    note_reasons(run, &tally, &assignment);
    if links.is_empty() {
        run.line(text::NO_LINKS, &[]);
    }
    let params = vec![("changed", run.counts.get("changed").to_string())];
    run.line(text::AREAS_UPDATED, &params);
    run.message = Some((text::AREAS_UPDATED, params));
    Ok(())
}

fn what_if(run: &mut Run<'_>, path: &Path) -> Result<()> {
    let file = LinkFile::read(run, path)?;
    let stored = run.registry.area_links()?;
    file.judge(run, &stored, Taking::Replacing)?;
    let links = replaced(stored, file.links);
    // What is counted from here on are people, not rows of the file.
    run.counts.forget();
    run.counts.of_records();
    let assignment = Assignment::on(run.setup.today, &links);
    let mut pass = Pass::new(&assignment);
    each_window(run, |run, people| people.iter().try_for_each(|person| pass.judge(run, person).map(drop)))?;
    let tally = pass.into_tally();
    note_reasons(run, &tally, &assignment);
    run.answer = Some(answer::tables(&tally, &assignment));
    let params = vec![("file", file.name), ("moved", tally.moved().to_string())];
    run.message = Some((text::WHAT_IF, params));
    Ok(())
}

fn each_window<'r>(
    run: &mut Run<'r>,
    mut visit: impl FnMut(&mut Run<'r>, &[Located]) -> Result<()>,
) -> Result<()> {
    let registry = run.registry;
    let (mut locator, highest) = (registry.locator()?, registry.highest_person()?);
    let mut above = 0;
    while above < highest.0 {
        run.check_stop()?;
        run.setup.progress.at(run.counts.get("read"));
        visit(run, &locator.window(PersonId(above), PersonId(above + WINDOW))?)?;
        above += WINDOW;
    }
    Ok(())
}

/// Counts of people by reason (product.md, counts): all without a code, and of these how many why.
fn note_reasons(run: &mut Run<'_>, tally: &Tally, assignment: &Assignment<'_>) {
    for reason in NoCode::ALL {
        let people = tally.without(reason);
        run.counts.add(reason.name(), people);
        match reason {
            NoCode::Protected => {}
            NoCode::NotRegistered | NoCode::Elsewhere | NoCode::Missing => run.counts.add("no_code", people),
        }
    }
    run.counts.add("unlinked", tally.unlinked_people(assignment));
    run.counts.add("moved", tally.moved());
    if run.counts.get("read") > 0 && !tally.knows_anybody() {
        run.line(text::REGISTER_EMPTY, &[]);
    }
}
