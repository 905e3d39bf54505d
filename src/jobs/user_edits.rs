//! `person import --user-edits`: what people changed themselves in another system. (rules.md, sync-contacts 3 and 6)

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use siphasher::sip::SipHasher13;

use super::input::{file_name, open_file};
use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Change, Why, diff, is_visible_change};
use crate::domain::contact::edit::{is_news, set_by_person};
use crate::domain::limit::LimitName;
use crate::domain::person::{Person, PersonId, Status};
use crate::failure::Result;
use crate::formats::csv::RowFault;
use crate::formats::edit_rows::{EditRow, EditRows, Terms};
use crate::registry::people::{Editor, Reader};
use crate::registry::rejected::Rejected;
use crate::registry::staging::rows::{Rows, StagedRow};

/// Takes people's own edits in.
#[derive(Debug)]
pub struct UserEdits {
    /// The CSV file.
    pub file: PathBuf,
}

/// What one edit came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Record {
    Changed,
    Unchanged,
    /// Every field of it was changed later already.
    Late,
}

impl Record {
    const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Late => "skipped",
        }
    }
}

impl Job for UserEdits {
    fn name(&self) -> &'static str {
        "person-import"
    }

    fn source(&self) -> String {
        "user-edits".to_owned()
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        let name = file_name(&self.file);
        let (settings, now) = (run.setup.settings, (run.setup.now)());
        let (country, timezone) = (settings.country, settings.timezone);
        let terms = Terms { reference: run.setup.today, country, timezone, now: &now };
        let edits = EditRows::open(open_file(&self.file)?, terms);
        let mut edits = edits.map_err(|fault| fault.into_failure(&name))?;
        let registry = run.registry;
        let mut staging = Staging { run, name: &name, bad_values: 0 };
        let rows = registry.snapshot(|| staging.all(&mut edits))?;
        let bad_values = staging.bad_values;
        run.unit(None, |run, editor| {
            let mut people = run.registry.people()?;
            let mut done = 0;
            rows.each_group(|group: Vec<StagedRow<EditRow>>| {
                done += 1;
                if done % 256 == 0 {
                    run.check_stop()?;
                }
                if let Some(id) = group.first().and_then(|staged| staged.person) {
                    return person(run, editor, &mut people, id, group);
                }
                run.counts.add("unknown", group.len() as u64);
                Ok(())
            })?;
            run.guard.set(LimitName::Rejected, run.counts.get("rejected") + bad_values);
            run.guard.set_base(LimitName::Rejected, run.counts.get("read"));
            Ok(())
        })
    }
}

struct Staging<'a, 'r> {
    run: &'a mut Run<'r>,
    name: &'a str,
    bad_values: u64,
}

impl Staging<'_, '_> {
    fn all(&mut self, edits: &mut EditRows<'_, File>) -> Result<Rows> {
        let rows = Rows::create(&self.run.setup.settings.spool.join("staging"))?;
        let mut lookup = self.run.registry.lookup()?;
        let mut read = 0;
        while let Some(outcome) = edits.advance().map_err(|fault| fault.into_failure(self.name))? {
            read += 1;
            if read % 1024 == 0 {
                self.run.check_stop()?;
                self.run.setup.progress.at(read);
            }
            let digest = self.digest(edits);
            match outcome.and_then(|()| edits.read()) {
                Ok((number, edit, bad)) => {
                    self.bad_values += bad.len() as u64;
                    for fault in &bad {
                        self.run.list_bad_value(self.rejected(fault, digest));
                    }
                    let person = lookup.find(number.key())?.map(|seen| seen.person);
                    rows.add(edits.line(), &number, person, &edit, digest)?;
                }
                Err(fault) => self.run.reject(self.rejected(&fault, digest)),
            }
        }
        self.run.counts.add("read", read);
        Ok(rows)
    }

    fn digest(&self, edits: &EditRows<'_, File>) -> u64 {
        let salt = self.run.registry.salt();
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        edits.cells().for_each(|cell| cell.hash(&mut hasher));
        hasher.finish()
    }

    fn rejected(&self, fault: &RowFault, digest: u64) -> Rejected {
        Rejected {
            file: self.name.to_owned(),
            record: fault.line,
            code: fault.code.to_owned(),
            params: serde_json::json!({ "column": fault.column.unwrap_or_default() }).to_string(),
            digest,
        }
    }
}

/// All edits of one person, oldest first whatever their order in the file.
fn person(
    run: &mut Run<'_>,
    editor: &mut Editor<'_>,
    people: &mut Reader<'_>,
    id: PersonId,
    mut group: Vec<StagedRow<EditRow>>,
) -> Result<()> {
    let stored = people.get(id)?;
    let withheld = match (stored.person.is_protected(), stored.person.status) {
        (true, _) => Some("protected"),
        (false, Status::Deceased) => Some("deceased"),
        (false, Status::Active | Status::Deregistered) => None,
    };
    if let Some(reason) = withheld {
        run.counts.add("skipped", group.len() as u64);
        run.counts.add(reason, 1);
        return Ok(());
    }
    group.sort_by(|one, other| one.row.cmp(&other.row));
    let mut after = stored.person.clone();
    for staged in &group {
        run.counts.add(edit(run, &mut after, &staged.row).name(), 1);
    }
    let changes = changes(&stored.person, &after);
    run.change(editor, &stored, &after, &changes)
}

fn edit(run: &Run<'_>, person: &mut Person, row: &EditRow) -> Record {
    let before = person.clone();
    let mut is_late = !row.fields.is_empty();
    for (field, value) in &row.fields {
        if is_news(person, *field, &row.at) {
            is_late = false;
            set_by_person(person, *field, value, &row.at, run.setup.settings.country);
        }
    }
    match (is_late, is_visible_change(&changes(&before, person))) {
        (true, _) => Record::Late,
        (false, true) => Record::Changed,
        (false, false) => Record::Unchanged,
    }
}

fn changes(before: &Person, after: &Person) -> Vec<Change> {
    diff(before, after, |_| Why("user-edits"))
}
