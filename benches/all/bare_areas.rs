//! The same rows by SQL alone: no reasons, no limits, no protection, no former numbers.

use std::path::Path;

use crate::support::registry::open;

/// Invented people, a row of the register for each, 3 000 codes, and a link for each of their first two digits.
pub fn fill(path: &Path, people: u64) {
    let sql = format!(
        "BEGIN;
         WITH RECURSIVE made (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM made WHERE n + 1 < {people})
         INSERT INTO person (id_number, id_kind, check_digit, category, birth_date)
         SELECT printf('%04d%02d%02d%04d', 1840 + n % 50, 1 + n / 50 % 12, 1 + n / 600 % 28, n / 16800) AS number,
                'personnummer', 'none', 'borrower', '1850-01-01' FROM made ORDER BY number;
         INSERT INTO number (key, person_id, kind) SELECT CAST(id_number AS INTEGER), id, id_kind FROM person ORDER BY 1;
         INSERT INTO population (key, kind, municipality, nonresident, present, protected, key_code, pending)
         SELECT key, kind, '0581', 0, 1, 0, printf('%06d', 100000 + key * 7919 % 3000 * 7), 0 FROM number ORDER BY key;
         INSERT INTO area_link (activity, code, is_prefix, area, valid_from, valid_to)
         SELECT DISTINCT 'school', substr(key_code, 1, 3), 1, 'Area ' || substr(key_code, 1, 3), '0001-01-01', '9999-12-31'
         FROM population;
         INSERT INTO run (job, by_hand, dry_run, today, started, status, exit, user, host, version, arguments)
         VALUES ('fill', 1, 0, '2026-11-22', '', 'ok', 0, '', '', '', '');
         COMMIT;"
    );
    open(path).execute_batch(&sql).unwrap();
}

/// One transaction, as the program's.
pub fn update(path: &Path) {
    let sql = "BEGIN IMMEDIATE;
         CREATE TEMP TABLE linked (code TEXT PRIMARY KEY, area TEXT) WITHOUT ROWID;
         INSERT INTO linked SELECT DISTINCT key_code, (SELECT area FROM area_link AS l
             WHERE activity = 'school' AND substr(key_code, 1, length(l.code)) = l.code ORDER BY length(l.code) DESC)
         FROM population;
         CREATE TEMP TABLE todo AS
         SELECT p.id, p.key_code AS old_code, q.key_code AS new_code, a.area AS old_area, l.area AS new_area
         FROM person AS p JOIN number AS n ON n.person_id = p.id AND n.former = 0 JOIN population AS q ON q.key = n.key
         LEFT JOIN linked AS l ON l.code = q.key_code
         LEFT JOIN person_area AS a ON a.person_id = p.id AND a.activity = 'school'
         WHERE p.key_code IS NOT q.key_code OR a.area IS NOT l.area;
         INSERT INTO journal (run_id, person_id, at, verb, changes)
         SELECT 1, id, '2026-11-22T08:00:00.000Z', 'changed',
                json_array(json_array('person.key_code', old_code, new_code, 'update-areas'),
                           json_array('person.areas', json_object('school', old_area), json_object('school', new_area),
                                      'update-areas'))
         FROM todo ORDER BY id;
         UPDATE person SET key_code = todo.new_code FROM todo WHERE todo.id = person.id;
         INSERT OR REPLACE INTO person_area SELECT id, 'school', new_area FROM todo WHERE new_area IS NOT old_area;
         COMMIT;";
    open(path).execute_batch(sql).unwrap();
}

/// How many rows there are of what both write, and a sum over their content.
pub fn written(path: &Path) -> (i64, i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM journal), (SELECT sum(CAST(key_code AS INTEGER) * (id % 97)) FROM person),
                      (SELECT sum(CAST(substr(area, 6) AS INTEGER) * (person_id % 89)) FROM person_area)";
    open(path).query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}
