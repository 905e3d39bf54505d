//! Tells what a demonstration did and what to look at next. It names people by internal id and shows nothing of them.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::jobs::report::Report;
use crate::registry::Registry;
use crate::registry::journal::Entry;
use crate::registry::runs::RunId;
use crate::text::{Language, Message, demo as text};

/// Places within a change of the journal.
const FIELD: usize = 0;
const AFTER: usize = 2;
const RULE: usize = 3;

/// What a demonstration made.
#[derive(Debug)]
pub struct Tour {
    /// Its folder.
    pub folder: PathBuf,
    /// Its configuration.
    pub config: PathBuf,
    /// An answer that was not applied yet.
    pub next: PathBuf,
    /// People came in.
    pub entered: Report,
    /// Their list was sent.
    pub sent: Report,
    /// The answer was fetched and applied.
    pub applied: Report,
    /// The same answer again.
    pub again: Report,
    /// People worth a look.
    pub examples: Examples,
}

/// The first of each kind in the import's journal.
#[derive(Debug, Default)]
pub struct Examples {
    /// Moved.
    pub moved: Option<PersonId>,
    /// Died.
    pub died: Option<PersonId>,
    /// Got another number.
    pub renumbered: Option<PersonId>,
    /// Became protected.
    pub protected: Option<PersonId>,
}

impl Examples {
    /// Looks through what a run changed.
    pub(super) fn find(registry: &Registry, run: Option<RunId>) -> Result<Self> {
        let mut found = Self::default();
        if let Some(run) = run {
            registry.journal_of(run, |entry| {
                found.look_at(&entry);
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn look_at(&mut self, entry: &Entry) {
        let Some(Value::Array(changes)) = &entry.changes else { return };
        let part = |change: &Value, at: usize| change.get(at).and_then(Value::as_str).map(str::to_owned);
        let has = |at, wanted: &str| changes.iter().any(|change| part(change, at).as_deref() == Some(wanted));
        // Of protected people the journal keeps fields and rules, no values.
        let slot = if has(RULE, "protection/2") {
            &mut self.protected
        } else if has(FIELD, "number.id_number") {
            &mut self.renumbered
        } else if has(AFTER, "deceased") {
            &mut self.died
        } else if has(FIELD, "address.home") {
            &mut self.moved
        } else {
            return;
        };
        slot.get_or_insert(entry.person);
    }
}

impl Tour {
    /// The tour in one language, ready to print.
    pub fn render(&self, language: Language) -> String {
        let mut page = Page { out: String::new(), language };
        page.say(text::TITLE, &[("folder", &self.folder.display())]);
        page.blank();
        page.say(text::DONE, &[]);
        self.what_happened(&mut page);
        page.blank();
        page.say(text::NEXT, &[]);
        self.what_to_try(&mut page);
        page.blank();
        page.say(text::CONFIGURED, &[("config", &self.config.display())]);
        page.out
    }

    fn what_happened(&self, page: &mut Page) {
        page.report(text::ENTERED, &self.entered);
        page.report(text::SENT, &self.sent);
        page.report(text::APPLIED, &self.applied);
        page.report(text::OF_WHICH, &self.applied);
        if !self.applied.findings.is_empty() {
            let findings = self.applied.findings.len();
            page.say(text::QUESTIONS, &[("findings", &findings), ("exit", &self.applied.exit)]);
        }
        page.report(text::AGAIN, &self.again);
    }

    fn what_to_try(&self, page: &mut Page) {
        let mut try_out = |meaning: Message, words: String| {
            let command = format!("mantal --config {} {words}", quoted(&self.config));
            let meaning = meaning.template(page.language);
            page.line(&format!("  {command}\n      {meaning}"));
        };
        try_out(text::SEE_RUNS, "runs --all".to_owned());
        let run = run_of(&self.applied);
        try_out(text::SEE_LOG, format!("log {run} --prio 19"));
        try_out(text::SEE_FINDINGS, "findings".to_owned());
        let examples = [
            (text::SEE_MOVED, self.examples.moved),
            (text::SEE_DIED, self.examples.died),
            (text::SEE_RENUMBERED, self.examples.renumbered),
            (text::SEE_PROTECTED, self.examples.protected),
        ];
        for (meaning, person) in examples {
            if let Some(person) = person {
                try_out(meaning, format!("person show {person}"));
            }
        }
        try_out(text::SEE_DRY, format!("spar-import --dry-run {}", quoted(&self.next)));
        try_out(text::SEE_UNDO, format!("undo {run}"));
    }
}

/// Text that grows.
struct Page {
    out: String,
    language: Language,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn blank(&mut self) {
        self.line("");
    }

    fn say(&mut self, message: Message, values: &[(&str, &dyn Display)]) {
        let values: Vec<(&str, String)> =
            values.iter().map(|(name, value)| (*name, value.to_string())).collect();
        let params: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let line = message.render(self.language, params);
        self.line(&line);
    }

    /// A sentence with the counts of a run put in.
    fn report(&mut self, message: Message, report: &Report) {
        const COUNTS: [&str; 12] = [
            "sent",
            "read",
            "changed",
            "unchanged",
            "created",
            "unknown",
            "skipped",
            "address",
            "name",
            "deceased",
            "deregistered",
            "protected",
        ];
        let count = |name: &str| {
            report.run.as_ref().and_then(|run| run.counts.get(name)).and_then(Value::as_u64).unwrap_or(0)
        };
        let mut values: Vec<(&str, u64)> = COUNTS.map(|name| (name, count(name))).to_vec();
        values.push(("renumbered", count("number_changed")));
        let run = run_of(report);
        let mut params: Vec<(&str, &dyn Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        params.push(("run", &run));
        self.say(message, &params);
    }
}

fn run_of(report: &Report) -> i64 {
    report.run.as_ref().map_or(0, |run| run.id.0)
}

/// As a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|letter| letter.is_alphanumeric() || "/._-+".contains(letter));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
