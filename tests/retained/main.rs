//! What people are kept for: cases, documents, subscriptions, obligations, drafts, events and guardians, and holds, with
//! the program run as its users run it. (product.md, CSV files; rules.md, purge)

#[cfg(test)]
mod absence;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod protection;
#[cfg(test)]
mod undo;
#[cfg(test)]
#[path = "../support/world.rs"]
mod world;
