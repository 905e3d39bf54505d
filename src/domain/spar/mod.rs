//! What SPAR's posts mean for the people in the registry. (rules.md, spar-import)

pub mod post;
