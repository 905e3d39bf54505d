#!/usr/bin/env python3
"""The canary check: nothing of a person who became protected stays in any file or output.

    MANTAL=path/to/mantal python3 tests/model/leak.py [--seeds N] [--keep]

Every field of some people holds a text that occurs nowhere else. They become protected by a SPAR file, by a file that
was held first, and by hand. Then every file of the world folder is searched byte by byte, and every output.
"""

import argparse
import base64
import json
import random
import sys

import generate
from world import Failure, World

TODAY = "2025-03-10"


def number_spellings(n):
    return [n, f"{n[:8]}-{n[8:]}", f"{n[2:8]}-{n[8:]}", f"{n[2:8]}+{n[8:]}", n[2:]]


def encodings(text):
    """The byte strings under which a text may lie in a file."""
    out = {}
    for name in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        try:
            out[name] = text.encode(name)
        except UnicodeEncodeError:
            continue
    raw = text.encode()
    out["hex"] = raw.hex().encode()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        # Characters that mix in a neighbour's bits are left out.
        start = (0, 2, 3)[shift]
        end = len(coded) - (0 if (len(raw) + shift) % 3 == 0 else 4)
        if end - start >= 8:
            out[f"base64/{shift}"] = coded[start:end]
    return out


def found_in(data, text):
    """The encodings of a text in some bytes, without case."""
    low = data.lower()
    return [name for name, raw in encodings(text).items()
            if (raw in data if name.startswith("base64") else raw.lower() in low)]


def sweep(folder, canaries):
    """(file, canary, encoding) for every hit below a folder."""
    hits = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for text in canaries:
            hits += [(str(path.relative_to(folder)), text, name) for name in found_in(data, text)]
        hits += [(f"file name {path.name}", text, "name") for text in canaries if text in path.name]
    return hits


class Target:
    """One person full of canaries."""

    def __init__(self, i, numbers):
        self.i = i
        self.number = numbers.new()
        self.next = numbers.new()
        tag = f"{i}{''.join('kvxzq'[int(c) % 5] for c in self.number[2:8])}"
        self.data = {
            "care_of": f"Coqz{tag}", "street": f"Gataqz{tag} 5", "city": f"Stadqz{tag}", "email": f"mejlqz{tag}@example.org",
            "mobile": f"+467017406{10 + i}", "phone": f"+4684650041{i}",
        }
        self.older = {"street": f"Forrqz{tag} 1", "city": f"Ortqz{tag}", "email": f"aldreqz{tag}@example.org"}
        self.names = {"first_name": f"Fornqz{tag}", "middle_name": f"Mellanqz{tag}", "last_name": f"Efternqz{tag}"}
        self.comment = f"Anteckningqz{tag}"
        self.spar_street = f"Sparqz{tag} 9"
        self.lost_street = f"Tapptqz{tag} 2"

    def erased(self):
        """What must be gone from every file."""
        return ([*self.data.values(), *self.older.values(), self.spar_street, self.lost_street] + number_spellings(self.number))

    def hidden(self):
        """What may stand in the tables but not in an output."""
        return [*self.names.values(), self.comment]


def csv(rows):
    columns = list(dict.fromkeys(k for r in rows for k in r))
    return ("\n".join([",".join(columns)] + [",".join(r.get(c, "") for c in columns) for r in rows]) + "\n").encode()


class Leak:
    def __init__(self, seed, clear_names):
        self.rng = random.Random(seed)
        self.numbers = generate.Numbers(self.rng)
        self.world = World()
        self.flags = ["--today", TODAY] + (["--set", "protection.clear_names=true"] if clear_names else [])
        self.clear_names = clear_names
        self.targets = [Target(i, self.numbers) for i in range(6)]
        self.faults = []
        self.serial = 0

    def spar(self, posts, day, sequence=None, flags=()):
        data = generate.write_file(self.rng, [posts], f"{day}T03:00:00.000", sequence, form="2021.1")[1]
        self.serial += 1
        # The given name says nothing about anyone; the inputs lie outside the world's folder.
        path = self.world.write(f"SPARAvisering_{self.serial}.xml", data)
        return self.world.raw("spar-import", path, *self.flags, *flags, "-v")

    def post(self, number, day, street=None, **more):
        s = generate.post(self.rng, number, day)
        if street:
            s["addresses"]["Folkbokforingsadress"] = [
                {"form": "SvenskAdress", "CareOf": "Vikarie", "Utdelningsadress2": street, "PostNr": "11199", "Postort": "STOCKHOLM"}]
        s.update(more)
        return s

    def fill(self):
        """The life of the targets before they are protected."""
        w = self.world
        others = [generate.person_row(self.rng, self.numbers.new()) | {"mobile": "", "phone": "", "birth_date": ""} for _ in range(30)]
        rows = [{"id_number": t.number, "category": "borrower", **t.names, **t.data, **t.older, "postal_code": "11199", "comment": t.comment, "allow_update": "yes"} for t in self.targets]
        w.raw("person", "import", w.write("a.csv", csv(rows + others)), *self.flags, "-v")
        w.raw("person", "import", w.write("b.csv", csv([{"id_number": t.number, **t.data} for t in self.targets])), *self.flags, "-v")
        self.spar([self.post(t.number, "2025-03-01", t.spar_street) for t in self.targets], "2025-03-01", 1)
        undone = self.spar([self.post(t.number, "2025-03-02", t.lost_street) for t in self.targets], "2025-03-02", 2)
        runs = w.run("runs")[1]
        w.raw("undo", runs[0]["id"], "-v")
        # Number changes, then files with their data that stay in the spool: one rejected, one held.
        links = [generate.link_post(self.rng, t.number, "2025-03-03", "GN", [(t.next, "Till")]) for t in self.targets]
        done = self.spar(links, "2025-03-03", 3)
        if done.returncode not in (0, 3):
            done = self.spar(links, "2025-03-03", 2)
        if done.returncode not in (0, 3):
            raise Failure(f"number changes ended {done.returncode}: {done.stderr[:300]!r} {undone.returncode}")
        self.spar([self.post(t.next, "2025-03-04", t.lost_street) for t in self.targets], "2025-03-04", 1)
        self.spar([self.post(t.next, "2025-03-02", t.lost_street) for t in self.targets], "2025-03-02")
        self.spar([self.post(t.number, "2025-03-02", t.lost_street) for t in self.targets], "2025-02-02")
        w.raw("spar-import", w.write("SPARAvisering_cut.xml", f"<SPARAvisering><AviseringPoster><AviseringPost><PersonId><IdNummer>{self.targets[0].next}</IdNummer></PersonId><Utdelningsadress2>{self.targets[0].lost_street}".encode()), *self.flags)

    def look(self):
        """Every view, as text and as JSON, at its most verbose."""
        w = self.world
        for command in (["person", "list"], ["runs", "--all"], ["log", "--full"], ["findings"], ["changes"], ["doctor"], ["sweep"]):
            w.raw(*command, "-v")
            w.raw(*command, "--json", "-v")
        for r in w.run("runs", "--all")[1]:
            w.raw("log", r["id"], "--prio", "20")
            w.raw("log", r["id"], "--full", "--json")
        for t in self.targets[:5]:
            for command in (["person", "show", t.next], ["person", "why", t.next], ["person", "access", t.next], ["person", "export", t.next],
                            ["person", "show", "-"]):
                w.raw(*command, "-v", stdin=t.number.encode() if command[-1] == "-" else None)
                w.raw(*command, "--json", stdin=t.number.encode() if command[-1] == "-" else None)
            w.raw("person", "search", t.names["first_name"][:6])
            w.raw("search", t.names["last_name"][:6])

    def outputs(self, start, targets):
        """No output from `start` on may say anything of these people."""
        for argv, _, out, err in self.world.calls[start:]:
            typed = " ".join(map(str, argv))
            for t in targets:
                for text in t.erased() + t.hidden():
                    if text in typed:
                        continue
                    hit = found_in(out, text) + found_in(err, text)
                    if hit:
                        self.faults.append(f"output of {' '.join(map(str, argv[2:5]))}: {text!r} ({hit[0]})")

    def swept(self, when, standing):
        """`mantal sweep` finds nothing of anybody erased in the tables; somebody hidden it does."""
        done = self.world.raw("sweep", "--no-backups", "--json")
        hits = [h for h in json.loads(done.stdout)["hits"] if h["place"] == "registry"]
        if {h["standing"] for h in hits} != standing:
            self.faults.append(f"{when}: sweep ended {done.returncode} with {hits[:3]}")

    def revealed(self, targets):
        """A reason brings names back to the eye, never what was erased; the access log holds neither."""
        for t in targets:
            for command in (["person", "show", t.next], ["person", "export", t.next], ["search", t.next], ["person", "list"]):
                done = self.world.raw(*command, "--reveal", "prov", "--json", "-v")
                self.world.calls.pop()
                self.faults += [f"{command[:2]} --reveal shows {x!r}" for x in t.erased() if found_in(done.stdout + done.stderr, x)]
                if done.returncode != 0:
                    self.faults.append(f"{command[:2]} --reveal ended {done.returncode}: {done.stderr[:200]!r}")
            for path in self.world.folder.rglob("registry.access"):
                data = path.read_bytes()
                self.faults += [f"registry.access holds {x!r}" for x in t.erased() + t.hidden() if found_in(data, x)]

    def files(self, targets, when):
        wanted = [x for t in targets for x in t.erased() + ([*t.names.values()] if self.clear_names else [])]
        for file, text, how in sweep(self.world.folder, wanted):
            self.faults.append(f"{when}: {file} holds {text!r} as {how}")

    def run(self):
        self.fill()
        # The control: the sweep sees all that is there before.
        seen = {text for _, text, _ in sweep(self.world.folder, [x for t in self.targets for x in t.erased()])}
        for t in self.targets:
            for text in (t.data["email"], t.data["mobile"], t.spar_street, t.number):
                if text not in seen:
                    self.faults.append(f"control: {text!r} of target {t.i} is not found before the protection; the sweep proves nothing")
        a, b, hand, late, held, free = self.targets
        start = len(self.world.calls)
        posts = [self.post(a.next, "2025-03-05", secrecy="JA"), self.post(b.next, "2025-03-05", b.lost_street, protected_reg="JA", names=[{"Fornamn": "Nyttnamn"}])]
        done = self.spar(posts, "2025-03-05", 4)
        if done.returncode == 4:
            done = self.spar(posts, "2025-03-05", 4, ["--allow", "sequence_gap=9"])
        if done.returncode not in (0, 3):
            raise Failure(f"the protecting file ended {done.returncode}: {done.stderr[:300]!r}")
        self.files([a, b], "after the SPAR file")
        # By hand, named by the former number: the run row must not keep it.
        done = self.world.raw("person", "protect", hand.number, "--reason", "prov", *self.flags, "-v")
        if done.returncode not in (0, 3):
            raise Failure(f"person protect ended {done.returncode}: {done.stderr[:300]!r}")
        self.files([a, b, hand], "after person protect")
        # A held file that hides first and erases when it is allowed.
        posts = [self.post(x, "2025-03-06", secrecy="JA") for x in (late.next, held.next)]
        posts += [self.post("18991399" + "1234", "2025-03-06", secrecy="JA")]
        begin = len(self.world.calls)
        done = self.spar(posts, "2025-03-06", 5)
        if done.returncode != 4:
            self.faults.append(f"a protected post without a readable number ended {done.returncode}, expected 4")
        self.look()
        self.swept("while the file is held", {"hidden"})
        self.outputs(begin, [late, held])
        self.spar(posts, "2025-03-06", 5, ["--allow", "unreadable=1", "--allow", "sequence_gap=9"])
        everyone = [a, b, hand, late, held]
        self.files(everyone, "after the held file")
        self.look()
        self.outputs(start, [a, b])
        self.outputs(begin, [hand, late, held])
        # A later run from any source puts nothing back.
        rows = [{"id_number": t.next, **t.data} for t in everyone] + [{"id_number": t.number, **t.data, **t.names} for t in everyone]
        self.world.raw("person", "import", self.world.write("c.csv", csv(rows)), *self.flags, "-v")
        self.spar([self.post(t.next, "2025-03-07", t.spar_street) for t in everyone], "2025-03-07", 6)
        self.world.raw("undo", self.world.run("runs")[1][-1]["id"])
        self.files(everyone, "after other sources and an undo")
        self.look()
        self.swept("after everything", set())
        self.revealed(everyone)
        self.outputs(begin, everyone)
        if not any(p["addresses"] and p["id_number"] == free.next for p in self.world.people()):
            self.faults.append("control: the one who was never protected has lost the address")
        return self.faults


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=4)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    passed = failed = 0
    for seed in range(args.start, args.start + args.seeds):
        leak = None
        try:
            leak = Leak(seed, clear_names=seed % 2 == 1)
            faults = leak.run()
        except Failure as why:
            faults = (leak.faults if leak else []) + [str(why)]
        if faults:
            failed += 1
            print(f"FAILED seed {seed}" + (f" in {leak.world.base}" if leak and args.keep else ""))
            for fault in list(dict.fromkeys(faults))[:12]:
                print("   ", fault)
            if len(faults) > 12:
                print(f"    … and {len(faults) - 12} more")
        else:
            passed += 1
        if leak and not args.keep:
            leak.world.drop()
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
