//! placeholder until the verbs are merged
use super::Job;
use super::run::Run;
use crate::failure::Result;
/// Verb.
#[derive(Debug)]
pub enum Verb {
    /// Done.
    Done,
    /// Ignore.
    Ignore,
    /// Reopen.
    Reopen,
}
/// Job.
#[derive(Debug)]
pub struct FindingSet {
    /// ids
    pub ids: Vec<i64>,
    /// verb
    pub verb: Verb,
    /// note
    pub note: String,
}
impl Job for FindingSet {
    fn name(&self) -> &'static str {
        "findings"
    }
    fn work(&mut self, _run: &mut Run<'_>) -> Result<()> {
        Ok(())
    }
}
