//! What stops a purge: limits, the clock, a plan that is not what it was, a commit that fails.

use std::cell::Cell;
use std::fs;

use mantal::domain::retention::Most;
use mantal::jobs::purge::{Purge, Wish};
use mantal::jobs::run::{Mode, Setup};
use mantal::jobs::runner;
use mantal::registry::runs::LogLine;

use crate::support::{World, code, mode, numbers};
use crate::world::{count, idle, purge};

#[test]
fn the_limit_lets_twenty_people_of_few_go_and_holds_one_more() {
    // (people, how many are due, exit of a proposal)
    for (people, due, exit) in [(30, 19, 0), (30, 20, 0), (30, 21, 4), (1_100, 22, 0), (1_100, 23, 4)] {
        let world = idle(people);
        world.sql(&format!("UPDATE person SET class = NULL WHERE id > {due}"));
        let report = world.propose(&[]);
        assert_eq!(report.exit, exit, "{people} {due} {report:?}");
        assert_eq!(count(&report, "due"), due, "{people} {due}");
        let before = world.content();
        let report = world.run(&mut purge(Wish::Confirm));
        assert_eq!(report.exit == 4, exit == 4, "{people} {due}");
        let left = people as u64 - if exit == 4 { 0 } else { due };
        assert_eq!(world.rows("person"), left);
        if exit == 4 {
            assert_eq!(world.content(), before, "held, and yet something was changed");
        }
    }
}

#[test]
fn a_proposal_changes_nothing_and_a_second_confirmation_finds_nothing_to_do() {
    let world = idle(10);
    world.sql("INSERT INTO case_record (reference, person_id, class, opened, closed) VALUES ('c', 1, 'A', '2015-01-01', '2016-01-01')");
    let before = world.content();
    let report = world.propose(&[]);
    assert_eq!((report.exit, count(&report, "due"), count(&report, "due_cases")), (0, 10, 1));
    assert_eq!(count(&report, "removed"), 0);
    assert_eq!(world.content(), before);
    let report = world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!((count(&report, "removed"), count(&report, "removed_cases")), (10, 1));
    assert_eq!(world.ids(), [0; 0]);
    let report = world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!((count(&report, "due"), count(&report, "removed")), (0, 0));
}

#[test]
fn a_dry_run_of_a_confirmation_does_it_all_and_takes_it_back() {
    let world = idle(10);
    let before = world.content();
    let report = world.run_as(Mode::DryRun, &[], &mut purge(Wish::Confirm));
    assert_eq!((report.exit, count(&report, "removed")), (0, 10));
    assert_eq!(world.content(), before);
}

#[test]
fn a_clock_before_the_newest_run_or_more_than_a_year_after_it_removes_nobody() {
    // (days since the newest run, exit)
    for (days, exit) in [(-1, 1), (0, 0), (364, 0), (366, 1)] {
        let world = idle(5);
        world.wait_days(days);
        let report = world.run(&mut purge(Wish::Confirm));
        assert_eq!(report.exit, exit, "{days} {report:?}");
        assert_eq!(code(&report), if exit == 0 { "none" } else { "purge-clock" });
        assert_eq!(world.ids().is_empty(), exit == 0);
    }
}

#[test]
fn a_proposal_may_look_ahead_and_a_confirmation_may_not() {
    let world = idle(5);
    let mantal = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mantal"));
        command.env_clear().arg("--config").arg(&world.settings.file).args(words);
        command.output().unwrap().status.code()
    };
    assert_eq!(mantal(&["purge", "--today", "2050-01-01"]), Some(0));
    assert_eq!(mantal(&["purge", "--confirm", "--today", "2050-01-01"]), Some(2));
    assert_eq!(mantal(&["purge", "--confirm", "--today", "2001-01-01"]), Some(2));
    assert_eq!(world.ids().len(), 5);
}

#[test]
fn a_limited_purge_takes_the_oldest_people_and_none_with_zero() {
    let world = idle(5);
    world.sql("UPDATE person SET entered_on = '2010-01-01' WHERE id = 4; UPDATE person SET entered_on = '2011-01-01' WHERE id = 2");
    world.run_to(0, &mut Purge { most: Most::These(0), ..purge(Wish::Confirm) });
    assert_eq!(world.ids(), [1, 2, 3, 4, 5]);
    let report = world.run_to(0, &mut Purge { most: Most::These(2), ..purge(Wish::Confirm) });
    assert_eq!((count(&report, "due"), count(&report, "removed")), (5, 2));
    assert_eq!(world.ids(), [1, 3, 5]);
}

#[test]
fn a_plan_is_followed_where_nothing_changed_and_the_rest_is_named() {
    let world = idle(6);
    world.sql(
        "INSERT INTO case_record (reference, person_id, class, opened, closed)
             SELECT 'c' || id, id, 'A', '2015-01-01', '2016-01-01' FROM person WHERE id IN (2, 3);
         UPDATE person SET class = NULL WHERE id = 6",
    );
    let plan = world.plan();
    assert_eq!(mode(&plan), 0o600);
    let content = fs::read_to_string(&plan).unwrap();
    assert!(!content.contains("namn"), "a name in {content}");
    assert!(numbers(6).iter().all(|number| !content.contains(number)), "a number in {content}");
    world.sql(
        "UPDATE person SET comment = 'new' WHERE id = 1;
         UPDATE case_record SET last_activity = '2016-02-02' WHERE person_id = 2;
         INSERT INTO obligation (reference, person_id, kind) VALUES ('o', 4, 'loan');
         UPDATE person SET class = 'A' WHERE id = 6",
    );
    let report = world.run_to(3, &mut Purge { plan: Some(plan.clone()), ..purge(Wish::Confirm) });
    // Changed: 1, the case of 2 with its person, 4. Not planned: 6.
    assert_eq!(world.ids(), [1, 2, 4, 6]);
    assert_eq!(world.ask("SELECT reference FROM case_record"), ["c2"]);
    let record = |line: &LogLine| {
        let params: serde_json::Value = serde_json::from_str(&line.params).unwrap();
        params["record"].as_str().map(str::to_owned)
    };
    let named: Vec<String> = report.remarks.iter().filter_map(record).collect();
    assert_eq!(named, ["person:1", "person:2", "person:4", "case:1"]);
    let other = World::new();
    let report = other.run(&mut Purge { plan: Some(plan), ..purge(Wish::Confirm) });
    assert_eq!((report.exit, code(&report)), (2, "purge-plan-foreign"));
}

#[test]
fn somebody_planned_who_is_no_longer_due_stays_and_is_named() {
    let world = idle(2);
    let plan = world.plan();
    world.classes(&"A,person,P1Y,last_activity,no,delete,0\n".replace("P1Y", "P90Y"));
    let report = world.run_to(3, &mut Purge { plan: Some(plan), ..purge(Wish::Confirm) });
    assert_eq!(world.ids(), [1, 2]);
    assert!(report.remarks.iter().any(|line| line.code == "purge-plan-not-due"), "{report:?}");
}

#[test]
fn what_is_no_plan_is_refused() {
    let world = idle(1);
    for content in ["", "{}", "[]", "{\"format\":\"mantal-purge-plan/1\"}", "\0"] {
        let file = world.path("odd.json");
        fs::write(&file, content).unwrap();
        assert_eq!(world.run(&mut Purge { plan: Some(file), ..purge(Wish::Confirm) }).exit, 2, "{content}");
    }
    let missing = world.path("none.json");
    assert_eq!(world.run(&mut Purge { plan: Some(missing), ..purge(Wish::Confirm) }).exit, 2);
    assert_eq!(world.ids(), [1]);
}

#[test]
fn a_commit_that_fails_at_its_very_end_leaves_everything_as_it_was() {
    let world = idle(5);
    let (side, away) = (world.settings.side_file(), world.path("away.side"));
    let before = world.content();
    let report = world.with_setup(Mode::Real, &[], |setup| {
        // Once the unit has begun the file beside the registry can't be written any more: the last thing before the commit.
        let calls = Cell::new(0);
        let now = || {
            calls.set(calls.get() + 1);
            if calls.get() == 3 {
                fs::rename(&side, &away).unwrap();
                fs::create_dir(&side).unwrap();
            }
            (setup.now)()
        };
        let broken = Setup {
            now: &now,
            start: setup.start.clone(),
            allow: setup.allow.clone(),
            credentials: None,
            ssh: mantal::transport::SshPlaces::default(),
            who: setup.who.clone(),
            ..*setup
        };
        runner::execute(&mut purge(Wish::Confirm), &broken)
    });
    assert_eq!(report.exit, 1, "{report:?}");
    assert!(side.is_dir(), "the unit never began");
    assert_eq!(world.content(), before);
    fs::remove_dir(&side).unwrap();
    fs::rename(&away, &side).unwrap();
    world.run_to(0, &mut purge(Wish::Confirm));
    assert_eq!(world.ids(), [0; 0]);
}
