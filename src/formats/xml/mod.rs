//! XML as both registers send it, read element by element: what is not whole and well-formed, or beyond the bounds, is
//! refused, and memory stays flat.

mod fault;
mod guard;
mod pull;
mod tape;
mod well_formed;

pub use fault::{Fault, Reason};
pub(in crate::formats) use pull::Pull;
pub(in crate::formats) use tape::Tape;
