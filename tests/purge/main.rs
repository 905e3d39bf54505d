//! Retention: what goes, what stays, and that nothing is left of what went. (rules.md, purge)

#[cfg(test)]
mod classes;
#[cfg(test)]
mod gone;
#[cfg(test)]
mod guarded;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod proof;
#[cfg(test)]
#[path = "../registry/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the registry, which use more of it")]
mod support;
#[cfg(test)]
mod world;
