//! Takes back what a run did to links. They are no part of a person, so they don't stand in the journal.

use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::areas::{LinkRow, Verb};
use crate::registry::runs::RunId;
use crate::text::area as text;

/// Puts back each link that still is as the run left it; the others are listed and left.
pub(super) fn put_back(run: &mut Run<'_>, target: RunId) -> Result<()> {
    for LinkRow { verb, link } in run.registry.link_changes_backwards(target)? {
        let is_back = match verb {
            Verb::Added => run.registry.remove_area_link(run.id, &link)?,
            Verb::Removed if run.registry.is_area_linked(&link)? => false,
            Verb::Removed => {
                run.registry.add_area_link(run.id, &link)?;
                true
            }
        };
        if is_back {
            run.counts.add("links", 1);
        } else {
            run.counts.add("left", 1);
            let params = [("link", link.pattern.to_string()), ("activity", link.activity)];
            run.remark(text::UNDO_LINK_LEFT, &params);
        }
    }
    Ok(())
}
