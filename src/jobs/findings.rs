//! `findings done|ignore|reopen`: somebody dealt with what a run found. (product.md, Runs, log, findings)

use super::run::Run;
use super::{Job, Origin};
use crate::failure::{Failure, Result};
use crate::io::spool::{Room, Spool};
use crate::registry::files::{FileId, State};
use crate::registry::findings::Finding;
use crate::registry::spar_lists::Mark;
use crate::text::{failure as text, line};

/// What becomes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Dealt with.
    Done,
    /// Not worth dealing with; on a held file: it is not let in.
    Ignore,
    /// Neither.
    Reopen,
}

impl Verb {
    const fn state(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Ignore => "ignored",
            Self::Reopen => "open",
        }
    }
}

/// Sets the state of findings, all of them or none.
#[derive(Debug)]
pub struct FindingSet {
    /// Which.
    pub ids: Vec<i64>,
    /// How.
    pub verb: Verb,
    /// Why; an empty one leaves the note that is there.
    pub note: String,
}

/// A file that was given up and whose copy still lies among the held ones.
struct GivenUp {
    file: FileId,
    spooled: Option<String>,
}

impl Job for FindingSet {
    fn name(&self) -> &'static str {
        match self.verb {
            Verb::Done => "findings-done",
            Verb::Ignore => "findings-ignore",
            Verb::Reopen => "findings-reopen",
        }
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let given_up = run.unit(None, |run, _| {
            let mut given_up = Vec::new();
            for id in &self.ids {
                let finding = run.registry.find_finding(*id)?;
                let finding = finding
                    .ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", format!("finding:{id}")))?;
                given_up.extend(self.set(run, &finding)?);
            }
            Ok(given_up)
        })?;
        if !run.is_dry() {
            given_up.iter().try_for_each(|file| move_aside(run, file))?;
        }
        Ok(())
    }
}

impl FindingSet {
    fn set(&self, run: &mut Run<'_>, finding: &Finding) -> Result<Option<GivenUp>> {
        let note = (!self.note.is_empty()).then_some(self.note.as_str());
        run.registry.set_finding(finding.id, self.verb.state(), note, &(run.setup.now)())?;
        let state = self.verb.state().to_owned();
        run.line(line::FINDING_SET, &[("finding", finding.id.to_string()), ("state", state)]);
        match (finding.kind.as_str(), self.verb) {
            ("held", Verb::Ignore) => give_up(run, finding),
            ("list-unsettled", Verb::Done | Verb::Ignore) => self.settle_list(run).map(|()| None),
            (_, Verb::Done | Verb::Ignore | Verb::Reopen) => Ok(None),
        }
    }
}

impl FindingSet {
    /// A human found out what a machine could not: the list arrived, or it did not and is made anew.
    fn settle_list(&self, run: &mut Run<'_>) -> Result<()> {
        for list in run.registry.unfinished_lists()? {
            if list.mark != Mark::Unsettled {
                continue;
            }
            match self.verb {
                Verb::Done => {
                    let (today, days) = (run.setup.today, run.setup.settings.spar.answer_days);
                    let due = today + chrono::Days::new(u64::from(days));
                    run.registry.mark_sent(list.id, &today.to_string(), &due.to_string())?;
                }
                Verb::Ignore | Verb::Reopen => run.registry.mark_list(list.id, Mark::Intent)?,
            }
        }
        Ok(())
    }
}

/// The file is not tried again; its copy is moved after the commit.
fn give_up(run: &mut Run<'_>, finding: &Finding) -> Result<Option<GivenUp>> {
    let file = finding.subject.strip_prefix("file:").and_then(|id| id.parse().ok()).map(FileId);
    let Some(file) = file else { return Ok(None) };
    let Some(known) = run.registry.find_file(file)?.filter(|known| known.state == State::Held) else {
        return Ok(None);
    };
    run.registry.set_file_state(file, State::Rejected)?;
    run.line(line::FILE_GIVEN_UP, &[("file", known.name)]);
    Ok(Some(GivenUp { file, spooled: known.spooled }))
}

/// From the held files to the rejected ones. Killed before this, the copy lies where the registry says it does.
fn move_aside(run: &Run<'_>, given_up: &GivenUp) -> Result<()> {
    let Some(spooled) = &given_up.spooled else { return Ok(()) };
    let root = &run.setup.settings.spool;
    let held = root.join(spooled);
    if held.symlink_metadata().is_err() {
        return run.registry.forget_spooled(given_up.file);
    }
    let moved = Spool::open(root)?.move_to(&held, Room::Rejected)?;
    let name = moved.file_name().unwrap_or_default().to_string_lossy();
    run.registry.set_spooled(given_up.file, &format!("{}/{name}", Room::Rejected.name()))
}
