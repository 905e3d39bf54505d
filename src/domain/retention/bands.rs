//! Days between which no rule tells a difference: of whoever did something last within one band, only the band need be
//! known to say what keeps them today.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::rule::{CountedFrom, Rule, Rules, Target};

/// A band among all; the later one is the greater.
pub type Band = u8;

/// Where each band but the first begins, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands(Vec<NaiveDate>);

/// So many bands there are at most, or they would not fit beside what else is known of somebody: where a plan has more
/// periods, a band holds days that a rule tells apart.
const MOST: usize = 7;

impl Bands {
    /// Of the rules that count from the last activity of people, on a day.
    pub fn of(rules: &Rules, today: NaiveDate) -> Self {
        let counts = |rule: &&Rule| {
            rule.target == Target::Person
                && matches!(rule.from, CountedFrom::LastActivity | CountedFrom::Closed)
        };
        let mut firsts = BTreeSet::new();
        for rule in rules.iter().filter(counts) {
            firsts.extend(first_day(today, |day| rule.due(day).is_none_or(|(due_on, _)| today < due_on)));
            firsts.extend(first_day(today, |day| rule.due(day).is_none_or(|(_, purge_on)| today < purge_on)));
        }
        Self(firsts.into_iter().take(MOST - 1).collect())
    }

    /// In which a day lies: 1 to 7.
    pub fn find(&self, day: NaiveDate) -> Band {
        Band::try_from(1 + self.0.partition_point(|first| *first <= day)).unwrap_or(Band::MAX)
    }

    /// Its first and its last day; none of 0, which is no band.
    pub fn ends(&self, band: Band) -> Option<(NaiveDate, NaiveDate)> {
        let at = usize::from(band).checked_sub(1)?;
        let first = at.checked_sub(1).and_then(|before| self.0.get(before).copied());
        let last = self.0.get(at).and_then(NaiveDate::pred_opt);
        Some((first.unwrap_or_else(|| day(1)), last.unwrap_or_else(|| day(9999))))
    }
}

/// The first day of which something is so, as it is of every later one; none if it is so of every day.
fn first_day(today: NaiveDate, is_so: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let (mut before, mut after) = (day(1), today + Days::new(1));
    if is_so(before) || !is_so(after) {
        return None;
    }
    while (after - before).num_days() > 1 {
        let middle = before + (after - before) / 2;
        if is_so(middle) { after = middle } else { before = middle }
    }
    Some(after)
}

/// 1 January of the first year that a day can have, 31 December of the last.
fn day(year: i32) -> NaiveDate {
    let (month, day) = if year == 1 { (1, 1) } else { (12, 31) };
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::tests::IDLE;
    use crate::domain::retention::{Action, Life, Period};

    fn rule(period: &str, year_end: bool, grace_days: u32) -> Rule {
        Rule {
            class: format!("{period}{year_end}{grace_days}"),
            target: Target::Person,
            period: Period::parse(period).unwrap(),
            from: CountedFrom::LastActivity,
            year_end,
            action: Action::Delete,
            grace_days,
        }
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_band_begins_with_the_first_day_of_which_a_period_or_its_grace_is_not_over() {
        // (rule, first days of the bands)
        let rows = [
            (rule("P5Y", false, 0), vec!["2021-11-23"]),
            (rule("P5Y", false, 30), vec!["2021-10-24", "2021-11-23"]),
            (rule("P5Y", true, 0), vec!["2021-01-01"]),
            (rule("P1D", false, 0), vec!["2026-11-22"]),
            (rule("keep", false, 0), vec![]),
        ];
        for (rule, firsts) in rows {
            let bands = Bands::of(&Rules::new([rule.clone()]), on("2026-11-22"));
            assert_eq!(bands.0, firsts.into_iter().map(on).collect::<Vec<_>>(), "{rule}");
        }
    }

    #[test]
    fn within_a_band_every_day_keeps_for_the_same_reasons() {
        let today = on("2026-11-22");
        let rules =
            [rule("P5Y", false, 30), rule("P24M", true, 0), rule("P400D", false, 90), rule("keep", false, 9)];
        let bands = Bands::of(&Rules::new(rules.clone()), today);
        let kept_by = |day, rule| {
            let mut life = Life { entered_on: Some(on("1990-01-01")), ..IDLE };
            life.was_active(day);
            life.judge(Some(rule), today).kept_by
        };
        for day in on("2014-01-01").iter_days().take(5_000) {
            let (first, last) = bands.ends(bands.find(day)).unwrap();
            assert!(first <= day && day <= last);
            for rule in &rules {
                assert_eq!(kept_by(day, rule), kept_by(first, rule), "{day} {rule}");
                assert_eq!(kept_by(day, rule), kept_by(last, rule), "{day} {rule}");
            }
        }
    }

    #[test]
    fn more_periods_than_bands_leave_the_last_band_wide() {
        let rules = (1..=20).map(|years| rule(&format!("P{years}Y"), false, 0));
        let bands = Bands::of(&Rules::new(rules), on("2026-11-22"));
        assert_eq!(bands.find(on("2026-11-22")), 7);
        assert_eq!(bands.ends(7).unwrap(), (on("2011-11-23"), on("9999-12-31")));
        assert_eq!(bands.ends(1).unwrap().0, on("0001-01-01"));
        assert_eq!(bands.ends(0), None);
    }
}
