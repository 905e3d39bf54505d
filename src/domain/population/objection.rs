//! What the population register says of somebody and why it isn't what is stored: the rules of `update-persons` are asked.

use chrono::NaiveDate;

use super::{PopulationRow, complete, said, statement};
use crate::domain::address::{AddressKind, Place};
use crate::domain::person::Person;
use crate::domain::protection::Names;
use crate::domain::spar::decide::{Action, Age, Decision, Kept, Policy, Source, decide};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::statement::{Carried, NameParts};

/// Why a register's word is not what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// "Tillåt uppdatering" is off (spar-import 6).
    Box,
    /// update-persons has not heard it yet.
    NotYet,
    /// It was heard, and something else came after: an unchanged row writes nothing.
    HeardBefore,
    /// A särskild postadress stands, and a plain one of the same or an older day doesn't replace it.
    Special,
    /// The person is deceased, or the rule has another reason to leave it.
    Left,
}

/// What the register says that is not stored.
#[derive(Clone, PartialEq, Eq)]
pub enum Claim {
    /// Another home.
    Home(Box<Place>),
    /// Another name.
    Name(Box<NameParts>),
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claim(hidden)")
    }
}

/// Whether update-persons has heard the row as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It has.
    Yes,
    /// It changed since.
    No,
}

/// Everything in a row that is not what is stored, with the reason.
pub fn objections(
    person: &Person,
    row: &PopulationRow,
    address_on: Option<NaiveDate>,
    heard: Heard,
    today: NaiveDate,
) -> Vec<(Claim, Objection)> {
    let mut says = statement(row, address_on);
    let now = said(row, &says, (0, 0));
    complete(&mut says, row, person);
    let policy = Policy {
        file_on: today,
        age: Age::Newest,
        carried: Carried::No,
        names: Names::Keep,
        source: Source::Register,
    };
    // As if it were news.
    let listening = Person { said: None, ..person.clone() };
    let decision = decide(&listening, &says, now, &Renumbering::None, policy);
    let mut claims = Vec::new();
    let home = person.addresses.get(&AddressKind::Home).map(|home| &home.place);
    if let Some(place) = says.place.filter(|place| home.is_none_or(|home| !home.same_as(place))) {
        let does = |action: &Action| matches!(action, Action::PlaceAddress(_));
        let otherwise = if person.special_since.is_some() { Objection::Special } else { Objection::Left };
        let why = reason(&decision, (Kept::Address, &does), heard, otherwise);
        claims.push((Claim::Home(Box::new(place)), why));
    }
    let name = &person.name;
    let stored: NameParts = (name.first.clone(), name.called.clone(), name.middle.clone(), name.last.clone());
    if let Some(parts) = says.name.filter(|parts| *parts != stored) {
        let does = |action: &Action| matches!(action, Action::Rename(_));
        if decision.actions.iter().any(does) || decision.kept.iter().any(|(kept, _)| *kept == Kept::Name) {
            let why = reason(&decision, (Kept::Name, &does), heard, Objection::Left);
            claims.push((Claim::Name(Box::new(parts)), why));
        }
    }
    claims
}

fn reason(
    decision: &Decision,
    (kept, does): (Kept, &dyn Fn(&Action) -> bool),
    heard: Heard,
    otherwise: Objection,
) -> Objection {
    let is_kept = decision.kept.iter().any(|(what, _)| *what == kept);
    let is_done = decision.actions.iter().any(does);
    match (is_kept, is_done, heard) {
        (true, _, _) => Objection::Box,
        (false, true, Heard::No) => Objection::NotYet,
        (false, true, Heard::Yes) => Objection::HeardBefore,
        (false, false, _) => otherwise,
    }
}
