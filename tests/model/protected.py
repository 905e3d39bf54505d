#!/usr/bin/env python3
"""Random sequences of files, jobs, rules and hand commands: nothing of a protected person is written or shown.

    MANTAL=path/to/mantal python3 tests/model/protected.py [--seeds 12] [--steps 80] [--first-seed N] [--jobs 2] [--keep]

After every step the registry is read with SQL of the rig's own (protected_check.py): nobody whom the model
(protected_model.py) has as protected has a location or contact anywhere, and no output, file or log tells one. Whoever must
be protected is, and nobody else. A failing sequence is shortened before it is shown.
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import generate
import protected_check as check
from protected_files import Files, day
from protected_hand import Hand
from protected_model import Model
from world import Failure, World

STEPS = {
    "spar": 16, "spar_again": 3, "spar_release": 5, "people": 8, "user_edits": 2, "sync": 9, "population": 8, "update_persons": 5,
    "links": 2, "update_areas": 5, "retained": 3, "set": 8, "protect": 4, "unprotect": 5, "merge": 2, "keep": 1, "reset": 1,
    "undo": 9, "findings": 3, "policy": 4, "classes": 1, "purge": 2, "search_anew": 2, "export": 3, "ack": 2, "backup": 2,
    "restore": 2, "due": 1, "later": 1,
}
# Copies of the registry are what they were (sweep names them); what SPAR put on the server is not ours to
# change, and what was fetched and not read yet waits behind a file that is held.
LEFT_OUT = ("backups", "drop/out", "registry.db.replaced-", "spool/inbox")
FIRST = 9


class Life(Files, Hand):
    """One world and what happens in it."""

    def __init__(self, seed):
        self.seed, self.faults, self.step, self.step_words = seed, [], "init", []
        shm = Path("/dev/shm")
        self.world = World(tempfile.mkdtemp(prefix="mantal-protected-", dir=shm if os.access(shm, os.W_OK) else None))
        self.numbers = generate.Numbers(random.Random(seed))
        self.model = Model()
        self.tags, self.strangers, self.current = {}, [], {}  # tags: number → what marks its values
        self.spar_files, self.backups, self.last = [], [], (0, {})
        self.serial = self.at = self.sequence = 0
        self.stood = {}  # person → values that stood when they were hidden
        self.settings = {"municipality": '["0581"]', "contacts.sources": '["alfa", "beta", "gamma"]',
                         "sources.gamma.format": '"oneroster"', "notify.metrics_file": '"metrics.prom"'}
        self.plain = (self.world.folder / "mantal.toml").read_text()
        self.configure()

    def configure(self):
        path = self.world.folder / "mantal.toml"
        path.write_text(self.plain + "\n" + "".join(f"{key} = {value}\n" for key, value in self.settings.items()))

    def say(self, *faults):
        self.faults += [f"[{self.step}] {fault}" for fault in faults]

    def go(self, *words, reading=False):
        """A command with --json: (exit code, document)."""
        self.step_words = [str(w) for w in words]
        done = self.world.raw(*words, "--json", timeout=60)
        self.outputs(self.step_words, done)
        if done.returncode not in (0, 1, 2, 3, 4):
            self.say(f"{words[:3]} ended {done.returncode}: {done.stderr[-300:]!r}")
        try:
            document = {} if reading else json.loads(done.stdout)
        except ValueError:
            document = {}
        self.last = done.returncode, document
        return self.last

    def paths_of(self, words):
        return {self.world.inputs / Path(w).name for w in words}

    def ask(self, sql):
        db = check.opened(self.world.folder)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    # what is checked

    def outputs(self, words, done):
        """Kept until the step is over: then it is known who is protected."""
        self.printed.append((words, (done.stdout + done.stderr).decode(errors="replace")))

    def banned(self, standing):
        """Tags of whom nothing may be told: every record that had the number is protected."""
        open_tags, closed = set(), set()
        for person in self.current:
            some = {self.tags[n] for n in self.model.ever[person] - self.model.entangled}
            is_closed = self.model.must.get(person) in standing and not (person in self.model.loose and "hidden" not in standing)
            (closed if is_closed else open_tags).update(some)
        return closed - open_tags

    def printed_of(self, banned):
        for words, text in self.printed:
            told = check.tags(text) & banned
            if told and words[0] != "area" and "import" not in words[:2]:
                self.say(f"{' '.join(words[:4])} tells of {sorted(told)}: {around(text, min(told))}")

    def swept(self, done):
        try:
            hits = json.loads(done.stdout)["hits"]
        except ValueError:
            return self.say(f"sweep ended {done.returncode}: {done.stderr[:200]!r}")
        some = [h for h in hits if h["place"] == "registry" and h["standing"] != "hidden"]
        if some:
            self.say(f"sweep finds {some[:2]}")

    def verify(self):
        """The registry, the files and what was printed, after a step."""
        listed = self.world.people()
        self.say(*self.model.seen(listed))
        self.current = {row["person"]: row["id_number"] for row in listed}
        for row in listed:
            if check.odd_row(row):
                self.say(f"person:{row['person']} is protected and shows {check.odd_row(row)}")
            if row["id_number"] in self.model.refused and row["person"] not in self.had(row["id_number"]):
                self.say(f"person:{row['person']} got a number that a protected one had")
        self.model.settle(self.current)
        erased = [p for p, how in self.model.must.items() if how == "erased" and p not in self.model.loose]
        db = check.opened(self.world.folder)
        try:
            self.say(*(f"{table}.{column} of person:{p} is filled" for table, column, p in check.filled(db, erased)))
            self.hidden_ones(db)
            gone = self.banned({"erased"})
            self.say(*(f"tells of {t}: {sorted(places)[:4]}" for t, places in check.cells(db).items() if t in gone))
            pending = db.execute("SELECT count(*) FROM mark WHERE kind = 'erasure'").fetchone()[0]
        finally:
            db.close()
        if pending:
            self.say("an erasure is pending after its run")
        self.say(*(f"bytes of {t} in {sorted(names)}" for t, names in check.raw(self.world.folder, LEFT_OUT).items() if t in gone))
        self.printed_of(self.banned({"hidden", "erased"}))
        self.printed = []

    def had(self, number):
        return {p for p, numbers in self.model.ever.items() if number in numbers}

    def hidden_ones(self, db):
        """What stands of somebody hidden may stand, but nothing may come to it."""
        stood = {}
        for person, how in self.model.must.items():
            if how == "hidden":
                stood[person] = check.values(db, person)
                if person in self.stood and stood[person] - self.stood[person]:
                    self.say(f"person:{person} is hidden and got {sorted({t for t, _ in stood[person] - self.stood[person]})}")
        self.stood = stood

    # how it goes

    def begin(self):
        self.printed = []
        rng = random.Random(self.seed)
        self.numbers = generate.Numbers(rng)
        self.step = "first import"
        rows = []
        for number in [self.newcomer(rng) for _ in range(FIRST)]:
            rows.append([number, "borrower", self.name(number, "a"), self.name(number, "b"), "home", f"{self.mark(number)} 1", "11199",
                         self.mark(number), f"{self.mark(number)}@example.org", check.MOBILE[self.tags[number]]])
        head = "id_number,category,first_name,last_name,address_kind,street,postal_code,city,email,mobile"
        self.go("person", "import", self.csv("first", head, rows), "--today", day(-1200))
        self.verify()

    def all(self, steps):
        self.begin()
        for at, (kind, seed) in enumerate(steps):
            self.step = f"step {at} {kind}"
            rng = random.Random(seed)
            getattr(self, kind)(rng)
            self.views(rng, 1)
            self.verify()
            if self.faults:
                return
        self.step = "every view"
        self.all_views(random.Random(self.seed))
        self.verify()


def around(text, tag):
    """The place, with what stands before it."""
    for pattern in (check.LOCATION, check.NAME):
        for hit in pattern.finditer(text):
            if int(hit.group(1)) == tag:
                return repr(text[max(0, hit.start() - 80) : hit.end() + 4])
    return "a telephone number"


def lived(seed, steps, keep=False):
    """The faults of one life, and its folder."""
    life = None
    try:
        life = Life(seed)
        life.all(steps)
        faults = life.faults
    except Exception as why:
        trace = traceback.format_exc().strip().splitlines()[-3:]
        faults = [f"[{life.step if life else 'init'}] {' '.join(trace) if not isinstance(why, Failure) else why}"]
    if life and not keep:
        life.tear_down()
    return faults, life.world.base if life else None


def sequence(seed, length):
    rng = random.Random(f"steps {seed}")
    kinds = rng.choices(list(STEPS), list(STEPS.values()), k=length)
    return [(kind, rng.randrange(1 << 30)) for kind in kinds]


def kind_of(fault):
    """A fault without its step and its figures."""
    return re.sub(r"\d+|'.*|^\[.*?\]", "", fault)[:60]


def shortened(seed, steps, fault, seconds):
    """Leaves steps out as long as the rest still fails in that way."""
    end, size = time.monotonic() + seconds, max(1, len(steps) // 2)
    while time.monotonic() < end:
        at = 0
        while at < len(steps) and time.monotonic() < end:
            fewer = steps[:at] + steps[at + size :]
            if kind_of(fault) in [kind_of(f) for f in lived(seed, fewer)[0]]:
                steps = fewer
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return steps


def tried(seed, length, seconds, keep):
    """(seed, faults, steps that matter, folder)."""
    steps = sequence(seed, length)
    faults, folder = lived(seed, steps)
    if not faults:
        return seed, [], [], folder
    at = next((i for i in range(len(steps)) if f"step {i} " in faults[0]), len(steps) - 1)
    steps = shortened(seed, steps[: at + 1], faults[0], seconds)
    faults, folder = lived(seed, steps, keep)
    return seed, faults or ["it failed once and not again"], [kind for kind, _ in steps], folder


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=12)
    args.add_argument("--steps", type=int, default=80)
    args.add_argument("--first-seed", type=int, default=0)
    args.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args.add_argument("--shrink", type=int, default=60, help="seconds spent on shortening a failing sequence")
    args.add_argument("--keep", action="store_true", help="leave the folder of a failing sequence")
    args = args.parse_args()
    failed, begin = 0, time.monotonic()
    with ProcessPoolExecutor(args.jobs) as pool:
        waiting = [pool.submit(tried, s, args.steps, args.shrink, args.keep) for s in range(args.first_seed, args.first_seed + args.seeds)]
        for done in waiting:
            seed, faults, steps, folder = done.result()
            if not faults:
                continue
            failed += 1
            print(f"FAILED seed {seed}: {' '.join(steps)}" + (f" in {folder}" if args.keep else ""))
            for fault in faults[:6]:
                print("   ", fault[:500])
            sys.stdout.flush()
    print(f"{args.seeds - failed} passed, {failed} failed: {args.seeds} sequences of {args.steps} steps in {time.monotonic() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
