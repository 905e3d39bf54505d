//! The same set by SQL alone: no reasons, no counts, no holds by class, no graces; and the same people gone by bare deletes.

use std::path::Path;

use rusqlite::Connection;

use crate::support::registry::open;

/// Invented people and three cases for each; one person in fifty, and every case of theirs, is due. Cases come by time, not
/// by person.
pub fn fill(path: &Path, people: u64) {
    let sql = format!(
        "BEGIN;
         WITH RECURSIVE made (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM made WHERE n + 1 < {people})
         INSERT INTO person (id_number, id_kind, check_digit, category, class, first_name, last_name, entered_on)
         SELECT printf('%04d%02d%02d%04d', 1840 + n % 50, 1 + n / 50 % 12, 1 + n / 600 % 28, n / 16800) AS number,
                'personnummer', 'none', 'borrower', 'A', 'First' || n % 997, 'Last' || n % 7919, '2015-01-01'
         FROM made ORDER BY number;
         INSERT INTO number (key, person_id, kind) SELECT CAST(id_number AS INTEGER), id, id_kind FROM person ORDER BY 1;
         INSERT INTO address (person_id, kind, active, street, postal_code, city)
         SELECT id, 'home', 1, 'Street ' || id, '60299', 'TOWN' FROM person;
         INSERT INTO contact (person_id, field, value, origin, user_changed)
         SELECT id, 'email', 'p' || id || '@example.org', 'import', 0 FROM person;
         WITH RECURSIVE made (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM made WHERE n + 1 < {people} * 3)
         INSERT INTO case_record (reference, person_id, class, opened, closed)
         SELECT 'case ' || n, 1 + n * 7919 % {people}, 'K', '2015-01-01',
                CASE WHEN n * 7919 % {people} % 50 = 0 THEN '2016-01-01' ELSE '2026-01-01' END
         FROM made;
         INSERT INTO retention_rule (class, target, period, counted_from, year_end, action, grace_days)
         VALUES ('A', 'person', 'P5Y', 'last_activity', 0, 'delete', 0), ('K', 'case', 'P5Y', 'closed', 0, 'delete', 0);
         INSERT INTO run (job, by_hand, dry_run, today, started, status, exit, user, host, version, arguments)
         VALUES ('fill', 1, 0, date('now'), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ok', 0, '', '', '', '');
         INSERT INTO journal (run_id, person_id, at, verb, changes)
         SELECT 1, id, '2015-01-01T08:00:00.000Z', 'created', json_object('person.last_name', last_name) FROM person;
         COMMIT;"
    );
    open(path).execute_batch(&sql).unwrap();
}

const DUE_CASES: &str = "CREATE TEMP TABLE due_case AS SELECT id, person_id FROM case_record
     WHERE class = 'K' AND hold IS NULL AND date(closed, '+5 years') <= date('now')
       AND NOT EXISTS (SELECT 1 FROM document WHERE case_id = case_record.id AND (disposable1 = 0 OR disposable2 = 0));
     CREATE UNIQUE INDEX temp.due_case_id ON due_case (id);";
const DUE_PEOPLE: &str = "CREATE TEMP TABLE due_person AS SELECT id FROM person AS p
     WHERE class = 'A' AND held_since IS NULL
       AND NOT EXISTS (SELECT 1 FROM case_record AS c WHERE c.person_id = p.id AND c.id NOT IN (SELECT id FROM due_case))
       AND NOT EXISTS (SELECT 1 FROM obligation AS o WHERE o.person_id = p.id AND coalesce(valid_to, '9999') >= date('now'))
       AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.person_id = p.id)
       AND date(max(entered_on,
               coalesce((SELECT max(max(opened, coalesce(closed, ''))) FROM case_record AS c WHERE c.person_id = p.id), ''),
               coalesce((SELECT max(touched) FROM draft AS d WHERE d.person_id = p.id), ''),
               coalesce((SELECT max(touched) FROM event AS e WHERE e.person_id = p.id), '')), '+5 years') <= date('now');
     CREATE UNIQUE INDEX temp.due_person_id ON due_person (id);";

/// Finds everybody who is due. Gives how many people and cases.
pub fn find(connection: &Connection) -> (i64, i64) {
    connection.execute_batch(DUE_CASES).unwrap();
    connection.execute_batch(DUE_PEOPLE).unwrap();
    let sql = "SELECT (SELECT count(*) FROM due_person), (SELECT count(*) FROM due_case)";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// Removes them and what hangs on them, in one transaction.
pub fn remove(connection: &Connection) {
    let children = [
        "source_statement",
        "contact_edit",
        "source_conflict",
        "address",
        "person_area",
        "contact",
        "notice",
    ];
    let children =
        children.into_iter().chain(["protection", "draft", "event", "subscription", "obligation", "number"]);
    let children: Vec<String> = children
        .map(|table| format!("DELETE FROM {table} WHERE person_id IN (SELECT id FROM due_person);"))
        .collect();
    let children = children.concat();
    connection
        .execute_batch(&format!(
            "BEGIN IMMEDIATE;
             DELETE FROM document WHERE case_id IN (SELECT id FROM due_case);
             DELETE FROM case_record WHERE id IN (SELECT id FROM due_case);
             {children}
             UPDATE journal SET changes = NULL WHERE person_id IN (SELECT id FROM due_person);
             INSERT INTO journal (run_id, person_id, at, verb) SELECT 1, id, '', 'removed' FROM due_person;
             DELETE FROM person WHERE id IN (SELECT id FROM due_person);
             COMMIT;"
        ))
        .unwrap();
}

/// What an erasure needs to finish: nothing that was removed is left in free pages or the WAL.
pub fn vacuum(path: &Path) {
    let sql = "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
    open(path).execute_batch(sql).unwrap();
}
