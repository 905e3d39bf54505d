//! Rule 7: a new number, and when it is a question for a human.

use super::*;
use crate::domain::person::PersonId;

fn to(path: &[usize]) -> Renumbering {
    Renumbering::To(path.iter().map(|at| number(*at)).collect())
}

fn numbers(person: &Person) -> (IdNumber, Vec<IdNumber>) {
    (person.number, person.former.clone())
}

#[test]
fn the_person_gets_the_new_number_and_keeps_the_old_as_a_former_one() {
    let rows = [
        ("by a GN or GS post", person(), replaced(), to(&[1]), (number(1), vec![number(0)])),
        ("by any other post", person(), statement(), to(&[1]), (number(1), vec![number(0)])),
        ("chains are followed", person(), replaced(), to(&[1, 2]), (number(2), vec![number(0), number(1)])),
        ("the box does not govern it", boxed(person()), replaced(), to(&[1]), (number(1), vec![number(0)])),
    ];
    for (what, stored, statement, links, expected) in rows {
        let outcome = hear_with(&stored, &statement, &links, POLICY);
        assert_eq!(numbers(&outcome.after), expected, "{what}");
        assert_eq!(outcome.notices(), [], "{what}");
    }
    // The status is unchanged, and the GN or GS post says nothing else.
    let full = Statement { name: Some((text("Elvan"), None, None, None)), ..replaced() };
    let after = hear_with(&person(), &full, &to(&[1]), POLICY).after;
    assert_eq!((after.status, after.name, after.said), (Status::Active, person().name, None));
}

#[test]
fn what_a_machine_must_not_follow_is_a_question() {
    use Renumbering::{AlreadyDone, None, OtherRecord, Unclear};
    let other = || OtherRecord(PersonId(17));
    let asked = || noted(person(), &[Notice::NumberChange]);
    let rows = [
        ("the new number is another record", person(), replaced(), other(), vec![Notice::TwoRecords]),
        ("a cycle or a fork", person(), statement(), Unclear, vec![Notice::NumberChange]),
        ("GN or GS without a link", person(), replaced(), None, vec![Notice::NumberChange]),
        ("GN or GS of what was done", person(), replaced(), AlreadyDone, vec![]),
        ("nothing", person(), statement(), None, vec![]),
        // The question closes when the change is done, or the number is delivered as a living one.
        ("done since", asked(), replaced(), to(&[1]), vec![]),
        ("done since, told again", asked(), statement(), AlreadyDone, vec![]),
        ("delivered as a living one", asked(), statement(), None, vec![]),
        ("still GN", asked(), replaced(), None, vec![Notice::NumberChange]),
    ];
    for (what, stored, statement, links, expected) in rows {
        let outcome = hear_with(&stored, &statement, &links, POLICY);
        assert_eq!(outcome.notices(), expected, "{what}");
        assert_eq!(outcome.after.status, Status::Active, "{what}");
    }
    let after = hear_with(&person(), &replaced(), &other(), POLICY).after;
    assert_eq!((after.notices[&Notice::TwoRecords], after.number), (Some(PersonId(17)), number(0)));
}

#[test]
fn links_without_a_post_of_the_person_change_the_number_and_nothing_else() {
    let decided =
        |stored: &Person, links: &Renumbering| carry_out(stored, decide_links(stored, links), POLICY);
    assert_eq!(numbers(&decided(&person(), &to(&[1])).after), (number(1), vec![number(0)]));
    assert_eq!(decided(&person(), &Renumbering::Unclear).notices(), [Notice::NumberChange]);
    // No post of a protected person came: nothing says that the protection was lifted.
    let protected = marked(person(), Kind::Sekretessmarkering);
    let outcome = decided(&protected, &to(&[1]));
    assert_eq!((outcome.notices(), outcome.after.number), (vec![Notice::NumberChange], number(0)));
}

#[test]
fn only_the_typ_of_a_living_number_tells_an_immunitetsnummer() {
    let immune = |statement: Statement| Statement { is_immunity: true, ..statement };
    let kind = |statement: &Statement, links: &Renumbering| {
        hear_with(&person(), statement, links, POLICY).after.number.kind()
    };
    assert_eq!(kind(&immune(statement()), &Renumbering::None), IdKind::Immunitetsnummer);
    assert_eq!(kind(&statement(), &Renumbering::None), IdKind::Personnummer);
    // That of the number that was replaced says nothing of the new one.
    assert_eq!(kind(&immune(replaced()), &to(&[1])), IdKind::Personnummer);
}
