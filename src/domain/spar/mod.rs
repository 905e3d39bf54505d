//! What SPAR's posts mean for the people in the registry. (rules.md, spar-import)
//!
//! [`post`] is what was delivered, [`statement`] what it says about one person now, [`together`] chooses among
//! several posts of one person, [`links`] follows changes of number, [`decide`] turns all that into actions.

pub mod decide;
pub mod ledger;
pub mod links;
pub mod post;
pub mod recognised;
pub mod statement;
pub mod together;
