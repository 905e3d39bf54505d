-- A keyed digest of the row of `person import` that left nothing to do for a person: the same row again costs one look-up.
-- Whatever writes anything of the person takes it away (`registry::people`). Nothing of anybody protected stands here.
CREATE TABLE settled_row (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    digest    INTEGER NOT NULL
) STRICT;
