//! How long people, cases, drafts and events are kept, and why somebody stays. Decides only: no I/O, no clock, and nothing
//! is removed from here. (rules.md, purge)

mod bands;
mod case;
mod choose;
mod guardian;
mod odd;
mod period;
mod person;
mod rule;
mod small;
mod verdict;

pub use bands::Bands;
pub use case::Case;
pub use choose::{Candidate, Most, choose};
pub use guardian::{Guardians, grounded};
pub use odd::{Oddity, oddities};
pub use period::{Period, PeriodFault};
pub use person::{Death, Life, Owed};
pub use rule::{Action, CountedFrom, Rule, RuleFault, Rules, Target};
pub use small::{Loose, Setting};
pub use verdict::{Reason, Reasons, Verdict};

#[cfg(test)]
mod tests;
