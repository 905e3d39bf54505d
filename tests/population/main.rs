//! The population register's two jobs, run as cron runs them. (rules.md, Areas and the population register)

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod navet;
#[cfg(test)]
mod settled;
#[cfg(test)]
mod support;
#[cfg(test)]
mod updating;
