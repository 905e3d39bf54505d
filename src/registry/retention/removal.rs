//! Cases, drafts and events that go one by one, all of them at once: what hangs on them goes first. (rules.md, purge)

use rusqlite::params;

use super::facts::ids;
use super::planned::Kind;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::runs::RunId;

const TABLES: [&str; 3] = [
    "CREATE TEMP TABLE IF NOT EXISTS leaving_case (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE IF NOT EXISTS leaving_draft (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE IF NOT EXISTS leaving_event (id INTEGER PRIMARY KEY)",
];
const EMPTY: [&str; 3] =
    ["DELETE FROM temp.leaving_case", "DELETE FROM temp.leaving_draft", "DELETE FROM temp.leaving_event"];
const ADD_CASE: &str = "INSERT OR IGNORE INTO temp.leaving_case (id) VALUES (?)";
const ADD_DRAFT: &str = "INSERT OR IGNORE INTO temp.leaving_draft (id) VALUES (?)";
const ADD_EVENT: &str = "INSERT OR IGNORE INTO temp.leaving_event (id) VALUES (?)";
const DOCUMENTS: &str =
    "SELECT c.class, count(*) FROM temp.leaving_case AS l JOIN case_record AS c ON c.id = l.id
     JOIN document AS d ON d.case_id = l.id GROUP BY c.class";
// What somebody did last must not be forgotten with the case that showed it, or they would be due too early.
const KEEP_ACTIVITY: &str = "UPDATE person SET active_on = max(coalesce(active_on, ''), gone.last_on)
     FROM (SELECT person_id, max(on_day) AS last_on FROM (
               SELECT person_id, max(opened, coalesce(closed, ''), coalesce(last_activity, '')) AS on_day
               FROM case_record WHERE id IN (SELECT id FROM temp.leaving_case)
               UNION ALL SELECT person_id, touched FROM draft WHERE id IN (SELECT id FROM temp.leaving_draft)
               UNION ALL SELECT person_id, touched FROM event WHERE id IN (SELECT id FROM temp.leaving_event))
           GROUP BY person_id) AS gone
     WHERE person.id = gone.person_id";
const SUBSCRIPTIONS: &str =
    "SELECT count(*) FROM subscription WHERE person_id IN (SELECT value FROM json_each(?1))";
const OBLIGATIONS: &str =
    "SELECT count(*) FROM obligation WHERE person_id IN (SELECT value FROM json_each(?1))";
// What their imports said of them.
const FORGET_CHANGES: [&str; 4] = [
    "DELETE FROM retained_change WHERE kind = 'document' AND record_id IN
         (SELECT id FROM document WHERE case_id IN (SELECT id FROM temp.leaving_case))",
    "DELETE FROM retained_change WHERE kind = 'case' AND record_id IN (SELECT id FROM temp.leaving_case)",
    "DELETE FROM retained_change WHERE kind = 'draft' AND record_id IN (SELECT id FROM temp.leaving_draft)",
    "DELETE FROM retained_change WHERE kind = 'event' AND record_id IN (SELECT id FROM temp.leaving_event)",
];
const DELETE_DRAFTS: &str = "DELETE FROM draft WHERE id IN (SELECT id FROM temp.leaving_draft)";
const DELETE_EVENTS: &str = "DELETE FROM event WHERE id IN (SELECT id FROM temp.leaving_event)";
// Those that are not due themselves stay without their case.
const FREE_DRAFTS: &str =
    "UPDATE draft SET case_id = NULL WHERE case_id IN (SELECT id FROM temp.leaving_case)";
const FREE_EVENTS: &str =
    "UPDATE event SET case_id = NULL WHERE case_id IN (SELECT id FROM temp.leaving_case)";
const DELETE_DOCUMENTS: &str = "DELETE FROM document WHERE case_id IN (SELECT id FROM temp.leaving_case)";
const DELETE_CASES: &str = "DELETE FROM case_record WHERE id IN (SELECT id FROM temp.leaving_case)";

/// What is about to go.
pub struct Leaving<'r> {
    registry: &'r Registry,
}

/// How many went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Documents, by the class of their case.
    pub documents: Vec<(Option<String>, u64)>,
    /// Cases.
    pub cases: u64,
    /// Drafts.
    pub drafts: u64,
    /// Events.
    pub events: u64,
}

impl Registry {
    /// Begins to gather what goes. Use inside a unit.
    pub fn leaving(&self) -> Result<Leaving<'_>> {
        for sql in TABLES.iter().chain(&EMPTY) {
            self.connection().execute(sql, [])?;
        }
        Ok(Leaving { registry: self })
    }
}

impl Registry {
    /// What was gathered before, in the same unit.
    pub fn leaving_again(&self) -> Leaving<'_> {
        Leaving { registry: self }
    }

    /// How many subscriptions and obligations go with these people.
    pub fn hanging_on(&self, people: &[PersonId]) -> Result<[(&'static str, u64); 2]> {
        let people = ids(people);
        let count = |sql: &str| -> Result<u64> {
            let count: i64 = self.connection().prepare_cached(sql)?.query_row([&people], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        Ok([("subscription", count(SUBSCRIPTIONS)?), ("obligation", count(OBLIGATIONS)?)])
    }

    /// What went has to leave free pages and the WAL too, after the commit.
    pub fn mark_erasure(&self, run: RunId) -> Result<()> {
        self.put_mark("erasure", &format!("run:{}", run.0), run)
    }
}

impl Leaving<'_> {
    /// Documents that go with their case, by its class.
    pub fn documents(&self) -> Result<Vec<(Option<String>, u64)>> {
        let mut statement = self.registry.connection().prepare_cached(DOCUMENTS)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// One more; people go by their own way.
    pub fn add(&self, kind: Kind, id: i64) -> Result<()> {
        let sql = match kind {
            Kind::Case => ADD_CASE,
            Kind::Draft => ADD_DRAFT,
            Kind::Event => ADD_EVENT,
            Kind::Person => return Ok(()),
        };
        self.registry.connection().prepare_cached(sql)?.execute(params![id])?;
        Ok(())
    }

    /// Removes all that was gathered, from the bottom up.
    pub fn remove(&self) -> Result<Gone> {
        let connection = self.registry.connection();
        let documents = self.documents()?;
        let run = |sql: &str| -> Result<u64> { Ok(connection.prepare_cached(sql)?.execute([])? as u64) };
        run(KEEP_ACTIVITY)?;
        for sql in FORGET_CHANGES {
            run(sql)?;
        }
        let (drafts, events) = (run(DELETE_DRAFTS)?, run(DELETE_EVENTS)?);
        for sql in [FREE_DRAFTS, FREE_EVENTS, DELETE_DOCUMENTS] {
            run(sql)?;
        }
        Ok(Gone { documents, cases: run(DELETE_CASES)?, drafts, events })
    }
}
