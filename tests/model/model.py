"""What `person import` and `spar-import` must do, written from the contract alone.

State goes in, state comes out: nothing here knows the program, its database or its code.
"""

import copy
import csv
import datetime
import hashlib
import io
import re
from dataclasses import dataclass, field

import idnum
import sparfile
from sparfile import current, is_current
from tolerant import ANY, Bag, Empty, Lines, OneOf, possible

OTHER_LINE = "SPAR - Avregistrerad av annat skäl (utvandrad eller överförd till obefintligregistret)"
SECRET_LINE = "SPAR - Personuppgifterna har sekretesskyddats och personen avregistrerats"
ADDRESS_PARTS = ("care_of", "street", "postal_code", "city", "country")
CSV_COLUMNS = (
    "id_number id_kind category first_name middle_name last_name birth_date address_kind care_of street "
    "postal_code city country email mobile phone allow_update comment"
).split()
LIMITS = {  # name: (percent, floor)
    "blocked": (5, 20),
    "protected": (0.5, 3),
    "rejected": (5, 10),
    "older": (0, 0),
    "sequence_gap": (0, 0),
    "unreadable": (0, 0),
}
LOOSE_KINDS = {"held", "file-rejected", "no-file", "erasure-pending"}


def same(a, b):
    """Names and addresses are compared without case and blanks."""
    squeeze = lambda t: re.sub(r"\s+", "", t or "").casefold()
    return squeeze(a) == squeeze(b)


def limit_of(name, base):
    percent, floor = LIMITS[name]
    return max(floor, int(base * percent // 100))


@dataclass
class Person:
    """One person, as stored."""

    id: int
    number: str
    kind: str
    former: list = field(default_factory=list)
    former_may: set = field(default_factory=set)
    refused: set = field(default_factory=set)
    category: str = "borrower"
    first: str | None = None
    called: object = None
    middle: str | None = None
    last: str | None = None
    birth: object = None
    status: str = "active"
    deregistration: object = None
    blocked: bool = False
    allow_update: bool = True
    staff_comment: str | None = None
    lines: list = field(default_factory=list)
    lines_may: list = field(default_factory=list)
    addresses: dict = field(default_factory=dict)  # kind → {active, care_of, …}
    contacts: dict = field(default_factory=dict)
    protection: dict = field(default_factory=dict)  # kind → since
    kinds_may: set = field(default_factory=set)
    protected: bool = False
    erased: bool = False
    known: bool = False
    answered: set = field(default_factory=set)
    answered_may: set = field(default_factory=set)
    no_address_since: datetime.date | None = None
    lifted: bool = False
    returned: bool = False
    no_address: bool = False
    odd: set = field(default_factory=set)  # finding kinds that stay true while nobody acts

    def numbers(self):
        return [self.number] + self.former

    def facts(self):
        """What a post can change; the ledger and the findings are not among it."""
        return repr((self.number, self.kind, self.former, self.first, self.called, self.middle, self.last, self.birth,
                     self.status, self.deregistration, self.blocked, self.lines, sorted(self.addresses.items()),
                     sorted(self.contacts.items()), sorted(self.protection.items(), key=str), self.protected, self.erased,
                     self.category, self.allow_update, self.staff_comment))

    def spar(self):
        """The `spar` object of the list."""
        ok = idnum.luhn_ok(self.number)
        eligible = (self.kind in ("personnummer", "samordningsnummer") and self.category == "borrower"
                    and self.status != "deceased" and self.allow_update and not self.known)
        # A box that is off, or a death, keeps a number from the next list; the contract names no state for it.
        if self.number in self.answered:
            state = "answered"
        elif eligible:
            state = "queued" if ok else "held"
        else:
            state = "none"
        if self.former and state == "none":
            state = OneOf("none", "queued" if ok else "held")
        if self.number in self.answered_may and "answered" not in possible(state):
            state = OneOf(state, "answered")
        out = {"state": state, "list": None, "sent": None, "answer_due": None, "answered": ANY}
        if state in ("queued", "none", "held") and not self.former:
            out["answered"] = None
        return out

    def expected(self):
        """The object of `person list --json`."""
        out = {"person": self.id, "id_number": self.number, "id_kind": self.kind, "status": self.status,
               "protected": self.protected, "blocked": self.blocked, "allow_update": self.allow_update, "spar": self.spar()}
        hidden = ("former_numbers", "category", "categories", "first_name", "called_name", "middle_name", "last_name",
                  "birth_date", "deregistration", "comment", "addresses", "contacts", "key_code", "areas")
        if self.protected:
            out.update({k: Empty() for k in hidden})
            out["protection"] = Bag(self.protection, self.kinds_may)
            return out
        lines = ([self.staff_comment] if self.staff_comment else []) + self.lines
        out.update({
            "former_numbers": Bag(self.former, self.former_may), "category": self.category, "categories": Empty(),
            "first_name": self.first, "called_name": self.called, "middle_name": self.middle, "last_name": self.last,
            "birth_date": self.birth, "deregistration": self.deregistration, "protection": [],
            "comment": Lines(lines) if not self.lines_may else OneOf(Lines(lines), Lines(lines + self.lines_may)),
            "addresses": [{"kind": k, **a} for k, a in sorted(self.addresses.items())],
            "contacts": {k: ({"value": self.contacts[k], "origin": "import", "user_changed": False} if k in self.contacts else None)
                         for k in ("email", "mobile", "phone")},
            "key_code": None, "areas": Empty(),
        })
        return out


@dataclass
class Registry:
    people: dict = field(default_factory=dict)
    next_id: int = 1
    applied: dict = field(default_factory=dict)  # hash → (customer and order, sequence)
    newest: dict = field(default_factory=dict)
    last_sequence: dict = field(default_factory=dict)
    spare_sequences: set = field(default_factory=set)  # of held, rejected and undone files: they fill gaps
    open_must: set = field(default_factory=set)
    open_may: set = field(default_factory=set)

    def copy(self):
        return copy.deepcopy(self)

    def find(self, number):
        for p in self.people.values():
            if number in p.numbers():
                return p
        return None

    def refuses(self, number):
        return any(number in p.refused for p in self.people.values())

    def expected(self):
        return [self.people[i].expected() for i in sorted(self.people)]


@dataclass
class Outcome:
    """What one run must show."""

    registry: Registry
    exits: set
    records: list = field(default_factory=list)  # per record the classes that it may be counted in
    rejected: set = field(default_factory=set)
    must: set = field(default_factory=set)  # (kind, subject) of findings
    may: set = field(default_factory=set)
    held: dict = field(default_factory=dict)  # limit → count
    rejected_whole: bool = False
    nothing_new: bool = False
    touched: set = field(default_factory=set)  # people whose facts changed


def subject(p):
    return f"person:{p.id}"


# --- person import -----------------------------------------------------------------------------------------------


def decode(data):
    """The encodings of CSV files."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _cell_date(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return datetime.date.fromisoformat(text)


def _read_rows(data, today):
    """Rows as (line, {column: value}) and lines that are bad."""
    body = decode(data)
    head = body.splitlines()[0]
    delimiter = max(",;\t", key=head.count)
    table = list(csv.reader(io.StringIO(body), delimiter=delimiter))
    names = [n.strip() for n in table[0]]
    if len(set(names)) != len(names) or "id_number" not in names or any(n not in CSV_COLUMNS for n in names):
        raise ValueError("header")
    good, bad = [], []
    for i, cells in enumerate(table[1:], start=2):
        if not cells:
            continue
        row = dict(zip(names, (c.strip() for c in cells)))
        try:
            if len(cells) != len(names):
                raise ValueError
            birth = _cell_date(row["birth_date"]) if row.get("birth_date") else None
            if row.get("allow_update", "") not in ("", "yes", "no"):
                raise ValueError
            if row.get("address_kind", "") not in ("", "home", "work", "extra"):
                raise ValueError
            row["number"] = idnum.parse(row["id_number"], today, birth)
        except (ValueError, idnum.BadNumber):
            bad.append(i)
            continue
        good.append((i, row))
    return good, bad


def _merge_rows(rows):
    """The filled cells of one person's rows, or None if they disagree."""
    merged, addresses = {}, {}
    for _, row in rows:
        kind = row.get("address_kind") or "home"
        for column, value in row.items():
            if not value or column in ("id_number", "number", "address_kind"):
                continue
            into = addresses.setdefault(kind, {}) if column in ADDRESS_PARTS else merged
            if into.setdefault(column, value) != value:
                return None
    return merged, addresses


def _put(p, attribute, value):
    """A name that is equal keeps its stored spelling."""
    if value is not None and not same(getattr(p, attribute), value):
        setattr(p, attribute, value)


def _import_person(p, merged, addresses, new):
    for column, attribute in (("first_name", "first"), ("middle_name", "middle"), ("last_name", "last")):
        _put(p, attribute, merged.get(column))
    if "category" in merged:
        p.category = merged["category"]
    if "birth_date" in merged:
        p.birth = merged["birth_date"]
    elif new:
        said = idnum.date_in(p.number)
        p.birth = OneOf(None, said.isoformat() if said else None)
    if "allow_update" in merged:
        p.allow_update = merged["allow_update"] == "yes"
    if "comment" in merged:
        p.staff_comment = merged["comment"]
    for column in ("email", "mobile", "phone"):
        if column in merged and not same(p.contacts.get(column), merged[column]):
            p.contacts[column] = merged[column]
    fresh = []
    for kind, cells in addresses.items():
        stored = p.addresses.get(kind)
        if stored is None:
            p.addresses[kind] = {"active": False, **{k: cells.get(k) for k in ADDRESS_PARTS}}
            fresh.append(kind)
        else:
            for k, v in cells.items():
                if not same(stored[k], v):
                    stored[k] = v
    if fresh and not any(a["active"] for a in p.addresses.values()):
        p.addresses[min(fresh, key=("home", "work", "extra").index)]["active"] = True
    if addresses:
        p.no_address_since = None
        p.no_address = False


def import_people(before, data, today, known=False, allow=None):
    """`person import FILE`."""
    reg = before.copy()
    out = Outcome(reg, set())
    try:
        good, bad = _read_rows(data, today)
    except ValueError:
        return Outcome(before, {2}, rejected_whole=True)
    classes = {line: {"rejected"} for line in bad}
    groups = {}
    for line, row in good:
        p = reg.find(row["number"])
        if p is None and reg.refuses(row["number"]):
            classes[line] = {"skipped"}
            continue
        groups.setdefault(("id", p.id) if p else ("new", row["number"]), []).append((line, row))
    for key, rows in sorted(groups.items()):
        merged = _merge_rows(rows)
        lines = [line for line, _ in rows]
        if merged is None:
            classes.update({line: {"rejected"} for line in lines})
            continue
        if key[0] == "new":
            p = Person(reg.next_id, key[1], idnum.kind_of(key[1]), known=known)
            reg.next_id += 1
            reg.people[p.id] = p
            _import_person(p, *merged, new=True)
            out.touched.add(p.id)
            allowed = {"created"} if len(lines) == 1 else {"created", "changed", "unchanged"}
            classes.update({line: allowed for line in lines})
            continue
        p = reg.people[key[1]]
        if p.protected:
            classes.update({line: {"skipped"} for line in lines})
            continue
        facts = p.facts()
        _import_person(p, *merged, new=False)
        changed = p.facts() != facts
        if changed:
            out.touched.add(p.id)
        allowed = {"changed" if changed else "unchanged"}
        if len(lines) > 1 and changed:
            allowed = {"changed", "unchanged"}
        classes.update({line: allowed for line in lines})
    out.records = [classes[line] for line in sorted(classes)]
    out.rejected = {line for line, c in classes.items() if c == {"rejected"}}
    return _judge(before, out, {"rejected": (len(out.rejected), len(out.records))}, allow, set())


# --- spar-import -------------------------------------------------------------------------------------------------


def no(value):
    return value in ("NEJ", "N")


def marks_of(post, carried):
    """Which protection a post says: (protected?, {kind: since}, kinds it may also be shown as)."""
    said, clean, loose = False, {}, set()
    both = {"sekretessmarkering", "skyddad_folkbokforing"}
    if not no(post.secrecy):
        said = True
        if post.secrecy in ("JA", "J"):
            clean["sekretessmarkering"] = post.secrecy_date
        else:
            loose |= both
    if post.protected_reg is None:
        if carried:
            said = True
            loose |= both
    elif not no(post.protected_reg):
        said = True
        if post.protected_reg in ("JA", "J"):
            clean["skyddad_folkbokforing"] = post.protected_reg_date
        else:
            loose |= both
    details = current(post.details)
    for value in details.marks if details else ():
        if value is not None and not no(value):
            said = True
            loose |= both
    return said, clean, loose


def eight(raw):
    """A delivered date as eight digits for the comment; None = no date at all."""
    digits = (raw or "").replace("-", "")
    if not digits.strip("0"):
        return None
    return digits.ljust(8, "0")


def death_line(details):
    """The comment of a death."""
    for raw in (details.death_date, details.found_dead, details.dereg_date):
        if raw:
            text = eight(raw)
            if text is None:
                return OneOf("SPAR - Avliden.", "SPAR - Avliden. Avregistreringsdatum 00000000"), raw
            return f"SPAR - Avliden. Avregistreringsdatum {text}", raw
    return "SPAR - Avliden.", None


def code_class(details):
    """alive, number (GN, GS), deceased or other."""
    if details is None:
        return "alive"
    if details.code in ("GN", "GS", "G"):
        return "number"
    if details.code in ("AV", "A") or details.death_date or details.found_dead:
        return "deceased"
    return "other" if details.code else "alive"


def links_of(post):
    """Edges old → new that a post states."""
    details = current(post.details)
    if details is None or details.code == "OB":
        return []
    out = []
    for number, typ in details.links:
        if typ == "Till":
            out.append((post.number, number))
        elif typ == "Fran":
            out.append((number, post.number))
    return out


def choose_address(post, kind, dereg):
    """Rule 11: which address, or None."""
    order = ["particular", "registered"]
    if kind == "samordningsnummer":
        order.append("contact")
    if dereg:
        order.append("abroad")
    listed = [(k, [a for a in post.addresses.get(k, []) if a.exists()]) for k in order]
    for _, some in listed:
        for a in some:
            if is_current(a.interval):
                return a
    for _, some in listed:
        if some:
            return max(some, key=lambda a: a.interval)
    return None


def put_address(p, a):
    """Rule 11: where it goes."""
    new = {k: getattr(a, k) for k in ADDRESS_PARTS}
    active = next((k for k, x in p.addresses.items() if x["active"]), None)
    stored = p.addresses.get("home")
    if stored and all(same(stored[k], new[k]) for k in ADDRESS_PARTS):
        new = {k: stored[k] for k in ADDRESS_PARTS}
    elif stored:
        for k in ADDRESS_PARTS:
            if same(stored[k], new[k]) and stored[k] != new[k]:
                new[k] = OneOf(stored[k], new[k])
    p.addresses["home"] = {"active": active in (None, "home"), **new}


def called_name(name):
    """Tilltalsnamn: two digits, each a position among the parts of the first names; hyphenated parts count singly."""
    if not name.called or not name.first or not re.fullmatch("[0-9]{2}", name.called):
        return None
    parts = re.findall(r"([^\s-]+)(-?)", name.first)
    picked = []
    for digit in name.called:
        i = int(digit)
        if i == 0:
            continue
        if i > len(parts):
            return None
        picked.append(i - 1)
    if not picked:
        return None
    text = parts[picked[0]][0]
    if len(picked) == 1:
        return text
    second = parts[picked[1]][0]
    if picked[1] == picked[0] + 1 and parts[picked[0]][1] == "-":
        return OneOf(f"{text}-{second}", f"{text} {second}")
    return f"{text} {second}"


def two_years(day):
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return day.replace(year=day.year + 2, day=28)


def put_name(p, name):
    if not (name.first or name.middle or name.last):
        return
    for attribute in ("first", "middle", "last"):
        value = getattr(name, attribute)
        if not same(getattr(p, attribute), value):
            setattr(p, attribute, value)
    called = called_name(name)
    if isinstance(called, OneOf) or not isinstance(p.called, (str, type(None))) or not same(p.called, called):
        if isinstance(called, OneOf):
            # Equal but for case keeps the stored spelling, whichever of the readings that was.
            called = OneOf(*called.values, *[v for v in possible(p.called) if any(same(v, w) for w in called.values)])
        p.called = called


def add_line(p, line):
    """A comment line is added once."""
    for one in possible(line):
        if one in p.lines or one in p.lines_may:
            return
    if isinstance(line, OneOf):
        p.lines.append(line)
    elif line.startswith("SPAR - Avliden") and any(str(x).startswith("SPAR - Avliden") or isinstance(x, OneOf) for x in p.lines):
        p.lines_may.append(line)
    else:
        p.lines.append(line)


def erase(p):
    """Protection 2."""
    p.addresses, p.contacts = {}, {}
    p.refused |= set(p.former)
    p.former, p.former_may = [], set()
    p.no_address_since = None
    p.no_address = p.returned = False
    if "two-records" in p.odd:
        # Whose record it was may not be told any more, that there was something may.
        p.odd.add("number-change")
    p.erased = True
    if "two-records" in p.odd:
        # The question may stay without the other record in it: Protection 5 wants a human for a number change.
        p.odd = p.odd - {"two-records"} | {"number-change"}


class SparRun:
    """One file against one registry."""

    def __init__(self, before, file, today, name_date):
        self.before, self.file, self.today = before, file, today
        self.reg = before.copy()
        self.out = Outcome(self.reg, set())
        self.classes = {}
        self.newly_protected = set()
        self.newly_blocked = set()
        self.unreadable = 0
        created = file.created[:10] if file.created else name_date
        self.date = datetime.date.fromisoformat(created) if created else today
        self.carried = any(p.protected_reg is not None for p in file.posts)

    # grouping

    def read_numbers(self):
        for post in self.file.posts:
            try:
                if not re.fullmatch("[1-9][0-9]{11}", post.number or ""):
                    raise idnum.BadNumber
                idnum.kind_of(post.number)
            except idnum.BadNumber:
                self.classes[post.ordinal] = {"rejected"}
                self.out.rejected.add(post.ordinal)
                if marks_of(post, self.carried)[0]:
                    self.unreadable += 1

    def groups(self):
        """Posts brought together by numbers, links and stored people."""
        root = {}

        def find(x):
            root.setdefault(x, x)
            while root[x] != x:
                x = root[x]
            return x

        posts = [p for p in self.file.posts if p.ordinal not in self.classes]
        for p in self.reg.people.values():
            for n in p.numbers():
                root[find(n)] = find(p.number)
        self.edges = set()
        for post in posts:
            for old, new in links_of(post):
                self.edges.add((old, new))
                root[find(old)] = find(new)
        out = {}
        for post in posts:
            out.setdefault(find(post.number), []).append(post)
        people = {}
        for p in self.reg.people.values():
            people.setdefault(find(p.number), []).append(p)
        return [(posts, people.get(key, [])) for key, posts in out.items()]

    def run(self):
        self.read_numbers()
        for posts, people in self.groups():
            refused = [x for x in posts if self.reg.find(x.number) is None and self.reg.refuses(x.number)]
            for post in refused:
                self.classes[post.ordinal] = {"skipped"}
            posts = [x for x in posts if x not in refused]
            if not people:
                for post in posts:
                    self.classes[post.ordinal] = {"unknown"}
            elif len(people) == 1:
                self.one_person(people[0], posts)
            else:
                self.several_people(people, posts)
        self.expire_clocks()
        self.out.records = [self.classes[k] for k in sorted(self.classes)]
        return self.out

    def several_people(self, people, posts):
        """A link whose new number is another record: two-records; each keeps its own posts."""
        for p in people:
            self.out.may.add(("two-records", subject(p)))
            p.odd.add("two-records")
        self.two = getattr(self, "two", []) + [{subject(p) for p in people}]
        for p in people:
            own = [x for x in posts if x.number in p.numbers()]
            if own:
                self.one_person(p, own, follow=False)
        for post in posts:
            self.classes.setdefault(post.ordinal, {"unknown", "skipped", "unchanged"})

    # one person

    def one_person(self, p, posts, follow=True):
        for post in posts:
            (p.answered if post.number == p.number else p.answered_may).add(post.number)
            if post.number in p.former:
                p.answered_may.add(p.number)
        said = [(post, marks_of(post, self.carried)) for post in posts]
        marked = [(post, m) for post, m in said if m[0]]
        if marked:
            self.protect(p, posts, marked)
        elif p.protected:
            self.stay_protected(p, posts)
        else:
            self.update(p, posts, follow)

    def link_changes(self, p):
        """Does a link of the file want another number for this person?"""
        return any(old in p.numbers() and new not in p.numbers() for old, new in self.edges)

    def protect(self, p, posts, marked):
        facts = p.facts()
        was = p.protected
        if not p.erased:
            self.newly_protected.add(p.id)
        for _, (_, clean, loose) in marked:
            for kind, since in clean.items():
                # A kind that an odd value may have set before is no sure change.
                if kind not in p.kinds_may:
                    p.protection.setdefault(kind, since)
            p.kinds_may |= loose
        p.protected, p.lifted = True, False
        if self.link_changes(p):
            self.out.must.add(("number-change", subject(p)))
            p.odd.add("number-change")
        erase(p)
        add_line(p, SECRET_LINE)
        for post, _ in marked:
            if code_class(current(post.details)) == "deceased":
                self.die(p, current(post.details))
        used = "changed" if not was or p.facts() != facts else None
        first = True
        for post, _ in marked:
            if used:
                self.classes[post.ordinal] = {"changed"} if len(marked) == 1 else {"changed", "skipped"}
            else:
                self.classes[post.ordinal] = {"unchanged", "skipped", "changed"} if first else {"unchanged", "skipped"}
            first = False
        for post in posts:
            self.classes.setdefault(post.ordinal, {"skipped"})
        if p.facts() != facts:
            self.out.touched.add(p.id)

    def stay_protected(self, p, posts):
        spar_kinds = set(p.protection) - {"manual"} | p.kinds_may
        if spar_kinds:
            p.lifted = True
        else:
            self.out.may.add(("protection-lifted", subject(p)))
        if self.link_changes(p):
            self.out.must.add(("number-change", subject(p)))
        for post in posts:
            kind = code_class(current(post.details))
            self.classes[post.ordinal] = {"skipped", "unchanged"}
            if kind == "number":
                self.out.may.add(("number-change", subject(p)))
            if kind == "deceased":
                self.die(p, current(post.details))
                self.classes[post.ordinal] = {"skipped", "changed", "unchanged"}

    def change_number(self, p):
        """Rule 7. True if the number was changed."""
        out = {}
        for old, new in self.edges:
            out.setdefault(old, set()).add(new)
        path, at = [p.number], p.number
        odd = False
        while at in out:
            if len(out[at]) > 1:
                odd = True
                break
            at = next(iter(out[at]))
            if at in path or at in p.former:
                odd = True
                break
            try:
                idnum.kind_of(at if re.fullmatch("[0-9]{12}", at or "") else "0" * 12)
            except idnum.BadNumber:
                odd = True
                break
            path.append(at)
        if not odd:
            # A link from a former number to one that is not this person's.
            for number in p.former:
                odd |= any(t not in p.numbers() and t not in path for t in out.get(number, ()))
        if odd:
            self.out.must.add(("number-change", subject(p)))
            p.odd.add("number-change")
            return False
        # Numbers that lead to this person without having been hers here: shown or not, both defensible.
        here = {p.number, *path}
        grew = True
        while grew:
            more = {old for old, new in self.edges if new in here} - here
            grew = bool(more)
            here |= more
        p.former_may |= here - set(path) - {p.number}
        if len(path) == 1:
            return False
        p.former.append(p.number)
        p.former_may |= set(path[1:-1])
        p.number = path[-1]
        p.kind = idnum.kind_of(p.number)
        p.known = False
        p.odd.discard("number-change")
        return True

    def update(self, p, posts, follow):
        facts, clock = p.facts(), p.no_address_since
        numbers = [x for x in posts if code_class(current(x.details)) == "number"]
        others = [x for x in posts if x not in numbers]
        renumbered = self.change_number(p) if follow else False
        for post in numbers:
            if not any(typ in ("Till",) for _, typ in current(post.details).links):
                self.out.must.add(("number-change", subject(p)))
                p.odd.add("number-change")
        if renumbered and any(x.number == p.number for x in posts):
            p.answered_may.add(p.number)
            p.answered.discard(p.number)
        chosen = self.choose(p, others)
        blocked = False
        if chosen is not None:
            blocked = self.apply(p, chosen)
        changed = p.facts() != facts
        if changed:
            self.out.touched.add(p.id)
        if chosen is not None:
            if changed:
                self.classes[chosen.ordinal] = {"changed"}
            elif blocked:
                self.classes[chosen.ordinal] = {"skipped"}
            else:
                allowed = {"unchanged"}
                if not p.allow_update or p.status != "active":
                    allowed.add("skipped")
                if p.no_address_since != clock:
                    allowed.add("changed")
                self.classes[chosen.ordinal] = allowed
            for post in numbers:
                self.classes[post.ordinal] = {"skipped"}
        else:
            for post in numbers:
                self.classes[post.ordinal] = {"changed"} if renumbered else {"unchanged", "skipped"}
            if len(numbers) > 1 and renumbered:
                for post in numbers:
                    self.classes[post.ordinal] = {"changed", "skipped", "unchanged"}

    def choose(self, p, others):
        """Rule 4: the later post; equal and different: neither."""
        if not others:
            return None
        latest = max(x.changed or "" for x in others)
        best = [x for x in others if (x.changed or "") == latest]
        for post in others:
            if post not in best:
                self.classes[post.ordinal] = {"skipped"}
        if len({x.content() for x in best}) > 1:
            self.out.must.add(("post-conflict", subject(p)))
            for post in best:
                self.classes[post.ordinal] = {"skipped", "rejected"}
            return None
        for post in best[1:]:
            self.classes[post.ordinal] = {"skipped"}
        return best[0]

    def die(self, p, details):
        line, raw = death_line(details)
        if p.protected and not p.allow_update:
            # Rule 6 names death among what the box keeps out, and makes no exception for protected people.
            self.out.may.add(("update-blocked", subject(p)))
            p.odd.add("update-blocked")
            return
        if p.status != "deceased":
            self.newly_blocked.add(p.id)
        p.status, p.blocked, p.returned, p.no_address = "deceased", True, False, False
        code = details.code or "AV"
        if details.code not in (None, "AV", "A"):
            code = OneOf(details.code, "AV")
        p.deregistration = {"code": code, "date": raw if raw else OneOf(None, "")}
        if p.protected:
            p.lines_may.append(line)
        else:
            add_line(p, line)

    def leave(self, p, details):
        if p.status == "active":
            self.newly_blocked.add(p.id)
        p.status, p.blocked, p.returned = "deregistered", True, False
        raw = details.dereg_date
        p.deregistration = {"code": details.code, "date": raw if raw else OneOf(None, "")}
        add_line(p, OTHER_LINE)

    def apply(self, p, post):
        """Rules 6 and 8–13 for the post that counts. True if the box held something back."""
        details, name = current(post.details), current(post.names)
        kind = code_class(details)
        if post.typ == "IMMUNITETSNUMMER" and p.kind == "personnummer":
            p.kind = "immunitetsnummer"
        dated = details and details.birth and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", details.birth)
        if p.allow_update and dated and None in possible(p.birth):
            p.birth = OneOf(details.birth, *[b for b in possible(p.birth) if b is not None])
            if len(p.birth.values) == 1:
                p.birth = p.birth.values[0]
        trial = copy.deepcopy(p)
        was_blocked = set(self.newly_blocked)
        self.apply_open(trial, post, details, name, kind)
        if p.allow_update:
            p.__dict__.update(trial.__dict__)
            return False
        self.newly_blocked = was_blocked
        # The clock is no update of the person: it runs whatever the box says.
        p.no_address_since = trial.no_address_since
        if trial.no_address:
            self.out.may.add(("no-address", subject(p)))
            p.odd.add("no-address")
        if trial.returned:
            self.out.may.add(("returned", subject(p)))
        if trial.facts() != p.facts():
            self.out.must.add(("update-blocked", subject(p)))
            return True
        return False

    def apply_open(self, p, post, details, name, kind):
        if name:
            put_name(p, name)
        if kind == "deceased":
            self.die(p, details)
            return
        if kind == "other":
            self.leave(p, details)
        address = choose_address(post, p.kind, kind == "other")
        if address:
            put_address(p, address)
            p.no_address_since, p.no_address = None, False
            if kind == "alive" and p.status != "active":
                p.returned = True
            return
        self.no_address(p, post, kind)

    def no_address(self, p, post, kind):
        """Rule 10."""
        home = current(post.homes)
        hemvist = home[1] if home else None
        p.no_address = False
        if hemvist == "På kommunen skriven":
            p.no_address = True
        elif hemvist in (None, "Utan känt hemvist"):
            if p.kind == "samordningsnummer":
                p.no_address = True
            elif p.no_address_since is None:
                p.no_address_since = self.date
        if kind == "other" and p.no_address:
            self.out.may.add(("no-address", subject(p)))
            p.odd.add("no-address")
            p.no_address = False

    def expire_clocks(self):
        for p in self.reg.people.values():
            if p.no_address_since and self.today >= two_years(p.no_address_since) and p.status == "active" and not p.protected:
                if not p.allow_update:
                    self.out.may.add(("update-blocked", subject(p)))
                    continue
                p.status, p.blocked, p.deregistration = "deregistered", True, OneOf(None, {"code": None, "date": ANY})
                add_line(p, OTHER_LINE)
                self.newly_blocked.add(p.id)
                self.out.touched.add(p.id)


def sequence_gap(reg, key, sequence):
    """How many numbers are missing before this one."""
    last = reg.last_sequence.get(key)
    if sequence is None or last is None:
        return 0
    expected = 1 if last == 99999 else last + 1
    if sequence < expected:
        return 0
    return len([n for n in range(expected, sequence) if (key, n) not in reg.spare_sequences])


def import_spar(before, data, today, allow=None, name_date=None):
    """`spar-import FILE` for one file."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        file = sparfile.read(data)
    except sparfile.Rejected:
        return Outcome(before, {1}, rejected_whole=True, may={("file-rejected", ANY)})
    key = (file.customer, file.order)
    if digest in before.applied:
        run = SparRun(before, sparfile.SparFile(None, None, None, None, []), today, None)
        run.expire_clocks()
        run.out.nothing_new = True
        return _judge(before, run.out, {"blocked": (len(run.newly_blocked), len(before.people))}, allow, set())
    if file.sequence is not None and (key, file.sequence) in before.applied.values():
        return Outcome(before, {1}, rejected_whole=True, may={("file-rejected", ANY)})
    run = SparRun(before, file, today, name_date)
    out = run.run()
    older = int(bool(file.created and before.newest.get(key) and file.created < before.newest[key]))
    reg = out.registry
    counted = {
        "blocked": (len(run.newly_blocked), len(before.people)),
        "protected": (len(run.newly_protected), len(before.people)),
        "rejected": (len(out.rejected), len(file.posts)),
        "unreadable": (run.unreadable, 0),
        "older": (older, 0),
        "sequence_gap": (sequence_gap(before, key, file.sequence), 0),
    }
    reg.applied[digest] = (key, file.sequence)
    if file.created:
        reg.newest[key] = max(reg.newest.get(key, ""), file.created)
    if file.sequence is not None:
        reg.last_sequence[key] = file.sequence
    out.two = getattr(run, "two", [])
    out = _judge(before, out, counted, allow, run.newly_protected)
    if out.held and file.sequence is not None:
        out.registry.spare_sequences.add((key, file.sequence))
    return out


def conditions(reg):
    """Findings that are true of a registry: (must, may)."""
    must, may = set(), set()
    for p in reg.people.values():
        s = subject(p)
        if p.kind in ("personnummer", "samordningsnummer", "immunitetsnummer") and not idnum.luhn_ok(p.number):
            (may if p.protected or p.status == "deceased" else must).add(("check-digit", s))
        if p.protected and p.erased and p.staff_comment:
            must.add(("comment-review", s))
        if p.lifted:
            must.add(("protection-lifted", s))
        if p.returned:
            must.add(("returned", s))
        if p.no_address and not p.protected:
            must.add(("no-address", s))
        for kind in p.odd:
            may.add((kind, s))
        if "two-records" in p.odd:
            # Once the other record is protected the question may not name it any more (Protection 5).
            may.add(("number-change", s))
    return must, may


def _judge(before, out, counted, allow, newly_protected):
    """Limits, then findings, then the exit code."""
    allow = allow or {}
    for name, (count, base) in counted.items():
        if count > max(limit_of(name, base), allow.get(name, 0)):
            out.held[name] = count
    if out.held:
        reg = before.copy()
        for i in newly_protected:
            p, after = reg.people[i], out.registry.people[i]
            p.protected, p.protection, p.kinds_may = True, dict(after.protection), set(after.kinds_may)
        held = Outcome(reg, {4}, held=out.held, touched=set())
        held.planned = out
        return held
    must, may = conditions(out.registry)
    old = before.open_must | before.open_may
    out.must |= must
    out.may |= may - out.must
    reg = out.registry
    events = {f for f in before.open_must if f[0] in ("update-blocked", "post-conflict")}
    reg.open_must = {f for f in out.must if f[0] != "number-change"} | events
    reg.open_may = out.may | out.must | {f for f in old if f[0] in ("number-change", "two-records", "update-blocked", "post-conflict")}
    news = {f for f in out.must if f not in old}
    # What was open before need not be said again, and what left room may or may not have been said.
    out.may |= out.must & old
    out.must = news
    # The same bad record again, in whatever file, is not news; which ones are the same the model does not follow.
    first_rejected = bool(out.rejected) and not getattr(before, "had_rejected", False)
    reg.had_rejected = getattr(before, "had_rejected", False) or bool(out.rejected)
    sure = bool(news or first_rejected or getattr(out, "two", None))
    maybe = bool(out.may or out.rejected)
    out.exits = {3} if sure else ({0, 3} if maybe else {0})
    return out
