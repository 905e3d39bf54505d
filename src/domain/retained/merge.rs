//! What a row says, and what that makes of the record that stands. Pure.

use super::{Datum, Kind, Record, Shape};
use crate::domain::person::PersonId;

/// What a row says about one part.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Given {
    /// The file has no such column: what stands stays.
    Absent,
    /// This, an empty cell as well.
    Said(Datum),
}

/// A row whose person, and whose case if it needs one, are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The id that it has in its own system.
    pub reference: String,
    /// Whose it is.
    pub person: PersonId,
    /// Whom the person is guardian of.
    pub related: Option<PersonId>,
    /// The case that it belongs to; none where the file has no such column.
    pub case: Option<Option<i64>>,
    /// Its parts, in the order of [`Kind::parts`].
    pub given: Vec<Given>,
}

/// Two days are the wrong way round: `closed` before `opened`, `to` before `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disorder {
    /// The part that is too early.
    pub part: &'static str,
}

/// Of whom and of which case a row is, as [`Said`] has it; no person where the case tells whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Whose it is.
    pub person: Option<PersonId>,
    /// Whom the person is guardian of.
    pub related: Option<PersonId>,
    /// The case that it belongs to; none where the file has no such column.
    pub case: Option<Option<i64>>,
}

/// Whether [`merge`] would make of the record that stands just what it is.
pub fn says_nothing_new(kind: Kind, stored: &Record, whose: Whose, given: &[Given]) -> bool {
    let is_same = |(given, standing): (&Given, &Datum)| match given {
        Given::Absent => true,
        Given::Said(value) => value == standing,
    };
    whose.person.is_none_or(|person| person == stored.person)
        && whose.related == stored.related
        && whose.case.is_none_or(|case| case == stored.case)
        && given.len() == stored.values.len()
        && given.iter().zip(&stored.values).all(is_same)
        && disorder(kind, &stored.values).is_none()
}

fn disorder(kind: Kind, values: &[Datum]) -> Option<Disorder> {
    let (from, to) = kind.days_in_order()?;
    // ISO days compare as texts do.
    match (values.get(from), values.get(to)) {
        (Some(Datum::Text(first)), Some(Datum::Text(last))) if last < first => {
            Some(Disorder { part: kind.parts().get(to).map_or("", |part| part.name) })
        }
        _ => None,
    }
}

/// The record that a row makes of the one that stands, if one does.
pub fn merge(kind: Kind, stored: Option<&Record>, said: &Said) -> Result<Record, Disorder> {
    let mut values = Vec::with_capacity(said.given.len());
    for (place, part) in kind.parts().iter().enumerate() {
        let standing = stored.and_then(|record| record.values.get(place));
        values.push(match (said.given.get(place), standing, part.shape) {
            (Some(Given::Said(value)), _, _) => value.clone(),
            (Some(Given::Absent) | None, Some(standing), _) => standing.clone(),
            (Some(Given::Absent) | None, None, Shape::Flag) => Datum::Flag(false),
            (Some(Given::Absent) | None, None, Shape::Text | Shape::MaybeFlag) => Datum::Null,
        });
    }
    if let Some(disorder) = disorder(kind, &values) {
        return Err(disorder);
    }
    let case = said.case.unwrap_or_else(|| stored.and_then(|record| record.case));
    let reference = said.reference.clone();
    Ok(Record { reference, person: said.person, related: said.related, case, values })
}
