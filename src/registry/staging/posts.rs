//! The posts of one SPAR file, brought together by person before anything is decided.

use std::cell::RefCell;
use std::path::Path;

use chrono::NaiveDate;
use rusqlite::{CachedStatement, OptionalExtension, Row, params};

use super::apart;
use super::plain::{PlainPost, PlainPosts};
use super::{Packed, Staging, Windows, unpack};
use crate::domain::id_number::{IdNumber, NumberKey};
use crate::domain::person::{PersonId, Said};
use crate::domain::person_set::PersonSet;
use crate::domain::spar::recognised::PostDigest;
use crate::domain::spar::statement::{Carried, Statement};
use crate::failure::Result;
use crate::registry::ledger::Seen;

const SCHEMA: &str = "
CREATE TABLE post (
    ordinal INTEGER PRIMARY KEY, key INTEGER, person INTEGER, marked INTEGER NOT NULL, unsaid INTEGER NOT NULL,
    refused INTEGER NOT NULL, answered INTEGER NOT NULL, changed_on INTEGER, said BLOB, digest INTEGER, body BLOB);
CREATE INDEX post_of_nobody ON post (key) WHERE person IS NULL;
CREATE TABLE link (old INTEGER, new INTEGER, old_kind TEXT, new_kind TEXT, PRIMARY KEY (old, new)) WITHOUT ROWID;
CREATE INDEX link_back ON link (new, old);
CREATE TABLE several (person INTEGER PRIMARY KEY);
CREATE TABLE step (person INTEGER, place INTEGER, key INTEGER, kind TEXT, PRIMARY KEY (person, place)) WITHOUT ROWID;
CREATE TABLE renumbering (person INTEGER PRIMARY KEY, outcome TEXT NOT NULL, key INTEGER, other INTEGER);
CREATE INDEX renumbering_to ON renumbering (key);
CREATE TABLE borrowed (person INTEGER, ordinal INTEGER, PRIMARY KEY (person, ordinal)) WITHOUT ROWID;";

/// A post on its way into the staging area.
#[derive(Clone, Debug)]
pub struct NewPost<'p> {
    /// From 1, in the order of the file.
    pub ordinal: u64,
    /// Its number, if it can be read.
    pub number: Option<&'p IdNumber>,
    /// Whose number that is, and what is remembered of it.
    pub seen: Option<Seen>,
    /// What it says.
    pub body: &'p Statement,
    /// Marked protected by itself.
    pub is_marked: bool,
    /// SkyddadFolkbokforing was not there.
    pub is_unsaid: bool,
    /// A former number of a protected person.
    pub is_refused: bool,
    /// SenasteAndringSPAR.
    pub changed_on: Option<NaiveDate>,
    /// Digests.
    pub said: Said,
    /// Of the whole post, if it can be known again by it.
    pub digest: Option<PostDigest>,
}

/// A post on its way out, in the group of one person.
#[derive(Clone, Debug)]
pub struct StagedPost {
    /// Whose group it is in.
    pub person: PersonId,
    /// Which post.
    pub ordinal: u64,
    /// Under which number it came.
    pub key: NumberKey,
    /// Belongs to another person linked to this one; counted there.
    pub is_borrowed: bool,
    /// Digests.
    pub said: Said,
    /// What it says; none if it is what SPAR said last.
    body: Option<Packed>,
    /// SenasteAndringSPAR.
    pub changed_on: Option<NaiveDate>,
    /// SkyddadFolkbokforing was not there.
    pub is_unsaid: bool,
    /// Of the whole post, if it can be known again by it.
    pub digest: Option<PostDigest>,
    /// SPAR answered for this number before.
    pub is_answered: bool,
}

impl StagedPost {
    /// What it says.
    pub fn statement(&self) -> Result<Statement> {
        match &self.body {
            Some(body) => unpack(&body.0),
            None => Ok(Statement::unchanged(self.changed_on, self.is_unsaid)),
        }
    }
}

/// All posts of one file.
#[derive(Debug)]
pub struct Posts {
    staging: Staging,
    plain: PlainPosts,
    packed: RefCell<Packed>,
}

impl Posts {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        let staging = Staging::create(folder, SCHEMA)?;
        staging.connection().execute_batch(apart::SCHEMA)?;
        Ok(Self { staging, plain: PlainPosts::default(), packed: RefCell::default() })
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.staging.connection().prepare_cached(sql)?)
    }

    /// Takes a post in.
    pub fn add(&self, post: &NewPost<'_>) -> Result<()> {
        let mut packed = self.packed.borrow_mut();
        packed.fill(post.body)?;
        self.prepare("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
            post.ordinal.cast_signed(),
            post.number.map(|number| number.key().0),
            post.seen.map(|seen| seen.person.0),
            post.is_marked,
            post.is_unsaid,
            post.is_refused,
            post.seen.is_some_and(|seen| seen.is_answered),
            post.changed_on.map(|date| chrono::Datelike::num_days_from_ce(&date)),
            post.said.to_bytes(),
            post.digest.map(|digest| digest.0.cast_signed()),
            packed.0
        ])?;
        Ok(())
    }

    /// Takes a post in that says what SPAR said before.
    pub fn add_plain(&self, post: &PlainPost) -> Result<()> {
        self.plain.add(self.staging.connection(), post)
    }

    /// The file was read to its end: what is absent in a post may be a mark now.
    pub fn close(&self, carried: Carried) -> Result<()> {
        if carried == Carried::Yes { self.unpack(|post| post.is_unsaid) } else { Ok(()) }
    }

    /// Puts plain posts beside the others.
    fn unpack(&self, is_wanted: impl Fn(&PlainPost) -> bool) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO post (ordinal, key, person, marked, unsaid, refused, answered, changed_on, said)
                   VALUES (?, ?, ?, 0, ?, 0, 1, ?, ?)";
        let mut statement = self.prepare(sql)?;
        self.plain.take_out(self.staging.connection(), is_wanted, |post| {
            let days = post.changed_on.map(|date| chrono::Datelike::num_days_from_ce(&date));
            let said = post.said.to_bytes();
            let values =
                params![post.ordinal.cast_signed(), post.key.0, post.person.0, post.is_unsaid, days, said];
            Ok(statement.execute(values)? > 0)
        })
    }

    /// Whoever has several posts gets the plain ones among them too.
    fn unpack_several(&self) -> Result<()> {
        let highest: Option<i64> =
            self.prepare("SELECT max(person) FROM several")?.query_row([], |row| row.get(0))?;
        let Some(highest) = highest else { return Ok(()) };
        let mut several = PersonSet::up_to(PersonId(highest));
        let mut statement = self.prepare("SELECT person FROM several")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            several.insert(PersonId(row.get(0)?));
        }
        self.unpack(|post| several.contains(post.person))
    }

    /// Notes that a person has more than one post.
    pub fn add_several(&self, person: PersonId) -> Result<()> {
        self.prepare("INSERT OR IGNORE INTO several VALUES (?)")?.execute(params![person.0])?;
        Ok(())
    }

    /// Ordinals and numbers of posts that mark somebody protected.
    pub fn protected_posts(&self, carried: Carried) -> Result<Vec<(u64, Option<NumberKey>)>> {
        let mut statement =
            self.prepare("SELECT ordinal, key FROM post WHERE marked OR (unsaid AND ?) ORDER BY ordinal")?;
        let rows = statement.query_map(params![carried == Carried::Yes], |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, Option<i64>>(1)?.map(NumberKey)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What a post says, if it was staged with its body.
    pub fn body(&self, ordinal: u64) -> Result<Option<Statement>> {
        let mut statement = self.prepare("SELECT body FROM post WHERE ordinal = ?")?;
        let body: Option<Option<Vec<u8>>> =
            statement.query_row(params![ordinal.cast_signed()], |row| row.get(0)).optional()?;
        body.flatten().map(|bytes| unpack(&bytes)).transpose()
    }

    /// Gives a post that belongs to nobody to a person.
    pub fn adopt(&self, key: NumberKey, person: PersonId) -> Result<()> {
        self.prepare("UPDATE post SET person = ?2 WHERE key = ?1 AND person IS NULL AND NOT refused")?
            .execute(params![key.0, person.0])?;
        self.add_several(person)
    }

    /// Lets a person's group see a post of somebody who is linked to them.
    pub fn borrow(&self, ordinal: u64, person: PersonId) -> Result<()> {
        self.prepare("INSERT OR IGNORE INTO borrowed VALUES (?, ?)")?
            .execute(params![person.0, ordinal.cast_signed()])?;
        self.add_several(person)
    }

    /// Hands out every post that needs a decision, those of many people at a time, each person's together.
    pub fn each_window(
        &self,
        carried: Carried,
        mut visit: impl FnMut(Vec<Vec<StagedPost>>) -> Result<()>,
    ) -> Result<()> {
        self.unpack_several()?;
        let mut windows: Windows<Vec<StagedPost>> = Windows::new();
        self.each(carried, |post| {
            let is_same =
                |group: &Vec<StagedPost>| group.first().is_some_and(|first| first.person == post.person);
            if let Some(group) = windows.last_mut().filter(|group| is_same(group)) {
                group.push(post);
                return Ok(());
            }
            windows.add(vec![post], &mut visit)
        })?;
        windows.finish(&mut visit)
    }

    /// In the order of people.
    fn each(&self, carried: Carried, mut visit: impl FnMut(StagedPost) -> Result<()>) -> Result<()> {
        // Places are sorted first and posts fetched then: sorting whole posts would write them once more.
        let order = "SELECT person, ordinal, 0 FROM post
                   WHERE person IS NOT NULL AND NOT refused
                     AND (body IS NOT NULL OR (unsaid AND ?1) OR person IN (SELECT person FROM several))
                   UNION ALL
                   SELECT person, ordinal, 1 FROM borrowed
                   UNION ALL
                   SELECT person, 0, 1 FROM renumbering
                   ORDER BY 1, 2";
        let fetch =
            "SELECT key, said, body, changed_on, unsaid, answered, digest FROM post WHERE ordinal = ?";
        let mut statement = self.staging.connection().prepare(order)?;
        let mut fetch = self.staging.connection().prepare(fetch)?;
        let mut rows = statement.query(params![carried == Carried::Yes])?;
        while let Some(row) = rows.next()? {
            let place =
                Place { person: PersonId(row.get(0)?), ordinal: row.get(1)?, is_borrowed: row.get(2)? };
            let post = fetch.query_row(params![place.ordinal], |row| Ok(staged(&place, row))).optional()?;
            visit(post.transpose()?.unwrap_or_else(|| place.without_post()))?;
        }
        Ok(())
    }

    /// How many posts are of people unknown here, and how many came under a refused number.
    pub fn count_strangers(&self) -> Result<(u64, u64)> {
        let sql = "SELECT coalesce(sum(NOT refused), 0), coalesce(sum(refused), 0) FROM post
                   WHERE person IS NULL AND key IS NOT NULL";
        let row: (i64, i64) = self.prepare(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((row.0.unsigned_abs(), row.1.unsigned_abs()))
    }

    /// Posts of known people that needed no decision: SPAR said that before.
    pub fn count_plain(&self, carried: Carried) -> Result<u64> {
        let sql = "SELECT count(*) FROM post
                   WHERE person IS NOT NULL AND NOT refused AND body IS NULL AND NOT (unsaid AND ?)
                     AND person NOT IN (SELECT person FROM several)";
        let count: i64 = self.prepare(sql)?.query_row(params![carried == Carried::Yes], |row| row.get(0))?;
        Ok(count.unsigned_abs() + self.plain.count())
    }
}

/// Where a post stands in the order of people.
struct Place {
    person: PersonId,
    ordinal: i64,
    is_borrowed: bool,
}

impl Place {
    /// Somebody whom only links concern.
    fn without_post(&self) -> StagedPost {
        StagedPost {
            person: self.person,
            ordinal: 0,
            key: NumberKey(0),
            is_borrowed: true,
            said: Said::default(),
            body: None,
            changed_on: None,
            is_unsaid: false,
            digest: None,
            is_answered: true,
        }
    }
}

fn staged(place: &Place, row: &Row<'_>) -> Result<StagedPost> {
    let said = row.get_ref(1)?.as_blob_or_null().ok().flatten().and_then(Said::from_bytes);
    let body: Option<Vec<u8>> = row.get(2)?;
    let days: Option<i32> = row.get(3)?;
    let digest: Option<i64> = row.get(6)?;
    Ok(StagedPost {
        person: place.person,
        ordinal: place.ordinal.unsigned_abs(),
        key: NumberKey(row.get(0)?),
        is_borrowed: place.is_borrowed,
        said: said.unwrap_or_default(),
        body: body.map(Packed),
        changed_on: days.and_then(NaiveDate::from_num_days_from_ce_opt),
        is_unsaid: row.get(4)?,
        is_answered: row.get(5)?,
        digest: digest.map(|digest| PostDigest(digest.cast_unsigned())),
    })
}
