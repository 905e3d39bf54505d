//! What one post says, with everything that its staging needs. Pure.

use super::record::Taped;
use crate::domain::id_number::{IdKind, IdNumber, Reading};
use crate::domain::person::Said;
use crate::domain::spar::post::{LinkType, Post};
use crate::domain::spar::recognised::PostDigest;
use crate::domain::spar::statement::{Life, Statement, current_details};
use crate::formats::spar_xml::read_post;

/// A post and what it says.
pub(super) struct Parsed {
    pub(super) ordinal: u64,
    pub(super) number: Option<IdNumber>,
    pub(super) unread: Option<String>,
    pub(super) statement: Statement,
    pub(super) said: Said,
    pub(super) links: Vec<(IdNumber, IdNumber)>,
    pub(super) has_broken_link: bool,
    pub(super) digest: PostDigest,
}

impl Parsed {
    /// Reads a post.
    pub(super) fn of(taped: Taped<'_>, reading: &Reading, salt: (u64, u64)) -> Self {
        let post = read_post(taped.tape, reading);
        let kind = post.number.map_or(IdKind::Personnummer, |number| number.kind());
        let statement = Statement::of(&post, kind);
        let (links, has_broken_link) = links(&post, &statement);
        Self {
            ordinal: taped.ordinal,
            number: post.number,
            unread: post.unread,
            said: statement.said(salt),
            links,
            has_broken_link,
            digest: taped.digest,
            statement,
        }
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
