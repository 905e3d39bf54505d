#!/usr/bin/env python3
"""SIGKILL at the writes of every command that protects somebody: never "protected" and an address, whatever is asked then.

    MANTAL=path/to/mantal python3 tests/model/protected_kill.py [--every 29] [--kind NAME] [--jobs 2] [--keep]

Each kind is killed at its n-th call that writes, syncs, renames, removes or cuts. On a copy of what is left reading
commands are asked, a third of them after each kill, and the registry is read with SQL; a backup is made; then the command is given again, and everything must be
as if nothing had happened. `--every 1` is all of them.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import protected_check as check
import syscalls
from protected import LEFT_OUT
from protected_kinds import KINDS, Scene
from world import Failure, binary

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate")
# What is asked after a kill; {p} is one of the protected.
ASKED = [
    ["person", "list"], ["person", "list", "--format", "csv"], ["person", "search", "--protected"], ["person", "search", "--name", "nq"],
    ["person", "show", "{p}", "--json"], ["person", "show", "{p}", "--reveal", "prov"], ["person", "why", "{p}"], ["person", "export", "{p}"],
    ["person", "access", "{p}"], ["purge", "--explain", "{p}"], ["search", "qz"], ["search", "11199"], ["search", "{p}"],
    ["changes", "--since", "0", "--format", "jsonl"], ["changes", "--since", "0", "--format", "csv"], ["log", "--full"],
    ["log", "--people", "--json"], ["runs", "--all", "--json"], ["findings", "--json"], ["area", "list"], ["sweep", "--no-backups"], ["doctor"],
]
# So many kills until every one was asked.
THIRD = 3


class Killed:
    """One kill of one kind."""

    def __init__(self, scene, call, n):
        self.scene, self.what, self.faults = scene, f"{scene.kind} killed at {call} {n}", []
        self.twin = scene.world.copy(f"{call}{n}-{os.getpid()}")
        self.call, self.n = call, n

    def say(self, fault):
        self.faults.append(f"[{self.what}] {fault}")

    def all(self, rotation):
        is_killed = syscalls.kill_at(self.scene.argv(self.twin), self.call, self.n)
        before = self.listed("right after")
        if before is not None:
            self.tables("right after")
            asked = self.twin.copy("asked")
            self.ask(asked, rotation)
            shutil.rmtree(asked.base)
        self.backed_up()
        self.again()
        shutil.rmtree(self.twin.base)
        return is_killed

    def protected(self, world):
        """Whom the program shows as protected; none if there is nothing to read just then."""
        try:
            people = world.people()
        except Failure:
            return None
        for row in people:
            if check.odd_row(row):
                self.say(f"person:{row['person']} is protected and shows {check.odd_row(row)}")
        return {row["person"] for row in people if row["protected"]}

    def listed(self, when):
        shown = self.protected(self.twin)
        if shown is None:
            if self.scene.kind != "restore":
                self.say(f"{when}: nothing can be read")
        elif shown not in self.scene.stages:
            self.say(f"{when}: {sorted(shown)} are protected, neither those of before nor those of after")
        return shown

    def tags(self, people):
        return {self.scene.tag[p] for p in people}

    def tables(self, when):
        """Erased people have nothing left in any table; bytes only as long as the mark says so."""
        db = check.opened(self.twin.folder)
        try:
            erased = [row[0] for row in db.execute("SELECT id FROM person WHERE concealment = 2")]
            for table, column, person in check.filled(db, erased):
                self.say(f"{when}: {table}.{column} of person:{person} is filled")
            told = {tag: places for tag, places in check.cells(db).items() if tag in self.tags(erased)}
            pending = db.execute("SELECT count(*) FROM mark WHERE kind IN ('erasure', 'spooled-trace')").fetchone()[0]
        finally:
            db.close()
        for tag, places in told.items():
            self.say(f"{when}: tells of {tag}: {sorted(places)[:4]}")
        if not pending:
            self.bytes(when, erased)

    def bytes(self, when, erased):
        left = LEFT_OUT if self.scene.kind != "restore" else (*LEFT_OUT, "registry.db.restoring", "registry.db.before")
        for tag, names in check.raw(self.twin.folder, left).items():
            if tag in self.tags(erased):
                self.say(f"{when}: bytes of {tag} in {sorted(names)}")

    def ask(self, world, rotation):
        """Some of the reading commands, others after each kill; none may tell of who is shown as protected."""
        shown = self.protected(world) or set()
        for at, words in enumerate(ASKED[rotation % THIRD :: THIRD]):
            one = self.scene.secret[(at + rotation) % len(self.scene.secret)]
            words = [w.format(p=f"person:{one}") for w in words]
            done = world.raw(*words)
            text = (done.stdout + done.stderr).decode(errors="replace")
            told = check.tags(text, names="--reveal" not in words) & self.tags(shown)
            if told:
                self.say(f"{' '.join(words)} tells of {sorted(told)}")
            if done.returncode not in (0, 1, 3):
                self.say(f"{' '.join(words)} ended {done.returncode}: {done.stderr[:200]!r}")

    def backed_up(self):
        """A backup is a run: it finishes what the killed one left, and its copy tells of nobody erased."""
        world = self.twin.copy("backup")
        copy = world.base / "copy.db"
        done = world.raw("backup", copy)
        if done.returncode == 0:
            erased = {int(i) for i in _ids(world)}
            told = {int(n) for n in check.RAW.findall(copy.read_bytes())} & self.tags(erased)
            if told:
                self.say(f"the backup after it tells of {sorted(told)}")
        shutil.rmtree(world.base)

    def again(self):
        """The same command once more: all of it is done."""
        done = self.twin.raw(*self.scene.words)
        if done.returncode not in self.scene.exits | {self.scene.exit_again}:
            self.say(f"given again it ended {done.returncode}: {done.stderr[:200]!r}")
        # What was done and only not finished on disk is finished by the next run of any kind.
        self.twin.raw("findings", "reopen", "999999", "--note", "prov")
        shown = self.listed("given again")
        if shown != self.scene.stages[-1]:
            self.say(f"given again: {sorted(shown or [])} are protected, expected {sorted(self.scene.stages[-1])}")
        self.tables("given again")
        db = check.opened(self.twin.folder)
        try:
            if [r[0] for r in db.execute("SELECT id FROM person WHERE concealment = 2")] != self.scene.erased:
                self.say("given again: not all of them are erased")
            for sql in ("SELECT kind FROM mark WHERE kind IN ('erasure', 'spooled-trace')", "SELECT job FROM run WHERE status = 'running'"):
                if rows := db.execute(sql).fetchall():
                    self.say(f"given again: left over {rows}")
        finally:
            db.close()


def _ids(world):
    db = check.opened(world.folder)
    try:
        return [row[0] for row in db.execute("SELECT id FROM person WHERE concealment = 2")]
    finally:
        db.close()


def killed(kind, every, offset, keep):
    """(kind, kills, faults, seconds) of one kind."""
    begin = time.monotonic()
    shm = Path("/dev/shm")
    base = tempfile.mkdtemp(prefix=f"mantal-kill-{kind}-", dir=shm if os.access(shm, os.W_OK) else None)
    kills, faults = 0, []
    try:
        scene = Scene(kind, base)
        faults = list(scene.faults)
        twin = scene.world.copy("counted")
        points = syscalls.counted(scene.argv(twin), CALLS)
        shutil.rmtree(twin.base)
        every_point = [(call, n) for call, most in points.items() for n in range(1, most + 1)]
        for at, (call, n) in enumerate(every_point[offset % every :: every]):
            one = Killed(scene, call, n)
            kills += bool(one.all(at))
            faults += one.faults
    except Failure as why:
        faults.append(f"[{kind}] {why}")
    if not keep:
        shutil.rmtree(base, ignore_errors=True)
    return kind, kills, len(every_point) if kills else 0, faults, time.monotonic() - begin


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--every", type=int, default=29, help="every so many points, another first one for each kind")
    args.add_argument("--kind", choices=list(KINDS))
    args.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    if not syscalls.available():
        print("strace is needed\n0 passed, 1 failed")
        return 1
    kinds = [args.kind] if args.kind else list(KINDS)
    total = failed = 0
    with ProcessPoolExecutor(args.jobs) as pool:
        for done in [pool.submit(killed, kind, args.every, 7 * at, args.keep) for at, kind in enumerate(kinds)]:
            kind, kills, points, faults, seconds = done.result()
            print(f"{kind}: {kills} kills of {points} points, {len(faults)} faults, {seconds:.0f} s")
            for fault in faults[:6]:
                print("   ", fault[:400])
            total, failed = total + kills, failed + len(faults)
            sys.stdout.flush()
    print(f"{total} kills, {failed} faults")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
