-- A keyed digest of the last post about a number that left nothing open, bound to what was heard of it (`said`): the same
-- post is known by it without being read. Whatever writes `said` takes it away, or leaves it bound to something else.
ALTER TABLE number ADD COLUMN post INTEGER;
