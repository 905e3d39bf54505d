#!/usr/bin/env python3
"""The control of the canary check: a build that leaks on purpose, at one place after the other. Each has to be caught.

    cargo build --features leak-control
    MANTAL=target/debug/mantal python3 tests/model/leak_control.py [--only PLACE] [--keep]

`MANTAL_LEAK` chooses the place (src/leak_control.rs). The same people full of canaries (leak_life.py) are looked for by the same
search (canary_search.py); without the variable the same build leaks nothing. Texts leak in several encodings and numbers in
several spellings, so that the search is tried on what it has to know, in a real file of a real run.
"""

import argparse
import base64
import concurrent.futures
import os
import re
import shutil
import sys
import traceback

import generate
from canary_search import search
from leak_life import Life
from leak_people import together
from world import HERE, Failure

SOURCE = HERE.parent.parent / "src" / "leak_control.rs"
# What is written and gone before the run ends shows in a trace only.
TRACED = {"TemporaryName", "ScratchGone"}
# Where every disguise is tried.
FREELY = "Scratch"


def places():
    """Every place of the build, from its list."""
    body = re.search(r"pub enum Place \{(.*?)\n\}", SOURCE.read_text(), re.S)[1]
    # A place says what it leaks, or that it leaves something out.
    return re.findall(r"/// (Left out|A text|The same)[^\n]*\n    (\w+),", body)


def disguises(text, number):
    """(name, bytes) of a text and a number as they may lie in a file; none with a zero, which no environment holds."""
    raw, digits = text.encode(), number[:8] + "-" + number[8:]
    yield from {
        "as it is": raw, "capitals": raw.upper(), "Latin-1": "å".encode("latin-1") + raw, "hexadecimal": raw.hex().encode(), "hexadecimal apart": raw.hex(":").upper().encode(),
        "base64": base64.b64encode(raw), "base64, one further": base64.b64encode(b"x" + raw), "base64, two further": base64.urlsafe_b64encode(b"xy" + raw + b"z").rstrip(b"="),
        "percent": b"".join(b"%%%02X" % b for b in raw), "JSON's escapes": "".join(f"\\u{b:04x}" for b in raw).encode(),
        "XML's references": "".join(f"&#x{b:x};" for b in raw).encode(), "quoted-printable": b"".join(b"=%02X" % b for b in raw), "UTF-16 in base64": base64.b64encode(text.encode("utf-16")),
        "number": number.encode(), "number with a hyphen": digits.encode(), "ten digits": number[2:].encode(), "ten digits with +": f"{number[2:8]}+{number[8:]}".encode(),
        "number in base64": base64.b64encode(digits.encode()), "number in hexadecimal": digits.encode().hex().encode(),
    }.items()


class Control:
    """A world that is filled once; each place leaks in a copy of it."""

    def __init__(self):
        life = Life(1000, clear_names=False, loud=False)
        self.life, self.world = life, life.world
        life.fill()
        life.note_what_stays()
        erased, hidden = life.targets["spar"], life.targets["late"]
        self.erased, self.hidden = erased, hidden
        # The steps, each with inputs that are the same for all: what protects, what hides, what goes on.
        protecting = self.input("SPARAvisering_a.xml", [life.post(erased.next, secrecy="JA")])
        hiding = self.input("SPARAvisering_b.xml", [life.post(hidden.next, secrecy="JA"), life.post("18991399" + "1234", secrecy="JA")])
        bad = life.file("bad.csv", [{"id_number": life.nobody.number, "birth_date": "x"}, {"id_number": life.numbers.new(), "birth_date": ""}])
        cut = self.world.write("SPARAvisering_c.xml", hiding.read_bytes()[:-40])
        who = hidden.id
        self.steps = [
            [["spar-import", protecting, "-vv"], ["runs", "--all", "--json"]],
            [["spar-import", hiding], ["person", "show", who, "--json"], ["person", "list"], ["person", "list", "--format", "csv"], ["search", who],
             ["person", "export", who, "--reveal", "prov"], ["changes", "--since", "0", "--format", "jsonl"], ["findings", "--json"], ["log", "--full", "--json"]],
            [["person", "import", bad, "-v"], ["runs", "--format", "csv"], ["spar-import", cut], ["findings", "--json"], ["spar-export", "-vv"], ["purge", "--plan", "world/plan.json"], ["backup"], ["person", "show", "person:999"]],
        ]

    def input(self, name, posts):
        self.life.sequence += 1
        created = f"2025-03-{self.life.sequence:02}T03:00:00.000"
        return self.world.write(name, generate.write_file(self.life.rng, [posts], created, self.life.sequence, form="2021.1")[1])

    def caught(self, leak, traced, keep):
        """(where, by what) the leak is seen first; None if it is not."""
        base = self.world.base.parent / f"{self.world.base.name}-{os.getpid()}"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        world = self.world.twin(base)
        world.leak, world.traced = leak, traced
        try:
            guarded = [self.erased]
            for step, commands in enumerate(self.steps):
                if step == 1:
                    guarded.append(self.hidden)
                for words in commands:
                    world.raw(*words)
                    if hit := self.seen(world, guarded, "--reveal" in words):
                        return hit
                for hit in search(self.erased.gone(), [world.folder]):
                    return hit
            return None
        finally:
            world.close()
            if not keep:
                shutil.rmtree(base, ignore_errors=True)

    def seen(self, world, guarded, revealed):
        canaries = together(t.gone() if revealed else t.all() for t in guarded)
        for hit in search(canaries, [world.record]):
            return hit
        for path in list(world.record.iterdir()):
            path.unlink()
        return None


CONTROL = None


def tried(case):
    """One case in a process of its own: (name, where it was caught, what went wrong)."""
    name, leak, traced, keep = case
    try:
        return name, CONTROL.caught(leak, traced, keep), None
    except Exception:
        return name, None, traceback.format_exc()


def main():
    global CONTROL
    args = argparse.ArgumentParser()
    args.add_argument("--only")
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    CONTROL = Control()
    text, number = CONTROL.erased.texts[1], CONTROL.erased.former[0]
    cases = [("nothing", None, True, args.keep)]
    for kind, place in places():
        leak = place.encode() + (b"" if kind == "Left out" else b"=" + text.encode())
        cases.append((place, leak, place in TRACED, args.keep))
    cases += [(f"{FREELY}: {how}", f"{FREELY}=".encode() + raw, False, args.keep) for how, raw in disguises(text, number)]
    cases = [case for case in cases if args.only in (None, case[0])]
    missed = []
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, hit, error in pool.map(tried, cases):
            well = hit is None and not error if name == "nothing" else hit is not None
            if not well:
                missed.append(name)
            if not well or args.only:
                print(f"{'caught' if hit else 'MISSED' if not error else 'FAILED'} {name}: {hit or error or ''}")
    print(f"{len(cases) - len(missed)} of {len(cases)} as expected: {sum(1 for c in cases if c[1])} leaks on purpose, and the same build without one")
    if not args.keep:
        CONTROL.world.drop()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
