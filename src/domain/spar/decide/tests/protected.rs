//! Protection, as one statement leads to it.

use super::super::super::statement::KindName;
use super::*;
use crate::domain::contact::{Contact, ContactField};
use crate::domain::person::PersonId;
use crate::domain::protection::is_erased;

fn full() -> Person {
    let mut person = person();
    let contact =
        Contact { value: "k@example.se".to_owned(), origin: "staff".to_owned(), user_changed: true };
    person.contacts.insert(ContactField::Email, contact);
    person.former = vec![number(1)];
    person
}

#[test]
fn a_marked_post_erases_adds_its_line_and_sets_neither_block_nor_status() {
    let after = hear(&full(), &secret()).after;
    assert!(after.is_protected() && is_erased(&after));
    assert_eq!(after.comment.as_deref(), Some(PROTECTED_LINE));
    assert_eq!((after.status, after.blocked, &after.name), (Status::Active, false, &full().name));
    // It beats the box.
    assert!(is_erased(&hear(&boxed(full()), &secret()).after));
    // Names go if the setting says so.
    let clear = Policy { names: Names::Clear, ..POLICY };
    assert_eq!(hear_with(&full(), &secret(), &Renumbering::None, clear).after.name, Name::default());
    // An older file's mark counts too.
    let older = Policy { age: Age::Older, ..POLICY };
    assert!(hear_with(&full(), &secret(), &Renumbering::None, older).after.is_protected());
}

#[test]
fn nothing_that_the_post_says_of_name_or_address_comes_in() {
    let loud = Statement {
        place: Some(crate::domain::samples::place("Kanariegatan 1")),
        name: Some((text("Kanariefågel"), None, None, None)),
        birth_date: Some(day("1980-01-02")),
        ..secret()
    };
    for stored in [full(), marked(full(), Kind::Manual)] {
        let after = hear(&stored, &loud).after;
        assert!(!crate::domain::change::image(&after).to_string().contains("Kanarie"));
        assert_eq!((after.birth_date, after.said), (None, None));
        // Nor from a post without a mark, for somebody protected already.
        let protected = marked(after, Kind::Manual);
        let plain = Statement { marks: vec![], ..loud.clone() };
        let later = hear(&protected, &plain).after;
        assert!(!crate::domain::change::image(&later).to_string().contains("Kanarie"));
    }
}

#[test]
fn marks_have_the_date_delivered_or_the_files() {
    let marks =
        vec![(KindName::Sekretessmarkering, Some(day("2020-02-02"))), (KindName::SkyddadFolkbokforing, None)];
    let expected = [
        Mark { kind: Kind::Sekretessmarkering, since: day("2020-02-02") },
        Mark { kind: Kind::SkyddadFolkbokforing, since: POLICY.file_on },
    ];
    assert_eq!(hear(&person(), &Statement { marks, ..statement() }).after.protection, expected);
}

#[test]
fn a_missing_skyddad_folkbokforing_protects_only_where_the_file_carries_it() {
    let unsaid = Statement { skyddad_unsaid: true, ..statement() };
    for (carried, expected) in [(Carried::No, vec![]), (Carried::Yes, vec![Kind::SkyddadFolkbokforing])] {
        let policy = Policy { carried, ..POLICY };
        let after = hear_with(&person(), &unsaid, &Renumbering::None, policy).after;
        let kinds: Vec<Kind> = after.protection.iter().map(|mark| mark.kind).collect();
        assert_eq!(kinds, expected, "{carried:?}");
    }
    // Beside another mark the kind is the one that was said.
    let both = Statement { skyddad_unsaid: true, ..secret() };
    let marks = marks_of(&both, Policy { carried: Carried::Yes, ..POLICY });
    assert_eq!(marks, [Mark { kind: Kind::Sekretessmarkering, since: POLICY.file_on }]);
}

#[test]
fn a_newer_no_is_a_question_and_lifts_nothing() {
    let by_spar = || marked(person(), Kind::Sekretessmarkering);
    let older = Policy { age: Age::Older, ..POLICY };
    let rows = [
        ("a newer NEJ", by_spar(), statement(), POLICY, vec![Notice::ProtectionLifted]),
        ("an older file's NEJ never counts", by_spar(), statement(), older, vec![]),
        (
            "SPAR does not speak of a mark by hand",
            marked(person(), Kind::Manual),
            statement(),
            POLICY,
            vec![],
        ),
        (
            "by hand and by SPAR",
            marked(by_spar(), Kind::Manual),
            statement(),
            POLICY,
            vec![Notice::ProtectionLifted],
        ),
        ("a replaced number's NEJ", by_spar(), replaced(), POLICY, vec![Notice::NumberChange]),
        (
            "marked again: no question",
            noted(by_spar(), &[Notice::ProtectionLifted]),
            secret(),
            POLICY,
            vec![],
        ),
    ];
    for (what, stored, statement, policy, expected) in rows {
        let outcome = hear_with(&stored, &statement, &Renumbering::None, policy);
        assert_eq!(outcome.notices(), expected, "{what}");
        assert!(outcome.after.is_protected(), "{what}");
    }
}

#[test]
fn no_link_of_a_protected_person_is_followed_or_written_down() {
    let protected = || marked(person(), Kind::SkyddadFolkbokforing);
    let to = || Renumbering::To(vec![number(1)]);
    let other = || Renumbering::OtherRecord(PersonId(17));
    let rows = [
        ("a link in a protected post", person(), secret(), to()),
        ("to another record", person(), secret(), other()),
        ("in a protected GN or GS post", person(), Statement { marks: secret().marks, ..replaced() }, to()),
        (
            "without a link there",
            person(),
            Statement { marks: secret().marks, ..replaced() },
            Renumbering::None,
        ),
        ("of a person protected already", protected(), replaced(), to()),
        ("to another record", protected(), replaced(), other()),
    ];
    for (what, stored, statement, links) in rows {
        let after = hear_with(&stored, &statement, &links, POLICY).after;
        assert_eq!((after.number, after.former), (number(0), vec![]), "{what}");
        assert_eq!(after.notices.get(&Notice::NumberChange), Some(&None), "{what}");
        assert!(!after.notices.contains_key(&Notice::TwoRecords), "{what}");
    }
}

#[test]
fn a_question_about_a_protected_persons_number_stays_when_later_posts_are_silent() {
    let asked = noted(marked(person(), Kind::SkyddadFolkbokforing), &[Notice::NumberChange]);
    let after = hear(&asked, &secret()).after;
    assert!(after.notices.contains_key(&Notice::NumberChange));
    let two = Person { notices: [(Notice::TwoRecords, Some(PersonId(17)))].into(), ..person() };
    assert_eq!(hear(&two, &secret()).after.notices, [(Notice::NumberChange, None)].into());
}

#[test]
fn a_death_of_a_protected_person_is_registered_and_their_return_is_not_asked_about() {
    let rows = [
        ("marked and dead", person(), Statement { marks: secret().marks, ..dead("AV", None) }),
        ("protected already, NEJ and dead", marked(person(), Kind::Sekretessmarkering), dead("AV", None)),
        ("protected by hand, dead", marked(person(), Kind::Manual), dead("AV", None)),
    ];
    for (what, stored, statement) in rows {
        let after = hear(&stored, &statement).after;
        assert_eq!((after.status, after.blocked), (Status::Deceased, true), "{what}");
    }
    let blocked = hear(&person(), &gone("UV")).after;
    let back = Statement { place: Some(crate::domain::samples::place("Nygatan 9")), ..secret() };
    assert_eq!(hear(&blocked, &back).notices(), []);
    // The box keeps a death out here too.
    let outcome = hear(&boxed(person()), &Statement { marks: secret().marks, ..dead("AV", None) });
    assert_eq!((outcome.kept(), outcome.after.status), (vec![Kept::Deceased], Status::Active));
}
