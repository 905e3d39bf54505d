"""Expected values that leave room where the contract does, and the comparison that knows them."""


class OneOf:
    """Any of these values is right; AMBIGUITIES.md says why."""

    def __init__(self, *values):
        flat = []
        for v in values:
            for x in v.values if isinstance(v, OneOf) else [v]:
                if x not in flat:
                    flat.append(x)
        self.values = flat

    def __repr__(self):
        return "OneOf(%s)" % ", ".join(map(repr, self.values))


class _Any:
    def __repr__(self):
        return "ANY"


ANY = _Any()


class Lines:
    """A text of lines: blank lines and blanks at the ends do not count."""

    def __init__(self, lines):
        self.lines = lines

    def __repr__(self):
        return "Lines(%r)" % (self.lines,)


class Bag:
    """A list whose order the contract does not fix: `must` in it, nothing beside `must` and `may`."""

    def __init__(self, must, may=()):
        self.must, self.may = list(must), list(may)

    def __repr__(self):
        return "Bag(%r may %r)" % (self.must, self.may)


class Empty:
    """Null, an empty list or object, or an object of nulls."""

    def __repr__(self):
        return "Empty()"


def is_empty(value):
    if value is None or value == "":
        return True
    if isinstance(value, (list, tuple)):
        return all(is_empty(v) for v in value)
    if isinstance(value, dict):
        return all(is_empty(v) for v in value.values())
    return False


def possible(value):
    """The plain values that an expected scalar may have."""
    return value.values if isinstance(value, OneOf) else [value]


def diff(expected, actual, path=""):
    """Differences as `path: expected … got …` lines; none = fits."""
    if expected is ANY:
        return []
    if isinstance(expected, OneOf):
        if any(not diff(v, actual, path) for v in expected.values):
            return []
        return [f"{path}: expected {expected!r} got {actual!r}"]
    if isinstance(expected, Lines):
        got = [x.strip() for x in (actual or "").splitlines() if x.strip()]
        fits = len(got) == len(expected.lines) and all(not diff(e, a) for e, a in zip(expected.lines, got))
        return [] if fits else [f"{path}: expected lines {expected.lines!r} got {got!r}"]
    if isinstance(expected, Bag):
        got = list(actual or [])
        wrong = [x for x in expected.must if x not in got]
        extra = [x for x in got if x not in expected.must and x not in expected.may]
        if wrong or extra or len(set(map(str, got))) != len(got):
            return [f"{path}: missing {wrong!r} extra {extra!r} got {got!r}"]
        return []
    if isinstance(expected, Empty):
        return [] if is_empty(actual) else [f"{path}: expected nothing got {actual!r}"]
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: expected object got {actual!r}"]
        out = []
        for k, v in expected.items():
            if k not in actual:
                out.append(f"{path}.{k}: key missing")
            else:
                out += diff(v, actual[k], f"{path}.{k}")
        return out
    if isinstance(expected, (list, tuple)):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{path}: expected {expected!r} got {actual!r}"]
        out = []
        for i, (e, a) in enumerate(zip(expected, actual)):
            out += diff(e, a, f"{path}[{i}]")
        return out
    return [] if expected == actual else [f"{path}: expected {expected!r} got {actual!r}"]
