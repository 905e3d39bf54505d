//! Protected identities from outside: what `sweep` finds, who looked at whom, what a subject access file holds.

#[cfg(test)]
mod access;
#[cfg(test)]
mod earlier;
#[cfg(test)]
mod export;
#[cfg(test)]
mod on_purpose;
#[cfg(test)]
mod support;
#[cfg(test)]
mod sweep;
