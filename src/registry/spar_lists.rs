//! Lists to SPAR with their three marks: intent, uploaded, sent. (rules.md, spar-export 4)

use rusqlite::{OptionalExtension, Row, named_params, params};

use super::Registry;
use super::runs::RunId;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::failure::Result;

/// How far a list has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its number is taken, nothing is known of the server.
    Intent,
    /// It is on the server, whole, not yet visible to the receiver.
    Uploaded,
    /// It is the receiver's.
    Sent,
    /// Only a human can tell.
    Unsettled,
}

impl Mark {
    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Uploaded => "uploaded",
            Self::Sent => "sent",
            Self::Unsettled => "unsettled",
        }
    }

    fn parse(text: &str) -> Self {
        let all = [Self::Intent, Self::Uploaded, Self::Sent];
        all.into_iter().find(|mark| mark.name() == text).unwrap_or(Self::Unsettled)
    }
}

/// A list.
#[derive(Clone, Debug)]
pub struct SparList {
    /// Its id.
    pub id: i64,
    /// Running number.
    pub serial: u64,
    /// Its name.
    pub name: String,
    /// The name of its file on the server.
    pub file_name: String,
    /// Bytes of that file.
    pub size: u64,
    /// How many numbers.
    pub numbers: u64,
    /// How far it has come.
    pub mark: Mark,
}

/// Who is chosen for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Never on a list, never answered, box on.
    New,
    /// The whole watch list; with `asks`, those never answered are asked for their current state.
    All {
        /// Whether the format can ask for the current state.
        asks: bool,
    },
}

/// What a choice came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Numbers in the list.
    pub numbers: u64,
    /// Of them never on a list before.
    pub fresh: u64,
    /// Asked for their current state now, and not before.
    pub newly_asked: u64,
    /// Would be in it, but the check digit is wrong.
    pub withheld: u64,
}

/// The mark of a list that was begun to be put, in the table of marks.
const BEGUN: &str = "list-begun";
const ANSWERED: &str = "n.answered_on IS NOT NULL AND EXISTS (SELECT 1 FROM file WHERE id = n.answered_in AND state = 'applied')";
const WANTED: &str =
    "n.former = 0 AND p.id_kind IN ('personnummer', 'samordningsnummer') AND p.status <> 'deceased'
    AND (:every OR p.category IN (SELECT value FROM json_each(:categories))
         OR EXISTS (SELECT 1 FROM source_statement AS s JOIN json_each(:categories) AS c
                    ON instr(',' || s.categories || ',', ',' || c.value || ',') > 0
                    WHERE s.person_id = p.id))";
const COLUMNS: &str = "SELECT id, serial, name, file_name, size, numbers, state FROM spar_list";

fn list(row: &Row<'_>) -> rusqlite::Result<SparList> {
    Ok(SparList {
        id: row.get(0)?,
        serial: row.get::<_, i64>(1)?.unsigned_abs(),
        name: row.get(2)?,
        file_name: row.get(3)?,
        size: row.get::<_, i64>(4)?.unsigned_abs(),
        numbers: row.get::<_, i64>(5)?.unsigned_abs(),
        mark: Mark::parse(row.get_ref(6)?.as_str()?),
    })
}

impl Registry {
    /// Lists that are not settled, oldest first.
    pub fn unfinished_lists(&self) -> Result<Vec<SparList>> {
        let sql = format!("{COLUMNS} WHERE state <> 'sent' ORDER BY id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map([], list)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The newest list that was sent, and the digest of its numbers.
    pub fn last_sent_list(&self) -> Result<Option<(i64, String)>> {
        let sql = "SELECT id, content FROM spar_list WHERE state = 'sent' ORDER BY id DESC LIMIT 1";
        let row = self.connection().prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(row.optional()?)
    }

    /// The next running number: above all that were ever taken, also before a restore.
    pub fn next_serial(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(serial), 0) FROM spar_list";
        let taken: i64 = self.connection().prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(taken.unsigned_abs().max(self.serial_floor()?) + 1)
    }

    /// Takes a running number, or takes it again for a list of which nothing is on the server.
    pub fn begin_list(&self, serial: u64, name: &str, file_name: &str, run: RunId) -> Result<i64> {
        let sql = "INSERT INTO spar_list (serial, name, file_name, sha256, content, size, numbers, state, run_id)
                   VALUES (:serial, :name, :file, '', '', 0, 0, 'intent', :run)
                   ON CONFLICT (serial) DO UPDATE SET name = :name, file_name = :file, state = 'intent', run_id = :run
                   RETURNING id";
        let id = self.connection().prepare_cached(sql)?.query_row(
            named_params! { ":serial": serial.cast_signed(), ":name": name, ":file": file_name, ":run": run.0 },
            |row| row.get(0),
        )?;
        self.connection()
            .prepare_cached("DELETE FROM spar_list_number WHERE list_id = ?")?
            .execute(params![id])?;
        Ok(id)
    }

    /// Chooses the numbers of a list (rules.md, spar-export 1): one statement for all of them.
    pub fn choose_numbers(&self, id: i64, choice: Choice, categories: &[String]) -> Result<Chosen> {
        let every = categories.iter().any(|category| category == "*");
        let categories = serde_json::json!(categories).to_string();
        let (filter, asked) = match choice {
            Choice::New => (
                format!(
                    "AND p.allow_update = 1 AND n.sent_on IS NULL AND n.known_to_spar = 0 AND n.refreshed = 0
                     AND NOT ({ANSWERED})"
                ),
                "1".to_owned(),
            ),
            Choice::All { asks: true } => {
                (String::new(), format!("n.known_to_spar = 0 AND n.refreshed = 0 AND NOT ({ANSWERED})"))
            }
            Choice::All { asks: false } => (String::new(), "0".to_owned()),
        };
        let sql = format!(
            "INSERT INTO spar_list_number (list_id, key, asked, fresh)
             SELECT :id, n.key, {asked}, n.sent_on IS NULL AND n.known_to_spar = 0 AND NOT ({ANSWERED})
             FROM person AS p JOIN number AS n ON n.person_id = p.id
             WHERE p.check_digit = 'right' AND {WANTED} {filter} ORDER BY n.key"
        );
        let values = named_params! { ":id": id, ":every": every, ":categories": categories };
        self.connection().prepare_cached(&sql)?.execute(values)?;
        let withheld = format!(
            "SELECT count(*) FROM person AS p JOIN number AS n ON n.person_id = p.id
             WHERE p.check_digit = 'wrong' AND {WANTED} {filter}"
        );
        let values = named_params! { ":every": every, ":categories": categories };
        let withheld: i64 =
            self.connection().prepare_cached(&withheld)?.query_row(values, |row| row.get(0))?;
        let sums = "SELECT count(*), coalesce(sum(l.fresh), 0), coalesce(sum(l.asked AND n.answer_due_on IS NULL), 0)
                    FROM spar_list_number AS l JOIN number AS n ON n.key = l.key WHERE l.list_id = ?";
        let chosen = self.connection().prepare_cached(sums)?.query_row(params![id], |row| {
            let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(Chosen { numbers: count(0)?, fresh: count(1)?, newly_asked: count(2)?, withheld: 0 })
        })?;
        Ok(Chosen { withheld: withheld.unsigned_abs(), ..chosen })
    }

    /// Numbers of one list that are not in another, and how many the first has.
    pub fn numbers_gone(&self, last: i64, new: i64) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), coalesce(sum(NOT EXISTS
                       (SELECT 1 FROM spar_list_number AS o WHERE o.list_id = ?2 AND o.key = l.key)), 0)
                   FROM spar_list_number AS l WHERE l.list_id = ?1";
        let row: (i64, i64) = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![last, new], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((row.1.unsigned_abs(), row.0.unsigned_abs()))
    }

    /// Hands out a list's numbers in order, with whether each is asked for its current state.
    pub fn each_listed_number(
        &self,
        id: i64,
        mut visit: impl FnMut(IdNumber, bool) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT l.key, n.kind, l.asked FROM spar_list_number AS l JOIN number AS n ON n.key = l.key
                   WHERE l.list_id = ? ORDER BY l.key";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query(params![id])?;
        while let Some(row) = rows.next()? {
            let kind = IdKind::parse(row.get_ref(1)?.as_str().unwrap_or_default());
            let number = kind.and_then(|kind| IdNumber::from_key(NumberKey(row.get(0).ok()?), kind));
            let number =
                number.ok_or_else(|| crate::failure::Failure::internal("a listed number that is none"))?;
            visit(number, row.get(2)?)?;
        }
        Ok(())
    }

    /// Remembers what a list's file came to.
    pub fn describe_list(&self, id: i64, sha256: &str, content: &str, size: u64, numbers: u64) -> Result<()> {
        let sql = "UPDATE spar_list SET sha256 = ?2, content = ?3, size = ?4, numbers = ?5 WHERE id = ?1";
        let values = params![id, sha256, content, size.cast_signed(), numbers.cast_signed()];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Sets a mark, in a commit of its own.
    pub fn mark_list(&self, id: i64, mark: Mark) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE spar_list SET state = ?2 WHERE id = ?1";
            self.connection().prepare_cached(sql)?.execute(params![id, mark.name()])?;
            Ok(())
        })
    }

    /// The list is about to be put: from now on what has its names on the server is ours. In a commit of its own.
    pub fn mark_begun(&self, id: i64, run: RunId) -> Result<()> {
        self.write(|| {
            self.connection().prepare_cached("DELETE FROM mark WHERE kind = ?")?.execute(params![BEGUN])?;
            self.put_mark(BEGUN, &id.to_string(), run)
        })
    }

    /// Whether anything of the list was ever put. Remembered until the next list.
    pub fn is_begun(&self, id: i64) -> Result<bool> {
        Ok(self.marks(BEGUN)?.contains(&id.to_string()))
    }

    /// Nothing of the list is on the server any more.
    pub fn forget_begun(&self, id: i64) -> Result<()> {
        self.clear_mark(BEGUN, &id.to_string())
    }

    /// A list that came to nothing gives its running number back; it was never seen by anybody.
    pub fn drop_list(&self, id: i64) -> Result<()> {
        for sql in ["DELETE FROM spar_list_number WHERE list_id = ?", "DELETE FROM spar_list WHERE id = ?"] {
            self.connection().prepare_cached(sql)?.execute(params![id])?;
        }
        Ok(())
    }

    /// The third mark: the list is the receiver's. Its people are asked about from this day; answers are due.
    pub fn mark_sent(&self, id: i64, sent_on: &str, due_on: &str) -> Result<()> {
        self.write(|| {
            let ledger = "UPDATE number SET list_id = ?1, sent_on = coalesce(sent_on, ?2),
                              answer_due_on = CASE WHEN answer_due_on IS NOT NULL THEN answer_due_on
                                  WHEN (SELECT asked FROM spar_list_number AS l
                                        WHERE l.list_id = ?1 AND l.key = number.key) = 1 THEN ?3 END
                          WHERE key IN (SELECT key FROM spar_list_number WHERE list_id = ?1)";
            self.connection().prepare_cached(ledger)?.execute(params![id, sent_on, due_on])?;
            let list = "UPDATE spar_list SET state = 'sent', sent_on = ?2 WHERE id = ?1";
            self.connection().prepare_cached(list)?.execute(params![id, sent_on])?;
            let older = "DELETE FROM spar_list_number WHERE list_id <> ?";
            self.connection().prepare_cached(older)?.execute(params![id])?;
            // Left out of one list only.
            self.connection()
                .prepare_cached("UPDATE number SET refreshed = 0 WHERE refreshed = 1")?
                .execute([])?;
            Ok(())
        })
    }
}
