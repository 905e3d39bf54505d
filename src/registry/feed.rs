//! Reading journal and hidings as one feed for other systems, and how far each of them has come. (docs/changes.md)

use rusqlite::{OptionalExtension, Row, Statement, params};
use serde_json::Value;

use super::Registry;
use super::journal::changes;
use super::people::{Concealment, Earlier};
use super::runs::RunId;
use crate::domain::feed::{Happened, Position, Standing};
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// One thing that happened to a person.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The run that did it.
    pub run: RunId,
    /// UTC instant.
    pub at: String,
    /// To whom.
    pub person: PersonId,
    /// How they stand now.
    pub standing: Standing,
    /// Where a consumer is who was given this and everything before.
    pub position: Position,
    verb: String,
    changes: Option<Value>,
}

impl FeedEntry {
    /// What happened, as the rules see it.
    pub fn happened(&self) -> Happened<'_> {
        match self.verb.as_str() {
            "hidden" => Happened::Hidden,
            "shown" => Happened::Shown,
            verb => Happened::Journaled(verb, self.changes.as_ref()),
        }
    }
}

/// The newest row that ever left the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Its id.
    pub journal: i64,
    /// Its run.
    pub run: RunId,
    /// When it was written, a UTC instant.
    pub at: String,
}

/// What a consumer has acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Up to where.
    pub position: Position,
    /// Whether the registry was restored from an older copy since.
    pub is_lost: bool,
}

const JOURNALED: &str = "SELECT j.id, j.run_id, j.at, j.person_id, p.concealment, j.verb, j.changes
     FROM journal AS j LEFT JOIN person AS p ON p.id = j.person_id
     WHERE j.id > ? ORDER BY j.id";
const HIDINGS: &str = "SELECT h.id, h.run_id, r.started, h.person_id, p.concealment, h.verb, h.journal_id
     FROM hiding AS h JOIN run AS r ON r.id = h.run_id LEFT JOIN person AS p ON p.id = h.person_id
     WHERE h.id > ? ORDER BY h.id";
const HIDDEN_NUMBERS: &str = "SELECT n.key FROM person AS p JOIN number AS n ON n.person_id = p.id
     WHERE p.concealment <> 0 AND p.concealment = 1";
const PUT_CURSOR: &str = "INSERT INTO feed_cursor (name, journal_id, hiding_id, moved_at, run_id)
     VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (name) DO UPDATE SET journal_id = ?2, hiding_id = ?3, moved_at = ?4, run_id = ?5, lost = 0";

fn entry(row: &Row<'_>) -> rusqlite::Result<FeedEntry> {
    let standing = match row.get::<_, Option<i64>>(4)?.map(Concealment::of) {
        None => Standing::Gone,
        Some(Concealment::Open) => Standing::Open,
        Some(Concealment::Hidden | Concealment::Erased) => Standing::Concealed,
    };
    Ok(FeedEntry {
        run: RunId(row.get(1)?),
        at: row.get(2)?,
        person: PersonId(row.get(3)?),
        standing,
        position: Position::default(),
        verb: row.get(5)?,
        changes: None,
    })
}

impl Registry {
    /// Hands everything that happened after a position to `visit`, in the order in which it did.
    pub fn feed(&self, after: Position, mut visit: impl FnMut(FeedEntry) -> Result<()>) -> Result<()> {
        let hidings = self.hidings(after.hiding)?;
        let hidden = self.gone_of_hidden()?;
        let mut hidings = hidings.into_iter().peekable();
        let mut at = after;
        let mut give = |at: Position, entry: FeedEntry| visit(FeedEntry { position: at, ..entry });
        let mut statement: Statement<'_> = self.connection().prepare(JOURNALED)?;
        let mut rows = statement.query(params![after.journal])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            while let Some((hiding, _, told)) = hidings.next_if(|(_, beside, _)| *beside < id) {
                at.hiding = hiding;
                give(at, told)?;
            }
            at.journal = id;
            let mut told = entry(row)?;
            if !hidden.contains(&told.person) {
                told.changes = changes(row.get_ref(6)?)?;
            }
            give(at, told)?;
        }
        for (hiding, _, told) in hidings {
            at.hiding = hiding;
            give(at, told)?;
        }
        Ok(())
    }

    /// Records that are no more of people who are hidden, and whose values still stand in the journal.
    fn gone_of_hidden(&self) -> Result<Vec<PersonId>> {
        let mut statement = self.connection().prepare_cached(HIDDEN_NUMBERS)?;
        let numbers = statement.query_map([], |row| row.get(0).map(NumberKey))?;
        let numbers: Vec<NumberKey> = numbers.collect::<rusqlite::Result<_>>()?;
        if numbers.is_empty() { Ok(Vec::new()) } else { Ok(Earlier::load(self.connection())?.of(&numbers)) }
    }

    fn hidings(&self, after: i64) -> Result<Vec<(i64, i64, FeedEntry)>> {
        let mut statement = self.connection().prepare_cached(HIDINGS)?;
        let rows = statement.query_map(params![after], |row| Ok((row.get(0)?, row.get(6)?, entry(row)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Where the feed ends now.
    pub fn feed_end(&self) -> Result<Position> {
        let sql =
            "SELECT (SELECT coalesce(max(id), 0) FROM journal), (SELECT coalesce(max(id), 0) FROM hiding)";
        let read = |row: &Row<'_>| Ok(Position { journal: row.get(0)?, hiding: row.get(1)? });
        Ok(self.connection().query_row(sql, [], read)?)
    }

    /// The position before the first row of any run after this one. Runs follow each other, so their rows do.
    pub fn feed_after_run(&self, run: RunId) -> Result<Position> {
        let sql = "SELECT (SELECT min(id) - 1 FROM journal WHERE run_id > ?1),
                          (SELECT min(id) - 1 FROM hiding WHERE run_id > ?1)";
        let found = self.connection().prepare_cached(sql)?.query_row(params![run.0], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
        })?;
        let end = self.feed_end()?;
        Ok(Position { journal: found.0.unwrap_or(end.journal), hiding: found.1.unwrap_or(end.hiding) })
    }

    /// The last run that had ended before an instant: what was written since comes from later ones.
    pub fn last_run_before(&self, instant: &str) -> Result<RunId> {
        let sql = "SELECT coalesce(min(id) - 1, (SELECT coalesce(max(id), 0) FROM run)) FROM run
                   WHERE coalesce(ended, started) >= ?";
        Ok(RunId(self.connection().query_row(sql, params![instant], |row| row.get(0))?))
    }

    /// What the journal no longer has; none as long as nothing left it.
    pub fn journal_floor(&self) -> Result<Option<Floor>> {
        let sql = "SELECT journal_id, run_id, at FROM journal_floor";
        let read =
            |row: &Row<'_>| Ok(Floor { journal: row.get(0)?, run: RunId(row.get(1)?), at: row.get(2)? });
        Ok(self.connection().query_row(sql, [], read).optional()?)
    }

    /// A consumer's cursor, if it was ever moved.
    pub fn cursor(&self, name: &str) -> Result<Option<Cursor>> {
        let sql = "SELECT journal_id, hiding_id, lost FROM feed_cursor WHERE name = ?";
        let read = |row: &Row<'_>| {
            let position = Position { journal: row.get(0)?, hiding: row.get(1)? };
            Ok(Cursor { position, is_lost: row.get(2)? })
        };
        Ok(self.connection().query_row(sql, params![name], read).optional()?)
    }

    /// Moves a consumer's cursor, or makes it. Use inside a unit.
    pub fn put_cursor(&self, name: &str, to: Position, at: &str, run: RunId) -> Result<()> {
        let values = params![name, to.journal, to.hiding, at, run.0];
        self.connection().prepare_cached(PUT_CURSOR)?.execute(values)?;
        Ok(())
    }

    /// After a restore consumers know more than the registry does.
    pub fn lose_cursors(&self) -> Result<()> {
        self.write(|| {
            self.connection().execute("UPDATE feed_cursor SET lost = 1", [])?;
            Ok(())
        })
    }
}
