//! What `sweep` asks of a registry or of a copy of one: where values stand that a protected person must not leave
//! behind. Gives tables, columns and internal ids, never a value. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;

use super::Registry;
use super::people::Concealment;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::domain::protection::columns::{Column, Fate, IMPERSONAL, PERSONAL};
use crate::failure::{Failure, Result};

/// Somebody protected, with the number that is kept.
#[derive(Clone, Copy, Debug)]
pub struct Protected {
    /// Who.
    pub id: PersonId,
    /// The current number.
    pub number: IdNumber,
    /// Hidden people's values may stand until the run that erases them.
    pub concealment: Concealment,
}

/// A place where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Whose, as far as that is known.
    pub person: Option<PersonId>,
}

/// Notes are erased with the rest, and staff may write one on a protected person's finding after that.
const UNSWEPT: [(&str, &str); 1] = [("finding", "note")];
const PROTECTED: &str =
    "SELECT id, id_number, id_kind, concealment FROM person WHERE concealment <> 0 ORDER BY id";
// A number that a copy still has under the id, or a former one in clear text, is a link (rules.md, Protection 5).
const OTHER_NUMBERS: &str = "SELECT DISTINCT person_id FROM number
     WHERE person_id IN (SELECT value FROM json_each(:people)) AND key NOT IN (SELECT value FROM json_each(:keys))";
const INDEX: &str = "CREATE VIRTUAL TABLE temp.indexed_word USING fts5vocab (main, 'search', 'instance');
     CREATE VIRTUAL TABLE temp.indexed_name USING fts5vocab (main, 'search_name', 'instance')";
const INDEXED: &str =
    "SELECT doc FROM (SELECT doc FROM temp.indexed_word UNION SELECT doc FROM temp.indexed_name)
     WHERE doc IN (SELECT value FROM json_each(:people) UNION ALL
                   SELECT value + 2305843009213693952 FROM json_each(:keys))";

/// Which rows of a table are of the people asked for, and whose each is.
const fn rows_of(table: &'static str) -> (&'static str, &'static str) {
    match table.as_bytes() {
        b"person" => ("id", "id IN (SELECT value FROM json_each(:people))"),
        // Entries above 2^61 are of numbers that only the population register knows.
        b"search_entry" => (
            "CASE WHEN id < 2305843009213693952 THEN id END",
            "id IN (SELECT value FROM json_each(:people) UNION ALL
                    SELECT value + 2305843009213693952 FROM json_each(:keys))",
        ),
        b"finding" => (
            "CAST(substr(subject, 8) AS INTEGER)",
            "subject IN (SELECT 'person:' || value FROM json_each(:people))",
        ),
        b"population" => (
            "(SELECT person_id FROM number WHERE number.key = population.key)",
            "key IN (SELECT value FROM json_each(:keys))",
        ),
        b"relation" => (
            "CASE WHEN person_id IN (SELECT value FROM json_each(:people)) THEN person_id ELSE related_id END",
            "(person_id IN (SELECT value FROM json_each(:people)) OR related_id IN (SELECT value FROM json_each(:people)))",
        ),
        b"notice" | b"retained_change" => (
            "CASE WHEN person_id IN (SELECT value FROM json_each(:people)) THEN person_id ELSE other_id END",
            "(person_id IN (SELECT value FROM json_each(:people)) OR other_id IN (SELECT value FROM json_each(:people)))",
        ),
        _ => ("person_id", "person_id IN (SELECT value FROM json_each(:people))"),
    }
}

/// When a column holds something that has to go.
fn filled(column: &Column) -> String {
    match (column.table, column.name) {
        // Of whoever is protected the journal says that something changed, without before and after.
        ("journal", "changes") => "EXISTS (SELECT 1 FROM json_each(journal_json(changes)) WHERE
            CASE json_type(journal_json(changes)) WHEN 'array' THEN coalesce(json_extract(value, '$[1]'), json_extract(value, '$[2]'))
                 ELSE value END IS NOT NULL)"
            .to_owned(),
        // The name of a field is none of its values.
        ("finding", "params") => "json_remove(params, '$.field') <> '{}'".to_owned(),
        // Of these kinds the facts are a day, a digest or a remainder.
        ("finding", "facts") => "facts <> '' AND kind NOT IN ('check-digit', 'no-answer', 'number-change',
            'protection-lifted', 'comment-review', 'update-blocked', 'post-conflict', 'erasure-pending')"
            .to_owned(),
        (_, name) => format!("{name} IS NOT NULL AND {name} <> ''"),
    }
}

/// The columns that `sweep` looks at: all that are erased when their person becomes protected.
pub fn swept_columns() -> impl Iterator<Item = &'static Column> {
    PERSONAL
        .iter()
        .filter(|column| column.fate == Fate::Erased && !UNSWEPT.contains(&(column.table, column.name)))
}

fn json_of(ids: impl Iterator<Item = i64>) -> String {
    ids.collect::<serde_json::Value>().to_string()
}

impl Registry {
    /// Everybody who is protected.
    pub fn protected_people(&self) -> Result<Vec<Protected>> {
        let mut statement = self.connection().prepare(PROTECTED)?;
        let mut rows = statement.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            let kind = IdKind::parse(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
            let text: String = row.get(1)?;
            let number = kind.and_then(|kind| IdNumber::from_stored(&text, kind));
            people.push(Protected {
                id: PersonId(row.get(0)?),
                number: number.ok_or_else(|| Failure::internal("a stored number that is none"))?,
                concealment: Concealment::of(row.get(3)?),
            });
        }
        Ok(people)
    }

    /// Where anything stands that these people must not leave behind. Columns that an older copy doesn't have are passed over.
    pub fn traces_of(&self, people: &[Protected]) -> Result<BTreeSet<Trace>> {
        let ids = json_of(people.iter().map(|one| one.id.0));
        let keys = json_of(people.iter().map(|one| one.number.key().0));
        let known = self.text_columns()?;
        let mut traces = BTreeSet::new();
        for column in swept_columns()
            .filter(|column| known.contains(&(column.table.to_owned(), column.name.to_owned())))
        {
            let (who, whose) = rows_of(column.table);
            let sql =
                format!("SELECT DISTINCT {who} FROM {} WHERE {whose} AND {}", column.table, filled(column));
            self.gather(&sql, (&ids, &keys), (column.table, column.name), &mut traces)?;
        }
        self.gather(OTHER_NUMBERS, (&ids, &keys), ("number", "key"), &mut traces)?;
        Ok(traces)
    }

    /// Words of these people that are left in the index of the search, whatever its table says.
    pub fn indexed_traces_of(&self, people: &[Protected]) -> Result<BTreeSet<Trace>> {
        let ids = json_of(people.iter().map(|one| one.id.0));
        let keys = json_of(people.iter().map(|one| one.number.key().0));
        self.connection().execute_batch(INDEX)?;
        let mut traces = BTreeSet::new();
        self.gather(INDEXED, (&ids, &keys), ("search", "names"), &mut traces)?;
        self.connection().execute_batch("DROP TABLE temp.indexed_word; DROP TABLE temp.indexed_name")?;
        let known: BTreeSet<PersonId> = people.iter().map(|one| one.id).collect();
        let whose = |trace: Trace| Trace { person: trace.person.filter(|id| known.contains(id)), ..trace };
        Ok(traces.into_iter().map(whose).collect())
    }

    fn gather(
        &self,
        sql: &str,
        (ids, keys): (&str, &str),
        (table, column): (&'static str, &'static str),
        traces: &mut BTreeSet<Trace>,
    ) -> Result<()> {
        let mut statement = self.connection().prepare(sql)?;
        for (name, value) in [(":people", ids), (":keys", keys)] {
            if let Some(place) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(place, value)?;
            }
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            traces.insert(Trace { table, column, person: row.get::<_, Option<i64>>(0)?.map(PersonId) });
        }
        Ok(())
    }

    /// Tables and columns that there are.
    fn text_columns(&self) -> Result<BTreeSet<(String, String)>> {
        let sql = "SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
                   WHERE t.schema = 'main' AND t.type <> 'view'";
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Keyed hashes of former numbers of protected people.
    pub fn refused_numbers(&self) -> Result<BTreeSet<KeyedHash>> {
        let mut statement = self.connection().prepare("SELECT hash FROM refused_number")?;
        let hashes = statement.query_map([], |row| Ok(KeyedHash::from_bytes(row.get(0)?)))?;
        Ok(hashes.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands every number of a table that isn't about people of the registry alone to `visit`.
    pub fn each_other_number(&self, mut visit: impl FnMut(&'static str, NumberKey)) -> Result<()> {
        let tables = [
            ("population", "SELECT key FROM population"),
            ("spar_list_number", "SELECT key FROM spar_list_number"),
        ];
        for (table, sql) in tables {
            let mut statement = self.connection().prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                visit(table, NumberKey(row.get(0)?));
            }
        }
        Ok(())
    }

    /// Hands every text in which nobody may ever stand to `visit`, with its table and column.
    pub fn each_impersonal_text(
        &self,
        mut visit: impl FnMut((&'static str, &'static str), &[u8]),
    ) -> Result<()> {
        // Of the search these are FTS5's own.
        for (table, columns) in IMPERSONAL.iter().filter(|(table, _)| !table.starts_with("search")) {
            for column in *columns {
                let sql = format!("SELECT {column} FROM {table}");
                let mut statement = self.connection().prepare(&sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    if let Some(text) = row.get_ref(0)?.as_bytes_or_null().map_err(rusqlite::Error::from)? {
                        visit((table, column), text);
                    }
                }
            }
        }
        Ok(())
    }

    /// How far each of these people's protection has gone by now; whoever is open isn't there.
    pub fn concealed_now(&self, people: &[Protected]) -> Result<BTreeMap<PersonId, Concealment>> {
        let ids = json_of(people.iter().map(|one| one.id.0));
        let sql = "SELECT id, concealment FROM person
                   WHERE id IN (SELECT value FROM json_each(:people)) AND concealment <> 0";
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map(named_params! { ":people": ids }, |row| {
            Ok((PersonId(row.get(0)?), Concealment::of(row.get(1)?)))
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a copy is of this registry: they have the salt in common.
    pub fn is_of(&self, other: &Self) -> bool {
        self.salt() == other.salt()
    }
}
