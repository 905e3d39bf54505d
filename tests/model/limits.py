"""Fixed scenarios: limits just below, at and above; files that are rejected or held; commands by hand."""

import datetime
import json
import random

import compare
import generate
import model
from world import Failure, World

TODAY = "2025-03-10"
DAY = datetime.date(2025, 3, 10)


class Scenario:
    """A world with some people, and its model."""

    def __init__(self, people, seed=7, box="yes"):
        self.rng = random.Random(seed)
        self.numbers = generate.Numbers(self.rng)
        self.world = World()
        self.faults = []
        rows = []
        for i in range(people):
            row = generate.person_row(self.rng, self.numbers.new())
            row.update(generate.address_row(self.rng, "home"), category="borrower", allow_update=box, comment="",
                       email=f"e{i}@example.org", first_name=f"Namn{i}", last_name="Prov", birth_date="")
            rows.append(row)
        data = ("\n".join([",".join(model.CSV_COLUMNS)] + [",".join(r.get(c, "") for c in model.CSV_COLUMNS) for r in rows]) + "\n").encode()
        outcome = model.import_people(model.Registry(), data, DAY)
        code, document = self.world.run("person", "import", self.world.write("people.csv", data), "--today", TODAY)
        self.say("person import", compare.run(outcome, code, document))
        self.reg = outcome.registry
        self.serial = 0

    def say(self, step, differences):
        self.faults += [f"[{step}] {d}" for d in differences]

    def expect(self, step, wanted, got):
        if wanted != got and isinstance(wanted, list) and isinstance(got, list) and wanted and isinstance(wanted[0], dict) and "person" in wanted[0]:
            self.faults.append(f"[{step}] {compare.first_change(wanted, got)}")
        elif wanted != got:
            self.faults.append(f"[{step}] expected {wanted!r} got {got!r}")

    def people(self, n, skip=0):
        return [self.reg.people[i] for i in sorted(self.reg.people)][skip : skip + n]

    def file(self, posts, created="2025-03-05T03:15:00.000", sequence=None, **more):
        return generate.write_file(self.rng, [posts], created, sequence, form="2021.1", **more)[1]

    def path(self, data):
        self.serial += 1
        return self.world.write(f"SPARAvisering_f{self.serial}.xml", data)

    def spar(self, step, data, *flags, allow=None, wanted=None, look=True):
        """Imports and compares; the model goes on from the outcome."""
        outcome = model.import_spar(self.reg, data, DAY, allow)
        given = [x for k, v in (allow or {}).items() for x in ("--allow", f"{k}={v}")]
        dry = "--dry-run" in flags
        before = self.world.people() if dry else None
        code, document = self.world.run("spar-import", self.path(data), "--today", TODAY, *given, *flags)
        self.say(step, compare.run(outcome, code, document, dry=dry))
        if wanted is not None:
            self.expect(step + " exit", wanted, code)
        if dry:
            self.expect(step + " list", before, self.world.people())
            return outcome, document
        self.reg = outcome.registry
        if look:
            self.say(step, compare.people(self.reg.expected(), self.world.people()))
        return outcome, document

    def secret(self, p):
        return generate.post(self.rng, p.number, "2025-03-04", p, details=[], secrecy="JA", secrecy_date="2025-03-01")

    def dead(self, p):
        s = generate.post(self.rng, p.number, "2025-03-04", p)
        s["details"][0].update(AvregistreringsorsakKod="AV", Avlidendatum="2025-02-01")
        return s

    def moved(self, p):
        s = generate.post(self.rng, p.number, "2025-03-04", p)
        s["addresses"]["Folkbokforingsadress"] = [generate.swedish(self.rng)]
        return s

    def bad(self):
        return generate.post(self.rng, "189913991234", "2025-03-04")


def hint_says(s, step, document, wanted):
    text = json.dumps(document.get("error") or {}, ensure_ascii=False)
    if wanted not in text:
        s.faults.append(f"[{step}] the held run's error does not say {wanted!r}: {text[:300]}")


def protected_small(s=None):
    """Three of twenty pass, four are hidden and held."""
    s = Scenario(20)
    for n, code in ((2, None), (3, None), (4, 4)):
        data = s.file([s.secret(p) for p in s.people(n)])
        s.spar(f"dry run of {n} protected", data, "--dry-run", wanted=code)
    data = s.file([s.secret(p) for p in s.people(4)] + [s.moved(p) for p in s.people(2, 5)])
    _, document = s.spar("4 protected and two moves", data, wanted=4)
    hint_says(s, "held", document, "--allow protected=4")
    hint_says(s, "held", document, "--approve")
    s.spar("one too few allowed", data, allow={"protected": 3}, wanted=4)
    s.spar("allowed", data, allow={"protected": 4})
    return s


def approve(s=None):
    s = Scenario(20)
    data = s.file([s.secret(p) for p in s.people(5)] + [s.moved(p) for p in s.people(2, 6)])
    _, document = s.spar("held", data, wanted=4)
    run = document["run"]["id"]
    released = model.import_spar(s.reg, data, DAY, {"protected": 5})
    code, _ = s.world.run("spar-import", s.path(data), "--today", TODAY, "--approve", run)
    s.expect("--approve exit in (0, 3)", True, code in (0, 3))
    s.reg = released.registry
    s.say("--approve", compare.people(s.reg.expected(), s.world.people()))
    return s


def approve_other_plan(s=None):
    """--approve of a run whose plan is another does not raise the limit."""
    s = Scenario(20)
    data = s.file([s.secret(p) for p in s.people(5)])
    _, document = s.spar("held", data, wanted=4)
    other = s.file([s.secret(p) for p in s.people(6)])
    code, _ = s.world.run("spar-import", s.path(other), "--today", TODAY, "--approve", document["run"]["id"])
    s.expect("--approve for another plan must not be done", True, code in (1, 2, 4))
    rows = s.world.people()
    s.expect("addresses of unprotected people stand", True, all(p["addresses"] for p in rows if not p["protected"]))
    return s


def undo_held(s=None):
    s = Scenario(20)
    before = s.world.people()
    data = s.file([s.secret(p) for p in s.people(5)])
    _, document = s.spar("held", data, wanted=4)
    s.world.run("undo", document["run"]["id"], "--today", TODAY)
    s.expect("undo of a held run lifts exactly what it hid", before, s.world.people())
    return s


def blocked_floor(s=None):
    s = Scenario(60)
    for n, code in ((19, 0), (20, 0), (21, 4)):
        s.spar(f"dry run of {n} dead", s.file([s.dead(p) for p in s.people(n)]), "--dry-run", wanted=code)
    data = s.file([s.dead(p) for p in s.people(21)])
    _, document = s.spar("21 dead", data, wanted=4)
    hint_says(s, "held", document, "--allow blocked=21")
    s.spar("20 allowed", data, allow={"blocked": 20}, wanted=4)
    s.spar("21 allowed", data, allow={"blocked": 21}, wanted=0)
    return s


def percents(s=None):
    """900 people: 0.5 % is 4, 5 % is 45."""
    s = Scenario(900)
    for n, code in ((4, None), (5, 4)):
        s.spar(f"{n} protected of 900", s.file([s.secret(p) for p in s.people(n)]), "--dry-run", wanted=code)
    for n, code in ((44, 0), (45, 0), (46, 4)):
        s.spar(f"{n} dead of 900", s.file([s.dead(p) for p in s.people(n)]), "--dry-run", wanted=code)
    return s


def rejected_posts(s=None):
    s = Scenario(30)
    for n, code in ((9, 3), (10, 3), (11, 4)):
        data = s.file([s.moved(p) for p in s.people(10)] + [s.bad() for _ in range(n)])
        s.spar(f"{n} rejected posts", data, "--dry-run", wanted=code)
    data = s.file([s.moved(p) for p in s.people(10)] + [s.bad() for _ in range(11)])
    s.spar("11 rejected posts", data, wanted=4)
    s.spar("11 allowed", data, allow={"rejected": 11}, wanted=3)
    many = [s.moved(type(s.people(1)[0])(0, s.numbers.new(), "personnummer")) for _ in range(280)]
    # A registry of its own: the same bad record again is not news.
    s = Scenario(30)
    for n, code in ((14, 3), (15, 4)):
        s.spar(f"{n} rejected of {280 + n}", s.file(many + [s.bad() for _ in range(n)]), "--dry-run", wanted=code)
    return s


def rejected_rows(s=None):
    s = Scenario(3)
    for n, code in ((10, 3), (11, 4)):
        data = ("id_number,first_name\n" + f"{s.numbers.new()},Ny\n" + "189913991234,Fel\n" * n).encode()
        outcome = model.import_people(s.reg, data, DAY)
        before = s.world.people()
        got, document = s.world.run("person", "import", s.world.write(f"bad{n}.csv", data), "--today", TODAY)
        s.say(f"{n} bad rows", compare.run(outcome, got, document))
        s.expect(f"{n} bad rows exit", code, got)
        if code == 4:
            s.expect("held: list", before, s.world.people())
        s.reg = outcome.registry
        s.say(f"{n} bad rows", compare.people(s.reg.expected(), s.world.people()))
    return s


def sequences(s=None):
    s = Scenario(10)
    p = s.people(6)
    s.spar("the first is free", s.file([s.moved(p[0])], "2025-03-01T03:00:00.000", 7), wanted=0)
    gap = s.file([s.moved(p[1])], "2025-03-03T03:00:00.000", 9)
    _, document = s.spar("a gap of one", gap, wanted=4)
    hint_says(s, "gap", document, "--allow sequence_gap=1")
    s.spar("the missing one", s.file([s.moved(p[2])], "2025-03-02T03:00:00.000", 8), wanted=0)
    s.spar("now in order", gap, wanted=0)
    s.spar("borne by another", s.file([s.moved(p[3])], "2025-03-04T03:00:00.000", 9), wanted=1)
    s.spar("the next", s.file([s.moved(p[3])], "2025-03-05T03:00:00.000", 10), wanted=0)
    s.spar("three missing, two allowed", s.file([s.moved(p[4])], "2025-03-06T03:00:00.000", 14), allow={"sequence_gap": 2}, wanted=4)
    s.spar("three missing, allowed", s.file([s.moved(p[4])], "2025-03-06T03:00:00.000", 14), allow={"sequence_gap": 3}, wanted=0)
    return s


def wrap(s=None):
    s = Scenario(4)
    p = s.people(2)
    s.spar("99999", s.file([s.moved(p[0])], "2025-03-01T03:00:00.000", 99999), wanted=0)
    s.spar("99999 is followed by 1", s.file([s.moved(p[1])], "2025-03-02T03:00:00.000", 1), wanted=0)
    return s


def older(s=None):
    s = Scenario(10)
    p = s.people(4)
    s.spar("newest", s.file([s.moved(p[0])], "2025-03-05T03:00:00.000"), wanted=0)
    s.spar("of another order", s.file([s.moved(p[1])], "2025-03-04T03:00:00.000", order="950"), wanted=0)
    data = s.file([s.moved(p[2]), s.secret(p[3])], "2025-03-04T03:00:00.000")
    _, document = s.spar("older: held, but hides", data, wanted=4)
    hint_says(s, "older", document, "--allow older=1")
    return s


def unreadable(s=None):
    s = Scenario(10)
    bad = s.bad()
    bad["secrecy"] = "JA"
    data = s.file([s.moved(s.people(1)[0]), bad])
    _, document = s.spar("a protected post without a readable number", data, wanted=4)
    hint_says(s, "unreadable", document, "--allow unreadable=1")
    s.spar("allowed", data, allow={"unreadable": 1}, wanted=3)
    return s


def rejected_files(s=None):
    s = Scenario(10)
    ours = ("--set", "spar.customer=500243", "--set", "spar.order=949")
    good = s.file([s.moved(s.people(1)[0]), s.secret(s.people(2)[1])])
    bad = {
        "empty": b"",
        "no XML": b"hello\n",
        "not closed": good[: good.rfind(b"</")],
        "crossed": good.replace(b"</Filinformation>", b"</Fil>", 1).replace(b"</p:Filinformation>", b"</p:Fil>", 1),
        "no posts element": good.replace(b"AviseringPoster", b"Andra"),
        "entities": good.replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n', 1),
        "another customer": good.replace(b">500243<", b">500244<"),
        "another order": good.replace(b">949<", b">950<"),
        "not UTF-8": good.replace("Ö".encode(), b"\xd6").replace(b"<SPARAvisering", b"<!-- \xd6 --><SPARAvisering", 1).replace(b"<p:SPARAvisering", b"<!-- \xd6 --><p:SPARAvisering", 1),
        "deep": good.replace(b"<AviseringPoster>", b"<a>" * 9000 + b"</a>" * 9000 + b"<AviseringPoster>").replace(b"<p:AviseringPoster>", b"<a>" * 9000 + b"</a>" * 9000 + b"<p:AviseringPoster>"),
    }
    before = s.world.people()
    for name, data in bad.items():
        code, document = s.world.run("spar-import", s.path(data), "--today", TODAY, *ours)
        s.expect(f"{name}: exit", 1, code)
        s.expect(f"{name}: list (a rejected file hides nobody)", before, s.world.people())
    s.spar("the good one", good, *ours)
    return s


def several_files(s=None):
    """Oldest first; it stops at the first that is held, and names both."""
    s = Scenario(20)
    p = s.people(12)
    late = s.file([s.secret(x) for x in p[:4]], "2025-03-06T03:00:00.000")
    early = s.file([s.moved(x) for x in p[4:8]] + [s.secret(p[9])], "2025-03-05T03:00:00.000")
    one = model.import_spar(s.reg, early, DAY)
    two = model.import_spar(one.registry, late, DAY)
    paths = [s.world.write("SPARAvisering_20250306030000_SPAR500243-949.xml", late), s.world.write("SPARAvisering_20250305030000_SPAR500243-949.xml", early)]
    code, _ = s.world.run("spar-import", *paths, "--today", TODAY)
    s.expect("exit", 3, code)
    s.reg = two.registry
    s.say("both", compare.people(s.reg.expected(), s.world.people()))
    return s


def by_hand(s=None):
    """protect, set and unprotect by hand."""
    s = Scenario(8)
    p, q = s.people(2)
    code, _ = s.world.run("person", "protect", f"person:{p.id}", "--reason", "prov", "--today", TODAY)
    s.expect("protect exit in (0, 3)", True, code in (0, 3))
    model.erase(p)
    p.protected, p.protection = True, {"manual": TODAY}
    s.say("protect", compare.people(s.reg.expected(), s.world.people()))
    code = s.world.raw("person", "set", f"person:{p.id}", "--email", "ny@example.org").returncode
    s.expect("a contact for a protected person", 1, code)
    s.say("refused", compare.people(s.reg.expected(), s.world.people()))
    row = f"id_number,street,postal_code,city,email\n{p.number},Nygatan 1,11199,STOCKHOLM,ny@example.org\n".encode()
    outcome = model.import_people(s.reg, row, DAY)
    code, document = s.world.run("person", "import", s.world.write("again.csv", row), "--today", TODAY)
    s.say("import on a protected person", compare.run(outcome, code, document))
    s.say("import on a protected person", compare.people(s.reg.expected(), s.world.people()))
    s.spar("SPAR says NEJ with an address", s.file([s.moved(p)]), look=True)
    code, _ = s.world.run("person", "unprotect", f"person:{p.id}", "--reason", "prov", "--today", TODAY)
    s.expect("unprotect exit in (0, 3)", True, code in (0, 3))
    listed = {x["person"]: x for x in s.world.people()}[p.id]
    s.expect("unprotected", False, listed["protected"])
    s.expect("nothing comes back: addresses", [], listed["addresses"])
    s.expect("nothing comes back: e-mail", None, (listed["contacts"] or {}).get("email"))
    s.expect("SPAR is asked anew", "queued", listed["spar"]["state"])
    code = s.world.raw("person", "set", f"person:{q.id}", "--allow-update", "no").returncode
    s.expect("set exit", 0, code)
    q = s.reg.people[q.id]
    q.allow_update = False
    s.spar("box off", s.file([s.moved(q)], "2025-03-06T03:15:00.000"), wanted=3, look=False)
    listed = {x["person"]: x for x in s.world.people()}[q.id]
    s.expect("box off: address", q.addresses["home"]["street"], listed["addresses"][0]["street"])
    code, _ = s.world.run("person", "show", "18501010" + "0000")
    s.expect("unknown person", 1, code)
    return s


def undo_import(s=None):
    """Undo of an import takes away whom it made; ids are never used twice."""
    s = Scenario(3)
    before = s.world.people()
    data = f"id_number,first_name\n{s.numbers.new()},Ny\n".encode()
    path = s.world.write("one.csv", data)
    code, document = s.world.run("person", "import", path, "--today", TODAY)
    code, _ = s.world.run("undo", document["run"]["id"])
    s.expect("undo exit", 0, code)
    s.expect("undo", before, s.world.people())
    s.world.run("person", "import", path, "--today", TODAY)
    s.expect("a new id", 5, s.world.people()[-1]["person"])
    return s


def undo_undo(s=None):
    s = Scenario(5)
    s.spar("moves", s.file([s.moved(p) for p in s.people(3)] + [s.dead(s.people(1, 3)[0])]))
    after = s.world.people()
    run = next(r["id"] for r in s.world.run("runs")[1] if r["job"] == "spar-import")
    code, document = s.world.run("undo", run)
    s.expect("undo exit", 0, code)
    code, _ = s.world.run("undo", document["run"]["id"])
    s.expect("undo of the undo: exit", 0, code)
    s.expect("undo of the undo", after, s.world.people())
    return s


SCENARIOS = [(f.__name__, f) for f in (
    protected_small, approve, approve_other_plan, undo_held, blocked_floor, percents, rejected_posts, rejected_rows, sequences, wrap,
    older, unreadable, rejected_files, several_files, by_hand, undo_import, undo_undo)]


def run(scenario, keep):
    """The faults of one scenario."""
    try:
        s = scenario()
    except Failure as why:
        return [str(why)]
    if not keep:
        s.world.drop()
    return s.faults
