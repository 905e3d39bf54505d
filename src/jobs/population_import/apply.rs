//! Writes a scanned extract, number by number, in one transaction under the limits.

use std::hash::{Hash, Hasher};

use super::absence::Absence;
use super::deliveries::Siblings;
use super::scan::{Scan, hasher};
use super::{PopulationImport, policy};
use crate::domain::id_number::NumberKey;
use crate::domain::limit::LimitName;
use crate::domain::person::Said;
use crate::domain::population::{Chosen, PopulationRow, Residence, choose};
use crate::domain::spar::decide::decide;
use crate::domain::spar::links::Renumbering;
use crate::failure::Result;
use crate::jobs::decision::{as_if_open, carry_out};
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
use crate::registry::people::{Concealment, Editor};
use crate::registry::population::{Entry, Holder, NumbersAlong, Population, Presence, Taken};
use crate::registry::rejected::Rejected;
use crate::registry::staging::register::Group;
use crate::text::{csv_file, population as text};

/// Applies a scanned extract.
pub(super) fn apply(
    run: &mut Run<'_>,
    row: &FileRow,
    scan: &Scan,
    load: &PopulationImport,
    siblings: &Siblings<'_>,
) -> Result<()> {
    let people = run.registry.count_people()?;
    run.counts.add("read", scan.read);
    run.unit(Some(row), |run, editor| {
        run.guard.plan_content(&format!("{} {:?} {:?}", row.sha256, load.mode, load.residence));
        run.guard.set_base(LimitName::Protected, people);
        run.guard.set_base(LimitName::Rejected, scan.read);
        run.guard.set(LimitName::Unreadable, scan.unreadable_marks);
        let absence = Absence::look(run, scan, load, siblings)?;
        let population = run.registry.population()?;
        let mut applying = Applying {
            along: run.registry.numbers_along()?,
            population,
            run,
            editor,
            scan,
            load,
            refuses: false,
            rejected: scan.rejected,
            here: 0,
        };
        let hidden = applying.protect()?;
        scan.extract.reconsider(&hidden)?;
        applying.run.counts.add("unchanged", scan.extract.count_settled());
        applying.refuses = applying.run.registry.refuses_any()?;
        scan.extract.each_group(|group| applying.group(group))?;
        applying.report();
        absence.conclude(run, scan, siblings)
    })
}

struct Applying<'a, 'r> {
    along: NumbersAlong<'r>,
    population: Population<'r>,
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
    scan: &'a Scan,
    load: &'a PopulationImport,
    refuses: bool,
    rejected: u64,
    here: u64,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Created,
    Changed,
    Unchanged,
    Skipped,
}

impl Record {
    const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
        }
    }
}

impl Applying<'_, '_> {
    /// People of the registry whom any row marks, a rejected one too. Gives the numbers, in order, of everybody who is
    /// hidden, also those that protection took from them: whatever stood of them when the rows were read, none says it now.
    fn protect(&mut self) -> Result<Vec<NumberKey>> {
        let mut numbers = Vec::new();
        let mut people = self.run.registry.people()?;
        let policy = policy(self.run);
        for (key, mark) in self.scan.extract.marked()? {
            self.run.check_stop()?;
            let Some(holder) = self.population.holder(key)? else { continue };
            numbers.extend(self.run.registry.numbers_of(holder.person)?);
            let stored = as_if_open(people.get(holder.person)?);
            let decision =
                decide(&stored.person, &mark.statement(), Said::default(), &Renumbering::None, policy);
            carry_out(self.run, self.editor, &stored, &decision, policy)?;
        }
        numbers.extend(self.run.registry.concealed_numbers()?);
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// All rows of one number.
    fn group(&mut self, group: &mut Group) -> Result<()> {
        self.run.check_stop()?;
        let holder = self.along.holder(group.key)?;
        let Some(number) = group.rows.first().map(|first| first.number) else {
            return self.only_rejected(group, holder);
        };
        if holder.is_none() && self.refuses && self.run.registry.is_refused(self.run.key.hash(&number))? {
            self.run.counts.add("skipped", group.rows.len() as u64);
            return Ok(());
        }
        // A mark counts for the number, whichever of its rows bears it.
        if group.mark.is_set() {
            group.rows.iter_mut().for_each(|row| row.mark = group.mark);
        }
        let (records, rows) = (&group.records, &group.rows);
        match choose(rows) {
            Chosen::Row(place) => {
                let Some(row) = rows.get(place) else { return Ok(()) };
                let record = self.row(row, holder)?;
                self.run.counts.add(record.name(), 1);
                self.run.counts.add("skipped", rows.len() as u64 - 1);
            }
            Chosen::Conflict(others) => {
                for ((record, row), (other, column)) in records.iter().zip(rows).zip(others) {
                    self.reject(*record, row, records.get(other).copied().unwrap_or_default(), column);
                }
            }
        }
        Ok(())
    }

    /// No row of the number can be used, but a mark reaches what is stored.
    fn only_rejected(&mut self, group: &Group, holder: Option<Holder>) -> Result<()> {
        let Some(mut entry) = self.population.find(group.key)?.filter(|_| group.mark.is_set()) else {
            return Ok(());
        };
        self.editor.conceal_row(&entry.row.number)?;
        entry.row = PopulationRow { mark: group.mark, ..entry.row.bare() };
        (entry.is_protected, entry.address_on) = (true, None);
        entry.taken = taken(&entry.row, holder, true, Taken { is_pending: true, ..Taken::default() });
        self.population.put(&entry, self.editor.file())
    }

    fn row(&mut self, row: &PopulationRow, holder: Option<Holder>) -> Result<Record> {
        let key = row.number.key();
        let stored = if self.along.is_stored(key)? { self.population.find(key)? } else { None };
        if self.lives_here(row, stored.as_ref()) {
            self.here += 1;
            return Ok(Record::Skipped);
        }
        let concealment = holder.map_or(Concealment::Open, |holder| holder.concealment);
        if !row.mark.is_set() && concealment == Concealment::Hidden && stored.is_some() {
            // Hidden by a held file and nothing erased yet: what stands stays, and nothing comes in.
            self.population.set_present(key, Presence::Present)?;
            return Ok(Record::Skipped);
        }
        let is_protected = row.mark.is_set() || concealment != Concealment::Open;
        let entry = match &stored {
            Some(stored) => self.merged(row, stored, holder, is_protected),
            None => self.entered(row, holder, is_protected),
        };
        if stored.as_ref() != Some(&entry) {
            if is_protected && stored.as_ref().is_some_and(|stored| !stored.is_protected) {
                self.editor.conceal_row(&row.number)?;
            }
            self.population.put(&entry, self.editor.file())?;
        }
        Ok(if is_protected && !row.mark.is_set() { Record::Skipped } else { record(stored.as_ref(), &entry) })
    }

    /// Our own extract knows better where its people live than another municipality's.
    fn lives_here(&self, row: &PopulationRow, stored: Option<&Entry>) -> bool {
        let is_ours = stored.is_some_and(|stored| {
            stored.residence == Residence::Resident && stored.present == Presence::Present
        });
        self.load.residence == Residence::Nonresident && is_ours && !row.mark.is_set()
    }

    fn entered(&self, row: &PopulationRow, holder: Option<Holder>, is_protected: bool) -> Entry {
        let row = if is_protected { row.bare() } else { row.clone() };
        Entry {
            taken: taken(&row, holder, is_protected, Taken { is_pending: true, ..Taken::default() }),
            row,
            residence: self.load.residence,
            present: Presence::Present,
            is_protected,
            address_on: None,
        }
    }

    fn merged(
        &self,
        row: &PopulationRow,
        stored: &Entry,
        holder: Option<Holder>,
        is_protected: bool,
    ) -> Entry {
        let mut entry = self.entered(row, holder, is_protected);
        if is_protected {
            let lifted = stored.taken.mark && !row.mark.is_set();
            if lifted {
                entry.taken = Taken { is_pending: true, ..stored.taken };
            }
            return entry;
        }
        entry.row = row.over(&stored.row);
        let has_moved = !stored.is_protected && entry.row.moves_from(&stored.row);
        entry.address_on = if has_moved { Some(self.run.setup.today) } else { stored.address_on };
        let is_news = entry.row.cells != stored.row.cells
            || entry.row.told != stored.row.told
            || entry.row.mark != stored.row.mark
            || stored.is_protected;
        entry.taken = Taken { is_pending: stored.taken.is_pending || is_news, ..stored.taken };
        entry
    }

    fn reject(&mut self, record: u64, row: &PopulationRow, other: u64, column: &'static str) {
        let mut hasher = hasher(self.run);
        (row.number.key().0, &row.municipality, row.mark.number(), column).hash(&mut hasher);
        self.rejected += 1;
        self.run.reject(Rejected {
            file: self.scan.name.clone(),
            record,
            code: csv_file::ROWS_DISAGREE.code.to_owned(),
            params: serde_json::json!({ "line": other.to_string(), "column": column }).to_string(),
            digest: hasher.finish(),
        });
    }

    fn report(&mut self) {
        self.run.guard.set(LimitName::Rejected, self.rejected);
        let rows = [
            (text::LIVES_HERE, self.here),
            (text::WRONG_CHECK_DIGIT, self.scan.wrong_check_digits),
            (text::REFERENCES, self.scan.references),
            (text::DEREGISTERED, self.scan.deregistered),
        ];
        for (message, count) in rows {
            if count > 0 {
                let params = [("file", self.scan.name.clone()), ("rows", count.to_string())];
                self.run.line(message, &params);
            }
        }
    }
}

/// A mark of somebody known is taken with the import itself; one of somebody unknown waits for them.
fn taken(row: &PopulationRow, holder: Option<Holder>, is_protected: bool, open: Taken) -> Taken {
    match (row.mark.is_set(), is_protected, holder) {
        (true, _, Some(holder)) => Taken { mark: true, person: Some(holder.person), ..Taken::default() },
        (false, true, _) => Taken::default(),
        (true, _, None) | (false, false, _) => open,
    }
}

fn record(stored: Option<&Entry>, entry: &Entry) -> Record {
    match stored {
        None => Record::Created,
        Some(stored) => {
            let same = stored.row == entry.row
                && stored.residence == entry.residence
                && stored.present == entry.present
                && stored.is_protected == entry.is_protected;
            if same { Record::Unchanged } else { Record::Changed }
        }
    }
}
