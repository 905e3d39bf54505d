-- Lists sent to SPAR, and what was seen on the drop server.

-- One row per running number; the three marks of a list are its states. Not journaled.
CREATE TABLE spar_list (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    serial     INTEGER NOT NULL UNIQUE,
    -- the list's name, and the name of its file on the server
    name       TEXT NOT NULL,
    file_name  TEXT NOT NULL,
    -- SHA-256 of the file, and of the numbers in it whatever the format
    sha256     TEXT NOT NULL,
    content    TEXT NOT NULL,
    size       INTEGER NOT NULL,
    numbers    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('intent', 'uploaded', 'sent', 'unsettled')),
    run_id     INTEGER NOT NULL REFERENCES run (id),
    sent_on    TEXT
) STRICT;

-- The numbers of lists that are on their way, and of the last whole watch list. The key is the number as an integer.
CREATE TABLE spar_list_number (
    list_id INTEGER NOT NULL REFERENCES spar_list (id),
    key     INTEGER NOT NULL,
    -- 1: its current state is asked for, so an answer is due
    asked   INTEGER NOT NULL CHECK (asked IN (0, 1)),
    -- 1: never on a list before
    fresh   INTEGER NOT NULL CHECK (fresh IN (0, 1)),
    PRIMARY KEY (list_id, key)
) STRICT, WITHOUT ROWID;

-- Who is left out of the next list only.
CREATE INDEX number_refreshed ON number (key) WHERE refreshed = 1;
-- Answers that are due.
CREATE INDEX number_due ON number (answer_due_on) WHERE answer_due_on IS NOT NULL;

-- Why somebody was protected, unprotected, blocked or unblocked by hand. Shown by no listing and no log.
CREATE TABLE reason (
    run_id    INTEGER NOT NULL REFERENCES run (id),
    person_id INTEGER NOT NULL,
    verb      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (run_id, person_id, verb)
) STRICT, WITHOUT ROWID;

-- What was fetched from the server, by what the server says of it: not fetched again.
CREATE TABLE remote_file (
    name     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    modified TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    -- 1: to be removed from the server once its file stands applied
    removal  INTEGER NOT NULL CHECK (removal IN (0, 1)),
    PRIMARY KEY (name, size, modified)
) STRICT, WITHOUT ROWID;
