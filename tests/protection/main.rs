//! Protected identities from outside: what `sweep` finds, who looked at whom, what a subject access file holds.

#![cfg(test)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod support;
mod sweep;
