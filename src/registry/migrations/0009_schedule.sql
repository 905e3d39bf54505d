-- Single runs of jobs at a given time. cron and systemd do all that recurs. (rules.md, Running at a time)

CREATE TABLE schedule (
    -- Shown and named in findings: never used twice.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT NOT NULL,
    -- The job's own words as a JSON array, none of them personal, and the folder that relative paths in them are meant in.
    words      TEXT NOT NULL,
    folder     TEXT NOT NULL,
    -- As somebody said it, and the instant (UTC) that this meant in their time zone when they said it.
    local_time TEXT NOT NULL,
    due        TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (
                 state = 'waiting' OR state = 'started' OR state = 'done' OR state = 'late' OR state = 'broken-off'
                 OR state = 'removed'),
    added_in   INTEGER NOT NULL REFERENCES run (id),
    started    TEXT,
    -- The run that it became; none if it ended before it had a row.
    run_id     INTEGER REFERENCES run (id),
    exit       INTEGER
) STRICT;

CREATE INDEX schedule_open ON schedule (due) WHERE state = 'waiting' OR state = 'started';
