"""The life of people full of canaries: every job and every command that people give by hand, before they are protected and
again afterwards, with everything that any source ever said of them delivered once more."""

import datetime
import random
import zipfile

import generate
from leak_people import Mint, Target, csv
from leak_record import LEVELS, Recorded
from world import Failure, today

DAY = datetime.date(2025, 3, 1)
NAMES = ("spar", "also", "hand", "register", "late", "held", "free")
SETTINGS = [
    'timezone = "Europe/Stockholm"', 'municipality = ["0581"]', 'spar.categories = ["*"]', 'contacts.sources = ["alfa", "beta"]',
    'sources.beta.format = "oneroster"', 'contacts.empty.phone = "clear"',
    *(f'limits.{name} = "100%"' for name in ("blocked", "protected", "rejected", "shrink", "areas", "contacts", "contacts_rows", "purge")),
    "limits.sequence_gap = 99", "limits.older = 99",
]
USERS = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,sms,phone\n"


class Life:
    """`loud`: each command is given at every verbosity, those that change something on trial before it is done, once a stage."""

    def __init__(self, seed, clear_names, loud):
        self.rng = random.Random(seed)
        self.numbers = generate.Numbers(self.rng)
        self.mint = Mint(self.rng, self.numbers)
        language = ("en", "sv")[seed % 2]
        self.world = Recorded([f'language = "{language}"', f"protection.clear_names = {'true' if clear_names else 'false'}", *SETTINGS])
        self.clear_names, self.loud = clear_names, loud
        self.targets = {name: Target(self.mint, name) for name in NAMES}
        # Rows that can't be used, and people whom nobody here knows: their values may be nowhere at all.
        self.nobody = Target(self.mint, "nobody")
        self.done, self.tried = set(), set()
        self.serial, self.sequence, self.level, self.stage = 0, 0, 0, 0

    # Commands

    def view(self, *args, levels=LEVELS, **more):
        """A command that only shows, at every verbosity."""
        for level in levels if self.loud else [[], ["--json"]]:
            self.call(*args, *level, **more)

    def act(self, *args, exits=(0, 3), dry=True, **more):
        """A command that changes something."""
        kind = (self.stage, *map(str, args[:2])) if args[0] not in ("spar-import", "sync-contacts") else (self.stage, args[0], len(self.world.calls))
        if self.loud and dry and kind not in self.tried:
            self.tried.add(kind)
            for level in LEVELS:
                self.call(*args, "--dry-run", *level, **more)
        self.level += 1
        level = LEVELS[self.level % len(LEVELS)]
        done = self.call(*args, *level, RUST_LOG="trace" if self.level % 9 == 0 else "", **more)
        if exits and done.returncode not in exits and not self.world.leak:
            raise Failure(f"{' '.join(map(str, args))} ended {done.returncode}: {done.stdout[-300:]!r} {done.stderr[-300:]!r}")
        return done

    def call(self, *args, **more):
        more = {key: value for key, value in more.items() if value != ""}
        # The second word may be a value; `commands` tells.
        self.done.update((args[0], " ".join(map(str, args[:2]))))
        return self.world.raw(*args, **more)

    def file(self, name, rows):
        """An input; its name says nothing about anyone."""
        self.serial += 1
        data = rows if isinstance(rows, bytes) else csv(rows)
        return self.world.write(f"{self.serial:03}-{name}", data)

    def everyone(self, *but):
        return [t for t in self.targets.values() if t.name not in but]

    # SPAR

    def post(self, number, **more):
        s = generate.post(self.rng, number, (DAY + datetime.timedelta(days=self.sequence)).isoformat())
        s.update(more)
        return s

    def living(self, target, number):
        """Everything that a post can say of somebody alive."""
        text = target.text
        address = lambda form: {"form": form, "CareOf": text("Coz"), "Utdelningsadress1": text("Lgh"), "Utdelningsadress2": text("Vag") + " 2",
                                "PostNr": "11199", "Postort": text("Ort")}
        return self.post(
            number,
            names=[{"Aviseringsnamn": text("Avi"), "Fornamn": text("Tilltal"), "Tilltalsnamn": "10", "Mellannamn": text("Mell"), "Efternamn": text("Slakt")}],
            addresses={"Folkbokforingsadress": [address("SvenskAdress")], "SarskildPostadress": [address("SvenskAdress")]},
        )

    def spar(self, posts, exits=(0, 3), flags=(), form="2021.1"):
        self.sequence += 1
        created = (DAY + datetime.timedelta(days=self.sequence)).isoformat()
        data = generate.write_file(self.rng, [posts], f"{created}T03:00:00.000", self.sequence, form=form)[1]
        return self.act("spar-import", self.file("SPARAvisering.xml", data), *flags, exits=exits)

    # What the sources say

    def imported(self, targets):
        rows = []
        for t in targets:
            base = {"id_number": t.number, "id_kind": "", "category": t.text("Kat"), **t.names(), "birth_date": "", **t.contacts(), "allow_update": "yes", "comment": t.text("Not")}
            rows += [{**base, **t.address("home")}, {**base, **t.address("work")}, {**base, **t.address("extra")}]
        bad = {**rows[0], "id_number": "18991399" + "1234", **self.nobody.names(), **self.nobody.contacts(), **self.nobody.address("home"), "comment": self.nobody.text("Fel")}
        rows += [bad, {"id_number": self.nobody.number, "birth_date": self.nobody.text("Dag"), "email": self.nobody.mail()}]
        rows += [{"id_number": self.numbers.new(), "last_name": f"Ek{i}", "street": "Storgatan 1", "city": "LULEÅ", "address_kind": "home"} for i in range(12)]
        return rows

    def alfa(self, targets):
        rows = [{"id_number": t.number, "category": "guardian", **t.contacts()} for t in targets]
        return rows + [{"id_number": targets[0].number, "category": self.nobody.text("Fel"), **self.nobody.contacts()},
                       {"id_number": "18991399" + "1234", "category": "staff", "email": self.nobody.mail()}]

    def beta(self, targets):
        """A OneRoster delivery."""
        self.serial += 1
        path = self.world.inputs / f"{self.serial:03}-beta.zip"
        rows = "".join(f"{t.text('Sid')},,,true,o1,parent,{t.text('Usr')},{t.text('Giv')},{t.text('Fam')},{t.number},{t.mail()},{t.phone()},{t.phone()}\n" for t in targets)
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("manifest.csv", "propertyName,value\noneroster.version,1.1\nfile.users,bulk\n")
            packed.writestr("users.csv", USERS + rows)
        return path

    def population(self, targets, mark=()):
        rows = [{"id_number": t.next, "protected": "ja" if t in mark else "nej", "municipality": "0581", "key_code": t.code(), **t.names(),
                 "care_of": t.text("Coa"), "street": t.text("Gata"), "postal_code": "11199", "city": t.text("Ort"), "property": t.text("Fast"), "deceased_date": ""}
                for t in targets]
        stranger = {**rows[0], **self.nobody.names(), "street": self.nobody.text("Gata"), "city": self.nobody.text("Ort"), "key_code": "1"}
        return rows + [{**stranger, "id_number": "18991399" + "1234"}, {**stranger, "id_number": self.numbers.new(), "municipality": "9999", "protected": "nej"}]

    def retained(self, targets):
        """(command, rows) of every kind; what is left of them may stand in the tables."""
        k = lambda t, kind: t.keeps(t.text(kind))
        cases = {t: k(t, "Arende") for t in targets}
        return [
            ("case", [{"case": cases[t], "id_number": t.next, "class": k(t, "Klass"), "opened": "2025-01-02", "closed": "", "last_activity": "2025-01-03", "marked": "no", "removed": "no", "hold": k(t, "Stopp")} for t in targets]),
            ("document", [{"document": k(t, "Dok"), "case": cases[t], "key1": k(t, "Nyckel"), "key2": k(t, "Nyckel"), "disposable1": "no", "disposable2": "no"} for t in targets]),
            ("subscription", [{"id": k(t, "Pren"), "id_number": t.next, "kind": k(t, "Slag"), "from": "2025-01-02", "to": ""} for t in targets]),
            ("obligation", [{"id": k(t, "Lan"), "id_number": t.next, "kind": k(t, "Slag"), "from": "2025-01-02", "to": ""} for t in targets]),
            ("draft", [{"id": k(t, "Utkast"), "id_number": t.next, "touched": today().isoformat(), "case": cases[t]} for t in targets]),
            ("event", [{"id": k(t, "Handelse"), "id_number": t.next, "touched": today().isoformat(), "case": cases[t]} for t in targets]),
            ("relation", [{"id_number": t.next, "related_id_number": self.targets["free"].next, "kind": "guardian"} for t in targets if t.name != "free"]),
        ]

    def bring_retained(self, kinds, flags=()):
        for command, rows in kinds:
            bad = {key: self.nobody.text("Fel") for key in rows[0]}
            self.act(command, "import", self.file(f"{command}.csv", rows + ([] if flags else [bad])), *flags)

    # Before

    def fill(self):
        targets = self.everyone()
        self.act("person", "import", self.file("people.csv", self.imported(targets)), "--known")
        for p in self.world.people():
            for t in targets:
                if p["id_number"] == t.number:
                    t.id = f"person:{p['person']}"
        self.act("sync-contacts", "--source", "alfa", self.file("alfa.csv", self.alfa(targets)))
        self.act("sync-contacts", "--source", "beta", self.beta(targets))
        self.act("person", "import", "--user-edits", self.file("edits.csv", [{"id_number": t.number, **t.contacts(), "changed_at": ""} for t in targets]))
        self.spar([self.living(t, t.number) for t in targets] + [self.living(self.nobody, self.nobody.number)])
        self.spar([self.living(t, t.number) for t in targets], form="2023.1")
        self.act("undo", self.world.run("runs")[1][0]["id"])
        for number in ("number", "next"):
            # Links of a change of number; a merge makes another former number.
            if number == "number":
                self.spar([generate.link_post(self.rng, t.number, "2025-03-04", "GN", [(t.next, "Till")]) for t in targets])
        self.twins()
        self.by_hand()
        self.bring_retained(self.retained(targets))
        self.change_retained(targets)
        links = [{"key_code": code, "area": area, "activity": "school"} for code, area in (("57*", "Norra"), ("1*", "Södra"))]
        self.act("area", "import", self.file("links.csv", links))
        self.act("population-import", self.file("register.csv", self.population(targets)))
        self.act("update-persons", "--scope", "all", "--confirm", dry=False)
        self.act("update-areas")
        self.act("update-search")
        self.act("area", "import", self.file("links.csv", [{"key_code": "99*", "area": "Norra", "activity": "school"}]))
        self.act("update-areas")
        # Files that stay in the spool: one rejected (of another's form), one held, one cut off.
        self.sequence = 0
        self.spar([self.living(t, t.next) for t in targets], exits=None)
        self.sequence = 90
        self.spar([self.living(t, t.next) for t in targets], exits=None, flags=["--set", "spar.customer=500999"])
        cut = generate.write_file(self.rng, [[self.living(targets[0], targets[0].next)]], "2025-03-09T03:00:00.000", 7)[1][:-40]
        self.act("spar-import", self.file("SPARAvisering.xml", cut), exits=None, dry=False)
        self.sequence = 20
        self.act("spar-export")
        self.backup = self.world.base / "copies" / "early.db"
        self.backup.parent.mkdir()
        self.act("backup", self.backup, "--secrets", self.world.base / "secrets", dry=False)

    def twins(self):
        """Records that are merged into targets."""
        for t in self.everyone("register"):
            twin = self.mint.numbers.new()
            t.former.append(twin)
            row = {"id_number": twin, **t.names(), **t.contacts(), **t.address("home"), "comment": t.text("Tvi")}
            self.act("person", "import", self.file("twin.csv", [row]), dry=False)
            other = next(p["person"] for p in self.world.people() if p["id_number"] == twin)
            self.act("person", "merge", t.id, f"person:{other}", dry=t.name == "hand")

    def by_hand(self):
        first = self.targets["hand"]
        for t in self.everyone():
            dry = t is first
            self.act("person", "set", t.id, "--email", t.mail(), "--by-person", "--mobile", t.phone(), "--phone", t.phone(), "--category", t.text("Kat"), dry=dry)
            self.act("person", "set", t.id, "--address", "extra", "--care-of", t.text("Coa"), "--street", t.text("Gata"), "--postal-code", "11199", "--city", t.text("Ort"),
                     "--country", t.text("Land"), "--active", "yes", dry=dry)
            self.act("person", "set", t.id, "--block", t.keeps(t.text("Spar")), dry=dry)
            self.act("person", "set", t.id, "--unblock", t.keeps(t.text("Opp")), dry=dry)
            self.act("person", "set", t.id, "--block", t.keeps(t.text("Spar")), "--class", t.keeps(t.text("Klass")), "--comment", t.text("Not"), dry=dry)
            self.act("person", "hold", t.id, "--reason", t.keeps(t.text("Hall")), dry=dry)
            self.act("person", "release", t.id, "--reason", t.keeps(t.text("Slapp")), dry=dry)
        for finding in self.world.findings():
            about = [t for t in self.everyone() if t.id == finding["subject"]]
            if about:
                self.act("findings", "done", finding["id"], "--note", about[0].text("Anm"), dry=False)
        self.act("contacts", "reset", first.id)

    def change_retained(self, targets):
        """What was changed, and what is no longer there: only the journal knew it."""
        loans = [{"id": t.text("Lan"), "id_number": t.next, "kind": t.text("Slag"), "from": "2025-01-02", "to": ""} for t in targets]
        self.act("obligation", "import", self.file("loans.csv", loans), dry=False)
        self.act("obligation", "import", self.file("loans.csv", [{**row, "kind": t.text("Slag"), "id_number": t.next} for row, t in zip(loans, targets)]), dry=False)
        kept = [{"id": t.keeps(t.text("Lan")), "id_number": t.next, "kind": t.keeps(t.text("Slag")), "from": "2025-01-02", "to": ""} for t in targets]
        self.act("obligation", "import", "--full", self.file("loans.csv", kept))

    def note_what_stays(self):
        """Names, comment and category as they are now may stand in the tables; all that they were before may not."""
        for p in self.world.people():
            for t in self.everyone():
                if t.id == f"person:{p['person']}":
                    now = [p[key] or "" for key in ("category", "comment", "first_name", "called_name", "middle_name", "last_name")]
                    names = now[2:] if self.clear_names else []
                    t.hidden |= {x for x in t.texts if any(x in value for value in now) and not any(x in value for value in names)}

    # Afterwards

    def look(self, targets, levels=LEVELS):
        """Every view, at every verbosity."""
        self.stage += 1
        v = lambda *words, levels=levels, **more: self.view(*words, levels=levels, **more)
        for words in (["person", "list"], ["person", "search", "--protected"], ["runs", "--all"], ["log", "--full"], ["log", "--people"], ["findings", "--state", "open"],
                      ["findings", "--state", "done"], ["changes", "--since", "0"], ["area", "list"], ["area", "links"], ["schedule", "list"], ["overdue"],
                      ["overdue", "--metrics", self.world.folder / "mantal.prom"], ["doctor"], ["sweep", "--no-backups"], ["retention", "list"], ["retention", "check"], ["config", "show"],
                      ["config", "check"], ["purge"], ["purge", "verify"]):
            v(*words)
        for words in (["person", "list"], ["runs", "--all"], ["findings"], ["changes", "--since", "0"]):
            v(*words, "--format", "csv", levels=[[]])
        for t in targets:
            for words in (["show"], ["why"], ["why", "--purge"], ["access"], ["export"]):
                v("person", words[0], t.id, *words[1:], levels=levels if t is targets[0] else [["-v"], ["--json"]])
            for stdin in t.former[:2]:
                v("person", "show", "-", stdin=stdin.encode(), levels=[["-v"]])
                v("search", "-", stdin=stdin.encode(), levels=[["-v"], ["--json"]])
                v("purge", "proof", "-", stdin=stdin.encode(), levels=[["-v"]])
            v("search", t.id, levels=[["-v"], ["--json"]])
            v("purge", "--explain", t.id, levels=[["-v"], ["--json"]])
            for text in (t.texts[0], t.texts[-1]):
                # Beginnings of what is there; nobody is to be found by them.
                v("search", text[:5], levels=[["-v"]])
                v("person", "search", "--name", text[:5], levels=[["-v"]])
                v("person", "search", "--comment", text[:5], levels=[["-v"]])
                v("person", "search", "--category", text[:5], levels=[["-v"]])
        for run in self.world.run("runs", "--all")[1][: 200 if self.loud and levels is LEVELS else 0]:
            v("log", run["id"], "--full", levels=[["--json"]])

    def go_on(self, targets):
        """Every job and every command again, with what was said of these people before and with more."""
        w = self.world
        self.stage += 1
        self.act("person", "import", self.file("people.csv", self.imported(targets)))
        self.act("person", "import", self.file("people.csv", [{**row, "id_number": t.next} for row, t in zip(self.imported(targets), targets)]), dry=False)
        self.act("person", "import", "--user-edits", self.file("edits.csv", [{"id_number": t.next, **t.contacts(), "changed_at": ""} for t in targets]))
        self.act("sync-contacts", "--source", "alfa", self.file("alfa.csv", self.alfa(targets)))
        self.act("sync-contacts", "--source", "beta", self.beta(targets))
        self.spar([self.living(t, t.next) for t in targets])
        self.spar([self.living(t, t.number) for t in targets])
        self.act("population-import", self.file("register.csv", self.population(targets)))
        self.act("population-import", "--mode", "changes", self.file("register.csv", self.population(targets)))
        for scope in (["changed"], ["nonresident"], ["all"], ["all", "--confirm"]):
            self.act("update-persons", "--scope", *scope, dry="--confirm" in scope)
        links = self.file("links.csv", [{"key_code": "57*", "area": "Norra", "activity": "school"}])
        self.view("update-areas", "--what-if", links)
        self.act("area", "import", "--add", links)
        self.act("update-areas")
        self.act("update-search")
        self.bring_retained(self.retained(targets))
        for t in targets:
            for words in (["--email", t.mail()], ["--address", "home", "--street", t.text("Gata")], ["--category", t.keeps(t.text("Kat"))], ["--comment", t.keeps(t.text("Not"))],
                          ["--block", t.keeps(t.text("Spar"))], ["--class", t.keeps(t.text("Klass"))], ["--refreshed"]):
                self.act("person", "set", t.id, *words, exits=None, dry=t is targets[0])
            self.act("person", "hold", t.id, "--reason", t.keeps(t.text("Hall")), dry=False)
            self.act("person", "release", t.id, "--reason", t.keeps(t.text("Slapp")), dry=False)
        self.act("contacts", "reset", *(t.id for t in targets))
        self.act("spar-export")
        self.act("retention", "import", self.file("classes.csv", b"class,target,period,counted_from\nA,case,P1Y,closed\n"))
        plan = w.folder / "plan.json"
        self.call("purge", "--plan", plan)
        self.act("purge", "--confirm", "--plan", plan, dry=False)
        self.act("purge", "replay")
        self.call("changes", "--cursor", "one", "--ack", "now")
        self.call("changes", "--cursor", "one")
        self.call("schedule", "add", "spar-export", "--at", datetime.datetime.now().strftime("%Y-%m-%d %H:%M"))
        self.call("schedule", "add", "update-areas", "--at", "2099-01-01 10:00")
        self.act("run-due", exits=None, dry=False)
        self.call("schedule", "remove", "2")
        for finding in w.findings()[:2]:
            self.act("findings", "ignore", finding["id"], "--note", "sett", exits=None, dry=False)
            self.act("findings", "reopen", finding["id"], "--note", "igen", exits=None, dry=False)
        self.act("backup", dry=False)

    def undo(self):
        """As many runs as can be taken back, the newest first."""
        for run in self.world.run("runs", "--all")[1][:60 if self.loud else 12]:
            self.call("undo", run["id"], "-v")

    def apart(self):
        """What has nothing to do with anybody's data."""
        self.call("demo", self.world.base / "demo", "--people", "20")
        self.call("init", self.world.base / "other", config=False)
        for shell in ("bash", "zsh", "fish", "elvish"):
            self.call("completions", shell)
        self.call("man")
        self.call("man", "--to", self.world.base)
        self.call("person", "import", "--template")
