//! What a support desk and other systems see of the journal: the change feed, where values come from, merging, undo. The
//! program is run as people and cron run it.

#[cfg(test)]
mod feed;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod mirror;
#[cfg(test)]
mod settled;
#[cfg(test)]
mod support;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod why;
