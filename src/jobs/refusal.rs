//! Why an input file as a whole is not taken.

use crate::failure::Failure;

/// Why a file was not taken.
pub(super) enum Refusal {
    /// The file is at fault: it is remembered as rejected.
    Rejected(Failure),
    /// Something else is.
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
