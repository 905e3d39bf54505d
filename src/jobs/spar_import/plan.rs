//! What comes of the posts of one person: chosen, decided and worked out, before anything is written. Pure, but for the links,
//! which come from outside.

use crate::domain::id_number::NumberKey;
use crate::domain::person::{PersonId, Said};
use crate::domain::spar::decide::{Decision, Policy, decide, decide_links};
use crate::domain::spar::links::Renumbering;
use crate::domain::spar::recognised::PostDigest;
use crate::domain::spar::together::{Candidate, Choice, choose};
use crate::failure::Result;
use crate::jobs::decision::{Worked, as_if_open, work_out};
use crate::registry::people::Stored;
use crate::registry::staging::posts::StagedPost;

/// All posts of one person, and of those linked to them.
pub(super) type Group = Vec<StagedPost>;

pub(super) fn whose(group: &Group) -> Option<PersonId> {
    Some(group.first()?.person)
}

/// What comes of a group.
pub(super) struct Plan {
    /// The person's own posts.
    pub(super) own: Vec<Own>,
    /// The post that counts, and what is remembered of it.
    pub(super) used: Option<(u64, Option<Said>)>,
    /// What is done; none if the posts contradict each other.
    pub(super) done: Option<Done>,
}

/// A decision, and what it makes of the person.
pub(super) struct Done {
    /// The person as the decision saw them, where that is not as they are stored.
    pub(super) as_if: Option<Stored>,
    pub(super) decision: Decision,
    pub(super) worked: Worked,
}

/// What is remembered of a person's own post.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) ordinal: u64,
    pub(super) key: NumberKey,
    pub(super) digest: Option<PostDigest>,
    pub(super) is_answered: bool,
}

/// What links mean for somebody comes as a place without a post.
pub(super) fn is_linked(group: &Group) -> bool {
    group.iter().any(|post| post.ordinal == 0)
}

impl Plan {
    /// Of whoever has these posts, and is concerned by links of this meaning.
    pub(super) fn of(
        stored: &Stored,
        group: &Group,
        renumbering: &Renumbering,
        policy: Policy,
    ) -> Result<Self> {
        let candidates: Result<Vec<Candidate>> =
            group.iter().filter(|post| post.ordinal > 0).map(candidate).collect();
        let (used, done) = match choose(candidates?, policy.carried) {
            Some(Choice::Use(chosen)) => {
                // Nothing is kept of what a protected person's post says, not even a digest.
                let is_protected = chosen.statement.is_protected(policy.carried);
                let is_hidden = is_protected || stored.person.is_protected();
                let as_if = is_protected.then(|| as_if_open(stored.clone()));
                let person = &as_if.as_ref().unwrap_or(stored).person;
                let decision = decide(person, &chosen.statement, chosen.said, renumbering, policy);
                let worked = work_out(person, &decision, policy);
                let used = (chosen.ordinal, (!is_hidden).then_some(chosen.said));
                (Some(used), Some(Done { as_if, decision, worked }))
            }
            Some(Choice::Conflict) => (None, None),
            None => {
                let decision = decide_links(&stored.person, renumbering);
                let worked = work_out(&stored.person, &decision, policy);
                (None, Some(Done { as_if: None, decision, worked }))
            }
        };
        let own = group.iter().filter(|post| !post.is_borrowed).map(Own::of).collect();
        Ok(Self { own, used, done })
    }

    /// Whether it is the post that counts.
    pub(super) fn is_used(&self, own: &Own) -> bool {
        self.used.is_some_and(|(ordinal, _)| ordinal == own.ordinal)
    }
}

impl Own {
    const fn of(post: &StagedPost) -> Self {
        Self { ordinal: post.ordinal, key: post.key, digest: post.digest, is_answered: post.is_answered }
    }
}

fn candidate(post: &StagedPost) -> Result<Candidate> {
    Ok(Candidate { ordinal: post.ordinal, statement: post.statement()?, said: post.said })
}
