//! `update-search`: builds the search over registry and population register anew. Changes no person, writes only entries
//! that differ. (rules.md, Areas: update-search / search)

use super::Job;
use super::run::Run;
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::search::{Indexer, Put, Searchable, Whose};
use crate::text::search as text;

/// So many people are read at a time; a signal is looked for between.
const PAGE: u32 = 1_000;
/// When more than one entry in so many was written, the parts of the index are merged.
const MERGE_SHARE: u64 = 20;

/// Builds the search.
#[derive(Debug, Default)]
pub struct UpdateSearch;

impl Job for UpdateSearch {
    fn name(&self) -> &'static str {
        "update-search"
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        run.unit(None, |run, _| {
            let mut indexer = run.registry.indexer()?;
            forget_stale(run, &mut indexer)?;
            index_people(run, &mut indexer)?;
            index_others(run, &mut indexer)?;
            let written =
                ["created", "changed", "removed"].map(|name| run.counts.get(name)).iter().sum::<u64>();
            if written * MERGE_SHARE > run.counts.get("read") {
                indexer.merge()?;
            }
            run.registry.note_search_built(&(run.setup.now)())
        })?;
        let people = run.counts.get("read") - run.counts.get("skipped");
        run.message = Some((text::UPDATED, vec![("people", people.to_string())]));
        Ok(())
    }
}

fn forget_stale(run: &mut Run<'_>, indexer: &mut Indexer<'_>) -> Result<()> {
    loop {
        run.check_stop()?;
        let gone = indexer.forget_stale()?;
        if gone == 0 {
            return Ok(());
        }
        run.counts.add("removed", gone);
    }
}

fn index_people(run: &mut Run<'_>, indexer: &mut Indexer<'_>) -> Result<()> {
    let mut after = PersonId(0);
    loop {
        let page = indexer.people_after(after, PAGE)?;
        let Some(Searchable { whose: Whose::Person(last), .. }) = page.last() else { return Ok(()) };
        after = *last;
        index(run, indexer, &page)?;
    }
}

fn index_others(run: &mut Run<'_>, indexer: &mut Indexer<'_>) -> Result<()> {
    let mut after = NumberKey(0);
    loop {
        let page = indexer.others_after(after, PAGE)?;
        let Some(Searchable { whose: Whose::Number(last), .. }) = page.last() else { return Ok(()) };
        after = *last;
        index(run, indexer, &page)?;
    }
}

fn index(run: &mut Run<'_>, indexer: &mut Indexer<'_>, page: &[Searchable]) -> Result<()> {
    run.check_stop()?;
    for Searchable { whose, entry } in page {
        let Some(entry) = entry else {
            run.counts.add("skipped", 1);
            run.counts.add("removed", u64::from(indexer.forget(*whose)?));
            continue;
        };
        let count = match indexer.put(*whose, entry)? {
            Put::Created => "created",
            Put::Changed => "changed",
            Put::Unchanged => "unchanged",
        };
        run.counts.add(count, 1);
    }
    run.counts.add("read", page.len() as u64);
    run.setup.progress.at(run.counts.get("read"));
    Ok(())
}
