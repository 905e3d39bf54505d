//! Reads a whole extract into the staging area. Nothing is decided and nothing is written to the registry before the last
//! row was read.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::receive::{Form, Received};
use crate::domain::id_number::{CheckDigit, Reading};
use crate::domain::population::{PopulationRow, Residence};
use crate::failure::Result;
use crate::formats::csv::RowFault;
use crate::formats::population_rows::{ReadRow, read, told};
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::rejected::Rejected;
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
    loop {
        let outcome = reader.next_row(&mut row);
        let outcome = outcome.map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        let Some(outcome) = outcome else { break };
        let typed = read(&row, outcome, told, &reading);
        take(run, scan, typed, residence)?;
    }
    Ok(())
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
        take(run, scan, post.into_row(municipality.as_deref(), today), residence)?;
    }
    Ok(())
}

fn take(run: &mut Run<'_>, scan: &mut Scan, mut read: ReadRow, residence: Residence) -> Result<()> {
    scan.read += 1;
    if scan.read.is_multiple_of(1024) {
        run.check_stop()?;
        run.setup.progress.at(scan.read);
    }
    let (record, number, mark) = (read.record, read.number, read.mark);
    read.row = read.row.and_then(|row| lives_where(row, record, residence, &run.setup.settings.municipality));
    match (read.row, number) {
        (Ok(row), _) => {
            scan.wrong_check_digits += u64::from(row.number.check_digit() == CheckDigit::Wrong);
            scan.extract.add(record, &row)
        }
        (Err(fault), number) => {
            scan.rejected += 1;
            let mut hasher = hasher(run);
            (number.map(|number| number.key().0), mark.number(), fault.code, fault.column).hash(&mut hasher);
            run.reject(rejected(&scan.name, &fault, hasher.finish()));
            if let Some(number) = number {
                return scan.extract.add_rejected(record, number.key(), mark);
            }
            scan.unreadable += 1;
            scan.unreadable_marks += u64::from(mark.is_set());
            Ok(())
        }
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
