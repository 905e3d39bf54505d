//! `spar-export`: sends the list of people's identity numbers to SPAR's drop server. (rules.md, spar-export)
//!
//! Three marks, each its own commit: intent before the connection, uploaded after the size was checked, sent after
//! the rename or trigger. The next run settles what a dead one left, before it makes a list of its own.

mod compose;
mod deliver;
mod settle;

use super::Job;
use super::run::Run;
use super::server::Server;
use crate::failure::{Failure, Kind, Result};
use crate::io::spool::{Room, Spool};
use crate::text::line;

/// Sends the list.
#[derive(Debug, Default)]
pub struct SparExport;

impl Job for SparExport {
    fn name(&self) -> &'static str {
        "spar-export"
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.add("sent", 0);
        run.counts.add("withheld", 0);
        if run.registry.is_at_a_loss()? {
            run.line(line::NOTHING_QUEUED_AT_A_LOSS, &[]);
            run.message = Some((line::NOTHING_TO_SEND, Vec::new()));
            return Ok(());
        }
        let done = export(run);
        // A list holds numbers: whether it was sent, held or not wanted, no copy of it stays here.
        clear_staging(run).and(done)
    }
}

fn export(run: &mut Run<'_>) -> Result<()> {
    if !run.is_dry() {
        forget_held(run)?;
    }
    let mut server = Server::default();
    let again = settle::settle(run, &mut server)?;
    let Some(list) = compose::compose(run, again).map_err(|failure| note_held(run, failure))? else {
        run.line(line::NOTHING_TO_SEND, &[]);
        // A list of an earlier run may have been settled just now; that is the news then.
        run.message.get_or_insert((line::NOTHING_TO_SEND, Vec::new()));
        return Ok(());
    };
    if run.is_dry() {
        run.counts.add("sent", list.numbers);
        return Ok(());
    }
    deliver::deliver(run, &mut server, &list)
}

fn clear_staging(run: &Run<'_>) -> Result<()> {
    let spool = Spool::open(&run.setup.settings.spool)?;
    spool.files(Room::Staging)?.iter().try_for_each(|file| spool.remove(file))
}

/// A held list is a finding until another run of this job has looked at the queue.
const HELD: &str = "held-list";

fn note_held(run: &Run<'_>, failure: Failure) -> Failure {
    if failure.kind != Kind::Held || run.is_dry() {
        return failure;
    }
    let marked = run.registry.write(|| run.registry.put_mark(HELD, &run.id.0.to_string(), run.id));
    marked.err().unwrap_or(failure)
}

fn forget_held(run: &Run<'_>) -> Result<()> {
    run.registry.marks(HELD)?.iter().try_for_each(|value| run.registry.clear_mark(HELD, value))
}
