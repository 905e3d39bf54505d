//! Key codes, the areas that they are linked to, and what a person gets of both. Pure: the day is an argument.
//! (rules.md, Areas and the population register)

mod assigned;
mod assignment;
mod code;
mod link;
mod plan;
mod standing;
mod tally;

pub use assigned::Assigned;
pub use assignment::Assignment;
pub use code::{CodeFault, KeyCode, Pattern};
pub use link::{Link, Validity};
pub use plan::{Clash, LinkChange, LinkPlan, Taking, plan, replaced};
pub use standing::{NoCode, RegisterRow, Standing, standing};
pub use tally::{AreaCount, Move, Tally, Unlinked};

use std::collections::BTreeMap;

/// The activity (verksamhet) of a link that names none.
pub const GENERAL: &str = "general";

/// Areas by activity.
pub type Areas = BTreeMap<String, String>;

#[cfg(test)]
mod tests;
