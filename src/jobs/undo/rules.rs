//! Takes back what a run did to retention rules. They are no part of a person, so they don't stand in the journal.

use crate::failure::Result;
use crate::jobs::run::Run;
use crate::registry::retention::{RuleRow, Verb};
use crate::registry::runs::RunId;
use crate::text::purge as text;

/// Puts back each rule that still is as the run left it; the others are listed and left.
pub(super) fn put_back(run: &mut Run<'_>, target: RunId) -> Result<()> {
    for RuleRow { verb, rule } in run.registry.rule_changes_backwards(target)? {
        let is_back = match verb {
            Verb::Added => run.registry.remove_retention_rule(run.id, &rule)?,
            Verb::Removed if run.registry.has_retention_rule(&rule.class, rule.target)? => false,
            Verb::Removed => {
                run.registry.add_retention_rule(run.id, &rule)?;
                true
            }
        };
        if is_back {
            run.counts.add("rules", 1);
        } else {
            run.counts.add("left", 1);
            let params = [("class", rule.class), ("target", rule.target.name().to_owned())];
            run.remark(text::UNDO_RULE_LEFT, &params);
        }
    }
    Ok(())
}
