//! What a job may do while it runs. Everything that it changes, counts, logs or finds goes through here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::Value;

use super::limits::{Guard, Planned};
use super::report::{Counts, ShownChange};
use super::settle;
use crate::config::Settings;
use crate::domain::keyed_hash::read_hex;
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::domain::protection::Mark;
use crate::failure::{Failure, Kind, Result};
use crate::io::lock::RunLock;
use crate::io::secret_key::SecretKey;
use crate::io::side_file::{Fact, Record, SideFile};
use crate::leak_control::{self, Place};
use crate::registry::files::{FileId, FileRow, State};
use crate::registry::findings::Event;
use crate::registry::people::{Assigner, Concealment, Editor, Remains, Step, Trace, What};
use crate::registry::rejected::Rejected;
use crate::registry::runs::{LogLine, RunId};
use crate::registry::schedule::ScheduledId;
use crate::registry::{Outcome, Registry};
use crate::text::{Message, Params, failure as text, line};
pub use crate::transport::SshPlaces;

/// Bounds of what a run keeps in memory; the rest is only counted.
const MOST_LINES: usize = 10_000;
const MOST_REJECTED: usize = 10_000;
/// So many events of a unit wait at most; then they are written with it.
const MOST_EVENTS: usize = 100;

/// Whether the run is for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything stays.
    Real,
    /// Everything is shown and rolled back; it ends as the real run would.
    DryRun,
    /// The same, but proposing is all that the command is for: it ends well unless a limit holds it.
    Proposal,
}

/// Whether each change is wanted in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Counts only.
    Counts,
    /// Every change: `--dry-run` or `-v`.
    Changes,
}

/// How many of the findings that it opened the report carries: a country can have tens of thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of them: for a document.
    Whole,
    /// As many as are shown, and how many more there are.
    Beginning,
}

/// Who started the command, and with which words.
#[derive(Clone, Debug)]
pub struct Who {
    /// The user's name.
    pub user: String,
    /// `SUDO_USER`.
    pub sudo_user: Option<String>,
    /// The host's name.
    pub host: String,
    /// Arguments, personal values masked.
    pub arguments: String,
}

/// What stands already when a run starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The registry's lock, if whoever starts the run holds it.
    pub lock: Option<Arc<RunLock>>,
    /// The line of the schedule that the run is.
    pub scheduled: Option<ScheduledId>,
}

/// Shows how far long work has come.
pub trait Progress {
    /// Records done so far.
    fn at(&self, done: u64);

    /// The run has a row, and its work begins.
    fn begun(&self) {}
}

/// Everything from outside that a run needs, as values.
pub struct Setup<'s> {
    /// The configuration.
    pub settings: &'s Settings,
    /// The reference date of the rules.
    pub today: NaiveDate,
    /// For real or not.
    pub mode: Mode,
    /// What the report carries.
    pub detail: Detail,
    /// How many findings the report carries.
    pub findings: Extent,
    /// `--allow`.
    pub allow: BTreeMap<LimitName, u64>,
    /// `--approve`.
    pub approve: Option<RunId>,
    /// `--wait`.
    pub wait: Duration,
    /// What stands already.
    pub start: Start,
    /// The present instant in UTC, `2026-11-22T08:36:25Z`.
    pub now: &'s dyn Fn() -> String,
    /// The number of the signal that arrived, 0 for none.
    pub stop: &'s Arc<AtomicUsize>,
    /// `$CREDENTIALS_DIRECTORY`.
    pub credentials: Option<std::path::PathBuf>,
    /// For `sftp`.
    pub ssh: SshPlaces,
    /// For the run row.
    pub who: Who,
    /// For a terminal.
    pub progress: &'s dyn Progress,
}

/// A run in progress.
pub struct Run<'r> {
    /// The registry, for reading; writing goes through [`Run::unit`].
    pub registry: &'r Registry,
    /// Everything from outside.
    pub setup: &'r Setup<'r>,
    /// Hashes numbers.
    pub key: &'r SecretKey,
    /// Its id.
    pub id: RunId,
    /// Limits of the unit in work.
    pub guard: Guard,
    /// Counts of the whole run.
    pub counts: Counts,
    /// What `runs` shows beside a run that ended well.
    pub message: Option<(Message, Params)>,
    /// What was asked for: an object whose keys become keys of the document. Nothing of anybody protected.
    pub answer: Option<Value>,
    /// What is shown as a change although no journal row says it: who goes, or would go.
    pub shown: Vec<ShownChange>,
    pub(super) side: &'r SideFile,
    pub(super) lines: Vec<LogLine>,
    pub(super) dropped_lines: u64,
    pub(super) rejected: Vec<Rejected>,
    pub(super) events: Vec<Event>,
    /// How many of those are not of the unit that is going on.
    pub(super) events_before: usize,
    pub(super) applied: Vec<String>,
    pub(super) committed: bool,
    pub(super) to_drop: Vec<String>,
    pub(super) remarked: bool,
}

impl<'r> Run<'r> {
    /// Fails if a signal has arrived.
    pub fn check_stop(&self) -> Result<()> {
        match i32::try_from(self.setup.stop.load(Ordering::Relaxed)) {
            Ok(0) | Err(_) => Ok(()),
            Ok(signal) => {
                Err(Failure::new(Kind::Interrupted(signal), text::INTERRUPTED).with("signal", signal))
            }
        }
    }

    /// Whether the run is rolled back in the end.
    pub fn is_dry(&self) -> bool {
        match self.setup.mode {
            Mode::Real => false,
            Mode::DryRun | Mode::Proposal => true,
        }
    }

    /// One transaction over people: all of `work` or nothing, under the limits. With a file, the file becomes applied
    /// with it.
    pub fn unit<T>(
        &mut self,
        file: Option<&FileRow>,
        work: impl FnOnce(&mut Self, &mut Editor<'r>) -> Result<T>,
    ) -> Result<T> {
        self.guard.begin_unit();
        let (events, registry, key) = (self.events.len(), self.registry, self.key);
        self.events_before = events;
        let result = registry.unit(|| {
            let today = self.setup.today.to_string();
            let file_id = file.map(|file| self.put_file(file, &today)).transpose()?;
            let trace = Trace { run: self.id, file: file_id };
            let mut editor = Editor::new(registry, key, trace, &(self.setup.now)())?;
            let value = work(self, &mut editor)?;
            self.check_stop()?;
            self.guard.check(self.id)?;
            self.seal(&editor, file)?;
            Ok((Outcome::Commit, value))
        });
        match &result {
            Ok(_) => {
                self.committed |= !self.is_dry();
                self.applied.extend(file.map(|file| file.name.clone()));
            }
            Err(_) => self.events.truncate(events),
        }
        result
    }

    /// The file becomes applied with the unit.
    fn put_file(&self, file: &FileRow, today: &str) -> Result<FileId> {
        let known = self.registry.known_file(file.kind, &file.sha256)?;
        if let Some(known) = known.filter(|known| known.state == State::Undone) {
            self.registry.forget_statements(known.id)?;
        }
        self.registry.put_file(file, self.id, today)
    }

    /// What must be known outside the registry before the commit (rules.md, Undo and restore), and what has to be
    /// done after it.
    fn seal(&mut self, editor: &Editor<'_>, file: Option<&FileRow>) -> Result<()> {
        if self.is_dry() {
            return Ok(());
        }
        let mut facts = Vec::new();
        if let Some(file) = file {
            facts.extend(read_hex(&file.sha256).map(Fact::Applied));
        }
        let numbers = editor.erased_numbers();
        // Former numbers too: a backup may know the person by one of those only.
        facts.extend(editor.newly_protected().iter().map(|number| Fact::Protected(self.key.hash(number))));
        facts.extend(editor.left().iter().map(|(number, remains)| match remains {
            Remains::Nothing => Fact::Disposed(self.key.hash(number)),
            Remains::NumberAndClass => Fact::Reduced(self.key.hash(number)),
        }));
        self.note_beside(&facts)?;
        if numbers.is_empty() {
            return Ok(());
        }
        settle::mark_spooled_traces(self.registry, &self.setup.settings.spool, self.id, numbers)
    }

    /// Adds a log line. Parameters never hold anything personal.
    pub fn line(&mut self, message: Message, params: &[(&'static str, String)]) {
        if self.lines.len() >= MOST_LINES {
            self.dropped_lines += 1;
            return;
        }
        let params: serde_json::Map<String, Value> =
            params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        let params = Value::from(params).to_string();
        let at = (self.setup.now)();
        log::info!("{} {params}", message.code);
        let line = LogLine { run: self.id, prio: message.prio, at, code: message.code.to_owned(), params };
        self.lines.push(line);
    }

    /// A log line that needs a person: the run ends with remarks.
    pub fn remark(&mut self, message: Message, params: &[(&'static str, String)]) {
        self.remarked = true;
        self.line(message, params);
    }

    /// Notes a record that can't be used.
    pub fn reject(&mut self, mut record: Rejected) {
        record.file.extend(leak_control::text(Place::Rejected));
        self.counts.add("rejected", 1);
        if self.rejected.len() < MOST_REJECTED {
            self.rejected.push(record);
        }
    }

    /// Lists a value that can't be used, in a record of which the rest is.
    pub fn list_bad_value(&mut self, record: Rejected) {
        if self.rejected.len() < MOST_REJECTED {
            self.rejected.push(record);
        }
    }

    /// Notes something that happened and needs a person; dropped if the unit is rolled back.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// A file about a whole country has tens of thousands of events: they go and come with the unit.
    fn write_events(&mut self) -> Result<()> {
        if self.events.len() < self.events_before + MOST_EVENTS {
            return Ok(());
        }
        let now = (self.setup.now)();
        for event in self.events.drain(self.events_before..) {
            self.registry.open_event(&event, self.id, &now)?;
        }
        Ok(())
    }

    /// Counts a person's changes, shows them to limits and plan, and writes them.
    pub fn change<'c>(
        &mut self,
        editor: &mut Editor<'_>,
        stored: &crate::registry::people::Stored,
        after: &crate::domain::person::Person,
        what: impl Into<What<'c>>,
    ) -> Result<()> {
        self.write_events()?;
        let what = what.into();
        if what.changes().is_empty() {
            return Ok(());
        }
        self.guard.plan_change(stored.id, what.changes());
        editor.change(stored, after, what)
    }

    /// As [`Self::change`], for somebody of whom nothing but what SPAR said is another.
    pub fn hear(
        &mut self,
        editor: &mut Editor<'_>,
        stored: &crate::registry::people::Stored,
        said: crate::domain::person::Said,
    ) -> Result<()> {
        self.write_events()?;
        editor.hear(stored.person.number.key(), Some(said))
    }

    /// As [`Self::change`], for somebody's key code and areas: a million people can move at once.
    pub fn assign(
        &mut self,
        assigner: &mut Assigner<'_>,
        (person, concealment): (PersonId, Concealment),
        planned: &Planned,
        step: &Step,
    ) -> Result<()> {
        self.guard.plan(person, planned);
        assigner.assign(person, concealment, step)
    }

    /// A spooled copy, named within the spool, that is of no more use once the run's row is closed.
    pub fn drop_later(&mut self, spooled: Option<String>) {
        self.to_drop.extend(spooled);
    }

    /// Hides whom an input marks, before it is judged by limits, and says how many that were. A dry run hides nobody.
    /// `cause` tells inputs apart: a hash, or the job's name where there is no file.
    pub fn hide_marked(&mut self, people: &[(PersonId, Vec<Mark>)], cause: &str) -> Result<()> {
        if self.is_dry() || people.is_empty() {
            return Ok(());
        }
        let hidden = self.hide(people, cause)?;
        if hidden > 0 {
            self.line(line::HIDDEN, &[("people", hidden.to_string())]);
        }
        Ok(())
    }

    /// Shows people as protected at once, in a commit of its own (rules.md, Protection 1). Gives how many were not.
    pub fn hide(&mut self, people: &[(PersonId, Vec<Mark>)], cause: &str) -> Result<u64> {
        let mut reader = self.registry.people()?;
        let mut records = Vec::new();
        for (id, _) in people {
            let stored = reader.get(*id)?;
            if stored.concealment == Concealment::Open {
                for number in stored.person.former.iter().chain([&stored.person.number]) {
                    records.push(self.record(Fact::Protected(self.key.hash(number)))?);
                }
            }
        }
        self.side.append(&records)?;
        self.registry.write(|| self.registry.hide(people, self.id, cause))
    }

    /// A line for the side file, with this run's id.
    pub fn record(&self, fact: Fact) -> Result<Record> {
        let at = (self.setup.now)().parse().map_err(|_| Failure::internal("an instant that is none"))?;
        Ok(Record { fact, at, run: self.id.0 })
    }

    /// Appends to the side file, before the commit that the facts describe.
    pub fn note_beside(&self, facts: &[Fact]) -> Result<()> {
        let records: Result<Vec<Record>> = facts.iter().map(|fact| self.record(*fact)).collect();
        self.side.append(&records?)
    }

    /// Somebody by number or internal id.
    pub fn holder(&self, number: &crate::domain::id_number::IdNumber) -> Result<Option<PersonId>> {
        Ok(self.registry.lookup()?.find(number.key())?.map(|seen| seen.person))
    }
}
