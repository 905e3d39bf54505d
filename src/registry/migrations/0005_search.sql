-- The index of the search: one row for a person of the registry (the internal id), or for a row of the population
-- register whose number nobody in the registry has (2^61 + the number as an integer). Folded words, blanks between.
-- Nobody protected stands here. What is shown is read from the registry, never from here.
CREATE TABLE search_entry (
    id      INTEGER PRIMARY KEY,
    names   TEXT NOT NULL,
    places  TEXT NOT NULL,
    numbers TEXT NOT NULL
) STRICT;

-- The words come folded, so that the tokenizer has only blanks to look for. Prefixes of one to four letters have lists of
-- their own, because common ones would be gathered from many words at every search.
CREATE VIRTUAL TABLE search USING fts5 (
    names, places, numbers,
    content = 'search_entry', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3 4', detail = column, columnsize = 0
);

-- Deleted words leave the index at once, not with some later merge.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
