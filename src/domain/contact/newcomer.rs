//! A number that a source has and the registry has not: who it may be. (rules.md, sync-contacts 9)

use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use siphasher::sip::SipHasher13;

use crate::domain::address::folded;
use crate::domain::id_number::{IdKind, IdNumber};
use crate::domain::person::PersonId;

/// Somebody here with the same first and last name and birth date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// Who.
    pub person: PersonId,
    /// What kind of number they have.
    pub kind: IdKind,
    /// Whether they are protected: then nobody may be told of them.
    pub is_protected: bool,
}

/// What becomes of an unknown number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newcomer {
    /// Somebody new.
    Enter,
    /// Somebody new, with the question whether they are somebody else too.
    EnterWithQuestion,
    /// The person with the temporary number gets this one.
    TakeOver(PersonId),
    /// A protected person with a temporary number may be meant: a human decides, nobody is created.
    Ask(PersonId),
}

/// The rule. `rivals` are other unknown full numbers of the same name and birth date in the file.
pub fn newcomer(kind: IdKind, rivals: u64, namesakes: &[Namesake]) -> Newcomer {
    if kind == IdKind::Temporary {
        return Newcomer::Enter;
    }
    let temporary = namesakes.iter().filter(|other| other.kind == IdKind::Temporary);
    let candidates: Vec<&Namesake> = temporary.collect();
    match (candidates.as_slice(), rivals) {
        ([one], 0) if one.is_protected => Newcomer::Ask(one.person),
        ([one], 0) => Newcomer::TakeOver(one.person),
        ([], _) if namesakes.iter().all(|other| other.is_protected) && rivals == 0 => Newcomer::Enter,
        ([] | [_] | [_, ..], _) => Newcomer::EnterWithQuestion,
    }
}

/// Stands for first and last name without case and blanks, and birth date; none if one of them is missing. A missing
/// birth date is read from the number.
pub fn likeness(
    salt: (u64, u64),
    (first, last): (Option<&str>, Option<&str>),
    birth_date: Option<NaiveDate>,
    number: &IdNumber,
) -> Option<u64> {
    let birth_date = birth_date.or_else(|| number.birth_date())?;
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    birth_date.hash(&mut hasher);
    for name in [first?, last?] {
        let letters: String = folded(name).collect();
        if letters.is_empty() {
            return None;
        }
        letters.hash(&mut hasher);
    }
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namesake(person: i64, kind: IdKind) -> Namesake {
        Namesake { person: PersonId(person), kind, is_protected: false }
    }

    #[test]
    fn an_unknown_number_enters_or_takes_the_place_of_one_temporary_number() {
        let full = IdKind::Personnummer;
        let (tf, other_tf) = (namesake(1, IdKind::Temporary), namesake(2, IdKind::Temporary));
        let somebody = namesake(3, IdKind::Personnummer);
        let hidden = |one: Namesake| Namesake { is_protected: true, ..one };
        let rows: &[(IdKind, u64, &[Namesake], Newcomer)] = &[
            // Unknown number: created.
            (full, 0, &[], Newcomer::Enter),
            // One record with a temporary number and the same names and birth date gets it.
            (full, 0, &[tf], Newcomer::TakeOver(PersonId(1))),
            (IdKind::Samordningsnummer, 0, &[tf], Newcomer::TakeOver(PersonId(1))),
            (full, 0, &[tf, somebody], Newcomer::TakeOver(PersonId(1))),
            // Two such candidates: none is taken.
            (full, 0, &[tf, other_tf], Newcomer::EnterWithQuestion),
            // Nor is one that two numbers of the file claim.
            (full, 1, &[tf], Newcomer::EnterWithQuestion),
            // The same names and birth date with another full number: created, with a finding.
            (full, 0, &[somebody], Newcomer::EnterWithQuestion),
            (full, 1, &[], Newcomer::EnterWithQuestion),
            // A temporary number takes nothing over.
            (IdKind::Temporary, 0, &[tf, somebody], Newcomer::Enter),
            // Of a protected namesake nothing is said; one with a temporary number is a human's question.
            (full, 0, &[hidden(somebody)], Newcomer::Enter),
            (full, 0, &[hidden(tf)], Newcomer::Ask(PersonId(1))),
        ];
        for (kind, rivals, namesakes, expected) in rows {
            assert_eq!(newcomer(*kind, *rivals, namesakes), *expected, "{kind:?} {rivals} {namesakes:?}");
        }
    }

    #[test]
    fn names_are_compared_without_case_and_blanks_and_a_missing_date_is_read_from_the_number() {
        let number = IdNumber::from_stored("198001022386", IdKind::Personnummer).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let of = |first, last, date: Option<NaiveDate>| likeness((1, 2), (first, last), date, &number);
        let one = of(Some("Anna Maria"), Some("Åberg"), day("1980-01-02"));
        assert!(one.is_some());
        assert_eq!(one, of(Some("annaMARIA"), Some("åberg "), None));
        assert_ne!(one, of(Some("annaMARIA"), Some("åberg"), day("1980-01-03")));
        assert_ne!(one, of(Some("Åberg"), Some("Anna Maria"), None));
        for missing in [of(None, Some("Åberg"), None), of(Some("Anna"), Some(" "), None)] {
            assert_eq!(missing, None);
        }
    }
}
