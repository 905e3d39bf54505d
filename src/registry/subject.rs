//! Everything that the registry holds about one person, table by table, for their right of access (GDPR, article 15).
//!
//! Other people stand in it only as what they are to this one: an internal id. Rows are JSON objects whose keys are the
//! columns, so that a test can hold them against the list of personal columns.

use rusqlite::types::ValueRef;
use rusqlite::{Row, named_params};
use serde_json::{Map, Value, json};

use super::Registry;
use super::journal::{changes, written_out};
use crate::domain::id_number::NumberKey;
use crate::domain::keyed_hash::write_hex;
use crate::domain::person::PersonId;
use crate::domain::protection::columns::{Fate, PERSONAL};
use crate::failure::Result;

/// One table's part of a subject access file.
pub struct Section {
    /// Its key in the file.
    pub name: &'static str,
    /// The table that its columns are of.
    pub table: &'static str,
    sql: &'static str,
}

const fn section(name: &'static str, table: &'static str, sql: &'static str) -> Section {
    Section { name, table, sql }
}

/// All parts, in the order of the file.
pub const SECTIONS: &[Section] = &[
    section("person", "person",
        "SELECT id_number, id_kind, check_digit, status, category, first_name, called_name, middle_name, last_name,
                birth_date, deregistration_code, deregistration_date, blocked, block_reason, allow_update, comment, class,
                no_address_since, special_since, key_code, held_since, held_until,
                entered_on, active_on, reduced_on
         FROM person WHERE id = :person"),
    // Of somebody protected former numbers are shown to nobody (rules.md, Protection 5).
    section("numbers", "number",
        "SELECT key, kind, former, said, CASE WHEN post IS NOT NULL THEN printf('%016x', post) END AS post, known_to_spar,
                list_id AS newest_list, sent_on, answer_due_on, answered_on, answered_in AS answered_in_file
         FROM number WHERE person_id = :person
           AND (former = 0 OR (SELECT concealment FROM person WHERE id = :person) = 0) ORDER BY former"),
    section("protection", "protection",
        "SELECT kind, since, run_id FROM protection WHERE person_id = :person"),
    section("addresses", "address",
        "SELECT kind, active, care_of, street, postal_code, city, country FROM address WHERE person_id = :person"),
    section("contacts", "contact",
        "SELECT field, value, origin, user_changed FROM contact WHERE person_id = :person"),
    section("own_edits", "contact_edit",
        "SELECT field, edited_at FROM contact_edit WHERE person_id = :person"),
    section("statements", "source_statement",
        "SELECT source, categories, email, mobile, phone, disputed FROM source_statement WHERE person_id = :person"),
    section("settled_row", "settled_row",
        "SELECT printf('%016x', digest) AS digest FROM settled_row WHERE person_id = :person"),
    section("contradictions", "source_conflict",
        "SELECT field, detail, sources, facts FROM source_conflict WHERE person_id = :person"),
    section("areas", "person_area",
        "SELECT activity, area FROM person_area WHERE person_id = :person"),
    section("population", "population",
        "SELECT key, kind, municipality, nonresident, present, marked, key_code, first_name, middle_name, last_name, care_of,
                street, postal_code, city, property, deceased_date, address_on, taken, file_id
         FROM population WHERE key IN (SELECT key FROM number WHERE person_id = :person)
           AND (SELECT concealment FROM person WHERE id = :person) = 0"),
    section("search", "search_entry",
        "SELECT names, places, numbers FROM search_entry WHERE id = :person"),
    section("reasons", "reason",
        "SELECT verb, reason, run_id FROM reason WHERE person_id = :person ORDER BY run_id"),
    section("cases", "case_record",
        "SELECT reference, class, opened, closed, last_activity, marked, removed, hold FROM case_record
         WHERE person_id = :person ORDER BY id"),
    section("documents", "document",
        "SELECT d.reference, c.reference AS in_case, d.key1, d.key2, d.disposable1, d.disposable2
         FROM document AS d JOIN case_record AS c ON c.id = d.case_id WHERE c.person_id = :person ORDER BY d.id"),
    section("subscriptions", "subscription",
        "SELECT reference, kind, valid_from, valid_to FROM subscription WHERE person_id = :person ORDER BY id"),
    section("obligations", "obligation",
        "SELECT reference, kind, valid_from, valid_to FROM obligation WHERE person_id = :person ORDER BY id"),
    section("drafts", "draft",
        "SELECT reference, touched FROM draft WHERE person_id = :person ORDER BY id"),
    section("events", "event",
        "SELECT reference, touched FROM event WHERE person_id = :person ORDER BY id"),
    section(
        "changes_of_records",
        "retained_change",
        "SELECT run_id, kind, verb, before, after FROM retained_change WHERE person_id = :person ORDER BY id",
    ),
    section("relations", "relation",
        "SELECT kind, CASE WHEN person_id = :person THEN 'guardian-of' ELSE 'has-guardian' END AS role,
                (SELECT 'person:' || id FROM person WHERE concealment = 0 AND id =
                    CASE WHEN person_id = :person THEN related_id ELSE person_id END) AS other
         FROM relation WHERE (person_id = :person OR related_id = :person)
           AND (SELECT concealment FROM person WHERE id = :person) = 0"),
    section("notices", "notice",
        "SELECT kind, (SELECT 'person:' || id FROM person WHERE id = other_id AND concealment = 0) AS other_id
         FROM notice WHERE person_id = :person"),
    section("findings", "finding",
        "SELECT kind, subject, facts, params, state, note, first_seen, last_seen, run_id FROM finding
         WHERE subject = 'person:' || :person ORDER BY id"),
    section("journal", "journal",
        "SELECT at, verb, run_id, file_id, changes FROM journal WHERE person_id = :person ORDER BY id"),
];

/// Runs that changed this person, or that answers and marks came by.
const RUNS: &str =
    "SELECT id AS run, job, source, started, ended, status, user, sudo_user, host, version FROM run
     WHERE id IN (SELECT run_id FROM journal WHERE person_id = :person
                  UNION SELECT run_id FROM protection WHERE person_id = :person) ORDER BY id";
const FILES: &str =
    "SELECT id AS file, kind, name, sha256, size, created, state, applied_on, run_id FROM file
     WHERE id IN (SELECT file_id FROM journal WHERE person_id = :person
                  UNION SELECT answered_in FROM number WHERE person_id = :person) ORDER BY id";
const LISTS: &str =
    "SELECT l.id AS list, l.name, l.file_name, l.sha256, l.size, l.numbers AS people_in_it, l.state, l.sent_on,
            l.run_id, r.started, r.host
     FROM spar_list AS l JOIN run AS r ON r.id = l.run_id
     WHERE l.id IN (SELECT list_id FROM number WHERE person_id = :person
                    UNION SELECT list_id FROM spar_list_number
                    WHERE key IN (SELECT key FROM number WHERE person_id = :person)) ORDER BY l.id";
// What a consumer has acknowledged was handed to it.
const FEEDS: &str =
    "SELECT c.name AS consumer, c.moved_at AS acknowledged, count(*) AS changes, max(j.at) AS newest
     FROM feed_cursor AS c JOIN journal AS j ON j.id <= c.journal_id
     WHERE j.person_id = :person GROUP BY c.name ORDER BY c.name";

impl Registry {
    /// What every table holds about a person. Of somebody protected, nothing that is erased with the protection, whether
    /// it is erased already or not.
    pub fn subject(&self, id: PersonId, is_protected: bool) -> Result<Map<String, Value>> {
        let mut document = Map::new();
        for section in SECTIONS {
            let rows = self.objects(section.sql, id)?.into_iter().map(|mut row| {
                if is_protected {
                    withhold(section.table, &mut row);
                }
                Value::Object(row)
            });
            document.insert(section.name.to_owned(), rows.collect());
        }
        Ok(document)
    }

    /// By which files a person's data came in, in which lists and feeds they left, and the runs that did it.
    pub fn subject_traffic(&self, id: PersonId) -> Result<Map<String, Value>> {
        let parts =
            [("runs", RUNS), ("came_in_by", FILES), ("left_in_lists", LISTS), ("left_in_feeds", FEEDS)];
        let mut document = Map::new();
        for (name, sql) in parts {
            let rows = self.objects(sql, id)?.into_iter().map(Value::Object);
            document.insert(name.to_owned(), rows.collect());
        }
        Ok(document)
    }

    fn objects(&self, sql: &str, id: PersonId) -> Result<Vec<Map<String, Value>>> {
        let mut statement = self.connection().prepare(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let rows = statement.query_map(named_params! { ":person": id.0 }, |row| object(row, &names))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn object(row: &Row<'_>, names: &[String]) -> rusqlite::Result<Map<String, Value>> {
    let mut object = Map::new();
    for (at, name) in names.iter().enumerate() {
        object.insert(name.clone(), value(name, row.get_ref(at)?));
    }
    Ok(object)
}

fn value(name: &str, stored: ValueRef<'_>) -> Value {
    match (name, stored) {
        (_, ValueRef::Null) => Value::Null,
        ("key", ValueRef::Integer(key)) => json!(NumberKey(key).reveal()),
        (_, ValueRef::Integer(number)) => json!(number),
        (_, ValueRef::Real(number)) => json!(number),
        ("changes", text) => changes(text).ok().flatten().unwrap_or_default(),
        ("before" | "after", ValueRef::Text(text)) => json!(written_out(&String::from_utf8_lossy(text))),
        ("params", ValueRef::Text(text)) => serde_json::from_slice(text).unwrap_or_default(),
        (_, ValueRef::Text(text)) => json!(String::from_utf8_lossy(text)),
        // Digests.
        (_, ValueRef::Blob(bytes)) => json!(write_hex(bytes)),
    }
}

fn withhold(table: &str, row: &mut Map<String, Value>) {
    let erased = PERSONAL.iter().filter(|column| column.table == table && column.fate == Fate::Erased);
    for column in erased {
        if let Some(value) = row.get_mut(column.name) {
            *value = Value::Null;
        }
    }
}
