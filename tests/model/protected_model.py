"""Who must be protected: a small model of Protection 1, 5 and 6, and of undo and restore as far as they touch it.

It follows numbers, because files speak of numbers, and knows no value of anybody. `must` holds who must be protected:
"hidden" (a held file says so) or "erased". Where the rules leave it open, somebody is in `may`, and what the program shows
counts from then on.
"""

import copy


class Model:
    def __init__(self):
        self.must = {}  # person → "hidden" or "erased"
        self.may = set()
        self.hidden_by = {}  # person → {(run, file)}
        self.holder = {}  # number → person: current and former
        self.ever = {}  # person → numbers they have, or had when they became protected
        self.refused = set()  # former numbers of erased people
        self.register = set()  # numbers that the population register marks
        self.runs = {}  # run → what it did: ("hid", people, file), ("lifted", person), ("merged", a, b), ("undid", run)
        self.once = set()  # numbers of people who were protected at any time
        self.entangled = set()  # numbers of records that were one with another for a while: what came then is both's
        self.loose = set()  # protected, but the rules don't say how firmly

    # what is seen

    def seen(self, listed):
        """Learns numbers from `person list`; returns what is wrong about who is protected."""
        faults, shown = [], {}
        for row in listed:
            shown[row["person"]] = row["protected"]
            numbers = [row["id_number"], *row["former_numbers"]]
            if row["protected"]:
                self.ever.setdefault(row["person"], set()).update(numbers)
            else:
                # A number that an undo took away again is nobody's.
                self.ever[row["person"]] = set(numbers)
            for number in numbers:
                self.holder[number] = row["person"]
        for number, person in list(self.holder.items()):
            if person not in shown:
                del self.holder[number]
        for person in set(self.must) - set(shown):
            del self.must[person]
        for person, is_protected in shown.items():
            if person in self.must and not is_protected:
                if person not in self.loose:
                    faults.append(f"person:{person} must be protected and is not")
                self.must.pop(person)
                self.hidden_by.pop(person, None)
                self.loose.discard(person)
            elif is_protected and person not in self.must:
                if person not in self.may:
                    faults.append(f"person:{person} is protected, and nothing says so")
                self.must[person] = "hidden"
                self.loose.add(person)
        self.may = set()
        return faults

    # what happens

    def hide(self, person, run, file):
        self.once |= self.ever.get(person, set())
        if self.must.get(person) == "erased":
            return
        reasons = self.hidden_by.setdefault(person, set())
        reasons.add((run, file))
        if person in self.loose:
            # Hidden or erased before, and by what is not known: the undo of this run may leave them so.
            reasons.add((0, None))
            self.loose.discard(person)
        self.must[person] = "hidden"

    def erase(self, person):
        """Erased: former numbers are refused from now on."""
        self.once |= self.ever.get(person, set())
        self.must[person] = "erased"
        self.loose.discard(person)
        self.hidden_by.pop(person, None)

    def settle(self, current):
        """After a step: of erased people only the current number is left. `current`: person → number."""
        for number, person in list(self.holder.items()):
            if self.must.get(person) == "erased" and current.get(person) != number:
                del self.holder[number]
                self.refused.add(number)

    def marked(self, numbers, links=()):
        """(people who are surely marked, people who may be) by protected posts about these numbers in one file."""
        group = {}
        for old, new in links:
            joined = group.get(old, {old}) | group.get(new, {new})
            for number in joined:
                group[number] = joined
        sure, perhaps = set(), set()
        for number in numbers:
            people = {self.holder[n] for n in group.get(number, {number}) if n in self.holder}
            if number in self.holder:
                sure.add(self.holder[number])
                perhaps |= people
            elif len(people) == 1:
                sure |= people
            else:
                perhaps |= people
        return sure, perhaps - sure

    def lift(self, run, person):
        """person unprotect."""
        self.must.pop(person, None)
        self.hidden_by.pop(person, None)
        self.runs[run] = ("lifted", person)
        if self.ever.get(person, set()) & self.register:
            self.may.add(person)

    def hold(self, run, file, sure, perhaps):
        for person in sure:
            self.hide(person, run, file)
        self.may |= perhaps
        self.runs[run] = ("hid", sure, file)

    def apply(self, sure, perhaps):
        for person in sure:
            self.erase(person)
        self.may |= perhaps

    def merge(self, run, survivor, other):
        self.ever.setdefault(survivor, set()).update(self.ever.get(other, set()))
        self.runs[run] = ("merged", survivor, other)

    def undo(self, run, target):
        """A run that was taken back."""
        did = self.runs.get(target, ("else",))
        if did[0] == "hid":
            self.unhide(did[2], target)
        elif did[0] == "lifted":
            self.erase(did[1])
        elif did[0] == "undid":
            first = self.runs.get(did[1], ("else",))
            if first[0] == "hid":
                self.may |= first[1]
            if first[0] == "lifted":
                self.may.add(first[1])
        elif did[0] == "merged":
            theirs = self.ever.get(did[2], set())
            self.ever[did[1]] -= theirs
            self.entangled |= theirs
            if did[1] in self.must:
                self.must[did[2]] = self.must[did[1]]
        self.runs[run] = ("undid", target)

    def unhide(self, file, run):
        """A held run's undo lifts exactly what it hid; what another held file says stands."""
        for person, reasons in list(self.hidden_by.items()):
            if (run, file) not in reasons:
                continue
            reasons.discard((run, file))
            if not reasons:
                del self.hidden_by[person], self.must[person]
            elif all(other in (file, None) for _, other in reasons):
                # The same file, held more than once: which of the runs hid is the program's own.
                del self.hidden_by[person], self.must[person]
                self.may.add(person)

    def copy(self):
        return copy.deepcopy(self)

    def restore(self, older):
        """An older copy comes back: whoever is protected now stays so, under whatever number and in however many records
        the copy knows them."""
        now = older.copy()
        theirs = {n: how for p, how in self.must.items() for n in self.ever.get(p, ())}
        now.must = {}
        for person, numbers in older.ever.items():
            some = [theirs[n] for n in numbers if n in theirs]
            if some:
                now.must[person] = "erased" if {*some, older.must.get(person, "erased")} == {"erased"} else "hidden"
        now.loose = {p for p in self.loose if p in now.must}
        # Whoever is hidden in the copy may have been erased since, and is then again.
        now.hidden_by = {p: {*older.hidden_by.get(p, ()), (0, None)} for p, how in now.must.items() if how == "hidden"}
        # Who was lifted since under one number may be known to the copy by another.
        now.may = {p for p, numbers in older.ever.items() if p in older.must or numbers & self.once} - set(now.must)
        now.once |= self.once
        now.entangled |= self.entangled
        self.__dict__.update(now.__dict__)
