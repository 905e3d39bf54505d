//! The one door through which people change: tables, journal and protection in one place.

mod earlier;
mod leave;
mod log;
mod recorded;

pub(in crate::registry) use earlier::Earlier;
pub use leave::{Beside, Departure, Remains};
use log::JournalWriter;
pub use log::Withheld;
pub(super) use log::journal_text;
pub use recorded::{Arrival, Recorded, What};

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

use super::assign::Assigner;
use super::read::{Concealment, Stored};
use super::saying::Saying;
use super::write::Writer;
use crate::domain::change::Field;
use crate::domain::id_number::{IdNumber, NumberKey};
use crate::domain::person::{Person, PersonId, Said};
use crate::domain::protection::is_erased;
use crate::failure::Result;
use crate::io::secret_key::SecretKey;
use crate::leak_control::{self, Place, leaves_out};
use crate::registry::Registry;
use crate::registry::files::FileId;
use crate::registry::ledger::Note;
use crate::registry::protection::FORGET_CAUSES;
use crate::registry::runs::RunId;

// The reference date of the rules: the day on which somebody new enters.
const TODAY: &str = "SELECT today FROM run WHERE id = ?";
const PUT_MARK: &str = "INSERT INTO protection (person_id, kind, since, run_id) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (person_id, kind) DO UPDATE SET since = ?3";
const DELETE_MARKS: &str = "DELETE FROM protection WHERE person_id = ?";
const UNLIST: &str = "DELETE FROM spar_list_number WHERE key = ? AND list_id IN (SELECT id FROM spar_list)";
const REFUSE: &str = "INSERT OR IGNORE INTO refused_number (hash) VALUES (?)";
const ERASE_JOURNAL: &str = "UPDATE journal SET changes = NULL WHERE person_id = ? AND changes IS NOT NULL";
// The rows of records that were merged into theirs; and of the time from a merge in which theirs went to its undo the rows
// of the other one too, because their values stand in them (docs/merge.md). Reads rows that ERASE_JOURNAL empties.
// The indexes are named, or SQLite builds one of its own out of the whole journal for each person.
const ERASE_MERGED: &str = "WITH RECURSIVE
     own (id) AS (SELECT ?1 UNION
         SELECT gone.person_id FROM own JOIN journal AS kept ON kept.person_id = own.id
         JOIN run ON run.id = kept.run_id AND run.job = 'person-merge' AND run.undone_by IS NULL
         JOIN journal AS gone INDEXED BY journal_of_run ON gone.run_id = run.id AND gone.verb = 'removed'
         WHERE kept.verb = 'changed' AND instr(kept.changes, '\"number.id_number\"') > 0),
     told (run_id, undone_by) AS (SELECT run.id, run.undone_by FROM own
         JOIN journal AS gone ON gone.person_id = own.id AND gone.verb = 'removed'
         JOIN run ON run.id = gone.run_id AND run.job = 'person-merge')
     UPDATE journal SET changes = NULL WHERE changes IS NOT NULL
       AND (person_id IN (SELECT id FROM own)
            OR run_id IN (SELECT run_id FROM told UNION ALL SELECT undone_by FROM told)
            OR id IN (SELECT since.id FROM told JOIN journal AS kept INDEXED BY journal_of_run
                          ON kept.run_id = told.run_id AND kept.verb = 'changed'
                      JOIN journal AS since ON since.person_id = kept.person_id
                           AND since.run_id BETWEEN told.run_id AND told.undone_by))";
const ERASE_FINDINGS: &str = "UPDATE finding SET facts = '', params = '{}', note = NULL WHERE subject = ?";
// Links of other people's records to a protected one, wherever a run may have written them (rules.md, Protection 5).
// The rest of their journal rows stays, or undo could not put it back.
const UNLINK_JOURNAL: &str = "UPDATE journal SET changes = CASE json_type(journal_json(changes))
         WHEN 'array' THEN (SELECT json_group_array(json(value)) FROM json_each(journal_json(changes))
                            WHERE json_extract(value, '$[0]') <> 'notice.two-records')
         ELSE json_remove(journal_json(changes), '$.\"notice.two-records\"') END
     WHERE instr(changes, '\"notice.two-records\"') > 0 AND person_id IN
           (SELECT CAST(substr(subject, 8) AS INTEGER) FROM finding
            WHERE kind = 'two-records' AND facts = CAST(?1 AS TEXT)
            UNION SELECT person_id FROM notice WHERE other_id = ?1)";
const UNLINK_FINDINGS: &str = "UPDATE finding SET facts = '', params = '{}', note = NULL
     WHERE kind = 'two-records' AND facts = CAST(?1 AS TEXT)";
const UNLINK_NOTICES: &str =
    "UPDATE OR REPLACE notice SET kind = 'number-change', other_id = NULL WHERE other_id = ?1";
// Of whoever is protected the register's row keeps number, municipality and mark.
const CONCEAL_POPULATION: &str =
    "UPDATE population SET protected = 1, key_code = NULL, first_name = NULL, middle_name = NULL, last_name = NULL,
            care_of = NULL, street = NULL, postal_code = NULL, city = NULL, property = NULL, deceased_date = NULL,
            told = 0, address_on = NULL, pending = 0, taken_for = NULL, taken = NULL
     WHERE key = ? AND protected = 0";
// A row under a former number would be a link in clear text (rules.md, Protection 2).
const FORGET_POPULATION: &str = "DELETE FROM population WHERE key = ?";
// A code that only protected people have or had would tell where they live.
pub(in crate::registry) const FORGET_CODES: &str = "DELETE FROM finding WHERE kind = 'unlinked-code'
     AND NOT EXISTS (SELECT 1 FROM held_code WHERE code = json_extract(params, '$.code'))";
const MARK_ERASURE: &str = "INSERT OR IGNORE INTO mark (kind, value, run_id) VALUES ('erasure', ?, ?)";
const UNRELATE: &str = "DELETE FROM relation WHERE person_id = ?1 OR related_id = ?1";
// Records too that are this person's by now, whoever had them when they came.
const ERASE_RETAINED: &str = "UPDATE retained_change SET before = NULL, after = NULL WHERE id IN
     (SELECT id FROM retained_change WHERE person_id = ?1
      UNION SELECT id FROM retained_change WHERE other_id = ?1
      UNION SELECT c.id FROM retained_record AS r JOIN retained_change AS c ON c.record_id = r.record_id AND c.kind = r.kind
            WHERE r.person_id = ?1)";
// Children before their parents.
const PEOPLE_TABLES: [&str; 24] = [
    FORGET_CAUSES,
    "DELETE FROM retained_change WHERE id IN
         (SELECT c.id FROM retained_record AS r JOIN retained_change AS c ON c.record_id = r.record_id AND c.kind = r.kind
          WHERE r.person_id = ?)",
    "DELETE FROM retained_change WHERE person_id = ?",
    "DELETE FROM retained_change WHERE other_id = ?",
    "UPDATE draft SET case_id = NULL WHERE case_id IN (SELECT id FROM case_record WHERE person_id = ?)",
    "UPDATE event SET case_id = NULL WHERE case_id IN (SELECT id FROM case_record WHERE person_id = ?)",
    "DELETE FROM draft WHERE person_id = ?",
    "DELETE FROM event WHERE person_id = ?",
    "DELETE FROM document WHERE case_id IN (SELECT id FROM case_record WHERE person_id = ?)",
    "DELETE FROM case_record WHERE person_id = ?",
    "DELETE FROM subscription WHERE person_id = ?",
    "DELETE FROM obligation WHERE person_id = ?",
    UNRELATE,
    "DELETE FROM source_statement WHERE person_id = ?",
    "DELETE FROM settled_row WHERE person_id = ?",
    "DELETE FROM contact_edit WHERE person_id = ?",
    "DELETE FROM source_conflict WHERE person_id = ?",
    "DELETE FROM address WHERE person_id = ?",
    "DELETE FROM person_area WHERE person_id = ?",
    "DELETE FROM contact WHERE person_id = ?",
    "DELETE FROM notice WHERE person_id = ?",
    "DELETE FROM protection WHERE person_id = ?",
    "DELETE FROM number WHERE person_id = ?",
    "DELETE FROM person WHERE id = ?",
];

/// Where a change came from.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// The run.
    pub run: RunId,
    /// The input file, if there is one.
    pub file: Option<FileId>,
}

/// Changes people. Use inside a unit; what it did goes with the unit.
pub struct Editor<'r> {
    registry: &'r Registry,
    writer: Writer<'r>,
    journal: JournalWriter<'r>,
    key: &'r SecretKey,
    trace: Trace,
    at: String,
    today: Option<NaiveDate>,
    newly_protected: Vec<IdNumber>,
    erased_numbers: Vec<IdNumber>,
    left: Vec<(IdNumber, Remains)>,
    earlier: Option<Earlier>,
    saying: Saying,
}

impl<'r> Editor<'r> {
    /// Prepares changes of one unit; `at` is the instant written into the journal.
    pub fn new(registry: &'r Registry, key: &'r SecretKey, trace: Trace, at: &str) -> Result<Self> {
        let today: Option<String> =
            registry.connection().query_row(TODAY, params![trace.run.0], |row| row.get(0)).optional()?;
        Ok(Self {
            registry,
            today: today.and_then(|day| day.parse().ok()),
            writer: registry.person_writer()?,
            journal: JournalWriter::new(registry.connection(), trace, at)?,
            key,
            trace,
            at: at.to_owned(),
            newly_protected: Vec::new(),
            erased_numbers: Vec::new(),
            left: Vec::new(),
            earlier: None,
            saying: Saying { file: trace.file, ..Saying::default() },
        })
    }

    /// The file that the changes come from.
    pub fn file(&self) -> Option<FileId> {
        self.trace.file
    }

    /// Every number of people who became protected and were erased by this editor, for the side file.
    pub fn newly_protected(&self) -> &[IdNumber] {
        &self.newly_protected
    }

    /// Those, and the numbers of people who were disposed of: for the search through spooled files.
    pub fn erased_numbers(&self) -> &[IdNumber] {
        &self.erased_numbers
    }

    /// Somebody enters: one journal row with the whole person.
    pub fn create(&mut self, arrival: &Arrival) -> Result<PersonId> {
        let id = self.insert(None, arrival.person())?;
        self.journal.arrival(id, arrival)?;
        Ok(id)
    }

    /// An undo brings back somebody who had this id.
    pub fn bring_back(&mut self, id: PersonId, person: &Person) -> Result<()> {
        let id = self.insert(Some(id), person)?;
        self.journal.image(id, "created", person)
    }

    fn insert(&mut self, id: Option<PersonId>, person: &Person) -> Result<PersonId> {
        self.writer.insert(id, person, self.today, (self.registry.connection(), &mut self.saying))
    }

    /// Somebody goes altogether (undo of an entry).
    pub fn remove(&mut self, stored: &Stored) -> Result<()> {
        self.delete(stored.id)?;
        self.forget_in_search(stored.id, &[])?;
        self.journal.image(stored.id, "removed", &stored.person)
    }

    fn delete(&self, id: PersonId) -> Result<()> {
        for sql in PEOPLE_TABLES {
            self.registry.connection().prepare_cached(sql)?.execute(params![id.0])?;
        }
        Ok(())
    }

    /// Writes a person's new state and what changed. A protected person leaves no values in the journal.
    pub fn change(&mut self, stored: &Stored, after: &Person, what: What<'_>) -> Result<()> {
        if what.changes().iter().all(|change| change.field == Field::Said) {
            return self.hear(after.number.key(), after.said);
        }
        let concealment = match (after.is_protected(), is_erased(after)) {
            (false, _) => Concealment::Open,
            // Hidden by a held run, now changed by hand: the values still stand.
            (true, false) => Concealment::Hidden,
            (true, true) => Concealment::Erased,
        };
        if after.is_protected() {
            self.refuse_former(&stored.person, after)?;
        }
        let written = leak_control::erased(&stored.person, after);
        self.writer.update(stored.id, &stored.person, &written, concealment, &mut self.saying)?;
        if stored.person.protection != after.protection {
            self.put_marks(stored.id, after)?;
        }
        if concealment == Concealment::Erased && !leaves_out(Place::PopulationKept) {
            self.conceal_population(&stored.person, &after.number)?;
        }
        if concealment == Concealment::Erased && stored.concealment != Concealment::Erased {
            self.erase_values(stored.id)?;
            let numbers = numbers_of(&stored.person, &after.number);
            for id in self.earlier(&numbers)? {
                self.erase_values(id)?;
            }
            self.forget_in_search(stored.id, &numbers)?;
            self.newly_protected.extend(&numbers);
            self.erased_numbers.extend(numbers);
        }
        let hides = after.is_protected() && !leaves_out(Place::JournalWritten);
        let withheld = if hides { Withheld::Values } else { Withheld::Nothing };
        self.journal.changes(stored.id, what, withheld)
    }

    /// Lends out the way to give many people their key codes and areas, which writes their journal rows too.
    pub fn assigning<T>(&mut self, work: impl FnOnce(&mut Assigner<'r>) -> Result<T>) -> Result<T> {
        Assigner::lend(self.registry.connection(), self.trace, &self.at, work)
    }

    /// Remembers a statement that changed nothing else; not journaled (docs/architecture.md, Journal).
    pub fn hear(&mut self, key: NumberKey, said: Option<Said>) -> Result<()> {
        self.writer.put_said(key, said, &mut self.saying)
    }

    /// A post came for a number: noted together with what it says, or by [`Self::settle_note`] if that is nothing new.
    pub fn note_with_next(&mut self, note: Note) {
        self.saying.note = Some(note);
    }

    /// A row of a source that leaves nothing to do is written with its digest, if it is written at all.
    pub fn settle_with_next(&mut self, row: Option<(String, u64)>) {
        self.saying.settled = row;
    }

    /// Whether nothing that was written took the digest with it.
    pub fn is_left_unsettled(&mut self) -> bool {
        self.saying.settled.take().is_some()
    }

    /// Notes what nothing that was written took with it.
    pub fn settle_note(&mut self) -> Result<()> {
        self.saying.note.take().map_or(Ok(()), |note| self.registry.take_note(note))
    }

    fn put_marks(&self, id: PersonId, person: &Person) -> Result<()> {
        let connection = self.registry.connection();
        if !person.is_protected() {
            connection.prepare_cached(DELETE_MARKS)?.execute(params![id.0])?;
            connection.prepare_cached(FORGET_CAUSES)?.execute(params![id.0])?;
        }
        for mark in &person.protection {
            let since = mark.since.to_string();
            let values = params![id.0, mark.kind.name(), since, self.trace.run.0];
            connection.prepare_cached(PUT_MARK)?.execute(values)?;
        }
        Ok(())
    }

    /// Former numbers of protected people stay only as keyed hashes that refuse (rules.md, Protection 2).
    fn refuse_former(&self, before: &Person, after: &Person) -> Result<()> {
        let old = (before.number.key() != after.number.key()).then_some(&before.number);
        for number in before.former.iter().chain(old) {
            let hash = self.key.hash(number);
            self.registry.connection().prepare_cached(REFUSE)?.execute(params![hash.to_bytes()])?;
            self.registry.connection().prepare_cached(UNLIST)?.execute(params![number.key().0])?;
        }
        Ok(())
    }

    /// A row of the population register whose person is protected, known here or not: if values stood in it, they go, and
    /// what is left of their bytes is erased after the commit.
    pub fn conceal_row(&mut self, number: &IdNumber) -> Result<()> {
        let connection = self.registry.connection();
        if connection.prepare_cached(CONCEAL_POPULATION)?.execute(params![number.key().0])? > 0 {
            let run = format!("run:{}", self.trace.run.0);
            connection.prepare_cached(MARK_ERASURE)?.execute(params![run, self.trace.run.0])?;
            self.registry.forget_in_search(None, &[number.key()])?;
            self.newly_protected.push(*number);
            self.erased_numbers.push(*number);
        }
        Ok(())
    }

    /// The population register's rows of a protected person.
    fn conceal_population(&self, before: &Person, now: &IdNumber) -> Result<()> {
        for number in numbers_of(before, now) {
            let is_current = number.key() == now.key();
            let sql = if is_current { CONCEAL_POPULATION } else { FORGET_POPULATION };
            self.registry.connection().prepare_cached(sql)?.execute(params![number.key().0])?;
        }
        Ok(())
    }

    fn erase_values(&self, id: PersonId) -> Result<()> {
        self.registry.note_change_beyond();
        let connection = self.registry.connection();
        if !leaves_out(Place::JournalKept) {
            connection.prepare_cached(ERASE_MERGED)?.execute(params![id.0])?;
            connection.prepare_cached(ERASE_JOURNAL)?.execute(params![id.0])?;
        }
        if !leaves_out(Place::FindingsKept) {
            connection.prepare_cached(ERASE_FINDINGS)?.execute(params![id.to_string()])?;
        }
        if !leaves_out(Place::RetainedKept) {
            connection.prepare_cached(ERASE_RETAINED)?.execute(params![id.0])?;
        }
        for sql in [UNLINK_JOURNAL, UNLINK_FINDINGS, UNLINK_NOTICES, UNRELATE, FORGET_CAUSES] {
            connection.prepare_cached(sql)?.execute(params![id.0])?;
        }
        connection.prepare_cached(FORGET_CODES)?.execute([])?;
        connection.prepare_cached(MARK_ERASURE)?.execute(params![id.0.to_string(), self.trace.run.0])?;
        Ok(())
    }

    /// Every number too: until the next `update-search` an entry may be of the population register's row alone.
    fn forget_in_search(&self, id: PersonId, numbers: &[IdNumber]) -> Result<()> {
        let keys: Vec<NumberKey> = numbers.iter().map(IdNumber::key).collect();
        self.registry.forget_in_search(Some(id), &keys)
    }
}

/// Every number that somebody has or had, with the one that they get now.
fn numbers_of(before: &Person, now: &IdNumber) -> Vec<IdNumber> {
    let old = (before.number.key() != now.key()).then_some(before.number);
    before.former.iter().copied().chain(old).chain([*now]).collect()
}
