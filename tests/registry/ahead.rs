//! People who are read ahead by a second connection, with what comes of them, while a unit changes them.

use std::sync::Arc;

use mantal::domain::change::{Why, diff};
use mantal::domain::person::PersonId;
use mantal::io::SecretKey;
use mantal::registry::people::{Editor, Foresight, Stored, Trace};
use mantal::registry::runs::RunId;
use mantal::registry::{Access, Check, Outcome, Registry};

use crate::support::{World, numbers};

const WINDOW: i64 = 64;
const WINDOWS: i64 = 6;

fn full_world() -> World {
    let world = World::new();
    let rows = numbers(usize::try_from(WINDOW * WINDOWS).unwrap());
    let rows: Vec<String> = rows.iter().map(|number| format!("{number};Anna;Annasson;;;;\n")).collect();
    world.import(&rows.concat());
    world
}

/// What comes of a person is what they are called.
type People<'r> = Foresight<'r, PersonId, Option<String>>;

fn foresee(registry: &Registry) -> People<'_> {
    let plan = |stored: Option<&Stored>, _: &PersonId| stored.and_then(|one| one.person.name.first.clone());
    registry.foresee(|id| Some(*id), Arc::new(plan)).unwrap()
}

/// Goes through everybody in windows as a job does; `each` is asked what to do for a person.
fn go_through(people: &mut People<'_>, mut each: impl FnMut(&mut People<'_>, &Stored)) {
    let window = |at: i64| (1..=WINDOW).map(move |place| PersonId(at * WINDOW + place)).collect::<Vec<_>>();
    let visit = |people: &mut People<'_>, window: Vec<_>| {
        for foreseen in window {
            let (id, (stored, called)) = people.turn(foreseen)?;
            let stored = stored.unwrap();
            assert_eq!(stored.id, id);
            assert_eq!(stored.person.name.first, called, "{id}: what was worked out is of what stands");
            each(people, &stored);
            people.give_back((Some(stored), called));
        }
        Ok(())
    };
    people.each(|take| (0..WINDOWS).try_for_each(|at| take(window(at))), visit).unwrap();
}

fn rename(people: &mut People<'_>, editor: &mut Editor<'_>, id: PersonId, name: &str) {
    let stored = people.get(id).unwrap();
    let mut after = stored.person.clone();
    after.name.first = Some(name.to_owned());
    let changes = diff(&stored.person, &after, |_| Why("test"));
    editor.change(&stored, &after, (&changes).into()).unwrap();
}

fn in_a_unit(world: &World, outcome: Outcome, work: impl Fn(&Registry, &mut People<'_>, &mut Editor<'_>)) {
    let registry = Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap();
    let key = SecretKey::load(&world.settings.key_file()).unwrap();
    let trace = Trace { run: RunId(1), file: None };
    let inner = || {
        let mut editor = Editor::new(&registry, &key, trace, "2026-11-22T08:00:00Z")?;
        let mut people = foresee(&registry);
        work(&registry, &mut people, &mut editor);
        Ok((outcome, ()))
    };
    registry.unit(inner).unwrap();
}

fn first_name(people: &mut People<'_>, id: PersonId) -> String {
    people.get(id).unwrap().person.name.first.unwrap()
}

#[test]
fn everybody_is_read_as_they_are_also_who_was_changed_in_the_same_unit() {
    let world = full_world();
    in_a_unit(&world, Outcome::Commit, |_, people, editor| {
        // In the window after the next, in the next and in the same one, before any of them is worked.
        let changed = [PersonId(2), PersonId(WINDOW + 3), PersonId(3 * WINDOW - 1)];
        for id in changed {
            rename(people, editor, id, "Bo");
        }
        let mut seen = 0;
        go_through(people, |people, stored| {
            let id = stored.id;
            seen += 1;
            let name = if changed.contains(&id) { "Bo" } else { "Anna" };
            assert_eq!(stored.person.name.first.as_deref(), Some(name), "{id}");
            rename(people, editor, id, "Cai");
            assert_eq!(first_name(people, id), "Cai", "{id}, asked for once more");
        });
        assert_eq!(seen, WINDOW * WINDOWS);
    });
    let renamed = world.ask("SELECT count(*) FROM person WHERE first_name = 'Cai'");
    assert_eq!(renamed, [(WINDOW * WINDOWS).to_string()]);
}

#[test]
fn a_unit_in_a_dry_run_sees_what_that_did_before() {
    let world = full_world();
    in_a_unit(&world, Outcome::RollBack, |registry, people, editor| {
        go_through(people, |people, stored| rename(people, editor, stored.id, "Bo"));
        let inner = || {
            let mut people = foresee(registry);
            go_through(&mut people, |_, stored| {
                assert_eq!(stored.person.name.first.as_deref(), Some("Bo"), "{}", stored.id);
            });
            Ok((Outcome::Commit, ()))
        };
        registry.unit(inner).unwrap();
    });
    assert_eq!(world.ask("SELECT DISTINCT first_name FROM person"), ["Anna"]);
}
