"""The model against expectations made by hand: one test per sentence of rules.md.

    cd tests/model && python3 -m unittest -q test_model

Numbers are Skatteverket's published test numbers.
"""

import datetime
import random
import unittest

import generate as g
import idnum
import model
from tolerant import OneOf, diff, possible

DAY = datetime.date(2025, 3, 10)
A, B, C, D = "198501012382", "198501012390", "198501022381", "198501022399"
NEW1, NEW2 = "198501032380", "198501032398"
SAM = "197701862398"


def registry(*rows, columns="id_number,category,first_name,middle_name,last_name,birth_date,street,postal_code,city,email,comment,allow_update"):
    data = "\n".join([columns, *rows]).encode() + b"\n"
    return model.import_people(model.Registry(), data, DAY).registry


def known(*numbers, box="yes", comment=""):
    return registry(*[f"{n},borrower,Anna,,Ek,,Gamla vägen 1,97299,LULEÅ,a@example.org,{comment},{box}" for n in numbers])


def plain(number, changed="2025-03-04", **more):
    s = g.post(random.Random(0), number, changed, None)
    s["details"] = [{}]
    s.update(more)
    return s


def home(line="Nygatan 2", code="60299", city="NORRKÖPING", **more):
    return {"form": "SvenskAdress", "Utdelningsadress2": line, "PostNr": code, "Postort": city, **more}


def at(*addresses):
    return {"Folkbokforingsadress": list(addresses)}


def xml(*posts, form="2021.1", created="2025-03-05T03:15:00.000", **more):
    return g.write_file(random.Random(1), [list(posts)], created, form=form, **more)[1]


def run(reg, *posts, today=DAY, allow=None, **more):
    return model.import_spar(reg, xml(*posts, **more), today, allow)


def first(outcome):
    return outcome.registry.people[1]


class IdentityNumbers(unittest.TestCase):
    def test_every_common_spelling(self):
        for text in ("8501012382", "850101-2382", A, "19850101-2382", " 198501012382 "):
            self.assertEqual(idnum.parse(text, DAY), A, text)

    def test_a_blank_inside_is_refused(self):
        with self.assertRaises(idnum.BadNumber):
            idnum.parse("850101 2382", DAY)

    def test_the_latest_year_whose_date_is_not_after_the_reference_date(self):
        self.assertEqual(idnum.parse("160101-2394", datetime.date(2016, 1, 1))[:4], "2016")
        self.assertEqual(idnum.parse("160101-2394", datetime.date(2015, 12, 31))[:4], "1916")

    def test_unless_the_rows_birth_date_says_otherwise(self):
        self.assertEqual(idnum.parse("160101-2394", DAY, datetime.date(1916, 1, 1))[:4], "1916")

    def test_plus_is_a_hundred_years_earlier_if_less_than_100_this_year(self):
        self.assertEqual(idnum.parse("160101+2394", DAY)[:4], "1916")
        # Turns exactly 100 this year: the latest year already is a hundred years back.
        self.assertEqual(idnum.parse("251231+0000", DAY)[:4], "1925")

    def test_samordningsnummer_have_month_00_to_12_and_day_60_to_91(self):
        for n in (SAM, "197700712388", "191711602399"):
            self.assertEqual(idnum.kind_of(n), "samordningsnummer")

    def test_temporary_is_read_before_the_reserve_letter(self):
        self.assertEqual(idnum.kind_of(idnum.parse("18500101-TF01", DAY)), "temporary")
        self.assertEqual(idnum.kind_of(idnum.parse("18500101-T123", DAY)), "reserve")

    def test_an_impossible_date_is_refused(self):
        for text in ("18500230" + "1234", "18991399" + "1234", "18500101" + "A123", "1850"):
            with self.assertRaises(idnum.BadNumber):
                idnum.parse(text, DAY)

    def test_published_numbers_pass_the_check(self):
        for n in (A, B, C, D, NEW1, NEW2, SAM):
            self.assertTrue(idnum.luhn_ok(n))
            self.assertFalse(idnum.luhn_ok(n[:-1] + str((int(n[-1]) + 1) % 10)))


class PersonImport(unittest.TestCase):
    def test_new_people_are_numbered_in_the_order_of_their_numbers(self):
        reg = known(C, A, B)
        self.assertEqual([p.number for p in reg.people.values()], [A, B, C])

    def test_empty_cells_and_missing_columns_keep(self):
        reg = known(A)
        reg = model.import_people(reg, f"id_number,first_name,last_name\n{A},,Berg\n".encode(), DAY).registry
        p = reg.people[1]
        self.assertEqual((p.first, p.last, p.contacts["email"]), ("Anna", "Berg", "a@example.org"))

    def test_a_second_row_with_another_kind_adds_that_address(self):
        data = f"id_number,address_kind,street,city\n{A},extra,E 1,X\n{A},work,W 1,X\n".encode()
        p = model.import_people(model.Registry(), data, DAY).registry.people[1]
        self.assertEqual({k: a["active"] for k, a in p.addresses.items()}, {"extra": False, "work": True})

    def test_none_becomes_active_if_one_is_already(self):
        reg = model.import_people(known(A), f"id_number,address_kind,street\n{A},work,W 1\n".encode(), DAY).registry
        self.assertEqual({k: a["active"] for k, a in reg.people[1].addresses.items()}, {"home": True, "work": False})

    def test_rows_that_disagree_in_a_filled_cell_are_all_rejected(self):
        data = f"id_number,last_name\n{A},Ek\n{A},Berg\n{B},Lind\n".encode()
        out = model.import_people(model.Registry(), data, DAY)
        self.assertEqual((out.rejected, len(out.registry.people), out.exits), ({2, 3}, 1, {3}))

    def test_protected_people_get_nothing(self):
        reg = run(known(A), plain(A, secrecy="JA")).registry
        out = model.import_people(reg, f"id_number,email\n{A},b@example.org\n".encode(), DAY)
        self.assertEqual((out.records, out.registry.people[1].contacts), ([{"skipped"}], {}))

    def test_empty_allow_update_is_yes_for_a_new_person_and_kept_for_a_known_one(self):
        reg = known(A, box="no")
        self.assertFalse(reg.people[1].allow_update)
        reg = model.import_people(reg, f"id_number,allow_update\n{A},\n".encode(), DAY).registry
        self.assertFalse(reg.people[1].allow_update)
        self.assertTrue(model.import_people(model.Registry(), f"id_number\n{A}\n".encode(), DAY).registry.people[1].allow_update)

    def test_a_failing_check_digit_is_kept_with_a_finding_and_held(self):
        out = model.import_people(model.Registry(), f"id_number\n{A[:-1]}3\n".encode(), DAY)
        self.assertEqual((out.must, out.registry.people[1].spar()["state"]), ({("check-digit", "person:1")}, "held"))

    def test_equal_without_case_and_blanks_keeps_the_stored_spelling(self):
        out = model.import_people(known(A), f"id_number,first_name,postal_code\n{A},ANNA,972 99\n".encode(), DAY)
        self.assertEqual((out.records, first(out).first, first(out).addresses["home"]["postal_code"]), ([{"unchanged"}], "Anna", "97299"))

    def test_a_wrong_header_is_exit_2(self):
        for head in ("first_name", "id_number,id_number", "id_number,shoe_size"):
            self.assertEqual(model.import_people(model.Registry(), (head + "\n").encode(), DAY).exits, {2})


class Protection(unittest.TestCase):
    def test_any_value_but_nej_counts_as_protected(self):
        for value in ("JA", "J", "KANSKE", "", None):
            self.assertTrue(first(run(known(A), plain(A, secrecy=value))).protected, value)
        for value in ("NEJ", "N"):
            self.assertFalse(first(run(known(A), plain(A, secrecy=value))).protected, value)

    def test_skyddad_absent_counts_as_nej_only_if_no_post_of_the_file_carries_it(self):
        none = [plain(A, protected_reg=None), plain(B, protected_reg=None)]
        self.assertFalse(first(run(known(A, B), *none)).protected)
        self.assertTrue(first(run(known(A, B), none[0], plain(B))).protected)

    def test_marks_inside_the_current_details_count(self):
        self.assertTrue(first(run(known(A), plain(A, details=[{"Sekretessmarkering": "JA"}]))).protected)

    def test_address_contacts_and_former_numbers_go_names_stay(self):
        reg = run(known(A), g.link_post(random.Random(0), A, "2025-03-01", "GN", [(NEW1, "Till")])).registry
        p = first(run(reg, plain(NEW1, secrecy="JA")))
        self.assertEqual((p.addresses, p.contacts, p.former, p.refused, p.first), ({}, {}, [], {A}, "Anna"))

    def test_a_row_with_a_refused_number_is_counted_never_applied_never_created(self):
        reg = run(known(A), g.link_post(random.Random(0), A, "2025-03-01", "GN", [(NEW1, "Till")])).registry
        reg = run(reg, plain(NEW1, secrecy="JA")).registry
        out = model.import_people(reg, f"id_number,first_name\n{A},Ny\n".encode(), DAY)
        self.assertEqual((out.records, len(out.registry.people)), ([{"skipped"}], 1))

    def test_neither_blocked_nor_deregistered(self):
        p = first(run(known(A), plain(A, secrecy="JA")))
        self.assertEqual((p.blocked, p.status, p.deregistration), (False, "active", None))

    def test_staff_comment_gives_comment_review(self):
        self.assertIn(("comment-review", "person:1"), run(known(A, comment="Ring först"), plain(A, secrecy="JA")).must)

    def test_it_beats_allow_update(self):
        self.assertTrue(first(run(known(A, box="no"), plain(A, secrecy="JA"))).protected)

    def test_a_number_change_in_a_protected_post_is_a_finding(self):
        s = plain(A, secrecy="JA", details=[{"links": [(NEW1, "Till")]}])
        out = run(known(A), s)
        self.assertEqual(first(out).number, A)
        self.assertIn(("number-change", "person:1"), out.must)

    def test_a_newer_nej_is_a_finding_and_nothing_comes_back(self):
        reg = run(known(A), plain(A, secrecy="JA")).registry
        out = run(reg, plain(A, addresses=at(home())), created="2025-03-06T03:15:00.000")
        self.assertIn(("protection-lifted", "person:1"), out.must)
        self.assertEqual((first(out).protected, first(out).addresses), (True, {}))

    def test_protected_wins_over_a_later_post(self):
        out = run(known(A), plain(A, "2025-01-01", secrecy="JA"), plain(A, "2025-03-04", addresses=at(home())))
        self.assertEqual((first(out).protected, first(out).addresses, out.records), (True, {}, [{"changed"}, {"skipped"}]))

    def test_a_held_file_hides_and_erases_nothing(self):
        reg = known(A, B, C, D)
        out = run(reg, *[plain(n, secrecy="JA") for n in (A, B, C, D)])
        self.assertEqual((out.exits, out.held), ({4}, {"protected": 4}))
        self.assertTrue(all(p.protected and p.addresses for p in out.registry.people.values()))
        self.assertEqual(run(out.registry, *[plain(n, secrecy="JA") for n in (A, B, C, D)], allow={"protected": 4}).held, {})

    def test_a_hidden_person_shows_only_the_named_keys(self):
        e = first(run(known(A), plain(A, secrecy="JA"))).expected()
        shown = {"person": 1, "id_number": A, "id_kind": "personnummer", "status": "active", "protected": True, "blocked": False,
                 "protection": ["sekretessmarkering"], "allow_update": True,
                 "spar": {"state": "answered", "list": None, "sent": None, "answer_due": None, "answered": "2025-03-05"}}
        rest = {k: None for k in e if k not in shown}
        self.assertEqual(diff(e, {**rest, **shown}), [])
        self.assertNotEqual(diff(e, {**rest, **shown, "first_name": "Anna"}), [])


class Doubles(unittest.TestCase):
    def test_the_later_post_counts(self):
        for order in (1, -1):
            posts = [plain(A, "2025-01-01", addresses=at(home("Gamla 1"))), plain(A, "2025-03-01", addresses=at(home("Nya 1")))][::order]
            self.assertEqual(first(run(known(A), *posts)).addresses["home"]["street"], "Nya 1")

    def test_an_equal_double_is_skipped(self):
        s = plain(A, addresses=at(home()))
        self.assertEqual(run(known(A), s, dict(s)).records, [{"changed"}, {"skipped"}])

    def test_equal_date_and_different_neither(self):
        out = run(known(A), plain(A, addresses=at(home("X 1"))), plain(A, addresses=at(home("Y 1"))))
        self.assertEqual(first(out).addresses["home"]["street"], "Gamla vägen 1")
        self.assertIn(("post-conflict", "person:1"), out.must)

    def test_the_gn_post_gives_its_link_the_other_its_facts(self):
        out = run(known(A), g.link_post(random.Random(0), A, "2025-03-04", "GN", [(NEW1, "Till")]), plain(NEW1, "2025-01-01", addresses=at(home())))
        p = first(out)
        self.assertEqual((p.number, p.addresses["home"]["street"], p.status), (NEW1, "Nygatan 2", "active"))
        self.assertEqual(out.records, [{"skipped"}, {"changed"}])


class Unknown(unittest.TestCase):
    def test_unknown_people_are_counted_never_created(self):
        out = run(known(A), plain(B))
        self.assertEqual((out.records, len(out.registry.people)), ([{"unknown"}], 1))

    def test_a_post_without_a_readable_number_is_rejected(self):
        out = run(known(A), plain("18991399" + "1234"))
        self.assertEqual((out.rejected, out.exits), ({1}, {3}))

    def test_if_it_carries_protection_the_file_is_held(self):
        self.assertEqual(run(known(A), plain("18991399" + "1234", secrecy="JA")).held, {"unreadable": 1})


class Box(unittest.TestCase):
    def test_address_name_death_and_deregistration_stay_with_a_finding(self):
        for s in (plain(A, addresses=at(home())), plain(A, names=[{"Fornamn": "Eva", "Efternamn": "Ek"}]),
                  plain(A, details=[{"AvregistreringsorsakKod": "AV"}]), plain(A, details=[{"AvregistreringsorsakKod": "UV"}])):
            out = run(known(A, box="no"), s)
            self.assertIn(("update-blocked", "person:1"), out.must)
            self.assertEqual((out.records, first(out).status, first(out).addresses["home"]["street"]), ([{"skipped"}], "active", "Gamla vägen 1"))

    def test_number_change_is_applied(self):
        out = run(known(A, box="no"), g.link_post(random.Random(0), A, "2025-03-04", "GN", [(NEW1, "Till")]))
        self.assertEqual(first(out).number, NEW1)

    def test_nothing_new_is_no_finding(self):
        out = run(known(A, box="no"), plain(A, names=[{"Fornamn": "ANNA", "Efternamn": "EK"}]))
        self.assertEqual(out.must, set())


class NumberChange(unittest.TestCase):
    def link(self, number, code, *links):
        return g.link_post(random.Random(0), number, "2025-03-04", code, list(links))

    def test_new_number_old_becomes_former_and_the_new_is_queued(self):
        p = first(run(known(A), self.link(A, "GN", (NEW1, "Till"))))
        self.assertEqual((p.number, p.former, p.status, p.spar()["state"]), (NEW1, [A], "active", "queued"))

    def test_fran_in_the_post_of_the_new_number(self):
        self.assertEqual(first(run(known(A), plain(NEW1, details=[{"links": [(A, "Fran")]}]))).number, NEW1)

    def test_one_without_typ_is_no_link(self):
        out = run(known(A), self.link(A, "GN", (NEW1, None)))
        self.assertEqual(first(out).number, A)
        self.assertIn(("number-change", "person:1"), out.must)

    def test_chains_are_followed(self):
        p = first(run(known(A), self.link(NEW1, "GN", (NEW2, "Till")), self.link(A, "GN", (NEW1, "Till"))))
        self.assertEqual((p.number, p.former), (NEW2, [A]))

    def test_cycles_are_a_finding(self):
        out = run(known(A), self.link(A, "GN", (NEW1, "Till")), self.link(NEW1, "GN", (A, "Till")))
        self.assertEqual(first(out).number, A)
        self.assertIn(("number-change", "person:1"), out.must)

    def test_another_record_is_two_records_and_nothing_is_merged(self):
        out = run(known(A, B), self.link(A, "GN", (B, "Till")))
        self.assertEqual([p.number for p in out.registry.people.values()], [A, B])
        self.assertEqual(out.two, [{"person:1", "person:2"}])

    def test_gn_without_a_link_is_a_finding_status_unchanged(self):
        out = run(known(A), self.link(A, "GN"))
        self.assertIn(("number-change", "person:1"), out.must)
        self.assertEqual(first(out).status, "active")

    def test_every_lookup_finds_former_numbers(self):
        reg = run(known(A), self.link(A, "GN", (NEW1, "Till"))).registry
        self.assertEqual(run(reg, plain(A, addresses=at(home()))).records, [{"changed"}])

    def test_the_old_form(self):
        p = first(run(known(A), self.link(A, "G", (NEW1, "Till")), form="old"))
        self.assertEqual((p.number, p.former), (NEW1, [A]))


class Death(unittest.TestCase):
    def die(self, **details):
        return first(run(known(A), plain(A, details=[details], addresses=at(home()))))

    def test_status_block_comment_and_address_not_updated(self):
        p = self.die(AvregistreringsorsakKod="AV", Avlidendatum="1997-07-01")
        self.assertEqual((p.status, p.blocked, p.lines, p.addresses["home"]["street"]),
                         ("deceased", True, ["SPAR - Avliden. Avregistreringsdatum 19970701"], "Gamla vägen 1"))

    def test_which_date(self):
        for details, line in (
            (dict(Avlidendatum="2024-01-02", AntraffadDodDatum="2024-01-03", Avregistreringsdatum="2024-01-04"), "20240102"),
            (dict(AntraffadDodDatum="2024-01-03", Avregistreringsdatum="2024-01-04"), "20240103"),
            (dict(AvregistreringsorsakKod="A", Avregistreringsdatum="2024-01-04"), "20240104"),
            (dict(Avlidendatum="2024-01-00"), "20240100"),
            (dict(Avlidendatum="2024-00-00"), "20240000"),
            (dict(Avlidendatum="202401"), "20240100"),
            (dict(Avlidendatum="2024"), "20240000"),
        ):
            self.assertEqual(self.die(**details).lines, ["SPAR - Avliden. Avregistreringsdatum " + line], details)

    def test_none_at_all(self):
        self.assertEqual(self.die(AvregistreringsorsakKod="AV").lines, ["SPAR - Avliden."])

    def test_any_death_date_and_code_as_delivered(self):
        self.assertEqual(self.die(Avlidendatum="2024-01-00").deregistration, {"code": "AV", "date": "2024-01-00"})
        self.assertEqual(self.die(AvregistreringsorsakKod="A", Avregistreringsdatum="2024-01-04").deregistration["code"], "A")

    def test_only_the_current_interval_counts(self):
        old = {"AvregistreringsorsakKod": "AV", "iv": ("2010-01-01", "2012-01-01")}
        self.assertEqual(first(run(known(A), plain(A, details=[old, {"iv": ("2012-01-01", "9999-12-31")}]))).status, "active")


class Deregistered(unittest.TestCase):
    def test_every_other_code(self):
        for code in ("UV", "OB", "TA", "FI", "AS", "O", "ZZ"):
            p = first(run(known(A), plain(A, details=[{"AvregistreringsorsakKod": code, "Avregistreringsdatum": "2024-11-30"}])))
            self.assertEqual((p.status, p.blocked, p.lines, p.deregistration),
                             ("deregistered", True, [model.OTHER_LINE], {"code": code, "date": "2024-11-30"}))

    def test_utlandsadress_for_one_without_a_swedish(self):
        abroad = {"form": "InternationellAdress", "Utdelningsadress1": "Street 1", "Utdelningsadress3": "Floor 2", "Land": "DANMARK"}
        gone = [{"AvregistreringsorsakKod": "UV"}]
        a = first(run(known(A), plain(A, details=gone, addresses={"Utlandsadress": [abroad]}))).addresses["home"]
        self.assertEqual((a["street"], a["postal_code"], a["city"], a["country"]), ("Street 1, Floor 2", None, None, "DANMARK"))
        a = first(run(known(A), plain(A, addresses={"Utlandsadress": [abroad]}))).addresses["home"]
        self.assertEqual(a["street"], "Gamla vägen 1")
        a = first(run(known(A), plain(A, details=gone, addresses={"Utlandsadress": [abroad], **at(home())}))).addresses["home"]
        self.assertEqual(a["street"], "Nygatan 2")


class NoAddress(unittest.TestCase):
    def later(self, reg, *posts, today):
        out = run(reg, *posts)
        return first(model.import_spar(out.registry, xml(*posts), today))

    def test_two_years_after_the_files_date(self):
        for posts in ([plain(A)], [plain(A, homes=[{"Hemvist": "Utan känt hemvist"}])]):
            self.assertEqual(self.later(known(A), *posts, today=datetime.date(2027, 3, 4)).status, "active")
            p = self.later(known(A), *posts, today=datetime.date(2027, 3, 5))
            self.assertEqual((p.status, p.blocked, p.lines), ("deregistered", True, [model.OTHER_LINE]))

    def test_any_address_from_any_source_stops_it(self):
        reg = run(known(A), plain(A)).registry
        reg = model.import_people(reg, f"id_number,street,city\n{A},Ny 1,X\n".encode(), DAY).registry
        self.assertIsNone(reg.people[1].no_address_since)

    def test_the_clock_keeps_its_first_date(self):
        reg = run(known(A), plain(A)).registry
        reg = run(reg, plain(A), created="2025-04-01T00:00:00.000").registry
        self.assertEqual(reg.people[1].no_address_since, datetime.date(2025, 3, 5))

    def test_protected_deceased_and_gn_posts_start_none(self):
        for s in (plain(A, secrecy="JA"), plain(A, details=[{"AvregistreringsorsakKod": "AV"}]), plain(A, details=[{"AvregistreringsorsakKod": "GN"}])):
            self.assertIsNone(first(run(known(A), s)).no_address_since)

    def test_becoming_protected_stops_one(self):
        reg = run(known(A), plain(A)).registry
        self.assertIsNone(first(run(reg, plain(A, secrecy="JA"), created="2025-03-06T00:00:00.000")).no_address_since)

    def test_pa_kommunen_skriven_and_samordningsnummer_are_a_finding_never_a_block(self):
        for number, homes in ((A, [{"Hemvist": "På kommunen skriven"}]), (SAM, [])):
            out = run(known(number), plain(number, homes=homes))
            self.assertIn(("no-address", "person:1"), out.must)
            self.assertIsNone(first(out).no_address_since)


class Addresses(unittest.TestCase):
    def where(self, *, active=None, kinds=()):
        rows = [f"{A},{k},Old {k},11199,X" for k in kinds]
        reg = registry(*rows or [f"{A},,,,"], columns="id_number,address_kind,street,postal_code,city")
        return {k: (a["street"], a["active"]) for k, a in first(run(reg, plain(A, addresses=at(home())))).addresses.items()}

    def test_none_active_it_becomes_the_active_home(self):
        self.assertEqual(self.where(), {"home": ("Nygatan 2", True)})

    def test_home_active_is_replaced_whole_care_of_included(self):
        reg = registry(f"{A},Provsson,Old 1,11199,X", columns="id_number,care_of,street,postal_code,city")
        a = first(run(reg, plain(A, addresses=at(home())))).addresses["home"]
        self.assertEqual((a["care_of"], a["street"], a["active"]), (None, "Nygatan 2", True))

    def test_work_active_it_is_stored_as_the_inactive_home(self):
        self.assertEqual(self.where(kinds=["work"]), {"home": ("Nygatan 2", False), "work": ("Old work", True)})
        self.assertEqual(self.where(kinds=["extra"]), {"home": ("Nygatan 2", False), "extra": ("Old extra", True)})

    def test_a_post_without_an_address_removes_nothing(self):
        self.assertEqual(first(run(known(A), plain(A))).addresses["home"]["street"], "Gamla vägen 1")

    def test_sarskild_before_folkbokforing(self):
        both = {**at(home()), "SarskildPostadress": [home("Box 1")]}
        self.assertEqual(first(run(known(A), plain(A, addresses=both))).addresses["home"]["street"], "Box 1")

    def test_the_current_one_of_several(self):
        old = home("Förr 1", iv=("2010-01-01", "2020-01-01"))
        new = home("Nu 1", iv=("2020-01-01", "9999-12-31"))
        for some in ([old, new], [new, old]):
            self.assertEqual(first(run(known(A), plain(A, addresses=at(*some)))).addresses["home"]["street"], "Nu 1")

    def test_street_is_the_lines_in_order(self):
        a = first(run(known(A), plain(A, addresses=at(home(Utdelningsadress1="Hus 3"))))).addresses["home"]
        self.assertEqual(a["street"], "Hus 3, Nygatan 2")

    def test_without_line_code_and_city_it_is_none(self):
        s = plain(A, addresses=at({"form": "SvenskAdress", "CareOf": "Provsson"}))
        self.assertEqual(first(run(known(A), s)).addresses["home"]["street"], "Gamla vägen 1")

    def test_kontaktadress_for_samordningsnummer(self):
        contact = {"Kontaktadress": [home("Kontakt 1")]}
        self.assertEqual(first(run(known(SAM), plain(SAM, addresses=contact))).addresses["home"]["street"], "Kontakt 1")
        self.assertEqual(first(run(known(A), plain(A, addresses=contact))).addresses["home"]["street"], "Gamla vägen 1")

    def test_equal_without_case_and_blanks_keeps_the_stored_spelling(self):
        out = run(known(A), plain(A, addresses=at(home("GAMLA VÄGEN  1", "97299", "Luleå"))))
        self.assertEqual((out.records, first(out).addresses["home"]["street"]), ([{"unchanged"}], "Gamla vägen 1"))


class Names(unittest.TestCase):
    def test_a_current_name_replaces_first_middle_and_last(self):
        reg = registry(f"{A},Anna,Dahl,Ek", columns="id_number,first_name,middle_name,last_name")
        p = first(run(reg, plain(A, names=[{"Fornamn": "Eva Maria", "Efternamn": "Berg", "Tilltalsnamn": "20"}])))
        self.assertEqual((p.first, p.middle, p.last, p.called), ("Eva Maria", None, "Berg", "Maria"))

    def test_none_keeps_all(self):
        p = first(run(known(A), plain(A, names=[{"Fornamn": "Förr", "iv": ("2001-01-01", "2002-01-01")}])))
        self.assertEqual((p.first, p.last), ("Anna", "Ek"))

    def test_tilltalsnamn(self):
        import sparfile
        for first_names, digits, called in (("Testa Provia", "10", "Testa"), ("Testa Provia", "20", "Provia"), ("Testa Provia", "12", "Testa Provia"),
                                            ("Anna-Karin Eva", "12", "Anna-Karin"), ("Anna-Karin Eva", "30", "Eva"), ("Eva", None, None)):
            got = model.called_name(sparfile.Name(None, first_names, digits))
            self.assertIn(called, possible(got), (first_names, digits))

    def test_birth_date_is_filled_when_null(self):
        reg = registry(f"{A},", columns="id_number,first_name")
        self.assertIn("1985-01-01", possible(first(run(reg, plain(A, details=[{"Fodelsedatum": "1985-01-01"}]))).birth))
        reg = registry(f"{A},1984-12-31", columns="id_number,birth_date")
        self.assertEqual(first(run(reg, plain(A, details=[{"Fodelsedatum": "1985-01-01"}]))).birth, "1984-12-31")


class Returned(unittest.TestCase):
    def test_address_updated_and_a_finding(self):
        reg = run(known(A), plain(A, details=[{"AvregistreringsorsakKod": "UV"}])).registry
        out = run(reg, plain(A, addresses=at(home())), created="2025-03-06T00:00:00.000")
        self.assertIn(("returned", "person:1"), out.must)
        self.assertEqual((first(out).status, first(out).blocked, first(out).addresses["home"]["street"]), ("deregistered", True, "Nygatan 2"))


class CommentAndRepetition(unittest.TestCase):
    def test_added_once_never_over_what_staff_wrote(self):
        reg = known(A, comment="Ring först")
        for day in ("05", "06"):
            reg = run(reg, plain(A, details=[{"AvregistreringsorsakKod": "UV"}]), created=f"2025-03-{day}T00:00:00.000").registry
        self.assertEqual(diff(reg.people[1].expected()["comment"], "Ring först\n" + model.OTHER_LINE), [])
        self.assertNotEqual(diff(reg.people[1].expected()["comment"], model.OTHER_LINE), [])

    def test_the_same_file_again_changes_nothing(self):
        s = plain(A, addresses=at(home()))
        reg = run(known(A), s).registry
        out = run(reg, s)
        self.assertEqual((out.nothing_new, repr(out.registry.expected())), (True, repr(reg.expected())))

    def test_posts_in_another_order_give_the_same_registry(self):
        for seed in range(60):
            rng = random.Random(seed)
            numbers = g.Numbers(rng)
            rows = g.first_import(rng, numbers, 12)
            reg = model.import_people(model.Registry(), g.rows_csv(rng, rows, list(model.CSV_COLUMNS)), DAY).registry
            data = g.write_file(rng, g.posts_for(rng, reg, numbers, "2025-03-01", 3), "2025-03-01T00:00:00.000")[1]
            one, two = (model.import_spar(reg, d, DAY) for d in (data, g.shuffled_posts(rng, data)))
            self.assertEqual(repr(one.registry.expected()), repr(two.registry.expected()), seed)
            self.assertEqual(one.exits, two.exits)


class Files(unittest.TestCase):
    def test_rejected_whole(self):
        good = xml(plain(A, addresses=at(home())))
        for bad in (b"", b"x", good[:-3], good.replace(b"AviseringPoster", b"Annat"), good.replace(b"?>\n", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)):
            self.assertEqual(model.import_spar(known(A), bad, DAY).exits, {1})

    def test_zero_posts_is_legal(self):
        self.assertEqual(run(known(A)).exits, {0})

    def test_a_gap_in_the_sequence_is_held_the_first_is_free_99999_is_followed_by_1(self):
        reg = run(known(A), plain(A), sequence=99999).registry
        self.assertEqual(run(reg, plain(A), sequence=1, created="2025-03-06T00:00:00.000").held, {})
        self.assertEqual(run(reg, plain(A), sequence=3, created="2025-03-06T00:00:00.000").held, {"sequence_gap": 2})
        self.assertEqual(run(reg, plain(A), sequence=99999, created="2025-03-06T00:00:00.000").exits, {1})

    def test_a_file_older_than_the_newest_applied_is_held_but_hides(self):
        reg = run(known(A, B), plain(A)).registry
        out = run(reg, plain(B, secrecy="JA"), created="2025-03-04T00:00:00.000")
        self.assertEqual((out.held, out.registry.people[2].protected), ({"older": 1}, True))
        self.assertEqual(run(reg, plain(B), created="2025-03-04T00:00:00.000", order="950").held, {})

    def test_unknown_elements_are_skipped_and_names_are_local(self):
        for form in ("2021.1", "2023.1", "old"):
            p = first(run(known(A), plain(A, addresses=at(home()), names=[{"Fornamn": "Eva", "Efternamn": "Ek"}]), form=form))
            self.assertEqual((p.addresses["home"]["street"], p.first), ("Nygatan 2", "Eva"), form)


class Limits(unittest.TestCase):
    def test_held_when_count_is_above_the_floor_and_the_percent(self):
        for name, base, limit in (("blocked", 100, 20), ("blocked", 900, 45), ("protected", 100, 3), ("protected", 900, 4), ("rejected", 295, 14), ("older", 5, 0)):
            self.assertEqual(model.limit_of(name, base), limit)


class Tolerance(unittest.TestCase):
    def test_one_of_and_plain_values(self):
        self.assertEqual(diff(OneOf(None, "a"), "a"), [])
        self.assertNotEqual(diff(OneOf(None, "a"), "b"), [])
        self.assertNotEqual(diff({"a": 1}, {}), [])
        self.assertNotEqual(diff([1], [1, 2]), [])


if __name__ == "__main__":
    unittest.main()
