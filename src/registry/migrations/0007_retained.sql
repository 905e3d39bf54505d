-- What people are kept for: cases, documents, subscriptions, obligations, drafts, events, guardians. They come from
-- their own systems (docs/purge.md); `reference` is the id that it has there, unique within its kind.

-- Ärende, sag. Days are ISO; a case without `closed` is open.
CREATE TABLE case_record (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    reference     TEXT NOT NULL UNIQUE,
    person_id     INTEGER NOT NULL REFERENCES person (id),
    class         TEXT,
    opened        TEXT NOT NULL,
    closed        TEXT,
    last_activity TEXT,
    -- 1: marked for removal by hand
    marked        INTEGER NOT NULL DEFAULT 0 CHECK (marked = 0 OR marked = 1),
    -- 1: taken away by hand in its own system
    removed       INTEGER NOT NULL DEFAULT 0 CHECK (removed = 0 OR removed = 1),
    -- why it may not go; null: no hold
    hold          TEXT
) STRICT;
CREATE INDEX case_of_person ON case_record (person_id);

-- Handling, dokument. The keys are of the archive's plan (KLE: group and facet); without a second key one decides.
CREATE TABLE document (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    reference   TEXT NOT NULL UNIQUE,
    case_id     INTEGER NOT NULL REFERENCES case_record (id),
    key1        TEXT NOT NULL,
    key2        TEXT,
    disposable1 INTEGER NOT NULL CHECK (disposable1 = 0 OR disposable1 = 1),
    disposable2 INTEGER CHECK (disposable2 = 0 OR disposable2 = 1)
) STRICT;
CREATE INDEX document_of_case ON document (case_id);

CREATE TABLE subscription (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    reference  TEXT NOT NULL UNIQUE,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    kind       TEXT NOT NULL,
    valid_from TEXT,
    valid_to   TEXT
) STRICT;
CREATE INDEX subscription_of_person ON subscription (person_id);

-- Åtagande: loans, placements, debts. One that ended keeps nobody, and its end is the person's activity.
CREATE TABLE obligation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    reference  TEXT NOT NULL UNIQUE,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    kind       TEXT NOT NULL,
    valid_from TEXT,
    valid_to   TEXT
) STRICT;
CREATE INDEX obligation_of_person ON obligation (person_id);

-- Utkast, kladde.
CREATE TABLE draft (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    touched   TEXT NOT NULL,
    case_id   INTEGER REFERENCES case_record (id)
) STRICT;
CREATE INDEX draft_of_person ON draft (person_id);
CREATE INDEX draft_of_case ON draft (case_id) WHERE case_id IS NOT NULL;

-- Händelse, hændelse.
CREATE TABLE event (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    touched   TEXT NOT NULL,
    case_id   INTEGER REFERENCES case_record (id)
) STRICT;
CREATE INDEX event_of_person ON event (person_id);
CREATE INDEX event_of_case ON event (case_id) WHERE case_id IS NOT NULL;

-- `person_id` is the guardian (vårdnadshavare) of `related_id`. Erased when either becomes protected. The reference is
-- what it is, so that it is found as the others are.
CREATE TABLE relation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    related_id INTEGER NOT NULL REFERENCES person (id),
    kind       TEXT NOT NULL CHECK (kind = 'guardian'),
    reference  TEXT NOT NULL GENERATED ALWAYS AS (person_id || '-' || related_id || '-' || kind) VIRTUAL UNIQUE
) STRICT;
CREATE INDEX relation_of ON relation (person_id);
CREATE INDEX relation_to ON relation (related_id);

-- What runs did to all of these, for undo and for what a dry run shows: they are no part of a person as the journal has
-- it. `record_id` is the id in the table of its kind; whose it is, and to whom or from whom it went, if to anybody.
-- `before` and `after` are JSON; erased (null) when either becomes protected.
CREATE TABLE retained_change (
    id        INTEGER PRIMARY KEY,
    run_id    INTEGER NOT NULL REFERENCES run (id),
    kind      TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    other_id  INTEGER,
    verb      TEXT NOT NULL CHECK (verb = 'created' OR verb = 'changed' OR verb = 'removed'),
    before    TEXT,
    after     TEXT
) STRICT;
CREATE INDEX retained_change_of_run ON retained_change (run_id);
CREATE INDEX retained_change_of_record ON retained_change (record_id, kind);
CREATE INDEX retained_change_of_person ON retained_change (person_id);
CREATE INDEX retained_change_of_other ON retained_change (other_id) WHERE other_id IS NOT NULL;

-- Every record with whose it is.
CREATE VIEW retained_record AS
SELECT 'case' AS kind, id AS record_id, person_id FROM case_record
UNION ALL SELECT 'document', d.id, c.person_id FROM case_record AS c JOIN document AS d ON d.case_id = c.id
UNION ALL SELECT 'subscription', id, person_id FROM subscription
UNION ALL SELECT 'obligation', id, person_id FROM obligation
UNION ALL SELECT 'draft', id, person_id FROM draft
UNION ALL SELECT 'event', id, person_id FROM event
UNION ALL SELECT 'relation', id, person_id FROM relation
UNION ALL SELECT 'relation', id, related_id FROM relation;

-- Since when nothing may remove this person, and until when, that day too; why stands in `reason`.
ALTER TABLE person ADD COLUMN held_since TEXT;
ALTER TABLE person ADD COLUMN held_until TEXT;
CREATE INDEX person_held ON person (id) WHERE held_since IS NOT NULL;
CREATE INDEX case_held ON case_record (person_id) WHERE hold IS NOT NULL;

-- What is held, the one place that every target asks: held on a day as long as `until` is not before it.
CREATE VIEW held_person AS
SELECT id AS person_id, coalesce(held_until, '9999-12-31') AS until FROM person WHERE held_since IS NOT NULL;
-- A case with a hold of its own, and every case of somebody held.
CREATE VIEW held_case AS
SELECT id AS case_id, person_id, '9999-12-31' AS until FROM case_record WHERE hold IS NOT NULL
UNION ALL
SELECT c.id, c.person_id, coalesce(p.held_until, '9999-12-31')
FROM case_record AS c JOIN person AS p ON p.id = c.person_id WHERE p.held_since IS NOT NULL;

-- When the tool's own traces of a run were aged away; the row itself stays for good.
ALTER TABLE run ADD COLUMN journal_removed_on TEXT;
ALTER TABLE run ADD COLUMN log_removed_on TEXT;
-- When somebody set a finding aside: an event is old from then on.
ALTER TABLE finding ADD COLUMN settled_at TEXT;
CREATE INDEX finding_settled ON finding (last_seen) WHERE state <> 'open';
