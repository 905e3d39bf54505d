"""People full of canaries: every column that any import knows has a text, code or day that occurs nowhere else."""

from canary_search import MARK, Canaries

LETTERS = "bcdfghklmnprst"


class Mint:
    """Makes canaries, each once."""

    def __init__(self, rng, numbers):
        self.rng, self.numbers, self.made = rng, numbers, 0

    def word(self, kind):
        """Three letters that say what it is, nine that say whose, and the mark."""
        self.made += 1
        return kind[:3] + "".join(self.rng.choice(LETTERS) for _ in range(9)) + MARK

    def mobile(self):
        self.made += 1
        return f"+46701{self.rng.randrange(10):d}{self.made:05d}"

    def code(self):
        """A key code of eight digits."""
        self.made += 1
        return f"57{self.rng.randrange(1000):03d}{self.made:03d}"

    def day(self):
        """A day on which nothing else happens here."""
        self.made += 1
        return f"18{30 + self.made // 300 % 10}-{1 + self.made // 25 % 12:02d}-{1 + self.made % 25:02d}"


class Target:
    """One person. `texts`, `words`, `numbers`, `phones`: all that was ever said of them, as `Canaries` takes it."""

    def __init__(self, mint, name):
        self.mint, self.name, self.id = mint, name, None
        self.texts, self.words, self.phones = [], [], []
        self.number, self.next = mint.numbers.new(), mint.numbers.new()
        self.former = [self.number]
        self.hidden = set()

    def text(self, kind):
        self.texts.append(self.mint.word(kind))
        return self.texts[-1]

    def mail(self, kind="mejl"):
        return self.text(kind).lower() + "@example.org"

    def phone(self):
        self.phones.append(self.mint.mobile())
        return self.phones[-1]

    def code(self):
        self.words.append(self.mint.code())
        return self.words[-1]

    def address(self, kind):
        return {"address_kind": kind, "care_of": self.text("Coa"), "street": self.text("Gata") + " 5", "postal_code": "11199",
                "city": self.text("Ort"), "country": self.text("Land") if kind == "extra" else ""}

    def contacts(self):
        return {"email": self.mail(), "mobile": self.phone(), "phone": self.phone()}

    def names(self):
        return {"first_name": self.text("Fornamn"), "middle_name": self.text("Mellan"), "last_name": self.text("Efter")}

    def keeps(self, text):
        """What may stand in the tables, and be shown to nobody."""
        self.hidden.add(text)
        return text

    def gone(self):
        """What must be in no file."""
        return Canaries([t for t in self.texts if t not in self.hidden], self.words, self.former, self.phones)

    def all(self):
        """What must be in no output."""
        return Canaries(self.texts, self.words, self.former, self.phones)


def together(canaries):
    """One search for several."""
    whole = Canaries()
    for one in canaries:
        for part in ("texts", "words", "numbers", "integers", "phones"):
            getattr(whole, part).update(getattr(one, part))
    whole.longest = max((len(n) for n in whole.texts), default=0)
    return whole


def csv(rows):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(columns)] + [",".join(row.get(column, "") for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode()
