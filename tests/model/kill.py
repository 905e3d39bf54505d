#!/usr/bin/env python3
"""SIGKILL during spar-import: at random times, and at the calls that write, sync, rename and unlink.

    MANTAL=path/to/mantal python3 tests/model/kill.py [--kills 40] [--every 7] [--keep]

After each kill the registry is as before, as before with the newly protected hidden, or as after; running the file
again always ends in the model's state, closes the killed run as interrupted and leaves nothing of the protected.
"""

import argparse
import datetime
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import compare
import generate
import model
import syscalls
from canary_search import Canaries, search
from compare import first_change
from world import Failure, World, binary

TODAY = "2025-03-10"
DAY = datetime.date(2025, 3, 10)
CALLS = ("pwrite64", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate")


class Kills:
    def __init__(self, seed, people):
        self.rng = random.Random(seed)
        self.numbers = generate.Numbers(self.rng)
        self.world = World()
        self.faults = []
        rows = []
        for i in range(people):
            row = generate.person_row(self.rng, self.numbers.new())
            row.update(generate.address_row(self.rng, "home"), birth_date="", allow_update="yes", category="borrower")
            row.update(email=f"kanarieqz{i}@example.org", street=f"Kanarieqz{i} 4", mobile="", phone="")
            rows.append(row)
        data = ("\n".join([",".join(model.CSV_COLUMNS)] + [",".join(r.get(c, "") for c in model.CSV_COLUMNS) for r in rows]) + "\n").encode()
        outcome = model.import_people(model.Registry(), data, DAY)
        self.world.run("person", "import", self.world.write("people.csv", data), "--today", TODAY)
        self.reg = outcome.registry
        some = [self.reg.people[i] for i in sorted(self.reg.people)]
        posts = [generate.post(self.rng, p.number, "2025-03-04", p, details=[], secrecy="JA") for p in some[:3]]
        posts += [generate.dead(self.rng, p, "2025-03-04") for p in some[3:6]]
        posts += [generate.link_post(self.rng, p.number, "2025-03-04", "GN", [(self.numbers.new(), "Till")]) for p in some[6:9]]
        posts += [generate.living(self.rng, p, "2025-03-04") for p in some[9:]]
        self.file = self.world.write("SPARAvisering_1.xml", generate.write_file(self.rng, [posts], "2025-03-05T03:00:00.000", 1, form="2021.1")[1])
        self.outcome = model.import_spar(self.reg, self.file.read_bytes(), DAY)
        self.secret = {p.id for p in some[:3]}
        self.canaries = [x for p in some[:3] for x in (p.contacts["email"], p.addresses["home"]["street"])]
        self.before = self.world.people()
        self.argv = [binary(), "--config", "", "spar-import", str(self.file), "--today", TODAY]
        twin = self.world.copy("reference")
        begin = time.monotonic()
        done = twin.raw("spar-import", self.file, "--today", TODAY)
        self.length = time.monotonic() - begin
        if done.returncode not in self.outcome.exits:
            raise Failure(f"without a kill: exit {done.returncode} {done.stderr[:300]!r}")
        self.after = twin.people()
        self.say("without a kill", compare.people(self.outcome.registry.expected(), self.after))
        self.count = 0
        self.seen = {"before": 0, "hidden": 0, "after": 0}

    def say(self, what, lines):
        self.faults += [f"[{what}] {x}" for x in lines]

    def command(self, twin):
        argv = list(self.argv)
        argv[2] = str(twin.folder / "mantal.toml")
        return argv

    def state(self, listed):
        """before, hidden or after; None for anything else."""
        if listed == self.before:
            return "before"
        if listed == self.after:
            return "after"
        rest = [(b, n) for b, n in zip(self.before, listed) if b["person"] not in self.secret]
        marked = [n for n in listed if n["person"] in self.secret]
        if all(b == n for b, n in rest) and all(n["protected"] and not n["addresses"] for n in marked):
            return "hidden"
        return None

    def check(self, twin, what):
        """After the kill, then after running the file again."""
        killed = self.rows(twin)
        state = self.state(twin.people())
        if state is None:
            self.say(what, ["neither before, hidden nor after: " + first_change(self.before, twin.people())])
        else:
            self.seen[state] += 1
        done = twin.raw("spar-import", self.file, "--today", TODAY)
        if done.returncode not in (0, 3):
            self.say(what, [f"the next run ended {done.returncode}: {done.stderr[:200]!r}"])
        now = twin.people()
        if now != self.after:
            self.say(what, ["the next run does not converge: " + first_change(self.after, now)])
        rows = self.rows(twin)
        for run, status in killed.items():
            if status == "running" and rows.get(run) != "interrupted":
                self.say(what, [f"run {run} was running when killed and is {rows.get(run)} after the next run"])
        if "running" in rows.values():
            self.say(what, [f"a run is still running: {rows}"])
        for file, text, how in search(Canaries(words=self.canaries), [twin.folder]):
            self.say(what, [f"{file} holds {text!r} of a protected person as {how}"])
        leftovers = [str(p.relative_to(twin.folder)) for p in twin.folder.rglob("*") if p.is_file() and re.search(r"\.(tmp|part)$", p.name)]
        if leftovers:
            self.say(what, [f"left over after the next run: {leftovers}"])

    def rows(self, twin):
        return {r["id"]: r["status"] for r in twin.run("runs", "--all")[1]}

    def twin(self):
        self.count += 1
        return self.world.copy(f"kill{self.count}")

    def at_random(self):
        twin = self.twin()
        delay = self.rng.random() * self.length * 1.1
        child = subprocess.Popen(self.command(twin), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(delay)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        self.check(twin, f"killed after {delay * 1000:.0f} ms")
        shutil.rmtree(twin.base)

    def points(self):
        """How often each call is made, by a run that is not killed."""
        twin = self.twin()
        found = syscalls.counted(self.command(twin), CALLS)
        shutil.rmtree(twin.base)
        return found

    def at_call(self, call, n):
        twin = self.twin()
        syscalls.kill_at(self.command(twin), call, n)
        self.check(twin, f"killed at {call} {n}")
        shutil.rmtree(twin.base)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--kills", type=int, default=40)
    args.add_argument("--every", type=int, default=7, help="every so many calls; 0: none")
    args.add_argument("--people", type=int, default=40)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    if args.every and not syscalls.available():
        print("strace is needed (or --every 0: random moments only)\n0 passed, 1 failed")
        return 1
    passed = failed = shown = 0
    try:
        kills = Kills(args.start, args.people)
    except Failure as why:
        print(f"FAILED {why}\n0 passed, 1 failed")
        return 1
    jobs = [(kills.at_random, ())] * args.kills
    if args.every:
        for call, most in kills.points().items():
            jobs += [(kills.at_call, (call, n)) for n in range(1 + args.start % args.every, most + 1, args.every)]
    for job, arguments in jobs:
        had = len(kills.faults)
        try:
            job(*arguments)
        except Failure as why:
            kills.say(str(arguments), [str(why)])
        if len(kills.faults) > had:
            failed += 1
            for fault in kills.faults[had : had + 3]:
                if shown < 40:
                    print("   ", fault)
                    shown += 1
        else:
            passed += 1
        sys.stdout.flush()
    print(f"states found after the kills: {kills.seen}; one import takes {kills.length * 1000:.0f} ms")
    if not args.keep:
        kills.world.drop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
