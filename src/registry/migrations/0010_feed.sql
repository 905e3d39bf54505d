-- The change feed: how far each consumer has come.

-- Hiding and its lifting by an undo stand in no journal row, because they come before the limits; consumers have to hear
-- of them all the same. `journal_id`: the newest journal row at that moment.
CREATE TABLE hiding (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id     INTEGER NOT NULL REFERENCES run (id),
    person_id  INTEGER NOT NULL,
    verb       TEXT NOT NULL CHECK (verb = 'hidden' OR verb = 'shown'),
    journal_id INTEGER NOT NULL
) STRICT;

-- What a consumer has acknowledged: everything up to these rows of `journal` and `hiding`.
CREATE TABLE feed_cursor (
    name       TEXT PRIMARY KEY,
    journal_id INTEGER NOT NULL,
    hiding_id  INTEGER NOT NULL,
    moved_at   TEXT NOT NULL,
    run_id     INTEGER NOT NULL REFERENCES run (id),
    -- 1: the registry was restored from an older copy since
    lost       INTEGER NOT NULL DEFAULT 0 CHECK (lost = 0 OR lost = 1)
) STRICT, WITHOUT ROWID;

-- The newest row that ever left the journal. A position before it has a gap after it.
CREATE TABLE journal_floor (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    journal_id INTEGER NOT NULL,
    run_id     INTEGER NOT NULL,
    at         TEXT NOT NULL
) STRICT;

-- The newest row stays without its values, or its id, which may be somebody's position, would be given again.
CREATE TRIGGER journal_keeps_its_end BEFORE DELETE ON journal
WHEN old.id = (SELECT max(id) FROM journal)
BEGIN
    UPDATE journal SET changes = NULL WHERE id = old.id;
    INSERT INTO journal_floor (id, journal_id, run_id, at) VALUES (1, old.id, old.run_id, old.at)
    ON CONFLICT (id) DO UPDATE SET journal_id = old.id, run_id = old.run_id, at = old.at WHERE journal_id < old.id;
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER journal_ages AFTER DELETE ON journal
BEGIN
    INSERT INTO journal_floor (id, journal_id, run_id, at) VALUES (1, old.id, old.run_id, old.at)
    ON CONFLICT (id) DO UPDATE SET journal_id = old.id, run_id = old.run_id, at = old.at WHERE journal_id < old.id;
END;

-- What `person merge` moved from a record to the surviving one, for undo: these rows are no part of a person.
CREATE TABLE merge_move (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL REFERENCES run (id),
    -- case_record, subscription, …; guardian and ward for relations, whose `row_id` is the other person
    -- (-too: the survivor had it as well)
    what        TEXT NOT NULL,
    row_id      INTEGER NOT NULL,
    survivor_id INTEGER NOT NULL,
    other_id    INTEGER NOT NULL
) STRICT;
CREATE INDEX merge_move_of_run ON merge_move (run_id);
