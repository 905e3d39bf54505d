"""Identity numbers as rules.md describes them: spellings, century, kinds, check digit.

Independent of the Rust code: written from the contract only.
"""

import datetime
import re

RESERVE_LETTERS = "TRSUWXJKLMNP"


class BadNumber(Exception):
    """The text is no identity number (impossible shape or date)."""


def luhn_digit(nine):
    """The check digit of nine digits, weights 2,1,2,1…"""
    total = 0
    for i, c in enumerate(nine):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n // 10 + n % 10
    return str((10 - total % 10) % 10)


def luhn_ok(stored):
    """Does a stored number pass? Only numbers of twelve digits have a check digit."""
    if not re.fullmatch(r"[0-9]{12}", stored):
        return True
    return luhn_digit(stored[2:11]) == stored[11]


def _date_ok(year, month, day):
    try:
        datetime.date(year, month, day)
        return True
    except ValueError:
        return False


def kind_of(stored):
    """The kind that the shape of a stored number tells, or BadNumber."""
    if re.fullmatch(r"[0-9]{8}-TF[0-9A-Z]{2}", stored):
        if not _date_ok(int(stored[:4]), int(stored[4:6]), int(stored[6:8])):
            raise BadNumber
        return "temporary"
    if re.fullmatch(r"[0-9]{10}", stored):
        return "cpr"
    head, serial = stored[:8], stored[8:]
    year, month, day = int(head[:4]), int(head[4:6]), int(head[6:8])
    if re.fullmatch(r"[%s][0-9A-Z]{3}" % RESERVE_LETTERS, serial):
        if not _date_ok(year, month, day):
            raise BadNumber
        return "reserve"
    if not re.fullmatch(r"[0-9]{4}", serial):
        raise BadNumber
    if _date_ok(year, month, day):
        return "personnummer"
    if 60 <= day <= 91 and 0 <= month <= 12:
        if day == 60 or month == 0 or _date_ok(year, month, day - 60):
            return "samordningsnummer"
    raise BadNumber


def _sort_key(year, head):
    """What is compared with the reference date; samordningsnummer by their real day."""
    month, day = int(head[2:4]), int(head[4:6])
    if day >= 60:
        day -= 60
    return (year, month, day)


def _date_possible(year, head):
    try:
        kind_of(f"{year:04}{head[2:6]}0000")
        return True
    except BadNumber:
        return False


def _century(head, plus, today, birth_date):
    """The year of a six-digit head."""
    yy = int(head[:2])
    if birth_date is not None and birth_date.year % 100 == yy:
        return birth_date.year
    year = today.year - today.year % 100 + yy + 100
    ref = (today.year, today.month, today.day)
    while _sort_key(year, head) > ref or not _date_possible(year, head):
        year -= 100
        if year < 1700:
            raise BadNumber
    if plus and today.year - year < 100:
        year -= 100
    return year


def parse(text, today, birth_date=None):
    """A spelling of people (not CPR) → the stored form."""
    t = text.strip(" \t")
    if re.fullmatch(r"[0-9]{8}-TF[0-9A-Z]{2}", t):
        kind_of(t)
        return t
    m = re.fullmatch(r"([0-9]{8})(-?)([0-9A-Z][0-9A-Z]{3})", t)
    if m:
        stored = m[1] + m[3]
    else:
        m = re.fullmatch(r"([0-9]{6})([-+]?)([0-9A-Z][0-9A-Z]{3})", t)
        if not m:
            raise BadNumber
        year = _century(m[1], m[2] == "+", today, birth_date)
        stored = f"{year:04}{m[1][2:]}{m[3]}"
    kind_of(stored)
    return stored


def date_in(stored):
    """The birth date that a number says, or None (month 00, day 60)."""
    try:
        day = int(stored[6:8])
        if day >= 60:
            day -= 60
        return datetime.date(int(stored[:4]), int(stored[4:6]), day)
    except ValueError:
        return None
