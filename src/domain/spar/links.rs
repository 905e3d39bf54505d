//! Follows changes of number through all links of a file. (rules.md, spar-import 7)

use std::collections::BTreeSet;

use crate::domain::id_number::{IdNumber, NumberKey};
use crate::domain::person::PersonId;

/// What the links of the whole file mean for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renumbering {
    /// No link concerns them.
    None,
    /// The links say what is so already.
    AlreadyDone,
    /// They get the last of these numbers, and had the others on the way.
    To(Vec<IdNumber>),
    /// The new number is, or is claimed by, another record: nothing is merged by machine.
    OtherRecord(PersonId),
    /// A cycle, a fork, or a link that a machine must not follow.
    Unclear,
}

/// All links of a file, and who holds which number.
pub trait Links {
    /// What a look-up can fail with.
    type Error;
    /// The numbers that a number was replaced by, each once.
    fn successors(&mut self, number: NumberKey) -> Result<Vec<IdNumber>, Self::Error>;
    /// Who has the number now or had it before.
    fn holder(&mut self, number: NumberKey) -> Result<Option<PersonId>, Self::Error>;
}

/// A longer chain than this is no history of one person.
const LONGEST_CHAIN: usize = 32;

/// Follows the links from a person's current number; then looks whether those of former numbers lead elsewhere.
pub fn follow<L: Links>(
    links: &mut L,
    person: PersonId,
    current: &IdNumber,
    former: &[IdNumber],
) -> Result<Renumbering, L::Error> {
    let step = walk(links, person, current.key())?;
    if !matches!(step, Renumbering::None) {
        return Ok(step);
    }
    let mut outcome = Renumbering::None;
    for number in former {
        match leads_to(links, number.key(), current.key())? {
            Some(true) => outcome = Renumbering::AlreadyDone,
            Some(false) => return Ok(Renumbering::Unclear),
            None => {}
        }
    }
    Ok(outcome)
}

fn walk<L: Links>(links: &mut L, person: PersonId, start: NumberKey) -> Result<Renumbering, L::Error> {
    let mut seen = BTreeSet::from([start]);
    let mut at = start;
    let mut path = Vec::new();
    loop {
        let number = match links.successors(at)?.as_slice() {
            [] if path.is_empty() => return Ok(Renumbering::None),
            [] => return Ok(Renumbering::To(path)),
            [number] => *number,
            [_, _, ..] => return Ok(Renumbering::Unclear),
        };
        at = number.key();
        if !seen.insert(at) || seen.len() > LONGEST_CHAIN {
            return Ok(Renumbering::Unclear);
        }
        match links.holder(at)? {
            Some(other) if other != person => return Ok(Renumbering::OtherRecord(other)),
            Some(_) | None => path.push(number),
        }
    }
}

/// Whether the links from a former number arrive at the current one; none if there are no links from it.
fn leads_to<L: Links>(links: &mut L, from: NumberKey, current: NumberKey) -> Result<Option<bool>, L::Error> {
    let mut frontier = vec![from];
    let mut seen = BTreeSet::from([from]);
    let mut any = false;
    while let Some(at) = frontier.pop() {
        for number in links.successors(at)? {
            any = true;
            if number.key() == current {
                return Ok(Some(true));
            }
            if seen.len() < LONGEST_CHAIN && seen.insert(number.key()) {
                frontier.push(number.key());
            }
        }
    }
    Ok(any.then_some(false))
}
