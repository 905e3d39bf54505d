//! Rules in and out of their table, with what each run changed of them. Not journaled: a rule is no part of a person.

use rusqlite::{Row, ToSql, params};

use crate::domain::retention::{Action, CountedFrom, Period, Rule, Rules, Target};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::runs::RunId;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// One thing that a run did to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// What.
    pub verb: Verb,
    /// Which.
    pub rule: Rule,
}

const ALL: &str = "SELECT class, target, period, counted_from, year_end, action, grace_days
     FROM retention_rule ORDER BY class, target";
const INSERT: &str =
    "INSERT INTO retention_rule (class, target, period, counted_from, year_end, action, grace_days)
     VALUES (?, ?, ?, ?, ?, ?, ?)";
const DELETE: &str =
    "DELETE FROM retention_rule WHERE class = ? AND target = ? AND period = ? AND counted_from = ?
     AND year_end = ? AND action = ? AND grace_days = ?";
const IS_RULED: &str = "SELECT 1 FROM retention_rule WHERE class = ? AND target = ?";
const NOTE: &str = "INSERT INTO retention_rule_change
            (class, target, period, counted_from, year_end, action, grace_days, run_id, verb)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
const CHANGES_BACKWARDS: &str =
    "SELECT class, target, period, counted_from, year_end, action, grace_days, verb = 'added'
     FROM retention_rule_change WHERE run_id = ? ORDER BY id DESC";
const CLASSES: &str = "SELECT class FROM person WHERE class IS NOT NULL
     UNION SELECT class FROM case_record WHERE class IS NOT NULL";
const PUT_GAP: &str = "INSERT INTO retention_gap (target, records) VALUES (?1, ?2)
     ON CONFLICT (target) DO UPDATE SET records = ?2";

impl Registry {
    /// The plan.
    pub fn retention_rules(&self) -> Result<Rules> {
        let mut statement = self.connection().prepare_cached(ALL)?;
        let rules: Vec<Rule> = statement.query_map([], rule)?.collect::<rusqlite::Result<_>>()?;
        Ok(Rules::new(rules))
    }

    /// Puts a rule in; its class and target must have none.
    pub fn add_retention_rule(&self, run: RunId, rule: &Rule) -> Result<()> {
        self.write_rule(INSERT, rule, &[])?;
        self.write_rule(NOTE, rule, &[&run.0, &"added"]).map(drop)
    }

    /// Takes a rule away. False if it isn't there just so.
    pub fn remove_retention_rule(&self, run: RunId, rule: &Rule) -> Result<bool> {
        let is_gone = self.write_rule(DELETE, rule, &[])? > 0;
        if is_gone {
            self.write_rule(NOTE, rule, &[&run.0, &"removed"])?;
        }
        Ok(is_gone)
    }

    /// Whether a class has a rule for a target.
    pub fn has_retention_rule(&self, class: &str, target: Target) -> Result<bool> {
        Ok(self.connection().prepare_cached(IS_RULED)?.exists(params![class, target.name()])?)
    }

    /// What a run did to rules, the last first: undo goes backwards.
    pub fn rule_changes_backwards(&self, run: RunId) -> Result<Vec<RuleRow>> {
        let mut statement = self.connection().prepare_cached(CHANGES_BACKWARDS)?;
        let row = |row: &Row<'_>| {
            let verb = if row.get(7)? { Verb::Added } else { Verb::Removed };
            Ok(RuleRow { verb, rule: rule(row)? })
        };
        Ok(statement.query_map(params![run.0], row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Every class that a person or a case has.
    pub fn classes_in_use(&self) -> Result<Vec<String>> {
        let mut statement = self.connection().prepare_cached(CLASSES)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers how many have no class, or one without a rule: the finding is a look at this.
    pub fn put_retention_gap(&self, target: Target, records: u64) -> Result<()> {
        let count = i64::try_from(records).unwrap_or(i64::MAX);
        self.connection().prepare_cached(PUT_GAP)?.execute(params![target.name(), count])?;
        Ok(())
    }

    fn write_rule(&self, sql: &str, rule: &Rule, more: &[&dyn ToSql]) -> Result<usize> {
        let period = rule.period.to_string();
        let (target, from, action) = (rule.target.name(), rule.from.name(), rule.action.name());
        let own: [&dyn ToSql; 7] =
            [&rule.class, &target, &period, &from, &rule.year_end, &action, &rule.grace_days];
        let values: Vec<&dyn ToSql> = own.into_iter().chain(more.iter().copied()).collect();
        Ok(self.connection().prepare_cached(sql)?.execute(values.as_slice())?)
    }
}

fn rule(row: &Row<'_>) -> rusqlite::Result<Rule> {
    let odd = |column| rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text);
    let text = |column: usize| -> rusqlite::Result<&str> { Ok(row.get_ref(column)?.as_str()?) };
    Ok(Rule {
        class: row.get(0)?,
        target: Target::parse(text(1)?).ok_or_else(|| odd(1))?,
        period: Period::parse(text(2)?).map_err(|_| odd(2))?,
        from: CountedFrom::parse(text(3)?).ok_or_else(|| odd(3))?,
        year_end: row.get(4)?,
        action: Action::parse(text(5)?).ok_or_else(|| odd(5))?,
        grace_days: row.get(6)?,
    })
}
