//! Cases, documents, subscriptions, obligations, drafts, events and relations in their tables, with what each run did to
//! them. They are no part of a person's value, so what changed stands in `retained_change` and not in the journal.

mod changes;
mod gap;
mod statements;

pub use changes::{Entry, Verb};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, Statement, ToSql, params};

use super::Registry;
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::domain::retained::{Datum, Kind, Record, Shape};
use crate::failure::{Failure, Result};
use changes::Journal;
use gap::Gap;
use statements::{Statements, of};

/// A record with the id that it has here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// In the table of its kind.
    pub id: i64,
    /// What stands there.
    pub record: Record,
}

impl Kept {
    /// What [`Retained::find_into`] fills.
    pub const fn nothing() -> Self {
        let record = Record {
            reference: String::new(),
            person: PersonId(0),
            related: None,
            case: None,
            values: Vec::new(),
        };
        Self { id: 0, record }
    }
}

/// Reads and writes the records of one kind; the statements are prepared once and held.
pub struct Retained<'r> {
    registry: &'r Registry,
    kind: Kind,
    from_reference: Statement<'r>,
    /// Between which references nothing stands.
    gap: Gap,
    by_id: Statement<'r>,
    insert: Statement<'r>,
    update: Statement<'r>,
    revise: Option<Statement<'r>>,
    journal: Journal<'r>,
}

impl Registry {
    /// Prepares reading and writing of a kind.
    pub fn retained(&self, kind: Kind) -> Result<Retained<'_>> {
        let Statements { from_reference, by_id, insert, update, revise, .. } = *of(kind);
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Retained {
            registry: self,
            kind,
            from_reference: prepare(from_reference)?,
            gap: Gap::default(),
            by_id: prepare(by_id)?,
            insert: prepare(insert)?,
            update: prepare(update)?,
            revise: revise.map(prepare).transpose()?,
            journal: Journal::new(self, kind)?,
        })
    }

    /// How many records of a kind there are.
    pub fn count_retained(&self, kind: Kind) -> Result<u64> {
        let count: i64 = self.connection().prepare_cached(of(kind).count)?.query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Hands id and reference of every record of a kind to `visit`, in the order of references.
    pub fn each_reference(&self, kind: Kind, mut visit: impl FnMut(i64, &str) -> Result<()>) -> Result<()> {
        let mut statement = self.connection().prepare(of(kind).references)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        }
        Ok(())
    }

    /// The cases by the ids that they have in their own system.
    pub fn case_lookup(&self) -> Result<CaseLookup<'_>> {
        let sql = "SELECT id FROM case_record WHERE reference = ?";
        Ok(CaseLookup { statement: self.connection().prepare(sql)? })
    }

    /// Whose a case is.
    pub fn person_of_case(&self, case: i64) -> Result<PersonId> {
        let sql = "SELECT person_id FROM case_record WHERE id = ?";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![case], |row| row.get(0).map(PersonId))?)
    }

    /// Whether there is such a case.
    pub fn is_case(&self, case: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM case_record WHERE id = ?";
        Ok(self.connection().prepare_cached(sql)?.exists(params![case])?)
    }

    /// Whether somebody is here.
    pub fn is_person(&self, person: PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM person WHERE id = ?";
        Ok(self.connection().prepare_cached(sql)?.exists(params![person.0])?)
    }

    /// Whether somebody is shown as protected.
    pub fn is_concealed(&self, person: PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM person WHERE id = ? AND concealment <> 0";
        Ok(self.connection().prepare_cached(sql)?.exists(params![person.0])?)
    }

    /// Whether anything at all is kept of somebody: then nobody takes them away for want of a reference.
    pub fn is_retained(&self, person: PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM retained_record WHERE person_id = ?";
        Ok(self.connection().prepare_cached(sql)?.exists(params![person.0])?)
    }
}

/// Finds cases.
pub struct CaseLookup<'r> {
    statement: Statement<'r>,
}

impl CaseLookup<'_> {
    /// The id that a case has here.
    pub fn find(&mut self, reference: &str) -> Result<Option<i64>> {
        Ok(self.statement.query_row(params![reference], |row| row.get(0)).optional()?)
    }
}

impl Retained<'_> {
    /// A record by the id that it has in its own system.
    pub fn find(&mut self, reference: &str) -> Result<Option<Kept>> {
        let mut kept = Kept::nothing();
        self.gap = Gap::default();
        Ok(self.find_into(reference, &mut kept)?.then_some(kept))
    }

    /// As [`Self::find`], into a value whose memory is used again; says whether there is one. What lies between two records
    /// that stand is asked for once, as long as nobody else writes records of this kind.
    pub fn find_into(&mut self, reference: &str, kept: &mut Kept) -> Result<bool> {
        if self.gap.holds(reference) {
            return Ok(false);
        }
        let kind = self.kind;
        let found =
            self.from_reference.query_row(params![reference], |row| refill(kind, row, kept)).optional()?;
        let next = found.map(|()| kept.record.reference.as_str());
        if next == Some(reference) {
            return Ok(true);
        }
        self.gap.fill(reference, next);
        Ok(false)
    }

    /// A record by the id that it has here.
    pub fn get(&mut self, id: i64) -> Result<Option<Kept>> {
        let kind = self.kind;
        Ok(self.by_id.query_row(params![id], |row| kept(kind, row)).optional()?)
    }

    /// Puts a new record in; `id` only when an undo brings one back. `text` is what [`written`] makes of the record.
    pub fn create(&mut self, run: RunId, id: Option<i64>, record: &Record, text: &str) -> Result<i64> {
        bind(&mut self.insert, id, record)?;
        self.gap.come_in(&record.reference);
        let id = self.registry.connection().last_insert_rowid();
        self.journal.note_new(run, id, record, text)?;
        Ok(id)
    }

    /// Writes a record's new state.
    pub fn change(&mut self, run: RunId, stored: &Kept, after: &Record) -> Result<()> {
        self.gap.come_in(&after.reference);
        let is_same = stored.record.reference == after.reference && stored.record.person == after.person;
        let revise = self.revise.as_mut().filter(|_| is_same);
        bind(revise.unwrap_or(&mut self.update), Some(stored.id), after)?;
        self.journal.note(run, Verb::Changed, stored.id, &stored.record, Some(after))
    }

    /// Takes a record away. Of a case, its documents have to be gone, and what else belonged to it belongs to none.
    pub fn remove(&mut self, run: RunId, stored: &Kept) -> Result<()> {
        self.registry.connection().prepare_cached(of(self.kind).delete)?.execute(params![stored.id])?;
        self.journal.note(run, Verb::Removed, stored.id, &stored.record, None)
    }

    /// Whether a record must stay though its own system has it no more: it, its case or its person is held on this day, or
    /// it is a case with a document that must be kept. (rules.md, purge: holds stop every path)
    pub fn must_stay(&mut self, id: i64, today: chrono::NaiveDate) -> Result<bool> {
        let mut statement = self.registry.connection().prepare_cached(of(self.kind).must_stay)?;
        Ok(statement.exists(params![id, today.to_string()])?)
    }

    /// The ids of the records of this kind that belong to a case.
    pub fn of_case(&mut self, case: i64) -> Result<Vec<i64>> {
        let Some(sql) = of(self.kind).of_case else { return Ok(Vec::new()) };
        let mut statement = self.registry.connection().prepare_cached(sql)?;
        Ok(statement.query_map(params![case], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

/// A record as the journal keeps it: JSON.
pub fn written(kind: Kind, record: &Record) -> Result<String> {
    let text = serde_json::to_string(&record.written(kind));
    text.map_err(|_| Failure::internal("a record that is no JSON"))
}

/// `?1` id, `?2` reference, `?3` person, `?4` related, `?5` case, `?6` and on: the parts. A statement has as many of these
/// as its table needs.
fn bind(statement: &mut Statement<'_>, id: Option<i64>, record: &Record) -> Result<()> {
    let related = record.related.map(|id| id.0);
    let own: [&dyn ToSql; 5] = [&id, &record.reference, &record.person.0, &related, &record.case];
    let parts = record.values.iter().map(|value| value as &dyn ToSql);
    let wanted = statement.parameter_count();
    for (place, value) in (1..).zip(own.into_iter().chain(parts)).take_while(|(place, _)| *place <= wanted) {
        statement.raw_bind_parameter(place, value)?;
    }
    statement.raw_execute()?;
    Ok(())
}

impl ToSql for Datum {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Flag(flag) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*flag))),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// `id, reference, person, related, case`, then the parts.
fn kept(kind: Kind, row: &Row<'_>) -> rusqlite::Result<Kept> {
    let mut kept = Kept::nothing();
    refill(kind, row, &mut kept)?;
    Ok(kept)
}

fn refill(kind: Kind, row: &Row<'_>, kept: &mut Kept) -> rusqlite::Result<()> {
    kept.id = row.get(0)?;
    let record = &mut kept.record;
    row.get_ref(1)?.as_str()?.clone_into(&mut record.reference);
    record.person = PersonId(row.get(2)?);
    record.related = row.get::<_, Option<i64>>(3)?.map(PersonId);
    record.case = row.get(4)?;
    record.values.resize(kind.parts().len(), Datum::Null);
    for ((place, part), value) in (5..).zip(kind.parts()).zip(&mut record.values) {
        match (part.shape, row.get_ref(place)?) {
            (_, ValueRef::Null) => *value = Datum::Null,
            (Shape::Text, text) => match value {
                Datum::Text(old) => text.as_str()?.clone_into(old),
                Datum::Null | Datum::Flag(_) => *value = Datum::Text(text.as_str()?.to_owned()),
            },
            (Shape::Flag | Shape::MaybeFlag, _) => *value = Datum::Flag(row.get(place)?),
        }
    }
    Ok(())
}
