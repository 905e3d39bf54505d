//! The search, as staff type it: what is found in which order, what an index that is older than the registry may show,
//! and that nobody protected is found by anything but their number. (rules.md, Areas: update-search / search)

#[cfg(test)]
mod building;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod protected;
#[cfg(test)]
mod support;
