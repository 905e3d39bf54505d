-- How long everything is kept, and what is left of what went (docs/purge.md).

-- The plan (gallringsplan): `retention import` replaces it whole. Periods as they are written: P5Y, keep.
CREATE TABLE retention_rule (
    class        TEXT NOT NULL,
    target       TEXT NOT NULL CHECK (
                   target = 'case' OR target = 'person' OR target = 'draft' OR target = 'event' OR target = 'reduced'),
    period       TEXT NOT NULL,
    counted_from TEXT NOT NULL,
    year_end     INTEGER NOT NULL CHECK (year_end = 0 OR year_end = 1),
    action       TEXT NOT NULL CHECK (action = 'delete' OR action = 'anonymise'),
    grace_days   INTEGER NOT NULL,
    PRIMARY KEY (class, target)
) STRICT, WITHOUT ROWID;

-- What runs put in and took away, for undo: a rule is no part of a person, so it has no place in the journal.
CREATE TABLE retention_rule_change (
    id           INTEGER PRIMARY KEY,
    run_id       INTEGER NOT NULL REFERENCES run (id),
    verb         TEXT NOT NULL CHECK (verb = 'added' OR verb = 'removed'),
    class        TEXT NOT NULL,
    target       TEXT NOT NULL,
    period       TEXT NOT NULL,
    counted_from TEXT NOT NULL,
    year_end     INTEGER NOT NULL,
    action       TEXT NOT NULL,
    grace_days   INTEGER NOT NULL
) STRICT;
CREATE INDEX retention_rule_change_of_run ON retention_rule_change (run_id);

-- How many people and cases have no class, or one that no rule speaks of: as the last purge or retention import saw it.
-- Every run's end asks for it, and counting a million people each time would cost more than most runs.
CREATE TABLE retention_gap (
    target  TEXT PRIMARY KEY,
    records INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was disposed of, when and by which rule; each row's chain covers the row before it. Of people a keyed hash per
-- number. Never deleted.
CREATE TABLE disposal (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id      INTEGER NOT NULL REFERENCES run (id),
    disposed_on TEXT NOT NULL,
    -- person, reduced, former-number, case, document, draft, event, subscription, obligation
    kind        TEXT NOT NULL,
    count       INTEGER NOT NULL,
    class       TEXT,
    -- the rule, as it was
    decision    TEXT NOT NULL,
    hash        BLOB,
    chain       BLOB NOT NULL
) STRICT;
CREATE INDEX disposal_of_number ON disposal (hash) WHERE hash IS NOT NULL;

-- Whether a case has a document that must be kept: asked for every case.
CREATE INDEX document_that_stays ON document (case_id)
    WHERE disposable1 = 0 OR disposable2 = 0 OR (key2 IS NOT NULL AND disposable2 IS NULL);

-- When a person came into the registry; the latest activity of theirs that purge removed with its case, draft or event;
-- when they were reduced to number and class.
ALTER TABLE person ADD COLUMN entered_on TEXT;
ALTER TABLE person ADD COLUMN active_on TEXT;
ALTER TABLE person ADD COLUMN reduced_on TEXT;
UPDATE person SET entered_on = coalesce(
    (SELECT run.today FROM journal JOIN run ON run.id = journal.run_id
     WHERE journal.person_id = person.id AND journal.verb = 'created' ORDER BY journal.id LIMIT 1),
    date('now'));
