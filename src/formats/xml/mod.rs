//! XML as both registers send it, read element by element: what is not whole and well-formed, or beyond the bounds, is
//! refused, and memory stays flat.

mod fault;
mod guard;
mod peek;
mod pull;
mod tape;
mod walk;
mod well_formed;
mod whole;

pub use fault::{Fault, Reason};
pub use pull::Whole;
pub(in crate::formats) use pull::{Pull, record_whole};
pub(in crate::formats) use tape::Tape;
