-- Key codes linked to areas, and each person's key code and areas.

-- Nyckelkod: what the population register had when areas were last updated.
ALTER TABLE person ADD COLUMN key_code TEXT;

-- One area of each activity at most.
CREATE TABLE person_area (
    person_id INTEGER NOT NULL REFERENCES person (id),
    activity  TEXT NOT NULL,
    area      TEXT NOT NULL,
    PRIMARY KEY (person_id, activity)
) STRICT, WITHOUT ROWID;

-- Days are inclusive; an open end is 0001-01-01 or 9999-12-31, so that texts compare as days do.
CREATE TABLE area_link (
    activity   TEXT NOT NULL,
    code       TEXT NOT NULL,
    -- 1: every code that begins so
    is_prefix  INTEGER NOT NULL CHECK (is_prefix IN (0, 1)),
    area       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,
    PRIMARY KEY (activity, code, is_prefix, valid_from)
) STRICT, WITHOUT ROWID;

-- What runs put in and took away, for undo: a link is no part of a person, so it has no place in the journal.
CREATE TABLE area_link_change (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES run (id),
    verb       TEXT NOT NULL CHECK (verb IN ('added', 'removed')),
    activity   TEXT NOT NULL,
    code       TEXT NOT NULL,
    is_prefix  INTEGER NOT NULL,
    area       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL
) STRICT;
CREATE INDEX area_link_change_of_run ON area_link_change (run_id);

-- How many people who aren't protected have each key code. Kept by the triggers below, whoever writes, because every
-- run asks at its end which codes nobody linked, and an index over a million people would have to be read for it.
CREATE TABLE held_code (
    code   TEXT PRIMARY KEY,
    people INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER person_enters_with_code AFTER INSERT ON person
WHEN new.key_code IS NOT NULL AND new.concealment = 0
BEGIN
    INSERT INTO held_code (code, people) VALUES (new.key_code, 1) ON CONFLICT (code) DO UPDATE SET people = people + 1;
END;

CREATE TRIGGER person_goes_with_code AFTER DELETE ON person
WHEN old.key_code IS NOT NULL AND old.concealment = 0
BEGIN
    UPDATE held_code SET people = people - 1 WHERE code = old.key_code;
    DELETE FROM held_code WHERE code = old.key_code AND people = 0;
END;

CREATE TRIGGER person_gives_code_up AFTER UPDATE OF key_code, concealment ON person
WHEN old.key_code IS NOT NULL AND old.concealment = 0
     AND (new.key_code IS NOT old.key_code OR new.concealment <> 0)
BEGIN
    UPDATE held_code SET people = people - 1 WHERE code = old.key_code;
    DELETE FROM held_code WHERE code = old.key_code AND people = 0;
END;

CREATE TRIGGER person_takes_code AFTER UPDATE OF key_code, concealment ON person
WHEN new.key_code IS NOT NULL AND new.concealment = 0
     AND (old.key_code IS NOT new.key_code OR old.concealment <> 0)
BEGIN
    INSERT INTO held_code (code, people) VALUES (new.key_code, 1) ON CONFLICT (code) DO UPDATE SET people = people + 1;
END;
