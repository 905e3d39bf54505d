"""What people do by hand, in any order, and everything that shows people."""

import datetime
import shutil

from protected_check import MOBILE, PHONE
from protected_files import PASS, TODAY, day

CONFLICTS = ['"last-changed"', '"last-synced"', '["alfa", "beta"]', '["beta", "alfa"]']


class Hand:
    """Steps without a file of a source. `self` is a Life."""

    def anyone(self, rng):
        return rng.choice(sorted(self.current)) if self.current else None

    def set(self, rng):
        """person set, of any field."""
        person = self.anyone(rng)
        if person is None:
            return
        number = self.current[person]
        by = ["--by-person"] if rng.random() < 0.5 else []
        tag = self.tags[number]
        mobile = MOBILE[tag] if tag < len(MOBILE) else ""
        words = rng.choice([
            ["--email", f"{self.mark(number)}@example.org", *by], ["--mobile", mobile, *by],
            ["--phone", PHONE[tag]], ["--email", "", *by],
            ["--address", rng.choice(["home", "work", "extra"]), "--street", f"{self.mark(number)} 3", "--city", self.mark(number)],
            ["--address", "home", "--active", rng.choice(["yes", "no"])],
            ["--allow-update", rng.choice(["yes", "no"])], ["--block", "prov"], ["--unblock", "prov"], ["--refreshed"],
            ["--comment", self.name(number, "d")], ["--class", rng.choice(["L", "S"])], ["--first-name", self.name(number, "e")],
        ])
        if rng.random() < 0.12:
            words = ["--id-number", self.new() if rng.random() < 0.8 else rng.choice(sorted(self.current.values()))]
        self.go("person", "set", f"person:{person}", *words, *rng.choice([[], [], [], ["--dry-run"]]))

    def protect(self, rng):
        person = self.anyone(rng)
        if person is None:
            return
        flags = ["--kind", rng.choice(["manual", "sekretessmarkering", "skyddad_folkbokforing"])] + rng.choice([[], [], ["--dry-run"]])
        code, _ = self.go("person", "protect", f"person:{person}", "--reason", "prov", *flags)
        if code in (0, 3) and "--dry-run" not in flags:
            self.model.erase(person)

    def unprotect(self, rng):
        some = sorted(self.model.must)
        if not some:
            return
        person = rng.choice(some)
        flags = rng.choice([[], [], [], ["--dry-run"]])
        code, document = self.go("person", "unprotect", f"person:{person}", "--reason", "prov", *flags)
        if code in (0, 3) and not flags:
            self.model.lift(document["run"]["id"], person)

    def merge(self, rng):
        if len(self.current) < 2:
            return
        one, other = rng.sample(sorted(self.current), 2)
        code, document = self.go("person", "merge", f"person:{one}", f"person:{other}", *rng.choice([[], [], ["--dry-run"]]))
        if code in (0, 3) and not document["run"]["dry_run"]:
            self.model.merge(document["run"]["id"], one, other)

    def keep(self, rng):
        person = self.anyone(rng)
        if person:
            self.go("person", rng.choice(["hold", "release"]), f"person:{person}", "--reason", "prov")

    def reset(self, rng):
        person = self.anyone(rng)
        if person:
            self.go("contacts", "reset", *rng.choice([[f"person:{person}"], ["--category", "guardian"], ["--category", "student"]]))

    def undo(self, rng):
        """Any of the last runs, most often one that hid, lifted or merged."""
        own = [r for r in self.model.runs]
        runs = [row[0] for row in self.ask("SELECT id FROM run WHERE dry_run = 0 AND id > 1 ORDER BY id DESC LIMIT 12")]
        if not runs:
            return
        target = rng.choice(own) if own and rng.random() < 0.5 else rng.choice(runs)
        code, document = self.go("undo", target, *rng.choice([[], [], [], ["--dry-run"]]))
        if code in (0, 3) and not document["run"]["dry_run"]:
            self.model.undo(document["run"]["id"], target)

    def findings(self, rng):
        ids = [row[0] for row in self.ask("SELECT id FROM finding WHERE state <> 'closed'")]
        if ids:
            self.go("findings", rng.choice(["done", "ignore", "reopen"]), rng.choice(ids), "--note", "prov")

    def policy(self, rng):
        """The configuration changes from now on."""
        key, value = rng.choice([
            ("contacts.conflict", rng.choice(CONFLICTS)), ("contacts.empty.email", rng.choice(['"keep"', '"clear"'])),
            ("contacts.force.guardian", rng.choice(['["email", "mobile"]', "[]"])), ("contacts.create", rng.choice(["true", "false"])),
            ("protection.clear_names", rng.choice(["true", "false"])), ("spar.mode", rng.choice(['"new"', '"all"'])),
            ("spar.categories", rng.choice(['["borrower"]', '["*"]'])), ("spar.format", rng.choice(['"csv"', '"xml-2023.1"'])),
        ])
        self.settings[key] = value
        self.configure()

    def classes(self, rng):
        """retention import, then perhaps what is due by it goes."""
        rows = [["L", "person", rng.choice(["P1Y", "P10Y"]), "last_activity", "no", rng.choice(["delete", "anonymise"]), "0"],
                ["S", "person", "keep", "last_activity", "no", "delete", "0"], ["L", "case", "P1Y", "closed", "no", "delete", "0"]]
        self.go("retention", "import", self.csv("classes", "class,target,period,counted_from,year_end,action,grace_days", rows), *PASS)

    def purge(self, rng):
        self.serial += 1
        plan = self.world.inputs / f"plan{self.serial}.json"
        self.go("purge", "--plan", plan, *PASS)
        if rng.random() < 0.5:
            self.go("purge", "--confirm", "--plan", plan, *PASS)
        elif rng.random() < 0.2:
            self.go("purge", "replay")

    def search_anew(self, rng):
        self.go("update-search")

    def export(self, rng):
        self.go("spar-export", *rng.choice([PASS, PASS, ["--dry-run"]]))
        for path in (self.world.folder / "drop" / "in").iterdir():
            if rng.random() < 0.5:
                path.unlink()

    def ack(self, rng):
        words = rng.choice([["--ack", "now"], ["--ack"], []])
        self.go("changes", "--cursor", "other", *words, reading=not words)

    def backup(self, rng):
        self.serial += 1
        path = self.world.base / f"copy{self.serial}.db"
        code, _ = self.go("backup", path)
        if code == 0:
            self.backups.append((path, self.model.copy(), self.sequence, {f["sha"]: f["state"] for f in self.spar_files}))

    def restore(self, rng):
        """An older copy, in which somebody protected since is open."""
        if not self.backups:
            return self.backup(rng)
        path, older, sequence, states = rng.choice(self.backups)
        code, _ = self.go("restore", path)
        if code in (0, 3):
            self.model.restore(older)
            self.sequence = sequence
            self.stood = {}
            for file in self.spar_files:
                file["state"] = states.get(file["sha"])

    def due(self, rng):
        """A job that somebody put on the list for a few hours ago, and what starts it."""
        at = (datetime.datetime.now() - datetime.timedelta(hours=3)).strftime("%Y-%m-%d %H:%M")
        job = rng.choice([["update-areas"], ["update-search"], ["backup"]])
        self.go("schedule", "add", *job, "--at", at)
        self.go("run-due")

    def later(self, rng):
        """The clocks of people without an address run out."""
        self.go("spar-import", "--today", (TODAY + datetime.timedelta(days=800)).isoformat(), *PASS)
        self.took_spar(*self.last[:2], False)

    # what shows people

    VIEWS = [
        ["person", "list"], ["person", "list", "--format", "csv"], ["person", "search", "--name", "nq"], ["person", "search", "--protected"],
        ["person", "search", "--comment", "nq"], ["person", "search", "--comment", "SPAR"], ["changes", "--since", "0", "--format", "jsonl"],
        ["changes", "--since", "0", "--format", "csv"], ["runs", "--all"], ["findings"], ["findings", "--format", "csv"], ["log", "--full"],
        ["log", "--people"], ["area", "list"], ["search", "nq"], ["search", "qz"], ["search", "11199"], ["sweep", "--no-backups"], ["doctor"],
        ["overdue"], ["schedule", "list"], ["purge"], ["config", "show"], ["retention", "list"], ["update-areas", "--dry-run"],
        ["spar-export", "--dry-run"], ["update-persons", "--scope", "all"], ["purge", "verify"],
    ]
    OF_ONE = [["person", "show"], ["person", "why"], ["person", "export"], ["person", "access"], ["purge", "--explain"], ["search"]]

    def views(self, rng, most):
        """Some of them; of people, mostly of the protected."""
        for _ in range(most):
            words = list(rng.choice(self.VIEWS + self.OF_ONE * 3))
            if words in self.OF_ONE:
                if not self.current:
                    continue
                some = sorted(self.model.must) if self.model.must and rng.random() < 0.8 else sorted(self.current)
                person = rng.choice(some)
                words.append(rng.choice([f"person:{person}", self.current.get(person, f"person:{person}")]))
            elif words == ["log", "--full"] or words == ["log", "--people"]:
                words.insert(1, str(rng.choice(self.ask("SELECT id FROM run ORDER BY id DESC LIMIT 15") or [(1,)])[0]))
            self.look(words + rng.choice([[], ["--json"], ["--json"], ["-v"]]))

    def look(self, words):
        done = self.world.raw(*words, timeout=60)
        self.outputs(words, done)
        if "sweep" in words and "--json" in words:
            self.swept(done)

    def all_views(self, rng):
        """Once each, of everybody protected."""
        for words in self.VIEWS:
            for more in ([], ["--json"]):
                self.look(words + more)
        for person in sorted(self.model.must)[:4]:
            for words in self.OF_ONE:
                self.look([*words, f"person:{person}", "--json"])
        for (run,) in self.ask("SELECT id FROM run ORDER BY id DESC LIMIT 10"):
            self.look(["log", str(run), "--full"])

    def tear_down(self):
        shutil.rmtree(self.world.base, ignore_errors=True)
