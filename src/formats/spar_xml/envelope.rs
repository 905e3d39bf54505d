//! `IdentifieringsinformationFil`: for whom the file is, of which order, and when it was made.

use std::io::BufRead;

use crate::domain::spar::post::Envelope;
use crate::formats::xml::Fault;
use crate::formats::xml::Pull;

/// What of the root's children we know.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Identification,
    Posts,
}

pub(super) fn part(name: &str) -> Option<Part> {
    match name {
        "IdentifieringsinformationFil" | "IdentifieringsInformationFil" => Some(Part::Identification),
        "AviseringPoster" | "AviseringsPoster" => Some(Part::Posts),
        _ => None,
    }
}

/// Whether an element of `AviseringPoster` is a post.
pub(super) fn is_post(name: &str) -> Option<()> {
    matches!(name, "AviseringPost" | "AviseringsPost").then_some(())
}

enum Identification {
    Receiver,
    File,
}

fn identification(name: &str) -> Option<Identification> {
    match name {
        "Mediemottagare" => Some(Identification::Receiver),
        "Filinformation" => Some(Identification::File),
        _ => None,
    }
}

enum File {
    Order,
    Created,
    Sequence,
}

fn file(name: &str) -> Option<File> {
    match name {
        "UppdragId" | "UppdragsId" => Some(File::Order),
        "ResultatfilSkapad" => Some(File::Created),
        "Sekvensnummer" => Some(File::Sequence),
        _ => None,
    }
}

/// Reads the element that is open.
pub(super) fn read<R: BufRead>(pull: &mut Pull<R>, envelope: &mut Envelope) -> Result<(), Fault> {
    while let Some(part) = pull.child(identification)? {
        match part {
            Identification::Receiver => receiver(pull, envelope)?,
            Identification::File => file_information(pull, envelope)?,
        }
    }
    Ok(())
}

fn receiver<R: BufRead>(pull: &mut Pull<R>, envelope: &mut Envelope) -> Result<(), Fault> {
    while pull.child(|name| (name == "KundNr").then_some(()))?.is_some() {
        envelope.customer = pull.value()?;
    }
    Ok(())
}

fn file_information<R: BufRead>(pull: &mut Pull<R>, envelope: &mut Envelope) -> Result<(), Fault> {
    while let Some(part) = pull.child(file)? {
        match part {
            File::Order => envelope.order = pull.value()?,
            File::Created => envelope.created = pull.value()?,
            File::Sequence => envelope.sequence = pull.text()?.parse().ok(),
        }
    }
    Ok(())
}
