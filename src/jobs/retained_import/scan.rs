//! Reads a whole file before anything is decided: whose each row is, and which case it names, is looked up; the rows lie in
//! the staging area.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Delivery, Extent};
use crate::domain::id_number::IdNumber;
use crate::domain::person::PersonId;
use crate::domain::retained::{self, Given, Kind, says_nothing_new};
use crate::failure::{Failure, Result};
use crate::formats::csv::RowFault;
use crate::formats::retained_rows::{CaseCell, RELATED, RetainedRow, RowReader, columns};
use crate::jobs::input::{digest_of, rejected};
use crate::jobs::packs::in_packs;
use crate::jobs::run::Run;
use crate::registry::ledger::LookupAlong;
use crate::registry::retained::{CaseLookup, Kept, Retained};
use crate::registry::staging::Packed;
use crate::registry::staging::records::Records;
use crate::text::retained as text;

/// Whose number a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Whose {
    /// Of this person.
    Here(i64),
    /// Nobody's here; the number's key.
    Unknown(i64),
    /// One that must not come back; its key.
    Refused(i64),
}

impl Whose {
    /// How the two people of a relation make its reference; of somebody who isn't here it is like no stored one.
    fn word(self) -> String {
        match self {
            Self::Here(id) => id.to_string(),
            Self::Unknown(key) | Self::Refused(key) => format!("n{key}"),
        }
    }
}

/// Which case a row names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Belongs {
    /// The file has no such column.
    Unsaid,
    /// None.
    Nowhere,
    /// This, by the id that it has here.
    Case(i64),
    /// One that isn't here.
    Missing(String),
}

/// A row in the staging area.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Staged {
    /// What was found out about it.
    pub(super) found: Found,
    /// What it says about each part.
    pub(super) given: Vec<Given>,
}

/// What was looked up about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    /// Whose it is; none for a document.
    pub(super) whose: Option<Whose>,
    /// Whom the person is guardian of.
    pub(super) related: Option<Whose>,
    /// Of a relation: either is protected.
    pub(super) is_hidden: bool,
    /// The case that it belongs to.
    pub(super) case: Belongs,
}

/// A file that was read to its end.
pub(super) struct Scan {
    /// Rows by reference.
    pub(super) records: Records,
    /// Rows of the file.
    pub(super) count: u64,
    /// Rows that can't be used, so far.
    pub(super) rejected: u64,
    /// A row was rejected whose record can't be told: then nobody is absent.
    pub(super) is_unclear: bool,
}

/// A row as the reading thread hands it over.
#[derive(Default)]
struct Parsed {
    line: u64,
    digest: u64,
    /// Of which record it is, if that can be told.
    reference: Option<String>,
    person: Option<IdNumber>,
    related: Option<IdNumber>,
    case: CaseCell,
    /// What it says about each part.
    given: Packed,
    said: Vec<Given>,
    /// Why it can't be used.
    fault: Option<RowFault>,
}

impl Parsed {
    fn fill(&mut self, typed: RetainedRow) -> Result<()> {
        self.line = typed.line;
        self.reference.clone_from(&typed.reference);
        (self.person, self.related, self.case, self.fault) = (typed.person, typed.related, typed.case, None);
        self.given.fill(&typed.given)?;
        self.said = typed.given;
        Ok(())
    }

    fn reject(&mut self, fault: RowFault, reference: Option<&str>) {
        self.reference = reference.map(str::to_owned);
        self.fault = Some(fault);
    }
}

struct Scanner<'a, 'r> {
    run: &'a mut Run<'r>,
    kind: Kind,
    file: &'a str,
    people: LookupAlong<'r>,
    standing: Retained<'r>,
    /// What was found last.
    stands: Kept,
    cases: CaseLookup<'r>,
    refuses: bool,
    scan: Scan,
}

/// Scans a file. A whole one without rows is a failure.
pub(super) fn scan(run: &mut Run<'_>, delivery: &mut Delivery) -> Result<Scan> {
    let registry = run.registry;
    let (rows, file) = (&mut delivery.rows, delivery.file.as_str());
    let reader = RowReader::new(delivery.kind, run.setup.today, run.setup.settings.country);
    let width = columns(delivery.kind).len();
    let records = Records::create(&run.setup.settings.spool.join("staging"))?;
    let mut scanner = Scanner {
        people: registry.lookup_along()?,
        standing: registry.retained(delivery.kind)?,
        stands: Kept::nothing(),
        cases: registry.case_lookup()?,
        refuses: registry.refuses_any()?,
        scan: Scan { records, count: 0, rejected: 0, is_unclear: false },
        kind: delivery.kind,
        file,
        run,
    };
    let salt = registry.salt();
    let mut row = rows.row();
    let read = |parsed: &mut Parsed| {
        let outcome = rows.next_row(&mut row).map_err(|fault| fault.into_failure(file))?;
        let Some(outcome) = outcome else { return Ok(false) };
        parsed.digest = digest_of(salt, &row, width);
        match outcome.and_then(|()| reader.read(&row)) {
            Ok(typed) => parsed.fill(typed)?,
            Err(fault) => parsed.reject(fault, reader.reference(&row)),
        }
        Ok(true)
    };
    in_packs(read, |parsed: &mut Parsed| {
        scanner.count()?;
        match &parsed.fault {
            None => scanner.take(parsed),
            Some(fault) => scanner.reject(fault, parsed.reference.as_deref(), parsed.digest),
        }
    })?;
    let scan = scanner.scan;
    if scan.count == 0 && delivery.extent == Extent::Whole {
        return Err(Failure::failed(text::NO_ROWS).with("file", &delivery.file).hint(text::NO_ROWS_HINT));
    }
    scan.records.close()?;
    run.counts.add("read", scan.count);
    Ok(scan)
}

impl Scanner<'_, '_> {
    fn count(&mut self) -> Result<()> {
        self.scan.count += 1;
        if self.scan.count.is_multiple_of(1024) {
            self.run.check_stop()?;
            self.run.setup.progress.at(self.scan.count);
        }
        Ok(())
    }

    fn reject(&mut self, fault: &RowFault, reference: Option<&str>, digest: u64) -> Result<()> {
        self.scan.rejected += 1;
        self.run.reject(rejected(self.file, fault, digest));
        let Some(reference) = reference else {
            self.scan.is_unclear = true;
            return Ok(());
        };
        self.scan.records.add_rejected(fault.line, reference)
    }

    fn take(&mut self, row: &Parsed) -> Result<()> {
        let whose = row.person.map(|number| self.whose(&number)).transpose()?;
        let related = row.related.map(|number| self.whose(&number)).transpose()?;
        if whose.is_some() && whose == related {
            let fault = RowFault::new(row.line, text::OWN_GUARDIAN).in_column(RELATED);
            // Nobody is stored as their own guardian, so that nothing is lost with the row.
            self.scan.rejected += 1;
            self.run.reject(rejected(self.file, &fault, row.digest));
            return Ok(());
        }
        let reference = match (&row.reference, whose, related) {
            (Some(reference), _, _) => Cow::Borrowed(reference.as_str()),
            (None, Some(whose), Some(related)) => {
                Cow::Owned(format!("{}-{}-guardian", whose.word(), related.word()))
            }
            (None, _, _) => return Err(Failure::internal("a row without a reference")),
        };
        let is_hidden = self.kind == Kind::Relation && (self.is_hidden(whose)? || self.is_hidden(related)?);
        let case = self.belongs(&row.case)?;
        let found = Found { whose, related, is_hidden, case };
        let (records, staged) = (&self.scan.records, (&found, &row.given));
        let standing = &mut self.stands;
        if !self.standing.find_into(&reference, standing)? {
            return records.add(row.line, &reference, staged, row.digest);
        }
        if is_settled(self.kind, standing, &found, &row.said) {
            return records.add_settled(row.line, (&reference, standing.id), staged, row.digest);
        }
        records.note(standing.id);
        records.add(row.line, &reference, staged, row.digest)
    }

    fn whose(&mut self, number: &IdNumber) -> Result<Whose> {
        if let Some(seen) = self.people.find(number.key())? {
            return Ok(Whose::Here(seen.person.0));
        }
        let is_refused = self.refuses && self.run.registry.is_refused(self.run.key.hash(number))?;
        Ok(if is_refused { Whose::Refused(number.key().0) } else { Whose::Unknown(number.key().0) })
    }

    fn is_hidden(&self, whose: Option<Whose>) -> Result<bool> {
        match whose {
            Some(Whose::Here(id)) => self.run.registry.is_concealed(PersonId(id)),
            Some(Whose::Unknown(_) | Whose::Refused(_)) | None => Ok(false),
        }
    }

    fn belongs(&mut self, cell: &CaseCell) -> Result<Belongs> {
        Ok(match cell {
            CaseCell::Absent => Belongs::Unsaid,
            CaseCell::Empty => Belongs::Nowhere,
            CaseCell::Named(reference) => match self.cases.find(reference)? {
                Some(id) => Belongs::Case(id),
                None => Belongs::Missing(reference.clone()),
            },
        })
    }
}

/// Whether a row says what stands, and nothing about it has to be counted or told.
fn is_settled(kind: Kind, standing: &Kept, found: &Found, said: &[Given]) -> bool {
    let here = |whose: Option<Whose>| match whose {
        Some(Whose::Here(id)) => Some(Some(PersonId(id))),
        Some(Whose::Unknown(_) | Whose::Refused(_)) => None,
        None => Some(None),
    };
    let (Some(person), Some(related)) = (here(found.whose), here(found.related)) else { return false };
    let case = match (&found.case, person) {
        (Belongs::Unsaid, Some(_)) => None,
        (Belongs::Nowhere, Some(_)) => Some(None),
        (Belongs::Case(id), _) => Some(Some(*id)),
        (Belongs::Unsaid | Belongs::Nowhere, None) | (Belongs::Missing(_), _) => return false,
    };
    let whose = retained::Whose { person, related, case };
    !found.is_hidden && says_nothing_new(kind, &standing.record, whose, said)
}
