"""What is killed: a small registry full of marked values, and one command that protects some of its people."""

import random

import generate
import protected_check as check
from protected_files import PASS, day
from world import Failure, World, binary

PEOPLE = 6


class Scene:
    """Six people with addresses, contacts, areas, statements and held files; `words` is what will be killed."""

    def __init__(self, kind, base):
        self.kind, self.faults = kind, []
        self.rng = random.Random(kind)
        self.world = World(base)
        numbers = generate.Numbers(self.rng)
        self.numbers = {p: numbers.new() for p in range(1, PEOPLE + 1)}
        self.fresh = numbers.new
        self.tag = {p: p for p in self.numbers}
        self.serial = self.files = 0
        with (self.world.folder / "mantal.toml").open("a") as file:
            file.write('\nmunicipality = ["0581"]\ncontacts.sources = ["alfa"]\n')
        self.fill()
        self.secret, self.words, self.exit_again = KINDS[kind](self)
        self.words = [str(w) for w in self.words]
        before = {r["person"] for r in self.world.people() if r["protected"]}
        self.reference(before)

    def reference(self, before):
        """The command without a kill: who is protected then, in which steps, and with which end."""
        twin = self.world.copy("reference")
        done = twin.raw(*self.words)
        self.exits = {done.returncode}
        if done.returncode not in (0, 3, 4):
            raise Failure(f"{self.kind} ended {done.returncode} without a kill: {done.stderr[:300]!r}")
        after = {r["person"] for r in twin.people() if r["protected"]}
        if not set(self.secret) <= after:
            self.faults.append(f"[{self.kind}] without a kill: {sorted(after)} are protected, expected {self.secret}")
        self.stages = [before, after]
        db = check.opened(twin.folder)
        self.erased = [r[0] for r in db.execute("SELECT id FROM person WHERE concealment = 2")]
        db.close()

    def argv(self, world):
        return [binary(), "--config", str(world.folder / "mantal.toml"), *self.words]

    def mark(self, person):
        self.serial += 1
        return f"qz{self.tag[person]:03}x{self.serial}"

    def run(self, *words, exits=(0, 3)):
        code, document = self.world.run(*words)
        if code not in exits:
            raise Failure(f"{words[:2]} ended {code}, not one of {exits}: {document.get('error')}")
        return document

    def csv(self, name, head, rows):
        self.serial += 1
        return self.world.write(f"{name}{self.serial}.csv", "\n".join([head, *(",".join(r) for r in rows), ""]).encode())

    def spar(self, posts, sequence=None):
        self.files += 1
        data = generate.write_file(self.rng, [posts], f"{day(-90 + self.files)}T03:00:00.000", sequence or self.files, form="2021.1")[1]
        return self.world.write(f"SPARAvisering_{self.files}.xml", data)

    def post(self, person, number=None, **more):
        return generate.post(self.rng, number or self.numbers[person], day(-100), details=[], **more)

    def living(self, person, number=None):
        post = self.post(person, number)
        post["addresses"]["Folkbokforingsadress"] = [{"form": "SvenskAdress", "Utdelningsadress2": f"{self.mark(person)} 4", "PostNr": "11199", "Postort": self.mark(person)}]
        return post

    def fill(self):
        """The life of all before."""
        everybody = self.numbers.items()
        rows = [[n, f"nq{p:03}xa", f"nq{p:03}xb", "work", f"{self.mark(p)} 1", "11199", self.mark(p), f"{self.mark(p)}@example.org", check.MOBILE[p]] for p, n in everybody]
        self.run("person", "import", self.csv("people", "id_number,first_name,last_name,address_kind,street,postal_code,city,email,mobile", rows))
        ids = {r["id_number"]: r["person"] for r in self.world.people()}
        self.numbers = {ids[n]: n for n in ids}
        self.tag = {ids[n]: p for p, n in everybody}
        everybody = self.numbers.items()
        self.run("spar-import", self.spar([self.living(p) for p in self.numbers]))
        rows = [[n, "student", f"{self.mark(p)}@example.org", check.PHONE[self.tag[p]]] for p, n in everybody]
        self.run("sync-contacts", "--source", "alfa", self.csv("sync", "id_number,category,email,phone", rows))
        self.population({})
        self.run("area", "import", self.csv("links", "key_code,area", [[f"77{t:03}7*", f"Omr qa{t:03}x"] for t in self.tag.values()]))
        self.run("update-areas")
        rows = [[a, b, "guardian"] for a, b in zip(list(self.numbers.values()), list(self.numbers.values())[1:])]
        self.run("relation", "import", self.csv("relations", "id_number,related_id_number,kind", rows))
        self.run("update-search")
        # Copies that wait: one held for its gap, one rejected.
        self.run("spar-import", self.spar([self.living(p) for p in self.numbers], sequence=40), exits=(4,))
        self.run("spar-import", self.spar([self.living(p) for p in self.numbers], sequence=1), exits=(1,))
        self.files = 1

    def population(self, marks):
        rows = [[n, marks.get(p, "nej"), "0581", f"77{self.tag[p]:03}700", f"nq{self.tag[p]:03}xa", f"{self.mark(p)} 2", "60299", self.mark(p)] for p, n in self.numbers.items()]
        path = self.csv("population", "id_number,protected,municipality,key_code,first_name,street,postal_code,city", rows)
        if marks:
            return path
        return self.run("population-import", path)


def by_spar(scene):
    """Both kinds, a number change and a mark under the new number."""
    one, two, three = list(scene.numbers)[:3]
    new = scene.fresh()
    posts = [scene.post(one, secrecy="JA"), scene.post(two, protected_reg="JA"), generate.link_post(scene.rng, scene.numbers[three], day(-100), "GN", [(new, "Till")]),
             scene.post(three, number=new, secrecy="JA"), *(scene.living(p) for p in list(scene.numbers)[3:])]
    return [one, two, three], ["spar-import", scene.spar(posts), *PASS], 0


def by_fetched(scene):
    one = list(scene.numbers)[0]
    path = scene.spar([scene.post(one, secrecy="JA"), *(scene.living(p) for p in list(scene.numbers)[1:])])
    (scene.world.folder / "drop" / "out" / path.name).write_bytes(path.read_bytes())
    with (scene.world.folder / "mantal.toml").open("a") as file:
        file.write('spar.after_fetch = "delete"\n')
    scene.run("findings", "ignore", scene.world.findings()[0]["id"], "--note", "prov", exits=(0, 1, 3))
    return [one], ["spar-import", *PASS], 0


def hidden(scene):
    """A file that hides and is held."""
    some = list(scene.numbers)[:4]
    return some, ["spar-import", scene.spar([scene.post(p, secrecy="JA") for p in some])], 4


def approved(scene):
    some = list(scene.numbers)[:4]
    path = scene.spar([scene.post(p, secrecy="JA") for p in some])
    document = scene.run("spar-import", path, exits=(4,))
    return some, ["spar-import", path, "--approve", document["run"]["id"]], 0


def by_hand(scene):
    one = list(scene.numbers)[1]
    return [one], ["person", "protect", f"person:{one}", "--reason", "prov"], 0


def of_merged(scene):
    """Whose record is made of two."""
    one, *_, other = list(scene.numbers)
    scene.run("person", "merge", f"person:{one}", f"person:{other}")
    scene.tag[other] = scene.tag[one]
    return [one], ["person", "protect", f"person:{one}", "--reason", "prov"], 0


def by_register(scene):
    one, two = list(scene.numbers)[:2]
    return [one, two], ["population-import", scene.population({one: "ja", two: "kanske"}), *PASS], 0


def by_undo(scene):
    """An unprotect that is taken back, after new values came."""
    one = list(scene.numbers)[2]
    scene.run("person", "protect", f"person:{one}", "--reason", "prov")
    run = scene.run("person", "unprotect", f"person:{one}", "--reason", "prov")["run"]["id"]
    scene.run("person", "set", f"person:{one}", "--email", f"{scene.mark(one)}@example.org")
    scene.run("spar-import", scene.spar([scene.living(one)], sequence=2))
    return [one], ["undo", run], 1


def by_restore(scene):
    """A copy in which somebody who was protected since is open."""
    one, two = list(scene.numbers)[:2]
    copy = scene.world.base / "old.db"
    scene.run("backup", copy)
    scene.run("spar-import", scene.spar([scene.post(one, secrecy="JA"), scene.post(two, protected_reg="JA")]), *PASS)
    return [one, two], ["restore", copy], 0


KINDS = {"spar": by_spar, "fetched": by_fetched, "hidden": hidden, "approved": approved, "hand": by_hand, "merged": of_merged,
         "register": by_register, "undo": by_undo, "restore": by_restore}
