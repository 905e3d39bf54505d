//! Writes a scanned file, record by record, in one transaction under the limits.

use super::Delivery;
use super::absence;
use super::fresh::{Fresh, fresh};
use super::scan::{Belongs, Scan, Staged, Whose};
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::domain::retained::{Kind, Record, Said, merge};
use crate::failure::{Failure, Result};
use crate::formats::csv::RowFault;
use crate::jobs::input::rejected;
use crate::jobs::run::Run;
use crate::registry::rejected::Rejected;
use crate::registry::retained::{Kept, Retained, written};
use crate::registry::staging::records::{Group, StagedRecord};
use crate::text::retained as text;

/// Applies a scanned file.
pub(super) fn apply(run: &mut Run<'_>, delivery: &Delivery, scan: &mut Scan) -> Result<()> {
    let kind = delivery.kind;
    run.unit(Some(&delivery.row), |run, _| {
        let standing = run.registry.count_retained(kind)?;
        let store = run.registry.retained(kind)?;
        let mut applying = Applying {
            run,
            store,
            stands: Kept::nothing(),
            is_here: false,
            kind,
            file: &delivery.file,
            rejected: scan.rejected,
            done: 0,
        };
        applying.run.counts.add("unchanged", scan.records.count_settled());
        let prepare = |reference: &str, rows: &[_]| fresh(kind, reference, rows);
        scan.records.each_group(prepare, |group| applying.group(group))?;
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
    /// The record that stands of the reference in work, if [`Self::is_here`].
    stands: Kept,
    is_here: bool,
    kind: Kind,
    file: &'a str,
    rejected: u64,
    done: u64,
}

impl Applying<'_, '_> {
    /// All rows of one reference.
    fn group(&mut self, group: &mut Group<Staged, Option<Fresh>>) -> Result<()> {
        self.done += 1;
        if self.done.is_multiple_of(256) {
            self.run.check_stop()?;
        }
        if self.rejects_disagreeing(&group.rows) {
            return Ok(());
        }
        let doubles = group.rows.len().saturating_sub(1) as u64;
        self.run.counts.add("skipped", doubles);
        self.is_here = self.store.find_into(&group.reference, &mut self.stands)?;
        if let (false, Some(fresh)) = (self.is_here, &group.prepared) {
            return self.create(&fresh.record, &fresh.text);
        }
        let Some(first) = group.rows.first() else { return Ok(()) };
        match self.fate(&group.reference, &first.row)? {
            Fate::Usable(said) => self.put(&said, first.line, first.digest),
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

    fn fate(&mut self, reference: &str, row: &Staged) -> Result<Fate> {
        let mut people = Vec::with_capacity(2);
        let found = &row.found;
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
        let (reference, given) = (reference.to_owned(), row.given.clone());
        Ok(Fate::Usable(Said { reference, person, related, case, given }))
    }

    fn put(&mut self, said: &Said, line: u64, digest: u64) -> Result<()> {
        let stored = self.is_here.then_some(&self.stands);
        let after = match merge(self.kind, stored.map(|kept| &kept.record), said) {
            Ok(after) => after,
            Err(disorder) => {
                self.rejected += 1;
                let fault = RowFault::new(line, text::DAYS_REVERSED).in_column(disorder.part);
                self.run.reject(rejected(self.file, &fault, digest));
                return Ok(());
            }
        };
        let Some(stored) = stored else { return self.create(&after, &written(self.kind, &after)?) };
        if stored.record == after {
            self.run.counts.add("unchanged", 1);
            return Ok(());
        }
        self.store.change(self.run.id, stored, &after)?;
        self.run.counts.add("changed", 1);
        self.plan(&written(self.kind, &after)?);
        Ok(())
    }

    fn create(&mut self, record: &Record, text: &str) -> Result<()> {
        self.store.create(self.run.id, None, record, text)?;
        self.run.counts.add("created", 1);
        self.plan(text);
        Ok(())
    }

    fn plan(&mut self, text: &str) {
        self.run.guard.plan_content(self.kind.name());
        self.run.guard.plan_content(" ");
        self.run.guard.plan_content(text);
    }
}
