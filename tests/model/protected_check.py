"""What no table, file or output may hold of a protected person: stated here from the rules, not read from the program.

Every location or contact that the rig gives out with the seventh number has the mark `qz007x…` (names of areas `qa007x`),
every name `nq007x…`. So a value is known wherever it turns up, whatever table, column or output that is.
"""

import re
import sqlite3

import journal

LOCATION = re.compile(r"q[za](\d{3})x", re.IGNORECASE)
NAME = re.compile(r"nq(\d{3})x", re.IGNORECASE)
RAW = re.compile(rb"qz(\d{3})x", re.IGNORECASE)
# Key codes: 77, tag, 7, serial.
CODE = re.compile(r"(?<![0-9a-zA-Z])77(\d{3})7\d\d(?![0-9a-zA-Z])")
# Telephones bear no marks; each tag has its own of those set aside for fiction: mobile first, then the others.
MOBILE = [f"+467017406{n:02}" for n in range(5, 100)]
PHONE = [f"+46{area}{n:02}" for area in ("313900" + "6", "406280" + "4", "84650" + "04", "980319" + "2") for n in range(100)]
TAG_OF = {number[3:]: tag for numbers in (MOBILE, PHONE) for tag, number in enumerate(numbers)}
TELEPHONE = re.compile("|".join(sorted(TAG_OF, key=len, reverse=True)))
MOST_TAGS = len(PHONE)

# rules.md, Protection 2, table by table: how the rows of a person are found, and what must be empty in them. {p} is the
# person's id, {n} their number as the registry keeps numbers in rows of other tables.
MUST_BE_EMPTY = [
    ("person", "id = {p}", ["key_code", "no_address_since", "special_since"]),
    ("address", "person_id = {p}", ["kind", "care_of", "street", "postal_code", "city", "country"]),
    ("contact", "person_id = {p}", ["field", "value", "origin"]),
    ("contact_edit", "person_id = {p}", ["field"]),
    ("source_statement", "person_id = {p}", ["email", "mobile", "phone"]),
    ("source_conflict", "person_id = {p}", ["field", "sources"]),
    ("person_area", "person_id = {p}", ["activity", "area"]),
    ("search_entry", "id = {p}", ["names", "places"]),
    ("relation", "person_id = {p} OR related_id = {p}", ["kind"]),
    ("number", "person_id = {p} AND former > 0", ["key"]),
    ("population", "key IN (SELECT key FROM number WHERE person_id = {p})",
     ["key_code", "first_name", "middle_name", "last_name", "care_of", "street", "postal_code", "city", "property", "deceased_date"]),
]
# Names of areas and codes are the municipality's own choice; names and comment of a person stay, hidden.
MAY_HOLD_LOCATION = {"area_link", "area_link_change", "held_code"}
MAY_HOLD_NAME = {"person"}
# What `person list --json` shows of somebody protected (product.md).
SHOWN = {"person", "id_number", "id_kind", "status", "protected", "protection", "blocked", "allow_update", "spar"}


def tags(text, names=True):
    """The tags of whom a text tells location, contact or name."""
    out = {int(n) for n in LOCATION.findall(text)} | {TAG_OF[n] for n in TELEPHONE.findall(text)}
    return out | ({int(n) for n in NAME.findall(text)} if names else set())


def opened(folder):
    return sqlite3.connect(f"file:{folder / 'registry.db'}?mode=ro", uri=True)


def tables(db):
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    return [row[0] for row in db.execute(sql)]


def filled(db, people):
    """(table, column, person) of whatever must be empty for these erased people and is not."""
    out = []
    for person in people:
        for table, where, columns in MUST_BE_EMPTY:
            test = " OR ".join(f"coalesce({c}, '') <> ''" for c in columns)
            for row in db.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE ({where.format(p=person)}) AND ({test})"):
                out += [(table, c, person) for c, v in zip(columns, row) if v not in (None, "")]
        for (changes,) in db.execute("SELECT changes FROM journal WHERE person_id = ? AND changes IS NOT NULL", (person,)):
            if any(told(row) for row in entries(changes)):
                out.append(("journal", "changes", person))
    return out


def entries(changes):
    document = journal.document(changes)
    return document if isinstance(document, list) else [[k, None, v] for k, v in document.items()]


def told(row):
    """Whether a journal entry tells a value; that something changed may be told."""
    return any(part not in (None, [], {}, "") for part in row[1:3])


def cells(db):
    """{tag: set of (table, column)} of every cell that tells a location or contact; names where they may not stand."""
    out = {}
    for table in tables(db):
        cursor = db.execute(f'SELECT * FROM "{table}"')
        names = [d[0] for d in cursor.description]
        for row in cursor:
            for column, value in zip(names, row):
                if isinstance(value, bytes):
                    value = value.decode("latin-1")
                if not isinstance(value, str):
                    continue
                for tag in found(table, value):
                    out.setdefault(tag, set()).add((table, column))
    return out


def found(table, value):
    out = set()
    if table not in MAY_HOLD_LOCATION:
        out = tags(value, names=False)
        # A code that somebody open has too stands in the question about it.
        out |= {int(n) for n in CODE.findall(value)} if table != "finding" else set()
    if table not in MAY_HOLD_NAME:
        out |= {int(n) for n in NAME.findall(value)}
    return out


def values(db, person):
    """Every location and contact value that stands under a person's id: nothing may come to them while hidden."""
    out = set()
    for table, columns in (("address", "kind, care_of, street, postal_code, city, country"), ("contact", "field, value"),
                           ("person_area", "activity, area"), ("source_statement", "source, email, mobile, phone")):
        out |= {(table, row) for row in db.execute(f"SELECT {columns} FROM {table} WHERE person_id = ?", (person,))}
    out |= {("person", row) for row in db.execute("SELECT key_code FROM person WHERE id = ? AND key_code IS NOT NULL", (person,))}
    return out


def raw(folder, left_out):
    """{tag: set of files} by the bytes of every file below a folder."""
    out = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(left_out):
            for n in set(RAW.findall(path.read_bytes())):
                out.setdefault(int(n), set()).add(name)
    return out


def odd_row(row):
    """The keys that a listed person shows although they are protected."""
    if not row["protected"]:
        return []
    is_shown = lambda v: v not in (None, "", [], {}) and not (isinstance(v, dict) and all(x is None for x in v.values()))
    return [key for key, value in row.items() if key not in SHOWN and is_shown(value)]
