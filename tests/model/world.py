"""One registry folder and the program that is driven over its command line."""

import datetime
import json
import os
import shutil
import subprocess
import tempfile
import zoneinfo
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXITS = {0: "ok", 1: "failed", 2: "failed", 3: "remarks", 4: "held", 5: "unreachable"}


def binary():
    return os.environ.get("MANTAL") or str(HERE.parent.parent / "target" / "debug" / "mantal")


def today():
    """The program's day: it reckons in Swedish time, whatever the machine does."""
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Stockholm")).date()


class Failure(Exception):
    """The program broke a promise."""


class World:
    """A folder from `init`; the input files lie beside it, never in it."""

    def __init__(self, base=None):
        self.base = Path(base or tempfile.mkdtemp(prefix="mantal-model-"))
        self.folder = self.base / "world"
        self.inputs = self.base / "inputs"
        self.inputs.mkdir(parents=True, exist_ok=True)
        self.calls = []
        done = self.raw("init", str(self.folder), config=False)
        if done.returncode != 0:
            raise Failure(f"init ended {done.returncode}: {done.stderr.decode(errors='replace')}")
        if not (self.folder / "mantal.toml").exists():
            raise Failure("init wrote no mantal.toml")

    def raw(self, *args, config=True, timeout=120, stdin=None):
        """Runs one command; bytes out."""
        argv = [binary()] + (["--config", str(self.folder / "mantal.toml")] if config else []) + [str(a) for a in args]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.base), "LANG": "C.UTF-8"}
        done = subprocess.run(argv, capture_output=True, env=env, timeout=timeout, cwd=self.base, input=stdin)
        self.calls.append((argv[1:], done.returncode, done.stdout, done.stderr))
        return done

    def run(self, *args):
        """A command with --json: (exit code, document)."""
        done = self.raw(*args, "--json")
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            raise Failure(f"{args[:2]} ended {done.returncode}, stdout is no JSON document: {done.stdout[:300]!r} {done.stderr[:300]!r}") from None

    def people(self):
        """`person list --json`, by person."""
        done = self.raw("person", "list", "--json")
        if done.returncode != 0:
            raise Failure(f"person list ended {done.returncode}: {done.stderr[:300]!r}")
        return sorted((json.loads(x) for x in done.stdout.decode().splitlines() if x.strip()), key=lambda p: p["person"])

    def findings(self):
        return self.run("findings")[1]

    def write(self, name, data):
        path = self.inputs / name
        path.write_bytes(data)
        return path

    def copy(self, name):
        """Another world with the same registry."""
        twin = object.__new__(World)
        twin.base = self.base / name
        twin.base.mkdir()
        twin.folder, twin.inputs, twin.calls = twin.base / "world", self.inputs, []
        shutil.copytree(self.folder, twin.folder)
        return twin

    def drop(self):
        shutil.rmtree(self.base, ignore_errors=True)
