//! A file of classes: read whole, and judged whole. (product.md, CSV files: all or nothing)

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use super::place;
use crate::domain::retention::{Rule, Rules, Target};
use crate::failure::{Failure, Result};
use crate::formats::csv::{CsvReader, Mapping};
use crate::formats::retention_rows::{COLUMNS, read};
use crate::jobs::run::Run;
use crate::registry::rejected::Rejected;
use crate::text::{failure as failure_text, purge as text};

/// All classes lie in memory; more than this is another file.
const MOST_ROWS: usize = 100_000;

/// A row that can't be used: its line, why, and the column, or the line of the other one.
pub(super) type Wrong = (u64, &'static str, String);

/// The rows of a file.
pub(super) struct RuleFile {
    /// The file's name, without its folder.
    pub(super) name: String,
    /// Rules in the order of the file.
    pub(super) rules: Vec<Rule>,
    /// What is wrong, by line.
    pub(super) wrong: Vec<Wrong>,
    rows: u64,
}

impl RuleFile {
    /// Reads a file to its end.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut reader = open(path, &name)?;
        let mut file = Self { name, rules: Vec::new(), wrong: Vec::new(), rows: 0 };
        let mut lines: BTreeMap<(String, Target), u64> = BTreeMap::new();
        let mut row = reader.row();
        while let Some(outcome) = reader.next_row(&mut row).map_err(|fault| fault.into_failure(&file.name))? {
            file.rows += 1;
            match outcome.and_then(|()| read(&row)) {
                Ok(rule) => file.take(rule, row.line(), &mut lines)?,
                Err(fault) => {
                    file.wrong.push((fault.line, fault.code, fault.column.unwrap_or_default().to_owned()));
                }
            }
        }
        file.wrong.sort_unstable();
        Ok(file)
    }

    fn take(&mut self, rule: Rule, line: u64, lines: &mut BTreeMap<(String, Target), u64>) -> Result<()> {
        if self.rules.len() >= MOST_ROWS {
            let failure = Failure::failed(text::RULES_TOO_MANY).with("file", &self.name);
            return Err(failure.with("most", MOST_ROWS));
        }
        if let Some(other) = lines.insert(place(&rule), line) {
            self.wrong.push((line, text::RULE_TWICE.code, other.to_string()));
        }
        self.rules.push(rule);
        Ok(())
    }

    /// The plan. Fails if any row is bad, each noted with the run.
    pub(super) fn accept(self, run: &mut Run<'_>) -> Result<Rules> {
        run.counts.add("read", self.rows);
        for (line, code, about) in &self.wrong {
            run.reject(Rejected {
                file: self.name.clone(),
                record: *line,
                code: (*code).to_owned(),
                params: serde_json::json!({ "column": about, "line": about }).to_string(),
                // The run fails with it, so that nobody asks whether it is news.
                digest: 0,
            });
        }
        let bad = run.counts.get("rejected");
        if bad > 0 {
            run.counts.add("skipped", self.rows.saturating_sub(bad));
            return Err(Failure::failed(text::RULES_REJECTED).with("file", &self.name).with("rows", bad));
        }
        if self.rules.is_empty() {
            return Err(Failure::failed(text::RULES_NONE).with("file", &self.name));
        }
        Ok(Rules::new(self.rules))
    }
}

fn open(path: &Path, name: &str) -> Result<CsvReader<File>> {
    let unreadable = |error| {
        Failure::usage(failure_text::FILE_UNREADABLE).with("path", path.display()).with("reason", error)
    };
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Failure::usage(failure_text::NOT_A_FILE).with("path", path.display()));
    }
    CsvReader::open(file, COLUMNS, &Mapping::default()).map_err(|fault| fault.into_failure(name))
}
