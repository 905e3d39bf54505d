"""Reads a SPAR file for the model: bytes → envelope and posts, by local name, all three forms."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field


class Rejected(Exception):
    """The file is rejected whole."""


@dataclass
class Address:
    """One delivered address, already in the registry's shape."""

    care_of: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    interval: tuple | None = None

    def exists(self):
        """An address without line, code and city is none."""
        return bool(self.street or self.postal_code or self.city)


@dataclass
class Name:
    interval: tuple | None = None
    first: str | None = None
    called: str | None = None
    middle: str | None = None
    last: str | None = None


@dataclass
class Details:
    interval: tuple | None = None
    code: str | None = None
    dereg_date: str | None = None
    death_date: str | None = None
    found_dead: str | None = None
    birth: str | None = None
    marks: tuple = ()
    links: tuple = ()  # (number, "Till" | "Fran" | None)


@dataclass
class Post:
    ordinal: int
    number: str | None = None
    typ: str | None = None
    secrecy: str | None = None
    secrecy_date: str | None = None
    set_by_spar: bool = False
    protected_reg: str | None = None
    protected_reg_date: str | None = None
    changed: str | None = None
    names: list = field(default_factory=list)
    details: list = field(default_factory=list)
    homes: list = field(default_factory=list)  # (interval, Hemvist)
    addresses: dict = field(default_factory=dict)  # particular, registered, abroad, contact → [Address]

    def content(self):
        """What is used of a post, for 'equal and different'."""
        d = current(self.details)
        n = current(self.names)
        h = current(self.homes)
        return (self.typ, repr(d), repr(n), repr(h), repr(sorted(self.addresses.items())))


@dataclass
class SparFile:
    customer: str | None
    order: str | None
    created: str | None  # YYYY-MM-DDThh:mm:ss.nnn
    sequence: int | None
    posts: list


def local(e):
    return e.tag.rsplit("}", 1)[-1]


def text(parent, *names):
    """The text of a child, blanks trimmed; None if the element is not there."""
    for child in parent:
        if local(child) in names:
            return (child.text or "").strip(" \t\r\n")
    return None


def filled(parent, *names):
    """As `text`, but an empty element says nothing."""
    return text(parent, *names) or None


def child(parent, *names):
    for c in parent:
        if local(c) in names:
            return c
    return None


def interval(e):
    a, b = filled(e, "DatumFrom"), filled(e, "DatumTill", "DatumTom")
    return (a or "", b) if b else None


def is_current(iv):
    return iv is None or iv[1].startswith("9999-12-31")


def _iv(x):
    return x[0] if isinstance(x, tuple) else x.interval


def current(items):
    """The current one, or None."""
    for x in items:
        if is_current(_iv(x)):
            return x
    return None


def _address(e, outer=None):
    """SvenskAdress, InternationellAdress, or the old form's flat element."""
    lines = [filled(e, f"Utdelningsadress{i}") for i in (1, 2, 3)]
    foreign = local(e) in ("InternationellAdress", "Utlandsadress")
    if foreign:
        lines += [filled(e, "PostKodUtland"), filled(e, "PostortUtland")]
    street = ", ".join(x for x in lines if x) or None
    a = Address(interval=interval(e) or outer, street=street)
    if foreign:
        a.country = filled(e, "Land")
    else:
        a.care_of = filled(e, "CareOf")
        a.postal_code = filled(e, "PostNr")
        a.city = filled(e, "Postort")
    return a


KINDS = {
    "SarskildPostadress": "particular",
    "Folkbokforingsadress": "registered",
    "Utlandsadress": "abroad",
    "Kontaktadress": "contact",
}


def _add_addresses(post, holder, outer=None):
    for e in holder:
        if local(e) in KINDS:
            inner = child(e, "SvenskAdress", "InternationellAdress")
            a = _address(e if inner is None else inner, outer)
            post.addresses.setdefault(KINDS[local(e)], []).append(a)


def _name(e):
    return Name(interval(e), filled(e, "Fornamn"), filled(e, "Tilltalsnamn"), filled(e, "Mellannamn"), filled(e, "Efternamn"))


def _details(e):
    d = Details(
        interval(e),
        filled(e, "AvregistreringsorsakKod"),
        filled(e, "Avregistreringsdatum"),
        filled(e, "Avlidendatum"),
        filled(e, "AntraffadDodDatum"),
        filled(e, "Fodelsedatum", "Fodelsetid"),
    )
    d.marks = (text(e, "Sekretessmarkering"), text(e, "SkyddadFolkbokforing"))
    links = []
    for h in e:
        if local(h) == "Hanvisning":
            links.append((filled(h, "IdNummer"), filled(h, "Typ")))
        elif local(h) == "HanvisningsPersonNrByttTill":
            links.append(((h.text or "").strip(), "Till"))
        elif local(h) == "HanvisningsPersonNrByttFran":
            links.append(((h.text or "").strip(), "Fran"))
    d.links = tuple(links)
    return d


def read_post(e, ordinal):
    p = Post(ordinal)
    pid = child(e, "PersonId")
    if pid is not None:
        p.number = filled(pid, "IdNummer", "FysiskPersonId")
        p.typ = filled(pid, "Typ")
    p.secrecy = text(e, "Sekretessmarkering")
    p.secrecy_date = filled(e, "SekretessDatum", "SekretessAndringsdatum")
    mark = child(e, "Sekretessmarkering")
    p.set_by_spar = mark is not None and mark.get("sattAvSPAR") == "JA"
    p.protected_reg = text(e, "SkyddadFolkbokforing")
    p.protected_reg_date = filled(e, "SkyddadFolkbokforingDatum")
    p.changed = filled(e, "SenasteAndringSPAR", "SenasteAndringFolkbokforing")
    for c in e:
        if local(c) == "Namn":
            p.names.append(_name(c))
        elif local(c) == "Persondetaljer":
            p.details.append(_details(c))
            if any(local(x) in ("Fornamn", "Efternamn", "Mellannamn") for x in c):
                p.names.append(_name(c))
        elif local(c) == "Folkbokforing":
            p.homes.append((interval(c), filled(c, "Hemvist")))
        elif local(c) == "Adress":
            _add_addresses(p, c, interval(c))
    _add_addresses(p, e)
    return p


def read(data):
    """Bytes → SparFile, or Rejected."""
    if b"<!ENTITY" in data:
        raise Rejected("entity declaration")
    try:
        root = ET.fromstring(data)
    except ET.ParseError as why:
        raise Rejected(str(why)) from None
    holder = root if local(root) in ("AviseringPoster", "AviseringsPoster") else None
    for e in root:
        if local(e) in ("AviseringPoster", "AviseringsPoster"):
            holder = e
    if holder is None:
        # In the old form the posts may stand in the root itself.
        holder = root if any(local(e) == "AviseringsPost" for e in root) else None
    if holder is None:
        raise Rejected("no posts element")
    found = {}
    for e in root.iter():
        if local(e) in ("UppdragId", "ResultatfilSkapad", "Sekvensnummer"):
            found[local(e)] = (e.text or "").strip()
    to = next((e for e in root.iter() if local(e) == "Mediemottagare"), None)
    posts = [e for e in holder if local(e) in ("AviseringPost", "AviseringsPost")]
    return SparFile(
        filled(to, "KundNr") if to is not None else None,
        found.get("UppdragId"),
        found.get("ResultatfilSkapad"),
        int(found["Sekvensnummer"]) if re.fullmatch("[0-9]+", found.get("Sekvensnummer", "")) else None,
        [read_post(e, i + 1) for i, e in enumerate(posts)],
    )
