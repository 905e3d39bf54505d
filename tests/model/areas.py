#!/usr/bin/env python3
"""Key codes, areas and the population register: random registers, links and days against a model of their own.

    MANTAL=path/to/mantal python3 tests/model/areas.py --seeds 30 [--start N] [--keep]

Written from the rules only. Where they leave room, the worlds are made so that the room is not entered.
"""

import argparse
import datetime
import random
import sys

import generate
from cases import followed, report
from world import Failure, World

OURS = "0581"
OTHER = "0180"
TODAY = datetime.date(2025, 3, 10)
MARKS = {"yes": True, "ja": True, "j": True, "no": False, "nej": False, "n": False, "": False, "kanske": True}
CLASSES = ("changed", "unchanged", "created", "unknown", "skipped", "rejected")


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


class Link:
    def __init__(self, activity, code, area, first="", last=""):
        self.activity, self.code, self.area, self.first, self.last = activity, code, area, first, last

    def holds(self, today):
        return (self.first or "0000") <= today.isoformat() <= (self.last or "9999")

    def rank(self, code):
        """How well it fits a code: longer wins, a full code beats a prefix of its length; None if it does not."""
        if self.code.endswith("*"):
            stem = self.code[:-1]
            return (len(stem), 0) if code.startswith(stem) else None
        return (len(code), 1) if code == self.code else None

    def clashes(self, other):
        if (self.activity, self.code) != (other.activity, other.code):
            return False
        return (self.first or "0000") <= (other.last or "9999") and (other.first or "0000") <= (self.last or "9999")


def area_of(links, activity, code, today):
    fits = [(l.rank(code), l.area) for l in links if l.activity == activity and l.holds(today) and l.rank(code)]
    return max(fits)[1] if fits else None


class Check:
    def __init__(self, seed, keep):
        self.rng, self.keep, self.step = random.Random(seed), keep, "init"
        self.world = World()
        self.numbers = generate.Numbers(self.rng)
        self.faults, self.links = [], []
        self.people = {}  # number → person id
        self.guarded = set()  # numbers of people who are protected here
        self.register = {}  # number → row
        self.today = TODAY

    def tear_down(self):
        if not self.keep:
            self.world.drop()

    def say(self, *faults):
        self.faults += [f"[{self.step}] {fault}" for fault in faults]

    def flags(self):
        return ["--today", self.today.isoformat(), "--set", f'municipality=["{OURS}"]']

    def go(self, *args, exits=(0, 3)):
        code, document = self.world.run(*args, *self.flags())
        if code not in exits:
            self.say(f"{args[0]}: exit {code}, expected one of {exits}: {document.get('error')}")
        return code, document

    # people

    def enter(self):
        self.step = "person import"
        kinds = ["personnummer"] * 6 + ["samordningsnummer"]
        numbers = [self.numbers.new(self.rng.choice(kinds)) for _ in range(self.rng.choice([5, 15, 40]))]
        rows = "id_number,last_name\n" + "".join(f"{n},Ek\n" for n in numbers)
        self.go("person", "import", self.world.write("people.csv", rows.encode()))
        self.people = {p["id_number"]: p["person"] for p in self.world.people()}
        for number in numbers:
            if self.rng.random() < 0.08:
                self.protect(number)

    def protect(self, number):
        self.step = "person protect"
        self.go("person", "protect", f"person:{self.people[number]}", "--reason", "prov")
        self.guarded.add(number)

    # the register

    def codes(self):
        return [self.rng.choice(["11", "1132", "113204", "113205", "1140", "2", "21", "2101", "99887766"]) for _ in range(3)]

    def row(self, number):
        rng = self.rng
        mark = rng.choice(["no", "nej", "n", ""] * 12 + ["ja", "yes", "j", "kanske"])
        town = rng.choice([OURS] * 12 + [OTHER])
        # What a mark in a row that is rejected does is left to a test of its own.
        return {"number": number, "mark": mark if town == OURS else "nej", "town": town, "code": rng.choice(self.codes() + [""])}

    def load(self, mode):
        """population-import; a row of another municipality is rejected."""
        self.step = f"population-import {mode}"
        known = [n for n in self.people if self.rng.random() < 0.8]
        strangers = [self.numbers.new() for _ in range(self.rng.randrange(6))]
        rows = [self.row(n) for n in known + strangers + [n for n in self.register if n not in self.people][:3]]
        rows = [self.few_protected(r) for r in rows]
        self.rng.shuffle(rows)
        head = "id_number;protected;municipality;key_code;last_name;street;postal_code;city\n"
        body = "".join(f"{r['number']};{r['mark']};{r['town']};{r['code']};Ek;Storgatan 1;60299;NORRKÖPING\n" for r in rows)
        path = self.world.write(f"{mode}.csv", (head + body).encode())
        before = self.world.people()
        if self.rng.random() < 0.3:
            self.go("population-import", "--mode", mode, path, "--dry-run")
            if self.world.people() != before:
                self.say("a dry run changed people")
        code, document = self.go("population-import", "--mode", mode, path)
        bad = [i for i, r in enumerate(rows, 2) if r["town"] != OURS]
        if sorted(r["record"] for r in document["rejected"]) != bad:
            self.say(f"rejected lines {[r['record'] for r in document['rejected']]}, expected {bad}")
        if code in (0, 3):
            self.counts(document, len(rows))
        self.take(rows, mode)

    def few_protected(self, row):
        """At most three at a time, or the limit holds the file."""
        fresh = MARKS[row["mark"]] and row["number"] in self.people and row["number"] not in self.guarded
        if fresh and self.rng.random() < 0.7:
            return {**row, "mark": "nej"}
        return row

    def take(self, rows, mode):
        """The model's own register."""
        if mode == "snapshot":
            gone = set(self.register) - {r["number"] for r in rows}
            for number in gone:
                self.register[number]["present"] = False
        for row in rows:
            if row["town"] != OURS:
                continue
            hidden = MARKS[row["mark"]]
            self.register[row["number"]] = {"code": row["code"], "present": True, "protected": hidden}
            if hidden and row["number"] in self.people:
                self.guarded.add(row["number"])

    def counts(self, document, rows):
        counts = document["run"]["counts"]
        if counts["read"] != sum(counts.get(c, 0) for c in CLASSES):
            self.say(f"read {counts['read']} is not the sum of {counts}")
        if rows is not None and counts["read"] != rows:
            self.say(f"read {counts['read']} of {rows}")

    # links

    def links_file(self, links):
        text = "key_code,area,activity,valid_from,valid_to\n"
        return (text + "".join(f"{l.code},{l.area},{l.activity},{l.first},{l.last}\n" for l in links)).encode()

    def some_links(self):
        """Links without two for one day; each activity has one for ever."""
        rng, links = self.rng, []
        for activity in rng.choice([["general"], ["school"], ["school", "eldercare"]]):
            links.append(Link(activity, "777777", "Reserv"))
            for _ in range(rng.randrange(1, 7)):
                code = rng.choice(["11*", "1132*", "113204", "1140", "2*", "2101", "21", "9988*", "1*", "113204*"])
                first, last = rng.choice([("", ""), ("", ""), (day(-20), ""), ("", day(-1)), (day(1), ""), (day(0), day(0)), ("", day(0))])
                link = Link(activity, code, rng.choice(["Norra", "Södra", "Å, ö"]).replace(",", ""), first, last)
                if not any(link.clashes(other) for other in links):
                    links.append(link)
        rng.shuffle(links)
        return links

    def link(self):
        self.step = "area import"
        links = self.some_links()
        path = self.world.write("links.csv", self.links_file(links))
        if self.rng.random() < 0.4:
            self.what_if(path, links)
        self.step = "area import"
        _, document = self.go("area", "import", path)
        touched = {l.activity for l in links}
        self.links = [l for l in self.links if l.activity not in touched] + links
        if self.rng.random() < 0.3:
            self.bad_links()

    def bad_links(self):
        """All or nothing, each with its line."""
        self.step = "bad links"
        shown = self.world.run("area", "links")[1]
        rows = [("113204999", "x", "school", "", ""), ("*", "x", "school", "", ""), ("11a", "x", "school", "", ""),
                ("11", "", "school", "", ""), ("11", "x", "school", "2025-1-1", ""), ("11", "x", "school", "2025-02-02", "2025-02-01")]
        for bad in rows:
            text = "key_code,area,activity,valid_from,valid_to\n4444,ok,school,,\n" + ",".join(bad) + "\n"
            code, document = self.world.run("area", "import", self.world.write("bad.csv", text.encode()), *self.flags())
            if code != 1 and code != 2:
                self.say(f"{bad}: exit {code}")
            if "3" not in str(document.get("error")) and not any(r.get("record") == 3 for r in document.get("rejected", [])):
                self.say(f"{bad}: no line in {document.get('error')}")
        if self.world.run("area", "links")[1] != shown:
            self.say("bad links changed the links")

    def what_if(self, path, links):
        self.step = "what-if"
        before = self.world.people(), self.world.run("area", "links")[1]
        self.go("update-areas", "--what-if", path)
        if (self.world.people(), self.world.run("area", "links")[1]) != before:
            self.say("what-if changed something")

    # areas

    def expected(self, number):
        row = self.register.get(number)
        if number in self.guarded or not row or not row["present"] or row["protected"] or not row["code"]:
            return None, {}
        activities = {l.activity for l in self.links}
        areas = {a: area_of(self.links, a, row["code"], self.today) for a in activities}
        return row["code"], {a: area for a, area in areas.items() if area}

    def update(self):
        self.step = f"update-areas {self.today}"
        want = {n: self.expected(n) for n in self.people}
        shown = {p["id_number"]: p for p in self.world.people()}
        losing = [n for n, (_, areas) in want.items() if set(shown[n]["areas"]) - set(areas)]
        if self.rng.random() < 0.4:
            dry = self.go("update-areas", "--dry-run", exits=(0, 3, 4))
            self.unchanged(shown, "dry run")
        else:
            dry = None
        limit = max(20, sum(1 for p in shown.values() if p["areas"]) // 10)
        if len(losing) > limit:
            self.go("update-areas", exits=(4,))
            self.unchanged(shown, "held")
            code, document = self.go("update-areas", "--allow", f"areas={len(losing)}")
        else:
            code, document = self.go("update-areas")
        if dry and code in (0, 3) and dry[0] in (0, 3):
            if (dry[0], dry[1]["run"]["counts"]) != (code, document["run"]["counts"]):
                self.say(f"dry run {dry[0]} {dry[1]['run']['counts']}, real run {code} {document['run']['counts']}")
        self.counts(document, len(self.people))
        self.look(want)
        self.again()

    def unchanged(self, shown, what):
        if {p["id_number"]: p for p in self.world.people()} != shown:
            self.say(f"{what} changed people")

    def look(self, want):
        for person in self.world.people():
            code, areas = want[person["id_number"]]
            if (person["key_code"], person["areas"] or {}) != (code, areas):
                self.say(f"person:{person['person']}: {person['key_code']} {person['areas']}, expected {code} {areas}")
            if person["protected"] != (person["id_number"] in self.guarded):
                self.say(f"person:{person['person']}: protected is {person['protected']}")
        self.unlinked(want)

    def unlinked(self, want):
        activities = {l.activity for l in self.links}
        lacking = {f"code:{OURS}/{code}/{a}" for code, areas in want.values() if code for a in activities - set(areas)}
        shown = {f["subject"] for f in self.world.findings() if f["kind"] == "unlinked-code" and f["state"] == "open"}
        if shown != lacking:
            self.say(f"unlinked codes {sorted(shown)}, expected {sorted(lacking)}")

    def again(self):
        """A second run changes nothing and finds nothing new."""
        self.step += " again"
        before = self.world.people()
        code, document = self.go("update-areas", exits=(0,))
        if document["run"]["counts"].get("changed") or document["findings"]:
            self.say(f"news the second time: {document['run']['counts']} {document['findings']}")
        if self.world.people() != before:
            self.say("people changed the second time")

    def undo(self, before):
        """undo of the last update-areas gives the people of before, but for those protected since."""
        self.step = "undo"
        runs = [r for r in self.world.run("runs")[1] if r["job"] == "update-areas" and not r["dry_run"] and (r["counts"] or {}).get("changed")]
        if not runs:
            return
        self.world.run("undo", runs[0]["id"], *self.flags())
        self.update()

    def all(self):
        self.enter()
        for _ in range(self.rng.randrange(1, 4)):
            if self.rng.random() < 0.8 or not self.register:
                self.load(self.rng.choice(["snapshot", "changes"]))
            if self.rng.random() < 0.8 or not self.links:
                self.link()
            if self.rng.random() < 0.3:
                self.protect(self.rng.choice(list(self.people)))
            self.update()
            if self.rng.random() < 0.3:
                self.today += datetime.timedelta(days=1)
                self.update()
            if self.rng.random() < 0.3:
                self.undo(None)


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
