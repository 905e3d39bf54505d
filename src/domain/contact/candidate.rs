//! What sources say of a contact detail and why it doesn't count: the rule of `merge` is asked, there is no second one.

use super::ContactField;
use super::merge::{Decision, Facts, decide, same_as_stored};
use super::policy::Policy;
use super::source::{Said, speakers};
use crate::domain::id_number::Country;
use crate::domain::person::Person;

/// How a source's last statement stands to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says what is stored.
    Same,
    /// The person's own value stays against it (rule 3).
    PersonsOwn,
    /// Another source's value stays against it (rule 8).
    OtherSource,
    /// It says that there is nothing, and that takes no value away (rule 7).
    Empty,
    /// Its rows disagreed, so it said nothing (rule 11).
    Disputed,
    /// It counts as soon as the source delivers it again.
    NextTime,
}

/// What one source says of one field.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The source.
    pub source: String,
    /// Its last value; none for an empty or a disputed one.
    pub value: Option<String>,
    /// How it stands.
    pub verdict: Verdict,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Candidate({}, {:?}, hidden)", self.source, self.verdict)
    }
}

/// What every source said last of a field, as if each delivered the same again tonight.
pub fn candidates(person: &Person, field: ContactField, policy: &Policy, region: Country) -> Vec<Candidate> {
    let stored = person.contacts.get(&field);
    let one = |(source, statement): (&String, &super::source::SourceStatement)| {
        let now = statement.of(field);
        let value = if let Said::Value(value) = now { Some(value.to_owned()) } else { None };
        let candidate = |verdict| Some(Candidate { source: source.clone(), value: value.clone(), verdict });
        if statement.disputed.contains(&field) {
            return candidate(Verdict::Disputed);
        }
        let others: Vec<(&str, &str)> =
            speakers(&person.heard, field).filter(|(name, _)| name != source).collect();
        let none = std::collections::BTreeSet::new();
        let rules = policy.rules(field, person.categories.get(source).unwrap_or(&none));
        let facts = Facts { field, stored, source, now, before: now, others: &others, rules, region };
        let same = |said: &str| stored.is_some_and(|stored| same_as_stored(field, stored, said, region));
        match (decide(&facts), now) {
            (_, Said::Nothing) => None,
            (Decision::Leave, Said::Value(said)) if same(said) => candidate(Verdict::Same),
            (Decision::Leave, Said::Value(_)) => candidate(Verdict::OtherSource),
            (Decision::Leave | Decision::Keep, Said::Empty) => candidate(Verdict::Empty),
            (Decision::Keep, Said::Value(_)) => candidate(Verdict::PersonsOwn),
            (
                Decision::Fill(_)
                | Decision::Replace(_)
                | Decision::Force(_)
                | Decision::Free(_)
                | Decision::Clear,
                Said::Value(_) | Said::Empty,
            ) => candidate(Verdict::NextTime),
        }
    };
    person.heard.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::policy::Precedence;
    use crate::domain::contact::source::SourceStatement;
    use crate::domain::contact::{Contact, PERSON};
    use crate::domain::samples::person;

    fn policy(precedence: Precedence) -> Policy {
        let none = std::collections::BTreeMap::new;
        Policy {
            force: none(),
            clear_flag: none(),
            clear_empty: std::collections::BTreeSet::new(),
            precedence,
        }
    }

    fn heard(person: &mut Person, source: &str, value: &str) {
        let said = [(ContactField::Email, value.to_owned())].into();
        person.heard.insert(source.into(), SourceStatement { said, ..SourceStatement::default() });
    }

    fn verdicts(person: &Person, precedence: Precedence) -> Vec<Verdict> {
        let all = candidates(person, ContactField::Email, &policy(precedence), Country::Sweden);
        all.into_iter().map(|candidate| candidate.verdict).collect()
    }

    #[test]
    fn each_statement_stands_as_the_rule_would_decide_if_it_came_again() {
        let mut of_source = person();
        of_source.contacts.insert(ContactField::Email, Contact::of_source("a@example.org", "b"));
        heard(&mut of_source, "a", "other@example.org");
        heard(&mut of_source, "b", "A@example.org");
        heard(&mut of_source, "c", "");
        let first = |list: &[&str]| Precedence::List(list.iter().map(|name| (*name).to_owned()).collect());
        let rows = [
            // Rule 8: its statement is not new.
            (Precedence::LastChanged, vec![Verdict::OtherSource, Verdict::Same, Verdict::Empty]),
            (Precedence::LastSynced, vec![Verdict::NextTime, Verdict::Same, Verdict::Empty]),
            // The highest that says something.
            (first(&["b", "a"]), vec![Verdict::OtherSource, Verdict::Same, Verdict::Empty]),
            (first(&["a", "b"]), vec![Verdict::NextTime, Verdict::Same, Verdict::Empty]),
        ];
        for (precedence, expected) in rows {
            assert_eq!(verdicts(&of_source, precedence.clone()), expected, "{precedence:?}");
        }
        let mut own = of_source.clone();
        let contact = Contact { value: "own@example.org".into(), origin: PERSON.into(), user_changed: true };
        own.contacts.insert(ContactField::Email, contact);
        let expected = [Verdict::PersonsOwn, Verdict::PersonsOwn, Verdict::Empty];
        assert_eq!(verdicts(&own, Precedence::LastChanged), expected);
        own.contacts.remove(&ContactField::Email);
        let expected = [Verdict::NextTime, Verdict::NextTime, Verdict::Empty];
        assert_eq!(verdicts(&own, Precedence::LastChanged), expected);
        own.heard.get_mut("a").unwrap().disputed.insert(ContactField::Email);
        assert_eq!(verdicts(&own, Precedence::LastChanged)[0], Verdict::Disputed);
    }
}
