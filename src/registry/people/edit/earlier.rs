//! Records that somebody had under another internal id: merged into theirs, or taken back by an undo and entered anew. They
//! are no more, but the journal has what they were, and nothing but a number tells whose.

use rusqlite::Connection;

use super::Editor;
use crate::domain::change::from_image;
use crate::domain::id_number::{IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::journal::changes;

const GONE: &str = "SELECT person_id, changes FROM journal WHERE verb = 'removed' AND changes IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM person WHERE id = journal.person_id)";

/// Every number of every record that is no more and of which the journal has values: two integers each.
pub(in crate::registry) struct Earlier(Vec<(NumberKey, PersonId)>);

impl Earlier {
    pub(in crate::registry) fn load(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached(GONE)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let image = changes(row.get_ref(1)?)?;
            let person = image.as_ref().and_then(from_image);
            let person = person.ok_or_else(|| Failure::internal("a journal row that is no person"))?;
            let id = PersonId(row.get(0)?);
            let numbers = person.former.iter().chain([&person.number]);
            all.extend(numbers.map(|number| (number.key(), id)));
        }
        Ok(Self(all))
    }

    pub(in crate::registry) fn of(&self, numbers: &[NumberKey]) -> Vec<PersonId> {
        self.0.iter().filter(|(key, _)| numbers.contains(key)).map(|(_, id)| *id).collect()
    }
}

impl Editor<'_> {
    /// The records that are no more of whoever has or had these numbers. Read once: looking costs the whole journal.
    pub(super) fn earlier(&mut self, numbers: &[IdNumber]) -> Result<Vec<PersonId>> {
        let earlier = match self.earlier.take() {
            Some(earlier) => earlier,
            None => Earlier::load(self.registry.connection())?,
        };
        let numbers: Vec<NumberKey> = numbers.iter().map(IdNumber::key).collect();
        let found = earlier.of(&numbers);
        self.earlier = Some(earlier);
        Ok(found)
    }
}
