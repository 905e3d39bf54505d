//! The run of a restore: it works on the copy and brings in what the side file remembers. (rules.md, Undo and restore)

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::Loss;
use super::memory::{Fate, Memory, When, Word};
use super::secrets::Whole;
use crate::config::SparMode;
use crate::domain::change::{Why, diff};
use crate::domain::id_number::IdNumber;
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::domain::protection::{self, Kind, Mark};
use crate::failure::Result;
use crate::io::side_file::Fact;
use crate::jobs::purge::replay::{departure, put_missing};
use crate::jobs::run::Run;
use crate::jobs::settle;
use crate::jobs::{Job, Origin};
use crate::registry::people::{Beside, Concealment, Departure, Editor, Remains, Stored};
use crate::text::{backup as text, line};

/// So many files are named in a line.
const SHOWN_FILES: usize = 10;

/// Brings a copy up to what happened since it was made.
pub(super) struct Apply<'a> {
    pub(super) file: &'a Path,
    pub(super) memory: Memory,
    pub(super) disposed: HashMap<KeyedHash, DateTime<Utc>>,
    pub(super) whole: Whole,
    pub(super) loss: Loss,
    pub(super) kept: Option<PathBuf>,
}

/// What has to be done to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Protect(NaiveDate, Again),
    Remove,
}

/// Whether somebody who is only hidden in the copy was erased since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    No,
    Yes,
}

impl Job for Apply<'_> {
    fn name(&self) -> &'static str {
        "restore"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let deeds = self.deeds(run)?;
        let reduced = self.reduced(run, &deeds)?;
        let strangers = self.strangers(run)?;
        run.unit(None, |run, editor| {
            for (person, deed) in &deeds {
                run.check_stop()?;
                apply(run, editor, *person, *deed)?;
            }
            remove(run, editor, &deeds)?;
            editor.leave(&reduced, Beside::Known)?;
            // Whoever was disposed of since is refused by sources again, even if the copy never knew them.
            put_missing(run, &self.disposed)?;
            strangers.iter().try_for_each(|number| editor.conceal_row(number))?;
            mark_younger_files(run)?;
            self.forgo_queue(run)?;
            crate::jobs::schedule::doubt_past(run)?;
            run.registry.raise_serial_floor(self.memory.serial())?;
            run.registry.note_key(run.key.fingerprint())?;
            run.registry.lose_cursors()?;
            self.note_loss(run)
        })?;
        self.say_missing_files(run)?;
        if let Some(kept) = &self.kept {
            run.line(text::REPLACED_KEPT, &[("path", kept.display().to_string())]);
        }
        let protected = run.counts.get("protected").to_string();
        let params = [("path", self.file.display().to_string()), ("protected", protected)];
        run.line(line::RESTORED, &params);
        run.message = Some((line::RESTORED, params.to_vec()));
        Ok(())
    }
}

impl Apply<'_> {
    /// Everybody in the copy whose current or former number is remembered.
    fn deeds(&self, run: &Run<'_>) -> Result<BTreeMap<PersonId, Deed>> {
        let mut words: BTreeMap<PersonId, Word> = BTreeMap::new();
        if !self.memory.knows_nobody() {
            run.registry.each_number(|person, number| {
                let Some(word) = self.memory.of_person(run.key.hash(&number)) else { return };
                let last = words.entry(person).or_insert(word);
                if word.place > last.place {
                    *last = word;
                }
            })?;
        }
        Ok(words.into_iter().filter_map(|(person, word)| Some((person, deed(word)?))).collect())
    }

    /// Everybody in the copy who was reduced to number and class since it was made, and doesn't go altogether.
    fn reduced(&self, run: &Run<'_>, deeds: &BTreeMap<PersonId, Deed>) -> Result<Vec<Departure>> {
        let mut people = BTreeSet::new();
        if self.memory.has_reduced() {
            run.registry.each_number(|person, number| {
                let is_reduced = self.memory.is_reduced(run.key.hash(&number));
                if is_reduced && deeds.get(&person) != Some(&Deed::Remove) {
                    people.insert(person);
                }
            })?;
        }
        Ok(people.into_iter().map(|person| departure(person, Remains::NumberAndClass)).collect())
    }

    /// People whom only the population register knows and who were marked protected since the copy was made: their rows
    /// hold values in it.
    fn strangers(&self, run: &Run<'_>) -> Result<Vec<IdNumber>> {
        let mut strangers = Vec::new();
        if !self.memory.knows_nobody() {
            run.registry.each_open_row(|number| {
                let word = self.memory.of_person(run.key.hash(&number));
                if word
                    .is_some_and(|word| matches!((word.fate, word.when), (Fate::Protected(_), When::After)))
                {
                    strangers.push(number);
                }
            })?;
        }
        Ok(strangers)
    }

    /// Lists were sent since the copy was made, and only their running numbers are known: whoever was waiting in the
    /// copy may have been on one, and nothing is sent twice.
    fn forgo_queue(&self, run: &mut Run<'_>) -> Result<()> {
        let sent_since = self.memory.serial() >= run.registry.next_serial()?;
        if !sent_since || run.setup.settings.spar.mode != SparMode::New {
            return Ok(());
        }
        let people = run.registry.forgo_queue()?;
        if people > 0 {
            run.remark(text::QUEUE_FORGONE, &[("people", people.to_string())]);
        }
        Ok(())
    }

    /// What is remembered of protected people begins anew with those that the copy knows.
    fn note_loss(&self, run: &mut Run<'_>) -> Result<()> {
        if self.whole == Whole::Yes {
            return Ok(());
        }
        if !run.is_dry() {
            run.note_beside(&protected_people(run)?)?;
        }
        match self.loss {
            Loss::Noted => {
                run.registry.mark_at_a_loss()?;
                run.remark(line::RESTORED_AT_A_LOSS, &[]);
            }
            Loss::Accepted => {
                run.registry.accept_loss()?;
                run.line(text::LOSS_ACCEPTED, &[]);
            }
        }
        Ok(())
    }

    /// Files that were applied after the backup are not applied in it: they can and should be applied again.
    fn say_missing_files(&self, run: &mut Run<'_>) -> Result<()> {
        let mut missing = Vec::new();
        for sha256 in self.memory.applied() {
            if !run.registry.has_applied(&sha256)? {
                missing.push(sha256.get(..12).unwrap_or_default().to_owned());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let count = missing.len();
        run.counts.add("files_missing", count as u64);
        missing.truncate(SHOWN_FILES);
        let more = if count > SHOWN_FILES { ", …" } else { "" };
        let hashes = format!("{}{more}", missing.join(", "));
        run.remark(line::RESTORED_FILES_MISSING, &[("files", count.to_string()), ("hashes", hashes)]);
        Ok(())
    }
}

/// The spool is younger than the copy: a file may wait there that tells of somebody who is erased in the copy and was
/// open when it came.
fn mark_younger_files(run: &Run<'_>) -> Result<()> {
    let people = run.registry.protected_people()?;
    let erased = people.iter().filter(|person| person.concealment == Concealment::Erased);
    let numbers: Vec<IdNumber> = erased.map(|person| person.number).collect();
    if numbers.is_empty() || run.is_dry() {
        return Ok(());
    }
    settle::mark_spooled_traces(run.registry, &run.setup.settings.spool, run.id, &numbers)?;
    if !run.registry.marks(settle::TRACE)?.is_empty() {
        // They go with what else is finished after the commit.
        run.registry.put_mark("erasure", &format!("run:{}", run.id.0), run.id)?;
    }
    Ok(())
}

const fn deed(word: Word) -> Option<Deed> {
    match (word.fate, word.when) {
        (Fate::Protected(since), When::After) => Some(Deed::Protect(since, Again::Yes)),
        (Fate::Protected(since), When::Before) => Some(Deed::Protect(since, Again::No)),
        (Fate::Disposed, When::After) => Some(Deed::Remove),
        // Somebody disposed of before the backup and there all the same was let in again by hand.
        (Fate::Disposed, When::Before) | (Fate::Unprotected, When::Before | When::After) => None,
    }
}

fn apply(run: &mut Run<'_>, editor: &mut Editor<'_>, person: PersonId, deed: Deed) -> Result<()> {
    let stored = run.registry.people()?.get(person)?;
    match (deed, stored.concealment) {
        // They go all together.
        (Deed::Remove, _) => Ok(()),
        (Deed::Protect(since, _), Concealment::Open)
        | (Deed::Protect(since, Again::Yes), Concealment::Hidden) => protect(run, editor, &stored, since),
        (Deed::Protect(_, Again::No), Concealment::Hidden) | (Deed::Protect(..), Concealment::Erased) => {
            Ok(())
        }
    }
}

fn remove(run: &mut Run<'_>, editor: &mut Editor<'_>, deeds: &BTreeMap<PersonId, Deed>) -> Result<()> {
    let gone = deeds.iter().filter(|(_, deed)| **deed == Deed::Remove);
    let departures: Vec<Departure> = gone.map(|(person, _)| departure(*person, Remains::Nothing)).collect();
    if !departures.is_empty() {
        run.counts.add("removed", departures.len() as u64);
    }
    editor.leave(&departures, Beside::Known)
}

/// As `person protect`: the side file does not say of which kind the mark was, so it counts as the strictest.
fn protect(run: &mut Run<'_>, editor: &mut Editor<'_>, stored: &Stored, since: NaiveDate) -> Result<()> {
    // Seen as open, so that the change shows even where nothing but the mark is left to change.
    let mut open = stored.clone();
    open.person.protection.clear();
    let mut after = stored.person.clone();
    if !after.is_protected() {
        protection::add_marks(&mut after, &[Mark { kind: Kind::SkyddadFolkbokforing, since }]);
    }
    protection::erase(&mut after, run.setup.settings.protection);
    let changes = diff(&open.person, &after, |_| Why("restore"));
    run.change(editor, &open, &after, &changes)?;
    run.counts.add("protected", 1);
    Ok(())
}

fn protected_people(run: &Run<'_>) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    let mut people = run.registry.people()?;
    for person in run.registry.concealed_people()? {
        let number = people.get(person)?.person.number;
        facts.push(Fact::Protected(run.key.hash(&number)));
    }
    Ok(facts)
}
