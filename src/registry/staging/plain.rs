//! Posts that say what SPAR said before: most of a file. They lie apart, and only a few are ever asked for.

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

use super::apart::Apart;
use crate::domain::id_number::NumberKey;
use crate::domain::person::{PersonId, Said};
use crate::failure::{Failure, Result};

/// Bytes of one post.
const POST: usize = 61;

/// A post of a known person that needs no decision by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainPost {
    /// From 1, in the order of the file.
    pub ordinal: u64,
    /// Its number.
    pub key: NumberKey,
    /// Whose number that is.
    pub person: PersonId,
    /// SkyddadFolkbokforing was not there.
    pub is_unsaid: bool,
    /// SenasteAndringSPAR.
    pub changed_on: Option<NaiveDate>,
    /// Digests.
    pub said: Said,
}

impl PlainPost {
    fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.ordinal.to_be_bytes());
        bytes.extend_from_slice(&self.key.0.to_be_bytes());
        bytes.extend_from_slice(&self.person.0.to_be_bytes());
        bytes.push(u8::from(self.is_unsaid));
        bytes.extend_from_slice(&self.changed_on.map_or(0, |day| day.num_days_from_ce()).to_be_bytes());
        bytes.extend_from_slice(&self.said.to_bytes());
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let (ordinal, rest) = bytes.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk()?;
        let (person, rest) = rest.split_first_chunk()?;
        let (unsaid, rest) = rest.split_first()?;
        let (days, rest) = rest.split_first_chunk()?;
        let days = i32::from_be_bytes(*days);
        Some(Self {
            ordinal: u64::from_be_bytes(*ordinal),
            key: NumberKey(i64::from_be_bytes(*key)),
            person: PersonId(i64::from_be_bytes(*person)),
            is_unsaid: *unsaid != 0,
            changed_on: NaiveDate::from_num_days_from_ce_opt(days).filter(|_| days != 0),
            said: Said::from_bytes(rest)?,
        })
    }
}

/// Those of one file that nobody asked for yet.
#[derive(Debug, Default)]
pub(super) struct PlainPosts(Apart);

impl PlainPosts {
    /// Takes one in.
    pub(super) fn add(&self, connection: &Connection, post: &PlainPost) -> Result<()> {
        self.0.add(connection, |bytes| post.pack(bytes))
    }

    /// How many there are that were not taken out.
    pub(super) fn count(&self) -> u64 {
        self.0.count()
    }

    /// Hands those out that are wanted; `take` says whether it took one that it had not taken before.
    pub(super) fn take_out(
        &self,
        connection: &Connection,
        is_wanted: impl Fn(&PlainPost) -> bool,
        mut take: impl FnMut(&PlainPost) -> Result<bool>,
    ) -> Result<()> {
        self.0.take_out(connection, |bytes| {
            let unpacked = bytes.split_at_checked(POST);
            let unpacked = unpacked.and_then(|(post, rest)| Some((PlainPost::unpack(post)?, rest)));
            let (post, rest) = unpacked.ok_or_else(|| Failure::internal("a packed post"))?;
            *bytes = rest;
            Ok(is_wanted(&post) && take(&post)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(ordinal: u64) -> PlainPost {
        let days = i32::try_from(ordinal % 5 * 100_000).unwrap();
        PlainPost {
            ordinal,
            key: NumberKey(184_001_010_000 + ordinal.cast_signed()),
            person: PersonId(ordinal.cast_signed() * 3),
            is_unsaid: ordinal.is_multiple_of(2),
            changed_on: NaiveDate::from_num_days_from_ce_opt(days).filter(|_| days != 0),
            said: Said { name: ordinal, address: 0, status: u64::MAX, rest: 7 },
        }
    }

    #[test]
    fn each_post_comes_out_as_it_went_in_and_is_counted_until_it_is_taken() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(super::super::apart::SCHEMA).unwrap();
        let posts = PlainPosts::default();
        for ordinal in 1..=5_000 {
            posts.add(&connection, &post(ordinal)).unwrap();
        }
        let taken = |taken: &mut Vec<PlainPost>| {
            let is_wanted = |post: &PlainPost| post.ordinal.is_multiple_of(1_000);
            let take = |post: &PlainPost| {
                taken.push(*post);
                Ok(post.ordinal > 1_000)
            };
            posts.take_out(&connection, is_wanted, take).unwrap();
        };
        let mut found = Vec::new();
        taken(&mut found);
        assert_eq!(found, [1_000, 2_000, 3_000, 4_000, 5_000].map(post));
        assert_eq!(posts.count(), 4_996, "one was not taken");
    }
}
