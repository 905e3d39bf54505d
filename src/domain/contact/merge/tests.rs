//! One row per sentence of the rules, and what must hold for any history.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::contact::edit::{give_back, set_by_person};
use crate::domain::contact::policy::FieldsByCategory;
use crate::domain::contact::source::SourceCategory;
use crate::domain::samples;

const EMAIL: ContactField = ContactField::Email;

#[expect(clippy::unnecessary_wraps, reason = "stands for what is stored or not")]
fn contact(value: &str, origin: &str, user_changed: bool) -> Option<Contact> {
    Some(Contact { value: value.to_owned(), origin: origin.to_owned(), user_changed })
}

fn source(value: &str, name: &str) -> Option<Contact> {
    contact(value, &format!("source:{name}"), false)
}

fn own(value: &str) -> Option<Contact> {
    contact(value, "person", true)
}

const PLAIN: Rules<'static> = Rules {
    force: Switch::Off,
    clear_flag: Switch::Off,
    when_empty: WhenEmpty::Keep,
    precedence: &Precedence::LastChanged,
};
const FORCED: Rules<'static> = Rules { force: Switch::On, ..PLAIN };
const CLEARING: Rules<'static> = Rules { clear_flag: Switch::On, ..PLAIN };
const EMPTYING: Rules<'static> = Rules { when_empty: WhenEmpty::Clear, ..PLAIN };

/// What is stored, what "pro" said last and says now, what others said last, the rules, what comes of it.
type Row<'r> =
    (Option<Contact>, Said<'r>, Said<'r>, &'r [(&'r str, &'r str)], Rules<'r>, Decision<'r>, &'static str);

const NOBODY: &[(&str, &str)] = &[];
const EXT: &[(&str, &str)] = &[("ext", "x")];
const EXT_A: &[(&str, &str)] = &[("ext", "A")];

#[track_caller]
fn check(rows: &[Row<'_>]) {
    for (stored, before, now, others, rules, expected, sentence) in rows {
        let (stored, now, before, rules) = (stored.as_ref(), *now, *before, *rules);
        let region = Country::Sweden;
        let facts = Facts { field: EMAIL, stored, source: "pro", now, before, others, rules, region };
        assert!(decide(&facts) == *expected, "{sentence}");
    }
}

#[test]
#[rustfmt::skip]
fn every_sentence_about_one_source_decides_as_it_says() {
    use Decision::{Clear, Fill, Force, Free, Keep, Leave, Replace};
    use Said::{Empty, Nothing, Value};
    let both = Rules { when_empty: WhenEmpty::Clear, ..FORCED };
    check(&[
        (None, Nothing, Value("a"), NOBODY, PLAIN, Fill("a"), "1: first time read in: the source's value is taken"),
        (None, Nothing, Empty, NOBODY, PLAIN, Leave, "1: an empty first statement is no value"),
        (source("a", "pro"), Value("a"), Value("b"), NOBODY, PLAIN, Replace("b"), "2: the value keeps coming in"),
        (source("a", "pro"), Value("a"), Value("A"), NOBODY, PLAIN, Leave, "2: equal without case: the spelling stays"),
        (contact("s", "staff", false), Value("a"), Value("a"), NOBODY, PLAIN, Replace("a"), "2: staff's is replaced too"),
        (contact("s", "import", false), Nothing, Value("a"), NOBODY, PLAIN, Replace("a"), "2: an import's is replaced too"),
        (contact("p", "person", false), Value("a"), Value("a"), NOBODY, PLAIN, Replace("a"), "2: given back to the sources"),
        (own("p"), Value("a"), Value("b"), NOBODY, PLAIN, Keep, "3: no source overwrites what the person changed"),
        (own("p"), Nothing, Value("b"), EXT, PLAIN, Keep, "3: nor does a source that is new"),
        (own("p"), Value("a"), Value("P"), NOBODY, PLAIN, Leave, "3: the flag stays where rule 4 does not hold"),
        (own("p"), Value("a"), Value("P"), NOBODY, CLEARING, Free("pro"), "4: the only source says what the person set"),
        (own("p"), Value("p"), Value("p"), NOBODY, CLEARING, Free("pro"), "4: said before or not"),
        (own("p"), Value("a"), Value("p"), EXT, CLEARING, Leave, "4: one source of two is not every source"),
        (own("a"), Value("b"), Value("a"), EXT_A, CLEARING, Free("pro"), "4: every source that says something"),
        (own("a"), Value("b"), Empty, EXT_A, CLEARING, Free("ext"), "4: an empty one says nothing"),
        (own("a"), Value("b"), Empty, NOBODY, CLEARING, Leave, "4: nobody says anything"),
        (own("p"), Value("a"), Value("a"), NOBODY, FORCED, Force("a"), "5: the source always wins"),
        (own("p"), Value("a"), Value("p"), NOBODY, FORCED, Free("pro"), "5: the flag is cleared"),
        (own("p"), Value("a"), Empty, NOBODY, FORCED, Leave, "5: forced with an empty statement: 7 decides"),
        (own("p"), Value("a"), Empty, NOBODY, both, Leave, "5 and 7: the person set it"),
        (None, Value("a"), Value("a"), NOBODY, PLAIN, Fill("a"), "6: emptied: the source fills it again"),
        (source("a", "pro"), Value("a"), Empty, NOBODY, PLAIN, Leave, "7: keep"),
        (source("a", "pro"), Value("a"), Empty, NOBODY, EMPTYING, Clear, "7: clear what this source set"),
        (contact("s", "staff", false), Value("a"), Empty, NOBODY, EMPTYING, Leave, "7: not what staff set"),
        (own("a"), Value("a"), Empty, NOBODY, EMPTYING, Leave, "7: nor what the person set"),
        (source("a", "pro"), Value("a"), Nothing, NOBODY, EMPTYING, Leave, "10: absent means nothing"),
        (own("p"), Value("a"), Nothing, NOBODY, FORCED, Leave, "10: nor does it force"),
    ]);
}

#[test]
#[rustfmt::skip]
fn every_sentence_about_several_sources_decides_as_it_says() {
    use Decision::{Force, Leave, Replace};
    use Said::{Empty, Nothing, Value};
    let synced = Rules { precedence: &Precedence::LastSynced, ..PLAIN };
    let highest = Precedence::List(vec!["pro".to_owned(), "ext".to_owned()]);
    let highest = Rules { precedence: &highest, ..PLAIN };
    let lowest = Precedence::List(vec!["ext".to_owned()]);
    let lowest = Rules { precedence: &lowest, ..PLAIN };
    let x = || source("x", "ext");
    check(&[
        (x(), Value("a"), Value("a"), EXT, FORCED, Force("a"), "5: always, another source's value too"),
        (x(), Value("a"), Empty, EXT, EMPTYING, Leave, "7: not what another source set"),
        (x(), Value("a"), Value("a"), EXT, PLAIN, Leave, "8 last-changed: its statement is what it was"),
        (x(), Value("a"), Value("A"), EXT, PLAIN, Leave, "8 last-changed: another spelling is no change"),
        (x(), Value("a"), Value("b"), EXT, PLAIN, Replace("b"), "8 last-changed: it says something new"),
        (x(), Nothing, Value("a"), EXT, PLAIN, Replace("a"), "8 last-changed: its first word is new"),
        (x(), Value("a"), Value("a"), EXT, synced, Replace("a"), "8 last-synced: always"),
        (x(), Value("a"), Value("a"), EXT, highest, Replace("a"), "8 list: the highest, changed or not"),
        (x(), Value("a"), Value("b"), EXT, lowest, Leave, "8 list: a lower one does not, changed or not"),
        (x(), Value("a"), Value("a"), NOBODY, lowest, Replace("a"), "8 list: the higher one says nothing any more"),
        (contact("s", "staff", false), Value("a"), Value("a"), EXT, lowest, Replace("a"), "8 is about other sources' values: 2"),
    ]);
}

#[test]
fn what_staff_wrote_in_another_spelling_of_a_phone_number_stays() {
    let mut person = samples::person();
    let staff = Contact { value: "070-174 06 05".into(), origin: "staff".into(), user_changed: false };
    person.contacts.insert(ContactField::Mobile, staff.clone());
    let mut gathered = Gathered::default();
    gathered.said.insert(ContactField::Mobile, "+46701740605".into());
    let outcomes = hear(&mut person, "pro", &gathered, &policy(&[]), Country::Sweden);
    assert_eq!(outcomes[1], (ContactField::Mobile, Outcome::Left));
    assert_eq!(person.contacts.get(&ContactField::Mobile), Some(&staff));
}

#[test]
fn setting_what_a_source_already_says_makes_it_that_sources_value() {
    let mut person = samples::person();
    sync(&mut person, "pro", Some("a@example.org"), &policy(&[]));
    sync(&mut person, "ext", Some("x@example.org"), &policy(&[]));
    set_by_person(&mut person, EMAIL, "own@example.org", "2026-01-01T00:00:00Z", Country::Sweden);
    assert_eq!(person.contacts[&EMAIL], own("own@example.org").unwrap());
    set_by_person(&mut person, EMAIL, "A@example.org", "2026-01-02T00:00:00Z", Country::Sweden);
    assert_eq!(person.contacts[&EMAIL], source("A@example.org", "pro").unwrap());
    // The other one, which says what it said, does not take it back.
    sync(&mut person, "ext", Some("x@example.org"), &policy(&[]));
    assert_eq!(person.contacts[&EMAIL], source("A@example.org", "pro").unwrap());
}

#[test]
fn a_field_given_back_takes_what_the_next_source_says_though_it_said_so_before() {
    let mut person = samples::person();
    sync(&mut person, "pro", Some("a@example.org"), &policy(&[]));
    set_by_person(&mut person, EMAIL, "own@example.org", "2026-01-01T00:00:00Z", Country::Sweden);
    assert_eq!(give_back(&mut person), 1);
    assert_eq!(person.contacts[&EMAIL].value, "own@example.org", "the value stands until a source speaks");
    sync(&mut person, "pro", Some("a@example.org"), &policy(&[]));
    assert_eq!(person.contacts[&EMAIL], source("a@example.org", "pro").unwrap());
}

fn policy(force: &[ContactField]) -> Policy {
    let fields = |fields: &[ContactField]| {
        FieldsByCategory::from([(SourceCategory::Guardian, fields.iter().copied().collect::<BTreeSet<_>>())])
    };
    Policy {
        force: fields(force),
        clear_flag: fields(&[EMAIL]),
        clear_empty: BTreeSet::new(),
        precedence: Precedence::LastChanged,
    }
}

fn sync(person: &mut Person, source: &str, email: Option<&str>, policy: &Policy) -> Outcome {
    let mut gathered =
        Gathered { categories: BTreeSet::from([SourceCategory::Guardian]), ..Gathered::default() };
    gathered.said.extend(email.map(|email| (EMAIL, email.to_owned())));
    hear(person, source, &gathered, policy, Country::Sweden)[0].1
}

/// One thing that happens to a person's e-mail.
#[derive(Clone, Debug)]
enum Event {
    Sync(usize, Option<&'static str>),
    Edit(&'static str),
    GiveBack,
}

const SOURCES: [&str; 2] = ["ext", "pro"];

fn any_policy() -> impl Strategy<Value = Policy> {
    let precedence = prop_oneof![
        Just(Precedence::LastChanged),
        Just(Precedence::LastSynced),
        Just(Precedence::List(vec!["pro".to_owned(), "ext".to_owned()])),
        Just(Precedence::List(vec!["ext".to_owned()])),
    ];
    (any::<[bool; 3]>(), precedence).prop_map(|([force, clear_flag, clear_empty], precedence)| {
        let fields = |is_on: bool| {
            let fields = if is_on { BTreeSet::from([EMAIL]) } else { BTreeSet::new() };
            FieldsByCategory::from([(SourceCategory::Guardian, fields)])
        };
        Policy {
            force: fields(force),
            clear_flag: fields(clear_flag),
            clear_empty: if clear_empty { BTreeSet::from([EMAIL]) } else { BTreeSet::new() },
            precedence,
        }
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let values =
        || prop::sample::select(vec!["", "a@example.org", "A@example.org", "b@example.org", "c@example.org"]);
    prop_oneof![
        4 => (0..2_usize, prop::option::of(values())).prop_map(|(source, email)| Event::Sync(source, email)),
        2 => values().prop_map(Event::Edit),
        1 => Just(Event::GiveBack),
    ]
}

fn happen(person: &mut Person, event: &Event, at: usize, policy: &Policy) -> Outcome {
    match event {
        Event::Sync(source, email) => sync(person, SOURCES[*source], *email, policy),
        Event::Edit(email) => {
            set_by_person(person, EMAIL, email, &format!("2026-01-01T00:00:{at:02}Z"), Country::Sweden);
            Outcome::Left
        }
        Event::GiveBack => {
            give_back(person);
            Outcome::Left
        }
    }
}

proptest! {
    #[test]
    fn the_same_statement_twice_changes_nothing_the_second_time(
        policy in any_policy(), history in prop::collection::vec(any_event(), 0..12), last in any_event()
    ) {
        let mut person = samples::person();
        for (at, event) in history.iter().enumerate() {
            happen(&mut person, event, at, &policy);
        }
        prop_assume!(matches!(last, Event::Sync(..)));
        happen(&mut person, &last, 20, &policy);
        let after = person.clone();
        let outcome = happen(&mut person, &last, 21, &policy);
        prop_assert_eq!(person, after);
        prop_assert!(matches!(outcome, Outcome::Left | Outcome::Kept));
    }

    #[test]
    fn a_persons_own_value_is_never_overwritten_unless_forced(
        policy in any_policy(), history in prop::collection::vec(any_event(), 1..20)
    ) {
        let mut person = samples::person();
        for (at, event) in history.iter().enumerate() {
            let before = person.contacts.get(&EMAIL).filter(|contact| contact.user_changed).cloned();
            let outcome = happen(&mut person, event, at, &policy);
            let is_forced = !policy.force[&SourceCategory::Guardian].is_empty();
            if let (Some(own), Event::Sync(..)) = (before, event) {
                let now = person.contacts.get(&EMAIL).map(|contact| contact.value.clone());
                prop_assert!(now == Some(own.value) || (is_forced && outcome == Outcome::Forced));
            }
        }
    }

    #[test]
    fn two_sources_that_repeat_themselves_do_not_take_turns_unless_the_last_one_always_wins(
        policy in any_policy(), history in prop::collection::vec(any_event(), 0..12),
        (one, other) in (any_event(), any_event())
    ) {
        // The two settings by which a source always wins (rules.md, sync-contacts 5 and 8).
        let is_forced = !policy.force[&SourceCategory::Guardian].is_empty();
        prop_assume!(policy.precedence != Precedence::LastSynced && !is_forced);
        let (Event::Sync(_, one), Event::Sync(_, other)) = (one, other) else { return Ok(()) };
        let mut person = samples::person();
        for (at, event) in history.iter().enumerate() {
            happen(&mut person, event, at, &policy);
        }
        for _ in 0..2 {
            sync(&mut person, "ext", one, &policy);
            sync(&mut person, "pro", other, &policy);
        }
        let settled = person.clone();
        sync(&mut person, "ext", one, &policy);
        prop_assert_eq!(&person, &settled);
        sync(&mut person, "pro", other, &policy);
        prop_assert_eq!(&person, &settled);
    }
}
