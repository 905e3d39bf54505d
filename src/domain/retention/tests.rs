use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::domain::hold::Hold;
use crate::domain::person::PersonId;

const HOLD: Hold = Hold { since: NaiveDate::MIN, until: None };

type LooseCase<'r> = (&'static str, bool, Option<&'r Rule>, Setting, Vec<&'static str>);
type Pairs<'r> = &'r [(i64, i64)];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(target: Target, period: &str, from: CountedFrom) -> Rule {
    Rule {
        class: "A".to_owned(),
        target,
        period: Period::parse(period).unwrap(),
        from,
        year_end: false,
        action: Action::Delete,
        grace_days: 0,
    }
}

fn names(verdict: Verdict) -> Vec<&'static str> {
    verdict.kept_by.iter().map(Reason::name).collect()
}

#[test]
fn periods_are_read_exactly_or_not_at_all() {
    let rows = [
        ("P365D", Ok(Period::Days(365))),
        ("P60M", Ok(Period::Months(60))),
        ("P5Y", Ok(Period::Years(5))),
        ("keep", Ok(Period::Never)),
        ("P18250D", Ok(Period::Never)), // what the Danish plans write for never
        ("P18251D", Ok(Period::Days(18_251))),
        ("P200Y", Ok(Period::Years(200))),
        ("P0D", Err(PeriodFault::Zero)),
        ("P00Y", Err(PeriodFault::Zero)),
        ("P-1D", Err(PeriodFault::Shape)),
        ("-P1D", Err(PeriodFault::Shape)),
        ("P+1D", Err(PeriodFault::Shape)),
        ("P201Y", Err(PeriodFault::TooLong)),
        ("P99999999Y", Err(PeriodFault::TooLong)),
        ("P99999999999999999999D", Err(PeriodFault::TooLong)), // larger than any type
        ("P5", Err(PeriodFault::Shape)),
        ("PY", Err(PeriodFault::Shape)),
        ("P1Y6M", Err(PeriodFault::Shape)),
        ("5Y", Err(PeriodFault::Shape)),
        ("p5y", Err(PeriodFault::Shape)),
        ("P٥Y", Err(PeriodFault::Shape)), // digits of another script
        ("På", Err(PeriodFault::Shape)),
        ("Keep", Err(PeriodFault::Shape)),
        ("", Err(PeriodFault::Shape)),
    ];
    for (text, expected) in rows {
        assert_eq!(Period::parse(text), expected, "{text}");
    }
    for text in ["P365D", "P60M", "P5Y", "keep"] {
        assert_eq!(Period::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn something_is_due_on_the_day_after_its_period_clamped_to_the_months_end_and_goes_after_its_grace() {
    // (period, year_end, grace, from, due on, goes on)
    let rows = [
        ("P1Y", false, 0, "2024-02-29", "2025-02-28", "2025-02-28"), // clamped
        ("P4Y", false, 0, "2024-02-29", "2028-02-29", "2028-02-29"), // a leap year again
        ("P1M", false, 0, "2026-01-31", "2026-02-28", "2026-02-28"), // clamped
        ("P12M", false, 0, "2024-02-29", "2025-02-28", "2025-02-28"), // as a year
        ("P365D", false, 0, "2024-02-29", "2025-02-28", "2025-02-28"), // days are days
        ("P365D", false, 0, "2023-03-01", "2024-02-29", "2024-02-29"), // not a year, where one is longer
        ("P5Y", true, 0, "2020-01-01", "2025-12-31", "2025-12-31"),  // from the end of that year
        ("P5Y", true, 0, "2020-12-31", "2025-12-31", "2025-12-31"),
        ("P5Y", false, 30, "2020-12-15", "2025-12-15", "2026-01-14"), // grace
        ("P2M", true, 0, "2025-06-01", "2026-02-28", "2026-02-28"),   // year's end, then clamped
    ];
    for (period, year_end, grace_days, from, due_on, purge_on) in rows {
        let rule = Rule { year_end, grace_days, ..rule(Target::Person, period, CountedFrom::LastActivity) };
        assert_eq!(rule.due(day(from)), Some((day(due_on), day(purge_on))), "{period} from {from}");
    }
    assert_eq!(rule(Target::Person, "keep", CountedFrom::Created).due(day("1900-01-01")), None);
}

#[test]
fn a_rule_counts_from_a_day_that_its_target_has_and_only_people_are_reduced() {
    use CountedFrom::{Closed, Created, Deceased, LastActivity};
    let fits = [
        (Target::Case, vec![Closed, LastActivity, Created]),
        (Target::Person, vec![LastActivity, Created, Deceased]),
        (Target::Draft, vec![LastActivity]),
        (Target::Event, vec![LastActivity]),
        (Target::Reduced, vec![LastActivity, Created]),
    ];
    for (target, good) in fits {
        for from in CountedFrom::ALL {
            let checked = rule(target, "P1Y", from).check();
            assert_eq!(checked.is_ok(), good.contains(&from), "{target:?} {from:?}");
            let reduces = Rule { action: Action::Anonymise, ..rule(target, "P1Y", from) };
            let may_reduce = target == Target::Person && good.contains(&from);
            assert_eq!(reduces.check().is_ok(), may_reduce, "{target:?} {from:?}");
        }
    }
}

fn case(opened: &str, closed: &str) -> Case {
    Case {
        opened: day(opened),
        closed: (!closed.is_empty()).then(|| day(closed)),
        last_activity: None,
        by_hand: false,
        held: false,
        must_stay: false,
    }
}

#[test]
fn a_case_goes_when_it_is_closed_and_its_period_is_over_or_somebody_marked_it_and_never_while_it_is_open() {
    let today = day("2026-11-22");
    let five = rule(Target::Case, "P5Y", CountedFrom::Closed);
    let active = rule(Target::Case, "P5Y", CountedFrom::LastActivity);
    let created = rule(Target::Case, "P5Y", CountedFrom::Created);
    let never = rule(Target::Case, "keep", CountedFrom::Closed);
    let old = case("2010-01-01", "2021-11-22");
    // (case, rule, what keeps it)
    let rows: Vec<(Case, Option<&Rule>, Vec<&str>)> = vec![
        (old, Some(&five), vec![]),                                      // on the day
        (case("2010-01-01", "2021-11-23"), Some(&five), vec!["period"]), // the day before
        (case("2010-01-01", ""), Some(&five), vec!["open"]),             // open
        (case("2010-01-01", "2026-11-23"), Some(&five), vec!["open"]),   // closed tomorrow
        (case("2010-01-01", "2025-01-01"), Some(&created), vec![]),      // counted from its opening
        (Case { last_activity: Some(day("2024-01-01")), ..old }, Some(&active), vec!["period"]),
        (Case { last_activity: Some(day("2024-01-01")), ..old }, Some(&five), vec![]),
        (old, None, vec!["no-class"]), // a missing class keeps
        (old, Some(&never), vec!["never"]),
        (Case { held: true, ..old }, Some(&five), vec!["hold"]),
        (Case { must_stay: true, ..old }, Some(&five), vec!["document"]), // one document that must be kept
        // Marked, or removed in its own system: at once, if it is closed.
        (Case { by_hand: true, ..case("2026-01-01", "2026-11-22") }, Some(&five), vec![]),
        (Case { by_hand: true, ..case("2026-01-01", "") }, Some(&five), vec!["open"]),
        (Case { by_hand: true, held: true, ..old }, Some(&five), vec!["hold"]),
        (Case { by_hand: true, must_stay: true, ..old }, Some(&five), vec!["document"]),
        (Case { by_hand: true, ..old }, None, vec!["no-class"]),
        (Case { by_hand: true, ..old }, Some(&never), vec!["never"]),
    ];
    for (case, rule, expected) in rows {
        assert_eq!(names(case.judge(rule, today)), expected, "{case:?} {rule:?}");
    }
}

#[test]
fn drafts_and_events_go_by_their_setting_or_by_the_class_of_their_person() {
    let today = day("2026-11-22");
    let year = rule(Target::Draft, "P1Y", CountedFrom::LastActivity);
    // (touched, of a case, rule, setting, what keeps it)
    let rows: Vec<LooseCase<'_>> = vec![
        ("2026-09-23", false, None, Setting::Days(60), vec![]), // sixty days
        ("2026-09-24", false, None, Setting::Days(60), vec!["period"]),
        ("2026-09-23", true, None, Setting::Days(60), vec!["of-case"]),
        ("1990-01-01", false, None, Setting::Keep, vec!["never"]),
        ("2026-09-23", false, Some(&year), Setting::Days(60), vec!["period"]), // the class speaks first
        ("2025-11-22", false, Some(&year), Setting::Keep, vec![]),
    ];
    for (touched, with_case, rule, setting, expected) in rows {
        let loose = Loose { touched: day(touched), with_case };
        assert_eq!(names(loose.judge(rule, setting, today)), expected, "{touched} {with_case}");
    }
}

pub(super) const IDLE: Life = Life {
    entered_on: None,
    active_on: None,
    reduced_on: None,
    death: Death::Alive,
    held: None,
    owed: Owed::Nothing,
    has_case: false,
};

#[test]
fn a_person_goes_when_nothing_keeps_them_and_they_were_idle_as_long_as_their_class_says() {
    let today = day("2026-11-22");
    let two = rule(Target::Person, "P2Y", CountedFrom::LastActivity);
    let created = rule(Target::Person, "P2Y", CountedFrom::Created);
    let dead = rule(Target::Person, "P2Y", CountedFrom::Deceased);
    let waits = Rule { grace_days: 30, ..two.clone() };
    let never = rule(Target::Person, "keep", CountedFrom::LastActivity);
    let idle = Life { entered_on: Some(day("2020-01-01")), active_on: Some(day("2024-11-22")), ..IDLE };
    let rows: Vec<(Life, Option<&Rule>, Vec<&str>)> = vec![
        (idle, Some(&two), vec![]), // on the day
        (Life { active_on: Some(day("2024-11-23")), ..idle }, Some(&two), vec!["period"]), // the day before
        (Life { active_on: Some(day("2024-11-23")), ..idle }, Some(&created), vec![]), // activity isn't asked
        (Life { active_on: None, ..idle }, Some(&two), vec![]), // the entry alone
        (Life { entered_on: Some(day("2025-01-01")), ..idle }, Some(&two), vec!["period"]), // a late entry
        (Life { entered_on: None, ..idle }, Some(&two), vec!["no-date"]), // nobody knows since when
        (idle, Some(&waits), vec!["grace"]),
        (idle, Some(&never), vec!["never"]),
        (idle, None, vec!["no-class"]),
        (Life { has_case: true, ..idle }, Some(&two), vec!["case"]),
        (Life { owed: Owed::Until(None), ..idle }, Some(&two), vec!["obligation"]),
        (Life { held: Some(HOLD), ..idle }, Some(&two), vec!["hold"]),
        (Life { held: Some(HOLD), has_case: true, ..idle }, None, vec!["hold", "no-class", "case"]),
        (idle, Some(&dead), vec!["alive"]),
        (Life { death: Death::Undated, ..idle }, Some(&dead), vec!["no-date"]),
        (Life { death: Death::On(day("2024-11-22")), ..idle }, Some(&dead), vec![]),
        (Life { death: Death::On(day("2024-11-23")), ..idle }, Some(&dead), vec!["period"]),
    ];
    for (life, rule, expected) in rows {
        assert_eq!(names(life.judge(rule, today)), expected, "{life:?} {rule:?}");
    }
}

#[test]
fn somebody_reduced_goes_by_their_own_period_from_the_day_of_the_reduction() {
    let one = rule(Target::Reduced, "P1Y", CountedFrom::Created);
    let life = Life { entered_on: Some(day("2010-01-01")), reduced_on: Some(day("2025-11-22")), ..IDLE };
    assert_eq!(life.target(), Target::Reduced);
    assert_eq!(names(life.judge(Some(&one), day("2026-11-21"))), ["period"]);
    assert_eq!(names(life.judge(Some(&one), day("2026-11-22"))), [""; 0]);
    assert_eq!(names(life.judge(None, day("2026-11-22"))), ["no-class"]);
}

#[test]
fn an_obligation_without_an_end_outlasts_the_others() {
    let mut owed = Owed::Nothing;
    owed.and_until(Some(day("2027-01-01")));
    owed.and_until(Some(day("2026-12-01")));
    assert_eq!(owed, Owed::Until(Some(day("2027-01-01"))));
    owed.and_until(None);
    owed.and_until(Some(day("2030-01-01")));
    assert_eq!(owed, Owed::Until(None));
}

#[test]
fn of_a_death_whose_date_is_not_whole_the_latest_day_counts() {
    let rows = [
        (Some("2019-03-05"), Death::On(day("2019-03-05"))),
        (Some("2019-02-00"), Death::On(day("2019-02-28"))),
        (Some("2019-00-00"), Death::On(day("2019-12-31"))),
        (Some("0000-00-00"), Death::Undated),
        (Some("2019-13-01"), Death::Undated),
        (Some("when"), Death::Undated),
        (None, Death::Undated),
    ];
    for (date, expected) in rows {
        assert_eq!(Death::dated(date), expected, "{date:?}");
    }
}

fn people(ids: &[i64]) -> BTreeSet<PersonId> {
    ids.iter().copied().map(PersonId).collect()
}

fn pairs(relations: &[(i64, i64)]) -> Vec<(PersonId, PersonId)> {
    relations.iter().map(|(guardian, ward)| (PersonId(*guardian), PersonId(*ward))).collect()
}

#[test]
fn a_guardian_stays_with_somebody_who_stays_and_a_circle_that_nothing_keeps_goes() {
    // (relations, who could go, who of them stays)
    let rows: Vec<(Pairs<'_>, &[i64], &[i64])> = vec![
        (&[], &[1, 2], &[]),
        (&[(1, 2)], &[1, 2], &[]),                           // both go
        (&[(1, 2)], &[1], &[1]),                             // 2 stays, so 1 does
        (&[(1, 2), (2, 3), (3, 4)], &[1, 2, 3], &[1, 2, 3]), // a chain
        (&[(1, 2), (2, 1)], &[1, 2], &[]),                   // each other's, kept by nothing
        (&[(1, 2), (2, 1), (2, 3)], &[1, 2], &[1, 2]),       // one of the circle is kept
        (&[(1, 1)], &[1], &[]),                              // their own
        (&[(9, 1)], &[1], &[]),                              // a guardian who stays keeps nobody
        (&[(1, 3), (2, 3), (1, 4)], &[1, 2, 3], &[1]),       // one of two wards stays
    ];
    for (relations, can_go, stays) in rows {
        let can_go = people(can_go);
        let found = grounded(&pairs(relations), |person| can_go.contains(&person));
        assert_eq!(found, people(stays), "{relations:?}");
    }
}

#[test]
fn a_limited_purge_takes_the_oldest_and_no_guardian_before_those_in_their_care() {
    let due = |rows: &[(i64, &str)]| -> Vec<Candidate> {
        rows.iter().map(|(id, on)| Candidate { purge_on: day(on), person: PersonId(*id) }).collect()
    };
    let three = due(&[(1, "2024-01-01"), (2, "2023-01-01"), (3, "2022-01-01")]);
    // (relations, most, who goes)
    let rows: Vec<(Pairs<'_>, Most, &[i64])> = vec![
        (&[], Most::All, &[1, 2, 3]),
        (&[], Most::These(0), &[]),
        (&[], Most::These(1), &[3]),
        (&[], Most::These(2), &[2, 3]),
        (&[], Most::These(9), &[1, 2, 3]),
        (&[(3, 1)], Most::These(1), &[2]), // 3 would leave 1 behind: the next
        (&[(3, 1)], Most::These(2), &[1, 3]), // together
        (&[(3, 1), (1, 3)], Most::These(1), &[2]),
    ];
    for (relations, most, expected) in rows {
        assert_eq!(
            choose(three.clone(), &pairs(relations), most),
            Vec::from_iter(people(expected)),
            "{relations:?} {most:?}"
        );
    }
}

#[test]
fn odd_rules_are_named() {
    let person = |period| rule(Target::Person, period, CountedFrom::LastActivity);
    let reduces = Rule { action: Action::Anonymise, ..person("P1Y") };
    let remainder = rule(Target::Reduced, "P1Y", CountedFrom::Created);
    // (rules, what is odd about them)
    let rows: Vec<(Vec<Rule>, Vec<Oddity>)> = vec![
        (vec![person("P1Y")], vec![]),
        (vec![person("P29D")], vec![Oddity::Short]),
        (vec![person("P20000D")], vec![Oddity::LongerThanNever]),
        (vec![reduces.clone()], vec![Oddity::NeverRemoved]),
        (vec![reduces, remainder.clone()], vec![]),
        (vec![person("P1Y"), remainder], vec![Oddity::NeverReduced]),
        (vec![Rule { grace_days: 9, ..person("keep") }], vec![Oddity::GraceAfterNever]),
    ];
    for (rules, expected) in rows {
        let rules = Rules::new(rules);
        let found: Vec<Oddity> = oddities(&rules, |_| true).into_iter().map(|(_, odd)| odd).collect();
        assert_eq!(found, expected, "{rules:?}");
    }
    let unused = Rules::new([person("P1Y")]);
    assert_eq!(oddities(&unused, |_| false)[0].1, Oddity::Unused);
}
