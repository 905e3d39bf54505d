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

-- `person_id` is the guardian (vårdnadshavare) of `related_id`. Erased when either becomes protected.
CREATE TABLE relation (
    person_id  INTEGER NOT NULL REFERENCES person (id),
    related_id INTEGER NOT NULL REFERENCES person (id),
    kind       TEXT NOT NULL CHECK (kind = 'guardian'),
    PRIMARY KEY (person_id, related_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_to ON relation (related_id);

-- Since when nothing may remove this person, and until when; why stands in `reason`.
ALTER TABLE person ADD COLUMN held_since TEXT;
ALTER TABLE person ADD COLUMN held_until TEXT;
