//! The registry as a file, and the jobs that copy it, replace it and look after its findings: real files, real `SQLite`.

mod backup;
mod dry_run;
mod findings;
mod open;
mod restore;
mod restore_refusals;
mod restore_secrets;
mod support;
