//! Rules 6, 14 and 15 for everything at once, and what no input may break.

use proptest::prelude::*;

use super::*;
use crate::domain::change::Field;
use crate::domain::samples::{address, any_person, any_statement};

#[test]
fn the_box_keeps_each_of_its_four_things_out() {
    let everything = |life: Life| Statement {
        life,
        name: Some((text("Elvan"), None, None, None)),
        birth_date: Some(day("1980-01-02")),
        ..housed("Nygatan 9")
    };
    let rows = [
        (
            "deregistration, address and name",
            gone("UV").life,
            vec![Kept::Deregistered, Kept::Address, Kept::Name],
        ),
        ("death and name", dead("AV", None).life, vec![Kept::Deceased, Kept::Name]),
        ("address and name", Life::Alive, vec![Kept::Address, Kept::Name]),
    ];
    for (what, life, expected) in rows {
        let outcome = hear(&boxed(person()), &everything(life));
        assert_eq!(outcome.kept(), expected, "{what}");
        let visible: Vec<Field> =
            outcome.changes.iter().map(|change| change.field).filter(|field| field.is_visible()).collect();
        assert_eq!(visible, [], "{what}");
        // What was kept out is told again, with the same digests, until the box is on; then it is news.
        let again = hear(&outcome.after, &everything(gone("UV").life)).decision.kept;
        assert!(
            outcome
                .decision
                .kept
                .iter()
                .filter(|kept| kept.0 != Kept::Deceased)
                .all(|kept| again.contains(kept))
        );
    }
    let kept = hear(&boxed(person()), &everything(Life::Alive)).after;
    let after = hear(&Person { allow_update: true, ..kept }, &everything(Life::Alive)).after;
    assert_eq!(after.name.first.as_deref(), Some("Elvan"));
}

#[test]
fn debug_output_of_a_decision_shows_no_personal_data() {
    let loud = Statement {
        name: Some((text("Kanariefågel"), None, None, None)),
        birth_date: Some(day("1980-01-02")),
        ..housed("Kanariegatan 1")
    };
    let deadly = Statement { life: dead("AV", Some("2019-01-02")).life, ..loud.clone() };
    for statement in [loud, deadly] {
        let decision = hear(&person(), &statement).decision;
        assert!(decision.actions.len() > 2);
        let shown = format!("{decision:?} {statement:?} {:?}", statement.life);
        for personal in ["Kanarie", "1980", "2019", "60299"] {
            assert!(!shown.contains(personal), "{personal} in {shown}");
        }
    }
}

#[test]
fn every_change_names_the_rule_that_made_it() {
    let statement = Statement { name: Some((text("Elvan"), None, None, None)), ..housed("Nygatan 9") };
    let name_and_address = [
        ("person.first_name", "spar-import/12"),
        ("person.last_name", "spar-import/12"),
        ("address.home", "spar-import/11"),
        ("statement.spar", "spar-import/15"),
    ];
    assert_eq!(rules(&hear(&person(), &statement)), name_and_address);
    // The clock was stopped first; placing the address found it stopped.
    let waiting = Person { no_address_since: Some(day("2026-01-01")), ..person() };
    let mut with_clock = name_and_address.to_vec();
    with_clock.insert(2, ("person.no_address_since", "spar-import/10"));
    assert_eq!(rules(&hear(&waiting, &statement)), with_clock);
}

fn rules(outcome: &Outcome) -> Vec<(&'static str, &'static str)> {
    outcome.changes.iter().map(|change| (change.field.key(), change.why.0)).collect()
}

#[test]
fn what_is_known_in_whatever_spelling_is_only_heard() {
    let home = |active| (AddressKind::Home, address(active, "Testgatan 1"));
    let stored = Person { addresses: [home(true)].into(), ..person() };
    let at = |street: &str| Statement {
        name: Some((
            stored.name.first.clone(),
            None,
            None,
            stored.name.last.as_ref().map(|name| name.to_uppercase()),
        )),
        place: Some(crate::domain::samples::place(street)),
        ..statement()
    };
    let known = at("TESTGATAN1");
    let with = |change: fn(&mut Person)| {
        let mut person = stored.clone();
        change(&mut person);
        person
    };
    let table = [
        ("just what stands", stored.clone(), &known, true),
        (
            "home beside an active address elsewhere",
            {
                let work = (AddressKind::Work, address(true, "Nygatan 9"));
                Person { addresses: [home(false), work].into(), ..stored.clone() }
            },
            &known,
            true,
        ),
        ("another street", stored.clone(), &at("Testgatan 2"), false),
        ("another name", with(|person| person.name.last = text("Annat")), &known, false),
        ("a part of the name that was not there", with(|person| person.name.first = None), &known, false),
        ("no home", with(|person| person.addresses.clear()), &known, false),
        (
            "a home that gets no post, and nothing else does",
            { Person { addresses: [home(false)].into(), ..stored.clone() } },
            &known,
            false,
        ),
        ("a clock", with(|person| person.no_address_since = Some(day("2025-01-01"))), &known, false),
        ("a special address", with(|person| person.special_since = Some(day("2025-01-01"))), &known, false),
        ("a question about the address", noted(stored.clone(), &[Notice::NoAddress]), &known, false),
        ("somebody protected", marked(stored.clone(), Kind::Manual), &known, false),
    ];
    for (what, person, statement, expected) in table {
        let outcome = hear(&person, statement);
        assert_eq!(only_heard(&person, &outcome.decision.actions).is_some(), expected, "{what}");
        let is_heard = outcome.changes.iter().map(|change| change.field).eq([Field::Said]);
        assert_eq!(is_heard, expected, "{what}");
    }
}

#[test]
fn an_action_changes_nothing_but_what_it_may() {
    let cause = Deregistration { code: "AV".to_owned(), date: None };
    let place = crate::domain::samples::place("Nygatan 9");
    let actions = [
        Action::Protect(vec![Mark { kind: Kind::Manual, since: day("2025-01-01") }]),
        Action::ChangeNumber(number(1)),
        Action::Reclassify(IdKind::Immunitetsnummer),
        Action::Decease(cause.clone()),
        Action::Deregister(cause),
        Action::PlaceAddress(place),
        Action::MarkSpecial(day("2026-01-01")),
        Action::Rename(Name { first: text("A"), called: text("B"), middle: text("C"), last: text("D") }),
        Action::FillBirthDate(day("1850-01-01")),
        Action::StartClock(day("2026-01-01")),
        Action::StopClock,
        Action::Note(Notice::Returned, None),
        Action::Unnote(Notice::NoAddress),
        Action::Hear(Said { name: 1, ..Said::default() }),
    ];
    let stored = Person {
        no_address_since: Some(day("2025-01-01")),
        special_since: Some(day("2025-02-01")),
        ..noted(person(), &[Notice::NoAddress, Notice::NumberChange])
    };
    for action in actions {
        let (_, changes) = act(&stored, std::slice::from_ref(&action), POLICY);
        assert!(!changes.is_empty(), "{action:?}");
        for change in changes {
            assert!(super::super::apply::may_change(&action, change.field), "{action:?} changed {change:?}");
        }
    }
}

/// Policies with which a file may be applied.
fn any_policy() -> impl Strategy<Value = Policy> {
    any::<[bool; 3]>().prop_map(|[older, carried, clear]| Policy {
        age: if older { Age::Older } else { Age::Newest },
        carried: if carried { Carried::Yes } else { Carried::No },
        names: if clear { Names::Clear } else { Names::Keep },
        ..POLICY
    })
}

fn any_links() -> impl Strategy<Value = Renumbering> {
    prop_oneof![
        4 => Just(Renumbering::None),
        1 => Just(Renumbering::AlreadyDone),
        1 => Just(Renumbering::Unclear),
        1 => Just(Renumbering::OtherRecord(PersonId(17))),
        1 => Just(Renumbering::To(vec![number(1), number(2)])),
    ]
}

proptest! {
    #[test]
    fn the_same_statement_again_changes_nothing(
        stored in any_person(), statement in any_statement(), links in any_links(), policy in any_policy()
    ) {
        let first = hear_with(&stored, &statement, &links, policy);
        // The second time the file's links say what is so already.
        let links = if matches!(links, Renumbering::To(_)) && first.after.number != stored.number {
            Renumbering::AlreadyDone
        } else {
            links
        };
        let second = hear_with(&first.after, &statement, &links, policy);
        prop_assert_eq!(second.changes, vec![]);
        prop_assert_eq!(second.decision.kept, first.decision.kept);
    }

    #[test]
    fn who_is_protected_before_or_by_the_statement_stays_so_and_gets_nothing_new(
        stored in any_person(), statement in any_statement(), links in any_links(), policy in any_policy()
    ) {
        let is_marked = stored.is_protected() || statement.is_protected(policy.carried);
        let stored = if is_marked { stored } else { marked(stored, Kind::Manual) };
        let after = hear_with(&stored, &statement, &links, policy).after;
        prop_assert!(after.is_protected());
        prop_assert_eq!(after.number.key(), stored.number.key());
        for (kind, address) in &after.addresses {
            prop_assert_eq!(Some(address), stored.addresses.get(kind));
        }
        prop_assert!(after.name == stored.name || after.name == Name::default());
        prop_assert!(after.said.is_none() || after.said == stored.said);
    }

    #[test]
    fn at_most_one_address_is_active_whatever_was_said(
        stored in any_person(), statement in any_statement(), links in any_links(), policy in any_policy()
    ) {
        let after = hear_with(&stored, &statement, &links, policy).after;
        prop_assert!(after.addresses.values().filter(|address| address.active).count() <= 1);
    }
}

proptest! {
    #[test]
    fn what_says_only_what_is_known_is_told_without_doing_it(
        person in any_person(), said in any_statement(), own_name in any::<bool>(), own_home in any::<bool>(),
    ) {
        // A statement of anything, in part in the person's own words, written in another way; of nothing else if both are.
        let said = if own_name && own_home { statement() } else { said };
        let loud = |word: &Option<String>| word.as_ref().map(|word| format!(" {}", word.to_uppercase()));
        let name = &person.name;
        let home = person.addresses.get(&AddressKind::Home).map(|home| home.place.clone());
        let statement = Statement {
            name: if own_name {
                Some((loud(&name.first), loud(&name.called), loud(&name.middle), loud(&name.last)))
            } else {
                said.name.clone()
            },
            place: if own_home { home } else { said.place.clone() },
            ..said
        };
        let decision = hear(&person, &statement).decision;
        let (after, changes) = act(&person, &decision.actions, POLICY);
        let is_only_heard = changes.iter().map(|change| change.field).eq([Field::Said]);
        let told = only_heard(&person, &decision.actions);
        prop_assert!(told.is_none() || is_only_heard);
        let is_looked_at =
            |action: &Action| matches!(action, Action::Rename(_) | Action::PlaceAddress(_) | Action::Hear(_));
        if decision.actions.iter().all(is_looked_at) {
            prop_assert_eq!(told.is_some(), is_only_heard);
        }
        if let Some(said) = told {
            let heard = Person { said: Some(said), ..person };
            prop_assert!(after == heard);
        }
    }
}
