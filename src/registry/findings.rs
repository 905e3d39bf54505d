//! Findings: what needs a person, looked at anew at the end of every run.
//!
//! Conditions open and close themselves; events are closed by hand. Not journaled.

use rusqlite::{Row, named_params, params};

use super::Registry;
use super::runs::RunId;
use crate::failure::Result;
use crate::leak_control::{self, Place};

/// A stored finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its id.
    pub id: i64,
    /// Kind (product.md).
    pub kind: String,
    /// `person:17`, `file:9`, …
    pub subject: String,
    /// Parameters of its text, as JSON: a run can open tens of thousands.
    pub params: String,
    /// `open`, `done`, `ignored`; one that closed itself is `done`.
    pub state: String,
    /// What somebody noted.
    pub note: Option<String>,
    /// UTC instant.
    pub first_seen: String,
    /// UTC instant.
    pub last_seen: String,
    /// The run that opened or reopened it.
    pub run: RunId,
}

/// What a run opened or reopened.
#[derive(Debug, Default)]
pub struct Opened {
    /// The first of them, in order.
    pub first: Vec<Finding>,
    /// How many there are besides.
    pub more: u64,
}

/// By what time conditions are judged.
#[derive(Clone, Copy, Debug)]
pub struct When<'s> {
    /// The reference date.
    pub today: chrono::NaiveDate,
    /// `spar.file_days`.
    pub file_days: u32,
    /// Whose key codes they are: the first of `municipality`.
    pub municipality: Option<&'s str>,
}

/// Something that happened and needs a person; not a state of the registry.
#[derive(Clone, Debug)]
pub struct Event {
    /// Kind.
    pub kind: &'static str,
    /// Subject.
    pub subject: String,
    /// What tells it from others of this kind and subject.
    pub detail: String,
    /// Digest of the facts.
    pub facts: String,
    /// Parameters as JSON, nothing personal.
    pub params: String,
}

// Each condition gives kind, subject, detail, facts, params. Facts of a number are a remainder: enough to
// notice another number, too little to tell it.
const CONDITIONS: [&str; 12] = [
    "SELECT 'check-digit', 'person:' || id, '', CAST(CAST(id_number AS INTEGER) % 999983 AS TEXT), '{}'
     FROM person WHERE check_digit = 'wrong'",
    "SELECT kind, 'person:' || person_id, '', coalesce(other_id, ''),
            CASE WHEN other_id IS NULL THEN '{}' ELSE json_object('other', 'person:' || other_id) END
     FROM notice WHERE other_id IS NULL OR EXISTS (SELECT 1 FROM person WHERE id = other_id)",
    "SELECT 'erasure-pending', CASE WHEN value LIKE 'run:%' THEN value ELSE 'person:' || value END, '', '', '{}'
     FROM mark WHERE kind = 'erasure'",
    "SELECT 'held', 'file:' || id, '', sha256, json_object('file', name, 'run', run_id)
     FROM file WHERE state = 'held'",
    "SELECT 'held', 'run:' || value, '', value, json_object('run', value) FROM mark WHERE kind = 'held-list'",
    "SELECT 'no-answer', 'person:' || person_id, '', answer_due_on, '{}' FROM number
     WHERE answer_due_on < :today AND former = 0
       AND NOT EXISTS (SELECT 1 FROM file WHERE id = answered_in AND state = 'applied')",
    "SELECT 'no-file', 'source:spar', '', since, json_object('since', since) FROM
         (SELECT coalesce((SELECT max(applied_on) FROM file WHERE kind = 'spar' AND state = 'applied'),
                          (SELECT min(sent_on) FROM spar_list WHERE state = 'sent')) AS since,
                 (SELECT count(*) FROM spar_list WHERE state = 'sent') AS lists)
     WHERE lists > 0 AND date(since, '+' || :file_days || ' days') < :today",
    "SELECT 'list-unsettled', 'run:' || run_id, '', name, json_object('list', name)
     FROM spar_list WHERE state = 'unsettled'",
    // Every activity that has a link is meant to cover every code that somebody has. A colon sorts after all digits. How
    // many people have it is no fact: a finding that was set aside stays so when one more moves in.
    "SELECT 'unlinked-code', 'code:' || :municipality || '/' || code || '/' || activity, '', '',
            json_object('code', code, 'activity', activity, 'people', people)
     FROM (SELECT activity, code FROM (SELECT DISTINCT activity FROM area_link), held_code
           EXCEPT
           SELECT activity, held_code.code FROM area_link JOIN held_code
              ON held_code.code >= area_link.code
             AND held_code.code <= CASE WHEN is_prefix THEN area_link.code || ':' ELSE area_link.code END
           WHERE valid_from <= :today AND valid_to >= :today)
     JOIN held_code USING (code)
     WHERE :municipality IS NOT NULL",
    "SELECT 'source-conflict', 'person:' || c.person_id, c.detail, c.facts,
            json_object('field', c.field, 'sources', c.sources)
     FROM source_conflict AS c JOIN person AS p ON p.id = c.person_id
     WHERE p.concealment = 0 AND p.status <> 'deceased'",
    "SELECT 'disposed-number', 'source:' || source, '', count(*) || ':' || hex(min(hash)) || ':' || hex(max(hash)),
            json_object('count', count(*), 'lines', (SELECT group_concat(line, ', ') FROM
                (SELECT line FROM source_refused AS one WHERE one.source = source_refused.source ORDER BY line LIMIT 10)))
     FROM source_refused GROUP BY source",
    // Counted by the runs that look at everybody (table retention_gap). How many is no fact: set aside stays set aside.
    "SELECT 'no-class', 'target:' || target, '', '', json_object('target', target, 'count', records)
     FROM retention_gap WHERE records > 0",
];
/// Kinds that close themselves.
const CONDITION_KINDS: [&str; 17] = [
    "check-digit",
    "number-change",
    "two-records",
    "protection-lifted",
    "comment-review",
    "returned",
    "no-address",
    "erasure-pending",
    "held",
    "no-answer",
    "no-file",
    "list-unsettled",
    "unlinked-code",
    "source-conflict",
    "same-name-other-number",
    "disposed-number",
    "no-class",
];
/// Kinds of what happened once: closed by hand.
const EVENT_KINDS: [&str; 4] = ["file-rejected", "update-blocked", "post-conflict", "late-schedule"];

/// Every kind of finding.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    CONDITION_KINDS.into_iter().chain(EVENT_KINDS)
}

// A finding that is still true is touched once a day, so that a run with nothing to do writes nothing.
const TAKE: &str = "last_seen = excluded.last_seen, facts = excluded.facts, params = excluded.params,
         first_seen = CASE WHEN finding.state = 'closed' THEN excluded.last_seen ELSE finding.first_seen END,
         note = CASE WHEN finding.state = 'closed' OR finding.facts <> excluded.facts THEN NULL ELSE finding.note END,
         run_id = CASE WHEN finding.state = 'closed' OR (finding.facts <> excluded.facts AND finding.state <> 'open')
                       THEN excluded.run_id ELSE finding.run_id END,
         state = CASE WHEN finding.state = 'closed' OR finding.facts <> excluded.facts THEN 'open' ELSE finding.state END";
const IS_STALE: &str =
    "(finding.state = 'closed' OR finding.facts <> excluded.facts OR finding.params <> excluded.params
          OR substr(finding.last_seen, 1, 10) < substr(excluded.last_seen, 1, 10))";

const ADD_EVENT: &str =
    "INSERT INTO finding (kind, subject, detail, facts, params, state, first_seen, last_seen, run_id)
     VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?6, ?7) ON CONFLICT (kind, subject, detail) DO NOTHING";

fn reopen_event() -> String {
    format!(
        "UPDATE finding SET {TAKE}
         FROM (SELECT ?4 AS facts, ?5 AS params, ?6 AS last_seen, ?7 AS run_id) AS excluded
         WHERE kind = ?1 AND subject = ?2 AND detail = ?3 AND {IS_STALE}"
    )
}

const LIST: &str = "SELECT id, kind, subject, params, CASE state WHEN 'closed' THEN 'done' ELSE state END,
            -- What staff wrote of somebody hidden stands until it is erased.
            CASE WHEN subject GLOB 'person:*' AND EXISTS
                 (SELECT 1 FROM person WHERE id = CAST(substr(subject, 8) AS INTEGER) AND concealment = 1)
                 THEN NULL ELSE note END,
            first_seen, last_seen, run_id FROM finding";

fn finding(row: &Row<'_>) -> rusqlite::Result<Finding> {
    Ok(Finding {
        id: row.get(0)?,
        kind: row.get(1)?,
        subject: row.get(2)?,
        params: row.get(3)?,
        state: row.get(4)?,
        note: row.get(5)?,
        first_seen: row.get(6)?,
        last_seen: row.get(7)?,
        run: RunId(row.get(8)?),
    })
}

impl Registry {
    /// Looks at the conditions of all kinds: opens what is true and new, closes what is no longer true.
    pub fn settle_findings(&self, run: RunId, now: &str, when: When<'_>) -> Result<()> {
        self.write(|| {
            self.connection().execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS condition
                     (kind TEXT, subject TEXT, detail TEXT, facts TEXT, params TEXT, PRIMARY KEY (kind, subject, detail));
                 DELETE FROM temp.condition;",
            )?;
            for sql in CONDITIONS {
                self.note_conditions(sql, when)?;
            }
            let open = format!(
                "INSERT INTO finding (kind, subject, detail, facts, params, state, first_seen, last_seen, run_id)
                 SELECT kind, subject, detail, facts, params, 'open', :now, :now, :run FROM temp.condition WHERE true
                 ON CONFLICT (kind, subject, detail) DO UPDATE SET {TAKE} WHERE {IS_STALE}"
            );
            self.connection().prepare_cached(&open)?.execute(named_params! { ":now": now, ":run": run.0 })?;
            self.close_untrue()
        })
    }

    /// Collects what one condition finds. Only some depend on the day.
    fn note_conditions(&self, sql: &str, when: When<'_>) -> Result<()> {
        let mut statement =
            self.connection().prepare_cached(&format!("INSERT OR REPLACE INTO temp.condition {sql}"))?;
        if let Some(place) = statement.parameter_index(":today")? {
            statement.raw_bind_parameter(place, when.today.to_string())?;
        }
        if let Some(place) = statement.parameter_index(":file_days")? {
            statement.raw_bind_parameter(place, when.file_days)?;
        }
        if let Some(place) = statement.parameter_index(":municipality")? {
            statement.raw_bind_parameter(place, when.municipality)?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn close_untrue(&self) -> Result<()> {
        let kinds = CONDITION_KINDS.map(|kind| format!("'{kind}'")).join(", ");
        let close = format!(
            "UPDATE finding SET state = 'closed'
             WHERE state <> 'closed' AND kind IN ({kinds}) AND NOT EXISTS
                 (SELECT 1 FROM temp.condition AS c
                  WHERE c.kind = finding.kind AND c.subject = finding.subject AND c.detail = finding.detail)"
        );
        self.connection().prepare_cached(&close)?.execute([])?;
        Ok(())
    }

    /// Opens a finding of an event, or leaves it as it is if somebody dealt with just this.
    pub fn open_event(&self, event: &Event, run: RunId, now: &str) -> Result<()> {
        let leaked = leak_control::text(Place::Finding).map(|text| format!("{{\"file\":\"{text}\"}}"));
        let params = leaked.as_ref().unwrap_or(&event.params);
        let values = params![event.kind, event.subject, event.detail, event.facts, params, now, run.0];
        let connection = self.connection();
        // Nearly all are new. One statement for both would keep a journal of itself for each.
        if connection.prepare_cached(ADD_EVENT)?.execute(values)? == 0 {
            connection.prepare_cached(&reopen_event())?.execute(values)?;
        }
        Ok(())
    }

    /// Findings that a run opened or reopened and that are open still: the first `most` of them, or all.
    pub fn findings_of(&self, run: RunId, most: Option<u32>) -> Result<Opened> {
        const OF_RUN: &str = "WHERE run_id = ?1 AND state = 'open'";
        // A negative limit is none.
        let most = most.map_or(-1, i64::from);
        let sql = format!("{LIST} {OF_RUN} ORDER BY id LIMIT ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let first: Vec<Finding> =
            statement.query_map(params![run.0, most], finding)?.collect::<rusqlite::Result<_>>()?;
        let mut more = 0;
        if first.len() as u64 == most.unsigned_abs() {
            let sql = format!("SELECT count(*) FROM finding {OF_RUN}");
            let all: i64 = self.connection().prepare_cached(&sql)?.query_row([run.0], |row| row.get(0))?;
            more = all.unsigned_abs() - first.len() as u64;
        }
        Ok(Opened { first, more })
    }

    /// Findings by kind and state, either of them open to all.
    pub fn list_findings(&self, kind: Option<&str>, state: Option<&str>) -> Result<Vec<Finding>> {
        let sql = format!(
            "{LIST} WHERE (?1 IS NULL OR kind = ?1)
             AND (?2 IS NULL OR state = ?2 OR (?2 = 'done' AND state = 'closed')) ORDER BY id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![kind, state], finding)?.collect::<rusqlite::Result<_>>()?)
    }

    /// One finding.
    pub fn find_finding(&self, id: i64) -> Result<Option<Finding>> {
        let sql = format!("{LIST} WHERE id = ?");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![id], finding)?.next().transpose()?)
    }

    /// Somebody dealt with a finding, or takes that back.
    pub fn set_finding(&self, id: i64, state: &str, note: Option<&str>, now: &str) -> Result<()> {
        let sql = "UPDATE finding SET state = ?2, note = coalesce(?3, note), settled_at = ?4 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![id, state, note, now])?;
        Ok(())
    }
}
