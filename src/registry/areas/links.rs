//! Links in and out of their table, with what each run changed of them. Not journaled: a link is no part of a person.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use crate::domain::area::{Link, Pattern, Validity};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::runs::RunId;

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It came.
    Added,
    /// It went.
    Removed,
}

impl Verb {
    const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// One thing that a run did to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// What.
    pub verb: Verb,
    /// Which.
    pub link: Link,
}

const ALL: &str = "SELECT activity, code, is_prefix, area, valid_from, valid_to FROM area_link
     ORDER BY activity, code, is_prefix, valid_from";
const INSERT: &str = "INSERT INTO area_link (activity, code, is_prefix, area, valid_from, valid_to)
     VALUES (?, ?, ?, ?, ?, ?)";
const DELETE: &str = "DELETE FROM area_link
     WHERE activity = ? AND code = ? AND is_prefix = ? AND area = ? AND valid_from = ? AND valid_to = ?";
const CLASHING: &str = "SELECT 1 FROM area_link
     WHERE activity = ? AND code = ? AND is_prefix = ? AND valid_to >= ? AND valid_from <= ?";
const NOTE: &str =
    "INSERT INTO area_link_change (activity, code, is_prefix, area, valid_from, valid_to, run_id, verb)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const CHANGES_BACKWARDS: &str = "SELECT activity, code, is_prefix, area, valid_from, valid_to, verb = 'added'
     FROM area_link_change WHERE run_id = ? ORDER BY id DESC";

impl Registry {
    /// Every link, whether it holds today or not.
    pub fn area_links(&self) -> Result<Vec<Link>> {
        let mut statement = self.connection().prepare_cached(ALL)?;
        Ok(statement.query_map([], link)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts a link in. It must clash with none that is there.
    pub fn add_area_link(&self, run: RunId, link: &Link) -> Result<()> {
        execute(self.connection(), INSERT, link)?;
        self.note_link(run, Verb::Added, link)
    }

    /// Takes a link away. False if it isn't there just so.
    pub fn remove_area_link(&self, run: RunId, link: &Link) -> Result<bool> {
        let is_gone = execute(self.connection(), DELETE, link)? > 0;
        if is_gone {
            self.note_link(run, Verb::Removed, link)?;
        }
        Ok(is_gone)
    }

    /// Whether a link for the same codes, activity and any of its days is there.
    pub fn is_area_linked(&self, link: &Link) -> Result<bool> {
        let (code, is_prefix) = parts(link.pattern);
        let (from, to) = days(link);
        let values = params![link.activity, code, is_prefix, from, to];
        Ok(self.connection().prepare_cached(CLASHING)?.exists(values)?)
    }

    fn note_link(&self, run: RunId, verb: Verb, link: &Link) -> Result<()> {
        let (code, is_prefix) = parts(link.pattern);
        let (from, to) = days(link);
        self.connection().prepare_cached(NOTE)?.execute(params![
            link.activity,
            code,
            is_prefix,
            link.area,
            from,
            to,
            run.0,
            verb.name()
        ])?;
        Ok(())
    }

    /// What a run did to links, the last first: undo goes backwards.
    pub fn link_changes_backwards(&self, run: RunId) -> Result<Vec<LinkRow>> {
        let mut statement = self.connection().prepare_cached(CHANGES_BACKWARDS)?;
        let row = |row: &Row<'_>| {
            let verb = if row.get(6)? { Verb::Added } else { Verb::Removed };
            Ok(LinkRow { verb, link: link(row)? })
        };
        Ok(statement.query_map(params![run.0], row)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn execute(connection: &Connection, sql: &str, link: &Link) -> Result<usize> {
    let (code, is_prefix) = parts(link.pattern);
    let (from, to) = days(link);
    let values = params![link.activity, code, is_prefix, link.area, from, to];
    Ok(connection.prepare_cached(sql)?.execute(values)?)
}

fn days(link: &Link) -> (String, String) {
    (link.validity.from.to_string(), link.validity.to.to_string())
}

fn parts(pattern: Pattern) -> (String, bool) {
    let code = pattern.code().as_str().to_owned();
    match pattern {
        Pattern::Full(_) => (code, false),
        Pattern::Prefix(_) => (code, true),
    }
}

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let odd = |column| rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text);
    let star = if row.get(2)? { "*" } else { "" };
    let code: String = row.get(1)?;
    let day = |column| -> rusqlite::Result<NaiveDate> {
        row.get_ref(column)?.as_str()?.parse().map_err(|_| odd(column))
    };
    Ok(Link {
        activity: row.get(0)?,
        pattern: Pattern::parse(&format!("{code}{star}")).map_err(|_| odd(1))?,
        area: row.get(3)?,
        validity: Validity { from: day(4)?, to: day(5)? },
    })
}
