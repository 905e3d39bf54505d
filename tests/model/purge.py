#!/usr/bin/env python3
"""What must go and what must stay: random registries, cases and classes against a model of their own.

    MANTAL=path/to/mantal python3 tests/model/purge.py --seeds 30 [--start N] [--keep]

Written from the rules and docs/purge.md only. The model names whom and what it would remove; the proposal, the plan and
the confirmation of the program have to name the same; and nothing of whom they removed may be left in any file.
"""

import argparse
import calendar
import datetime
import json
import random
import sqlite3
import sys

import generate
from cases import followed, report
from world import Failure, World, today

TODAY = today()
DRAFT_DAYS, EVENT_DAYS = 60, 30
TABLES = {"case": "case_record", "document": "document", "subscription": "subscription", "obligation": "obligation", "draft": "draft", "event": "event"}
HEADS = {
    "case": "case,id_number,class,opened,closed,last_activity,marked,removed,hold",
    "document": "document,case,key1,key2,disposable1,disposable2",
    "subscription": "id,id_number,kind,from,to",
    "obligation": "id,id_number,kind,from,to",
    "draft": "id,id_number,touched,case",
    "event": "id,id_number,touched,case",
    "relation": "id_number,related_id_number,kind",
}


def iso(day):
    return day.isoformat() if day else ""


def shifted(day, period):
    """The day so much later, clamped to the end of its month; None is never."""
    if period == "keep" or period == "P18250D":
        return None
    count, unit = int(period[1:-1]), period[-1]
    if unit == "D":
        return day + datetime.timedelta(days=count)
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "Y" else 1)
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Rule:
    def __init__(self, name, target, period, base, year_end=False, action="delete", grace=0):
        self.name, self.target, self.period, self.base = name, target, period, base
        self.year_end, self.action, self.grace = year_end, action, grace

    def row(self):
        return f"{self.name},{self.target},{self.period},{self.base},{'yes' if self.year_end else 'no'},{self.action},{self.grace}"

    def goes_on(self, day):
        """When what began to wait on a day goes; None is never."""
        due = shifted(day, self.period) if day else None
        if due is None:
            return None
        if self.year_end:
            due = datetime.date(due.year, 12, 31)
        return due + datetime.timedelta(days=self.grace)


class Person:
    def __init__(self, number, entered):
        self.number, self.entered, self.id = number, entered, None
        self.canary = None
        self.kind, self.deceased, self.hold, self.guarded = None, None, None, False


class Case:
    def __init__(self, ref, person, kind, opened):
        self.ref, self.person, self.kind, self.opened = ref, person, kind, opened
        self.closed = self.active = None
        self.marked = self.removed = self.hold = False
        self.documents = []  # (ref, key2, disposable1, disposable2)

    def is_open(self):
        return self.closed is None or self.closed > TODAY

    def must_stay(self):
        """A document that may not go keeps its case."""
        return any(not one or (key2 and not two) for _, key2, one, two in self.documents)

    def days(self):
        return [d for d in (self.opened, self.closed, self.active) if d and d <= TODAY]


class Check:
    def __init__(self, seed, keep):
        self.rng, self.keep, self.step = random.Random(seed), keep, "init"
        self.world = World()
        self.numbers = generate.Numbers(self.rng)
        self.faults, self.people, self.cases, self.rules = [], [], [], {}
        self.obligations, self.subscriptions, self.drafts, self.events = [], [], [], []
        self.guardians = set()
        self.serial = 0
        # In some worlds nearly everybody is due, so that limits have something to hold.
        self.harvest = self.rng.random() < 0.2

    def tear_down(self):
        if not self.keep:
            self.world.drop()

    def say(self, *faults):
        self.faults += [f"[{self.step}] {fault}" for fault in faults]

    def go(self, *args, exits=(0, 3)):
        code, document = self.world.run(*args)
        if code not in exits:
            self.say(f"{args[:2]}: exit {code}, expected one of {exits}: {document.get('error')}")
        return code, document

    def ago(self, most, least=0):
        return TODAY - datetime.timedelta(days=self.rng.randrange(least, most))

    def ref(self, kind):
        self.serial += 1
        return f"{kind}-{self.serial:05}"

    # what there is

    def enter(self):
        self.step = "person import"
        for _ in range(self.rng.randrange(1, 4)):
            entered = self.ago(4000)
            batch = [Person(self.numbers.new(), entered) for _ in range(60 if self.harvest else self.rng.choice([3, 10, 25]))]
            for person in batch:
                person.canary = "Kanarie" + "".join(self.rng.choice("bcdfghjklmnpqrstvwxz") for _ in range(12))
            rows = "id_number,last_name,street,postal_code,city,email\n"
            rows += "".join(f"{p.number},{p.canary},{p.canary}gatan 1,60299,NORRKÖPING,{p.canary}@exempel.se\n" for p in batch)
            self.go("person", "import", self.world.write(f"people{len(self.people)}.csv", rows.encode()), "--today", iso(entered))
            self.people += batch
        ids = {p["id_number"]: p["person"] for p in self.world.people()}
        for person in self.people:
            person.id = ids[person.number]

    def describe(self):
        self.step = "class, status, holds"
        for person in self.people:
            if self.rng.random() < 0.9:
                person.kind = "L" if self.harvest else self.rng.choice(["L", "L", "L", "S", "S", "D", "X"])
                self.go("person", "set", f"person:{person.id}", "--class", person.kind)
            if self.rng.random() < 0.1:
                until = self.rng.choice([None, self.ago(100, 1), TODAY, TODAY + datetime.timedelta(days=50)])
                more = ["--until", iso(until)] if until else []
                code, _ = self.go("person", "hold", f"person:{person.id}", "--reason", "prov", *more, exits=(0, 1, 2, 3))
                # A hold that ended before it began may be refused.
                person.hold = (until or datetime.date.max) if code in (0, 3) else None
            elif self.rng.random() < 0.05:
                self.go("person", "hold", f"person:{person.id}", "--reason", "prov")
                self.go("person", "release", f"person:{person.id}", "--reason", "prov")

    def class_file(self):
        """Classes L, S, D for people; L, S, K for cases; X is nobody's."""
        rng = self.rng
        period = lambda: rng.choice(["P365D", "P60M", "P5Y", "P12M", "P1Y", "P90D", "P3M", "P30D", "P180D", "P2Y", rng.choice(["keep", "P18250D"])])
        rules = [Rule("L", "person", "P30D" if self.harvest else period(), rng.choice(["last_activity", "created"]))]
        rules.append(Rule("S", "person", period(), "last_activity", rng.random() < 0.5, "delete", rng.choice([0, 14, 400])))
        rules.append(Rule("D", "person", period(), "deceased"))
        for name in "LSK":
            rules.append(Rule(name, "case", period(), rng.choice(["closed", "last_activity", "created"]), rng.random() < 0.3, "delete", rng.choice([0, 0, 30])))
        rng.shuffle(rules)
        self.rules = {(r.name, r.target): r for r in rules}
        text = "class,target,period,counted_from,year_end,action,grace_days\n" + "".join(r.row() + "\n" for r in rules)
        self.go("retention", "import", self.world.write("classes.csv", text.encode()), "--allow", "purge=100000")

    def load(self, kind, rows):
        if not rows:
            return
        self.step = f"{kind} import"
        text = HEADS[kind] + "\n" + "".join(",".join(row) + "\n" for row in rows)
        _, document = self.go(kind, "import", self.world.write(f"{kind}.csv", text.encode()))
        counts = document["run"]["counts"]
        if counts.get("created", 0) != len(rows):
            self.say(f"{counts.get('created', 0)} of {len(rows)} created: {counts} {document.get('rejected')}")
        _, document = self.go(kind, "import", self.world.write(f"{kind}.csv", text.encode()))
        if document["run"]["counts"].get("unchanged", 0) != len(rows):
            self.say(f"the same again: {document['run']['counts']}")

    def cases_in(self):
        rng, rows, papers = self.rng, [], []
        for person in self.people:
            while rng.random() < 0.3:
                case = Case(self.ref("case"), person, rng.choice("LSSKX"), self.ago(4000))
                if rng.random() < 0.8:
                    case.closed = rng.choice([case.opened, case.opened + datetime.timedelta(days=rng.randrange(1, 900)), self.ago(40)])
                    case.closed = max(case.closed, case.opened)
                if rng.random() < 0.3:
                    case.active = case.opened + datetime.timedelta(days=rng.randrange(0, 500))
                case.marked = rng.random() < 0.08 and case.kind != "X"
                case.removed = rng.random() < 0.08 and case.kind != "X" and case.closed is not None
                case.hold = rng.random() < 0.08
                self.cases.append(case)
                flags = ["yes" if flag else "no" for flag in (case.marked, case.removed)]
                rows.append([case.ref, person.number, case.kind, iso(case.opened), iso(case.closed), iso(case.active), *flags, "tvist" if case.hold else ""])
                while rng.random() < 0.3:
                    paper = (self.ref("doc"), rng.choice(["", "A54"]), rng.random() < 0.85, rng.random() < 0.85)
                    case.documents.append(paper)
                    second = ("yes" if paper[3] else "no") if paper[1] else ""
                    papers.append([paper[0], case.ref, "27.36.04", paper[1], "yes" if paper[2] else "no", second])
        self.load("case", rows)
        self.load("document", papers)

    def rest_in(self):
        rng = self.rng
        for kind, store in (("subscription", self.subscriptions), ("obligation", self.obligations)):
            for person in self.people:
                if rng.random() < 0.2:
                    first = self.ago(3000)
                    last = rng.choice([None, first + datetime.timedelta(days=rng.randrange(0, 1500)), TODAY, self.ago(2, 1)])
                    store.append((self.ref(kind), person, first, max(first, last) if last else None))
            self.load(kind, [[ref, p.number, "lån", iso(a), iso(b)] for ref, p, a, b in store])
        for kind, store, days in (("draft", self.drafts, DRAFT_DAYS), ("event", self.events, EVENT_DAYS)):
            for person in self.people:
                if rng.random() < 0.2:
                    touched = rng.choice([self.ago(3000), self.ago(days + 2, days - 2)])
                    own = [c for c in self.cases if c.person is person]
                    store.append((self.ref(kind), person, touched, rng.choice([None, *own])))
            self.load(kind, [[ref, p.number, iso(day), case.ref if case else ""] for ref, p, day, case in store])
        for _ in range(rng.randrange(0, len(self.people) // 3 + 1)):
            one, other = rng.choice(self.people), rng.choice(self.people)
            if one is not other:
                self.guardians.add((one, other))
        pairs = sorted(self.guardians, key=lambda pair: (pair[0].number, pair[1].number))
        self.load("relation", [[a.number, b.number, "guardian"] for a, b in pairs])

    def protect(self):
        self.step = "person protect"
        for person in self.people:
            if self.rng.random() < 0.08:
                self.go("person", "protect", f"person:{person.id}", "--reason", "prov")
                person.guarded = True
                self.guardians = {pair for pair in self.guardians if person not in pair}

    # what the rules say of it

    def is_held(self, person):
        return person.hold is not None and person.hold >= TODAY

    def case_goes(self, case):
        if case.is_open() or case.hold or case.must_stay() or self.is_held(case.person):
            return False
        rule = self.rules.get((case.kind, "case"))
        if not rule or shifted(case.closed, rule.period) is None:
            return False
        if case.marked or case.removed:
            return True
        later = max(d for d in (case.closed, case.active) if d)
        day = {"closed": case.closed, "last_activity": case.active or case.closed, "created": case.opened}[rule.base]
        if rule.base == "last_activity" and case.active:
            day = later
        on = rule.goes_on(day)
        return on is not None and TODAY >= on

    def loose(self, store, days, going):
        """Drafts or events that go by their own age; one whose case goes has none any more."""
        out = set()
        for ref, person, touched, case in store:
            old = touched + datetime.timedelta(days=days) <= TODAY and not self.is_held(person)
            free = not (case and case.hold) if store is self.drafts else case is None or case in going
            if old and free:
                out.add(ref)
        return out

    def activity(self, person):
        days = [person.entered]
        days += [d for c in self.cases if c.person is person for d in c.days()]
        days += [d for _, p, a, b in self.obligations if p is person for d in (a, b) if d and d <= TODAY]
        days += [touched for store in (self.drafts, self.events) for _, p, touched, _ in store if p is person]
        return max(days)

    def is_idle(self, person):
        rule = self.rules.get((person.kind, "person")) if person.kind else None
        if not rule or rule.base == "deceased":
            return False
        on = rule.goes_on(self.activity(person) if rule.base == "last_activity" else person.entered)
        return on is not None and TODAY >= on

    def verdict(self):
        """(people, {kind: references}) that go."""
        going_cases = {c for c in self.cases if self.case_goes(c)}
        staying_cases = {c.person for c in self.cases if c not in going_cases}
        owing = {p for _, p, _, last in self.obligations if last is None or last >= TODAY}
        gone = {p for p in self.people if self.is_idle(p) and not self.is_held(p) and p not in staying_cases and p not in owing}
        while True:
            kept = {a for a, b in self.guardians if a in gone and b not in gone}
            if not kept:
                break
            gone -= kept
        refs = {"case": {c.ref for c in going_cases}}
        refs["document"] = {d[0] for c in going_cases for d in c.documents}
        refs["subscription"] = {s[0] for s in self.subscriptions if s[1] in gone}
        refs["obligation"] = {o[0] for o in self.obligations if o[1] in gone}
        for kind, store, days in (("draft", self.drafts, DRAFT_DAYS), ("event", self.events, EVENT_DAYS)):
            refs[kind] = self.loose(store, days, going_cases) | {s[0] for s in store if s[1] in gone}
        return gone, refs

    # what the program does

    def stored(self):
        """References of each kind, and ids of people."""
        db = sqlite3.connect(f"file:{self.world.folder / 'registry.db'}?mode=ro", uri=True)
        try:
            refs = {k: {r[0] for r in db.execute(f"SELECT reference FROM {t}")} for k, t in TABLES.items()}
            return {r[0] for r in db.execute("SELECT id FROM person")}, refs
        finally:
            db.close()

    def compare(self, before, after, gone, refs):
        (people, things), (people_left, things_left) = before, after
        self.differ("people", people - people_left, {p.id for p in gone})
        for kind in TABLES:
            self.differ(kind, things[kind] - things_left[kind], refs[kind])

    def differ(self, what, seen, expected):
        if seen != expected:
            self.say(f"{what}: gone though they must stay {sorted(seen - expected)[:8]}, left though due {sorted(expected - seen)[:8]}")

    def purge(self):
        gone, refs = self.verdict()
        before, listing = self.stored(), self.world.people()
        self.step = "purge"
        ceiling = max(20, len(self.people) * 2 // 100)
        is_over = len(gone) > ceiling
        code, _ = self.go("purge", exits=(4,) if is_over else (0,))
        if self.world.people() != listing or self.stored() != before:
            self.say("a proposal changed something")
        allow = ["--allow", f"purge={len(gone)}"] if is_over else []
        if is_over:
            self.go("purge", "--confirm", exits=(4,))
            self.go("purge", "--confirm", "--allow", f"purge={len(gone) - 1}", exits=(4,))
            if self.stored() != before:
                self.say("a held run removed something")
        plan = self.world.inputs / f"plan{self.serial}.json"
        if self.rng.random() < 0.5:
            self.plan(plan, gone, refs, allow)
            allow += ["--plan", plan]
        self.step = "purge --confirm"
        _, document = self.go("purge", "--confirm", *allow)
        self.compare(before, self.stored(), gone, refs)
        counts = document["run"]["counts"]
        if counts.get("removed", 0) != len(gone):
            self.say(f"removed is {counts.get('removed', 0)}, expected {len(gone)}: {counts}")
        self.leave(gone, refs)
        self.traces(gone)
        self.step = "purge --confirm again"
        before = self.stored()
        self.go("purge", "--confirm")
        more, refs = self.verdict()
        self.compare(before, self.stored(), more, refs)
        if more:
            raise Failure("the rig's own model is not stable")

    def plan(self, path, gone, refs, allow):
        self.step = "purge --plan"
        self.go("purge", "--plan", path, *allow)
        text = path.read_text()
        json.loads(text)
        for person in self.people:
            if person.canary in text or person.number in text:
                self.say(f"the plan tells who person:{person.id} is")
                break

    def leave(self, gone, refs):
        """The model forgets what went, but not that its people were active."""
        for person in self.people:
            person.entered = max(person.entered, self.activity(person)) if self.rule_of(person) == "last_activity" else person.entered
        self.people = [p for p in self.people if p not in gone]
        self.cases = [c for c in self.cases if c.ref not in refs["case"]]
        for kind, name in (("subscription", "subscriptions"), ("obligation", "obligations"), ("draft", "drafts"), ("event", "events")):
            setattr(self, name, [row for row in getattr(self, name) if row[0] not in refs[kind]])
        self.drafts, self.events = ([(a, b, c, d if d in self.cases else None) for a, b, c, d in store] for store in (self.drafts, self.events))
        self.guardians = {(a, b) for a, b in self.guardians if a not in gone and b not in gone}

    def rule_of(self, person):
        rule = self.rules.get((person.kind, "person"))
        return rule.base if rule else None

    def traces(self, gone):
        """No byte of whom it removed is left in the registry's folder."""
        self.step = "traces"
        if not gone:
            return
        files = [f for f in self.world.folder.rglob("*") if f.is_file() and "backups" not in f.parts]
        for person in gone:
            needles = [person.canary.encode(), person.canary.lower().encode(), person.number.encode(), person.number[2:].encode()]
            for file in files:
                data = file.read_bytes()
                if any(needle in data for needle in needles):
                    self.say(f"person:{person.id} is gone, and something of them stands in {file.name}")
                    return

    def restored(self, backup, gone):
        """An older copy brings nobody back."""
        self.step = "restore"
        self.go("restore", backup, exits=(0, 3))
        back = {p["person"] for p in self.world.people()} & {p.id for p in gone}
        if back:
            self.say(f"came back from the backup: {sorted(back)}")
        self.traces_in_registry(gone)

    def traces_in_registry(self, gone):
        data = (self.world.folder / "registry.db").read_bytes()
        if any(p.canary.encode() in data for p in gone):
            self.say("the restored registry holds bytes of somebody who was purged")

    def all(self):
        self.enter()
        self.class_file()
        self.describe()
        self.cases_in()
        self.rest_in()
        self.protect()
        backup = self.world.base / "old.db"
        is_restored = self.rng.random() < 0.4
        if is_restored:
            self.step = "backup"
            self.go("backup", backup)
        everybody = list(self.people)
        self.purge()
        if is_restored:
            self.restored(backup, [p for p in everybody if p not in self.people])


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=30)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    seeds = range(args.start, args.start + args.seeds)
    return report([(f"seed {s}", lambda s=s: followed(lambda: Check(s, args.keep))) for s in seeds], args.keep)


if __name__ == "__main__":
    sys.exit(main())
