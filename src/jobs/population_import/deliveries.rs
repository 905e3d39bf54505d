//! Navet's files are read to their end and their counters compared before the first file is loaded; and who a delivery of
//! several files holds is known with its last one.

use super::receive::{Form, Received};
use super::reject;
use super::scan::Scan;
use crate::domain::id_number::{NumberKey, Reading};
use crate::domain::population::delivery::{Mismatch, Part, judge};
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::text::population as text;

/// What each file says of its delivery; a CSV file says nothing.
pub(super) struct Deliveries {
    parts: Vec<Part>,
    /// Loaded files that are no delivery's last, by place.
    loaded: Vec<(usize, Scan)>,
}

/// The other files of a file's delivery.
pub(super) enum Siblings<'a> {
    /// Some of them are loaded after it.
    ToCome,
    /// An earlier run loaded some of them: whom they hold is not known any more.
    Elsewhere,
    /// They are loaded, or there are none.
    Here(Vec<&'a Scan>),
}

impl Siblings<'_> {
    /// Whether the file is a delivery of its own.
    pub(super) const fn are_none(&self) -> bool {
        match self {
            Self::Here(others) => others.is_empty(),
            Self::ToCome | Self::Elsewhere => false,
        }
    }

    /// Whether any of them has a row of this number.
    pub(super) fn hold(&self, key: NumberKey) -> Result<bool> {
        let Self::Here(others) = self else { return Ok(false) };
        for scan in others {
            if scan.extract.holds(key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Deliveries {
    /// Reads all files of Navet's. One that can't be read, or isn't what it says, is rejected before anything changes.
    pub(super) fn check(run: &mut Run<'_>, files: &[Received]) -> Result<Self> {
        let mut parts = Vec::new();
        for file in files {
            match file.form {
                Form::Csv => parts.push(Part::default()),
                Form::Navet => match count(run, file)? {
                    Ok(part) => parts.push(part),
                    Err(failure) => return reject(run, file.row(), failure),
                },
            }
        }
        let Err((place, mismatch)) = judge(&parts) else { return Ok(Self { parts, loaded: Vec::new() }) };
        let file = files.get(place).ok_or_else(|| Failure::internal("a file without a place"))?;
        let failure = failure(&mismatch, &file.name);
        match mismatch {
            Mismatch::Posts(..) | Mismatch::Number => reject(run, file.row(), failure),
            // Nothing is wrong with the file that is there.
            Mismatch::Missing(..) => Err(failure),
        }
    }

    /// What is known of a file's siblings.
    pub(super) fn siblings(&self, place: usize) -> Siblings<'_> {
        let others: Vec<usize> = self.others(place).collect();
        if others.iter().any(|other| *other > place) {
            return Siblings::ToCome;
        }
        let loaded = self.loaded.iter().filter(|(other, _)| others.contains(other));
        let scans: Vec<&Scan> = loaded.map(|(_, scan)| scan).collect();
        if scans.len() == others.len() { Siblings::Here(scans) } else { Siblings::Elsewhere }
    }

    /// Keeps a loaded file for its delivery's last one.
    pub(super) fn keep(&mut self, place: usize, scan: Scan) {
        if self.others(place).any(|other| other > place) {
            self.loaded.push((place, scan));
        }
    }

    fn others(&self, place: usize) -> impl Iterator<Item = usize> {
        let part = self.parts.get(place);
        let is_with = move |other: &Part| part.is_some_and(|part| part.is_with(other));
        let others = self.parts.iter().enumerate().filter(move |(other, _)| *other != place);
        others.filter(move |(_, other)| is_with(other)).map(|(other, _)| other)
    }
}

/// Reads a file to its end; the inner failure is the file's own.
fn count(run: &Run<'_>, file: &Received) -> Result<Result<Part>> {
    let reading = Reading::on(run.setup.today, run.setup.settings.country);
    let mut reader = match file.navet(reading) {
        Ok(reader) => reader,
        Err(failure) => return Ok(Err(failure)),
    };
    loop {
        match reader.next_post() {
            Ok(Some(post)) if post.record.is_multiple_of(1024) => run.check_stop()?,
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Ok(reader.part().clone())),
            Err(fault) => return Ok(Err(fault.into_failure(&file.name))),
        }
    }
}

fn failure(mismatch: &Mismatch, file: &str) -> Failure {
    match mismatch {
        Mismatch::Posts(counter, stated, found) => Failure::failed(text::NAVET_COUNT)
            .with("file", file)
            .with("counter", counter)
            .with("stated", stated)
            .with("found", found),
        Mismatch::Number => Failure::failed(text::NAVET_NUMBER).with("file", file),
        Mismatch::Missing(files, missing) => {
            let missing: Vec<String> = missing.iter().map(u64::to_string).collect();
            let failure = Failure::failed(text::NAVET_MISSING).with("file", file).with("files", files);
            failure.with("missing", missing.join(", ")).hint(text::NAVET_MISSING_HINT)
        }
    }
}
