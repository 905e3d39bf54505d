//! Reads a whole file before anything is decided: one thread cuts, types and packs rows, this one looks numbers up. A row
//! that left nothing to do last time costs one look-up.

use std::fs::File;

use super::{OnList, PersonImport};
use crate::domain::id_number::IdNumber;
use crate::domain::person::PersonId;
use crate::domain::person_set::PersonSet;
use crate::failure::Result;
use crate::formats::csv::{CsvReader, Row, RowFault};
use crate::formats::person_rows::{COLUMNS, PersonRow};
use crate::jobs::input::{digest_of, rejected};
use crate::jobs::packs::in_packs;
use crate::jobs::run::Run;
use crate::registry::settled::RowLookup;
use crate::registry::staging::Packed;
use crate::registry::staging::rows::Rows;

/// By which rules a row means something for a person. Another word makes every row be looked at again: raise it whenever
/// `merge` makes something else of a row.
const RULES: &str = "person import 1";

/// A row as the reading thread hands it over.
#[derive(Default)]
struct Parsed {
    line: u64,
    /// Of what the typed row says, so that neither the order of columns nor a setting makes the same out of something else.
    digest: u64,
    /// Whose it is, or why it can't be used.
    number: Option<std::result::Result<IdNumber, RowFault>>,
    packed: Packed,
}

impl Parsed {
    fn fill(
        &mut self,
        row: &Row,
        outcome: std::result::Result<PersonRow, RowFault>,
        salt: (u64, u64),
    ) -> Result<()> {
        self.line = row.line();
        self.digest = match &outcome {
            Ok(typed) => {
                self.packed.fill(typed)?;
                self.packed.digest(salt, RULES)
            }
            Err(_) => digest_of(salt, row, COLUMNS.len()),
        };
        self.number = Some(outcome.map(|typed| typed.number));
        Ok(())
    }
}

struct Scanner<'a, 'r> {
    run: &'a mut Run<'r>,
    name: &'a str,
    on_list: OnList,
    lookup: RowLookup<'r>,
    rows: Rows,
    /// People who have a row, and those who have several.
    named: PersonSet,
    several: PersonSet,
    has_several: bool,
    count: u64,
}

/// Scans a file; what it is called stands in rejected rows.
pub(super) fn scan(
    run: &mut Run<'_>,
    job: &PersonImport,
    reader: &mut CsvReader<File>,
    name: &str,
) -> Result<Rows> {
    let registry = run.registry;
    let (salt, today, country) = (registry.salt(), run.setup.today, run.setup.settings.country);
    let highest = registry.highest_person()?;
    let mut scanner = Scanner {
        lookup: registry.row_lookup()?,
        rows: Rows::create(&run.setup.settings.spool.join("staging"))?,
        named: PersonSet::up_to(highest),
        several: PersonSet::up_to(highest),
        has_several: false,
        count: 0,
        on_list: job.on_list,
        name,
        run,
    };
    let mut row = reader.row();
    let read = |parsed: &mut Parsed| {
        let outcome = reader.next_row(&mut row).map_err(|fault| fault.into_failure(name))?;
        let Some(outcome) = outcome else { return Ok(false) };
        parsed.fill(&row, outcome.and_then(|()| PersonRow::read(&row, today, country)), salt)?;
        Ok(true)
    };
    in_packs(read, |parsed: &mut Parsed| scanner.take(parsed))?;
    scanner.finish()
}

impl Scanner<'_, '_> {
    fn take(&mut self, parsed: &Parsed) -> Result<()> {
        self.count += 1;
        if self.count.is_multiple_of(1024) {
            self.run.check_stop()?;
            self.run.setup.progress.at(self.count);
        }
        match &parsed.number {
            Some(Ok(number)) => self.of(number, parsed),
            Some(Err(fault)) => {
                self.run.reject(rejected(self.name, fault, parsed.digest));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn of(&mut self, number: &IdNumber, parsed: &Parsed) -> Result<()> {
        let (line, digest) = (parsed.line, parsed.digest);
        let seen = self.lookup.find(number.key())?;
        if let Some(seen) = seen {
            self.note(seen.person);
            // Whoever is to count as on SPAR's list has to be marked.
            if seen.digest == Some(digest) && self.on_list == OnList::No {
                return self.rows.add_settled(line, number, seen.person, &parsed.packed, digest);
            }
        }
        self.rows.add_packed(line, number, seen.map(|seen| seen.person), &parsed.packed, digest)
    }

    fn note(&mut self, person: PersonId) {
        if self.named.insert(person) {
            self.several.insert(person);
            self.has_several = true;
        }
    }

    /// Rows of one person may disagree: all of them are looked at.
    fn finish(self) -> Result<Rows> {
        if self.has_several {
            self.rows.reconsider(&self.several)?;
        }
        self.run.counts.add("read", self.count);
        Ok(self.rows)
    }
}
