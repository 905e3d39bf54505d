//! Files that find something about more people than a run keeps in memory. (rules.md, spar-import 6; limits)

use super::support::{Post, World, numbers, spar_file};

const PEOPLE: usize = 250;

/// Everybody has the box against updates; the file has something new of each.
fn with_boxes() -> (World, Vec<String>) {
    let world = World::with("");
    let numbers = numbers(PEOPLE);
    let rows: Vec<(&str, &str)> = numbers.iter().map(|number| (number.as_str(), ";no")).collect();
    world.people(&rows).to(0);
    (world, numbers)
}

fn file(numbers: &[String], sequence: u32) -> Vec<u8> {
    let posts: Vec<Post<'_>> = numbers.iter().map(|number| Post::Lives(number, "Nygatan 3")).collect();
    spar_file(4, sequence, &posts)
}

fn blocked(found: &[String]) -> usize {
    found.iter().filter(|kind| *kind == "update-blocked").count()
}

#[test]
fn each_of_many_findings_is_told_once_and_a_dry_run_leaves_none() {
    let (world, numbers) = with_boxes();
    world.leave("SPARAvisering_1.xml", &file(&numbers, 1));
    let path = world.path("named.xml");
    std::fs::write(&path, file(&numbers, 1)).unwrap();
    let before = world.findings();
    let dry = world.run(&["spar-import", path.to_str().unwrap(), "--dry-run"]);
    assert_eq!(blocked(&dry.found()), PEOPLE);
    assert_eq!(world.findings(), before);

    assert_eq!(blocked(&world.fetch().to(3).found()), PEOPLE);
    let mut subjects: Vec<String> = world.findings().into_iter().map(|(_, subject)| subject).collect();
    let all = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), all, "nobody has two");
}

#[test]
fn nothing_is_found_by_a_file_that_is_held() {
    let (world, numbers) = with_boxes();
    world.leave("SPARAvisering_1.xml", &spar_file(2, 1, &[]));
    world.fetch();
    // Sequence number 2 is missing.
    world.leave("SPARAvisering_3.xml", &file(&numbers, 3));
    assert_eq!(blocked(&world.fetch().to(4).found()), 0);
    assert!(world.findings().iter().all(|(kind, _)| kind != "update-blocked"));
    assert_eq!(blocked(&world.run(&["spar-import", "--allow", "sequence_gap=1"]).to(3).found()), PEOPLE);
}
