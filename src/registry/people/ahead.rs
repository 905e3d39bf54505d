//! Reads people who will be asked for soon, with a thread and a connection of its own. It sees the registry as it was
//! before the unit that asks, so whoever was handed out in that unit is read anew.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::read::Stored;
use crate::domain::person::PersonId;
use crate::domain::person_set::PersonSet;
use crate::failure::Result;
use crate::registry::{Access, Check, Registry};

/// So many windows of people may be on their way.
const WAITING: usize = 2;

/// What a unit remembers that reads people ahead.
pub(super) struct Ahead {
    helper: Option<Helper>,
    /// Whoever was handed out may have been changed since.
    handed_out: PersonSet,
    /// The count of changes beyond one person when the unit began.
    beyond: u64,
}

impl Ahead {
    pub(super) fn new(highest: PersonId, beyond: u64) -> Self {
        Self { helper: None, handed_out: PersonSet::up_to(highest), beyond }
    }

    pub(super) fn hand_out(&mut self, id: PersonId) {
        self.handed_out.insert(id);
    }

    /// These people, who are in order, will be asked for after those that were announced before.
    pub(super) fn announce(&mut self, path: &Path, ids: Vec<PersonId>) {
        self.helper.get_or_insert_with(|| Helper::start(path)).ask(ids);
    }

    /// The people who were announced, as they still are; none if they have to be read.
    pub(super) fn take(&mut self, ids: &[PersonId], beyond: u64) -> Option<Vec<Stored>> {
        let mut people = self.helper.as_mut()?.answer(ids)?;
        people.retain(|stored| !self.handed_out.contains(stored.id));
        (beyond == self.beyond).then_some(people)
    }
}

struct Helper {
    wanted: Option<SyncSender<Vec<PersonId>>>,
    found: Receiver<Vec<Stored>>,
    asked: VecDeque<Vec<PersonId>>,
    thread: Option<JoinHandle<()>>,
}

impl Helper {
    fn start(path: &Path) -> Self {
        let (wanted, asked) = sync_channel(WAITING);
        let (answers, found) = sync_channel(WAITING);
        let path = path.to_owned();
        // If it ends early, whoever asks reads for themselves and finds out why.
        let serve = move || drop(serve(&path, &asked, &answers));
        let thread = std::thread::Builder::new().spawn(serve).ok();
        Self { wanted: Some(wanted), found, asked: VecDeque::new(), thread }
    }

    fn ask(&mut self, ids: Vec<PersonId>) {
        if self.wanted.as_ref().is_some_and(|wanted| wanted.send(ids.clone()).is_ok()) {
            self.asked.push_back(ids);
        } else {
            self.wanted = None;
        }
    }

    fn answer(&mut self, ids: &[PersonId]) -> Option<Vec<Stored>> {
        // Only the next ones that were asked for have an answer on its way.
        if self.asked.front().is_none_or(|asked| asked != ids) {
            return None;
        }
        self.asked.pop_front();
        self.found.recv().ok()
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.wanted = None;
        // It may wait for somebody to take its answer.
        while self.found.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(path: &Path, asked: &Receiver<Vec<PersonId>>, answers: &SyncSender<Vec<Stored>>) -> Result<()> {
    let registry = Registry::open(path, Access::Read, Check::Quick)?;
    registry.snapshot(|| {
        let mut people = registry.people()?;
        while let Ok(ids) = asked.recv() {
            if answers.send(people.read(&ids)?).is_err() {
                break;
            }
        }
        Ok(())
    })
}
