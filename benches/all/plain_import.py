#!/usr/bin/env python3
"""A plain import of SPAR's file with lxml and sqlite3, as one would write it in an afternoon: no journal, no limits, no
protection, no number changes, no findings, no way back.

    plain_import.py DB --people ROSTER.csv     fills the table
    plain_import.py DB SPARAvisering_….xml     brings it up to date
"""

import csv
import sqlite3
import sys

from lxml import etree

COMPONENT = "{http://statenspersonadressregister.se/schema/komponent/person/"
POST = COMPONENT + "aviseringpost-1.2}AviseringPost"
NUMBER = f"{COMPONENT}person-1.2}}PersonId/{COMPONENT}person-1.2}}IdNummer"
SECRET = COMPONENT + "skyddadepersonuppgifter-1.1}Sekretessmarkering"
NAME = COMPONENT + "namn/deladenamnelement-1.0}"
NAMES = COMPONENT + "namn/namn-1.0}Namn/"
DETAILS = COMPONENT + "persondetaljer-1.2}Persondetaljer/"
CAUSE = DETAILS + COMPONENT + "avregistrering-1.0}AvregistreringsorsakKod"
PLACE = COMPONENT + "adress/deladeadresselement-1.1}"
ADDRESS = COMPONENT + "adress/folkbokforingsadress-1.1}Folkbokforingsadress/" + PLACE + "SvenskAdress/"

COLUMNS = ["protected", "first_name", "middle_name", "last_name", "status", "care_of", "street", "postal_code", "city"]
FIND = f"SELECT {', '.join(COLUMNS)} FROM person WHERE id_number = ?"
UPDATE = f"UPDATE person SET {', '.join(column + ' = ?' for column in COLUMNS)} WHERE id_number = ?"
INSERT = f"INSERT INTO person (id_number, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"


def fill(database, path):
    database.execute(f"CREATE TABLE person (id_number TEXT PRIMARY KEY, {', '.join(COLUMNS)})")
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            values = [row.get(column) or None for column in COLUMNS[1:]]
            database.execute(INSERT, [row["id_number"], "NEJ", *values])


def statement(post):
    text = post.findtext
    return (
        text(SECRET),
        text(NAMES + NAME + "Fornamn"),
        text(NAMES + NAME + "Mellannamn"),
        text(NAMES + NAME + "Efternamn"),
        text(CAUSE),
        text(ADDRESS + PLACE + "CareOf"),
        text(ADDRESS + PLACE + "Utdelningsadress2"),
        text(ADDRESS + PLACE + "PostNr"),
        text(ADDRESS + PLACE + "Postort"),
    )


def update(database, path):
    for _, post in etree.iterparse(path, tag=POST):
        number = post.findtext(NUMBER)
        stored = database.execute(FIND, [number]).fetchone()
        told = statement(post)
        if stored is not None and stored != told:
            database.execute(UPDATE, [*told, number])
        # What was read goes, or the whole file stays in memory.
        post.clear()
        while post.getprevious() is not None:
            del post.getparent()[0]


def main(words):
    database = sqlite3.connect(words[0])
    database.execute("PRAGMA journal_mode = WAL")
    if words[1] == "--people":
        fill(database, words[2])
    else:
        update(database, words[1])
    database.commit()


main(sys.argv[1:])
