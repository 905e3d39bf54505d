//! Writes a scanned file, record by record, in one transaction under the limits.

use super::Delivery;
use super::absence;
use super::scan::{Belongs, Scan, Staged, Whose};
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::domain::retained::{Kind, Said, merge};
use crate::failure::{Failure, Result};
use crate::formats::csv::RowFault;
use crate::jobs::input::rejected;
use crate::jobs::run::Run;
use crate::registry::rejected::Rejected;
use crate::registry::retained::Retained;
use crate::registry::staging::records::StagedRecord;
use crate::text::retained as text;

/// Applies a scanned file.
pub(super) fn apply(run: &mut Run<'_>, delivery: &Delivery, scan: &Scan) -> Result<()> {
    let kind = delivery.kind;
    run.unit(Some(&delivery.row), |run, _| {
        let standing = run.registry.count_retained(kind)?;
        let store = run.registry.retained(kind)?;
        let mut applying =
            Applying { run, store, kind, file: &delivery.file, rejected: scan.rejected, done: 0 };
        applying.run.counts.add("unchanged", scan.records.count_settled());
        scan.records.each_group(|reference, rows| applying.group(reference, rows))?;
        let rejected = applying.rejected;
        run.guard.set(LimitName::Rejected, rejected);
        run.guard.set_base(LimitName::Rejected, scan.count);
        run.guard.set_base(LimitName::Shrink, standing);
        absence::conclude(run, delivery, scan)
    })
}

/// What a row comes to before it is compared with anything.
enum Fate {
    /// It is compared with the record that stands.
    Usable(Said),
    /// Its person or its case isn't here.
    Unknown,
    /// Its number must not come back.
    Refused,
    /// A relation of somebody protected.
    Protected,
}

struct Applying<'a, 'r> {
    run: &'a mut Run<'r>,
    store: Retained<'r>,
    kind: Kind,
    file: &'a str,
    rejected: u64,
    done: u64,
}

impl Applying<'_, '_> {
    /// All rows of one reference.
    fn group(&mut self, reference: &str, rows: Vec<StagedRecord<Staged>>) -> Result<()> {
        self.done += 1;
        if self.done.is_multiple_of(256) {
            self.run.check_stop()?;
        }
        if self.rejects_disagreeing(&rows) {
            return Ok(());
        }
        let doubles = rows.len().saturating_sub(1) as u64;
        self.run.counts.add("skipped", doubles);
        let Some(first) = rows.into_iter().next() else { return Ok(()) };
        let (line, digest) = (first.line, first.digest);
        match self.fate(reference, first.row)? {
            Fate::Usable(said) => self.put(&said, line, digest),
            Fate::Unknown => {
                self.run.counts.add("unknown", 1);
                Ok(())
            }
            Fate::Refused => {
                self.run.counts.add("skipped", 1);
                Ok(())
            }
            Fate::Protected => {
                self.run.counts.add("skipped", 1);
                self.run.counts.add("protected", 1);
                Ok(())
            }
        }
    }

    /// Rows of one reference that disagree are all rejected, each naming another's line.
    fn rejects_disagreeing(&mut self, rows: &[StagedRecord<Staged>]) -> bool {
        let Some(first) = rows.first() else { return false };
        let Some(other) = rows.iter().find(|row| row.row != first.row) else { return false };
        for row in rows {
            let line = if row.row == first.row { other.line } else { first.line };
            self.rejected += 1;
            self.run.reject(Rejected {
                file: self.file.to_owned(),
                record: row.line,
                code: text::RECORDS_DISAGREE.code.to_owned(),
                params: serde_json::json!({ "line": line.to_string() }).to_string(),
                digest: row.digest,
            });
        }
        true
    }

    fn fate(&mut self, reference: &str, row: Staged) -> Result<Fate> {
        let mut people = Vec::with_capacity(2);
        let found = row.found;
        for whose in [found.whose, found.related].into_iter().flatten() {
            match whose {
                Whose::Here(id) => people.push(PersonId(id)),
                Whose::Refused(_) => return Ok(Fate::Refused),
                Whose::Unknown(_) => return Ok(Fate::Unknown),
            }
        }
        if found.is_hidden {
            return Ok(Fate::Protected);
        }
        let case = match (&found.case, self.kind) {
            (Belongs::Unsaid, _) => None,
            (Belongs::Nowhere, _) => Some(None),
            (Belongs::Case(id), _) => Some(Some(*id)),
            (Belongs::Missing(_), Kind::Document) => return Ok(Fate::Unknown),
            (Belongs::Missing(_), _) => {
                self.run.counts.add("no_case", 1);
                Some(None)
            }
        };
        let person = match (people.first(), case.flatten()) {
            (Some(person), _) => *person,
            (None, Some(case)) => self.run.registry.person_of_case(case)?,
            (None, None) => return Err(Failure::internal("a record of nobody")),
        };
        let related = people.get(1).copied();
        Ok(Fate::Usable(Said { reference: reference.to_owned(), person, related, case, given: row.given }))
    }

    fn put(&mut self, said: &Said, line: u64, digest: u64) -> Result<()> {
        let stored = self.store.find(&said.reference)?;
        let after = match merge(self.kind, stored.as_ref().map(|kept| &kept.record), said) {
            Ok(after) => after,
            Err(disorder) => {
                self.rejected += 1;
                let fault = RowFault::new(line, text::DAYS_REVERSED).in_column(disorder.part);
                self.run.reject(rejected(self.file, &fault, digest));
                return Ok(());
            }
        };
        let count = match &stored {
            Some(stored) if stored.record == after => "unchanged",
            Some(stored) => {
                self.store.change(self.run.id, stored, &after)?;
                "changed"
            }
            None => {
                self.store.create(self.run.id, None, &after)?;
                "created"
            }
        };
        self.run.counts.add(count, 1);
        if count != "unchanged" {
            let written = serde_json::to_string(&after.written(self.kind));
            self.run.guard.plan_content(self.kind.name());
            self.run.guard.plan_content(" ");
            self.run.guard.plan_content(&written.map_err(|_| Failure::internal("a record that is no JSON"))?);
        }
        Ok(())
    }
}
