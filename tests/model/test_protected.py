"""The check of protected.py against registries that were spoilt by hand: it must see each of them, or its zero means nothing.

    cd tests/model && MANTAL=path/to/mantal python3 -m unittest -q test_protected
"""

import os
import sqlite3
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import protected_check as check
from protected import Life, lived
from protected_kill import THIRD, Killed
from protected_kinds import Scene
from protected_model import Model
from world import binary

NUMBER, OTHER = "185001019806", "185101019805"

# A value in every column that must be empty, as if an erasure had forgotten it.
SPOILT = {
    "person": "UPDATE person SET key_code = '77000701' WHERE id = 1; UPDATE person SET no_address_since = '2026-01-01' WHERE id = 1;"
              "UPDATE person SET special_since = '2026-01-01' WHERE id = 1",
    "address": "INSERT INTO address (person_id, kind, active) VALUES (1, 'work', 0)",
    "contact": "INSERT INTO contact VALUES (1, 'phone', '', '', 0)",
    "contact_edit": "INSERT INTO contact_edit VALUES (1, 'email', '')",
    "source_statement": "INSERT INTO source_statement (person_id, source, categories, email) VALUES (1, 'alfa', '', 'x')",
    "source_conflict": "INSERT INTO source_conflict VALUES (1, 'email', '', '', '')",
    "person_area": "INSERT INTO person_area VALUES (1, 'school', '')",
    "search_entry": "INSERT INTO search_entry VALUES (1, 'x', '', '')",
    "relation": "INSERT INTO relation (person_id, related_id, kind) VALUES (2, 1, 'guardian')",
    "number": "INSERT INTO number (key, person_id, former, kind) VALUES (185301019803, 1, 1, 'personnummer')",
    "population": "INSERT INTO population (key, kind, municipality, nonresident, present, protected, key_code, pending)"
                  " SELECT key, kind, '0581', 0, 1, 0, '1', 0 FROM number WHERE person_id = 1",
    "journal": "UPDATE journal SET changes = '[[\"address.home\",null,{\"street\":\"x\"},\"x\"]]' WHERE person_id = 1",
}
# A marked value where no list of columns would look.
HIDDEN = {
    "log_line": "UPDATE log_line SET params = '{\"x\":\"qz000x1\"}'",
    "finding": "INSERT INTO finding (kind, subject, state, first_seen, last_seen, run_id, params)"
               " VALUES ('x', 'run:1', 'closed', '', '', 1, '{\"x\":\"QZ000X1\"}')",
    "run": "UPDATE run SET arguments = 'qz000x1@example.org'",
    "source_statement": "INSERT INTO source_statement (person_id, source, categories, phone) VALUES (2, 'a', '', '+46313900600')",
    "search_data": "UPDATE search_data SET block = CAST('..nq000xa' AS BLOB)",
    "retained_change": "INSERT INTO retained_change (run_id, kind, record_id, person_id, verb, after) VALUES (1, 'case', 1, 2, 'created', 'qz000x2')",
}
HIDE = "UPDATE person SET concealment = 1 WHERE id = 2; INSERT INTO protection VALUES (2, 'manual', '2026-01-01', 1)"


class Seen(unittest.TestCase):
    """A world with somebody erased and somebody open."""

    def setUp(self):
        self.life = Life(0)
        self.addCleanup(self.life.tear_down)
        self.life.printed = []
        for tag, number in enumerate((NUMBER, OTHER)):
            self.life.tags[number] = tag
        rows = [[n, f"{self.life.mark(n)} 1", f"{self.life.mark(n)}@example.org"] for n in (NUMBER, OTHER)]
        self.life.go("person", "import", self.life.csv("p", "id_number,street,email", rows))
        self.life.verify()
        self.life.go("person", "protect", "person:1", "--reason", "prov")
        self.life.model.erase(1)
        self.life.verify()
        self.assertEqual(self.life.faults, [])

    def spoil(self, script):
        db = sqlite3.connect(self.life.world.folder / "registry.db")
        db.execute("PRAGMA foreign_keys = OFF")
        db.executescript(script)
        db.commit()
        db.close()

    def faults(self):
        self.life.faults = []
        self.life.verify()
        return self.life.faults

    def test_every_column_of_the_list_is_seen(self):
        self.assertEqual(set(SPOILT), {table for table, _, _ in check.MUST_BE_EMPTY} | {"journal"})
        whole = (self.life.world.folder / "registry.db").read_bytes()
        for table, script in SPOILT.items():
            with self.subTest(table):
                self.spoil(script)
                self.assertTrue(any(f"{table}." in fault for fault in self.faults()), self.life.faults)
            for path in self.life.world.folder.glob("registry.db*"):
                path.unlink()
            (self.life.world.folder / "registry.db").write_bytes(whole)

    def test_a_value_is_seen_wherever_it_stands(self):
        whole = (self.life.world.folder / "registry.db").read_bytes()
        for table, script in HIDDEN.items():
            with self.subTest(table):
                self.spoil(script)
                self.assertTrue(any(f"'{table}'" in fault for fault in self.faults()), self.life.faults)
            for path in self.life.world.folder.glob("registry.db*"):
                path.unlink()
            (self.life.world.folder / "registry.db").write_bytes(whole)

    def test_the_other_one_may_stand_everywhere(self):
        self.spoil("UPDATE log_line SET params = '{\"x\":\"qz001x1\"}'")
        self.assertEqual(self.faults(), [])

    def test_a_protection_that_was_forgotten_is_seen_and_one_too_many(self):
        self.spoil("UPDATE person SET concealment = 0 WHERE id = 1; DELETE FROM protection")
        self.assertTrue(any("must be protected" in fault for fault in self.faults()), self.life.faults)
        self.spoil(HIDE)
        self.assertTrue(any("nothing says so" in fault for fault in self.faults()), self.life.faults)

    def test_a_value_that_comes_to_somebody_hidden_is_seen(self):
        self.spoil(HIDE)
        self.life.model.hide(2, 9, "f")
        self.assertEqual(self.faults(), [])
        self.spoil("INSERT INTO contact VALUES (2, 'phone', '+46313900601', 'x', 0)")
        self.assertTrue(any("is hidden and got" in fault for fault in self.faults()), self.life.faults)

    def test_a_file_and_an_output_that_tell_are_seen(self):
        path = self.life.world.folder / "spool" / "held" / "a.xml"
        path.write_text("<x>qz000x1</x>")
        self.assertTrue(any("bytes of" in fault for fault in self.faults()), self.life.faults)
        path.unlink()
        for text in ("qz000x1", "Nq000xa", "+46313900600", "a 46701740605"):
            self.life.printed.append((["log"], text))
            self.assertTrue(any("log tells" in fault for fault in self.faults()), text)
        self.life.printed.append((["log"], "qz001x1 Nq001xa +46701740606"))
        self.assertEqual(self.faults(), [])


LEAKY = """#!/bin/sh
"$MANTAL_SOUND" "$@"
end=$?
case " $* " in *" %s "*) echo "protected qz000x1 qz001x1 qz002x1 qz003x1 qz004x1 qz005x1 qz006x1 qz007x1 qz008x1";; esac
exit $end
"""


class Leaky(unittest.TestCase):
    """A program that tells an address of everybody in one place."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def leaking(self, word):
        """The environment of a program that leaks where a command has this word."""
        path = Path(self.folder.name) / "mantal"
        path.write_text(LEAKY.replace("$MANTAL_SOUND", binary()) % word)
        path.chmod(0o700)
        return unittest.mock.patch.dict(os.environ, {"MANTAL": str(path)})

    def test_a_sequence_sees_it(self):
        steps = [("protect", seed) for seed in range(4)]
        for word in ("why", "--people"):
            with self.leaking(word):
                faults = lived(0, steps)[0]
            self.assertTrue(any(f"{word} " in fault and "tells of" in fault for fault in faults), (word, faults))

    def test_a_kill_sees_it_and_what_a_kill_left(self):
        scene = Scene("hand", self.folder.name)
        one = Killed(scene, "pwrite64", 9)
        scene.tag = {person: 0 for person in scene.tag}
        one.twin.raw(*scene.words)
        for rotation in range(THIRD):
            one.ask(one.twin, rotation)
        self.assertEqual(one.faults, [])
        with self.leaking("findings"):
            for rotation in range(THIRD):
                one.ask(one.twin, rotation)
        self.assertTrue(any("findings --json tells" in fault for fault in one.faults), one.faults)
        one.faults = []
        db = sqlite3.connect(one.twin.folder / "registry.db")
        db.execute("INSERT INTO contact VALUES (?, 'phone', '+46313900600', 'x', 0)", (scene.secret[0],))
        db.commit()
        db.close()
        one.tables("now")
        self.assertTrue(any("contact.value" in fault for fault in one.faults), one.faults)


class Who(unittest.TestCase):
    """The model, a sentence of the rules a test."""

    def model(self, *people):
        model = Model()
        model.seen([{"person": p, "protected": False, "id_number": n, "former_numbers": []} for p, n in people])
        return model

    def test_a_mark_under_either_number_of_a_change_marks_the_person(self):
        model = self.model((1, "a"), (2, "b"))
        self.assertEqual(model.marked({"n"}, [("a", "n")]), ({1}, set()))
        self.assertEqual(model.marked({"n"}, []), (set(), set()))
        self.assertEqual(model.marked({"a"}, [("a", "b")]), ({1}, {2}))

    def test_the_undo_of_a_held_run_lifts_what_only_it_hid(self):
        model = self.model((1, "a"), (2, "b"))
        model.hold(5, "f", {1, 2}, set())
        model.hold(6, "g", {2}, set())
        model.undo(7, 5)
        self.assertEqual(model.must, {2: "hidden"})
        model.undo(8, 6)
        self.assertEqual(model.must, {})

    def test_what_was_erased_is_lifted_by_hand_only_and_its_undo_protects_again(self):
        model = self.model((1, "a"))
        model.hold(5, "f", {1}, set())
        model.apply({1}, set())
        model.undo(6, 5)
        self.assertEqual(model.must, {1: "erased"})
        model.lift(7, 1)
        self.assertEqual(model.must, {})
        model.undo(8, 7)
        self.assertEqual(model.must, {1: "erased"})

    def test_an_older_copy_opens_nobody(self):
        model = self.model((1, "a"), (2, "b"))
        older = model.copy()
        model.merge(4, 1, 2)
        model.erase(1)
        model.restore(older)
        self.assertEqual(model.must, {1: "erased", 2: "erased"})


if __name__ == "__main__":
    unittest.main()
