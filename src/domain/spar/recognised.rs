//! Tells a post that SPAR sent before by its bytes, without reading what it says. (rules.md, Principles: an unchanged
//! statement writes nothing)
//!
//! What is remembered binds the post to what was heard of it: whatever else changes what SPAR said last of a person, the
//! post is read again.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::domain::person::Said;

/// Counted up whenever another meaning is read from the same post.
const READING: u8 = 2;

/// The low bits say which parts the post spoke of.
const PARTS: u64 = 0xf;

/// Keyed digest of a post, either as it stands in the file or on a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostDigest(pub u64);

impl PostDigest {
    /// Of these bytes.
    pub fn of(post: &[u8], salt: (u64, u64)) -> Self {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        hasher.write_u8(READING);
        hasher.write(post);
        Self(hasher.finish())
    }
}

/// What is remembered of a post that was heard and left nothing open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostMark(pub u64);

impl PostMark {
    /// Of a post that said this; `remembered` is what SPAR said last, this post included.
    pub fn of(digest: PostDigest, said: Said, remembered: Said, salt: (u64, u64)) -> Self {
        let parts = [said.name, said.address, said.status, said.rest];
        let spoken =
            (0..).zip(parts).filter(|(_, part)| *part != 0).map(|(place, _)| 1_u64 << place).sum::<u64>();
        Self(bound(digest, remembered, salt) & !PARTS | spoken)
    }

    /// What the post said, if it is this one and nothing else was heard since.
    pub fn recognise(self, digest: PostDigest, remembered: Said, salt: (u64, u64)) -> Option<Said> {
        if (bound(digest, remembered, salt) ^ self.0) & !PARTS != 0 {
            return None;
        }
        let spoken = |place: u32, part: u64| if self.0 >> place & 1 == 1 { part } else { 0 };
        Some(Said {
            name: spoken(0, remembered.name),
            address: spoken(1, remembered.address),
            status: spoken(2, remembered.status),
            rest: spoken(3, remembered.rest),
        })
    }
}

fn bound(digest: PostDigest, remembered: Said, salt: (u64, u64)) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    hasher.write_u64(digest.0);
    hasher.write(&remembered.to_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::spar::statement::heard;

    const SALT: (u64, u64) = (3, 5);

    fn said() -> impl Strategy<Value = Said> {
        // Few values, so that parts are often equal or unsaid.
        let part = || 0_u64..3;
        (part(), part(), part(), part()).prop_map(|(name, address, status, rest)| Said {
            name,
            address,
            status,
            rest,
        })
    }

    proptest! {
        #[test]
        fn a_post_that_was_heard_is_known_again_with_what_it_said(before in prop::option::of(said()), now in said()) {
            let (digest, remembered) = (PostDigest::of(b"post", SALT), heard(before, now));
            let mark = PostMark::of(digest, now, remembered, SALT);
            let found = mark.recognise(digest, remembered, SALT);
            prop_assert_eq!(found, Some(now));
            prop_assert_eq!(heard(Some(remembered), now), remembered, "it would change nothing");
        }

        #[test]
        fn another_post_or_anything_heard_since_is_not(before in said(), now in said(), since in said()) {
            let (digest, remembered) = (PostDigest::of(b"post", SALT), heard(Some(before), now));
            let mark = PostMark::of(digest, now, remembered, SALT);
            prop_assert_eq!(mark.recognise(PostDigest::of(b"port", SALT), remembered, SALT), None);
            let later = heard(Some(remembered), since);
            prop_assume!(later != remembered);
            prop_assert_eq!(mark.recognise(digest, later, SALT), None);
            prop_assert_eq!(mark.recognise(digest, remembered, (5, 3)), None, "another registry's");
        }
    }
}
