//! What there is of people, cases, obligations, drafts and events, as the rules ask for it. Each table is read once from
//! one end to the other, however many people there are.

use chrono::NaiveDate;
use rusqlite::{Row, params};

use crate::domain::hold::Hold;
use crate::domain::person::PersonId;
use crate::domain::retention::{Case, Death, Life, Owed};
use crate::failure::Result;
use crate::registry::Registry;

/// Of whom everything is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    All,
    /// Only these.
    These(Vec<PersonId>),
}

/// A person.
#[derive(Clone, Copy, Debug)]
pub struct LifeRow<'r> {
    /// Who.
    pub person: PersonId,
    /// The class.
    pub class: Option<&'r str>,
    /// Not protected.
    pub is_open: bool,
    /// What counts; obligations and cases are not in it yet.
    pub life: Life,
}

/// Somebody of whom there is something to know before what is theirs is judged.
#[derive(Clone, Copy, Debug)]
pub struct MarkedRow {
    /// Who.
    pub person: PersonId,
    /// Protected.
    pub is_protected: bool,
    /// A hold lasts today.
    pub is_held: bool,
}

/// A case.
#[derive(Clone, Copy, Debug)]
pub struct CaseRow<'r> {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub person: PersonId,
    /// The class.
    pub class: Option<&'r str>,
    /// What counts.
    pub case: Case,
}

/// An obligation.
#[derive(Clone, Copy, Debug)]
pub struct OwedRow {
    /// Whose.
    pub person: PersonId,
    /// When it began.
    pub from: Option<NaiveDate>,
    /// Its last day; none: it goes on.
    pub to: Option<NaiveDate>,
}

/// Drafts or events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooseKind {
    /// Utkast.
    Draft,
    /// Händelser.
    Event,
}

/// A draft or an event.
#[derive(Clone, Copy, Debug)]
pub struct LooseRow<'r> {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub person: PersonId,
    /// The class of that person.
    pub class: Option<&'r str>,
    /// When it was last touched.
    pub touched: NaiveDate,
    /// The case that it belongs to.
    pub case: Option<i64>,
}

const PEOPLE: &str =
    "SELECT id, class, entered_on, active_on, reduced_on, status, deregistration_date, held_since,
            held_until, concealment FROM person";
const MARKED: &str = "SELECT id, concealment, held_since, held_until FROM person
     WHERE (concealment <> 0 OR held_since IS NOT NULL)";
// The condition is that of the index `document_that_stays`.
const CASES: &str = "SELECT id, person_id, class, opened, closed, last_activity, marked OR removed,
            hold IS NOT NULL,
            EXISTS (SELECT 1 FROM document WHERE document.case_id = case_record.id
                    AND (disposable1 = 0 OR disposable2 = 0 OR (key2 IS NOT NULL AND disposable2 IS NULL)))
     FROM case_record";
const OBLIGATIONS: &str = "SELECT person_id, valid_from, valid_to FROM obligation";
const DRAFTS: &str = "SELECT draft.id, person_id, touched, case_id, class
     FROM draft CROSS JOIN person ON person.id = person_id";
const EVENTS: &str = "SELECT event.id, person_id, touched, case_id, class
     FROM event CROSS JOIN person ON person.id = person_id";
const RELATIONS: &str = "SELECT person_id, related_id FROM relation";
const THESE: &str = "IN (SELECT value FROM json_each(?1))";
const BELOW: &str = "WITH RECURSIVE below (id) AS (
         SELECT ?1 UNION SELECT related_id FROM below JOIN relation ON relation.person_id = below.id)
     SELECT id FROM below";

impl Registry {
    /// Hands everybody who is protected or held to `visit`.
    pub fn each_marked(
        &self,
        whom: &Whom,
        today: NaiveDate,
        mut visit: impl FnMut(MarkedRow) -> Result<()>,
    ) -> Result<()> {
        let sql = match whom {
            Whom::All => MARKED.to_owned(),
            Whom::These(_) => format!("{MARKED} AND id {THESE}"),
        };
        self.each(&sql, whom, |row| {
            let is_held = hold(row, 2)?.is_some_and(|hold| hold.holds_on(today));
            let is_protected = row.get::<_, i64>(1)? != 0;
            visit(MarkedRow { person: PersonId(row.get(0)?), is_protected, is_held })
        })
    }

    /// Hands every person to `visit`, in the order of ids.
    pub fn each_life(
        &self,
        whom: &Whom,
        today: NaiveDate,
        mut visit: impl FnMut(LifeRow<'_>) -> Result<()>,
    ) -> Result<()> {
        let sql = match whom {
            Whom::All => format!("{PEOPLE} ORDER BY id"),
            Whom::These(_) => format!("{PEOPLE} WHERE id {THESE} ORDER BY id"),
        };
        self.each(&sql, whom, |row| {
            let death = match text(row, 5)? {
                Some("deceased") => Death::dated(text(row, 6)?),
                Some(_) | None => Death::Alive,
            };
            visit(LifeRow {
                person: PersonId(row.get(0)?),
                class: text(row, 1)?,
                is_open: row.get::<_, i64>(9)? == 0,
                life: Life {
                    entered_on: day(row, 2)?,
                    active_on: day(row, 3)?,
                    reduced_on: day(row, 4)?,
                    death,
                    held: hold(row, 7)?.filter(|hold| hold.holds_on(today)),
                    owed: Owed::Nothing,
                    has_case: false,
                },
            })
        })
    }

    /// Hands every case to `visit`.
    pub fn each_case(&self, whom: &Whom, mut visit: impl FnMut(CaseRow<'_>) -> Result<()>) -> Result<()> {
        let sql = match whom {
            Whom::All => CASES.to_owned(),
            Whom::These(_) => format!("{CASES} WHERE person_id {THESE} ORDER BY id"),
        };
        self.each(&sql, whom, |row| {
            visit(CaseRow {
                id: row.get(0)?,
                person: PersonId(row.get(1)?),
                class: text(row, 2)?,
                case: Case {
                    opened: must(row, 3)?,
                    closed: day(row, 4)?,
                    last_activity: day(row, 5)?,
                    by_hand: row.get(6)?,
                    held: row.get(7)?,
                    must_stay: row.get(8)?,
                },
            })
        })
    }

    /// Hands every obligation to `visit`.
    pub fn each_obligation(&self, whom: &Whom, mut visit: impl FnMut(OwedRow) -> Result<()>) -> Result<()> {
        let sql = match whom {
            Whom::All => OBLIGATIONS.to_owned(),
            Whom::These(_) => format!("{OBLIGATIONS} WHERE person_id {THESE}"),
        };
        self.each(&sql, whom, |row| {
            visit(OwedRow { person: PersonId(row.get(0)?), from: day(row, 1)?, to: day(row, 2)? })
        })
    }

    /// Hands every draft, or every event, to `visit`.
    pub fn each_loose(
        &self,
        kind: LooseKind,
        whom: &Whom,
        mut visit: impl FnMut(LooseRow<'_>) -> Result<()>,
    ) -> Result<()> {
        let sql = match (kind, whom) {
            (LooseKind::Draft, Whom::All) => DRAFTS.to_owned(),
            (LooseKind::Event, Whom::All) => EVENTS.to_owned(),
            (LooseKind::Draft, Whom::These(_)) => format!("{DRAFTS} WHERE person_id {THESE} ORDER BY 1"),
            (LooseKind::Event, Whom::These(_)) => format!("{EVENTS} WHERE person_id {THESE} ORDER BY 1"),
        };
        self.each(&sql, whom, |row| {
            let (id, person) = (row.get(0)?, PersonId(row.get(1)?));
            let class = text(row, 4)?;
            visit(LooseRow { id, person, class, touched: must(row, 2)?, case: row.get(3)? })
        })
    }

    /// Hands every guardian, with who is in their care, to `visit`.
    pub fn each_relation(
        &self,
        whom: &Whom,
        mut visit: impl FnMut(PersonId, PersonId) -> Result<()>,
    ) -> Result<()> {
        let sql = match whom {
            Whom::All => RELATIONS.to_owned(),
            Whom::These(_) => format!("{RELATIONS} WHERE person_id {THESE}"),
        };
        self.each(&sql, whom, |row| visit(PersonId(row.get(0)?), PersonId(row.get(1)?)))
    }

    /// Somebody, those in their care, those in theirs, and so on.
    pub fn in_care_below(&self, person: PersonId) -> Result<Vec<PersonId>> {
        let mut statement = self.connection().prepare_cached(BELOW)?;
        let people = statement.query_map(params![person.0], |row| row.get(0).map(PersonId))?;
        Ok(people.collect::<rusqlite::Result<_>>()?)
    }

    fn each(&self, sql: &str, whom: &Whom, mut visit: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = match whom {
            Whom::All => statement.query([])?,
            Whom::These(people) => statement.query([ids(people)])?,
        };
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        Ok(())
    }
}

/// A JSON array of internal ids.
pub(super) fn ids(people: &[PersonId]) -> String {
    serde_json::Value::from(people.iter().map(|person| person.0).collect::<Vec<_>>()).to_string()
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Option<&'r str>> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

/// A hold, since when and until when in this column and the next.
fn hold(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Hold>> {
    let until = day(row, column + 1)?;
    Ok(day(row, column)?.map(|since| Hold { since, until }))
}

fn must(row: &Row<'_>, column: usize) -> rusqlite::Result<NaiveDate> {
    day(row, column)?.ok_or_else(|| odd(column))
}

/// `YYYY-MM-DD`. Millions are read, so not with the general parser.
fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let Some(text) = text(row, column)? else { return Ok(None) };
    let part = |from: usize, to: usize| -> Option<u32> {
        let digits = text.as_bytes().get(from..to)?;
        digits
            .iter()
            .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let read = || {
        let year = i32::try_from(part(0, 4)?).ok()?;
        NaiveDate::from_ymd_opt(year, part(5, 7)?, part(8, 10)?)
    };
    read().map(Some).ok_or_else(|| odd(column))
}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text)
}
