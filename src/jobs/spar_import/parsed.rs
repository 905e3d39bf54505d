//! What one post says, with everything that its staging needs. Pure.

use super::record::Taken;
use crate::domain::id_number::{IdKind, IdNumber, Reading};
use crate::domain::person::Said;
use crate::domain::spar::post::{LinkType, Post};
use crate::domain::spar::recognised::PostDigest;
use crate::domain::spar::statement::{Life, Statement, current_details};
use crate::formats::spar_xml::{Fault, Form, Glance, read_post, record_whole_post};

/// A post and what it says.
pub(super) struct Parsed {
    pub(super) ordinal: u64,
    pub(super) number: Option<IdNumber>,
    pub(super) unread: Option<String>,
    pub(super) statement: Statement,
    pub(super) said: Said,
    pub(super) links: Vec<(IdNumber, IdNumber)>,
    pub(super) has_broken_link: bool,
    digest: PostDigest,
    /// A glance at it tells the truth.
    is_plain_to_see: bool,
}

impl Parsed {
    /// Reads a post. `tape` is for its use.
    pub(super) fn of(
        taken: Taken<'_>,
        tape: &mut String,
        reading: &Reading,
        salt: (u64, u64),
    ) -> Result<Self, Fault> {
        let post = match taken.form {
            Form::Tape => read_post(taken.text, reading),
            Form::Whole(whole) => {
                tape.clear();
                record_whole_post(taken.text, whole, tape)?;
                read_post(tape, reading)
            }
        };
        let kind = post.number.map_or(IdKind::Personnummer, |number| number.kind());
        let statement = Statement::of(&post, kind);
        let (links, has_broken_link) = links(&post, &statement);
        let is_plain_to_see = taken.glance == Glance::of(&post);
        Ok(Self {
            ordinal: taken.ordinal,
            number: post.number,
            unread: post.unread,
            said: statement.said(salt),
            links,
            has_broken_link,
            digest: taken.digest,
            is_plain_to_see,
            statement,
        })
    }

    /// What it can be known again by, once it was heard.
    pub(super) fn mark(&self) -> Option<PostDigest> {
        (self.is_plain_to_see && self.leaves_nothing_open()).then_some(self.digest)
    }

    /// Whether all that it asks for is done once it was heard.
    pub(super) fn leaves_nothing_open(&self) -> bool {
        self.statement.marks.is_empty()
            && self.links.is_empty()
            && !self.has_broken_link
            && self.statement.life != Life::NumberReplaced
    }
}

/// Old and new number of each link of the current details; none of a missing person's (Protection 5).
fn links(post: &Post, statement: &Statement) -> (Vec<(IdNumber, IdNumber)>, bool) {
    let (Some(own), false) = (post.number, statement.is_missing) else { return (Vec::new(), false) };
    let mut pairs = Vec::new();
    let mut broken = false;
    for link in current_details(post).into_iter().flat_map(|details| &details.links) {
        match (link.number, link.way) {
            (Some(other), LinkType::To) if other.key() != own.key() => pairs.push((own, other)),
            (Some(other), LinkType::From) if other.key() != own.key() => pairs.push((other, own)),
            (None, LinkType::To | LinkType::From) => broken = true,
            (Some(_), LinkType::To | LinkType::From) | (_, LinkType::Untyped) => {}
        }
    }
    (pairs, broken)
}
