-- From here on journal rows are written in short (`registry::journal`); earlier ones are read as they are, and a program that
-- does not know the words refuses the registry.

-- SQLite keeps a journal of each statement that a trigger hangs on: whoever writes somebody new counts their code.
DROP TRIGGER person_enters_with_code;
