//! Reads people whose turn comes soon, and works out what comes of them, with a thread and a connection of its own. That one
//! sees the registry as it was before the unit that asks, so whoever was handed out in that unit is looked at anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::read::{Reader, Stored};
use crate::domain::person::PersonId;
use crate::domain::person_set::PersonSet;
use crate::failure::{Failure, Result};
use crate::registry::{Access, Check, Registry};

/// So many windows of people may be on their way.
const WAITING: usize = 3;
/// So many people who had their turn go back together.
const SPENT: usize = 64;

/// Whose a group of records is; none for somebody new.
pub type Whose<G> = fn(&G) -> Option<PersonId>;

/// Works out what comes of a group and its person, if that is nobody new, from these and nothing else.
pub type Plan<G, P> = Arc<dyn Fn(Option<&Stored>, &G) -> P + Send + Sync>;

/// Takes groups of records in windows, and hands them out again with their people and what comes of them. Nobody in such a
/// unit may change somebody who had no turn and was not asked for here.
pub struct Foresight<'r, G, P> {
    registry: &'r Registry,
    reader: Reader<'r>,
    whose: Whose<G>,
    plan: Plan<G, P>,
    helper: Option<Helper<G, P>>,
    /// Whoever was handed out may have been changed since.
    handed_out: PersonSet,
    /// The count of changes beyond one person when the unit began.
    beyond: u64,
    spent: Vec<Seen<P>>,
}

/// A person, none for somebody new, and what comes of them.
pub type Seen<P> = (Option<Stored>, P);

/// A group whose turn it is, and what was seen of it before.
pub struct Foreseen<G, P> {
    group: G,
    seen: Option<Seen<P>>,
}

impl Registry {
    /// Prepares looking ahead.
    pub fn foresee<G, P>(&self, whose: Whose<G>, plan: Plan<G, P>) -> Result<Foresight<'_, G, P>>
    where
        G: Send + 'static,
        P: Send + 'static,
    {
        // What a unit around this one did, a dry run, nobody else can see.
        let is_visible = self.depth.get() == 1;
        Ok(Foresight {
            registry: self,
            reader: self.people()?,
            whose,
            helper: is_visible.then(|| Helper::start(self.path(), whose, &plan)).flatten(),
            plan,
            handed_out: PersonSet::up_to(self.highest_person()?),
            beyond: self.changes_beyond(),
            spent: Vec::new(),
        })
    }
}

impl<G, P> Foresight<'_, G, P> {
    /// Goes through all windows that `windows` gives.
    pub fn each(
        &mut self,
        windows: impl FnOnce(&mut dyn FnMut(Vec<G>) -> Result<()>) -> Result<()>,
        mut visit: impl FnMut(&mut Self, Vec<Foreseen<G, P>>) -> Result<()>,
    ) -> Result<()> {
        windows(&mut |window| match self.next(window)? {
            Some(window) => visit(self, window),
            None => Ok(()),
        })?;
        while let Some(window) = self.helper.as_mut().and_then(|helper| helper.answer().transpose()) {
            visit(self, window?)?;
        }
        Ok(())
    }

    /// Takes a window in; gives the one whose turn it is.
    fn next(&mut self, window: Vec<G>) -> Result<Option<Vec<Foreseen<G, P>>>> {
        let Some(helper) = &mut self.helper else {
            self.reader.look_ahead(window.iter().filter_map(self.whose))?;
            return Ok(Some(window.into_iter().map(Foreseen::unseen).collect()));
        };
        helper.ask(window)?;
        if helper.waiting < WAITING { Ok(None) } else { helper.answer() }
    }

    /// Its turn: the person as they are now, and what comes of them.
    pub fn turn(&mut self, foreseen: Foreseen<G, P>) -> Result<(G, Seen<P>)> {
        let Foreseen { group, seen } = foreseen;
        let id = (self.whose)(&group);
        // Erasing one person cuts links in others.
        let is_true = self.beyond == self.registry.changes_beyond();
        let is_true = id.is_none_or(|id| is_true && !self.handed_out.contains(id));
        let seen = if let Some(seen) = seen.filter(|_| is_true) {
            seen
        } else {
            let stored = id.map(|id| self.reader.get(id)).transpose()?;
            let plan = (self.plan)(stored.as_ref(), &group);
            (stored, plan)
        };
        id.map(|id| self.handed_out.insert(id));
        Ok((group, seen))
    }

    /// Somebody else, as they are now.
    pub fn get(&mut self, id: PersonId) -> Result<Stored> {
        self.handed_out.insert(id);
        self.reader.get(id)
    }

    /// Whoever had their turn is given up by the thread that took the memory: from another one that is dear.
    pub fn give_back(&mut self, spent: Seen<P>) {
        let Some(helper) = &self.helper else { return };
        self.spent.push(spent);
        if self.spent.len() == SPENT {
            // If it ended, they are dropped here.
            drop(helper.spent.send(std::mem::take(&mut self.spent)));
        }
    }
}

impl<G, P> Foreseen<G, P> {
    const fn unseen(group: G) -> Self {
        Self { group, seen: None }
    }
}

struct Helper<G, P> {
    wanted: Option<Sender<Vec<G>>>,
    found: Receiver<Vec<Foreseen<G, P>>>,
    spent: Sender<Vec<Seen<P>>>,
    /// Windows that were asked for and not answered yet.
    waiting: usize,
    thread: Option<JoinHandle<()>>,
}

impl<G: Send + 'static, P: Send + 'static> Helper<G, P> {
    /// None if there can't be another thread.
    fn start(path: &Path, whose: Whose<G>, plan: &Plan<G, P>) -> Option<Self> {
        let (wanted, asked) = channel();
        let (answers, found) = channel();
        let (spent, given_back) = channel();
        let served =
            Served { path: path.to_owned(), whose, plan: Arc::clone(plan), asked, answers, given_back };
        let thread = std::thread::Builder::new().spawn(move || served.serve()).ok()?;
        Some(Self { wanted: Some(wanted), found, spent, waiting: 0, thread: Some(thread) })
    }
}

impl<G, P> Helper<G, P> {
    fn ask(&mut self, window: Vec<G>) -> Result<()> {
        let is_sent = self.wanted.as_ref().is_some_and(|wanted| wanted.send(window).is_ok());
        self.waiting += 1;
        if is_sent { Ok(()) } else { Err(stopped()) }
    }

    fn answer(&mut self) -> Result<Option<Vec<Foreseen<G, P>>>> {
        if self.waiting == 0 {
            return Ok(None);
        }
        self.waiting -= 1;
        self.found.recv().map(Some).map_err(|_| stopped())
    }
}

fn stopped() -> Failure {
    Failure::internal("the thread that looks ahead stopped")
}

impl<G, P> Drop for Helper<G, P> {
    fn drop(&mut self) {
        self.wanted = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What the thread has.
struct Served<G, P> {
    path: PathBuf,
    whose: Whose<G>,
    plan: Plan<G, P>,
    asked: Receiver<Vec<G>>,
    answers: Sender<Vec<Foreseen<G, P>>>,
    given_back: Receiver<Vec<Seen<P>>>,
}

impl<G, P> Served<G, P> {
    fn serve(&self) {
        // What can't be read here comes back unseen: whoever asks reads for themselves and finds out why.
        drop(self.look());
        self.answer(|window| window.into_iter().map(Foreseen::unseen).collect());
    }

    fn look(&self) -> Result<()> {
        let registry = Registry::open(&self.path, Access::Read, Check::Quick)?;
        registry.keep_few_pages()?;
        registry.snapshot(|| {
            let mut people = registry.people()?;
            self.answer(|window| self.see(&mut people, window));
            Ok(())
        })
    }

    /// Until nobody asks any more.
    fn answer(&self, mut see: impl FnMut(Vec<G>) -> Vec<Foreseen<G, P>>) {
        while let Ok(window) = self.asked.recv() {
            self.given_back.try_iter().for_each(drop);
            if self.answers.send(see(window)).is_err() {
                return;
            }
        }
    }

    fn see(&self, people: &mut Reader<'_>, window: Vec<G>) -> Vec<Foreseen<G, P>> {
        let ids: BTreeSet<PersonId> = window.iter().filter_map(self.whose).collect();
        let ids: Vec<PersonId> = ids.into_iter().collect();
        let found = people.read(&ids).unwrap_or_default();
        let mut found: BTreeMap<PersonId, Stored> =
            found.into_iter().map(|stored| (stored.id, stored)).collect();
        let see = |group: G| {
            let id = (self.whose)(&group);
            let stored = id.and_then(|id| found.remove(&id));
            let is_seen = id.is_none() || stored.is_some();
            let seen = is_seen.then(|| {
                let plan = (self.plan)(stored.as_ref(), &group);
                (stored, plan)
            });
            Foreseen { group, seen }
        };
        window.into_iter().map(see).collect()
    }
}
