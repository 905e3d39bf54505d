//! Reads a whole file before anything is decided. A row that left nothing to do last time costs one look-up and is staged
//! nowhere; all others lie in the staging area.

use std::fs::File;
use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::Delivery;
use super::people::People;
use crate::domain::contact::gather::SourceRow;
use crate::domain::id_number::IdNumber;
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::formats::contact_rows::{ContactRows, Presence, Side};
use crate::formats::csv::RowFault;
use crate::jobs::run::Run;
use crate::registry::contacts::SourceLookup;
use crate::registry::rejected::Rejected;
use crate::registry::staging::rows::Rows;
use crate::text::sync_contacts as text;

/// So many numbers that must not come back are told by line; the rest is only counted.
const MOST_REFUSED: usize = 10_000;

/// A file that was read to its end.
pub(super) struct Scan {
    /// Rows that need a decision.
    pub(super) rows: Rows,
    /// Everybody here whom the file names.
    pub(super) named: People,
    /// People with a row that left nothing to do last time.
    pub(super) settled: People,
    /// Rows of the file.
    pub(super) count: u64,
    /// Values that are none of their field.
    pub(super) bad_values: u64,
    /// Rows that can't be used at all.
    pub(super) rejected: u64,
    /// Numbers that must not come back, with their lines.
    pub(super) refused: Vec<(KeyedHash, u64)>,
}

struct Scanner<'a, 'r> {
    run: &'a mut Run<'r>,
    delivery: &'a Delivery,
    lookup: SourceLookup<'r>,
    /// Rules that a settled row was settled by are part of its digest.
    rules: String,
    refuses: bool,
    scan: Scan,
}

/// Scans a file; one without rows is a failure (rule 10).
pub(super) fn scan(run: &mut Run<'_>, delivery: &Delivery, rows: &mut ContactRows<File>) -> Result<Scan> {
    let registry = run.registry;
    let highest = registry.highest_person()?;
    let mut scanner = Scanner {
        lookup: registry.source_lookup(&delivery.source)?,
        rules: format!("{:?} {:?}", delivery.policy, run.setup.settings.country),
        refuses: registry.refuses_any()? || registry.disposes_any()?,
        scan: Scan {
            rows: Rows::create(&run.setup.settings.spool.join("staging"))?,
            named: People::up_to(highest),
            settled: People::up_to(highest),
            count: 0,
            bad_values: 0,
            rejected: 0,
            refused: Vec::new(),
        },
        run,
        delivery,
    };
    while let Some(outcome) = rows.advance().map_err(|fault| fault.into_failure(&delivery.file))? {
        scanner.scan.count += 1;
        if scanner.scan.count.is_multiple_of(1024) {
            scanner.run.check_stop()?;
            scanner.run.setup.progress.at(scanner.scan.count);
        }
        scanner.row(rows, outcome)?;
    }
    let scan = scanner.scan;
    if scan.count == 0 {
        return Err(Failure::failed(text::NO_ROWS).with("file", &delivery.file).hint(text::NO_ROWS_HINT));
    }
    run.counts.add("read", scan.count);
    Ok(scan)
}

impl Scanner<'_, '_> {
    fn row(&mut self, rows: &ContactRows<File>, outcome: std::result::Result<(), RowFault>) -> Result<()> {
        let side = self.side(rows)?;
        let digest = self.digest(rows, &side);
        match outcome.and_then(|()| rows.presence()) {
            Ok(Presence::Absent) => {
                self.run.counts.add("skipped", 1);
                return Ok(());
            }
            Ok(Presence::Present) => {}
            Err(fault) => {
                self.reject(&fault, digest);
                return Ok(());
            }
        }
        match rows.number(&side) {
            Ok(number) => self.of(rows, &number, &side, digest),
            Err(fault) => {
                self.reject(&fault, digest);
                Ok(())
            }
        }
    }

    /// What other files of the delivery say.
    fn side(&self, rows: &ContactRows<File>) -> Result<Side> {
        let (Some(sides), Some(id)) = (&self.delivery.sides, rows.source_id()) else {
            return Ok(Side::default());
        };
        let (birth_date, categories) = sides.find(id)?;
        Ok(Side { birth_date, categories })
    }

    fn reject(&mut self, fault: &RowFault, digest: u64) {
        self.scan.rejected += 1;
        self.run.reject(self.rejected(fault, digest));
    }

    fn of(&mut self, rows: &ContactRows<File>, number: &IdNumber, side: &Side, digest: u64) -> Result<()> {
        let seen = self.lookup.find(number.key())?;
        if let Some(seen) = seen {
            self.scan.named.insert(seen.person);
            if seen.digest == Some(digest) {
                let is_double = self.scan.settled.insert(seen.person);
                self.run.counts.add(if is_double { "skipped" } else { "unchanged" }, 1);
                return Ok(());
            }
        } else if self.refuses {
            let hash = self.run.key.hash(number);
            if self.run.registry.is_turned_away(hash)? {
                self.run.counts.add("skipped", 1);
                if self.scan.refused.len() < MOST_REFUSED {
                    self.scan.refused.push((hash, rows.line()));
                }
                return Ok(());
            }
        }
        self.stage(rows, number, seen.map(|seen| seen.person), side, digest)
    }

    fn stage(
        &mut self,
        rows: &ContactRows<File>,
        number: &IdNumber,
        person: Option<PersonId>,
        side: &Side,
        digest: u64,
    ) -> Result<()> {
        match rows.read(side) {
            Ok(typed) => {
                for fault in &typed.bad {
                    self.scan.bad_values += 1;
                    self.run.list_bad_value(self.rejected(fault, digest));
                }
                let staged = Staged { row: typed.row, has_bad_value: !typed.bad.is_empty() };
                self.scan.rows.add(rows.line(), number, person, &staged, digest)
            }
            Err(fault) => {
                self.reject(&fault, digest);
                Ok(())
            }
        }
    }

    fn digest(&self, rows: &ContactRows<File>, side: &Side) -> u64 {
        let salt = self.run.registry.salt();
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        self.rules.hash(&mut hasher);
        rows.digest_into(side, &mut hasher);
        hasher.finish()
    }

    fn rejected(&self, fault: &RowFault, digest: u64) -> Rejected {
        let column = fault
            .column
            .map_or_else(|| "{}".to_owned(), |column| serde_json::json!({ "column": column }).to_string());
        Rejected {
            file: self.delivery.file.clone(),
            record: fault.line,
            code: fault.code.to_owned(),
            params: column,
            digest,
        }
    }
}

/// A row in the staging area.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Staged {
    /// What it says.
    pub(super) row: SourceRow,
    /// A value counts as not said, and is told each night.
    pub(super) has_bad_value: bool,
}
