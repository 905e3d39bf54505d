//! People in and out of their tables. [`Editor`] is the only way to change one: it writes the journal with it.

mod ahead;
mod assign;
mod edit;
mod heard;
mod read;
mod saying;
mod table;
mod write;

pub use ahead::{Foreseen, Foresight};
pub use assign::{Assigner, Step};
pub use edit::{Arrival, Beside, Departure, Editor, Recorded, Remains, Trace, What, Withheld};
pub(in crate::registry) use edit::{Earlier, FORGET_CODES};
pub use read::{Concealment, Reader, Stored};
pub(in crate::registry) use write::UNSETTLE_ROW;
