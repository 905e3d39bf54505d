//! What runs did to records: for undo, and for what a dry run shows. Of somebody protected no values.

use rusqlite::{Row, Statement, params};
use serde_json::Value;

use super::written;
use crate::domain::person::PersonId;
use crate::domain::retained::{Kind, Record};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::journal::{self, in_short};
use crate::registry::runs::RunId;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It came.
    Created,
    /// It is another than it was.
    Changed,
    /// It went.
    Removed,
}

impl Verb {
    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Created, Self::Changed, Self::Removed].into_iter().find(|verb| verb.name() == text)
    }
}

/// One thing that a run did to a record.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Later ones have higher ids.
    pub id: i64,
    /// What the record is.
    pub kind: Kind,
    /// Which, in the table of its kind.
    pub record: i64,
    /// Whose it was, or is if it came.
    pub person: PersonId,
    /// Who else it concerns: whom it went to, or whom the person is guardian of.
    pub other: Option<PersonId>,
    /// What.
    pub verb: Verb,
    /// Before; none if there was none, or if it was erased.
    pub before: Option<Value>,
    /// After.
    pub after: Option<Value>,
}

const NOTE: &str =
    "INSERT INTO retained_change (run_id, kind, record_id, person_id, other_id, verb, before, after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
// By the index of those few: the people themselves lie far apart.
const CONCEALED: &str = "SELECT 1 FROM person INDEXED BY person_concealed WHERE id = ? AND concealment <> 0";
const BACKWARDS: &str =
    "SELECT id, kind, record_id, person_id, other_id, verb, before, after FROM retained_change
     WHERE run_id = ? AND id < ? ORDER BY id DESC LIMIT ?";
const FORWARDS: &str =
    "SELECT id, kind, record_id, person_id, other_id, verb, before, after FROM retained_change
     WHERE run_id = ? ORDER BY id";
const FORGET: &str = "DELETE FROM retained_change WHERE record_id = ? AND kind = ?";

/// Notes what is done to records of one kind.
pub(super) struct Journal<'r> {
    kind: Kind,
    note: Statement<'r>,
    concealed: Statement<'r>,
}

impl<'r> Journal<'r> {
    pub(super) fn new(registry: &'r Registry, kind: Kind) -> Result<Self> {
        let connection = registry.connection();
        Ok(Self { kind, note: connection.prepare(NOTE)?, concealed: connection.prepare(CONCEALED)? })
    }

    /// Notes that a record came, which is this text.
    pub(super) fn note_new(&mut self, run: RunId, id: i64, record: &Record, text: &str) -> Result<()> {
        let shown = (!self.is_withheld(record.person, record.related)?).then_some(text);
        self.put(run, Verb::Created, id, (record.person, record.related), (None, shown))
    }

    /// Notes what became of a record that stood.
    pub(super) fn note(
        &mut self,
        run: RunId,
        verb: Verb,
        id: i64,
        before: &Record,
        after: Option<&Record>,
    ) -> Result<()> {
        let went_to = after.map(|after| after.person).filter(|person| *person != before.person);
        let other = before.related.or(went_to);
        let is_withheld = self.is_withheld(before.person, other)?;
        let json = |record: Option<&Record>| {
            record.filter(|_| !is_withheld).map(|record| written(self.kind, record)).transpose()
        };
        let (before_text, after_text) = (json(Some(before))?, json(after)?);
        self.put(run, verb, id, (before.person, other), (before_text.as_deref(), after_text.as_deref()))
    }

    fn put(
        &mut self,
        run: RunId,
        verb: Verb,
        id: i64,
        (person, other): (PersonId, Option<PersonId>),
        (before, after): (Option<&str>, Option<&str>),
    ) -> Result<()> {
        let short = |json: Option<&str>| json.map(|json| in_short(json.as_bytes())).transpose();
        let (before, after) = (short(before)?, short(after)?);
        let other = other.map(|id| id.0);
        let values = params![run.0, self.kind.name(), id, person.0, other, verb.name(), before, after];
        self.note.execute(values)?;
        Ok(())
    }

    fn is_withheld(&mut self, person: PersonId, other: Option<PersonId>) -> Result<bool> {
        Ok(self.is_concealed(person)? || other.is_some_and(|other| self.is_concealed(other).unwrap_or(true)))
    }

    fn is_concealed(&mut self, person: PersonId) -> Result<bool> {
        Ok(self.concealed.exists(params![person.0])?)
    }
}

impl Registry {
    /// What a run did to records before a given change, newest first: undo goes backwards, page by page.
    pub fn retained_changes_backwards(&self, run: RunId, before: i64, most: u32) -> Result<Vec<Entry>> {
        let mut statement = self.connection().prepare_cached(BACKWARDS)?;
        Ok(statement.query_map(params![run.0, before, most], entry)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands everything that a run did to records to `visit`, oldest first.
    pub fn retained_changes_of(&self, run: RunId, mut visit: impl FnMut(Entry) -> Result<()>) -> Result<()> {
        let mut statement = self.connection().prepare(FORWARDS)?;
        let mut rows = statement.query(params![run.0])?;
        while let Some(row) = rows.next()? {
            visit(entry(row)?)?;
        }
        Ok(())
    }

    /// What stands of a record in the journal goes with it: for whoever removes it for good.
    pub fn forget_retained_changes(&self, kind: Kind, record: i64) -> Result<()> {
        self.connection().prepare_cached(FORGET)?.execute(params![record, kind.name()])?;
        Ok(())
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let odd = |column| rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text);
    let json = |column| journal::changes(row.get_ref(column)?);
    Ok(Entry {
        id: row.get(0)?,
        kind: Kind::parse(row.get_ref(1)?.as_str()?).ok_or_else(|| odd(1))?,
        record: row.get(2)?,
        person: PersonId(row.get(3)?),
        other: row.get::<_, Option<i64>>(4)?.map(PersonId),
        verb: Verb::parse(row.get_ref(5)?.as_str()?).ok_or_else(|| odd(5))?,
        before: json(6)?,
        after: json(7)?,
    })
}
