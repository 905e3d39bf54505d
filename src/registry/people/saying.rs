//! Small notes that are written together with what somebody says of a person: a statement of their own would look for the row
//! once more.

use crate::registry::files::FileId;
use crate::registry::ledger::Note;

/// What goes with the next thing that somebody says of a person; whoever writes that takes it.
#[derive(Default)]
pub(in crate::registry) struct Saying {
    /// SPAR's file.
    pub(in crate::registry) file: Option<FileId>,
    /// What is to be noted of SPAR's post.
    pub(in crate::registry) note: Option<Note>,
    /// A source of contact details, and the digest of its row, which leaves nothing to do.
    pub(in crate::registry) settled: Option<(String, u64)>,
}

impl Saying {
    pub(super) fn digest_of(&mut self, source: &str) -> Option<i64> {
        self.settled.take_if(|(of, _)| of == source).map(|(_, digest)| digest.cast_signed())
    }
}
