#!/usr/bin/env python3
"""Power cuts: the registry on a disk of its own, whose image is copied while the disk is in use, and looked at elsewhere.

    MANTAL=path/to/mantal python3 tests/model/power.py [--cuts 10] [--control]

Needs root, mkfs.ext4 and loop devices; not part of the gate, which must run where there are none. The copy holds what
reached the device, and nothing else: what the kernel still keeps in memory is lost in it, as in a power cut. After exit 0
everything must be there; in the middle, all of a run or none of it. With --control the program runs with fsync turned
into a lie, and the rig has to notice.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import generate
from world import binary

SIZE = "96M"


def sh(*args):
    subprocess.run([str(a) for a in args], check=True, stdout=subprocess.DEVNULL)


class Disk:
    """An ext4 file system in a file. It commits by itself only every five minutes: what is there was asked for."""

    def __init__(self, base, name):
        self.image, self.mount = base / f"{name}.img", base / name
        self.mount.mkdir()

    def make(self):
        sh("truncate", "-s", SIZE, self.image)
        sh("mkfs.ext4", "-qF", self.image)
        return self.attach()

    def attach(self):
        sh("mount", "-o", "loop,commit=300", self.image, self.mount)
        return self

    def detach(self):
        subprocess.run(["umount", str(self.mount)], check=False, stderr=subprocess.DEVNULL)
        self.mount.rmdir()
        self.image.unlink(missing_ok=True)

    def cut(self, base, name):
        """The disk as it would be found after the power failed now."""
        other = Disk(base, name)
        sh("cp", "--sparse=always", self.image, other.image)
        return other.attach()


class Cuts:
    def __init__(self, seed, lies):
        self.rng, self.lies = random.Random(seed), lies
        self.base = Path(tempfile.mkdtemp(prefix="mantal-power-"))
        self.numbers = generate.Numbers(self.rng)
        self.disk = Disk(self.base, "disk").make()
        self.count = 0
        self.faults = []
        self.go("init", str(self.disk.mount / "world"), config=None)

    def argv(self, words, config):
        flags = ["--config", str(config)] if config else []
        lie = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:retval=0"]
        return (lie if self.lies else []) + [binary(), *flags, *words]

    def config(self, disk=None):
        return (disk or self.disk).mount / "world" / "mantal.toml"

    def go(self, *words, config="own"):
        config = self.config() if config == "own" else config
        done = subprocess.run(self.argv(words, config), capture_output=True, timeout=120, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        if done.returncode != 0:
            raise SystemExit(f"{words[:2]} ended {done.returncode}: {done.stderr[:300]!r}")
        return done.stdout

    def people_file(self, count):
        path = self.base / "people.csv"
        path.write_text("id_number,last_name\n" + "".join(f"{self.numbers.new()},Ek\n" for _ in range(count)))
        return path

    def people(self, disk):
        """How many people a registry has; None if it can't be opened."""
        words = [binary(), "--config", str(self.config(disk)), "person", "list", "--json"]
        done = subprocess.run(words, capture_output=True, timeout=60, env={"PATH": os.environ["PATH"]})
        return len(done.stdout.splitlines()) if done.returncode == 0 else None

    def look(self, name, allowed):
        """What is found on the disk after the cut, and whether work goes on there."""
        disk = self.disk.cut(self.base, f"cut{self.count}")
        self.count += 1
        try:
            seen = self.people(disk)
            if seen not in allowed:
                self.faults.append(f"{name}: {seen} people, expected one of {allowed}")
                return
            done = subprocess.run([binary(), "--config", str(self.config(disk)), "doctor", "--no-server", "-q"], capture_output=True, timeout=60)
            if done.returncode == 1:
                self.faults.append(f"{name}: doctor can't open the registry: {done.stderr[:200]!r}")
            one = disk.mount / "one.csv"
            one.write_text(f"id_number\n{self.numbers.new()}\n")
            again = subprocess.run([binary(), "--config", str(self.config(disk)), "person", "import", str(one)], capture_output=True, timeout=60)
            if again.returncode != 0 or self.people(disk) != seen + 1:
                self.faults.append(f"{name}: the next run ended {again.returncode}: {again.stderr[:200]!r}")
        finally:
            disk.detach()

    def after_exit(self, here):
        """The power fails right after exit code 0."""
        count = self.rng.choice([1, 40, 800])
        self.go("person", "import", str(self.people_file(count)))
        self.look("after exit 0", [here + count])
        return here + count

    def within(self, here):
        """The power fails while the run works."""
        count = 3000
        file = self.people_file(count)
        run = subprocess.Popen(self.argv(["person", "import", str(file)], self.config()), stderr=subprocess.DEVNULL)
        time.sleep(self.rng.random() * 0.5)
        self.look("within the run", [here, here + count])
        if run.wait(timeout=120) != 0:
            self.faults.append(f"the run beside the copy ended {run.returncode}")
        return here + count

    def all(self, cuts):
        here = 0
        for _ in range(cuts):
            here = self.after_exit(here)
            if not self.lies:
                here = self.within(here)

    def drop(self):
        self.disk.detach()
        shutil.rmtree(self.base, ignore_errors=True)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--cuts", type=int, default=10)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--control", action="store_true")
    args = args.parse_args()
    rig = Cuts(args.seed, args.control)
    try:
        rig.all(args.cuts)
    finally:
        rig.drop()
    if args.control:
        print(f"{len(rig.faults)} of {rig.count} cuts lost what an exit code 0 had promised")
        return 0 if rig.faults else 1
    for fault in rig.faults[:8]:
        print("   ", fault)
    print(f"{rig.count} cuts, {len(rig.faults)} faults")
    return 1 if rig.faults else 0


if __name__ == "__main__":
    sys.exit(main())
