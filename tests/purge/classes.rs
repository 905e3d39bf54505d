//! `retention import`: all or nothing, held by the limit, undone like any run.

use mantal::jobs::retention_import::check::check;
use mantal::jobs::run::Mode;
use mantal::jobs::undo::Undo;

use crate::support::code;
use crate::world::{CLASSES, count, idle};

#[test]
fn classes_are_taken_whole_or_not_at_all_and_every_bad_row_is_named() {
    let world = idle(1);
    let before = world.ask("SELECT class || target || period FROM retention_rule ORDER BY 1");
    // (row, why it is refused)
    let rows = [
        ("A,person,P0D,created,,,", "period-zero"),
        ("A,person,-P1D,created,,,", "period-shape"),
        ("A,person,P99999999Y,created,,,", "period-long"),
        ("A,person,P1Y,closed,,,", "counted-from-misfit"),
        ("A,case,P1Y,deceased,,,", "counted-from-misfit"),
        ("A,case,P1Y,then,,,", "counted-from-unknown"),
        ("A,document,P1Y,closed,,,", "target-document"),
        ("A,subscription,P1Y,created,,,", "target-hangs-on"),
        ("A,thing,P1Y,closed,,,", "target-unknown"),
        ("A,case,P1Y,closed,,anonymise,", "anonymise-misfit"),
        ("A,case,P1Y,closed,,burn,", "action-unknown"),
        ("A,case,P1Y,closed,perhaps,,", "rule-yes-no"),
        ("A,case,P1Y,closed,,,-1", "grace-shape"),
        ("A,case,P1Y,closed,,,3651", "grace-shape"),
        (",case,P1Y,closed,,,", "link-cell-empty"),
        ("B,case,P1Y,closed,,,", "rule-twice"),
    ];
    for (row, reason) in rows {
        let report = world.classes(&format!("B,case,P1Y,closed,no,delete,0\n{row}\nC,case,P1Y,closed,,,\n"));
        assert_eq!((report.exit, code(&report)), (1, "rules-rejected"), "{row}");
        let rejected: Vec<_> = report.rejected.iter().map(|one| (one.record, one.code.as_str())).collect();
        assert_eq!(rejected, [(3, reason)], "{row}");
        assert_eq!(world.ask("SELECT class || target || period FROM retention_rule ORDER BY 1"), before);
    }
    assert_eq!(code(&world.classes("")), "rules-none");
}

#[test]
fn an_import_that_makes_more_people_due_than_the_limit_is_held_unless_it_is_allowed() {
    for (people, exit) in [(19, 0), (20, 0), (21, 4)] {
        let world = idle(people);
        world.classes("A,person,P90Y,last_activity,no,delete,0\n");
        let before = world.ask("SELECT period FROM retention_rule");
        let report = world.classes_as(Mode::Real, &[], CLASSES);
        assert_eq!((report.exit, count(&report, "becomes_due")), (exit, people as u64), "{people}");
        if exit == 4 {
            assert_eq!(world.ask("SELECT period FROM retention_rule"), before, "held, and yet changed");
            assert_eq!(world.classes_as(Mode::Real, &[("purge", 21)], CLASSES).exit, 0);
        }
        // The same again makes nobody due who was not before.
        let report = world.classes_as(Mode::Real, &[], CLASSES);
        assert_eq!((report.exit, count(&report, "becomes_due"), count(&report, "unchanged")), (0, 0, 4));
    }
}

#[test]
fn an_import_of_classes_can_be_undone_and_the_undo_too() {
    let world = idle(1);
    let rules = || world.ask("SELECT class || target || period || action FROM retention_rule ORDER BY 1");
    let before = rules();
    let run =
        world.classes("A,person,P2Y,created,no,delete,0\nB,case,P1Y,closed,no,delete,9\n").run.unwrap().id;
    let after = rules();
    assert_ne!(before, after);
    let undo = world.run_to(0, &mut Undo { run }).run.unwrap().id;
    assert_eq!(rules(), before);
    world.run_to(0, &mut Undo { run: undo });
    assert_eq!(rules(), after);
}

#[test]
fn a_check_says_what_is_wrong_or_odd_and_what_would_be_due() {
    let world = idle(3);
    let today = "2026-11-22".parse().unwrap();
    let file = world.path("new.csv");
    std::fs::write(
        &file,
        "class,target,period,counted_from\nA,person,P90Y,created\nX,case,P1D,closed\nX,case,P2D,closed\n",
    )
    .unwrap();
    let checked = check(&world.registry(), &world.settings, today, Some(&file)).unwrap();
    assert_eq!(checked.wrong, [(4, "rule-twice", "3".to_owned())]);
    let odd: Vec<_> =
        checked.oddities.iter().map(|(class, _, message)| (class.as_str(), message.code)).collect();
    assert_eq!(odd, [("X", "rule-odd-short"), ("X", "rule-odd-unused")]);
    assert_eq!(checked.due[0]["now"], 3);
    assert_eq!(checked.due[0]["then"], 0);
}
