-- Names once more, by themselves: whether all words of a question are somebody's name must not take a walk through
-- everybody who lives in the street of that name.
CREATE VIRTUAL TABLE search_name USING fts5 (
    names,
    content = 'search_entry', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3 4', detail = column, columnsize = 0
);
INSERT INTO search_name (search_name, rank) VALUES ('secure-delete', 1);
INSERT INTO search_name (search_name) VALUES ('rebuild');
