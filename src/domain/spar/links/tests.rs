//! A row per sentence of rules.md, spar-import 7, as far as links alone decide. Numbers are written as their places in
//! the list of test numbers.

use std::convert::Infallible;

use super::*;
use crate::domain::samples::number;

/// Links (old, new) of a file, and (number, person) of a registry.
struct World {
    links: Vec<(usize, usize)>,
    holders: Vec<(usize, i64)>,
}

impl Links for World {
    type Error = Infallible;

    fn successors(&mut self, at: NumberKey) -> Result<Vec<IdNumber>, Infallible> {
        let from = |(old, _): &&(usize, usize)| number(*old).key() == at;
        Ok(self.links.iter().filter(from).map(|(_, new)| number(*new)).collect())
    }

    fn holder(&mut self, at: NumberKey) -> Result<Option<PersonId>, Infallible> {
        Ok(self.holders.iter().find(|(held, _)| number(*held).key() == at).map(|(_, id)| PersonId(*id)))
    }
}

/// Person 1 has the number 0, and had `former`.
fn outcome(links: &[(usize, usize)], former: &[usize], others: &[(usize, i64)]) -> Renumbering {
    let own = former.iter().map(|at| (*at, 1));
    let holders = own.chain([(0, 1)]).chain(others.iter().copied()).collect();
    let mut world = World { links: links.to_vec(), holders };
    let former: Vec<IdNumber> = former.iter().map(|at| number(*at)).collect();
    let Ok(outcome) = follow(&mut world, PersonId(1), &number(0), &former);
    outcome
}

fn to(path: &[usize]) -> Renumbering {
    Renumbering::To(path.iter().map(|at| number(*at)).collect())
}

/// What it is, links, former numbers, who else holds a number, and what follows.
type Row = (&'static str, &'static [(usize, usize)], &'static [usize], &'static [(usize, i64)], Renumbering);

#[test]
fn links_are_followed_to_their_end_and_never_where_a_machine_must_not() {
    use Renumbering::{AlreadyDone, None, OtherRecord, Unclear};
    let rows: &[Row] = &[
        ("no link concerns them", &[(2, 3)], &[], &[], None),
        ("the person gets the new number", &[(0, 1)], &[], &[], to(&[1])),
        ("chains are followed", &[(0, 1), (1, 2)], &[], &[], to(&[1, 2])),
        ("in whatever order they stand", &[(1, 2), (0, 1)], &[], &[], to(&[1, 2])),
        ("a link to somebody from elsewhere says nothing of them", &[(2, 0)], &[], &[], None),
        ("a cycle", &[(0, 1), (1, 0)], &[], &[], Unclear),
        ("a cycle further on", &[(0, 1), (1, 2), (2, 1)], &[], &[], Unclear),
        ("a fork", &[(0, 1), (0, 2)], &[], &[], Unclear),
        ("a fork further on", &[(0, 1), (1, 2), (1, 3)], &[], &[], Unclear),
        ("the new number is another record", &[(0, 1)], &[], &[(1, 2)], OtherRecord(PersonId(2))),
        ("another record stands on the way", &[(0, 1), (1, 2)], &[], &[(1, 2)], OtherRecord(PersonId(2))),
        ("and at its end", &[(0, 1), (1, 2)], &[], &[(2, 2)], OtherRecord(PersonId(2))),
        ("what was followed before", &[(1, 0)], &[1], &[], AlreadyDone),
        ("the same in two steps", &[(1, 2), (2, 0)], &[1], &[], AlreadyDone),
        ("a part of what was followed before", &[(1, 2)], &[1, 2], &[], AlreadyDone),
        ("from a former number to the way that now goes on", &[(1, 0), (0, 2)], &[1], &[], to(&[2])),
        ("a former number that now leads elsewhere", &[(1, 2)], &[1], &[], Unclear),
        ("elsewhere in two steps", &[(1, 2), (2, 3)], &[1], &[], Unclear),
        ("elsewhere in a circle", &[(1, 2), (2, 3), (3, 2)], &[1], &[], Unclear),
        ("elsewhere, while the current one goes on", &[(1, 3), (0, 2)], &[1], &[], Unclear),
        ("back to a former number: a cycle in two files", &[(0, 1)], &[1], &[], Unclear),
    ];
    for (what, links, former, others, expected) in rows {
        assert_eq!(&outcome(links, former, others), expected, "{what}");
        let turned: Vec<(usize, usize)> = links.iter().rev().copied().collect();
        assert_eq!(&outcome(&turned, former, others), expected, "{what}, turned round");
    }
}

#[test]
fn a_chain_without_end_is_not_followed_for_ever() {
    /// Every number leads to the next.
    struct Endless;
    impl Links for Endless {
        type Error = Infallible;
        fn successors(&mut self, at: NumberKey) -> Result<Vec<IdNumber>, Infallible> {
            let kind = crate::domain::id_number::IdKind::Reserve;
            let text = format!("18500101R{:03}", at.0 % 997 + 1);
            Ok(IdNumber::from_stored(&text, kind).into_iter().collect())
        }
        fn holder(&mut self, _: NumberKey) -> Result<Option<PersonId>, Infallible> {
            Ok(None)
        }
    }
    let Ok(outcome) = follow(&mut Endless, PersonId(1), &number(0), &[number(1)]);
    assert_eq!(outcome, Renumbering::Unclear);
}
