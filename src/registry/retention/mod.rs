//! The plan of classes, what people are kept for, and what is left of what went.

pub mod disposal;
pub mod facts;
pub mod planned;
mod removal;
mod rules;

pub use facts::{CaseRow, LifeRow, LooseKind, LooseRow, MarkedRow, OwedRow, Whom};
pub use removal::{Gone, Leaving};
pub use rules::{RuleRow, Verb};
