//! What stands of the rows of a file, and whose numbers nothing may be told of: all that has to be known to leave a row
//! alone.

use rusqlite::{OptionalExtension, Row, Statement, params};

use super::Holder;
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::domain::population::{Cell, PopulationRow, RegisterMark, Residence, Told};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::along::Along;
use crate::registry::people::Concealment;

const STANDS: &str =
    "SELECT kind, municipality, told, key_code, first_name, middle_name, last_name, care_of, street, postal_code, city,
            property, deceased_date
     FROM population WHERE key = ?1 AND nonresident = ?2 AND present = 1 AND protected = 0 AND marked = ?3";
const FIRST_CELL: usize = 3;
const CONCEALED: &str = "SELECT n.key FROM person AS p JOIN number AS n ON n.person_id = p.id
     WHERE p.concealment <> 0 ORDER BY n.key";

const HOLDERS: &str =
    "SELECT n.key, n.person_id, p.concealment FROM number AS n JOIN person AS p ON p.id = n.person_id
     WHERE n.key >= :key ORDER BY n.key LIMIT :most";
const STORED: &str = "SELECT key FROM population WHERE key >= :key ORDER BY key LIMIT :most";

/// Tells of numbers, one after the other, who has them and whether the register's table does.
pub struct NumbersAlong<'r> {
    holders: Along<'r, Holder>,
    stored: Along<'r, ()>,
}

/// Compares rows with stored ones where they lie.
pub struct Standing<'r> {
    statement: Statement<'r>,
    residence: Residence,
    /// In order.
    concealed: Vec<NumberKey>,
    /// Where nothing stands yet, nothing is asked.
    stands_any: bool,
}

impl Registry {
    /// Prepares comparing the rows of a file of such people.
    pub fn standing(&self, residence: Residence) -> Result<Standing<'_>> {
        let statement = self.connection().prepare(STANDS)?;
        let stands_any = self.connection().prepare_cached("SELECT 1 FROM population LIMIT 1")?.exists([])?;
        Ok(Standing { statement, residence, concealed: self.concealed_numbers()?, stands_any })
    }

    /// The numbers of everybody who is shown as protected, in order.
    pub fn concealed_numbers(&self) -> Result<Vec<NumberKey>> {
        let mut statement = self.connection().prepare_cached(CONCEALED)?;
        let keys = statement.query_map([], |row| row.get(0).map(NumberKey))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    /// Prepares asking for numbers in their order, each once, while people stay as they are.
    pub fn numbers_along(&self) -> Result<NumbersAlong<'_>> {
        let connection = self.connection();
        let (holders, stored) = (Along::prepare(connection, HOLDERS)?, Along::prepare(connection, STORED)?);
        Ok(NumbersAlong { holders, stored })
    }

    /// All numbers of a person.
    pub fn numbers_of(&self, person: PersonId) -> Result<Vec<NumberKey>> {
        let mut statement = self.connection().prepare_cached("SELECT key FROM number WHERE person_id = ?")?;
        let keys = statement.query_map(params![person.0], |row| row.get(0).map(NumberKey))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }
}

impl NumbersAlong<'_> {
    /// Who has or had a number.
    pub fn holder(&mut self, key: NumberKey) -> Result<Option<Holder>> {
        self.holders.find(key.0, |row| {
            Ok(Holder { person: PersonId(row.get(1)?), concealment: Concealment::of(row.get(2)?) })
        })
    }

    /// Whether the register's table had a row of it; what was written under other numbers since does not count.
    pub fn is_stored(&mut self, key: NumberKey) -> Result<bool> {
        Ok(self.stored.find(key.0, |_| Ok(()))?.is_some())
    }
}

impl Standing<'_> {
    /// Whether a row says what stands, present and open, of nobody who is shown as protected: to write it would change
    /// nothing.
    pub fn is_said_by(&mut self, row: &PopulationRow) -> Result<bool> {
        let key = row.number.key();
        if !self.stands_any || row.mark.is_set() || self.concealed.binary_search(&key).is_ok() {
            return Ok(false);
        }
        let values = params![key.0, self.residence.number(), RegisterMark::Open.number()];
        let is_same = self.statement.query_row(values, |stored| is_same(row, stored));
        Ok(is_same.optional()?.unwrap_or(false))
    }
}

fn is_same(row: &PopulationRow, stored: &Row<'_>) -> rusqlite::Result<bool> {
    if stored.get_ref(0)?.as_str()? != row.number.kind().name() {
        return Ok(false);
    }
    let cell = |cell: Cell| stored.get_ref(FIRST_CELL + cell as usize).ok()?.as_str_or_null().ok()?;
    Ok(row.says_what_stands(stored.get_ref(1)?.as_str()?, Told(stored.get(2)?), cell))
}
