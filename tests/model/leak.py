#!/usr/bin/env python3
"""The canary check: nothing of a person who became protected stays in any file or output.

    MANTAL=path/to/mantal python3 tests/model/leak.py [--seeds N] [--start N] [--keep]

Every column that any import knows holds a text that occurs nowhere else, of seven people who go through every job and every
command (leak_life.py). Six of them become protected: by a SPAR file, by hand, by the population register, by a file that was
held first. Then a program of its own (canary_search.py) reads every file, everything that was printed, and everything that was
given to other programs; one world is traced, so that it also sees every name and byte that was written and deleted again.
"""

import argparse
import concurrent.futures
import json
import subprocess
import sys
from pathlib import Path

from leak_life import Life
from leak_people import together
from leak_record import commands
from world import Failure

SEARCH = Path(__file__).with_name("canary_search.py")
# Commands that no life needs, with the reason.
LEFT_OUT = {}


class Check:
    def __init__(self, seed, traced):
        self.life = Life(seed, clear_names=seed % 2 == 1, loud=not traced)
        self.world, self.traced, self.faults = self.life.world, traced, []

    # The search

    def search(self, targets, which, *folders):
        """Hits of the separate program."""
        canaries = together(getattr(t, which)() for t in targets)
        wanted = {"texts": list(canaries.texts.values()), "words": list(canaries.words.values()), "numbers": list(canaries.numbers.values()),
                  "phones": list(canaries.phones.values())}
        path = self.world.base / "canaries.json"
        path.write_text(json.dumps(wanted))
        done = subprocess.run([sys.executable, SEARCH, path, *folders], capture_output=True, text=True)
        path.unlink()
        if done.returncode not in (0, 3):
            raise Failure(f"the search ended {done.returncode}: {done.stderr[-500:]}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def say(self, when, hits):
        for hit in hits:
            call = hit["file"].split(".")[0]
            words = " ".join(map(str, self.world.calls[int(call)][0][2:7])) if call.isdigit() else ""
            self.faults.append(f"{when}: {hit['file']} holds {hit['canary']} ({hit['how']}) {words}")

    def files(self, when, targets):
        """Nothing of them lies anywhere; what may stand in the tables lies in the registry's file only."""
        self.say(when, self.search(targets, "gone", self.world.folder))
        hits = self.search(targets, "all", self.world.folder)
        self.say(when, [hit for hit in hits if not hit["file"].startswith(("registry.db", "backups/"))])

    def outputs(self, when, targets):
        """Nothing of them was printed, told, sent, named, or written and deleted, since the last look."""
        self.say(when, self.search(targets, "all", self.world.record))
        self.forget()

    def forget(self):
        for path in self.world.record.iterdir():
            path.unlink()

    # The life

    def before(self):
        """Before anybody is protected: what is told of a run names nobody, and the search sees what is there."""
        self.life.fill()
        self.life.note_what_stays()
        everyone = [*self.life.everyone(), self.life.nobody]
        seen = {hit["canary"] for hit in self.search(everyone, "gone", self.world.folder)}
        for target in self.life.everyone():
            for wanted in (target.texts[-1], target.phones[-1], target.words[-1], target.former[0]):
                if wanted not in seen and wanted not in target.hidden:
                    self.faults.append(f"control: {wanted} of {target.name} is not found before the protection; the search proves nothing")
        told = [p for p in self.world.record.iterdir() if p.suffix == ".err" or p.name.startswith(("told", "ping"))]
        # But key codes: one that nobody linked is told to whoever links codes.
        codes = {word for target in everyone for word in target.words}
        hits = self.search(everyone, "all", *told, self.world.folder / "mantal.prom")
        self.say("before", [hit for hit in hits if hit["canary"] not in codes])
        # Of rows that can't be used nothing is printed either.
        self.say("rejected rows", self.search([self.life.nobody], "all", self.world.record))
        self.forget()

    def protect(self):
        life, t = self.life, self.life.targets
        guarded = [t["spar"], t["also"]]
        names = [{"Fornamn": t["also"].text("Tilltal"), "Efternamn": t["also"].text("Slakt")}]
        life.spar([life.post(t["spar"].next, secrecy="JA"), {**life.living(t["also"], t["also"].next), "protected_reg": "JA", "names": names}])
        self.files("after the SPAR file", guarded)
        life.act("person", "protect", t["hand"].former[0], "--reason", t["hand"].keeps(t["hand"].text("Skal")), dry=life.loud)
        guarded.append(t["hand"])
        self.files("after person protect", guarded)
        life.act("population-import", life.file("register.csv", life.population(life.everyone(), mark=[t["register"]])))
        guarded.append(t["register"])
        self.files("after the population register", guarded)
        self.outputs("while they became protected", guarded)
        return guarded

    def hold(self, guarded):
        """A held file hides first, and erases when it is let through."""
        life, t = self.life, self.life.targets
        hidden = [t["late"], t["held"]]
        posts = [life.post(x.next, secrecy="JA") for x in hidden] + [life.post("18991399" + "1234", secrecy="JA")]
        held = life.spar(posts, exits=(4,))
        life.look([t["late"], t["spar"]])
        if held.returncode != 4:
            self.faults.append(f"a protected post without a readable number ended {held.returncode}, expected 4")
        self.swept("while the file is held", {"hidden"})
        self.outputs("while the file is held", guarded + hidden)
        life.sequence -= 1
        life.spar(posts, flags=["--allow", "unreadable=1"])
        self.files("after the held file", guarded + hidden)
        return guarded + hidden

    def after(self, guarded):
        life = self.life
        life.go_on(guarded)
        self.files("after everything came again", guarded)
        life.look(guarded)
        self.outputs("after everything came again", guarded)
        life.undo()
        self.files("after undoing", guarded)
        self.swept("after undoing", set())
        self.revealed(guarded)
        self.outputs("after undoing", guarded)
        life.act("restore", self.life.backup, exits=None, dry=False)
        self.files("after an old copy was restored", guarded)
        life.look(guarded[:2], levels=[["-v"]])
        life.apart()
        self.outputs("after an old copy was restored", guarded)
        # Lifted, nothing comes back; but names and comment are shown again.
        lifted = guarded[2]
        life.act("person", "unprotect", lifted.id, "--reason", lifted.keeps(lifted.text("Skal")))
        life.view("person", "show", lifted.id)
        life.view("changes", "--since", "0")
        self.say("after it was lifted", self.search([lifted], "gone", self.world.folder, self.world.record))

    def swept(self, when, standing):
        """`mantal sweep` finds nothing of anybody erased in the tables; somebody hidden it does."""
        done = self.world.raw("sweep", "--no-backups", "--json")
        hits = [h for h in json.loads(done.stdout)["hits"] if h["place"] == "registry"]
        if {h["standing"] for h in hits} != standing:
            self.faults.append(f"{when}: sweep ended {done.returncode} with {hits[:3]}")

    def revealed(self, targets):
        """A reason brings names back to the eye, never what was erased."""
        for t in targets:
            for words in (["person", "show", t.id], ["person", "export", t.id], ["search", t.id], ["person", "list"], ["person", "search", "--protected"]):
                done = self.world.raw(*words, "--reveal", "prov", "--json", "-v")
                (self.world.record / "shown").write_bytes(done.stdout + done.stderr)
                for path in self.world.record.glob(f"{len(self.world.calls) - 1:04}.*"):
                    path.unlink()
                self.say(f"{' '.join(words[:2])} --reveal", self.search(targets, "gone", self.world.record / "shown"))
                (self.world.record / "shown").unlink()
                if done.returncode != 0:
                    self.faults.append(f"{words[:2]} --reveal ended {done.returncode}: {done.stderr[:200]!r}")

    def run(self):
        self.before()
        self.world.traced = self.traced
        guarded = self.protect()
        guarded = self.hold(guarded)
        self.after(guarded)
        free = self.life.targets["free"]
        if not any(f"person:{p['person']}" == free.id and p["addresses"] for p in self.world.people()):
            self.faults.append("control: the one who was never protected has lost the address")
        if self.life.loud:
            missing = commands() - self.life.done - set(LEFT_OUT)
            self.faults += [f"no life goes through `mantal {name}`; add it to leak_life.py, or to LEFT_OUT with the reason" for name in sorted(missing)]
        return self.faults


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=2)
    args.add_argument("--start", type=int, default=0)
    args.add_argument("--keep", action="store_true")
    args.add_argument("--jobs", type=int, default=1, help="so many lives at once")
    args.add_argument("--full", action="store_true", help="every fault")
    args = args.parse_args()
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        faulty = sum(pool.map(lived, ((seed, args) for seed in range(args.start, args.start + args.seeds))))
    return 1 if faulty else 0


def lived(case):
    """One life; whether anything of it was left."""
    seed, args = case
    check = None
    try:
        check = Check(seed, traced=seed % 2 == 1)
        faults = check.run()
    except Failure as why:
        faults = (check.faults if check else []) + [str(why)]
    said = [f"{'FAILED' if faults else 'passed'} seed {seed}" + (", traced" if seed % 2 else "")]
    if check:
        said[0] += f": {len(check.world.calls)} commands of {len(check.life.done)} kinds, {check.life.mint.made} canaries"
        if faults and args.keep:
            said[0] += f", in {check.world.base}"
    faults = list(dict.fromkeys(faults))
    shown = len(faults) if args.full else 20
    said += [f"    {fault[:400]}" for fault in faults[:shown]]
    if len(faults) > shown:
        said.append(f"    … and {len(faults) - shown} more")
    print("\n".join(said), flush=True)
    if check and not args.keep:
        check.world.drop()
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
