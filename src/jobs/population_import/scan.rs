//! Reads a whole extract into the staging area. Nothing is decided and nothing is written to the registry before the last
//! row was read.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::receive::{Form, Received};
use crate::domain::id_number::{CheckDigit, IdNumber, Reading};
use crate::domain::population::{PopulationRow, RegisterMark, Residence};
use crate::failure::{Failure, Result};
use crate::formats::csv::RowFault;
use crate::formats::population_rows::{ReadRow, read as read_row, told};
use crate::jobs::packs::in_packs;
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::population::{Population, Standing};
use crate::registry::rejected::Rejected;
use crate::registry::staging::Packed;
use crate::registry::staging::register::Extract;
use crate::text::population as text;

/// An extract that was read to its end.
pub(super) struct Scan {
    /// The rows.
    pub(super) extract: Extract,
    /// The file's name, for rejected rows.
    pub(super) name: String,
    /// How many rows there were.
    pub(super) read: u64,
    /// How many of them can't be used.
    pub(super) rejected: u64,
    /// Rows whose number can't be read: nobody knows whose absence they would be.
    pub(super) unreadable: u64,
    /// Those of them that are marked protected: nobody knows whom to hide.
    pub(super) unreadable_marks: u64,
    /// Rows in use whose check digit is wrong: kept (rules.md, Identity numbers).
    pub(super) wrong_check_digits: u64,
    /// Posts of Navet's that name another number of their person: not taken.
    pub(super) references: u64,
    /// Posts of Navet's of people deregistered for another reason than death: the reason is not taken.
    pub(super) deregistered: u64,
}

/// Scans a file.
pub(super) fn scan(
    run: &mut Run<'_>,
    file: &Received,
    residence: Residence,
) -> std::result::Result<Scan, Refusal> {
    let registry = run.registry;
    registry.snapshot(|| Ok(read(run, file, residence)))?
}

fn read(run: &mut Run<'_>, file: &Received, residence: Residence) -> std::result::Result<Scan, Refusal> {
    let extract = Extract::create(&run.setup.settings.spool.join("staging"))?;
    let name = file.name.clone();
    let mut scan = Scan {
        extract,
        name,
        read: 0,
        rejected: 0,
        unreadable: 0,
        unreadable_marks: 0,
        wrong_check_digits: 0,
        references: 0,
        deregistered: 0,
    };
    match file.form {
        Form::Csv => rows(run, &mut scan, file, residence)?,
        Form::Navet => posts(run, &mut scan, file, residence)?,
    }
    scan.extract.close()?;
    Ok(scan)
}

fn rows(
    run: &mut Run<'_>,
    scan: &mut Scan,
    file: &Received,
    residence: Residence,
) -> std::result::Result<(), Refusal> {
    let mut reader = file.open()?;
    let told = told(|place| reader.has(place));
    let reading = Reading::on(run.setup.today, run.setup.settings.country);
    let mut row = reader.row();
    let mut settling = Settling::new(run, residence)?;
    let ours = &run.setup.settings.municipality;
    let next = |read: &mut Read| {
        let outcome = reader.next_row(&mut row);
        let outcome = outcome.map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        let Some(outcome) = outcome else { return Ok(false) };
        read.fill(read_row(&row, outcome, told, &reading), residence, ours)?;
        Ok(true)
    };
    in_packs(next, |read| Ok(take(run, scan, &mut settling, read)?))
}

/// A row as it is handed over.
#[derive(Default)]
struct Read {
    record: u64,
    mark: RegisterMark,
    number: Option<IdNumber>,
    /// Why it can't be used.
    fault: Option<RowFault>,
    row: Option<PopulationRow>,
    packed: Packed,
}

impl Read {
    fn fill(&mut self, read: ReadRow, residence: Residence, ours: &[String]) -> Result<()> {
        (self.record, self.mark, self.number) = (read.record, read.mark, read.number);
        (self.row, self.fault) = (None, None);
        match read.row.and_then(|row| lives_where(row, read.record, residence, ours)) {
            Ok(row) => {
                self.packed.fill(&row)?;
                self.row = Some(row);
            }
            Err(fault) => self.fault = Some(fault),
        }
        Ok(())
    }
}

fn posts(
    run: &mut Run<'_>,
    scan: &mut Scan,
    file: &Received,
    residence: Residence,
) -> std::result::Result<(), Refusal> {
    let today = run.setup.today;
    let registry = run.registry;
    let mut stored = registry.population()?;
    let mut settling = Settling::new(run, residence)?;
    let mut read = Read::default();
    let mut reader = file.navet(Reading::on(today, run.setup.settings.country)).map_err(Refusal::Rejected)?;
    loop {
        let post = reader.next_post().map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        let Some(post) = post else { break };
        scan.references += u64::from(post.refers());
        scan.deregistered += u64::from(post.is_deregistered());
        let mut municipality = post.municipality.clone();
        if let (None, Ok(number)) = (&municipality, &post.number) {
            // Absence is not a statement: who is registered nowhere new stays where they were.
            municipality = stored.find(number.key())?.map(|entry| entry.row.municipality);
        }
        let ours = &run.setup.settings.municipality;
        read.fill(post.into_row(municipality.as_deref(), today), residence, ours)?;
        take(run, scan, &mut settling, &read)?;
    }
    Ok(())
}

fn take(run: &mut Run<'_>, scan: &mut Scan, settling: &mut Settling<'_>, read: &Read) -> Result<()> {
    scan.read += 1;
    if scan.read.is_multiple_of(1024) {
        run.check_stop()?;
        run.setup.progress.at(scan.read);
    }
    if let Some(row) = &read.row {
        let (key, municipality) = (row.number.key(), row.municipality.as_str());
        scan.wrong_check_digits += u64::from(row.number.check_digit() == CheckDigit::Wrong);
        return if settling.is_settled(run, row)? {
            scan.extract.add_settled(read.record, key, municipality, &read.packed)
        } else {
            scan.extract.add(read.record, (key, read.mark), municipality, &read.packed)
        };
    }
    let Some(fault) = &read.fault else { return Err(Failure::internal("a row that says nothing")) };
    scan.rejected += 1;
    let mut hasher = hasher(run);
    let key = read.number.map(|number| number.key());
    (key.map(|key| key.0), read.mark.number(), fault.code, fault.column).hash(&mut hasher);
    run.reject(rejected(&scan.name, fault, hasher.finish()));
    if let Some(key) = key {
        return scan.extract.add_rejected(read.record, key, read.mark);
    }
    scan.unreadable += 1;
    scan.unreadable_marks += u64::from(read.mark.is_set());
    Ok(())
}

/// Tells the rows that say what stands: most of an extract.
struct Settling<'r> {
    standing: Standing<'r>,
    people: Population<'r>,
    refuses: bool,
}

impl<'r> Settling<'r> {
    fn new(run: &Run<'r>, residence: Residence) -> Result<Self> {
        let registry = run.registry;
        let (standing, people) = (registry.standing(residence)?, registry.population()?);
        Ok(Self { standing, people, refuses: registry.refuses_any()? })
    }

    fn is_settled(&mut self, run: &Run<'_>, row: &PopulationRow) -> Result<bool> {
        Ok(self.standing.is_said_by(row)? && !(self.refuses && self.is_refused(run, &row.number)?))
    }

    /// A number that must not come back is skipped, unless somebody has it.
    fn is_refused(&mut self, run: &Run<'_>, number: &IdNumber) -> Result<bool> {
        Ok(self.people.holder(number.key())?.is_none() && run.registry.is_refused(run.key.hash(number))?)
    }
}

/// Rows of other municipalities, or of ours in a file of others, are in the wrong file.
fn lives_where(
    row: PopulationRow,
    record: u64,
    residence: Residence,
    ours: &[String],
) -> std::result::Result<PopulationRow, RowFault> {
    let reason = match (residence, ours.contains(&row.municipality)) {
        (Residence::Resident, true) | (Residence::Nonresident, false) => return Ok(row),
        (Residence::Resident, false) => text::MUNICIPALITY_FOREIGN,
        (Residence::Nonresident, true) => text::MUNICIPALITY_OURS,
    };
    Err(RowFault::new(record, reason).in_column("municipality"))
}

/// Keyed, so that a digest can't be tried from outside.
pub(super) fn hasher(run: &Run<'_>) -> SipHasher13 {
    let salt = run.registry.salt();
    SipHasher13::new_with_keys(salt.0, salt.1)
}

fn rejected(file: &str, fault: &RowFault, digest: u64) -> Rejected {
    let params = fault.column.map(|column| serde_json::json!({ "column": column }));
    Rejected {
        file: file.to_owned(),
        record: fault.line,
        code: fault.code.to_owned(),
        params: params.unwrap_or_else(|| serde_json::json!({})).to_string(),
        digest,
    }
}
