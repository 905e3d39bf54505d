"""Files of every source that can write a location or contact, or protect somebody, made of marked values."""

import datetime
import hashlib

import generate
from idnum import luhn_digit
from protected_check import MOBILE, MOST_TAGS, PHONE
from world import Failure, today

TODAY = today()
OURS, OTHER = "0581", "0180"
PASS = [w for name in ("protected", "older", "sequence_gap", "unreadable", "blocked", "rejected", "shrink", "areas", "contacts",
                       "contacts_rows", "purge") for w in ("--allow", f"{name}=100000")]
# Words of protection of both kinds, and what no list of words knows.
MARKS = [{"secrecy": "JA"}, {"protected_reg": "JA"}, {"secrecy": "JA", "protected_reg": "JA"}, {"secrecy": "KANSKE"},
         {"protected_reg": "?"}, {"secrecy": None}]
USERS = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,sms,phone"


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def check_digit(eleven):
    return luhn_digit(eleven[2:])


class Files:
    """Steps that give the program a file. `self` is a Life."""

    # people and their values

    def mark(self, number):
        """A value that nobody else has."""
        self.serial += 1
        return f"qz{self.tags[number]:03}x{self.serial}"

    def name(self, number, part):
        return f"Nq{self.tags[number]:03}x{part}"

    def new(self, rng=None, kind="personnummer", like=None):
        """A number that nobody had; one with the birth date of another."""
        number = self.numbers.new(kind)
        if like and like[:8].isdigit():
            number = next(n for n in (like[:8] + f"{serial:03}" for serial in range(1, 1000)) if n + check_digit(n) not in self.tags)
            number += check_digit(number)
        self.tags[number] = len(self.tags)
        if len(self.tags) > MOST_TAGS:
            raise Failure("this life is too long for its telephones")
        return number

    def newcomer(self, rng):
        """The number of somebody who was not there yet."""
        number = self.new(kind=rng.choice(["personnummer"] * 5 + ["samordningsnummer", "temporary"]))
        self.strangers.append(number)
        return number

    def some(self, rng, most=5, new=0.1):
        """Numbers of a few people, current or former; now and then of a stranger, who may have come before."""
        people = rng.sample(sorted(self.current), min(len(self.current), rng.randrange(1, most + 1)))
        out = [self.number_of(rng, person) for person in people]
        if rng.random() < new:
            out.append(rng.choice(self.strangers) if self.strangers and rng.random() < 0.5 else self.newcomer(rng))
        return list(dict.fromkeys(out))

    def number_of(self, rng, person):
        own = sorted(self.model.ever[person])
        return rng.choice(own) if rng.random() < 0.15 else self.current[person]

    def contact_cells(self, rng, number):
        tag = self.tags[number]
        some = lambda value: value if rng.random() < 0.7 else ""
        return [some(f"{self.mark(number)}@example.org"), some(MOBILE[tag]) if tag < len(MOBILE) else "", some(PHONE[tag])]

    # SPAR

    def spar(self, rng):
        """A file of a few posts; sometimes late, with a gap, or of the old form."""
        posts, file = [], {"marks": set(), "links": [], "state": None}
        for number in self.some(rng):
            posts += self.posts(rng, number, file)
        if rng.random() < 0.05:
            posts.append(generate.post(rng, "18991399" + "1234", day(-100), secrecy=rng.choice(["JA", "NEJ"])))
        rng.shuffle(posts)
        self.at += 1
        offset = -300 + self.at - (rng.choice([0] * 7 + [100]) if self.at else 0)
        sequence = self.sequence + rng.choice([1] * 8 + [3])
        form = rng.choice(["2021.1", "2021.1", "2023.1", "old"])
        if form == "old" and not all(generate.old_ready([p]) and p["secrecy"] for p in posts):
            form = "2021.1"
        data = generate.write_file(rng, [posts], f"{day(offset)}T03:00:00.000", sequence, form=form)[1]
        name = f"SPARAvisering_{self.at}.xml"
        file.update(sha=hashlib.sha256(data).hexdigest(), name=name, path=self.world.write(name, data), sequence=sequence if form != "old" else 0)
        self.spar_files.append(file)
        if rng.random() < 0.2:
            (self.world.folder / "drop" / "out" / name).write_bytes(data)
            self.import_spar(rng, [])
        else:
            self.import_spar(rng, [file["path"]], rng.choice([[], [], [], ["--dry-run"], PASS]))

    def posts(self, rng, number, file):
        """The posts of one figure in a file, and what they mark."""
        if "-" in number or not number[8].isdigit():
            return []
        roll, date = rng.random(), day(rng.choice([-200, -100, -100]))
        if roll < 0.16:
            file["marks"].add(number)
            out = [generate.post(rng, number, date, **rng.choice(MARKS))]
            if rng.random() < 0.3:
                out.append(self.living(rng, number, day(-1)))
            return out
        if roll < 0.26:
            new = self.new() if rng.random() < 0.85 else rng.choice(sorted(self.current.values()))
            if new == number or not new.isdigit():
                return []
            file["links"].append((number, new))
            out = [generate.link_post(rng, number, date, "GS" if number[6:8] > "31" else "GN", [(new, "Till")])]
            if rng.random() < 0.3:
                file["marks"].add(new)
                out.append(generate.post(rng, new, date, **rng.choice(MARKS)))
            elif rng.random() < 0.4:
                out.append(self.living(rng, new, date))
            elif rng.random() < 0.3:
                # The mark comes with the old number.
                file["marks"].add(number)
                out[0]["secrecy"] = "JA"
            return out
        if roll < 0.31:
            return [generate.dead(rng, Unknown(number), date)] if rng.random() < 0.5 else [generate.gone(rng, Unknown(number), date)]
        if roll < 0.36:
            return [generate.homeless(rng, Unknown(number), date)]
        return [self.living(rng, number, date)]

    def living(self, rng, number, date):
        post = generate.post(rng, number, date, names=[{"Fornamn": self.name(number, "a"), "Efternamn": self.name(number, "b")}])
        address = {"form": "SvenskAdress", "Utdelningsadress2": f"{self.mark(number)} 4", "PostNr": "11199", "Postort": self.mark(number)}
        if rng.random() < 0.3:
            address["CareOf"] = self.mark(number)
        kind = "Kontaktadress" if post["typ"] == "SAMORDNINGSNUMMER" else rng.choice(["Folkbokforingsadress"] * 4 + ["SarskildPostadress"])
        post["addresses"][kind] = [address]
        return post

    def import_spar(self, rng, paths, flags=()):
        code, document = self.go("spar-import", *paths, *flags)
        self.took_spar(code, document, "--dry-run" in flags)

    def took_spar(self, code, document, is_dry):
        """What became of each file tells the model whom it marks."""
        if is_dry:
            return
        run = (document.get("run") or {}).get("id")
        states = dict(self.ask("SELECT sha256, state FROM file WHERE kind = 'spar'"))
        for file in self.spar_files:
            state = states.get(file["sha"])
            sure, perhaps = self.model.marked(file["marks"], file["links"])
            if state == "applied" and file["state"] != "applied":
                self.model.apply(sure, perhaps)
                self.sequence = file["sequence"] or self.sequence
            elif state == "held":
                # Of several files some may have been applied before one was held.
                is_this = file["path"] in self.paths_of(self.step_words) or file["state"] != "held"
                if is_this:
                    self.model.hold(run, file["sha"], sure, perhaps)
                else:
                    self.model.may |= sure | perhaps
            file["state"] = state

    def spar_again(self, rng):
        """An earlier file, as it is or let through."""
        if self.spar_files:
            file = rng.choice(self.spar_files[-8:])
            self.import_spar(rng, [file["path"]], rng.choice([[], ["--dry-run"], PASS]))

    def spar_release(self, rng):
        """A held file is let through by somebody, with or without its run."""
        held = [f for f in self.spar_files if f["state"] == "held"]
        runs = [r for r, did in self.model.runs.items() if did[0] == "hid" and any(f["sha"] == did[2] for f in held)]
        if held and runs and rng.random() < 0.5:
            run = rng.choice(runs)
            file = next(f for f in held if f["sha"] == self.model.runs[run][2])
            self.import_spar(rng, [file["path"]], ["--approve", run])
        elif held:
            self.import_spar(rng, [rng.choice(held)["path"]], PASS)

    # people, contacts, areas, the population register

    def csv(self, name, head, rows):
        self.serial += 1
        return self.world.write(f"{name}{self.serial}.csv", "\n".join([head, *(",".join(r) for r in rows), ""]).encode())

    def people(self, rng, new=0.3):
        """person import: addresses, contacts, names."""
        rows = []
        for number in self.some(rng, new=new):
            kind = rng.choice(["home", "home", "work", "extra", ""])
            address = [self.mark(number), f"{self.mark(number)} 1", "11199", self.mark(number), ""] if kind else [""] * 5
            rows.append([number, rng.choice(["borrower", "borrower", ""]), self.name(number, "a"), self.name(number, "b"), kind, *address,
                         *self.contact_cells(rng, number), rng.choice(["", "", "", "no", "yes"]), rng.choice(["", "", self.name(number, "c")])])
        head = "id_number,category,first_name,last_name,address_kind,care_of,street,postal_code,city,country,email,mobile,phone,allow_update,comment"
        flags = rng.choice([[], [], [], ["--dry-run"], ["--known"]])
        self.go("person", "import", self.csv("people", head, rows), *flags)

    def user_edits(self, rng):
        rows = [[n, *self.contact_cells(rng, n), ""] for n in self.some(rng, new=0)]
        self.go("person", "import", "--user-edits", self.csv("edits", "id_number,email,mobile,phone,changed_at", rows))

    def sync(self, rng):
        """A source's file; one of three speaks OneRoster."""
        source = rng.choice(["alfa", "beta", "gamma"])
        numbers = self.some(rng, 7, new=0.3)
        names = [(self.name(n, "a"), self.name(n, "b")) for n in numbers]
        temporary = [n for n in self.current.values() if "-" in n]
        if temporary and rng.random() < 0.3:
            # Somebody with a temporary number comes with a real one.
            old = rng.choice(temporary)
            numbers.append(self.new(like=old))
            names.append((self.name(old, "a"), self.name(old, "b")))
        if source == "gamma":
            rows = [[f"u{n}", "", "", "true", "o1", "student", "u", *name, n, *self.contact_cells(rng, n)]
                    for n, name in zip(numbers, names)]
            self.serial += 1
            folder = self.world.inputs / f"roster{self.serial}"
            folder.mkdir()
            path = folder / "users.csv"
            path.write_text("\n".join([USERS, *(",".join(r) for r in rows), ""]))
        else:
            rows = [[n, rng.choice(["student", "guardian"]), *name, *self.contact_cells(rng, n)] for n, name in zip(numbers, names)]
            path = self.csv("sync", "id_number,category,first_name,last_name,email,mobile,phone", rows)
        self.go("sync-contacts", "--source", source, path, *rng.choice([[], [], PASS, ["--dry-run"]]))

    def population(self, rng):
        rows, marks = [], set()
        for number in self.some(rng, 7, new=0.2):
            mark = rng.choice(["nej", "no", ""] * 4 + ["ja", "yes", "kanske"])
            town = rng.choice([OURS] * 8 + [OTHER])
            marks |= {number} if mark not in ("nej", "no", "") else set()
            place = [self.mark(number), f"{self.mark(number)} 2", "60299", self.mark(number), self.mark(number)]
            code = f"77{self.tags[number]:03}7{rng.randrange(100):02}"
            rows.append([number, mark, town, code, self.name(number, "a"), self.name(number, "b"), *place])
        head = "id_number,protected,municipality,key_code,first_name,last_name,care_of,street,postal_code,city,property"
        path = self.csv("population", head, rows)
        flags = ["--mode", rng.choice(["snapshot", "changes", "changes"]), *rng.choice([[], [], ["--dry-run"], PASS])]
        code, document = self.go("population-import", path, *flags)
        if "--dry-run" in flags or code not in (0, 3, 4):
            return
        sure, perhaps = self.model.marked(marks)
        if code == 4:
            self.model.hold(document["run"]["id"], path.name, sure, perhaps)
            return
        self.model.apply(sure, perhaps)
        self.model.register -= {row[0] for row in rows if row[2] == OURS}
        self.model.register |= marks

    def update_persons(self, rng):
        scope = rng.choice([["changed"], ["nonresident"], ["all"], ["all", "--confirm"], ["all", "--confirm"]])
        flags = rng.choice([[], PASS, ["--dry-run"]])
        self.model.may |= {p for n, p in self.model.holder.items() if n in self.model.register}
        self.go("update-persons", "--scope", *scope, *flags)

    def links(self, rng):
        """area import: each number's codes lead to an area that bears its mark."""
        rows = []
        for tag in self.tags.values():
            for activity in rng.choice([["school"], ["school", "eldercare"], ["general"]]):
                rows.append([f"77{tag:03}7*", f"Omr qa{tag:03}x", activity])
        self.go("area", "import", self.csv("links", "key_code,area,activity", rows))

    def update_areas(self, rng):
        self.go("update-areas", *rng.choice([[], PASS, PASS, ["--dry-run"]]))

    def retained(self, rng):
        """Cases, documents, relations and the rest."""
        numbers = self.some(rng, new=0)
        kind = rng.choice(["case", "relation", "relation", "draft", "event", "subscription", "obligation"])
        self.serial += 1
        ref = f"r{self.serial}"
        head, rows = {
            "case": ("case,id_number,class,opened,closed", [[f"{ref}-{i}", n, "L", day(-900), rng.choice(["", day(-700)])] for i, n in enumerate(numbers)]),
            "relation": ("id_number,related_id_number,kind", [[a, b, "guardian"] for a, b in zip(numbers, numbers[1:])]),
            "draft": ("id,id_number,touched,case", [[f"{ref}-{i}", n, day(-300), ""] for i, n in enumerate(numbers)]),
            "event": ("id,id_number,touched,case", [[f"{ref}-{i}", n, day(-300), ""] for i, n in enumerate(numbers)]),
            "subscription": ("id,id_number,kind,from,to", [[f"{ref}-{i}", n, "lån", day(-300), ""] for i, n in enumerate(numbers)]),
            "obligation": ("id,id_number,kind,from,to", [[f"{ref}-{i}", n, "lån", day(-300), day(-10)] for i, n in enumerate(numbers)]),
        }[kind]
        if rows:
            self.go(kind, "import", self.csv(kind, head, rows))


class Unknown:
    """What the generator of SPAR posts wants of a person, with nothing to tell."""

    def __init__(self, number):
        self.number, self.birth, self.first, self.middle, self.last, self.addresses = number, None, None, None, None, {}
