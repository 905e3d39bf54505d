//! Reads a whole file before anything is decided: one thread parses, this one looks numbers up. A row that left nothing to
//! do last time costs one look-up and is staged nowhere; all others lie in the staging area.

use std::fs::File;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use super::Delivery;
use super::parse::{Pack, Parsed, Parser, WAITING};
use crate::domain::contact::gather::SourceRow;
use crate::domain::id_number::IdNumber;
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::domain::person_set::PersonSet;
use crate::failure::{Failure, Result};
use crate::formats::contact_rows::ContactRows;
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
    pub(super) named: PersonSet,
    /// People with a row that left nothing to do last time.
    pub(super) settled: PersonSet,
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
    refuses: bool,
    scan: Scan,
}

/// Scans a file; one without rows is a failure (rule 10).
pub(super) fn scan(run: &mut Run<'_>, delivery: &mut Delivery, rows: &mut ContactRows<File>) -> Result<Scan> {
    let sides = delivery.sides.take();
    let (delivery, salt) = (&*delivery, run.registry.salt());
    let rules = format!("{:?} {:?}", delivery.policy, run.setup.settings.country);
    let parser = Parser { rows, file: &delivery.file, sides, salt, rules };
    let mut scanner = Scanner::new(run, delivery)?;
    let (sender, receiver) = sync_channel(WAITING);
    let (give_back, worked) = channel();
    std::thread::scope(|scope| {
        let parser = scope.spawn(move || parser.parse(&sender, &worked));
        let taken = scanner.take_in(&receiver, &give_back);
        // Let the parser stop if this side gave up first.
        drop(receiver);
        let parsed = parser.join().map_err(|_| Failure::internal("the parser stopped"))?;
        taken.and(parsed)
    })?;
    let scan = scanner.scan;
    if scan.count == 0 {
        return Err(Failure::failed(text::NO_ROWS).with("file", &delivery.file).hint(text::NO_ROWS_HINT));
    }
    run.counts.add("read", scan.count);
    Ok(scan)
}

impl<'a, 'r> Scanner<'a, 'r> {
    fn new(run: &'a mut Run<'r>, delivery: &'a Delivery) -> Result<Self> {
        let registry = run.registry;
        let highest = registry.highest_person()?;
        Ok(Self {
            lookup: registry.source_lookup(&delivery.source)?,
            refuses: registry.refuses_any()? || registry.disposes_any()?,
            scan: Scan {
                rows: Rows::create(&run.setup.settings.spool.join("staging"))?,
                named: PersonSet::up_to(highest),
                settled: PersonSet::up_to(highest),
                count: 0,
                bad_values: 0,
                rejected: 0,
                refused: Vec::new(),
            },
            run,
            delivery,
        })
    }

    fn take_in(&mut self, packs: &Receiver<Pack>, worked: &Sender<Pack>) -> Result<()> {
        while let Ok(pack) = packs.recv() {
            self.run.check_stop()?;
            for parsed in pack.rows() {
                self.scan.count += 1;
                match &parsed.number {
                    Ok(Some(number)) => self.of(parsed, number)?,
                    Ok(None) => self.run.counts.add("skipped", 1),
                    Err(fault) => self.reject(fault, parsed.digest),
                }
            }
            self.run.setup.progress.at(self.scan.count);
            // At the end of the file nobody takes it back.
            drop(worked.send(pack));
        }
        Ok(())
    }

    fn reject(&mut self, fault: &RowFault, digest: u64) {
        self.scan.rejected += 1;
        self.run.reject(self.rejected(fault, digest));
    }

    fn of(&mut self, parsed: &Parsed, number: &IdNumber) -> Result<()> {
        let seen = self.lookup.find(number.key())?;
        if let Some(seen) = seen {
            self.scan.named.insert(seen.person);
            if seen.digest == Some(parsed.digest) {
                let is_double = self.scan.settled.insert(seen.person);
                self.run.counts.add(if is_double { "skipped" } else { "unchanged" }, 1);
                return Ok(());
            }
        } else if self.refuses {
            let hash = self.run.key.hash(number);
            if self.run.registry.is_turned_away(hash)? {
                self.run.counts.add("skipped", 1);
                if self.scan.refused.len() < MOST_REFUSED {
                    self.scan.refused.push((hash, parsed.row.line()));
                }
                return Ok(());
            }
        }
        self.stage(parsed, number, seen.map(|seen| seen.person))
    }

    fn stage(&mut self, parsed: &Parsed, number: &IdNumber, person: Option<PersonId>) -> Result<()> {
        match parsed.row.read(&parsed.side) {
            Ok(typed) => {
                for fault in &typed.bad {
                    self.scan.bad_values += 1;
                    self.run.list_bad_value(self.rejected(fault, parsed.digest));
                }
                let staged = Staged { row: typed.row, has_bad_value: !typed.bad.is_empty() };
                self.scan.rows.add(parsed.row.line(), number, person, &staged, parsed.digest)
            }
            Err(fault) => {
                self.reject(&fault, parsed.digest);
                Ok(())
            }
        }
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
