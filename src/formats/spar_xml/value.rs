//! The texts of single elements: marks, dates, words.

use chrono::{Datelike, NaiveDate};

use crate::domain::id_number::{IdKind, IdNumber, Reading};
use crate::domain::spar::post::{Flag, IdType, LinkType, Residence};

/// A mark that is there: exactly NEJ or N is a no, whatever else it says counts as protected.
pub(super) fn flag(text: &str) -> Flag {
    if matches!(text, "NEJ" | "N") { Flag::No } else { Flag::Yes }
}

/// The same mark twice: the stricter one counts.
pub(super) fn stricter(one: Flag, other: Flag) -> Flag {
    match (one, other) {
        (Flag::Yes, _) | (_, Flag::Yes) => Flag::Yes,
        (Flag::No, _) | (_, Flag::No) => Flag::No,
        (Flag::Absent, Flag::Absent) => Flag::Absent,
    }
}

/// A whole date, `YYYY-MM-DD` or eight digits; none if it is incomplete or no date.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = parts(text)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The first day of an interval; an unknown month or day is the earliest possible one.
pub(super) fn first_day(text: &str) -> Option<NaiveDate> {
    match parts(text)? {
        (0, _, _) => None,
        (year, month, day) => NaiveDate::from_ymd_opt(year, month.max(1), day.max(1)),
    }
}

/// The last day of an interval. Read as no date at all, an incomplete one would make what is over current again:
/// an unknown month or day is the latest possible one.
pub(super) fn last_day(text: &str) -> Option<NaiveDate> {
    match parts(text)? {
        (0, _, _) => None,
        (year, 0, _) => NaiveDate::from_ymd_opt(year, 12, 31),
        (year, month, 0) => {
            let first = NaiveDate::from_ymd_opt(year, month, 1)?;
            first.with_day(u32::from(first.num_days_in_month()))
        }
        (year, month, day) => NaiveDate::from_ymd_opt(year, month, day),
    }
}

/// Year, month and day as they stand, zeros included. A time zone, which xs:date allows, is left out.
fn parts(text: &str) -> Option<(i32, u32, u32)> {
    let (date, zone) = text.split_at_checked(10).unwrap_or((text, ""));
    if !(zone.is_empty() || zone == "Z" || zone.starts_with(['+', '-'])) {
        return None;
    }
    let (year, month, day) = match date.len() {
        10 => {
            let (year, rest) = date.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            (year, month, day)
        }
        8 => {
            let (year, rest) = date.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            (year, month, day)
        }
        _ => return None,
    };
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    let number =
        |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok());
    Some((i32::try_from(number(year)??).ok()?, number(month)??, number(day)??))
}

/// PersonId/Typ.
pub(super) fn id_type(text: &str) -> IdType {
    if text.eq_ignore_ascii_case("PERSONNUMMER") {
        IdType::Personnummer
    } else if text.eq_ignore_ascii_case("SAMORDNINGSNUMMER") {
        IdType::Samordningsnummer
    } else if text.eq_ignore_ascii_case("IMMUNITETSNUMMER") {
        IdType::Immunitetsnummer
    } else {
        IdType::Unsaid
    }
}

/// A number as SPAR writes it: twelve digits, no other spelling.
pub(super) fn number(text: &str, id_type: IdType, reading: &Reading) -> Option<IdNumber> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || text.starts_with('0') {
        return None;
    }
    let kind = match id_type {
        IdType::Immunitetsnummer => Some(IdKind::Immunitetsnummer),
        IdType::Unsaid | IdType::Personnummer | IdType::Samordningsnummer => None,
    };
    IdNumber::parse(text, &Reading { kind, birth_date: None, ..*reading }).ok()
}

/// Hanvisning/Typ.
pub(super) fn link_type(text: &str) -> LinkType {
    if text.eq_ignore_ascii_case("Till") {
        LinkType::To
    } else if text.eq_ignore_ascii_case("Fran") {
        LinkType::From
    } else {
        LinkType::Untyped
    }
}

/// Hemvist; a word that we don't know says nothing.
pub(super) fn residence(text: &str) -> Option<Residence> {
    match text.to_lowercase().as_str() {
        "skriven på adressen" => Some(Residence::AtAddress),
        "på kommunen skriven" => Some(Residence::AtMunicipality),
        "utan känt hemvist" => Some(Residence::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
