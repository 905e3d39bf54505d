//! The statements of each kind: one row a kind of a table that everything else goes by.
//!
//! A record is read as `id, reference, person, related, case`, then its parts; it is written with the same places as
//! numbered parameters.

use crate::domain::retained::Kind;

/// What is done to the records of a kind.
pub(super) struct Statements {
    /// The record of this reference or, if there is none, the next one.
    pub(super) from_reference: &'static str,
    pub(super) by_id: &'static str,
    pub(super) insert: &'static str,
    pub(super) update: &'static str,
    /// The same where neither reference nor person changes: their indexes are left alone.
    pub(super) revise: Option<&'static str>,
    pub(super) delete: &'static str,
    pub(super) count: &'static str,
    pub(super) references: &'static str,
    /// `?1` the record, `?2` the day.
    pub(super) must_stay: &'static str,
    /// Those that belong to a case.
    pub(super) of_case: Option<&'static str>,
}

pub(super) const fn of(kind: Kind) -> &'static Statements {
    match kind {
        Kind::Case => &CASE,
        Kind::Document => &DOCUMENT,
        Kind::Subscription => &SUBSCRIPTION,
        Kind::Obligation => &OBLIGATION,
        Kind::Draft => &DRAFT,
        Kind::Event => &EVENT,
        Kind::Relation => &RELATION,
    }
}

const CASE: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, NULL, NULL, class, opened, closed, last_activity, marked, removed, hold
         FROM case_record WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, NULL, NULL, class, opened, closed, last_activity, marked, removed, hold
         FROM case_record WHERE id = ?",
    insert: "INSERT INTO case_record
             (id, reference, person_id, class, opened, closed, last_activity, marked, removed, hold)
         VALUES (?1, ?2, ?3, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    update: "UPDATE case_record SET reference = ?2, person_id = ?3, class = ?6, opened = ?7, closed = ?8,
             last_activity = ?9, marked = ?10, removed = ?11, hold = ?12 WHERE id = ?1",
    revise: Some(
        "UPDATE case_record SET class = ?6, opened = ?7, closed = ?8, last_activity = ?9, marked = ?10, removed = ?11,
             hold = ?12 WHERE id = ?1",
    ),
    delete: "DELETE FROM case_record WHERE id = ?",
    count: "SELECT count(*) FROM case_record",
    references: "SELECT id, reference FROM case_record ORDER BY reference",
    must_stay: "SELECT 1 FROM held_case WHERE case_id = ?1 AND until >= ?2
         UNION ALL
         SELECT 1 FROM document
         WHERE case_id = ?1 AND (disposable1 = 0 OR (key2 IS NOT NULL AND disposable2 IS NOT 1))",
    of_case: None,
};

const DOCUMENT: Statements = Statements {
    from_reference: "SELECT d.id, d.reference, c.person_id, NULL, d.case_id, d.key1, d.key2, d.disposable1, d.disposable2
         FROM document AS d JOIN case_record AS c ON c.id = d.case_id WHERE d.reference >= ? ORDER BY d.reference LIMIT 1",
    by_id: "SELECT d.id, d.reference, c.person_id, NULL, d.case_id, d.key1, d.key2, d.disposable1, d.disposable2
         FROM document AS d JOIN case_record AS c ON c.id = d.case_id WHERE d.id = ?",
    insert: "INSERT INTO document (id, reference, case_id, key1, key2, disposable1, disposable2)
         VALUES (?1, ?2, ?5, ?6, ?7, ?8, ?9)",
    update: "UPDATE document SET reference = ?2, case_id = ?5, key1 = ?6, key2 = ?7, disposable1 = ?8, disposable2 = ?9
         WHERE id = ?1",
    revise: None,
    delete: "DELETE FROM document WHERE id = ?",
    count: "SELECT count(*) FROM document",
    references: "SELECT id, reference FROM document ORDER BY reference",
    must_stay: "SELECT 1 FROM document AS d JOIN held_case AS h ON h.case_id = d.case_id WHERE d.id = ?1 AND h.until >= ?2",
    of_case: Some("SELECT id FROM document WHERE case_id = ? ORDER BY id"),
};

const SUBSCRIPTION: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, NULL, NULL, kind, valid_from, valid_to
         FROM subscription WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, NULL, NULL, kind, valid_from, valid_to FROM subscription WHERE id = ?",
    insert: "INSERT INTO subscription (id, reference, person_id, kind, valid_from, valid_to)
         VALUES (?1, ?2, ?3, ?6, ?7, ?8)",
    update:
        "UPDATE subscription SET reference = ?2, person_id = ?3, kind = ?6, valid_from = ?7, valid_to = ?8
         WHERE id = ?1",
    revise: Some("UPDATE subscription SET kind = ?6, valid_from = ?7, valid_to = ?8 WHERE id = ?1"),
    delete: "DELETE FROM subscription WHERE id = ?",
    count: "SELECT count(*) FROM subscription",
    references: "SELECT id, reference FROM subscription ORDER BY reference",
    must_stay: "SELECT 1 FROM subscription AS s JOIN held_person AS h ON h.person_id = s.person_id
         WHERE s.id = ?1 AND h.until >= ?2",
    of_case: None,
};

const OBLIGATION: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, NULL, NULL, kind, valid_from, valid_to
         FROM obligation WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, NULL, NULL, kind, valid_from, valid_to FROM obligation WHERE id = ?",
    insert: "INSERT INTO obligation (id, reference, person_id, kind, valid_from, valid_to)
         VALUES (?1, ?2, ?3, ?6, ?7, ?8)",
    update: "UPDATE obligation SET reference = ?2, person_id = ?3, kind = ?6, valid_from = ?7, valid_to = ?8
         WHERE id = ?1",
    revise: Some("UPDATE obligation SET kind = ?6, valid_from = ?7, valid_to = ?8 WHERE id = ?1"),
    delete: "DELETE FROM obligation WHERE id = ?",
    count: "SELECT count(*) FROM obligation",
    references: "SELECT id, reference FROM obligation ORDER BY reference",
    must_stay: "SELECT 1 FROM obligation AS o JOIN held_person AS h ON h.person_id = o.person_id
         WHERE o.id = ?1 AND h.until >= ?2",
    of_case: None,
};

const DRAFT: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, NULL, case_id, touched FROM draft
         WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, NULL, case_id, touched FROM draft WHERE id = ?",
    insert: "INSERT INTO draft (id, reference, person_id, case_id, touched) VALUES (?1, ?2, ?3, ?5, ?6)",
    update: "UPDATE draft SET reference = ?2, person_id = ?3, case_id = ?5, touched = ?6 WHERE id = ?1",
    revise: None,
    delete: "DELETE FROM draft WHERE id = ?",
    count: "SELECT count(*) FROM draft",
    references: "SELECT id, reference FROM draft ORDER BY reference",
    must_stay: "SELECT 1 FROM draft AS d JOIN held_person AS h ON h.person_id = d.person_id
         WHERE d.id = ?1 AND h.until >= ?2
         UNION ALL
         SELECT 1 FROM draft AS d JOIN held_case AS h ON h.case_id = d.case_id WHERE d.id = ?1 AND h.until >= ?2",
    of_case: Some("SELECT id FROM draft WHERE case_id = ? ORDER BY id"),
};

const EVENT: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, NULL, case_id, touched FROM event
         WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, NULL, case_id, touched FROM event WHERE id = ?",
    insert: "INSERT INTO event (id, reference, person_id, case_id, touched) VALUES (?1, ?2, ?3, ?5, ?6)",
    update: "UPDATE event SET reference = ?2, person_id = ?3, case_id = ?5, touched = ?6 WHERE id = ?1",
    revise: None,
    delete: "DELETE FROM event WHERE id = ?",
    count: "SELECT count(*) FROM event",
    references: "SELECT id, reference FROM event ORDER BY reference",
    must_stay: "SELECT 1 FROM event AS e JOIN held_person AS h ON h.person_id = e.person_id
         WHERE e.id = ?1 AND h.until >= ?2
         UNION ALL
         SELECT 1 FROM event AS e JOIN held_case AS h ON h.case_id = e.case_id WHERE e.id = ?1 AND h.until >= ?2",
    of_case: Some("SELECT id FROM event WHERE case_id = ? ORDER BY id"),
};

// A relation is what its two people are: it comes and goes, and never changes.
const RELATION: Statements = Statements {
    from_reference: "SELECT id, reference, person_id, related_id, NULL, kind FROM relation
         WHERE reference >= ? ORDER BY reference LIMIT 1",
    by_id: "SELECT id, reference, person_id, related_id, NULL, kind FROM relation WHERE id = ?",
    insert: "INSERT INTO relation (id, person_id, related_id, kind) VALUES (?1, ?3, ?4, ?6)",
    update: "UPDATE relation SET person_id = ?3, related_id = ?4, kind = ?6 WHERE id = ?1",
    revise: None,
    delete: "DELETE FROM relation WHERE id = ?",
    count: "SELECT count(*) FROM relation",
    references: "SELECT id, reference FROM relation ORDER BY reference",
    must_stay: "SELECT 1 FROM relation AS r JOIN held_person AS h ON h.person_id = r.person_id OR h.person_id = r.related_id
         WHERE r.id = ?1 AND h.until >= ?2",
    of_case: None,
};
