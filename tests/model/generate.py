"""Random registries (CSV) and SPAR files. Numbers are of births 1840–1889 and made here, never committed."""

import datetime
import random
from xml.sax.saxutils import escape

import idnum

FIRST = ["Anna", "Karl-Erik", "Eva Maria", "Åke", "Östen Ivar", "Ann-Sofie Linnéa", "Björn", "Märta Ulla Karin", "Li", "Göran Nils-Olof"]
LAST = ["Andersson", "Öberg", "Lind af Hageby", "Ek", "Sjöö", "Åström", "von Döbeln", "Persson-Berg"]
MIDDLE = ["Ström", "Dahl", "Å"]
STREETS = ["Storgatan 1", "Påhittade vägen 7 lgh 1102", "Box 12", "Åvägen 3 B", "Östra torget 9", "Kyrkogatan 44"]
CITIES = [("60299", "NORRKÖPING"), ("97299", "LULEÅ"), ("11199", "STOCKHOLM"), ("90199", "UMEÅ"), ("98199", "KIRUNA")]
LANDS = ["DANMARK", "NORGE", "FINLAND"]


class Numbers:
    """Fresh numbers, each once."""

    def __init__(self, rng):
        self.rng, self.used = rng, set()

    def new(self, kind="personnummer", good=True):
        while True:
            day = datetime.date(1840, 1, 1) + datetime.timedelta(days=self.rng.randrange(365 * 49))
            d = day.day + (60 if kind == "samordningsnummer" else 0)
            head = f"{day.year}{day.month:02}{d:02}"
            if kind == "temporary":
                n = f"{head}-TF{self.rng.randrange(100):02}"
            elif kind == "reserve":
                n = f"{head}{self.rng.choice('RSX')}{self.rng.randrange(1000):03}"
            else:
                serial = f"{self.rng.randrange(1, 1000):03}"
                check = idnum.luhn_digit(head[2:] + serial)
                if not good:
                    check = str((int(check) + self.rng.randrange(1, 10)) % 10)
                n = head + serial + check
            if n not in self.used:
                self.used.add(n)
                return n


# --- CSV -----------------------------------------------------------------------------------------------------------


def spelled(rng, number, has_birth):
    """A spelling of a stored number that leads back to it."""
    forms = [number]
    if len(number) == 12:
        forms += [f"{number[:8]}-{number[8:]}", f" {number} "]
        if number[8].isdigit():
            forms.append(f"{number[2:8]}+{number[8:]}")
            if has_birth:
                forms += [f"{number[2:8]}-{number[8:]}", number[2:]]
    return rng.choice(forms)


def person_row(rng, number, sparse=False):
    """The cells that one person has; None leaves a cell empty."""
    p = 0.4 if sparse else 0.85
    some = lambda v: v if rng.random() < p else ""
    born = idnum.date_in(number)
    pc, city = rng.choice(CITIES)
    row = {
        "id_number": number,
        "category": rng.choice(["", "borrower", "borrower", "student"]),
        "first_name": some(rng.choice(FIRST)),
        "middle_name": rng.choice(["", "", rng.choice(MIDDLE)]),
        "last_name": some(rng.choice(LAST)),
        "birth_date": born.isoformat() if born and rng.random() < 0.6 else "",
        "email": some(f"p{rng.randrange(10**6)}@example.org"),
        "mobile": some(f"+467017406{rng.randrange(5, 100):02}"),
        "phone": rng.choice(["", "+4684650040" + str(rng.randrange(10))]),
        "allow_update": rng.choice(["", "yes", "yes", "yes", "no"]),
        "comment": rng.choice(["", "", "", f"Anteckning {rng.randrange(1000)}"]),
    }
    if rng.random() < p:
        row.update(address_row(rng))
    return row


def address_row(rng, kind=None):
    pc, city = rng.choice(CITIES)
    return {
        "address_kind": kind or rng.choice(["", "home", "home", "home", "work", "extra"]),
        "care_of": rng.choice(["", "", "Provsson"]),
        "street": rng.choice(STREETS) + f" u {rng.randrange(50)}",
        "postal_code": pc,
        "city": city,
        "country": "",
    }


def rows_csv(rng, rows, columns):
    """Rows as bytes, in one of the spellings that CSV files come in."""
    delimiter = rng.choice([",", ";", "\t"])
    out = [delimiter.join(columns)]
    for row in rows:
        cells = []
        for c in columns:
            v = row.get(c, "")
            quote = delimiter in v or v != v.strip() or (v and rng.random() < 0.1)
            cells.append(f'"{v}"' if quote else v)
        out.append(delimiter.join(cells))
    body = rng.choice(["\n", "\r\n"]).join(out) + "\n"
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"])
    return body.encode(encoding)


def first_import(rng, numbers, count):
    """Rows of the first import."""
    rows = []
    for _ in range(count):
        kind = rng.choices(["personnummer", "samordningsnummer", "temporary", "reserve"], [80, 14, 3, 3])[0]
        number = numbers.new(kind, good=rng.random() > 0.04)
        row = person_row(rng, number)
        rows.append(row)
        if row.get("street") and rng.random() < 0.25:
            taken = row["address_kind"] or "home"
            more = address_row(rng, rng.choice([k for k in ("home", "work", "extra") if k != taken]))
            rows.append({"id_number": number, "birth_date": row["birth_date"], **more})
        elif rng.random() < 0.06:
            # Two rows that disagree: both are rejected.
            rows.append({"id_number": number, "birth_date": row["birth_date"], "last_name": "Oenig" + str(rng.randrange(99)),
                         "first_name": row["first_name"]})
    if rng.random() < 0.3:
        rows.append({"id_number": "18991399" + "1234", "first_name": "Fel"})
    if rng.random() < 0.2:
        rows.append({"id_number": numbers.new(), "birth_date": "1850-02-30"})
    for row in rows:
        row["id_number"] = spelled(rng, row["id_number"], bool(row.get("birth_date")) and row["birth_date"] != "1850-02-30")
    return rows


def second_import(rng, numbers, reg, with_comment):
    """Rows on people who exist, with empty cells, and some new ones."""
    rows = []
    known = list(reg.people.values())
    for p in rng.sample(known, min(len(known), rng.randrange(1, 8))):
        number = rng.choice(p.numbers()) if not p.protected else p.number
        row = person_row(rng, number, sparse=True)
        if rng.random() < 0.3:
            row["first_name"] = (p.first or "").upper()
        if not with_comment:
            row["comment"] = ""
        rows.append(row)
    for _ in range(rng.randrange(3)):
        rows.append(person_row(rng, numbers.new()))
    for row in rows:
        row["id_number"] = spelled(rng, row["id_number"], bool(row["birth_date"]))
    return rows


# --- SPAR posts ----------------------------------------------------------------------------------------------------


def swedish(rng, n=None):
    pc, city = rng.choice(CITIES)
    a = {"form": "SvenskAdress", "Utdelningsadress2": rng.choice(STREETS) + f" {rng.randrange(90)}", "PostNr": pc, "Postort": city}
    if rng.random() < 0.2:
        a["CareOf"] = "Vikarie"
    if rng.random() < 0.15:
        a["Utdelningsadress1"] = "Hus " + str(rng.randrange(9))
    return a


def foreign(rng):
    a = {"form": "InternationellAdress", "Utdelningsadress1": f"Fictive Street {rng.randrange(90)}", "Land": rng.choice(LANDS)}
    if rng.random() < 0.6:
        a["Utdelningsadress2"] = "0000 NOWHERE"
    if rng.random() < 0.2:
        a["Utdelningsadress3"] = "FLOOR 2"
    return a


def ended(x, rng):
    return {**x, "iv": (f"20{rng.randrange(10, 15)}-03-01", f"20{rng.randrange(16, 24)}-0{rng.randrange(1, 9)}-01")}


def now(x):
    return {**x, "iv": ("2024-05-01", "9999-12-31")}


def name_of(rng, p, change=False):
    first = p.first if p.first and not change else rng.choice(FIRST)
    parts = len(first.replace("-", " ").split())
    name = {"Fornamn": first, "Efternamn": p.last if p.last and not change else rng.choice(LAST)}
    if p.middle and not change or rng.random() < 0.1:
        name["Mellannamn"] = p.middle or rng.choice(MIDDLE)
    if rng.random() < 0.5:
        name["Tilltalsnamn"] = rng.choice(["10", "20" if parts > 1 else "10", "12" if parts > 1 else "10"])
    if rng.random() < 0.2:
        name = {k: v.upper() if k != "Tilltalsnamn" else v for k, v in name.items()}
    return name


def post(rng, number, day, p=None, **more):
    """A plain living post; `more` overrides."""
    born = idnum.date_in(number)
    samordning = number[6:8] > "31"
    details = {}
    birth = None
    if p is not None and isinstance(p.birth, str):
        birth = p.birth if rng.random() < 0.9 else "1861-06-06"
    elif born:
        birth = born.isoformat()
    if birth:
        details["Fodelsedatum"] = birth
    if rng.random() < 0.5:
        details["Kon"] = rng.choice(["MAN", "KVINNA"])
    spec = {
        "number": number,
        "typ": "SAMORDNINGSNUMMER" if samordning else "PERSONNUMMER",
        "secrecy": "NEJ",
        "protected_reg": "NEJ",
        "changed": day,
        "names": [],
        "details": [details],
        "homes": [],
        "addresses": {},
    }
    spec.update(more)
    return spec


def living(rng, p, day, number=None, change_name=False, address=True):
    """Alive and registered."""
    number = number or p.number
    s = post(rng, number, day, p)
    if rng.random() < 0.7 or change_name:
        s["names"] = [name_of(rng, p, change_name)]
        if rng.random() < 0.2:
            s["names"] = [now(s["names"][0]), ended({"Fornamn": "Förra", "Efternamn": "Namnet"}, rng)]
            rng.shuffle(s["names"])
        elif rng.random() < 0.08:
            s["names"] = [ended({"Fornamn": "Bara", "Efternamn": "Historik"}, rng)]
    if not address:
        return s
    if s["typ"] == "SAMORDNINGSNUMMER":
        s["addresses"]["Kontaktadress"] = [swedish(rng) if rng.random() < 0.5 else foreign(rng)]
        return s
    s["homes"] = [{"Hemvist": "Skriven på adressen"}] if rng.random() < 0.8 else []
    home = swedish(rng)
    stored = p.addresses.get("home")
    if stored and rng.random() < 0.3 and isinstance(stored["street"], str) and len(stored["street"]) < 36 and not stored["country"]:
        # What is stored already, in another spelling.
        up = rng.random() < 0.5
        home = {"form": "SvenskAdress", "Utdelningsadress2": stored["street"].upper() if up else stored["street"]}
        for k, e in (("care_of", "CareOf"), ("postal_code", "PostNr"), ("city", "Postort")):
            if isinstance(stored[k], str):
                home[e] = stored[k]
    s["addresses"]["Folkbokforingsadress"] = [home]
    roll = rng.random()
    if roll < 0.12:
        s["addresses"]["SarskildPostadress"] = [swedish(rng) if rng.random() < 0.6 else foreign(rng)]
    elif roll < 0.2:
        s["addresses"]["SarskildPostadress"] = [ended(swedish(rng), rng)]
        s["addresses"]["Folkbokforingsadress"] = [now(home)]
    elif roll < 0.35:
        both = [now(home), ended(swedish(rng), rng)]
        rng.shuffle(both)
        s["addresses"]["Folkbokforingsadress"] = both
    return s


DEATHS = ["2025-02-00", "2024-11-30", "2024-00-00", "202411", "2024", "0000-00-00"]


def dead(rng, p, day):
    s = living(rng, p, day, address=rng.random() < 0.4)
    d = s["details"][0]
    form = rng.randrange(6)
    if form == 0:
        d["AvregistreringsorsakKod"] = "AV"
    elif form == 1:
        d.update(AvregistreringsorsakKod="A", Avregistreringsdatum="1997-07-01")
    elif form == 2:
        d.update(AvregistreringsorsakKod="AV", AntraffadDodDatum=rng.choice(DEATHS[:3]))
    elif form == 3:
        d["Avlidendatum"] = rng.choice(DEATHS)
    else:
        d.update(AvregistreringsorsakKod="AV", Avlidendatum=rng.choice(DEATHS))
        if rng.random() < 0.3:
            d["AntraffadDodDatum"] = "2024-12-24"
    return s


def gone(rng, p, day):
    """Deregistered otherwise."""
    s = living(rng, p, day, address=False)
    d = s["details"][0]
    d["AvregistreringsorsakKod"] = rng.choice(["UV", "UV", "OB", "TA", "FI", "AS", "O", "XQ"])
    if rng.random() < 0.8:
        d["Avregistreringsdatum"] = rng.choice(["2024-11-30", "2024-11-00", "2023-00-00"])
    if rng.random() < 0.6:
        s["addresses"]["Utlandsadress"] = [foreign(rng)]
    if rng.random() < 0.2 and s["typ"] == "PERSONNUMMER":
        s["addresses"]["Folkbokforingsadress"] = [swedish(rng)]
    if rng.random() < 0.2:
        s["details"] = [now(d), ended({"Fodelsedatum": "1870-01-01"}, rng)]
    return s


def secret(rng, p, day):
    s = post(rng, p.number, day, p, details=[])
    form = rng.randrange(9)
    if form == 0:
        s.update(secrecy="JA", set_by_spar=True, protected_reg="JA", secrecy_date="2025-03-03", protected_reg_date="2025-03-03")
    elif form == 1:
        s.update(secrecy="JA", secrecy_date="2025-03-01")
    elif form == 2:
        s.update(protected_reg="JA")
    elif form == 3:
        s.update(secrecy=rng.choice(["KANSKE", "X", "1", "JAVISST"]))
    elif form == 4:
        s.update(secrecy=None)
    elif form == 5:
        s.update(protected_reg=rng.choice(["?", "OKÄND"]))
    elif form == 6:
        s.update(secrecy="JA", addresses={"Folkbokforingsadress": [swedish(rng)]}, names=[name_of(rng, p)])
    elif form == 7:
        s.update(details=[{"Sekretessmarkering": "JA", "SkyddadFolkbokforing": "NEJ"}])
    else:
        s.update(secrecy="JA", details=[{"AvregistreringsorsakKod": "AV", "Avlidendatum": "2025-02-02"}])
    return s


def homeless(rng, p, day):
    s = living(rng, p, day, address=False)
    s["homes"] = rng.choice([[], [], [{"Hemvist": "Utan känt hemvist"}], [{"Hemvist": "På kommunen skriven"}], [{"Hemvist": "Skriven på adressen"}]])
    return s


def link_post(rng, number, day, code, links):
    s = post(rng, number, day)
    s["details"] = [{**s["details"][0], "AvregistreringsorsakKod": code, "Avregistreringsdatum": "2025-01-15", "links": links}]
    return s


def posts_for(rng, reg, numbers, day, secrets):
    """The posts of one file, as groups that belong together."""
    out = []
    people = [p for p in reg.people.values() if len(p.number) == 12 and p.number[8].isdigit()]
    rng.shuffle(people)
    people = people[: rng.randrange(2, len(people) + 1)] if len(people) > 2 else people
    while people:
        p = people.pop()
        alive = p.status != "deceased" and not p.protected
        roll = rng.random()
        old = p.number
        if p.protected:
            kind = rng.choice(["living", "secret", "living", "dead"])
            if kind == "secret" and secrets > 0:
                out.append([secret(rng, p, day)])
            elif kind == "dead":
                out.append([dead(rng, p, day)])
            else:
                out.append([living(rng, p, day)])
        elif roll < 0.10 and secrets > 0:
            secrets -= 1
            group = [secret(rng, p, day)]
            if rng.random() < 0.25:
                group.append(living(rng, p, rng.choice([day, "2099-01-01", None])))
            elif rng.random() < 0.2:
                new = numbers.new()
                group = [link_post(rng, old, day, "GN", [(new, "Till")]), {**group[0], "number": new}]
            out.append(group)
        elif roll < 0.20:
            out.append([dead(rng, p, day)])
        elif roll < 0.30 and alive:
            out.append([gone(rng, p, day)])
        elif roll < 0.38:
            out.append([homeless(rng, p, day)])
        elif roll < 0.58 and alive and p.number[6:8] <= "91":
            out.append(number_group(rng, reg, numbers, p, people, day))
        elif roll < 0.68:
            s = living(rng, p, day)
            form = rng.randrange(4)
            if form == 0:
                out.append([s, dict(s)])
            elif form == 1:
                out.append([s, living(rng, p, "2020-01-01")])
            elif form == 2:
                out.append([s, living(rng, p, None)])
            else:
                other = living(rng, p, day)
                other["addresses"] = {"Folkbokforingsadress": [{**swedish(rng), "CareOf": "Konflikt"}]}
                out.append([s, other])
        elif roll < 0.76 and alive:
            out.append([living(rng, p, day, change_name=True, address=rng.random() < 0.5)])
        else:
            out.append([living(rng, p, day)])
    for _ in range(rng.randrange(3)):
        stranger = type(p)(0, numbers.new(), "personnummer") if reg.people else None
        if stranger:
            out.append([living(rng, stranger, day)])
    if rng.random() < 0.1:
        s = post(rng, "18991399" + "1234", day)
        out.append([s])
    return out


def number_group(rng, reg, numbers, p, people, day):
    """Posts about a change of number."""
    old = p.number
    new = numbers.new(good=rng.random() > 0.05)
    form = rng.randrange(11)
    code = "GS" if old[6:8] > "31" else rng.choice(["GN", "GN", "G"])
    to = lambda n, t, c=code: link_post(rng, n, day, c, [(t, "Till")])
    if form <= 1:
        return [to(old, new)]
    if form == 2:
        return [to(old, new), living(rng, p, day, number=new)]
    if form == 3:
        s = living(rng, p, day, number=new)
        s["details"][0]["links"] = [(old, "Fran")]
        return [s] if rng.random() < 0.5 else [s, to(old, new)]
    if form == 4:
        return [link_post(rng, old, day, code, [])]
    if form == 5:
        return [link_post(rng, old, day, code, [(new, None)])]
    if form == 6:
        last = numbers.new()
        group = [to(old, new), to(new, last)]
        return group + ([living(rng, p, day, number=last)] if rng.random() < 0.5 else [])
    if form == 7:
        return [to(old, new), to(new, old)]
    if form == 8:
        return [to(old, new), to(old, numbers.new())] if rng.random() < 0.5 else [link_post(rng, old, day, code, [(new, "Till"), (numbers.new(), "Till")])]
    if form == 9:
        other = next((q for q in people if not q.protected and q.status == "active" and not q.former and q.allow_update), None)
        if other is None or p.former:
            return [to(old, new)]
        people.remove(other)
        group = [to(old, other.number)]
        return group + ([living(rng, other, day)] if rng.random() < 0.6 else [])
    if p.former:
        return [link_post(rng, rng.choice(p.former), day, code, [(old, "Till")])]
    return [to(old, old[:6] + "99" + old[8:])]


# --- SPAR bytes ----------------------------------------------------------------------------------------------------


class Xml:
    """Writes elements, with namespaces of a version or none."""

    def __init__(self, rng, form):
        self.out, self.form = [], form
        self.prefix = "p:" if form != "old" and rng.random() < 0.5 else ""
        self.pretty = rng.random() < 0.7

    def open(self, name, attributes=""):
        self.out.append(f"<{self.prefix}{name}{attributes}>" + ("\n" if self.pretty else ""))

    def close(self, name):
        self.out.append(f"</{self.prefix}{name}>" + ("\n" if self.pretty else ""))

    def leaf(self, name, value, attributes=""):
        if value is not None:
            self.out.append(f"<{self.prefix}{name}{attributes}>{escape(str(value))}</{self.prefix}{name}>" + ("\n" if self.pretty else ""))

    def interval(self, x, till="DatumTill"):
        if "iv" in x:
            self.leaf("DatumFrom", x["iv"][0])
            self.leaf(till, x["iv"][1])


NAME_PARTS = ("Aviseringsnamn", "Fornamn", "Tilltalsnamn", "Mellannamn", "Efternamn")
DETAIL_PARTS = ("Sekretessmarkering", "SkyddadFolkbokforing", "AvregistreringsorsakKod", "Avregistreringsdatum", "Avlidendatum",
                "AntraffadDodDatum", "Fodelsedatum", "Kon")
ADDRESS_KINDS = ("Folkbokforingsadress", "SarskildPostadress", "Utlandsadress", "Kontaktadress")


def write_post(x, s):
    x.open("AviseringPost")
    x.open("PersonId")
    x.leaf("IdNummer", s["number"])
    x.leaf("Typ", s["typ"])
    x.close("PersonId")
    x.leaf("Sekretessmarkering", s["secrecy"], ' sattAvSPAR="JA"' if s.get("set_by_spar") else "")
    x.leaf("SekretessDatum", s.get("secrecy_date"))
    x.leaf("SkyddadFolkbokforing", s["protected_reg"])
    x.leaf("SkyddadFolkbokforingDatum", s.get("protected_reg_date"))
    x.leaf("SenasteAndringSPAR", s["changed"])
    for n in s["names"]:
        x.open("Namn")
        x.interval(n)
        for k in NAME_PARTS:
            x.leaf(k, n.get(k))
        x.close("Namn")
    for d in s["details"]:
        x.open("Persondetaljer")
        x.interval(d)
        for k in DETAIL_PARTS:
            x.leaf(k, d.get(k))
        for number, typ in d.get("links", ()):
            x.open("Hanvisning")
            x.leaf("IdNummer", number)
            x.leaf("Typ", typ)
            x.close("Hanvisning")
        if x.form == "2023.1":
            x.leaf("SnIdentitetsniva", "STYRKT")
            x.leaf("OkantElement", "tolereras")
        x.close("Persondetaljer")
    if x.form == "2023.1":
        x.open("Utvandrad")
        x.leaf("Forlangningsdatum", "2027-01-01")
        x.close("Utvandrad")
    for h in s["homes"]:
        x.open("Folkbokforing")
        x.interval(h)
        x.leaf("FolkbokfordLanKod", "05")
        x.leaf("FolkbokfordKommunKod", "81")
        x.leaf("Hemvist", h.get("Hemvist"))
        x.close("Folkbokforing")
    for kind in ADDRESS_KINDS:
        for a in s["addresses"].get(kind, ()):
            x.open(kind)
            x.open(a["form"])
            x.interval(a)
            for k in ("CareOf", "Utdelningsadress1", "Utdelningsadress2", "Utdelningsadress3", "PostNr", "Postort", "Land"):
                x.leaf(k, a.get(k))
            x.close(a["form"])
            x.close(kind)
    x.close("AviseringPost")


def write_old_post(x, s):
    """The form before 2016: flat addresses, J and N, names among the details."""
    short = {"JA": "J", "NEJ": "N"}
    x.open("AviseringsPost")
    x.open("PersonId")
    x.leaf("FysiskPersonId", s["number"])
    x.close("PersonId")
    x.leaf("Sekretessmarkering", short.get(s["secrecy"], s["secrecy"]))
    x.leaf("SenasteAndringSPAR", s["changed"])
    d = dict(s["details"][0]) if s["details"] else {}
    n = next((n for n in s["names"] if "iv" not in n or n["iv"][1] == "9999-12-31"), {})
    if d or n:
        x.open("Persondetaljer")
        x.interval({"iv": ("2014-01-01", "9999-12-31")}, "DatumTom")
        for k in NAME_PARTS:
            x.leaf(k, n.get(k))
        for k in ("AvregistreringsorsakKod", "Avregistreringsdatum", "Avlidendatum", "AntraffadDodDatum"):
            x.leaf(k, d.get(k))
        for number, typ in d.get("links", ()):
            if typ:
                x.leaf("HanvisningsPersonNrBytt" + typ, number)
        x.leaf("Fodelsetid", d.get("Fodelsedatum"))
        x.leaf("Kon", {"MAN": "M", "KVINNA": "K"}.get(d.get("Kon")))
        x.close("Persondetaljer")
    some = {k: v[0] for k, v in s["addresses"].items() if k != "Kontaktadress" and v and "iv" not in v[0]}
    if some:
        x.open("Adress")
        x.interval({"iv": ("2014-01-01", "9999-12-31")}, "DatumTom")
        for kind, a in some.items():
            x.open(kind)
            for k in ("CareOf", "Utdelningsadress1", "Utdelningsadress2", "Utdelningsadress3", "PostNr", "Postort", "Land"):
                x.leaf(k, a.get(k))
            x.close(kind)
        x.close("Adress")
    x.close("AviseringsPost")


def old_ready(group):
    """Can the old form say this group? (It has neither SkyddadFolkbokforing nor foreign särskild postadress.)"""
    for s in group:
        if s["protected_reg"] != "NEJ" or "Kontaktadress" in s["addresses"] or s["homes"]:
            return False
        for k, some in s["addresses"].items():
            if any("iv" in a for a in some) or (k != "Utlandsadress" and some[0]["form"] != "SvenskAdress"):
                return False
        if any("iv" in n for n in s["names"]) or any("iv" in d for d in s["details"]):
            return False
        if any(typ is None for d in s["details"] for _, typ in d.get("links", ())):
            return False
        if any("Sekretessmarkering" in d for d in s["details"]):
            return False
    return True


def write_file(rng, groups, created, sequence=None, form=None, customer="500243", order="949"):
    """Groups of posts → (form, bytes)."""
    form = form or rng.choice(["2021.1", "2021.1", "2023.1", "old"])
    posts = [s for g in groups for s in g]
    if form == "old":
        posts = [s for g in groups if old_ready(g) for s in g]
    x = Xml(rng, form)
    ns = "http://statenspersonadressregister.se/schema/avisering/%s/avisering" % form
    declare = f' xmlns:p="{ns}"' if x.prefix else f' xmlns="{ns}"'
    if form == "old":
        declare = ' xmlns="http://skatteverket.se/spar/instans/1.0"'
    x.out.append('<?xml version="1.0" encoding="UTF-8"?>\n')
    x.open("SPARAvisering", declare)
    if form == "old":
        x.open("IdentifieringsInformationFil")
        x.close("IdentifieringsInformationFil")
        x.open("Aviseringsunderlag")
        x.leaf("ResultatfilSkapad", created)
        x.close("Aviseringsunderlag")
        x.open("AviseringsPoster")
    else:
        x.open("IdentifieringsinformationFil")
        x.open("Medieleverantor")
        x.leaf("KundNr", "500001")
        x.close("Medieleverantor")
        x.open("Mediemottagare")
        x.leaf("KundNr", customer)
        x.close("Mediemottagare")
        x.open("Filinformation")
        x.leaf("UppdragId", order)
        x.leaf("ResultatfilSkapad", created)
        x.leaf("Sekvensnummer", sequence)
        x.close("Filinformation")
        x.close("IdentifieringsinformationFil")
        x.open("AviseringPoster")
    for s in posts:
        (write_old_post if form == "old" else write_post)(x, s)
    x.close("AviseringsPoster" if form == "old" else "AviseringPoster")
    x.close("SPARAvisering")
    return form, "".join(x.out).encode()


def shuffled_posts(rng, data):
    """The same file with its posts in another order."""
    text = data.decode()
    for tag in ("p:AviseringPost", "AviseringPost", "AviseringsPost"):
        start, end = f"<{tag}>", f"</{tag}>"
        if start in text:
            break
    else:
        return data
    head, rest = text.split(start, 1)
    parts = (start + rest).split(end)
    tail = parts.pop()
    parts = [p.lstrip("\n") + end for p in parts]
    rng.shuffle(parts)
    return (head + "".join(parts) + tail).encode()


if __name__ == "__main__":
    rng = random.Random(1)
    print(Numbers(rng).new()[:4])
