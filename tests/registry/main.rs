//! The registry as a file, and the jobs that copy it, replace it and look after its findings: real files, real SQLite.

#[cfg(test)]
mod ageing;
#[cfg(test)]
mod ahead;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod columns;
#[cfg(test)]
mod dry_run;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod open;
#[cfg(test)]
mod restore;
#[cfg(test)]
mod restore_refusals;
#[cfg(test)]
mod restore_secrets;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod support;
#[cfg(test)]
mod upgrade;
