//! What sources said of one person, and when the person last changed something: in and out of their tables.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rusqlite::{Connection, Row, Statement, params};
use siphasher::sip::SipHasher13;

use super::read::{Stored, fill};
use super::saying::Saying;
use super::table::Table;
use crate::domain::contact::ContactField;
use crate::domain::contact::source::{Between, SourceCategory, SourceStatement, contradictions, speakers};
use crate::domain::person::{Person, PersonId};
use crate::failure::Result;

const STATEMENTS: &str =
    "SELECT source, categories, email, mobile, phone, disputed, person_id FROM source_statement
     WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const EDITS: &str =
    "SELECT field, edited_at, person_id FROM contact_edit WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const PUT_STATEMENT: &str =
    "INSERT INTO source_statement (person_id, source, categories, email, mobile, phone, disputed, digest)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (person_id, source) DO UPDATE SET digest = ?8, categories = ?3, email = ?4, mobile = ?5, phone = ?6,
            disputed = ?7";
const DELETE_STATEMENT: &str = "DELETE FROM source_statement WHERE person_id = ? AND source = ?";
const UNSETTLE: &str = "UPDATE source_statement SET digest = NULL WHERE person_id = ? AND digest IS NOT NULL";
const DELETE_CONFLICTS: &str = "DELETE FROM source_conflict WHERE person_id = ?";
const PUT_CONFLICT: &str =
    "INSERT INTO source_conflict (person_id, field, detail, sources, facts) VALUES (?, ?, ?, ?, ?)";
const DELETE_EDIT: &str = "DELETE FROM contact_edit WHERE person_id = ? AND field = ?";
const PUT_EDIT: &str = "INSERT INTO contact_edit (person_id, field, edited_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (person_id, field) DO UPDATE SET edited_at = ?3";

/// Reads what was heard of people.
pub(super) struct HeardReader<'c> {
    statements: Table<'c>,
    edits: Table<'c>,
}

impl<'c> HeardReader<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self> {
        let table = |sql, owner| Table::prepare(connection, sql, owner);
        Ok(Self { statements: table(STATEMENTS, 6)?, edits: table(EDITS, 2)? })
    }

    /// Puts into people, who are in order, what was heard of them.
    pub(super) fn read(&mut self, ids: &[PersonId], people: &mut [Stored]) -> Result<()> {
        fill(&mut self.statements, ids, people, |person, row| {
            let source: String = row.get(0)?;
            let categories = words(row, 1)?.filter_map(SourceCategory::parse).collect();
            person.categories.insert(source.clone(), categories);
            person.heard.insert(source, statement(row)?);
            Ok(())
        })?;
        fill(&mut self.edits, ids, people, |person, row| {
            if let Some(field) = ContactField::parse(row.get_ref(0)?.as_str()?) {
                person.edited.insert(field, row.get(1)?);
            }
            Ok(())
        })
    }
}

fn words<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<impl Iterator<Item = &'r str>> {
    Ok(row.get_ref(column)?.as_str()?.split(',').filter(|word| !word.is_empty()))
}

fn statement(row: &Row<'_>) -> rusqlite::Result<SourceStatement> {
    let mut said = BTreeMap::new();
    for (field, column) in ContactField::ALL.into_iter().zip(2..) {
        if let Some(value) = row.get(column)? {
            said.insert(field, value);
        }
    }
    Ok(SourceStatement { said, disputed: words(row, 5)?.filter_map(ContactField::parse).collect() })
}

/// Writes what was heard of people; the statements are prepared once and held.
pub(super) struct HeardWriter<'c> {
    salt: (u64, u64),
    put_statement: Statement<'c>,
    delete_statement: Statement<'c>,
    unsettle: Statement<'c>,
    delete_conflicts: Statement<'c>,
    put_conflict: Statement<'c>,
    put_edit: Statement<'c>,
    delete_edit: Statement<'c>,
}

impl<'c> HeardWriter<'c> {
    pub(super) fn new(connection: &'c Connection, salt: (u64, u64)) -> Result<Self> {
        let prepare = |sql| connection.prepare(sql);
        Ok(Self {
            salt,
            put_statement: prepare(PUT_STATEMENT)?,
            delete_statement: prepare(DELETE_STATEMENT)?,
            unsettle: prepare(UNSETTLE)?,
            delete_conflicts: prepare(DELETE_CONFLICTS)?,
            put_conflict: prepare(PUT_CONFLICT)?,
            put_edit: prepare(PUT_EDIT)?,
            delete_edit: prepare(DELETE_EDIT)?,
        })
    }

    /// Writes what differs between two states of one person.
    pub(super) fn update(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        saying: &mut Saying,
    ) -> Result<()> {
        let is_as_settled = before.contacts == after.contacts
            && before.heard == after.heard
            && before.status == after.status
            && before.protection == after.protection;
        // What one source says may decide what another's statement means. A row about to be written gets its own digest.
        let stands = |source| !is_written(source, before, after) && after.heard.contains_key(source);
        if !is_as_settled && before.heard.keys().any(stands) {
            self.unsettle.execute(params![id.0])?;
        }
        if before.heard != after.heard || before.categories != after.categories {
            self.statements(id, before, after, saying)?;
        }
        if before.heard != after.heard {
            self.conflicts(id, before, after)?;
        }
        self.edits(id, before, after)
    }

    fn statements(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        saying: &mut Saying,
    ) -> Result<()> {
        for source in before.heard.keys().filter(|source| !after.heard.contains_key(*source)) {
            self.delete_statement.execute(params![id.0, source])?;
        }
        for (source, statement) in &after.heard {
            if !is_written(source, before, after) {
                continue;
            }
            let categories =
                after.categories.get(source).into_iter().flatten().map(|category| category.name());
            let said = |field| statement.said.get(&field);
            self.put_statement.execute(params![
                id.0,
                source,
                categories.collect::<Vec<_>>().join(","),
                said(ContactField::Email),
                said(ContactField::Mobile),
                said(ContactField::Phone),
                fields(&statement.disputed),
                saying.digest_of(source),
            ])?;
        }
        Ok(())
    }

    fn conflicts(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        if after.heard.is_empty() || !contradictions(&before.heard).is_empty() {
            self.delete_conflicts.execute(params![id.0])?;
        }
        for contradiction in contradictions(&after.heard) {
            let field = contradiction.field;
            let mut hasher = SipHasher13::new_with_keys(self.salt.0, self.salt.1);
            speakers(&after.heard, field).for_each(|speaker| speaker.hash(&mut hasher));
            let detail = match contradiction.between {
                Between::Sources => field.name().to_owned(),
                Between::Rows => format!("{}/rows", field.name()),
            };
            let sources = contradiction.sources.join(", ");
            let facts = format!("{:016x}", hasher.finish());
            self.put_conflict.execute(params![id.0, field.name(), detail, sources, facts])?;
        }
        Ok(())
    }

    fn edits(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        for field in ContactField::ALL {
            match (before.edited.get(&field), after.edited.get(&field)) {
                (Some(_), None) => drop(self.delete_edit.execute(params![id.0, field.name()])?),
                (old, Some(at)) if old != Some(at) => {
                    self.put_edit.execute(params![id.0, field.name(), at])?;
                }
                (Some(_) | None, Some(_)) | (None, None) => {}
            }
        }
        Ok(())
    }
}

/// Whether a source's row differs between two states of a person.
fn is_written(source: &String, before: &Person, after: &Person) -> bool {
    before.heard.get(source) != after.heard.get(source)
        || before.categories.get(source) != after.categories.get(source)
}

fn fields(fields: &BTreeSet<ContactField>) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(",")
}
