//! A file of links: read whole, and judged whole. (product.md, CSV files: all or nothing)

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use crate::domain::area::{Clash, Link, LinkPlan, Taking, plan};
use crate::failure::{Failure, Result};
use crate::formats::area_links::{COLUMNS, read};
use crate::formats::csv::{CsvReader, Mapping};
use crate::jobs::run::Run;
use crate::registry::rejected::Rejected;
use crate::text::{Message, area as text, failure as failure_text};

/// All links of a municipality lie in memory; more than this is another file.
const MOST_ROWS: usize = 200_000;

/// The rows of a file that can be read.
pub(in crate::jobs) struct LinkFile {
    /// The file's name, without its folder.
    pub(in crate::jobs) name: String,
    /// Links in the order of the file.
    pub(in crate::jobs) links: Vec<Link>,
    /// The line of each.
    lines: Vec<u64>,
}

impl LinkFile {
    /// Reads a file to its end; rows that can't be used are noted with the run.
    pub(in crate::jobs) fn read(run: &mut Run<'_>, path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut reader = open(path, &name)?;
        let mut file = Self { name, links: Vec::new(), lines: Vec::new() };
        let mut row = reader.row();
        while let Some(outcome) = reader.next_row(&mut row).map_err(|fault| fault.into_failure(&file.name))? {
            run.counts.add("read", 1);
            match outcome.and_then(|()| read(&row)) {
                Ok(link) => file.take(row.line(), link)?,
                Err(fault) => {
                    let column = fault.column.unwrap_or_default();
                    run.reject(rejected(&file.name, fault.line, fault.code, &[("column", column)]));
                }
            }
        }
        Ok(file)
    }

    /// Compares it with the stored links. Fails if any row is bad, each noted with the run.
    pub(in crate::jobs) fn judge(
        &self,
        run: &mut Run<'_>,
        stored: &[Link],
        taking: Taking,
    ) -> Result<LinkPlan> {
        let planned = plan(stored, &self.links, taking);
        self.reject_clashes(run, planned.as_ref().err().into_iter().flatten());
        let bad = run.counts.get("rejected");
        if bad > 0 {
            // Each record counts once, however much is wrong with it; good ones are not used either.
            let read = run.counts.get("read");
            run.counts.add("skipped", read.saturating_sub(bad));
            return Err(Failure::failed(text::LINKS_REJECTED).with("file", &self.name).with("rows", bad));
        }
        if self.links.is_empty() {
            return Err(Failure::failed(text::LINKS_NONE).with("file", &self.name));
        }
        planned.map_err(|_| Failure::internal("a clash without a row"))
    }

    /// The line of the row at a place in `links`.
    pub(in crate::jobs) fn line(&self, place: usize) -> u64 {
        self.lines.get(place).copied().unwrap_or_default()
    }

    fn take(&mut self, line: u64, row: Link) -> Result<()> {
        if self.links.len() >= MOST_ROWS {
            let failure = Failure::failed(text::LINKS_TOO_MANY).with("file", &self.name);
            return Err(failure.with("most", MOST_ROWS));
        }
        self.lines.push(line);
        self.links.push(row);
        Ok(())
    }

    /// Each row names the other one; a row that clashes with several is one record.
    fn reject_clashes<'c>(&self, run: &mut Run<'_>, clashes: impl Iterator<Item = &'c Clash>) {
        let mut reasons: BTreeMap<usize, (Message, &str, String)> = BTreeMap::new();
        for clash in clashes {
            let twice = |other| (text::LINK_TWICE, "line", self.line(other).to_string());
            match clash {
                Clash::InFile(one, other) => {
                    reasons.entry(*one).or_insert_with(|| twice(*other));
                    reasons.entry(*other).or_insert_with(|| twice(*one));
                }
                Clash::WithStored(row, stored) => {
                    reasons.entry(*row).or_insert_with(|| (text::LINK_STORED, "link", described(stored)));
                }
            }
        }
        for (place, (reason, name, value)) in reasons {
            run.reject(rejected(&self.name, self.line(place), reason.code, &[(name, &value)]));
        }
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

fn described(link: &Link) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from, to) = (day(link.validity.opens()), day(link.validity.closes()));
    format!("{} ({}) {from}–{to}", link.pattern, link.activity)
}

fn rejected(file: &str, line: u64, code: &str, params: &[(&str, &str)]) -> Rejected {
    let params: serde_json::Map<String, serde_json::Value> =
        params.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    Rejected {
        file: file.to_owned(),
        record: line,
        code: code.to_owned(),
        params: serde_json::Value::from(params).to_string(),
        // The run fails with it, so that nobody asks whether it is news.
        digest: 0,
    }
}
