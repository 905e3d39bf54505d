-- The population register's extract (befolkningsregistret): one row per number, whoever it belongs to.

-- Rows are read by population-import and update-persons (docs/population.md), key codes by update-areas, the rest by the
-- search. A protected row holds number, municipality and mark, known person or not: the check at the end says so.
CREATE TABLE population (
    -- the number as an integer, as in `number`, and its kind
    key           INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,
    municipality  TEXT NOT NULL,
    -- 1: loaded with --nonresident
    nonresident   INTEGER NOT NULL CHECK (nonresident = 0 OR nonresident = 1),
    -- 0: the last snapshot didn't hold them any more
    present       INTEGER NOT NULL CHECK (present = 0 OR present = 1),
    -- 1: marked by the register, or the number is of somebody who is protected here
    protected     INTEGER NOT NULL CHECK (protected = 0 OR protected = 1),
    key_code      TEXT,
    first_name    TEXT,
    middle_name   TEXT,
    last_name     TEXT,
    care_of       TEXT,
    street        TEXT,
    postal_code   TEXT,
    city          TEXT,
    property      TEXT,
    -- YYYY-MM-DD, unknown parts 00
    deceased_date TEXT,
    -- what the register itself says: 0 nothing, 1 a mark, 2 one that nobody knows
    marked        INTEGER NOT NULL DEFAULT 0 CHECK (marked = 0 OR marked = 1 OR marked = 2),
    -- one bit per column that a file ever had for this row: an absent column says nothing, an empty cell does
    told          INTEGER NOT NULL DEFAULT 0,
    -- the day on which the register came with another address than before; null: it is the first one
    address_on    TEXT,
    -- the file that changed the row last
    file_id       INTEGER REFERENCES file (id),
    -- 1: changed since update-persons took it
    pending       INTEGER NOT NULL CHECK (pending = 0 OR pending = 1),
    -- for whom update-persons took it, the digests of what it said then, and the mark
    taken_for     INTEGER,
    taken         BLOB,
    taken_mark    INTEGER NOT NULL DEFAULT 0 CHECK (taken_mark = 0 OR taken_mark = 1),
    CHECK (protected = 0 OR coalesce(key_code, first_name, middle_name, last_name, care_of, street, postal_code, city,
                                     property, deceased_date, address_on, taken) IS NULL)
) STRICT;

-- What may be read of it: present or not, but never a row of somebody who is protected, or hidden by a held file.
CREATE VIEW open_population AS
SELECT key, kind, municipality, nonresident, present, key_code, first_name, middle_name, last_name, care_of, street,
       postal_code, city, property, deceased_date
FROM population
WHERE protected = 0 AND NOT EXISTS (
    SELECT 1 FROM number AS n JOIN person AS p ON p.id = n.person_id
    WHERE n.key = population.key AND p.concealment <> 0);

-- Since when the home address is a särskild postadress that SPAR said: a plain address of the population register that
-- is not newer doesn't replace it (docs/population.md).
ALTER TABLE person ADD COLUMN special_since TEXT;
