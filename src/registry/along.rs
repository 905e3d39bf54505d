//! Looks keys up one after the other. Where they come in order, as most files have them, several rows are read at once.

use rusqlite::{Connection, Row, Statement, ToSql};

use crate::failure::Result;

/// So many rows are read ahead at most.
const MOST: usize = 128;

/// Look-ups of a time in which nothing of what they look for is written.
pub(super) struct Along<'c, T> {
    statement: Statement<'c>,
    rows: Vec<(i64, T)>,
    /// What is known: every row from this key to that.
    known: Option<(i64, i64)>,
    /// How many look-ups the rows that were read answered, and how many are read next time.
    used: usize,
    next: usize,
}

impl<'c, T: Copy> Along<'c, T> {
    /// The statement takes the lowest key and how many rows as `:key` and `:most`, and has the key as its first column.
    pub(super) fn prepare(connection: &'c Connection, sql: &str) -> Result<Self> {
        Ok(Self { statement: connection.prepare(sql)?, rows: Vec::new(), known: None, used: 0, next: 1 })
    }

    /// Binds a further parameter for all look-ups.
    pub(super) fn bind(&mut self, name: &str, value: impl ToSql) -> Result<()> {
        if let Some(place) = self.statement.parameter_index(name)? {
            self.statement.raw_bind_parameter(place, value)?;
        }
        Ok(())
    }

    /// One key.
    pub(super) fn find(
        &mut self,
        key: i64,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        if !self.known.is_some_and(|(from, to)| (from..=to).contains(&key)) {
            self.read(key, read)?;
        }
        self.used += 1;
        let place = self.rows.binary_search_by_key(&key, |(key, _)| *key);
        Ok(place.ok().and_then(|at| self.rows.get(at)).map(|(_, row)| *row))
    }

    /// Reads twice as many rows as last time if most of those were wanted, else one.
    fn read(&mut self, key: i64, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<()> {
        let were_wanted = self.used * 4 >= self.next * 3;
        self.next = if were_wanted { (self.next * 2).min(MOST) } else { 1 };
        self.bind(":key", key)?;
        self.bind(":most", i64::try_from(self.next).unwrap_or(1))?;
        self.rows.clear();
        let mut rows = self.statement.raw_query();
        while let Some(row) = rows.next()? {
            self.rows.push((row.get(0)?, read(row)?));
        }
        let last = self.rows.last().filter(|_| self.rows.len() == self.next);
        self.known = Some((key, last.map_or(i64::MAX, |(key, _)| *key)));
        self.used = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_in_whatever_order_they_come_and_no_other() {
        let connection = Connection::open_in_memory().unwrap();
        let fill = "CREATE TABLE tripled (key INTEGER PRIMARY KEY, word INTEGER);
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 999)
            INSERT INTO tripled SELECT 3 * n, 7 * n FROM n;";
        connection.execute_batch(fill).unwrap();
        let sql = "SELECT key, word FROM tripled WHERE key >= :key ORDER BY key LIMIT :most";
        let orders: [fn(i64) -> i64; 5] = [
            |at| at,                 // in order, most of them unknown
            |at| 3 * at,             // in order, all known
            |at| 3_001 - at,         // backwards
            |at| at * 1_009 % 3_001, // hither and thither
            |at| 3 * (at / 2) + 60,  // each twice
        ];
        for order in orders {
            let mut along: Along<'_, i64> = Along::prepare(&connection, sql).unwrap();
            for key in (0..3_001).map(order) {
                let expected = (key % 3 == 0 && (3..=2_997).contains(&key)).then_some(key / 3 * 7);
                assert_eq!(along.find(key, |row| row.get(1)).unwrap(), expected, "{key}");
            }
        }
    }
}
