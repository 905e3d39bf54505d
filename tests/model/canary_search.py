#!/usr/bin/env python3
"""Looks for canaries in every file below some folders, by name and content, in every spelling that we thought of.

    python3 tests/model/canary_search.py CANARIES.json FOLDER...

A program of its own: it knows nothing of mantal but what SQLite makes of an integer. Prints one JSON object a hit and
ends 3 if there is any. CANARIES.json: {"texts": […], "words": […], "numbers": […], "phones": […]}.

- A text ends in MARK. Bytes are not searched for its encodings; they are decoded first, one way after the other (VIEWS), and
  the mark is looked for in what comes out. So Latin-1, UTF-8 and every other superset of ASCII are one case. Its first
  letters don't count: an index that stores words by what they share with the word before would hide them.
- A word has no mark: codes and dates, which stand as they are in any view.
- Of a number the last ten digits are looked for, whatever stands between them, and its integer as SQLite stores it. Of a
  phone number the last nine.
"""

import base64
import binascii
import gzip
import html
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote_to_bytes

MARK = "xqvzj"
SHARED = 3
RUN = {"hex": re.compile(rb"[0-9a-f]{16,}"), "base64": re.compile(rb"[A-Za-z0-9+/_-]{12,}")}
DIGITS = re.compile(rb"\d(?:[ \t+/.-]?\d){8,}")
ESCAPE = re.compile(rb"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\u\{([0-9a-f]+)\}", re.I)


def escaped(data):
    """JSON's and Rust's escapes."""
    if b"\\" not in data:
        return b""
    letter = lambda m: chr(min(int(m[1] or m[2] or m[3], 16), 0x10FFFF)).encode("utf-8", "replace")
    return ESCAPE.sub(letter, data)


def references(data):
    """XML's references."""
    return html.unescape(data.decode("latin-1")).encode("utf-8", "replace") if b"&#" in data else b""


def percent(data):
    return unquote_to_bytes(data) if b"%" in data else b""


def quoted_printable(data):
    return binascii.a2b_qp(data) if re.search(rb"=[0-9A-F]{2}", data) else b""


def hexadecimal(data):
    # Bytes in hexadecimal may stand apart: 61 62, 61:62, \x61\x62.
    low = re.sub(rb"(?<=[0-9a-f]{2})(?:[ :,-]|\\x|0x|, ?0x)(?=[0-9a-f]{2})", b"", data.lower())
    out = []
    for run in RUN["hex"].findall(low):
        for shift in (0, 1):
            part = run[shift:]
            out.append(bytes.fromhex(part[: len(part) // 2 * 2].decode()))
    return b"\n".join(out)


def base_64(data):
    # Broken into lines, as mail has it, and whole.
    out = []
    for text in {data, re.sub(rb"(?<=[A-Za-z0-9+/]{60})\r?\n", b"", data)}:
        for run in RUN["base64"].findall(text):
            run = run.translate(bytes.maketrans(b"-_", b"+/"))
            for shift in range(4):
                part = run[shift:]
                part = part[: len(part) - (len(part) % 4 == 1)]
                out.append(base64.b64decode(part + b"=" * (-len(part) % 4)))
    return b"\n".join(out)


def backwards(data):
    return data[::-1]


VIEWS = {
    "as it is": lambda data: data,
    "UTF-16 or UTF-32": lambda data: data.replace(b"\0", b"") if b"\0" in data else b"",
    "percent": percent,
    "escapes": escaped,
    "references": references,
    "quoted-printable": quoted_printable,
    "hexadecimal": hexadecimal,
    "base64": base_64,
    "backwards": backwards,
}


def sqlite_integers(number):
    """A number as a value and as a key of a table, in the bytes of SQLite's file format."""
    value, groups = int(number), []
    while value:
        groups.append(value & 0x7F | (0x80 if groups else 0))
        value >>= 7
    return [int(number).to_bytes(6, "big"), bytes(reversed(groups))]


class Canaries:
    def __init__(self, texts=(), words=(), numbers=(), phones=()):
        self.texts = {needle(t): t for t in texts}
        self.longest = max((len(n) for n in self.texts), default=0)
        self.words = {w.encode().lower(): w for w in words}
        self.numbers = {n[-10:].encode(): n for n in numbers}
        self.integers = {raw: n for n in numbers if n.isdigit() for raw in sqlite_integers(n)}
        self.phones = {p[-9:].encode(): p for p in phones}

    def within(self, data, how):
        """(canary, how) for all in one view of some bytes."""
        low = data.lower()
        yield from ((text, how) for text in self.marked(low))
        yield from ((word, how) for raw, word in self.words.items() if raw in low)
        if how == "backwards":
            return
        for run in DIGITS.findall(low):
            digits = re.sub(rb"\D", b"", run)
            for known, length in ((self.numbers, 10), (self.phones, 9)):
                windows = (digits[at:at + length] for at in range(len(digits) - length + 1))
                yield from ((known[w], how) for w in windows if w in known)

    def marked(self, low):
        mark, at = MARK.encode(), -1
        while self.texts and (at := low.find(mark, at + 1)) >= 0:
            before = low[max(0, at - self.longest):at + len(mark)]
            yield from (text for raw, text in self.texts.items() if before.endswith(raw))

    def search(self, data):
        """{canary: how} for everything in some bytes, each with the first view that shows it."""
        found = {}
        tell = lambda hits: [found.setdefault(canary, how) for canary, how in hits]
        for name, view in VIEWS.items():
            seen = view(data)
            tell(self.within(seen, name))
            # Two steps: what a program encodes twice, such as UTF-16 in base64, or an escaped text in hexadecimal.
            if name in ("hexadecimal", "base64", "percent"):
                tell(self.within(VIEWS["UTF-16 or UTF-32"](seen), f"UTF-16 in {name}"))
        tell((number, "integer") for raw, number in self.integers.items() if raw in data)
        for what, inside in unpacked(data):
            tell((canary, f"{how} in {what}") for canary, how in self.search(inside).items())
        return found


def needle(text):
    return text[SHARED:].encode().lower()


def unpacked(data):
    """What lies packed in a file."""
    try:
        if data[:2] == b"\x1f\x8b":
            yield "gzip", gzip.decompress(data)
        elif data[:2] == b"PK":
            packed = zipfile.ZipFile(io.BytesIO(data))
            yield from ((f"zip {name}", packed.read(name)) for name in packed.namelist())
    except (OSError, EOFError, zipfile.BadZipFile, RuntimeError):
        return


def search(canaries, folders):
    """(file, canary, how) for every hit."""
    for folder in map(Path, folders):
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            name = str(path.relative_to(folder)) if path != folder else path.name
            yield from ((name, canary, f"name, {how}") for canary, how in canaries.search(name.encode("utf-8", "surrogateescape")).items())
            if path.is_file():
                yield from ((name, canary, how) for canary, how in sorted(canaries.search(path.read_bytes()).items()))


def main():
    canaries = Canaries(**json.loads(Path(sys.argv[1]).read_text()))
    hits = 0
    for file, canary, how in search(canaries, sys.argv[2:]):
        hits += 1
        print(json.dumps({"file": file, "canary": canary, "how": how}))
    return 3 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
