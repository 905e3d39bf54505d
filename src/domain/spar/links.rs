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

/// Follows the links from a person's current number, and looks whether those of former numbers lead elsewhere.
pub fn follow<L: Links>(
    links: &mut L,
    person: PersonId,
    current: &IdNumber,
    former: &[IdNumber],
) -> Result<Renumbering, L::Error> {
    let step = walk(links, person, current.key())?;
    let path = match &step {
        Renumbering::None => &[][..],
        Renumbering::To(path) => path,
        Renumbering::AlreadyDone | Renumbering::OtherRecord(_) | Renumbering::Unclear => return Ok(step),
    };
    let own: BTreeSet<NumberKey> = former.iter().chain([current]).chain(path).map(IdNumber::key).collect();
    let mut is_done = false;
    for number in former {
        match leads_to(links, number.key(), &own)? {
            Lead::Home => is_done = true,
            Lead::Elsewhere => return Ok(Renumbering::Unclear),
            Lead::Nowhere => {}
        }
    }
    Ok(if is_done && step == Renumbering::None { Renumbering::AlreadyDone } else { step })
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
            // Back to a number that they had before: a cycle, told in two files.
            Some(_) => return Ok(Renumbering::Unclear),
            None => path.push(number),
        }
    }
}

/// Where the links from a former number go.
enum Lead {
    /// There are none.
    Nowhere,
    /// To a number of the same person.
    Home,
    /// To a number that is none of theirs.
    Elsewhere,
}

fn leads_to<L: Links>(links: &mut L, from: NumberKey, own: &BTreeSet<NumberKey>) -> Result<Lead, L::Error> {
    let mut frontier = vec![from];
    let mut seen = BTreeSet::from([from]);
    let mut lead = Lead::Nowhere;
    while let Some(at) = frontier.pop() {
        let next = links.successors(at)?;
        // The end of a way that never met a number of theirs.
        if next.is_empty() && at != from || seen.len() > LONGEST_CHAIN {
            return Ok(Lead::Elsewhere);
        }
        for number in next {
            match (own.contains(&number.key()), &lead) {
                (true, _) => lead = Lead::Home,
                (false, Lead::Nowhere) => lead = Lead::Elsewhere,
                (false, Lead::Home | Lead::Elsewhere) => {}
            }
            if !own.contains(&number.key()) && seen.insert(number.key()) {
                frontier.push(number.key());
            }
        }
    }
    Ok(lead)
}

#[cfg(test)]
mod tests;
