//! `person import`: people come in from a CSV file. (product.md, CSV files)

mod merge;
mod scan;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input::{file_name, mapping_of, open_file};
use super::run::Run;
use super::{Job, Origin};
use crate::config::Settings;
use crate::domain::change::{Why, diff, is_visible_change};
use crate::domain::limit::LimitName;
use crate::domain::person::{Person, PersonId};
use crate::failure::{Failure, Result};
use crate::formats::csv::{CsvReader, Mapping};
use crate::formats::person_rows::{COLUMNS, PersonRow};
use crate::registry::people::{Arrival, Editor, Foreseen, Foresight, Recorded, Stored};
use crate::registry::rejected::Rejected;
use crate::registry::settled::RowSettler;
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
        let rows = registry.snapshot(|| scan::scan(run, self, &mut reader, &name))?;
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

fn apply(run: &mut Run<'_>, rows: &Rows, file: &FileOfRows) -> Result<()> {
    let (refuses, disposes) = (run.registry.refuses_any()?, run.registry.disposes_any()?);
    run.unit(None, |run, editor| {
        run.counts.add("unchanged", rows.count_settled());
        let settler = run.registry.row_settler()?;
        let mut people: People<'_> = run.registry.foresee(whose, Arc::new(plan))?;
        let mut applying = Applying { run, editor, settler, file, refuses, disposes };
        people.each(
            |take| rows.each_window(take),
            |people, window| {
                applying.run.check_stop()?;
                window.into_iter().try_for_each(|foreseen| applying.person(people, foreseen))
            },
        )?;
        run.guard.set(LimitName::Rejected, run.counts.get("rejected"));
        run.guard.set_base(LimitName::Rejected, run.counts.get("read"));
        Ok(())
    })
}

/// All rows of one person.
type Group = Vec<StagedRow<PersonRow>>;
type People<'r> = Foresight<'r, Group, Option<Plan>>;

/// What a person is after their rows.
enum Plan {
    Enters(Box<Arrival>),
    /// They are here: what that changes.
    Stays(Box<Person>, Recorded),
}

fn whose(group: &Group) -> Option<PersonId> {
    group.first()?.person
}

/// Works out what the rows make of a person, while others are written. None if it is not wanted: of somebody protected, of
/// too many rows.
fn plan(stored: Option<&Stored>, group: &Group) -> Option<Plan> {
    let first = group.first().filter(|_| group.len() <= MOST_ROWS)?;
    let rows = || group.iter().map(|staged| &staged.row);
    let Some(stored) = stored else {
        return Some(Plan::Enters(Box::new(Arrival::of(merge::enter(first.row.number, rows())))));
    };
    if stored.person.is_protected() {
        return None;
    }
    let mut after = stored.person.clone();
    merge::update(&mut after, rows());
    let changes = diff(&stored.person, &after, |_| Why("person-import"));
    Some(Plan::Stays(Box::new(after), Recorded::of(changes)))
}

/// Rows of one person that disagree in a filled cell are all rejected, each naming another's line.
fn agreeing(run: &mut Run<'_>, file: &FileOfRows, group: Group) -> Option<Group> {
    let other_of = |own: &StagedRow<PersonRow>| {
        let others = group.iter().filter(|other| other.line != own.line);
        others.into_iter().find_map(|other| Some((other.line, own.row.disagrees_with(&other.row)?)))
    };
    let too_many = group.len() > MOST_ROWS;
    let disagree = too_many || group.iter().any(|row| other_of(row).is_some());
    if !disagree {
        return Some(group);
    }
    let first = group.first().map(|row| row.line).unwrap_or_default();
    for row in &group {
        let (other, column) =
            if too_many { (first, "id_number") } else { other_of(row).unwrap_or((first, "")) };
        run.reject(Rejected {
            file: file.name.clone(),
            record: row.line,
            code: csv_text::ROWS_DISAGREE.code.to_owned(),
            params: serde_json::json!({ "line": other.to_string(), "column": column }).to_string(),
            digest: row.digest,
        });
    }
    None
}

struct Applying<'a, 'r> {
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
    settler: RowSettler<'r>,
    file: &'a FileOfRows,
    /// Whether there are numbers that must not come back, and such as came back.
    refuses: bool,
    disposes: bool,
}

impl Applying<'_, '_> {
    fn person(&mut self, people: &mut People<'_>, foreseen: Foreseen<Group, Option<Plan>>) -> Result<()> {
        let (group, seen) = people.turn(foreseen)?;
        let Some(group) = agreeing(self.run, self.file, group) else { return Ok(()) };
        let Some(first) = group.first() else { return Ok(()) };
        let looked_at = match &seen {
            (Some(stored), Some(Plan::Stays(after, changes))) => {
                Some(self.known(stored, (after, changes), group.len())?)
            }
            (None, Some(Plan::Enters(arrival))) => self.unknown(arrival, group.len())?,
            (Some(_), None | Some(Plan::Enters(_))) => {
                self.run.counts.add("skipped", group.len() as u64);
                self.run.counts.add("protected", 1);
                None
            }
            (None, None | Some(Plan::Stays(..))) => None,
        };
        if let (Some(id), [alone]) = (looked_at, group.as_slice()) {
            self.settler.settle(id, alone.digest)?;
        }
        // With `--known` the number that counts is the one that they have, whatever the row brings.
        let current = seen.0.as_ref().map_or(first.row.number, |stored| stored.person.number);
        people.give_back(seen);
        match self.file.on_list {
            OnList::No => Ok(()),
            OnList::Yes => self.run.registry.mark_known(current.key()),
        }
    }

    /// Gives the person unless the number must not come back.
    fn unknown(&mut self, arrival: &Arrival, rows: usize) -> Result<Option<PersonId>> {
        let (registry, number) = (self.run.registry, arrival.person().number);
        if self.refuses && registry.is_refused(self.run.key.hash(&number))? {
            self.run.counts.add("skipped", rows as u64);
            return Ok(None);
        }
        let person = self.editor.create(arrival)?;
        if self.disposes && registry.is_disposed(self.run.key.hash(&number))? {
            self.run.line(purge_text::CAME_BACK, &[("person", person.to_string())]);
        }
        self.run.counts.add("created", 1);
        self.run.counts.add("unchanged", rows as u64 - 1);
        Ok(Some(person))
    }

    fn known(
        &mut self,
        stored: &Stored,
        (after, changes): (&Person, &Recorded),
        rows: usize,
    ) -> Result<PersonId> {
        self.run.change(self.editor, stored, after, changes)?;
        let is_changed = is_visible_change(changes.changes());
        self.run.counts.add(if is_changed { "changed" } else { "unchanged" }, rows as u64);
        Ok(stored.id)
    }
}
