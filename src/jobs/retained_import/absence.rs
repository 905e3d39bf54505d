//! What a whole file has no more goes, under the limit `shrink`, unless it is held or has documents that must be kept.

use super::scan::Scan;
use super::{Delivery, Extent};
use crate::domain::limit::LimitName;
use crate::domain::retained::{Kind, Record};
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::registry::retained::{Kept, Retained};
use crate::text::retained as text;

/// Removes what a whole file has no more. With a row whose record can't be told nothing is absent.
pub(super) fn conclude(run: &mut Run<'_>, delivery: &Delivery, scan: &Scan) -> Result<()> {
    if delivery.extent == Extent::Changes {
        return Ok(());
    }
    if scan.is_unclear {
        run.remark(text::NO_ABSENCE, &[("file", delivery.file.clone())]);
        return Ok(());
    }
    run.registry.each_reference(delivery.kind, |id, reference| {
        if scan.records.holds(id, reference)? { Ok(()) } else { scan.records.add_lost(id) }
    })?;
    let mut removing = Removing {
        store: run.registry.retained(delivery.kind)?,
        documents: run.registry.retained(Kind::Document)?,
        drafts: run.registry.retained(Kind::Draft)?,
        events: run.registry.retained(Kind::Event)?,
        kind: delivery.kind,
        run,
    };
    scan.records.each_lost(|id| removing.one(id))?;
    let removed = run.counts.get("removed");
    run.guard.set(LimitName::Shrink, removed);
    Ok(())
}

struct Removing<'a, 'r> {
    run: &'a mut Run<'r>,
    store: Retained<'r>,
    documents: Retained<'r>,
    drafts: Retained<'r>,
    events: Retained<'r>,
    kind: Kind,
}

impl Removing<'_, '_> {
    fn one(&mut self, id: i64) -> Result<()> {
        self.run.check_stop()?;
        if self.store.must_stay(id, self.run.setup.today)? {
            self.run.counts.add("kept", 1);
            return Ok(());
        }
        if self.kind == Kind::Case {
            self.clear(id)?;
        }
        let stored = found(&mut self.store, id)?;
        self.store.remove(self.run.id, &stored)?;
        self.run.counts.add("removed", 1);
        self.run.guard.plan_content(&format!("{} - {}", self.kind.name(), stored.record.reference));
        Ok(())
    }

    /// A case's documents go with it, all of them ones that may; drafts and events stay and belong to none.
    fn clear(&mut self, case: i64) -> Result<()> {
        let run = self.run.id;
        for document in self.documents.of_case(case)? {
            let stored = found(&mut self.documents, document)?;
            self.documents.remove(run, &stored)?;
            self.run.counts.add("documents", 1);
        }
        for store in [&mut self.drafts, &mut self.events] {
            for id in store.of_case(case)? {
                let stored = found(store, id)?;
                let after = Record { case: None, ..stored.record.clone() };
                store.change(run, &stored, &after)?;
            }
        }
        Ok(())
    }
}

fn found(store: &mut Retained<'_>, id: i64) -> Result<Kept> {
    store.get(id)?.ok_or_else(|| Failure::internal("a record that is gone"))
}
