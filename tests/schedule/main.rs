//! Single runs at a given time, from outside: once, never twice, never lost in silence. (rules.md, Running at a time)

#[cfg(test)]
mod clocks;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod support;
#[cfg(test)]
mod told;
#[cfg(test)]
mod typed;
#[cfg(test)]
mod watched;
