//! What is odd about a plan of classes, though nothing in it is wrong.

use super::period::Period;
use super::rule::{Action, Rule, Rules, Target};

/// Shorter than this is more likely a slip than a decision.
const SHORT_DAYS: u32 = 30;
/// What some plans write for "never"; more days than that are finite here.
const NEVER_IN_DAYS: u32 = 18_250;

/// Something that somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The period is shorter than a month.
    Short,
    /// More days than the number that stands for "never".
    LongerThanNever,
    /// Whoever is reduced stays for ever: the class has no rule for reduced people.
    NeverRemoved,
    /// A rule for reduced people, but nobody of the class is ever reduced.
    NeverReduced,
    /// Days of grace after a period that never ends.
    GraceAfterNever,
    /// Nobody and no case has the class.
    Unused,
}

/// What is odd, rule by rule. `is_used` says whether anything has a class.
pub fn oddities(rules: &Rules, is_used: impl Fn(&str) -> bool) -> Vec<(&Rule, Oddity)> {
    rules
        .iter()
        .flat_map(|rule| of_one(rule, rules, &is_used).into_iter().map(move |odd| (rule, odd)))
        .collect()
}

fn of_one(rule: &Rule, rules: &Rules, is_used: &impl Fn(&str) -> bool) -> Vec<Oddity> {
    let reduces =
        |class: &str| rules.find(class, Target::Person).is_some_and(|rule| rule.action == Action::Anonymise);
    let is_short = rule.period.rough_days().is_some_and(|days| days < SHORT_DAYS);
    let is_longer = matches!(rule.period, Period::Days(days) if days > NEVER_IN_DAYS);
    let facts = [
        (is_short, Oddity::Short),
        (is_longer, Oddity::LongerThanNever),
        (
            rule.action == Action::Anonymise && rules.find(&rule.class, Target::Reduced).is_none(),
            Oddity::NeverRemoved,
        ),
        (rule.target == Target::Reduced && !reduces(&rule.class), Oddity::NeverReduced),
        (rule.period == Period::Never && rule.grace_days > 0, Oddity::GraceAfterNever),
        (!is_used(&rule.class), Oddity::Unused),
    ];
    facts.into_iter().filter_map(|(holds, odd)| holds.then_some(odd)).collect()
}
