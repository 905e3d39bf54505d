//! `person import`: people come in from a CSV file. (product.md, CSV files)

mod merge;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input::{digest_of, file_name, mapping_of, open_file, rejected};
use super::packs::in_packs;
use super::run::Run;
use super::{Job, Origin};
use crate::config::Settings;
use crate::domain::change::{Why, diff, is_visible_change};
use crate::domain::id_number::IdNumber;
use crate::domain::limit::LimitName;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::formats::csv::{CsvReader, Mapping, Row, RowFault};
use crate::formats::person_rows::{COLUMNS, PersonRow};
use crate::registry::people::{Editor, Stored};
use crate::registry::rejected::Rejected;
use crate::registry::staging::Packed;
use crate::registry::staging::rows::{Rows, StagedRow};
use crate::text::{csv_file as csv_text, line, purge as purge_text};

/// Whether SPAR has the people on its list already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnList {
    /// They will be asked about.
    No,
    /// `--known`: asked again only for a new number.
    Yes,
}

/// Takes people in.
#[derive(Debug)]
pub struct PersonImport {
    /// The CSV file.
    pub file: PathBuf,
    /// `--known`.
    pub on_list: OnList,
    /// `--source`: whose headers the file has; none: ours.
    pub source: Option<String>,
}

/// More rows than this about one person are a mistake in the file.
const MOST_ROWS: usize = 200;

impl Job for PersonImport {
    fn name(&self) -> &'static str {
        "person-import"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        let name = file_name(&self.file);
        let mapping = mapping(run.setup.settings, self.source.as_deref())?;
        let mut reader = open(&self.file, &name, &mapping)?;
        let registry = run.registry;
        let rows = registry.snapshot(|| stage(run, &mut reader, &name))?;
        let file = FileOfRows { name, on_list: self.on_list };
        apply(run, &rows, &file)?;
        run.message = Some((line::PEOPLE_IMPORTED, vec![("created", run.counts.get("created").to_string())]));
        Ok(())
    }
}

struct FileOfRows {
    name: String,
    on_list: OnList,
}

fn open(path: &Path, name: &str, mapping: &Mapping) -> Result<CsvReader<File>> {
    CsvReader::open(open_file(path)?, COLUMNS, mapping).map_err(|fault| fault.into_failure(name))
}

/// The header of a file of this system: its own names where the configuration has some, ours for the rest.
pub fn template(settings: &Settings, source: &str) -> Result<Vec<String>> {
    let unmapped = || Failure::usage(csv_text::NO_MAPPING).with("source", source);
    let source = settings.sources.get(source).ok_or_else(unmapped)?;
    let theirs = |ours: &str| source.columns.iter().find(|(_, mapped)| mapped.eq_ignore_ascii_case(ours));
    let ignores = |ours: &str| source.ignore_columns.iter().any(|name| name.eq_ignore_ascii_case(ours));
    let name = |ours: &'static str| match theirs(ours) {
        Some((theirs, _)) => Some(theirs.clone()),
        None => (!ignores(ours)).then(|| ours.to_owned()),
    };
    Ok(COLUMNS.iter().filter_map(|column| name(column.name)).collect())
}

fn mapping(settings: &Settings, source: Option<&str>) -> Result<Mapping> {
    let Some(source) = source else { return Ok(Mapping::default()) };
    let unmapped = || Failure::usage(csv_text::NO_MAPPING).with("source", source);
    settings.sources.get(source).map(mapping_of).ok_or_else(unmapped)
}

/// A row as the reading thread hands it over.
#[derive(Default)]
struct Parsed {
    line: u64,
    digest: u64,
    /// Whose it is, or why it can't be used.
    number: Option<std::result::Result<IdNumber, RowFault>>,
    packed: Packed,
}

impl Parsed {
    fn fill(&mut self, row: &Row, outcome: std::result::Result<PersonRow, RowFault>) -> Result<()> {
        self.line = row.line();
        if let Ok(typed) = &outcome {
            self.packed.fill(typed)?;
        }
        self.number = Some(outcome.map(|typed| typed.number));
        Ok(())
    }
}

fn stage(run: &mut Run<'_>, reader: &mut CsvReader<File>, name: &str) -> Result<Rows> {
    let rows = Rows::create(&run.setup.settings.spool.join("staging"))?;
    let mut lookup = run.registry.lookup_along()?;
    let (salt, today, country) = (run.registry.salt(), run.setup.today, run.setup.settings.country);
    let mut row = reader.row();
    let read = |parsed: &mut Parsed| {
        let outcome = reader.next_row(&mut row).map_err(|fault| fault.into_failure(name))?;
        let Some(outcome) = outcome else { return Ok(false) };
        parsed.digest = digest_of(salt, &row, COLUMNS.len());
        parsed.fill(&row, outcome.and_then(|()| PersonRow::read(&row, today, country)))?;
        Ok(true)
    };
    let mut count = 0;
    in_packs(read, |parsed: &mut Parsed| {
        count += 1;
        if count % 1024 == 0 {
            run.check_stop()?;
            run.setup.progress.at(count);
        }
        match &parsed.number {
            Some(Ok(number)) => {
                let person = lookup.find(number.key())?.map(|seen| seen.person);
                rows.add_packed(parsed.line, number, person, &parsed.packed, parsed.digest)
            }
            Some(Err(fault)) => {
                run.reject(rejected(name, fault, parsed.digest));
                Ok(())
            }
            None => Ok(()),
        }
    })?;
    run.counts.add("read", count);
    Ok(rows)
}

fn apply(run: &mut Run<'_>, rows: &Rows, file: &FileOfRows) -> Result<()> {
    let turned_away = (run.registry.refuses_any()?, run.registry.disposes_any()?);
    run.unit(None, |run, editor| {
        let mut people = run.registry.foresee(whose, Arc::new(|_, _| ()))?;
        people.each(
            |take| rows.each_window(take),
            |people, window| {
                run.check_stop()?;
                for foreseen in window {
                    let (group, (stored, ())) = people.turn(foreseen)?;
                    let Some(group) = agreeing(run, file, group) else { continue };
                    person(run, editor, stored, group, file, turned_away)?;
                }
                Ok(())
            },
        )?;
        run.guard.set(LimitName::Rejected, run.counts.get("rejected"));
        run.guard.set_base(LimitName::Rejected, run.counts.get("read"));
        Ok(())
    })
}

type Group = Vec<StagedRow<PersonRow>>;

fn whose(group: &Group) -> Option<PersonId> {
    group.first()?.person
}

/// Rows of one person that disagree in a filled cell are all rejected, each naming another's line.
fn agreeing(
    run: &mut Run<'_>,
    file: &FileOfRows,
    group: Vec<StagedRow<PersonRow>>,
) -> Option<Vec<StagedRow<PersonRow>>> {
    let other_of = |own: &StagedRow<PersonRow>| {
        let others = group.iter().filter(|other| other.row.line != own.row.line);
        others.into_iter().find_map(|other| Some((other.row.line, own.row.disagrees_with(&other.row)?)))
    };
    let too_many = group.len() > MOST_ROWS;
    let disagree = too_many || group.iter().any(|row| other_of(row).is_some());
    if !disagree {
        return Some(group);
    }
    let first = group.first().map(|row| row.row.line).unwrap_or_default();
    for row in &group {
        let (other, column) =
            if too_many { (first, "id_number") } else { other_of(row).unwrap_or((first, "")) };
        run.reject(Rejected {
            file: file.name.clone(),
            record: row.row.line,
            code: csv_text::ROWS_DISAGREE.code.to_owned(),
            params: serde_json::json!({ "line": other.to_string(), "column": column }).to_string(),
            digest: row.digest,
        });
    }
    None
}

fn person(
    run: &mut Run<'_>,
    editor: &mut Editor<'_>,
    stored: Option<Stored>,
    group: Vec<StagedRow<PersonRow>>,
    file: &FileOfRows,
    (refuses, disposes): (bool, bool),
) -> Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let number = first.row.number;
    // With `--known` the number that counts is the one that they have, whatever the row brings.
    let current = stored.as_ref().map_or(number, |stored| stored.person.number);
    let count = group.len() as u64;
    let rows: Vec<PersonRow> = group.into_iter().map(|staged| staged.row).collect();
    match stored {
        Some(stored) => existing(run, editor, &stored, &rows),
        None if refuses && run.registry.is_refused(run.key.hash(&number))? => {
            run.counts.add("skipped", count);
            Ok(())
        }
        None => {
            let new = merge::enter(number, &rows);
            let person = editor.create(&new)?;
            if disposes && run.registry.is_disposed(run.key.hash(&number))? {
                run.line(purge_text::CAME_BACK, &[("person", person.to_string())]);
            }
            run.counts.add("created", 1);
            run.counts.add("unchanged", count - 1);
            Ok(())
        }
    }?;
    match file.on_list {
        OnList::No => Ok(()),
        OnList::Yes => run.registry.mark_known(current.key()),
    }
}

fn existing(run: &mut Run<'_>, editor: &mut Editor<'_>, stored: &Stored, rows: &[PersonRow]) -> Result<()> {
    let count = rows.len() as u64;
    if stored.person.is_protected() {
        run.counts.add("skipped", count);
        run.counts.add("protected", 1);
        return Ok(());
    }
    let mut after = stored.person.clone();
    merge::update(&mut after, rows);
    let changes = diff(&stored.person, &after, |_| Why("person-import"));
    run.change(editor, stored, &after, &changes)?;
    let is_changed = is_visible_change(&changes);
    run.counts.add(if is_changed { "changed" } else { "unchanged" }, count);
    Ok(())
}
