#!/usr/bin/env python3
"""The drop server misbehaves in every way, in clear text and under TLS: no list, no file and no secret is lost, and every
run ends in time.

    MANTAL=path/to/mantal python3 tests/model/faults.py [--only NAME] [--jobs 4] [--control] [--keep]

Each case is a server of peer.py with one fault, met by spar-export, spar-import or both; afterwards the server is mended
and the job run until it is calm. --control breaks the program on purpose and demands that the rig sees it.
"""

import argparse
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import generate
import syscalls
from compare import first_change
from export import ENVELOPE, POST
from kill_export import ADDRESS
from peer import (
    Peer, Tls, drips, drips_data, floods, gives, hangs_up, keeps, once, resets, says, stalls, takes_some_and,
)
from world import Failure, World, binary

TODAY = "2025-03-10"
PASSWORD = "correct-horse-battery"
LIST = "C2503-000001-spar"
FILE = "SPARAvisering_1.xml"
IDLE, TOTAL, GRACE = 1, 4, 1
MOST_MEMORY = 128 << 10  # KiB
EXITS = {"done": {0}, "lost": {5}, "later": {0}, "rejected": {1}}


@dataclass
class Case:
    """What the server does wrong, and what a run comes to: done, lost (5), later (a file waits), rejected (1)."""

    name: str
    faults: dict
    export: str | None = None
    fetch: str | None = None
    sessions: int | None = None
    ready: str = "rename"
    passwords: int | None = None
    lines: str = ""
    log: str | None = None
    asked: dict = field(default_factory=dict)
    arrange: object = None
    tls: str | None = None


def both(name, faults, outcome, **more):
    return Case(name, faults, outcome, outcome, **more)


def export(name, faults, outcome, **more):
    return Case(name, faults, export=outcome, **more)


def fetch(name, faults, outcome, **more):
    return Case(name, faults, fetch=outcome, **more)


def beginnings():
    yield both("stall-greeting", {"greeting": stalls}, "lost")
    yield both("stall-login", {"PASS": stalls}, "lost")
    yield both("stall-cwd", {"CWD": stalls}, "lost")
    yield both("stall-pasv", {"EPSV": stalls}, "lost")
    yield both("stall-quit", {"QUIT": stalls}, "done")
    yield both("drip-banner", {"greeting": drips(b"220-welcome\r\n")}, "lost")
    yield both("banner-flood", {"greeting": floods(b"220-welcome\r\n" * 100)}, "lost")
    yield both("endless-line", {"greeting": floods(b"220 welcome" * 100)}, "lost")
    yield both("endless-reply", {"PWD": floods(b"257-and\r\n" * 100)}, "lost")
    yield both("not-ftp", {"greeting": says("SSH-2.0-OpenSSH_9.2")}, "lost", passwords=0)
    yield both("gone-at-once", {"greeting": hangs_up}, "lost")
    yield both("gone-once", {"greeting": hangs_up}, "done", sessions=1, log="server-retried")
    yield both("reset-at-login", {"USER": resets}, "done", sessions=1, log="server-retried")
    yield both("421-greeting-once", {"greeting": says("421 too many")}, "done", sessions=1, log="server-retried")
    yield both("421-at-login", {"PASS": says("421 later")}, "lost", passwords=2)
    yield both("421-at-login-once", {"PASS": once(says("421 later"))}, "done", log="server-retried")
    yield both("530", {"PASS": says("530 no")}, "lost", passwords=1)
    yield both("530-echoes-the-password", {"PASS": says(f"530 not {PASSWORD}")}, "lost", passwords=1)
    yield both("530-for-the-user", {"USER": says("530 nobody")}, "lost", passwords=0)
    yield both("account-locked", {"PASS": says("430 locked")}, "lost", passwords=1)
    yield both("cwd-550", {"CWD": says("550 none")}, "lost", passwords=1)
    yield both("cwd-450-once", {"CWD": once(says("450 busy"))}, "done", log="server-retried")
    yield both("epsv-refused", {"EPSV": says("500 what")}, "lost")
    yield both("epsv-garbage", {"EPSV": says("229 (|||notaport|)")}, "lost")
    yield both("epsv-port-closed", {"EPSV": says("229 (|||1|)")}, "lost")
    yield both("pasv-garbage", {"PASV": says("227 (300,1)")}, "lost", lines='spar.server.passive = "pasv"')
    yield both("says-the-list-back", {"CWD": lambda s, a: s.say("550 " + " ".join(s.peer.numbers) + " " + PASSWORD)}, "lost")


def listings():
    yield fetch("stall-list", {"MLSD": stalls}, "lost")
    yield fetch("list-550", dict.fromkeys(("MLSD", "NLST", "LIST"), says("550 no")), "lost")
    yield fetch("list-450-once", {"MLSD": once(says("450 busy"))}, "done", log="server-retried")
    yield fetch("no-MLSD", {"FEAT": says("211 none")}, "done")
    yield fetch("listed-twice", {}, "done", arrange=listed(lambda s: [(FILE, s), (FILE, s)]), asked={"RETR": 1})
    yield fetch("growing", {}, "later", arrange=listed(lambda s: [(FILE, s - 10)]), log="file-growing")
    yield fetch("size-says-more", {"SIZE": lambda s, a: s.say(f"213 {len(s.here()[a]) + 9}")}, "later", log="file-growing")
    yield fetch("size-says-less", {"SIZE": lambda s, a: s.say("213 9")}, "later", log="file-growing")
    yield fetch("hostile-names", {}, "done", lines='spar.pattern = "*"', arrange=hostile, log="server-odd-names")
    yield fetch("200000-other-names", {}, "done", arrange=crowd("other_", 199_000), lines=LONG)
    yield fetch("200000-names-of-ours", {}, "done", arrange=crowd("SPARAvisering_x", 199_000), ready="trigger", lines=LONG)
    yield fetch("too-many-names", {}, "lost", arrange=crowd("other_", 201_000), lines=LONG)


def fetches():
    yield fetch("stall-data", {"data": gives(0.5, stalls)}, "lost")
    yield fetch("slow-data", {"data": drips_data}, "lost")
    yield fetch("stall-final", {"after RETR": stalls}, "lost")
    yield fetch("half-226", {"data": gives(0.5, "226 done")}, "later", log="file-growing")
    yield fetch("half-426", {"data": gives(0.5, "426 broken")}, "lost")
    yield fetch("half-426-once", {"data": once(gives(0.5, "426 broken"))}, "done", log="server-retried", asked={"RETR": 2})
    yield fetch("half-reset", {"data": gives(0.5, "226 done", reset=True)}, "lost")
    yield fetch("drop-control-after-150", {"data": lambda s, a: s.hang_up()}, "lost")
    yield fetch("whole-then-gone-once", {"after RETR": once(hangs_up)}, "done", log="server-retried")
    yield fetch("trailing-bytes", {"data": gives(1, "226 done", extra=b"<!-- more -->")}, "later", log="file-growing")
    yield fetch("no-size-half-226", silent() | {"data": gives(0.5, "226 done")}, "rejected")
    yield fetch("no-size-one-byte-less", silent() | {"data": gives(0.9999, "226 done")}, "rejected")
    yield fetch("no-size-trailing-bytes", silent() | {"data": gives(1, "226 done", extra=b"junk")}, "rejected")
    yield fetch("half-everywhere", {"data": gives(0.5, "226 done"), "SIZE": half_size}, "rejected", arrange=listed(lambda s: [(FILE, s // 2)]))
    yield fetch("retr-421-once", {"RETR": once(says("421 bye"))}, "done", log="server-retried")
    yield fetch("retr-450-once", {"RETR": once(says("450 busy"))}, "done", log="server-retried", asked={"RETR": 2})
    yield fetch("retr-450-for-ever", {"RETR": says("450 busy")}, "lost", asked={"RETR": 2})
    yield fetch("retr-550", {"RETR": says("550 no")}, "lost", asked={"RETR": 1})
    yield fetch("dele-550", {"DELE": says("550 no")}, "done", log="removal-failed", asked={"DELE": 1})
    yield fetch("dele-450-once", {"DELE": once(says("450 no"))}, "done", log="server-retried", asked={"DELE": 2})
    yield fetch("dele-reply-lost", {"after DELE": once(hangs_up)}, "done", log="server-retried", asked={"DELE": 1})


def stores():
    for ready in ("rename", "trigger"):
        yield export(f"stor-stall-{ready}", {"store": stalls}, "lost", ready=ready)
        yield export(f"stor-stall-final-{ready}", {"after STOR": once(stalls)}, "done", ready=ready, log="server-retried")
        yield export(f"stor-552-{ready}", {"STOR": says("552 full")}, "lost", ready=ready, asked={"STOR": 1})
        yield export(f"stor-552-late-{ready}", {"store": keeps(0.5, "552 full")}, "lost", ready=ready, asked={"STOR": 1})
        yield export(f"stor-half-dropped-{ready}", {"store": takes_some_and(hangs_up)}, "lost", ready=ready)
        yield export(f"stor-half-226-{ready}", {"store": keeps(0.5, "226 done")}, "lost", ready=ready, asked={"STOR": 1})
        yield export(f"stor-half-once-{ready}", {"store": once(keeps(0.5, hangs_up))}, "done", ready=ready, log="server-retried")
        yield export(f"stor-226-lost-{ready}", {"after STOR": once(hangs_up)}, "done", ready=ready, log="server-retried")
        yield export(f"stor-450-once-{ready}", {"STOR": once(says("450 busy"))}, "done", ready=ready, log="server-retried")
        yield export(f"stor-553-{ready}", {"STOR": says("553 no")}, "lost", ready=ready, asked={"STOR": 1})
        yield export(f"stranger-{ready}", {}, "lost", ready=ready, arrange=stranger(LIST), log="list-name-taken", asked={"STOR": 0})
    yield export("rnto-550", {"RNTO": says("550 no")}, "lost", asked={"RNTO": 1, "STOR": 1})
    yield export("rnto-450-once", {"RNTO": once(says("450 busy"))}, "done", log="server-retried")
    yield export("rnto-reply-lost", {"after RNTO": once(hangs_up)}, "done", log="server-retried", asked={"RNTO": 1})
    yield export("rnto-not-done", {"RNTO": once(hangs_up)}, "done", log="server-retried", asked={"RNTO": 2})
    yield export("rnto-taken-at-once", {"after RNTO": once(collects)}, "done", log="list-collected", asked={"RNTO": 1})
    yield export("trigger-reply-lost", {"after STOR": on_trigger(hangs_up)}, "done", ready="trigger", log="server-retried")
    yield export("trigger-taken-at-once", {"after STOR": on_trigger(collects)}, "done", ready="trigger", log="list-collected")
    yield export("stranger-trigger", {}, "lost", ready="trigger", arrange=stranger(LIST + ".trigger"), log="list-name-taken", asked={"STOR": 0})


LONG = "spar.server.total_timeout = 20\nspar.server.idle_timeout = 10"


def silent():
    """A server that tells no size and no time, and whose table nobody can read."""
    return {"FEAT": says("211 none"), "SIZE": says("502 what"), "MDTM": says("502 what"),
            "LIST": lambda s, a: s.give(b"who knows\r\n") or True}


def half_size(session, name):
    return session.say(f"213 {len(session.here()[name]) // 2}")


def listed(rows):
    def arrange(peer):
        lines = [f"type=file;size={size};modify={peer.modified}; {name}\r\n" for name, size in rows(len(peer.folders["out"][FILE]))]
        peer.listing = "".join(lines).encode()

    return arrange


def hostile(peer):
    names = ["../../escaped.xml", "/tmp/escaped.xml", "..", ".", "", "a\x1b[2Jb.xml", "a\x00b.xml", "x" * 4096,
             "c:\\escaped.xml", "a/b.xml", "\u202eb.xml"]
    peer.listing = b"".join(
        [f"type=file;size=5;modify=20250101000000; {n}\r\n".encode() for n in names]
        + [b"type=file;size=5; gr\xf6n.xml\r\n", b"type=file;size=5; cut\rgap.xml\r\n", b"nothing but noise\r\n"]
        + [f"type=file;size={len(peer.folders['out'][FILE])};modify={peer.modified}; {FILE}\r\n".encode()])


def crowd(prefix, count):
    def arrange(peer):
        rows = [f"type=file;size=7;modify=20250101000000; {prefix}{n:07}.xml\r\n" for n in range(count)]
        for name in (FILE, FILE + ".trigger"):
            if name in peer.folders["out"]:
                rows.append(f"type=file;size={len(peer.folders['out'][name])};modify={peer.modified}; {name}\r\n")
        peer.listing = "".join(rows).encode()

    return arrange


def stranger(name):
    return lambda peer: peer.folders["in"].update({name: b"somebody else's"})


def on_trigger(fault):
    """Only when the trigger was stored, and once."""
    first = once(fault)
    return lambda session, name: first(session, name) if name.endswith(".trigger") else False


def collects(session, name):
    """The receiver takes the list before anybody is told that it is there."""
    name = name.removesuffix(".trigger")
    session.peer.received[name] = session.here().pop(name)
    session.here().pop(name + ".trigger", None)
    session.hang_up()


def secured():
    """Under TLS. Where the server does not prove who it is, it gets neither user nor password."""
    nothing = {"USER": 0, "PASS": 0}
    yield both("tls-honest", {}, "done", tls="good")
    yield both("tls-implicit", {}, "done", tls="implicit")
    yield both("tls-unknown-to-the-server", {"AUTH": says("502 what")}, "lost", tls="good", passwords=0, asked=nothing)
    yield both("tls-refused", {"AUTH": says("534 no")}, "lost", tls="good", passwords=0, asked=nothing)
    yield both("tls-stripped", {"AUTH": says("234 go on\r\n230 in\r\n230 in")}, "lost", tls="good", passwords=0, asked=nothing)
    yield both("tls-silent", {"AUTH": lambda s, a: s.say("234 go on") and s.stall()}, "lost", tls="good", passwords=0, asked=nothing)
    yield both("tls-expired", {}, "lost", tls="expired", passwords=0, asked=nothing)
    yield both("tls-for-another-name", {}, "lost", tls="another", passwords=0, asked=nothing)
    yield both("tls-of-an-unknown-maker", {}, "lost", tls="stranger", passwords=0, asked=nothing)
    yield both("tls-but-data-in-the-clear", {"PROT": says("534 no")}, "lost", tls="good", asked={"STOR": 0, "RETR": 0, "MLSD": 0})
    yield both("tls-530", {"PASS": says("530 no")}, "lost", tls="good", passwords=1)
    yield fetch("tls-half-and-cut", {"data": gives(0.5, "226 done", reset=True)}, "lost", tls="good")
    yield fetch("tls-half-426-once", {"data": once(gives(0.5, "426 no"))}, "done", tls="good", log="server-retried")
    yield fetch("tls-stall-data", {"data": gives(0.5, stalls)}, "lost", tls="good")
    yield export("tls-226-lost", {"after STOR": once(hangs_up)}, "done", tls="good", log="server-retried")
    yield export("tls-stor-half-dropped", {"store": takes_some_and(hangs_up)}, "lost", tls="good")


def cases():
    yield from secured()
    yield from beginnings()
    yield from listings()
    yield from fetches()
    yield from stores()
    yield Case("pasv-elsewhere", {"PASV": elsewhere}, "lost", "lost", lines='spar.server.passive = "pasv"')
    yield Case("nobody-listens", {}, "lost", "lost", arrange=lambda peer: peer.stop_listening(), passwords=0)


def elsewhere(session, _):
    port = session.peer.decoy.getsockname()[1]
    return session.say(f"227 here (127,0,0,2,{port // 256},{port % 256})")


class Ground:
    """A registry with a few people, what it looks like before and after each job, and copies of it for the cases."""

    def __init__(self):
        self.base = World()
        numbers = generate.Numbers(random.Random(7))
        self.numbers = sorted(numbers.new() for _ in range(5))
        rows = self.base.write("people.csv", ("id_number\n" + "\n".join(self.numbers) + "\n").encode())
        if self.base.raw("person", "import", rows).returncode != 0:
            raise Failure("person import")
        posts = "".join(POST.format(number=n, kind="PERSONNUMMER", mark="NEJ", day="2025-03-04", details=ADDRESS.format(street="Gata 1"))
                        for n in self.numbers)
        self.xml = ENVELOPE.format(created="2025-03-04T03:15:00.000", sequence=1, posts=posts).encode()
        self.before = self.base.people()
        self.count, self.memory = 0, 0
        self.certificates = certificates(self.base.base / "certificates")
        self.after = {}
        for job in ("spar-export", "spar-import"):
            visit = Visit(self, Case("honest", {}), job)
            visit.go()
            self.after[job] = visit.world.people()
            visit.peer.close()
            if self.after[job] == self.before:
                raise Failure(f"{job} changed nothing on an honest server")


class Visit:
    """One job that meets one server."""

    def __init__(self, ground, case, job):
        self.ground, self.case, self.job = ground, case, job
        ground.count += 1
        self.world = ground.base.copy(f"{job}-{case.name}-{ground.count}")
        self.faults = []
        self.peer = Peer(case.faults, case.sessions, tls=ground.certificates[case.tls] if case.tls else None)
        self.peer.numbers, self.peer.received = ground.numbers, {}
        self.peer.decoy = socket_elsewhere()
        out = self.peer.folders["out"]
        if job == "spar-import":
            out[FILE] = ground.xml
            if case.ready == "trigger":
                out[FILE + ".trigger"] = b""
        if case.arrange:
            case.arrange(self.peer)
        self.peer.at_delete = self.look_at_delete
        self.configure()

    def configure(self):
        secret = self.world.base / "password"
        secret.write_text(PASSWORD + "\n")
        secret.chmod(0o600)
        lines = [
            'spar.server.transport = "ftp"', 'spar.server.host = "127.0.0.1"', f"spar.server.port = {self.peer.port}",
            'spar.server.user = "mantal"', f'spar.server.password_file = "{secret}"', f"spar.server.connect_timeout = {IDLE}",
            f"spar.server.idle_timeout = {IDLE}", f"spar.server.total_timeout = {TOTAL}", f'spar.ready = "{self.case.ready}"',
            'spar.after_fetch = "delete"',
        ]
        if self.case.tls:
            way = "ftps-implicit" if self.peer.tls.implicit else "ftps"
            lines[0] = f'spar.server.transport = "{way}"'
            lines.append(f'spar.server.tls_ca = "{self.ground.base.base / "certificates" / "maker.pem"}"')
        own = {line.split(" ")[0] for line in self.case.lines.splitlines()}
        lines = [line for line in lines if line.split(" ")[0] not in own] + self.case.lines.splitlines()
        config = self.world.folder / "mantal.toml"
        config.write_text(config.read_text() + "\n" + "\n".join(lines) + "\n")

    def total(self):
        told = re.search(r"total_timeout = (\d+)", self.case.lines)
        return int(told[1]) if told else TOTAL

    def say(self, *what):
        self.faults += what

    def look_at_delete(self, name):
        """Nothing is removed before its changes are committed."""
        if not name.startswith("SPARAvisering"):
            return
        with sqlite3.connect(f"file:{self.world.folder / 'registry.db'}?mode=ro", uri=True) as registry:
            applied = registry.execute("SELECT count(*) FROM file WHERE state = 'applied'").fetchone()[0]
        if not applied:
            self.say(f"asked to delete {name} before anything was applied")

    def go(self):
        """Runs the job; exit code, seconds, KiB, and all that it showed."""
        argv = [binary(), "--config", str(self.world.folder / "mantal.toml"), "-vv", self.job, "--today", TODAY]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.world.base), "LANG": "C.UTF-8"}
        with tempfile.TemporaryFile() as out:
            began = time.monotonic()
            child = subprocess.Popen(argv, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env, cwd=self.world.base)
            watch = began + self.total() + 30
            memory = 0
            while child.poll() is None:
                memory = max(memory, most_memory(child.pid))
                if time.monotonic() > watch:
                    child.kill()
                time.sleep(0.01)
            seconds = time.monotonic() - began
            out.seek(0)
            return child.returncode, seconds, memory, out.read()

    def paths(self):
        inside = self.world.folder
        every = {p.relative_to(self.world.base): p for p in self.world.base.rglob("*")}
        return {str(name) for name, p in every.items()
                if not p.is_relative_to(inside / "spool") and not p.name.startswith("registry.")}

    def all(self, expected):
        paths = self.paths()
        code, seconds, memory, shown = self.go()
        if code not in EXITS[expected]:
            self.say(f"ended {code}, expected {expected}: {shown[-300:]!r}")
        if seconds > self.total() + GRACE:
            self.say(f"LATE: {seconds:.1f} s")
        self.ground.memory = max(self.ground.memory, memory)
        if memory > MOST_MEMORY:
            self.say(f"{memory} KiB of memory")
        now = self.world.people()
        wanted = self.ground.after[self.job] if expected == "done" else self.ground.before
        if now != wanted:
            self.say("the registry: " + first_change(wanted, now))
        self.look_at_server()
        self.look_for_secrets(shown)
        if self.paths() != paths:
            self.say(f"files outside the spool: {sorted(self.paths() - paths)}")
        left = [p.name for room in ("inbox", "staging") for p in (self.world.folder / "spool" / room).iterdir()]
        if left:
            self.say(f"left in the spool: {left}")
        self.mended(expected)
        self.peer.close()

    def look_at_server(self):
        case, commands = self.case, self.peer.commands
        if case.passwords is not None and self.peer.passwords() != case.passwords:
            self.say(f"{self.peer.passwords()} passwords, expected {case.passwords}")
        for verb, count in case.asked.items():
            found = sum(1 for c in commands if c.split(" ")[0] == verb)
            if found != count:
                self.say(f"{verb} {found} times, expected {count}: {commands}")
        try:
            self.peer.decoy.accept()
            self.say("somebody called another address")
        except BlockingIOError:
            pass
        if case.log:
            codes = [line.get("code") for line in self.log()]
            if case.log not in codes:
                self.say(f"no line {case.log}: {codes}")

    def log(self):
        done = self.world.raw("log", "--full", "--json")
        return [json.loads(x) for x in done.stdout.decode().splitlines() if x.strip()]

    def look_for_secrets(self, shown):
        world = self.world
        told = {"output": shown}
        # Numbers that are put into a line when it is shown, from 19 on, are meant to be seen.
        for words in (("log", "--prio", "18"), ("log", "--prio", "18", "--json"), ("runs", "--all", "--json"), ("findings", "--json")):
            done = world.raw(*words)
            told[" ".join(words)] = done.stdout + done.stderr
        with sqlite3.connect(f"file:{world.folder / 'registry.db'}?mode=ro", uri=True) as registry:
            for table in ("run", "log_line", "finding", "rejected", "mark", "spar_list", "remote_file"):
                told[f"table {table}"] = repr(registry.execute(f"SELECT * FROM {table}").fetchall()).encode()
        for where, text in told.items():
            for secret in [PASSWORD, *self.ground.numbers]:
                if secret.encode() in text:
                    self.say(f"{'the password' if secret == PASSWORD else 'a number'} in {where}")
            if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", text):
                self.say(f"a control character in {where}")

    def mended(self, expected):
        """The server is honest again: whatever happened, everybody is sent once, every file applied once and gone."""
        if self.peer.listener.fileno() == -1:
            return
        self.peer.mend()
        if self.case.tls and not self.peer.tls.implicit:
            self.peer.tls = self.ground.certificates["good"]
        for name in [n for n, content in self.peer.folders["in"].items() if content == b"somebody else's"]:
            del self.peer.folders["in"][name]
        for _ in range(2):
            code, _, _, shown = self.go()
            if code not in (0, 3):
                self.say(f"on the mended server: ended {code} {shown[-300:]!r}")
        if self.job == "spar-export":
            content = ",".join(self.ground.numbers).encode()
            there = dict(self.peer.received)
            for name, data in self.peer.folders["in"].items():
                if name.endswith(".trigger") and self.case.ready == "trigger":
                    continue
                if name in there:
                    self.say(f"{name} came twice")
                there[name] = data
            if there != {LIST: content}:
                self.say(f"in the end the server has {[(n, len(d)) for n, d in there.items()]}")
        elif FILE in self.peer.folders["out"]:
            self.say("in the end the file is still on the server")
        now = self.world.people()
        if now != self.ground.after[self.job]:
            self.say("in the end the registry: " + first_change(self.ground.after[self.job], now))
        self.say(*[f"the rig: {error}" for error in self.peer.errors])


def certificates(folder):
    """One that is good for 127.0.0.1 and made by maker.pem, and some that are not."""
    folder.mkdir()

    def openssl(*words):
        done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True)
        if done.returncode != 0:
            raise Failure(f"openssl {words[0]}: {done.stderr.decode()[-300:]}")

    for maker in ("maker", "stranger-maker"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{maker}.key",
                "-out", f"{maker}.pem", "-days", "3650", "-subj", f"/CN={maker}")
    for name, maker, alternative, days in (
        ("good", "maker", "IP:127.0.0.1", "3650"), ("expired", "maker", "IP:127.0.0.1", "-1"),
        ("another", "maker", "DNS:ftp.example.se", "3650"), ("stranger", "stranger-maker", "IP:127.0.0.1", "3650"),
    ):
        (folder / "leaf.ext").write_text(f"subjectAltName={alternative}\nbasicConstraints=CA:FALSE\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
                "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{maker}.pem", "-CAkey", f"{maker}.key", "-CAcreateserial",
                "-out", f"{name}.pem", "-days", days, "-extfile", "leaf.ext")
    made = {name: Tls(folder / f"{name}.pem", folder / f"{name}.key") for name in ("good", "expired", "another", "stranger")}
    return made | {"implicit": Tls(folder / "good.pem", folder / "good.key", implicit=True)}


def most_memory(pid):
    """In KiB. What the system tells of a child afterwards counts its parent's memory too."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    return int(found[1]) if found else 0


def socket_elsewhere():
    decoy = socket.create_server(("127.0.0.2", 0))
    decoy.setblocking(False)
    return decoy


def visits(only):
    for case in cases():
        for job, expected in (("spar-export", case.export), ("spar-import", case.fetch)):
            if expected and (not only or only in f"{job} {case.name}"):
                yield case.name, job, expected


def followed(ground, name, job, expected):
    """Faults of one visit. One that was only late on a busy machine is made again, alone in its time."""
    for attempt in range(3):
        case = next(c for c in cases() if c.name == name)
        try:
            visit = Visit(ground, case, job)
            visit.all(expected)
            faults = visit.faults
            shutil.rmtree(visit.world.base, ignore_errors=True)
        except Exception:
            return [traceback.format_exc()]
        if not any(fault.startswith("LATE") for fault in faults) or attempt == 2:
            return faults
    return []


def addresses(ground):
    """Every connection that the program makes, as the system sees it."""
    case = next(c for c in cases() if c.name == "pasv-elsewhere")
    visit = Visit(ground, case, "spar-import")
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as out:
        command = [binary(), "--config", str(visit.world.folder / "mantal.toml"), "spar-import", "--today", TODAY]
        subprocess.run(["strace", "-f", "-qq", "-o", out.name, "-e", "trace=connect,sendto,sendmsg", *command], **syscalls.QUIET)
        found = set(re.findall(r'sin6?_addr=inet_\w+\((?:AF_INET6, )?"([^"]+)"', out.read()))
    visit.peer.close()
    return [] if found == {"127.0.0.1"} else [f"connections to {sorted(found)}"]


# The rig must see a program that breaks a promise: each of these does, on a case that a right one passes.
SABOTAGE = {
    "says the password": ("530", "spar-export", "print('correct-horse-battery', file=sys.stderr)", "the password in"),
    "says a number": ("stor-553-rename", "spar-export", "print(NUMBER, file=sys.stderr)", "a number in"),
    "ends well although it failed": ("retr-550", "spar-import", "code = 0", "ended 0"),
    "is late": ("gone-at-once", "spar-export", "time.sleep(6)", "LATE"),
    "logs in twice": ("530", "spar-import", "code = subprocess.call(argv)", "passwords"),
    "changes somebody": ("retr-550", "spar-import", "subprocess.call([REAL, '--config', argv[2], 'person', 'set', 'person:1', '--comment', 'x'])", "the registry"),
    "leaves a file": ("retr-550", "spar-import", "open('left', 'w').close()", "files outside"),
    "removes too early": ("retr-550", "spar-import", "ftplib_delete()", "before anything was applied"),
    "sends twice": ("rnto-reply-lost", "spar-export", "ftplib_store()", "the server has"),
}
WRAPPER = '''#!/usr/bin/env python3
import ftplib, re, subprocess, sys, time
REAL, NUMBER = {real!r}, {number!r}
argv = [REAL, *sys.argv[1:]]
code = subprocess.call(argv)
def session():
    port = int(re.findall(r"port = (\\d+)", open(argv[2]).read())[-1])
    ftp = ftplib.FTP()
    ftp.connect("127.0.0.1", port)
    ftp.login("mantal", "x")
    return ftp
def ftplib_delete():
    ftp = session(); ftp.cwd("out"); ftp.delete("SPARAvisering_1.xml")
def ftplib_store():
    import io
    ftp = session(); ftp.cwd("in"); ftp.storbinary("STOR C2503-000002-spar", io.BytesIO(NUMBER.encode()))
if any(word in ("spar-export", "spar-import") for word in argv):
    try:
        {act}
    except Exception as error:
        print(error, file=sys.stderr)
sys.exit(code)
'''


def control(ground):
    """Which sabotage the rig did not see."""
    unseen, real = [], binary()
    for what, (name, job, act, sign) in SABOTAGE.items():
        wrapper = ground.base.base / "sabotage"
        wrapper.write_text(WRAPPER.format(real=real, number=ground.numbers[0], act=act))
        wrapper.chmod(0o700)
        case = next(c for c in cases() if c.name == name)
        expected = case.export if job == "spar-export" else case.fetch
        visit = Visit(ground, case, job)
        os.environ["MANTAL"] = str(wrapper)
        try:
            visit.all(expected)
        except Exception as error:
            visit.say(str(error))
        os.environ["MANTAL"] = real
        if not any(sign in fault for fault in visit.faults):
            unseen.append(f"not seen: a program that {what}: {visit.faults}")
    return unseen


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--only", help="cases whose job and name contain this")
    args.add_argument("--jobs", type=int, default=6, help="so many at a time")
    args.add_argument("--control", action="store_true", help="break the program on purpose as well")
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    ground, began = Ground(), time.monotonic()
    wanted = list(visits(args.only))
    with ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(lambda visit: followed(ground, *visit), wanted))
    done = [(f"{job} {name}", faults) for (name, job, _), faults in zip(wanted, results)]
    if not args.only and syscalls.available():
        done.append(("every address", addresses(ground)))
    if args.control:
        done.append(("a broken program is seen", control(ground)))
    for name, faults in done:
        if faults:
            print(f"FAILED {name}")
            for fault in faults[:6]:
                print("   ", fault[:900])
    failed = sum(1 for _, faults in done if faults)
    print(f"{len({name for name, _, _ in wanted})} faults of the server in {time.monotonic() - began:.0f} s, at most {ground.memory >> 10} MiB")
    print(f"{len(done) - failed} passed, {failed} failed")
    if not args.keep:
        ground.base.drop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
