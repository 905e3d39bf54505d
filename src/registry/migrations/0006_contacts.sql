-- What the systems of record said of contact details.

-- Each source's last statement about a person; erased with the person's other details. Null: never said; empty: said to
-- be empty. The digest stands for a row of the file that left nothing to do: while it stands, the same row costs one
-- look-up. Whatever changes the person's details takes it away.
CREATE TABLE source_statement (
    person_id  INTEGER NOT NULL REFERENCES person (id),
    source     TEXT NOT NULL,
    digest     INTEGER,
    -- student, staff, guardian, with commas
    categories TEXT NOT NULL,
    email      TEXT,
    mobile     TEXT,
    phone      TEXT,
    -- fields on which the rows of the last file disagreed
    disputed   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (person_id, source)
) STRICT, WITHOUT ROWID;

-- When people last changed a detail themselves; an older edit that comes late is skipped.
CREATE TABLE contact_edit (
    person_id INTEGER NOT NULL REFERENCES person (id),
    field     TEXT NOT NULL CHECK (field = 'email' OR field = 'mobile' OR field = 'phone'),
    edited_at TEXT NOT NULL,
    PRIMARY KEY (person_id, field)
) STRICT, WITHOUT ROWID;

-- Sources that contradict each other, or themselves (`detail`), written with the statements that it follows from: the
-- finding is a look at this table, not at everybody's statements.
CREATE TABLE source_conflict (
    person_id INTEGER NOT NULL REFERENCES person (id),
    field     TEXT NOT NULL,
    detail    TEXT NOT NULL,
    sources   TEXT NOT NULL,
    facts     TEXT NOT NULL,
    PRIMARY KEY (person_id, field, detail)
) STRICT, WITHOUT ROWID;

-- Numbers in a source's last file that may not come back: former ones of protected people, disposed ones. Hashes only.
CREATE TABLE source_refused (
    source TEXT NOT NULL,
    hash   BLOB NOT NULL,
    line   INTEGER NOT NULL,
    PRIMARY KEY (source, hash)
) STRICT, WITHOUT ROWID;

-- How many rows each file of a source had: the next one is compared with it. Not journaled.
CREATE TABLE source_delivery (
    id     INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    source TEXT NOT NULL,
    rows   INTEGER NOT NULL
) STRICT;
CREATE INDEX source_delivery_of ON source_delivery (source, id);
