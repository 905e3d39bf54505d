//! Rows per sentence of rules.md: spar-import 4–15 and Protection, as far as one person and one statement decide.

use super::*;
use crate::domain::address::AddressKind;
use crate::domain::change::Change;
use crate::domain::person::Status;
use crate::domain::protection::add_marks;
use crate::domain::samples::{day, number, person, statement, text};

mod addresses;
mod clock;
mod lives;
mod names;
mod numbers;
mod protected;
mod rest;

const SALT: (u64, u64) = (3, 5);
const POLICY: Policy = Policy {
    file_on: NaiveDate::from_ymd_opt(2026, 1, 20).unwrap(),
    age: Age::Newest,
    carried: Carried::No,
    names: Names::Keep,
    source: Source::Spar,
};

/// What a statement leads to.
struct Outcome {
    after: Person,
    changes: Vec<Change>,
    decision: Decision,
}

impl Outcome {
    fn notices(&self) -> Vec<Notice> {
        self.after.notices.keys().copied().collect()
    }

    fn kept(&self) -> Vec<Kept> {
        self.decision.kept.iter().map(|(kept, _)| *kept).collect()
    }
}

fn carry_out(stored: &Person, decision: Decision, policy: Policy) -> Outcome {
    let (after, changes) = act(stored, &decision.actions, policy);
    Outcome { after, changes, decision }
}

fn hear_with(stored: &Person, statement: &Statement, links: &Renumbering, policy: Policy) -> Outcome {
    carry_out(stored, decide(stored, statement, statement.said(SALT), links, policy), policy)
}

fn hear(stored: &Person, statement: &Statement) -> Outcome {
    hear_with(stored, statement, &Renumbering::None, POLICY)
}

fn boxed(mut person: Person) -> Person {
    person.allow_update = false;
    person
}

fn noted(mut person: Person, notices: &[Notice]) -> Person {
    person.notices = notices.iter().map(|notice| (*notice, None)).collect();
    person
}

fn marked(mut person: Person, kind: Kind) -> Person {
    add_marks(&mut person, &[Mark { kind, since: day("2025-01-01") }]);
    person
}

fn dead(code: &str, date: Option<&str>) -> Statement {
    Statement { life: Life::Deceased { code: code.to_owned(), date: date.map(str::to_owned) }, ..statement() }
}

fn gone(code: &str) -> Statement {
    Statement { life: Life::Deregistered { code: code.to_owned(), date: text("2020-05-05") }, ..statement() }
}

fn replaced() -> Statement {
    Statement { life: Life::NumberReplaced, ..statement() }
}

fn secret() -> Statement {
    let marks = vec![(super::super::statement::KindName::Sekretessmarkering, None)];
    Statement { marks, ..statement() }
}

fn housed(street: &str) -> Statement {
    Statement { place: Some(crate::domain::samples::place(street)), ..statement() }
}

fn nowhere(whereabouts: super::super::statement::Whereabouts) -> Statement {
    Statement { whereabouts, ..statement() }
}
