//! How many people have which code and which area. Never anybody protected: they have neither.

use std::collections::BTreeSet;

use rusqlite::Row;

use crate::domain::area::KeyCode;
use crate::failure::Result;
use crate::registry::Registry;

// Whoever is hidden by a held file may still have an area in the table.
const PEOPLE_BY_AREA: &str = "SELECT activity, area, count(*) FROM person_area
     WHERE person_id NOT IN (SELECT id FROM person WHERE concealment <> 0)
     GROUP BY activity, area ORDER BY activity, area";

const REGISTERED: &str = "SELECT DISTINCT key_code FROM open_population
     WHERE municipality = ? AND present = 1 AND key_code IS NOT NULL";

impl Registry {
    /// Every key code that people who aren't protected have, with how many.
    pub fn held_codes(&self) -> Result<Vec<(KeyCode, u64)>> {
        let mut statement =
            self.connection().prepare_cached("SELECT code, people FROM held_code ORDER BY code")?;
        Ok(statement.query_map([], code_and_people)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Every key code that the population register has of people of these municipalities who aren't protected.
    pub fn registered_codes(&self, municipalities: &[String]) -> Result<BTreeSet<KeyCode>> {
        let mut statement = self.connection().prepare_cached(REGISTERED)?;
        let mut codes = BTreeSet::new();
        for municipality in municipalities {
            let mut rows = statement.query([municipality])?;
            while let Some(row) = rows.next()? {
                let code: String = row.get(0)?;
                codes.extend(KeyCode::parse(code.trim()).ok());
            }
        }
        Ok(codes)
    }

    /// Activity, area, and how many people who aren't protected have it.
    pub fn people_by_area(&self) -> Result<Vec<(String, String, u64)>> {
        let mut statement = self.connection().prepare_cached(PEOPLE_BY_AREA)?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs()));
        Ok(statement.query_map([], row)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn code_and_people(row: &Row<'_>) -> rusqlite::Result<(KeyCode, u64)> {
    let odd = || rusqlite::Error::InvalidColumnType(0, String::new(), rusqlite::types::Type::Text);
    let code = KeyCode::parse(row.get_ref(0)?.as_str()?).map_err(|_| odd())?;
    Ok((code, row.get::<_, i64>(1)?.unsigned_abs()))
}
