//! Key codes, links and areas, with the program run as its users run it. (rules.md, Areas and the population register)

#[cfg(test)]
mod links;
#[cfg(test)]
mod support;
#[cfg(test)]
mod update;
#[cfg(test)]
mod what_if;
