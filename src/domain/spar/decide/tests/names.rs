//! Rule 12: names and birth date.

use super::*;

fn named(first: Option<&str>, called: Option<&str>, middle: Option<&str>, last: Option<&str>) -> Statement {
    let part = |text: Option<&str>| text.map(str::to_owned);
    Statement { name: Some((part(first), part(called), part(middle), part(last))), ..statement() }
}

fn parts(person: &Person) -> [Option<&str>; 4] {
    [&person.name.first, &person.name.called, &person.name.middle, &person.name.last]
        .map(|part| part.as_deref())
}

#[test]
fn a_name_replaces_all_parts_and_none_keeps_all() {
    let mut stored = person();
    stored.name.middle = text("Berg");
    let rows = [
        (
            named(Some("Elvan"), Some("Elvan"), None, Some("Ek")),
            [Some("Elvan"), Some("Elvan"), None, Some("Ek")],
        ),
        // An absent part is null.
        (named(None, None, None, Some("Ek")), [None, None, None, Some("Ek")]),
        // No Namn keeps all.
        (statement(), [Some("Tolvan"), None, Some("Berg"), Some("Tolvansson")]),
        // Case and blanks do not count: the stored spelling stays.
        (
            named(Some("TOLVAN"), None, Some("b e r g"), Some("tolvansson")),
            [Some("Tolvan"), None, Some("Berg"), Some("Tolvansson")],
        ),
    ];
    for (statement, expected) in rows {
        assert_eq!(parts(&hear(&stored, &statement).after), expected);
    }
}

#[test]
fn an_unchanged_name_leaves_what_staff_set_since() {
    let said = named(Some("Elvan"), None, None, Some("Ek"));
    let mut stored = hear(&person(), &said).after;
    stored.name.last = text("Ekström");
    assert!(hear(&stored, &said).changes.is_empty());
}

#[test]
fn a_birth_date_fills_what_was_empty_and_a_difference_is_told() {
    let born = |date: Option<&str>| Statement { birth_date: date.map(day), ..statement() };
    let rows = [
        (None, Some("1980-01-02"), Some("1980-01-02"), false),
        (Some("1980-01-02"), Some("1980-01-02"), Some("1980-01-02"), false),
        (Some("1980-01-02"), Some("1980-01-03"), Some("1980-01-02"), true),
        (Some("1980-01-02"), None, Some("1980-01-02"), false),
        (None, None, None, false),
    ];
    for (stored, said, expected, differs) in rows {
        let stored = Person { birth_date: stored.map(day), ..person() };
        let outcome = hear(&stored, &born(said));
        assert_eq!(outcome.after.birth_date, expected.map(day));
        assert_eq!(outcome.decision.birth_date_differs, differs);
    }
}

#[test]
fn the_box_keeps_a_name_out_and_says_so_only_if_it_differs() {
    let outcome = hear(&boxed(person()), &named(Some("Elvan"), None, None, Some("Ek")));
    assert_eq!((outcome.kept(), outcome.after.name), (vec![Kept::Name], person().name));
    assert_eq!(hear(&boxed(person()), &named(Some("TOLVAN"), None, None, Some("Tolvansson"))).kept(), []);
    let called = named(Some("Tolvan"), Some("Tolvan"), None, Some("Tolvansson"));
    assert_eq!(hear(&boxed(person()), &called).kept(), [Kept::Name]);
}
