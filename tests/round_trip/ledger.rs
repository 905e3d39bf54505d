//! rules.md, spar-export 6, and the findings `no-answer` and `no-file`.

use super::support::{ANNA, BO, CECILIA, Post, World, spar_file};

fn kinds(world: &World) -> Vec<String> {
    world.findings().into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn an_answer_is_due_so_many_days_after_the_list_and_late_on_the_next() {
    let world = World::with_three("spar.answer_days = 10\nspar.file_days = 400");
    world.export().to(0);
    let asked = world.spar(ANNA);
    assert_eq!(
        (asked["sent"].as_str(), asked["answer_due"].as_str()),
        (Some("2025-03-02"), Some("2025-03-12"))
    );
    assert_eq!(asked["list"], "C2503-000001-spar");
    // Both jobs look at their end.
    for (job, day) in [("spar-export", "2025-03-12"), ("spar-import", "2025-03-12")] {
        world.on(day).run(&[job]).to(0);
    }
    assert_eq!(world.state(ANNA), "sent");
    let done = world.on("2025-03-13").export().to(3);
    assert_eq!(done.found(), ["no-answer"; 3]);
    let subjects: Vec<_> = world.findings().into_iter().map(|(_, subject)| subject).collect();
    assert_eq!(subjects, ["person:1", "person:2", "person:3"]);
    // The same again is no news, and nobody is asked twice.
    world.collect();
    assert_eq!(world.on("2025-03-14").fetch().to(0).found(), Vec::<String>::new());
    world.export().to(0);
    assert!(world.put().is_empty());
}

#[test]
fn a_late_answer_closes_its_finding_whatever_the_post_says() {
    let world = World::with_three("spar.answer_days = 5\nspar.file_days = 400");
    world.export().to(0);
    world.on("2025-03-20").fetch().to(3);
    assert_eq!(kinds(&world), ["no-answer"; 3]);
    let posts = [Post::Lives(ANNA, "Storgatan 1"), Post::Died(BO), Post::Protected(CECILIA)];
    world.leave("SPARAvisering_1.xml", &spar_file(20, 1, &posts));
    world.fetch();
    assert!(!kinds(&world).contains(&"no-answer".to_owned()), "{:?}", world.findings());
    assert_eq!(world.spar(ANNA)["answered"], "2025-03-20");
    for number in [ANNA, BO, CECILIA] {
        assert_eq!(world.state(number), "answered");
    }
}

#[test]
fn overdue_is_judged_on_the_day_it_is_asked() {
    let world = World::with_three("spar.answer_days = 5");
    world.export().to(0);
    let shown = |day: &str| world.read(&["person", "show", ANNA, "--today", day])[0]["spar"]["state"].clone();
    assert_eq!(shown("2025-03-07"), "sent");
    assert_eq!(shown("2025-03-08"), "overdue");
}

#[test]
fn a_list_that_only_watches_expects_no_answer() {
    let world = World::with_three("spar.mode = \"all\"\nspar.answer_days = 5\nspar.file_days = 400");
    world.export().to(0);
    assert_eq!(world.spar(ANNA)["answer_due"], serde_json::Value::Null);
    world.on("2025-12-01").fetch().to(0);
    assert_eq!(world.state(ANNA), "sent");
}

#[test]
fn silence_is_counted_from_the_first_list_and_then_from_the_last_file() {
    let world = World::with_three("spar.file_days = 10\nspar.answer_days = 400");
    world.on("2025-06-01").fetch().to(0);
    assert_eq!(kinds(&world), Vec::<String>::new(), "nothing was sent: nothing is expected");
    world.on("2025-03-02").export().to(0);
    world.on("2025-03-12").fetch().to(0);
    let done = world.on("2025-03-13").fetch().to(3);
    assert_eq!(done.found(), ["no-file"]);
    world.leave("SPARAvisering_1.xml", &spar_file(13, 1, &[]));
    world.fetch().to(0);
    assert_eq!(kinds(&world), Vec::<String>::new(), "an empty file is a file");
    world.on("2025-03-23").export().to(0);
    world.on("2025-03-24").export().to(3);
    assert_eq!(kinds(&world), ["no-file"]);
}

#[test]
fn an_undone_answer_is_no_answer() {
    let world = World::with_three("spar.answer_days = 5\nspar.file_days = 400");
    world.export().to(0);
    world.leave("SPARAvisering_1.xml", &spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]));
    let run = world.on("2025-03-03").fetch().to(0).json["run"]["id"].to_string();
    assert_eq!(world.state(ANNA), "answered");
    world.run(&["undo", &run]);
    assert_eq!(world.state(ANNA), "sent");
    let found = world.on("2025-03-10").fetch().to(3).found();
    assert_eq!(found, ["no-answer"; 3]);
}
