//! Everything that there is of one record, as one text: a plan that somebody approved holds as long as it is the same.
//! The text never leaves the registry but as a keyed digest.

use rusqlite::{OptionalExtension, params};

use crate::domain::change::image;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::Registry;

const PERSON: &str = "SELECT json_array(held_since, held_until, active_on, reduced_on, concealment,
     (SELECT json_group_array(json_array(id, class, opened, closed, last_activity, marked, removed, hold))
      FROM (SELECT * FROM case_record WHERE person_id = ?1 ORDER BY id)),
     (SELECT json_group_array(json_array(id, kind, valid_from, valid_to))
      FROM (SELECT * FROM obligation WHERE person_id = ?1 ORDER BY id)),
     (SELECT json_group_array(json_array(id, kind, valid_from, valid_to))
      FROM (SELECT * FROM subscription WHERE person_id = ?1 ORDER BY id)),
     (SELECT json_group_array(json_array(id, touched, case_id))
      FROM (SELECT * FROM draft WHERE person_id = ?1 ORDER BY id)),
     (SELECT json_group_array(json_array(id, touched, case_id))
      FROM (SELECT * FROM event WHERE person_id = ?1 ORDER BY id)),
     (SELECT json_group_array(related_id)
      FROM (SELECT related_id FROM relation WHERE person_id = ?1 ORDER BY related_id)))
     FROM person WHERE id = ?1";
const CASE: &str =
    "SELECT json_array(reference, person_id, class, opened, closed, last_activity, marked, removed, hold,
     (SELECT json_group_array(json_array(id, reference, key1, key2, disposable1, disposable2))
      FROM (SELECT * FROM document WHERE case_id = ?1 ORDER BY id)))
     FROM case_record WHERE id = ?1";
const DRAFT: &str = "SELECT json_array(reference, person_id, touched, case_id) FROM draft WHERE id = ?1";
const EVENT: &str = "SELECT json_array(reference, person_id, touched, case_id) FROM event WHERE id = ?1";

/// What a record of a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person, with all that hangs on them.
    Person,
    /// A case with its documents.
    Case,
    /// A draft.
    Draft,
    /// An event.
    Event,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Person, Self::Case, Self::Draft, Self::Event];

    /// The name in the plan.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Case => "case",
            Self::Draft => "draft",
            Self::Event => "event",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

impl Registry {
    /// What there is of one record; none if it is gone.
    pub fn planned_content(&self, kind: Kind, id: i64) -> Result<Option<String>> {
        let sql = match kind {
            Kind::Person => PERSON,
            Kind::Case => CASE,
            Kind::Draft => DRAFT,
            Kind::Event => EVENT,
        };
        let content: Option<String> =
            self.connection().prepare_cached(sql)?.query_row(params![id], |row| row.get(0)).optional()?;
        match (kind, content) {
            (_, None) => Ok(None),
            (Kind::Person, Some(content)) => {
                let stored = self.people()?.find(PersonId(id))?;
                let stored = stored.ok_or_else(|| Failure::internal("a person who is not there"))?;
                Ok(Some(format!("{}{content}", image(&stored.person))))
            }
            (Kind::Case | Kind::Draft | Kind::Event, content) => Ok(content),
        }
    }
}
