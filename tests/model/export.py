#!/usr/bin/env python3
"""Lists to SPAR against the registry, byte by byte, over random registries; then answers come, and the states follow.

    MANTAL=path/to/mantal python3 tests/model/export.py --seeds 50 [--start N] [--keep]

Written from rules.md (spar-export 1, 2, 3, 5, 6), not from the program: who is on a list, in which form, under which
name, what the ledger says afterwards.
"""

import argparse
import datetime
import gzip
import io
import json
import random
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass

import generate
import idnum
from cases import followed, report
from world import Failure, World

DAY = datetime.timedelta(days=1)
LIFTED_LIMITS = """
limits.list_size = 100000
limits.list_shrink_floor = 100000
limits.blocked_floor = 100000
limits.protected_floor = 100000
"""


@dataclass
class Asked:
    """The ledger of one number."""

    known: bool = False
    refreshed: bool = False
    list: str | None = None
    sent: datetime.date | None = None
    due: datetime.date | None = None
    answered: datetime.date | None = None


@dataclass
class Person:
    number: str
    category: str
    box: bool
    dead: bool = False
    protected: bool = False
    ledger: Asked = None

    def __post_init__(self):
        self.ledger = self.ledger or Asked()


class Check:
    """One seed: a configuration, a registry, some nights."""

    def __init__(self, seed, keep):
        self.rng = rng = random.Random(seed)
        self.keep, self.faults, self.step = keep, [], "init"
        self.world = World()
        self.numbers = generate.Numbers(rng)
        self.mode = rng.choice(["new", "all"])
        self.format = rng.choice(["csv", "lines", "xml-2023.1"])
        self.zip = rng.random() < 0.3
        self.trigger = rng.random() < 0.4
        self.categories = rng.choice([["borrower"], ["borrower"], ["borrower", "student"], ["*"]])
        self.answer_days = rng.choice([5, 45])
        self.today = datetime.date(2025, 3, 10)
        self.people = []
        self.serial, self.sequence = 0, 0
        self.last = None  # numbers of the last list
        self.drop = self.world.folder / "drop"
        quoted = ", ".join(f'"{c}"' for c in self.categories)
        config = self.world.folder / "mantal.toml"
        config.write_text(config.read_text() + LIFTED_LIMITS + "\n".join([
            f'spar.mode = "{self.mode}"', f'spar.format = "{self.format}"', f"spar.zip = {str(self.zip).lower()}",
            f'spar.ready = "{"trigger" if self.trigger else "rename"}"', f"spar.categories = [{quoted}]",
            f"spar.answer_days = {self.answer_days}", "spar.file_days = 4000",
            f'spar.after_fetch = "{rng.choice(["keep", "delete"])}"',
        ]) + "\n")

    def say(self, *lines):
        self.faults += [f"[{self.today} {self.step}] {x}" for x in lines]

    def run(self, *words, ends=(0, 3)):
        code, document = self.world.run(*words, "--today", self.today.isoformat())
        if code not in ends:
            self.say(f"{words[:3]} ended {code}, expected one of {ends}: {document.get('error')}")
        return code, document

    # what the rules say

    def wanted(self, p):
        kind = idnum.kind_of(p.number)
        return (kind in ("personnummer", "samordningsnummer") and not p.dead
                and ("*" in self.categories or p.category in self.categories))

    def queued(self, p):
        """Of the list that is made now, were the check digit right."""
        a = p.ledger
        if not self.wanted(p):
            return False
        return self.mode == "all" or (p.box and not (a.sent or a.known or a.refreshed or a.answered))

    def asked(self, p):
        """Whose current state the list asks for."""
        a = p.ledger
        if self.mode == "new":
            return True
        return self.format.startswith("xml") and not (a.known or a.refreshed or a.answered)

    def state(self, p):
        a = p.ledger
        if a.answered:
            return "answered"
        if a.sent:
            return "overdue" if a.due and self.today > a.due else "sent"
        if not self.wanted(p) or a.known or (self.mode == "new" and not p.box):
            return "none"
        return "queued" if idnum.luhn_ok(p.number) else "held"

    # what happens to the registry

    def enter(self, count, known=False):
        rng, rows = self.rng, ["id_number,category,allow_update"]
        for _ in range(count):
            kind = rng.choices(["personnummer", "samordningsnummer", "temporary", "reserve"], [75, 15, 5, 5])[0]
            number = self.numbers.new(kind, good=rng.random() > 0.1)
            category, box = rng.choice(["borrower", "borrower", "student", "guardian"]), rng.random() > 0.2
            rows.append(f"{number},{category},{'yes' if box else 'no'}")
            self.people.append(Person(number, category, box, ledger=Asked(known=known)))
        path = self.world.write("people.csv", ("\n".join(rows) + "\n").encode())
        self.run("person", "import", *(["--known"] if known else []), path)

    def by_hand(self):
        """Some things that staff do in a day."""
        rng = self.rng
        for p in rng.sample(self.people, min(len(self.people), rng.randrange(6))):
            deed = rng.choice(["box", "number", "category", "refreshed", "protect", "lift"])
            if deed == "box":
                p.box = not p.box
                self.run("person", "set", p.number, "--allow-update", "yes" if p.box else "no")
            elif deed == "number":
                new = self.numbers.new(rng.choice(["personnummer", "samordningsnummer"]), good=rng.random() > 0.2)
                self.run("person", "set", p.number, "--id-number", new)
                p.number, p.ledger = new, Asked()
            elif deed == "category" and not p.protected:
                p.category = rng.choice(["borrower", "student"])
                self.run("person", "set", p.number, "--category", p.category)
            elif deed == "refreshed":
                p.ledger.refreshed = True
                self.run("person", "set", p.number, "--refreshed")
            elif deed == "protect" and not p.protected:
                p.protected = True
                self.run("person", "protect", p.number, "--reason", "asked for it")
            elif deed == "lift" and p.protected:
                self.run("person", "unprotect", p.number, "--reason", "lifted")
                p.protected, p.ledger = False, Asked()

    # the list

    def export(self):
        rng = self.rng
        self.step = "spar-export"
        would = [p for p in self.people if self.queued(p)]
        listed = sorted((p for p in would if idnum.luhn_ok(p.number)), key=lambda p: p.number)
        held = len(would) - len(listed)
        numbers = [p.number for p in listed]
        news = any(self.asked(p) and p.ledger.due is None for p in listed)
        send = bool(listed) and (self.mode == "new" or numbers != self.last or news)
        had = self.files()
        if rng.random() < 0.25:
            before = self.world.people()
            _, document = self.run("spar-export", "--dry-run")
            self.counts("dry run", document, len(listed) if send else 0, held)
            if self.files() != had or self.world.people() != before:
                self.say("a dry run wrote something")
        if rng.random() < 0.25:
            self.unreachable(send)
        _, document = self.run("spar-export")
        self.counts("export", document, len(listed) if send else 0, held)
        new = {name: data for name, data in self.files().items() if had.get(name) != data}
        if list((self.world.folder / "spool" / "staging").iterdir()):
            self.say("something stays in the staging room")
        if not send:
            if new:
                self.say(f"sent {sorted(new)}, nothing was to be sent")
            return
        self.serial += 1
        self.last = numbers
        name = f"C{self.today:%y%m}-{self.serial:06}-spar"
        self.read(name, new, listed)
        for p in listed:
            a = p.ledger
            if self.asked(p) and a.due is None:
                a.due = self.today + self.answer_days * DAY
            a.list, a.sent = name, a.sent or self.today
        for p in self.people:
            p.ledger.refreshed = False

    def counts(self, what, document, sent, held):
        got = (document.get("run") or {}).get("counts") or {}
        if (got.get("sent"), got.get("withheld")) != (sent, held):
            self.say(f"{what}: counts {got}, expected sent {sent} withheld {held}")

    def unreachable(self, send):
        """The server is away for one try; afterwards all is as before."""
        before = self.world.people()
        (self.drop / "in").rename(self.drop / "away")
        self.run("spar-export", ends=(5,) if send else (0, 3))
        (self.drop / "away").rename(self.drop / "in")
        if self.world.people() != before:
            self.say("an unreachable server changed people or the ledger")

    def files(self):
        return {f.name: f.read_bytes() for f in (self.drop / "in").iterdir()}

    def read(self, name, new, listed):
        """The bytes on the server against the people who belong in them."""
        member = name + (".xml" if self.format.startswith("xml") else "")
        file = member + (".zip" if self.zip else "")
        expected = {file} | ({file + ".trigger"} if self.trigger else set())
        if set(new) != expected:
            return self.say(f"on the server: {sorted(new)}, expected {sorted(expected)}")
        if self.trigger and new[file + ".trigger"]:
            self.say("the trigger is not empty")
        data = new[file]
        if self.zip:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                if packed.namelist() != [member]:
                    self.say(f"members {packed.namelist()}, expected {member}")
                data = packed.read(packed.namelist()[0])
        numbers = [p.number for p in listed]
        if self.format == "csv":
            found, exact = data.decode().split(","), ",".join(numbers).encode()
        elif self.format == "lines":
            found, exact = data.decode().split("\n")[:-1], "".join(n + "\n" for n in numbers).encode()
        else:
            root = ET.fromstring(data)
            if root.tag.rsplit("}")[-1] != "SPARInfilIdNummer" or not data.startswith(b"<?xml"):
                self.say(f"root {root.tag}")
            found, exact = [e.text for e in root], data
            wish = {e.text: e.get("nulage") for e in root}
            differ = [n for n, p in zip(numbers, listed) if wish.get(n) != ("JA" if self.asked(p) else None)]
            if differ:
                self.say(f"nulage differs for {differ[:5]}")
        missing, extra = set(numbers) - set(found), set(found) - set(numbers)
        if missing or extra or len(found) != len(set(found)) or found != sorted(found):
            self.say(f"missing {sorted(missing)[:5]} extra {sorted(extra)[:5]} of {len(found)}, or twice, or not sorted")
        elif data != exact:
            self.say(f"bytes differ: {data[:80]!r}")

    # the answer

    def answer(self):
        rng = self.rng
        self.step = "spar-import"
        posts = []
        of_spar = [p for p in self.people if re.fullmatch("[0-9]{12}", p.number) and idnum.luhn_ok(p.number)]
        for p in of_spar:
            if rng.random() < (0.6 if p.ledger.sent else 0.1):
                posts.append(self.post(p))
        rng.shuffle(posts)
        self.sequence += 1
        created = f"{self.today.isoformat()}T03:15:00.000"
        xml = ENVELOPE.format(created=created, sequence=self.sequence, posts="".join(posts)).encode()
        name = f"SPARAvisering_{self.today:%Y%m%d}031500_SPAR500243-949.xml"
        packing = rng.choice(["", "", ".gz", ".zip"])
        if packing == ".gz":
            xml = gzip.compress(xml)
        elif packing == ".zip":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as packed:
                packed.writestr(name, xml)
            xml = out.getvalue()
        (self.drop / "out" / (name + packing)).write_bytes(xml)
        if self.trigger:
            self.run("spar-import")  # not yet
            self.look()
            (self.drop / "out" / (name + packing + ".trigger")).write_bytes(b"")
        for p, change in self.coming:
            change(p)
        self.run("spar-import")

    def post(self, p):
        """A post, and what it does to the person once it is applied."""
        rng, number = self.rng, p.number
        deed = rng.choices(["lives", "dies", "hidden", "number"], [70, 8, 6, 8])[0]
        details, mark, becomes = "", "NEJ", None
        if deed == "dies":
            details = "<AvregistreringsorsakKod>AV</AvregistreringsorsakKod><Avlidendatum>2025-01-02</Avlidendatum>"
        elif deed == "hidden":
            mark = "JA"
        elif deed == "number" and not p.protected and not p.dead and number[6:8] <= "31":
            becomes = self.numbers.new()
            details = ("<AvregistreringsorsakKod>GN</AvregistreringsorsakKod><Hanvisning>"
                       f"<IdNummer>{becomes}</IdNummer><Typ>Till</Typ></Hanvisning>")

        def apply(p):
            p.ledger.answered = p.ledger.answered or self.today
            if deed == "dies" and p.box:
                p.dead = True
            if deed == "hidden":
                p.protected = True
            if becomes:
                p.number, p.ledger = becomes, Asked()

        self.coming.append((p, apply))
        return POST.format(number=number, kind="PERSONNUMMER" if number[6:8] <= "31" else "SAMORDNINGSNUMMER", mark=mark,
                           day=self.today.isoformat(), details=f"<Persondetaljer>{details}</Persondetaljer>" if details else "")

    # what is shown

    def look(self):
        done = self.world.raw("person", "list", "--json", "--today", self.today.isoformat())
        listed = {}
        for p in self.parse(done):
            listed[p["id_number"]] = p
        if len(listed) != len(self.people) or set(listed) != {p.number for p in self.people}:
            return self.say(f"people differ: {set(listed) ^ {p.number for p in self.people}}")
        for p in self.people:
            shown, a = listed[p.number], p.ledger
            iso = lambda day: day.isoformat() if day else None
            want = {"state": self.state(p), "list": a.list, "sent": iso(a.sent), "answer_due": iso(a.due), "answered": iso(a.answered)}
            if shown["spar"] != want:
                self.say(f"person:{shown['person']} {shown['spar']}, expected {want}")
            if shown["protected"] != p.protected or (shown["status"] == "deceased") != p.dead:
                self.say(f"person:{shown['person']} {shown['status']} protected {shown['protected']}, expected dead {p.dead} protected {p.protected}")
        late = {listed[p.number]["person"] for p in self.people if self.state(p) == "overdue"}
        open_ = {int(f["subject"].split(":")[1]) for f in self.world.findings() if f["kind"] == "no-answer" and f["state"] == "open"}
        if self.looked and late != open_:
            self.say(f"no-answer: open for {sorted(open_)}, overdue are {sorted(late)}")

    def parse(self, done):
        if done.returncode:
            raise Failure(f"person list ended {done.returncode}: {done.stderr[:300]!r}")
        return [json.loads(x) for x in done.stdout.decode().splitlines() if x.strip()]

    def all(self):
        rng = self.rng
        self.enter(rng.choice([0, 5, 20, 60]))
        if rng.random() < 0.5:
            self.enter(rng.randrange(1, 6), known=True)
        self.looked = False
        for night in range(rng.randrange(3, 7)):
            self.step = "by hand"
            if rng.random() < 0.4:
                self.enter(rng.randrange(1, 5))
            self.by_hand()
            self.export()
            self.looked = True  # a run of ours has looked at the conditions on this day
            self.look()
            if rng.random() < 0.7:
                for file in (self.drop / "in").iterdir():
                    file.unlink()
            if rng.random() < 0.6:
                self.today += rng.choice([0, 1, 3]) * DAY + DAY
                self.coming = []
                self.answer()
                self.look()
            self.today += rng.choice([1, 1, 7, 50]) * DAY

    def tear_down(self):
        if not self.keep:
            self.world.drop()


ENVELOPE = (
    "<SPARAvisering><IdentifieringsinformationFil><Mediemottagare><KundNr>500243</KundNr></Mediemottagare><Filinformation>"
    "<UppdragId>949</UppdragId><ResultatfilSkapad>{created}</ResultatfilSkapad><Sekvensnummer>{sequence}</Sekvensnummer>"
    "</Filinformation></IdentifieringsinformationFil><AviseringPoster>{posts}</AviseringPoster></SPARAvisering>"
)
POST = (
    "<AviseringPost><PersonId><IdNummer>{number}</IdNummer><Typ>{kind}</Typ></PersonId>"
    "<Sekretessmarkering>{mark}</Sekretessmarkering><SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing>"
    "<SenasteAndringSPAR>{day}</SenasteAndringSPAR>{details}</AviseringPost>"
)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=50)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    seeds = range(args.start, args.start + args.seeds)
    return report([(f"seed {s}", lambda s=s: followed(lambda: Check(s, args.keep))) for s in seeds], args.keep)


if __name__ == "__main__":
    sys.exit(main())
