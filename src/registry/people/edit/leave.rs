//! People leave for good, or are reduced to number and class: all at once, and no value of theirs stays behind. The other
//! half, free pages and kept files, comes after the commit. (rules.md, purge: gone is gone)

use rusqlite::params;

use super::{ERASE_JOURNAL, Editor, MARK_ERASURE, PEOPLE_TABLES};
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::retention::disposal::Disposal;

/// What stays of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// Nothing.
    Nothing,
    /// Number, class and status (anonymise).
    NumberAndClass,
}

/// Somebody who leaves, and why.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Who.
    pub person: PersonId,
    /// What stays.
    pub remains: Remains,
    /// What they are called in the disposal record: `person`, `reduced`.
    pub kind: &'static str,
    /// The class that they had.
    pub class: Option<String>,
    /// The rule by which they go.
    pub decision: String,
}

/// Whether the side file knows already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// It has to be told before the commit.
    Tell,
    /// It said so itself.
    Known,
}

/// A number of somebody who leaves.
struct Left {
    person: PersonId,
    number: IdNumber,
    is_former: bool,
    remains: Remains,
}

const TABLE: &str =
    "CREATE TEMP TABLE IF NOT EXISTS leaving_person (id INTEGER PRIMARY KEY, stays INTEGER NOT NULL)";
const EMPTY: &str = "DELETE FROM temp.leaving_person";
const ADD: &str = "INSERT OR REPLACE INTO temp.leaving_person (id, stays) VALUES (?, ?)";
const NUMBERS: &str = "SELECT n.person_id, n.key, n.kind, n.former <> 0, l.stays
     FROM temp.leaving_person AS l CROSS JOIN number AS n ON n.person_id = l.id ORDER BY n.person_id, n.former";
const ERASE: [&str; 8] = [
    "UPDATE journal SET changes = NULL
     WHERE person_id IN (SELECT id FROM temp.leaving_person) AND changes IS NOT NULL",
    // Links of other people's records to them (as for protected people); the rest of those rows stays.
    "UPDATE journal SET changes = CASE json_type(journal_json(changes))
         WHEN 'array' THEN (SELECT json_group_array(json(value)) FROM json_each(journal_json(changes))
                            WHERE json_extract(value, '$[0]') <> 'notice.two-records')
         ELSE json_remove(journal_json(changes), '$.\"notice.two-records\"') END
     WHERE instr(changes, '\"notice.two-records\"') > 0 AND person_id IN
           (SELECT CAST(substr(subject, 8) AS INTEGER) FROM finding
            WHERE kind = 'two-records' AND facts IN (SELECT CAST(id AS TEXT) FROM temp.leaving_person)
            UNION SELECT person_id FROM notice WHERE other_id IN (SELECT id FROM temp.leaving_person))",
    "UPDATE finding SET facts = '', params = '{}', note = NULL
     WHERE kind = 'two-records' AND facts IN (SELECT CAST(id AS TEXT) FROM temp.leaving_person)",
    "UPDATE OR REPLACE notice SET kind = 'number-change', other_id = NULL
     WHERE other_id IN (SELECT id FROM temp.leaving_person)",
    "DELETE FROM finding WHERE subject IN (SELECT 'person:' || id FROM temp.leaving_person)",
    "DELETE FROM reason WHERE person_id IN (SELECT id FROM temp.leaving_person)",
    "DELETE FROM population WHERE key IN (SELECT key FROM number WHERE person_id IN (SELECT id FROM temp.leaving_person))",
    "DELETE FROM spar_list_number WHERE key IN
         (SELECT n.key FROM temp.leaving_person AS l CROSS JOIN number AS n ON n.person_id = l.id
          WHERE l.stays = 0 OR n.former <> 0)",
];
/// Of somebody reduced these stay, in part.
const KEPT_TABLES: [&str; 3] = ["DELETE FROM protection ", "DELETE FROM number ", "DELETE FROM person "];
const REDUCE: [&str; 3] = [
    "DELETE FROM number WHERE former <> 0 AND person_id IN (SELECT id FROM temp.leaving_person WHERE stays = 1)",
    "UPDATE number SET said = NULL, said_in = NULL, sent_on = NULL, answer_due_on = NULL, answered_on = NULL,
            answered_in = NULL
     WHERE person_id IN (SELECT id FROM temp.leaving_person WHERE stays = 1)",
    "UPDATE person SET category = '', first_name = NULL, called_name = NULL, middle_name = NULL, last_name = NULL,
            birth_date = NULL, deregistration_code = NULL, deregistration_date = NULL, block_reason = NULL,
            allow_update = 0, comment = NULL, no_address_since = NULL, special_since = NULL, key_code = NULL,
            held_since = NULL, held_until = NULL, active_on = NULL,
            reduced_on = (SELECT today FROM run ORDER BY id DESC LIMIT 1)
     WHERE id IN (SELECT id FROM temp.leaving_person WHERE stays = 1)",
];
const LOG: &str = "INSERT INTO journal (run_id, person_id, at, verb, changes)
     SELECT ?, id, ?, CASE stays WHEN 0 THEN 'removed' ELSE 'changed' END, NULL FROM temp.leaving_person ORDER BY id";

impl Editor<'_> {
    /// Removes or reduces all of them, with everything that hangs on them, and adds a disposal record for each.
    pub fn leave(&mut self, people: &[Departure], beside: Beside) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        self.gather(people)?;
        let numbers = self.numbers_of_leaving()?;
        self.put_departures(people, &numbers)?;
        self.erase_leaving()?;
        self.erase_earlier(&numbers)?;
        let run = self.trace.run;
        self.registry.connection().prepare_cached(LOG)?.execute(params![run.0, self.at])?;
        for departure in people {
            self.registry.forget_in_search(Some(departure.person), &[])?;
        }
        for left in numbers {
            self.registry.forget_in_search(None, &[left.number.key()])?;
            self.erased_numbers.push(left.number);
            if beside == Beside::Tell {
                self.left.push((left.number, left.remains));
            }
        }
        Ok(())
    }

    /// Numbers of people who left by this editor, for the side file.
    pub fn left(&self) -> &[(IdNumber, Remains)] {
        &self.left
    }

    fn gather(&self, people: &[Departure]) -> Result<()> {
        let connection = self.registry.connection();
        connection.execute(TABLE, [])?;
        connection.execute(EMPTY, [])?;
        let mut add = connection.prepare_cached(ADD)?;
        for departure in people {
            let stays = departure.remains == Remains::NumberAndClass;
            add.execute(params![departure.person.0, stays])?;
        }
        Ok(())
    }

    fn numbers_of_leaving(&self) -> Result<Vec<Left>> {
        let mut statement = self.registry.connection().prepare_cached(NUMBERS)?;
        let mut rows = statement.query([])?;
        let mut numbers = Vec::new();
        while let Some(row) = rows.next()? {
            let kind = IdKind::parse(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
            let key = NumberKey(row.get(1)?);
            let number = kind.and_then(|kind| IdNumber::from_key(key, kind));
            numbers.push(Left {
                person: PersonId(row.get(0)?),
                number: number.ok_or_else(|| Failure::internal("a stored number that is none"))?,
                is_former: row.get(3)?,
                remains: if row.get(4)? { Remains::NumberAndClass } else { Remains::Nothing },
            });
        }
        Ok(numbers)
    }

    /// One record per number: that of the person, and those that they had before.
    fn put_departures(&self, people: &[Departure], numbers: &[Left]) -> Result<()> {
        let Some(today) = self.today else { return Err(Failure::internal("a run without a day")) };
        let departures: std::collections::HashMap<PersonId, &Departure> =
            people.iter().map(|departure| (departure.person, departure)).collect();
        let record = |left: &Left| {
            let departure = departures.get(&left.person)?;
            let (kind, count) = if left.is_former { ("former-number", 0) } else { (departure.kind, 1) };
            Some(Disposal {
                run: self.trace.run,
                disposed_on: today.to_string(),
                kind: kind.to_owned(),
                count,
                class: departure.class.clone(),
                decision: departure.decision.clone(),
                hash: Some(self.key.hash(&left.number)),
            })
        };
        let records: Vec<Disposal> = numbers.iter().filter_map(record).collect();
        self.registry.put_disposals(self.key, &records)
    }

    /// Nothing is left of records either that they had before.
    fn erase_earlier(&mut self, numbers: &[Left]) -> Result<()> {
        let numbers: Vec<IdNumber> = numbers.iter().map(|left| left.number).collect();
        for id in self.earlier(&numbers)? {
            let connection = self.registry.connection();
            for sql in [ERASE_JOURNAL, "DELETE FROM reason WHERE person_id = ?"] {
                connection.prepare_cached(sql)?.execute(params![id.0])?;
            }
            connection
                .prepare_cached("DELETE FROM finding WHERE subject = ?")?
                .execute(params![id.to_string()])?;
        }
        Ok(())
    }

    fn erase_leaving(&self) -> Result<()> {
        let connection = self.registry.connection();
        for sql in ERASE {
            connection.prepare_cached(sql)?.execute([])?;
        }
        let of_all = |sql: &str, of: &str| sql.replace("= ?1", of).replace("= ?", of);
        for sql in PEOPLE_TABLES {
            let is_kept = KEPT_TABLES.iter().any(|start| sql.starts_with(start));
            let whom = if is_kept {
                "IN (SELECT id FROM temp.leaving_person WHERE stays = 0)"
            } else {
                "IN (SELECT id FROM temp.leaving_person)"
            };
            connection.prepare_cached(&of_all(sql, whom))?.execute([])?;
        }
        for sql in REDUCE {
            connection.prepare_cached(sql)?.execute([])?;
        }
        connection.prepare_cached(super::FORGET_CODES)?.execute([])?;
        connection
            .prepare_cached(MARK_ERASURE)?
            .execute(params![format!("run:{}", self.trace.run.0), self.trace.run.0])?;
        Ok(())
    }
}
