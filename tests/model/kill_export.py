#!/usr/bin/env python3
"""SIGKILL during spar-export and during the nightly spar-import: over a folder at the calls that write, sync, rename and
unlink, over FTP at those that connect, send, receive and shut down.

    MANTAL=path/to/mantal python3 tests/model/kill_export.py [--every 5] [--network-every 2] [--start 0] [--keep]

A receiver collects what is ready, at once or later. Afterwards, with the job run until it is calm: each person was sent
exactly once, no number of a list twice, no half file taken for a list, nothing removed from the server before its commit,
and the registry is that of the undisturbed run.
"""

import argparse
import copy
import gzip
import random
import shutil
import sys

import generate
import syscalls
from compare import first_change
from export import ENVELOPE, POST
from peer import Peer
from world import Failure, World, binary

TODAY = "2025-03-10"
CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "linkat", "unlink", "unlinkat", "ftruncate")
NETWORK = ("connect", "sendto", "sendmsg", "recvfrom", "shutdown")
ADDRESS = (
    "<Folkbokforingsadress><SvenskAdress><Utdelningsadress2>{street}</Utdelningsadress2><PostNr>60299</PostNr>"
    "<Postort>NORRKÖPING</Postort></SvenskAdress></Folkbokforingsadress>"
)


class Kills:
    """One job in one mode: the world before it, the world after it, and what every kill in between must come to."""

    job = ""
    ends = (0, 3)

    def __init__(self, ready, seed, calls):
        self.ready, self.rng, self.calls = ready, random.Random(seed), calls
        self.over, self.folders = ("FTP" if calls is NETWORK else "a folder"), {"in": {}, "out": {}}
        self.killed_at = 0
        self.faults, self.count = [], 0
        self.seen = {}
        self.world = World()
        config = self.world.folder / "mantal.toml"
        config.write_text(config.read_text() + f'\nspar.ready = "{ready}"\nspar.after_fetch = "delete"\n')
        numbers = generate.Numbers(self.rng)
        self.numbers = sorted(numbers.new() for _ in range(20))
        rows = self.world.write("people.csv", ("id_number\n" + "\n".join(self.numbers) + "\n").encode())
        self.do(self.world, "person", "import", rows)
        self.prepare()
        if self.calls is NETWORK:
            (self.world.folder / "password").write_text("correct-horse-battery\n")
            (self.world.folder / "password").chmod(0o600)
        self.before = self.world.people()
        twin = self.twin()
        self.do(twin, self.job, ends=self.ends)
        self.reference(twin)
        self.after = twin.people()
        self.drop(twin)

    def do(self, world, *words, ends=(0, 3)):
        done = world.raw(*words, "--today", TODAY)
        if done.returncode not in ends:
            raise Failure(f"{words} ended {done.returncode}: {done.stderr[:300]!r}")
        return done.returncode

    def say(self, what, *lines):
        self.faults += [f"[{self.job} {self.ready} over {self.over}, {what}] {x}" for x in lines]

    def twin(self):
        self.count += 1
        twin = self.world.copy(f"kill{self.count}")
        twin.received, twin.peer = {}, None
        if self.calls is NETWORK:
            twin.peer = Peer(folders=copy.deepcopy(self.folders))
            config = twin.folder / "mantal.toml"
            config.write_text(config.read_text() + f"""
spar.server.transport = "ftp"
spar.server.host = "127.0.0.1"
spar.server.port = {twin.peer.port}
spar.server.user = "mantal"
spar.server.password_file = "{twin.folder / 'password'}"
""")
        return twin

    def drop(self, twin):
        shutil.rmtree(twin.base)
        if twin.peer:
            twin.peer.close()

    def there(self, twin, folder):
        """What lies on the server: names and contents."""
        if twin.peer:
            with twin.peer.lock:
                return dict(twin.peer.folders[folder])
        return {f.name: f.read_bytes() for f in sorted((twin.folder / "drop" / folder).iterdir())}

    def take(self, twin, folder, name):
        if twin.peer:
            with twin.peer.lock:
                del twin.peer.folders[folder][name]
        else:
            (twin.folder / "drop" / folder / name).unlink()

    def command(self, twin):
        return [binary(), "--config", str(twin.folder / "mantal.toml"), self.job, "--today", TODAY]

    def points(self):
        """How often each call is made, by a run that is not killed."""
        twin = self.twin()
        found = syscalls.counted(self.command(twin), self.calls)
        self.drop(twin)
        return found

    def at_call(self, call, n):
        twin = self.twin()
        self.killed_at += syscalls.kill_at(self.command(twin), call, n)
        what = f"killed at {call} {n}"
        self.killed(twin, what)
        self.do(twin, self.job, ends=self.ends)
        self.between(twin)
        self.do(twin, self.job, ends=self.ends)
        self.calm(twin, what)
        now = twin.people()
        if now != self.after:
            self.say(what, "the registry is not that of the undisturbed run: " + first_change(self.after, now))
        if [r for r in twin.run("runs", "--all")[1] if r["status"] == "running"]:
            self.say(what, "a run is still running")
        left = [str(p.relative_to(twin.folder)) for p in (twin.folder / "spool").rglob("*") if p.is_file()]
        if left:
            self.say(what, f"in the spool: {left}")
        self.drop(twin)

    def see(self, what):
        self.seen[what] = self.seen.get(what, 0) + 1

    def between(self, twin):
        """What the other side does between two runs."""


class Exports(Kills):
    job = "spar-export"

    def prepare(self):
        self.content = ",".join(self.numbers).encode()

    def reference(self, twin):
        self.collect(twin)
        if twin.received != {"C2503-000001-spar": self.content}:
            raise Failure(f"undisturbed: received {twin.received}")

    def collect(self, twin, what="undisturbed"):
        """The receiver takes what is ready, and nothing else."""
        there = self.there(twin, "in")
        for name, content in there.items():
            trigger = name + ".trigger"
            if name.endswith((".part", ".trigger")) or (self.ready == "trigger" and trigger not in there):
                continue
            if name in twin.received:
                self.say(what, f"{name} came twice")
            twin.received[name] = content
            if self.ready == "trigger":
                self.take(twin, "in", trigger)
            self.take(twin, "in", name)

    def killed(self, twin, what):
        there = sorted(self.there(twin, "in"))
        self.see(", ".join(there) or "nothing there")
        if self.rng.random() < 0.5:
            self.collect(twin, what)

    def between(self, twin):
        if self.rng.random() < 0.5:
            self.collect(twin)

    def calm(self, twin, what):
        self.collect(twin, what)
        if twin.received != {"C2503-000001-spar": self.content}:
            self.say(what, f"received {[(n, len(d)) for n, d in twin.received.items()]}")
        left = sorted(self.there(twin, "in"))
        if left:
            self.say(what, f"left on the server: {left}")


class Strangers(Exports):
    """Somebody else's file has the list's name: it stays as it is, and the list waits until it is gone."""

    ends = (5,)
    name = "C2503-000001-spar"

    def prepare(self):
        super().prepare()
        self.strange = b"x" * len(self.content)
        self.folders["in"][self.name] = self.strange
        (self.world.folder / "drop" / "in" / self.name).write_bytes(self.strange)

    def reference(self, twin):
        self.calm(twin, "undisturbed")

    def killed(self, twin, what):
        there = self.there(twin, "in")
        self.see(", ".join(sorted(there)))
        if there != {self.name: self.strange}:
            self.say(what, f"the stranger's file: {[(n, len(d)) for n, d in there.items()]}")

    def between(self, twin):
        self.killed(twin, "between two runs")

    def calm(self, twin, what):
        self.killed(twin, what)
        self.take(twin, "in", self.name)
        self.do(twin, self.job)
        super().calm(twin, what)


class Fetches(Kills):
    job = "spar-import"

    def prepare(self):
        self.do(self.world, "spar-export")
        out = self.world.folder / "drop" / "out"
        self.files = {}
        for k, (name, pack) in enumerate([("SPARAvisering_1.xml", bytes), ("SPARAvisering_2.xml.gz", gzip.compress)]):
            day = f"2025-03-0{k + 4}"
            people = self.numbers[k * 10 : k * 10 + 10]
            posts = "".join(POST.format(number=n, kind="PERSONNUMMER", mark="NEJ", day=day, details=ADDRESS.format(street=f"Gata {k}"))
                            for n in people)
            xml = ENVELOPE.format(created=f"{day}T03:15:00.000", sequence=k + 1, posts=posts).encode()
            put = {name: pack(xml)} | ({name + ".trigger": b""} if self.ready == "trigger" else {})
            self.folders["out"] |= put
            for path, content in put.items():
                (out / path).write_bytes(content)
            self.files[name] = set(people)

    def reference(self, twin):
        if self.applied(twin) != set(self.files) or self.there(twin, "out"):
            raise Failure(f"undisturbed: applied {self.applied(twin)}")

    def applied(self, twin):
        """Files whose people all have what it said; one that is half applied is in neither."""
        moved = {p["id_number"] for p in twin.people() if p["addresses"] and p["spar"]["state"] == "answered"}
        for name, people in self.files.items():
            if moved & people and not people <= moved:
                self.say("any time", f"{name} is half applied")
        return {name for name, people in self.files.items() if people <= moved}

    def killed(self, twin, what):
        there = set(self.there(twin, "out"))
        applied = self.applied(twin)
        self.see(f"{len(applied)} applied, {len(set(self.files) - there)} removed")
        early = set(self.files) - there - applied
        if early:
            self.say(what, f"removed before the commit: {sorted(early)}")

    def calm(self, twin, what):
        left = sorted(self.there(twin, "out"))
        if left:
            self.say(what, f"left on the server: {left}")
        rows = [r for r in twin.run("runs", "--all")[1] if r["job"] == "spar-import"]
        read = sum((r.get("counts") or {}).get("changed", 0) for r in rows if r["status"] != "interrupted")
        if read > 20:
            self.say(what, f"{read} people changed, there are 20")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--every", type=int, default=5, help="every so many calls")
    args.add_argument("--network-every", type=int, default=2)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    if not syscalls.available():
        print("strace is needed\n0 passed, 1 failed")
        return 1
    passed = failed = 0
    ways = [(kind, ready, calls, every) for kind in (Exports, Fetches)
            for calls, every in ((CALLS, args.every), (NETWORK, args.network_every)) for ready in ("rename", "trigger")]
    ways += [(Strangers, ready, CALLS, args.every) for ready in ("rename", "trigger")]
    for kind, ready, calls, every in ways:
        try:
            kills = kind(ready, args.start, calls)
            points = kills.points()
        except Failure as why:
            failed += 1
            print(f"FAILED {kind.job} {ready}: {why}")
            continue
        for call, most in points.items():
            for n in range(1 + args.start % every, most + 1, every):
                had = len(kills.faults)
                try:
                    kills.at_call(call, n)
                except Failure as why:
                    kills.say(f"killed at {call} {n}", str(why))
                for fault in kills.faults[had : had + 3]:
                    print("   ", fault[:400])
                failed += len(kills.faults) > had
                passed += len(kills.faults) == had
                sys.stdout.flush()
        print(f"{kind.job} {ready} over {kills.over}: {kills.killed_at} kills, found after them: {kills.seen}")
        if not args.keep:
            kills.world.drop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
