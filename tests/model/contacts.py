#!/usr/bin/env python3
"""E-mail and phone from two sources and from the people themselves: random histories against a model of their own.

    MANTAL=path/to/mantal python3 tests/model/contacts.py --seeds 30 [--start N] [--keep]

Written from the rules only (sync-contacts 1–13). Whose name stands on a value that two of them say is left to the program.
"""

import argparse
import datetime
import random
import sys

import generate
from cases import followed, report
from world import Failure, World

FIELDS = ("email", "mobile", "phone")
SOURCES = ("alfa", "beta")
CATEGORIES = ("student", "staff", "guardian")
CLASSES = ("changed", "unchanged", "created", "unknown", "skipped", "rejected")
VALUES = {
    "email": ["a@example.org", "b@example.org", "A@example.org", "c.d@example.org"],
    "mobile": ["0701740605", "070-174 06 06", "+46701740607", "0701740605"],
    "phone": ["08-46500400", "0846500401", "+4684650040", "08-465 004 02"],
}
BAD = {"email": ["a@@example.org", "nobody", "a b@example.org"], "mobile": ["12", "inget"], "phone": ["x", "1"]}
# Later than any clock: an edit by hand bears the real instant.
DAY = datetime.date(2035, 3, 10)


def same(field, one, other):
    if field == "email":
        return (one or "").lower() == (other or "").lower()
    return tidy(one) == tidy(other)


def tidy(number):
    """The stored form of the numbers above."""
    if not number:
        return number
    digits = "".join(c for c in number if c.isdigit())
    return "+" + digits if number.startswith("+") else "+46" + digits[1:]


class Policy:
    def __init__(self, rng):
        some = lambda: [f for f in FIELDS if rng.random() < 0.5]
        self.force = {c: some() for c in CATEGORIES if rng.random() < 0.15}
        self.clear = {"guardian": ["email"]}
        self.clear.update({c: some() for c in CATEGORIES if rng.random() < 0.3})
        self.empty = {f: rng.choice(["keep", "clear"]) for f in FIELDS}
        self.conflict = rng.choice(["last-changed", "last-synced", ["alfa", "beta"], ["beta", "alfa"]])

    def words(self):
        quoted = lambda items: "[" + ", ".join(f'"{i}"' for i in items) + "]"
        out = [f"contacts.sources={quoted(SOURCES)}"]
        out += [f"contacts.force.{c}={quoted(f)}" for c, f in self.force.items()]
        out += [f"contacts.clear_flag.{c}={quoted(f)}" for c, f in self.clear.items()]
        out += [f'contacts.empty.{f}="{e}"' for f, e in self.empty.items()]
        conflict = self.conflict if isinstance(self.conflict, list) else None
        out.append(f"contacts.conflict={quoted(conflict)}" if conflict else f'contacts.conflict="{self.conflict}"')
        return [word for setting in out for word in ("--set", setting)]


class Slot:
    """One field of one person."""

    def __init__(self):
        self.value, self.origin, self.flag = None, None, False
        self.said = {}  # source → last statement

    def copy(self):
        twin = Slot()
        twin.value, twin.origin, twin.flag, twin.said = self.value, self.origin, self.flag, dict(self.said)
        return twin

    def put(self, value, origin):
        self.value, self.origin, self.flag = value, origin, False


def merge(slot, field, source, said, categories, policy):
    """What a source's statement does to a field: rules 1–8."""
    new = source not in slot.said or not same(field, slot.said[source], said)
    slot.said[source] = said
    forced = any(field in policy.force.get(c, []) for c in categories)
    clears = any(field in policy.clear.get(c, []) for c in categories)
    voices = [v for v in slot.said.values() if v]
    if slot.flag and clears and voices and all(same(field, v, slot.value) for v in voices):
        slot.flag = False  # 4
    if not said:
        if policy.empty[field] == "clear" and slot.origin == f"source:{source}" and not slot.flag:
            slot.put(None, None)  # 7
        return
    if forced:
        if slot.value is None or not same(field, slot.value, said):
            slot.put(said, f"source:{source}")  # 5
        slot.flag = False
    elif slot.flag:
        return  # 3
    elif slot.value is None:
        slot.put(said, f"source:{source}")  # 1, 6
    elif slot.origin in [f"source:{s}" for s in SOURCES if s != source]:
        if has_the_word(slot, source, new, policy):
            write(slot, field, said, source)  # 8
    else:
        write(slot, field, said, source)  # 2


def has_the_word(slot, source, new, policy):
    """Whether a source writes over another one's value."""
    if isinstance(policy.conflict, list):
        return source == next(s for s in policy.conflict if slot.said.get(s))
    return policy.conflict == "last-synced" or new


def write(slot, field, said, source):
    if slot.value is None or not same(field, slot.value, said):
        slot.put(said, f"source:{source}")


class Check:
    def __init__(self, seed, keep):
        self.rng, self.keep, self.step = random.Random(seed), keep, "init"
        self.world = World()
        self.twin = World(self.world.base / "shuffled") if self.rng.random() < 0.4 else None
        self.numbers = generate.Numbers(self.rng)
        self.policy = Policy(self.rng)
        self.faults, self.at = [], 0
        self.ids, self.slots, self.guarded = {}, {}, set()
        self.categories = {}  # number → source → set

    def tear_down(self):
        if not self.keep:
            self.world.drop()

    def say(self, *faults):
        self.faults += [f"[{self.step}] {fault}" for fault in faults]

    def flags(self):
        return ["--today", (DAY + datetime.timedelta(days=self.at)).isoformat(), *self.policy.words()]

    def go(self, *args, exits=(0, 3), twin=None):
        code, document = self.world.run(*args, *self.flags())
        if code not in exits:
            self.say(f"{args[:2]}: exit {code}, expected one of {exits}: {document.get('error')}")
        if self.twin:
            self.twin.run(*(twin or args), *self.flags())
        return code, document

    def person(self, number):
        return f"person:{self.ids[number]}"

    def learn(self):
        self.ids = {p["id_number"]: p["person"] for p in self.world.people()}
        for number in self.ids:
            self.slots.setdefault(number, {f: Slot() for f in FIELDS})

    # what happens

    def enter(self):
        self.step = "person import"
        rows = ["id_number,last_name,email,mobile"]
        for _ in range(self.rng.randrange(1, 5)):
            number = self.numbers.new()
            email = self.rng.choice(["", "", "i@example.org"])
            self.slots[number] = {f: Slot() for f in FIELDS}
            if email:
                self.slots[number]["email"].put(email, "import")
            rows.append(f"{number},Namn{len(rows)},{email},")
        self.go("person", "import", self.world.write("people.csv", "\n".join(rows).encode()))
        self.learn()

    def rows_of(self, number, fields):
        """One row, sometimes two: equal, or at odds on a field."""
        rng = self.rng
        cells = {f: rng.choice(VALUES[f] + ["", ""]) if rng.random() < 0.9 else rng.choice(BAD[f]) for f in fields}
        first = {"number": number, "category": rng.choice(CATEGORIES), **cells}
        if rng.random() < 0.75:
            return [first]
        second = {**first, "category": rng.choice(CATEGORIES)}
        odd = rng.choice(fields)
        if first[odd] and first[odd] not in BAD[odd] and rng.random() < 0.5:
            second[odd] = next(v for v in VALUES[odd] if not same(odd, v, first[odd]))
        return [first, second]

    def sync(self):
        rng = self.rng
        source = rng.choice(SOURCES)
        self.step = f"sync-contacts {source}, day {self.at}"
        fields = [f for f in FIELDS if rng.random() < 0.85] or ["email"]
        number = [n for n in self.ids if rng.random() < 0.9] + [self.numbers.new() for _ in range(rng.randrange(2))]
        rows = [row for n in number for row in self.rows_of(n, fields)]
        if not rows:
            return
        rng.shuffle(rows)
        path, twin = self.csv("a.csv", rows, fields), self.csv("b.csv", rng.sample(rows, len(rows)), fields)
        before = self.world.people()
        dry = self.dry(before, "sync-contacts", "--source", source, path)
        slots = {n: {f: s.copy() for f, s in person.items()} for n, person in self.slots.items()}
        categories = {n: dict(c) for n, c in self.categories.items()}
        code, document = self.go("sync-contacts", "--source", source, path, twin=("sync-contacts", "--source", source, twin))
        if dry and (dry[0], dry[1]["run"]["counts"]) != (code, document["run"]["counts"]):
            self.say(f"dry run {dry[0]} {dry[1]['run']['counts']}, real run {code} {document['run']['counts']}")
        self.counts(document, len(rows))
        self.learn()
        self.take(source, rows, fields)
        self.look()
        self.again(source, path)
        if rng.random() < 0.2:
            self.undo(document, before, slots, categories)

    def csv(self, name, rows, fields):
        head = ["id_number", "category", "last_name", "birth_date", *fields]
        lines = [";".join(head)]
        for r in rows:
            lines.append(";".join([r["number"], r["category"], "N" + r["number"][-6:], "", *[r[f] for f in fields]]))
        return self.world.write(name, "\n".join(lines).encode())

    def dry(self, before, *args):
        if self.rng.random() < 0.7:
            return None
        done = self.world.run(*args, "--dry-run", *self.flags())
        if self.world.people() != before:
            self.say("a dry run changed people")
        return done

    def counts(self, document, rows):
        counts = document["run"]["counts"]
        if counts["read"] != sum(counts.get(c, 0) for c in CLASSES) or counts["read"] != rows:
            self.say(f"{rows} rows: {counts}")

    def take(self, source, rows, fields):
        by_person = {}
        for row in rows:
            by_person.setdefault(row["number"], []).append(row)
        for number, theirs in by_person.items():
            if number in self.guarded:
                continue
            categories = {r["category"] for r in theirs}
            self.categories.setdefault(number, {})[source] = categories
            for field in fields:
                said = [r[field] for r in theirs if r[field] not in BAD[field]]
                if not said or any(not same(field, s, said[0]) for s in said):
                    continue  # 11, 13: not said
                merge(self.slots[number][field], field, source, said[0], categories, self.policy)

    def again(self, source, path):
        """The same file twice changes nothing."""
        before = self.world.people()
        code, document = self.go("sync-contacts", "--source", source, path)
        if document["run"]["counts"].get("changed") or document["run"]["counts"].get("created"):
            self.say(f"the second time: {document['run']['counts']}")
        if self.world.people() != before:
            self.say("the same file changed people the second time")

    def undo(self, document, before, slots, categories):
        """As before; and the same statements have their say again."""
        self.step += " undo"
        if not document["run"]["counts"].get("changed") or document["run"]["counts"].get("created"):
            return
        self.twin = None  # its runs have other numbers
        self.go("undo", document["run"]["id"])
        self.slots, self.categories = slots, categories
        self.look()

    def edit(self):
        """A person changes their own."""
        rng, field = self.rng, self.rng.choice(FIELDS)
        number = rng.choice(list(self.ids))
        value = rng.choice(VALUES[field] + ["", "own"])
        value = {"email": "me@example.org", "mobile": "+46701740699", "phone": "+4684650049"}[field] if value == "own" else value
        self.step = f"{self.person(number)} edits {field}"
        if rng.random() < 0.5 and value:
            exits = (1,) if number in self.guarded else (0, 3)
            self.go("person", "set", self.person(number), f"--{field}", value, "--by-person", exits=exits)
        else:
            # Later than every edit before it.
            self.at += 1
            at = (DAY + datetime.timedelta(days=self.at)).isoformat() + "T08:00:00Z"
            text = f"id_number,{field},changed_at\n{number},{value},{at}\n"
            self.go("person", "import", "--user-edits", self.world.write("edits.csv", text.encode()))
        if number not in self.guarded:
            slot = self.slots[number][field]
            if not value:
                slot.put(None, None)  # 6
            else:
                slot.put(value, "person")
                slot.flag = not any(v and same(field, v, value) for v in slot.said.values())  # 3
        self.look()

    def staff(self):
        rng, field = self.rng, self.rng.choice(FIELDS)
        number = rng.choice([n for n in self.ids if n not in self.guarded] or [None])
        if number:
            self.step = f"staff sets {field} of {self.person(number)}"
            value = rng.choice(VALUES[field])
            self.go("person", "set", self.person(number), f"--{field}", value)
            self.slots[number][field].put(value, "staff")
            self.look()

    def reset(self):
        number = self.rng.choice(list(self.ids))
        self.step = f"contacts reset {self.person(number)}"
        code, document = self.go("contacts", "reset", self.person(number), exits=(0, 1, 3))
        for slot in self.slots[number].values():
            slot.flag = False
        self.adopt()

    def protect(self):
        number = self.rng.choice(list(self.ids))
        self.step = f"{self.person(number)} protected"
        self.go("person", "protect", self.person(number), "--reason", "prov")
        self.guarded.add(number)
        self.slots[number] = {f: Slot() for f in FIELDS}
        self.look()

    # what stands

    def adopt(self):
        """What a reset fills at once is left to the program."""
        for person in self.world.people():
            for field in FIELDS:
                shown, slot = person["contacts"].get(field), self.slots[person["id_number"]][field]
                slot.value, slot.origin = (shown["value"], shown["origin"]) if shown else (None, None)

    def look(self):
        people = self.world.people()
        for person in people:
            number = person["id_number"]
            for field in FIELDS:
                self.compare(person, field, (person["contacts"] or {}).get(field), self.slots[number][field])
            if person["protected"] != (number in self.guarded):
                self.say(f"person:{person['person']}: protected is {person['protected']}")
        if self.twin and self.twin.people() != people:
            self.say("rows in another order gave another registry")
            self.twin = None

    def compare(self, person, field, shown, slot):
        number = person["id_number"]
        value = shown["value"] if shown else None
        flag = bool(shown and shown["user_changed"])
        wanted = slot.value if field == "email" or not slot.value else tidy(slot.value)
        if not same(field, value, wanted) or flag != slot.flag:
            self.say(f"person:{person['person']}.{field}: {value} {shown and shown['origin']} flag {flag}, expected {wanted} {slot.origin} flag {slot.flag}, said {slot.said}; {self.policy.conflict}, {self.policy.force}, {self.policy.clear}, {self.categories.get(number)}")
            slot.value, slot.flag = value, flag
        slot.origin = shown["origin"] if shown else None

    def all(self):
        self.enter()
        steps = [self.sync] * 6 + [self.edit] * 4 + [self.staff, self.reset]
        for _ in range(self.rng.randrange(4, 14)):
            self.rng.choice(steps)()
            self.at += 1
            if self.rng.random() < 0.06:
                self.protect()
            if self.faults:
                return


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
