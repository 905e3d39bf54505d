//! `area import`: links of key codes to areas come in from a CSV file. (rules.md, Areas and the population register)

mod read;

pub(super) use read::LinkFile;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::run::Run;
use super::{Job, Origin};
use crate::domain::area::{Link, LinkChange, LinkPlan, Taking};
use crate::failure::Result;
use crate::text::area as text;

/// Takes links in.
#[derive(Debug)]
pub struct AreaImport {
    /// The CSV file.
    pub file: PathBuf,
    /// What becomes of the links that are there.
    pub taking: Taking,
}

impl Job for AreaImport {
    fn name(&self) -> &'static str {
        "area-import"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        let file = LinkFile::read(run, &self.file)?;
        let stored = run.registry.area_links()?;
        let plan = file.judge(run, &stored, self.taking)?;
        run.unit(None, |run, _| apply(run, &plan))?;
        run.answer = Some(answer(&plan));
        name_links_without_code(run, &file)?;
        let count = |name| (name, run.counts.get(name).to_string());
        let params = vec![("file", file.name.clone()), count("created"), count("changed"), count("removed")];
        run.line(text::LINKS_IMPORTED, &params);
        run.message = Some((text::LINKS_IMPORTED, params));
        Ok(())
    }
}

/// What goes makes room first: a link may have been split into two.
fn apply(run: &mut Run<'_>, plan: &LinkPlan) -> Result<()> {
    for change in &plan.changes {
        if let LinkChange::Removed(old) | LinkChange::Changed { old, .. } = change {
            run.registry.remove_area_link(run.id, old)?;
        }
    }
    for change in &plan.changes {
        let count = match change {
            LinkChange::Added(new) => {
                run.registry.add_area_link(run.id, new)?;
                "created"
            }
            LinkChange::Changed { new, .. } => {
                run.registry.add_area_link(run.id, new)?;
                "changed"
            }
            LinkChange::Removed(_) => "removed",
        };
        run.counts.add(count, 1);
    }
    run.counts.add("unchanged", plan.unchanged);
    Ok(())
}

/// A link that links nobody may be a slip of the pen.
fn name_links_without_code(run: &mut Run<'_>, file: &LinkFile) -> Result<()> {
    let mut codes = run.registry.registered_codes(&run.setup.settings.municipality)?;
    codes.extend(run.registry.held_codes()?.into_iter().map(|(code, _)| code));
    for (place, link) in file.links.iter().enumerate() {
        if !link.pattern.matches_any(&codes) {
            let (line, link_text) = (file.line(place).to_string(), link.pattern.to_string());
            let activity = link.activity.clone();
            let params =
                [("file", file.name.clone()), ("line", line), ("link", link_text), ("activity", activity)];
            run.line(text::LINK_WITHOUT_CODE, &params);
        }
    }
    Ok(())
}

fn answer(plan: &LinkPlan) -> Value {
    let one = |change: &LinkChange| match change {
        LinkChange::Added(new) => link_json("added", new, None),
        LinkChange::Changed { old, new } => link_json("changed", new, Some(old)),
        LinkChange::Removed(old) => link_json("removed", old, None),
    };
    json!({ "links": plan.changes.iter().map(one).collect::<Vec<_>>() })
}

fn link_json(change: &str, link: &Link, before: Option<&Link>) -> Value {
    json!({
        "change": change, "key_code": link.pattern.to_string(), "activity": link.activity, "area": link.area,
        "area_before": before.map(|before| &before.area),
        "valid_from": link.validity.opens(), "valid_to": link.validity.closes(),
    })
}
