-- The registry as it began. Migrations are numbered, go forward only and never change once landed.

-- Where an import writes a row per person, checks are written with OR: for IN (…) of three and more SQLite builds a
-- temporary table whenever a row is written (docs/performance.md).

-- The registry's own constants: salt of the statement digests, what a restore left open.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: internal ids are shown and logged, so they are never used twice.
CREATE TABLE person (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    id_number        TEXT NOT NULL,
    id_kind          TEXT NOT NULL CHECK (
                       id_kind = 'personnummer' OR id_kind = 'samordningsnummer' OR id_kind = 'immunitetsnummer'
                       OR id_kind = 'temporary' OR id_kind = 'reserve' OR id_kind = 'cpr'),
    check_digit      TEXT NOT NULL CHECK (check_digit = 'right' OR check_digit = 'wrong' OR check_digit = 'none'),
    category         TEXT NOT NULL,
    first_name       TEXT,
    called_name      TEXT,
    middle_name      TEXT,
    last_name        TEXT,
    birth_date       TEXT,
    status           TEXT NOT NULL DEFAULT 'active' CHECK (
                       status = 'active' OR status = 'deceased' OR status = 'deregistered'),
    deregistration_code TEXT,
    deregistration_date TEXT,
    blocked          INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
    block_reason     TEXT,
    allow_update     INTEGER NOT NULL DEFAULT 1 CHECK (allow_update IN (0, 1)),
    comment          TEXT,
    no_address_since TEXT,
    class            TEXT,
    -- 0 open, 1 hidden (nothing erased yet), 2 erased
    concealment      INTEGER NOT NULL DEFAULT 0 CHECK (concealment = 0 OR concealment = 1 OR concealment = 2)
) STRICT;

CREATE INDEX person_without_address ON person (no_address_since) WHERE no_address_since IS NOT NULL;
CREATE INDEX person_concealed ON person (id) WHERE concealment <> 0;
CREATE INDEX person_wrong_check_digit ON person (id) WHERE check_digit = 'wrong';

-- Every number that anybody has or had, as one integer; what SPAR last said; the ledger of what SPAR was asked.
-- The key is the number itself, so that an unchanged post costs one look-up.
CREATE TABLE number (
    key             INTEGER PRIMARY KEY,
    person_id       INTEGER NOT NULL REFERENCES person (id),
    -- 0: current; 1, 2, …: former, oldest first
    former          INTEGER NOT NULL DEFAULT 0,
    kind            TEXT NOT NULL,
    said            BLOB,
    said_in         INTEGER,
    known_to_spar   INTEGER NOT NULL DEFAULT 0 CHECK (known_to_spar IN (0, 1)),
    refreshed       INTEGER NOT NULL DEFAULT 0 CHECK (refreshed IN (0, 1)),
    list_id         INTEGER,
    sent_on         TEXT,
    answer_due_on   TEXT,
    answered_on     TEXT,
    answered_in     INTEGER
) STRICT;

CREATE INDEX number_of_person ON number (person_id, former);

-- Former numbers of protected people, as keyed hashes only: a row with one is counted, never applied, never created.
CREATE TABLE refused_number (
    hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE address (
    person_id   INTEGER NOT NULL REFERENCES person (id),
    kind        TEXT NOT NULL CHECK (kind = 'home' OR kind = 'work' OR kind = 'extra'),
    active      INTEGER NOT NULL CHECK (active IN (0, 1)),
    care_of     TEXT,
    street      TEXT,
    postal_code TEXT,
    city        TEXT,
    country     TEXT,
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    person_id    INTEGER NOT NULL REFERENCES person (id),
    field        TEXT NOT NULL CHECK (field = 'email' OR field = 'mobile' OR field = 'phone'),
    value        TEXT NOT NULL,
    origin       TEXT NOT NULL,
    user_changed INTEGER NOT NULL CHECK (user_changed IN (0, 1)),
    PRIMARY KEY (person_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE protection (
    person_id INTEGER NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind = 'manual' OR kind = 'sekretessmarkering' OR kind = 'skyddad_folkbokforing'),
    since     TEXT NOT NULL,
    -- the run that set it; a held run's hiding is lifted by its undo
    run_id    INTEGER NOT NULL REFERENCES run (id),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;

-- Open questions about people; the findings of these kinds are these rows seen from the outside.
CREATE TABLE notice (
    person_id INTEGER NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL,
    other_id  INTEGER,
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;
-- Whom links of others lead to: asked for each person who becomes protected.
CREATE INDEX notice_of_other ON notice (other_id) WHERE other_id IS NOT NULL;

CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT NOT NULL,
    source     TEXT NOT NULL DEFAULT '',
    by_hand    INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    dry_run    INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
    today      TEXT NOT NULL,
    started    TEXT NOT NULL,
    ended      TEXT,
    status     TEXT NOT NULL CHECK (status IN
                 ('running', 'ok', 'remarks', 'held', 'failed', 'unreachable', 'interrupted')),
    exit       INTEGER,
    message    TEXT,
    message_params TEXT NOT NULL DEFAULT '{}',
    counts     TEXT NOT NULL DEFAULT '{}',
    -- of a held run: what each limit counted, and the digest of the plan, for --approve
    limits     TEXT NOT NULL DEFAULT '{}',
    plan       TEXT,
    user       TEXT NOT NULL,
    sudo_user  TEXT,
    host       TEXT NOT NULL,
    version    TEXT NOT NULL,
    arguments  TEXT NOT NULL,
    undone_by  INTEGER REFERENCES run (id),
    undoes     INTEGER REFERENCES run (id)
) STRICT;

CREATE TABLE log_line (
    id     INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    prio   INTEGER NOT NULL,
    at     TEXT NOT NULL,
    code   TEXT NOT NULL,
    params TEXT NOT NULL
) STRICT;
CREATE INDEX log_line_of_run ON log_line (run_id);

-- One row per person and unit of work. `changes`: [[field, before, after, rule], …]; for one who entered or went, the
-- whole person. Erased (null) for people who became protected.
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    run_id    INTEGER NOT NULL REFERENCES run (id),
    person_id INTEGER NOT NULL,
    file_id   INTEGER REFERENCES file (id),
    at        TEXT NOT NULL,
    verb      TEXT NOT NULL CHECK (verb = 'created' OR verb = 'changed' OR verb = 'removed'),
    changes   TEXT
) STRICT;
CREATE INDEX journal_of_run ON journal (run_id, person_id);
CREATE INDEX journal_of_person ON journal (person_id);

-- Every file that was ever seen. Not journaled: undo sets the state, nothing else.
CREATE TABLE file (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    sha256    TEXT NOT NULL,
    size      INTEGER NOT NULL,
    customer  TEXT NOT NULL DEFAULT '',
    order_no  TEXT NOT NULL DEFAULT '',
    created   TEXT,
    sequence  INTEGER,
    state     TEXT NOT NULL CHECK (state IN ('held', 'applied', 'rejected', 'undone')),
    spooled   TEXT,
    run_id    INTEGER NOT NULL REFERENCES run (id),
    applied_on TEXT,
    posts     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, sha256)
) STRICT;

-- Rejected records by keyed digest of their content, so that the same again is not news.
CREATE TABLE rejected (
    id      INTEGER PRIMARY KEY,
    run_id  INTEGER NOT NULL REFERENCES run (id),
    file    TEXT NOT NULL,
    record  INTEGER NOT NULL,
    code    TEXT NOT NULL,
    params  TEXT NOT NULL DEFAULT '{}',
    digest  INTEGER NOT NULL
) STRICT;
CREATE INDEX rejected_of_run ON rejected (run_id, digest);

CREATE TABLE finding (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    -- tells findings of one kind and subject apart, such as the field that was kept out
    detail     TEXT NOT NULL DEFAULT '',
    -- digest of the facts: done stays done until they change
    facts      TEXT NOT NULL DEFAULT '',
    params     TEXT NOT NULL DEFAULT '{}',
    state      TEXT NOT NULL CHECK (state IN ('open', 'done', 'ignored', 'closed')),
    note       TEXT,
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    run_id     INTEGER NOT NULL REFERENCES run (id),
    UNIQUE (kind, subject, detail)
) STRICT;
CREATE INDEX finding_of_subject ON finding (subject);

-- Work that a killed run leaves for the next one.
CREATE TABLE mark (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    value  TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES run (id),
    UNIQUE (kind, value)
) STRICT;

-- For people who read the tables with SQL. Protected people show number, kind, status and flags, nothing else.
CREATE VIEW v_person AS
SELECT p.id AS person, p.id_number, p.id_kind, p.status, p.blocked, p.allow_update, p.concealment <> 0 AS protected,
       CASE WHEN p.concealment = 0 THEN p.category END AS category,
       CASE WHEN p.concealment = 0 THEN p.first_name END AS first_name,
       CASE WHEN p.concealment = 0 THEN p.middle_name END AS middle_name,
       CASE WHEN p.concealment = 0 THEN p.last_name END AS last_name,
       CASE WHEN p.concealment = 0 THEN p.birth_date END AS birth_date,
       CASE WHEN p.concealment = 0 THEN a.care_of END AS care_of,
       CASE WHEN p.concealment = 0 THEN a.street END AS street,
       CASE WHEN p.concealment = 0 THEN a.postal_code END AS postal_code,
       CASE WHEN p.concealment = 0 THEN a.city END AS city,
       CASE WHEN p.concealment = 0 THEN a.country END AS country
FROM person AS p
LEFT JOIN address AS a ON a.person_id = p.id AND a.active = 1;

-- Runs and their counts.
CREATE VIEW v_run AS
SELECT id AS run, job, source, by_hand, dry_run, today, started, ended, status, exit, message, counts, user, host, version,
       undone_by
FROM run;
