//! rules.md, limits: `list_size` and `list_shrink`.

use super::support::{Post, World, numbers, spar_file};

fn with(count: usize, lines: &str) -> (World, Vec<String>) {
    let world = World::with(lines);
    let numbers = numbers(count);
    let rows: Vec<(&str, &str)> = numbers.iter().map(|number| (number.as_str(), "")).collect();
    world.people(&rows).to(0);
    (world, numbers)
}

#[test]
fn a_thousand_new_numbers_pass_and_one_more_is_held_until_somebody_allows_it() {
    let (world, _) = with(1_000, "");
    world.export().to(0);
    assert_eq!(world.list().split(',').count(), 1_000);

    let (world, _) = with(1_001, "");
    let before = world.read(&["person", "list"]);
    let done = world.export().to(4);
    assert!(done.json["error"].to_string().contains("list_size=1001"), "{}", done.json["error"]);
    assert_eq!(world.read(&["person", "list"]), before);
    assert!(world.put().is_empty() && world.spool("staging").is_empty());
    world.run(&["spar-export", "--allow", "list_size=1000"]).to(4);
    world.run(&["spar-export", "--allow", "list_size=1001"]).to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000001-spar"]);
}

#[test]
fn a_held_list_passes_when_its_run_is_approved_and_not_if_it_has_grown() {
    let (world, _) = with(5, "limits.list_size = 4");
    let held = world.export().to(4).json["run"]["id"].to_string();
    world.people(&[(super::support::ANNA, "")]).to(0);
    world.run(&["spar-export", "--approve", &held]).to(4);
    let held = world.export().to(4).json["run"]["id"].to_string();
    world.run(&["spar-export", "--approve", &held]).to(0);
    assert_eq!(world.list().split(',').count(), 6);
}

#[test]
fn the_whole_list_counts_only_numbers_never_asked_about_before() {
    let (world, _) = with(5, "limits.list_size = 5\nspar.mode = \"all\"");
    world.export().to(0);
    world.collect();
    world.people(&[(super::support::ANNA, "")]).to(0);
    world.export().to(0);
    assert_eq!(world.list().split(',').count(), 6);
}

#[test]
fn a_whole_list_that_shrinks_beyond_the_limit_is_held() {
    // Of 30 numbers, 10 % are 3: the floor decides.
    let lines = "spar.mode = \"all\"\nlimits.list_shrink_floor = 2\nlimits.blocked_floor = 30";
    for (dead, exit) in [(3, 0), (4, 4)] {
        let (world, numbers) = with(30, lines);
        world.export().to(0);
        world.collect();
        let posts: Vec<Post<'_>> = numbers.iter().take(dead).map(|number| Post::Died(number)).collect();
        world.leave("SPARAvisering_1.xml", &spar_file(2, 1, &posts));
        world.fetch().to(0);
        world.export().to(exit);
        assert_eq!(world.put().len(), usize::from(exit == 0), "{dead} died");
    }
}

#[test]
fn a_dry_run_says_what_the_limit_says() {
    let (world, _) = with(3, "limits.list_size = 2");
    let done = world.run(&["spar-export", "--dry-run"]).to(4);
    assert!(done.json["error"].to_string().contains("list_size=3"), "{}", done.json["error"]);
    world.run(&["spar-export", "--dry-run", "--allow", "list_size=3"]).to(0);
}
