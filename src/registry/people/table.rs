//! One table of parts of people, read for many people at once: one statement goes along the table in the order of people.

use rusqlite::{Connection, Row, Statement, params};

use crate::domain::person::PersonId;
use crate::failure::Result;

/// Nearer than this the next wanted person is reached by stepping on, further away by looking for them anew.
const NEAR: i64 = 6;

/// A statement with the bounds of people as its two parameters, in their order, and a column that says whose a row is.
pub(super) struct Table<'c> {
    statement: Statement<'c>,
    owner: usize,
}

impl<'c> Table<'c> {
    /// `owner` is the column of the person's id.
    pub(super) fn prepare(connection: &'c Connection, sql: &str, owner: usize) -> Result<Self> {
        Ok(Self { statement: connection.prepare(sql)?, owner })
    }

    /// Hands out the rows of these people, who are in order, each with the person's place among them.
    pub(super) fn each(
        &mut self,
        ids: &[PersonId],
        mut take: impl FnMut(usize, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut at = 0;
        while let (Some(first), Some(last)) = (ids.get(at), ids.last()) {
            let mut rows = self.statement.query(params![first.0, last.0])?;
            let is_far = loop {
                let Some(row) = rows.next()? else { break false };
                let owner = PersonId(row.get(self.owner)?);
                while ids.get(at).is_some_and(|wanted| *wanted < owner) {
                    at += 1;
                }
                let Some(wanted) = ids.get(at) else { break false };
                if *wanted == owner {
                    take(at, row)?;
                } else if wanted.0 - owner.0 > NEAR {
                    break true;
                }
            };
            if !is_far {
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_wanted_people_come_once_each_however_far_apart_they_are() {
        let connection = Connection::open_in_memory().unwrap();
        let fill = "CREATE TABLE part (owner INTEGER, word TEXT, PRIMARY KEY (owner, word)) WITHOUT ROWID;
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400)
            INSERT INTO part SELECT n, word FROM n JOIN (SELECT 'a' AS word UNION SELECT 'b') WHERE n % 7 <> 0;";
        connection.execute_batch(fill).unwrap();
        let sql = "SELECT word, owner FROM part WHERE owner BETWEEN ? AND ? ORDER BY owner";
        let mut table = Table::prepare(&connection, sql, 1).unwrap();
        let wanted: [&[i64]; 8] = [
            &[],                              // nobody
            &[1],                             // the first
            &[400],                           // the last
            &[7, 14, 21],                     // who have nothing
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], // one after the other
            &[3, 9, 16, 30, 31, 120, 399],    // near and far
            &[-5, 0, 2, 500, 9_000],          // some who are not there
            &[14, 100, 350],                  // far, the first with nothing
        ];
        for ids in wanted {
            let people: Vec<PersonId> = ids.iter().copied().map(PersonId).collect();
            let mut found = Vec::new();
            let take = |at: usize, row: &Row<'_>| {
                found.push((people[at].0, row.get::<_, String>(0)?));
                Ok(())
            };
            table.each(&people, take).unwrap();
            let has_parts = |id: &&i64| (1..=400).contains(*id) && **id % 7 != 0;
            let expected: Vec<(i64, String)> = ids
                .iter()
                .filter(has_parts)
                .flat_map(|id| ["a", "b"].map(|word| (*id, word.to_owned())))
                .collect();
            assert_eq!(found, expected, "{ids:?}");
        }
    }
}
