//! A rehearsal shows everything and changes nothing.

use mantal::{
    domain::{area::Taking, person::PersonId, protection::Kind},
    jobs::{
        Job,
        area_import::AreaImport,
        backup::Backup,
        findings::{FindingSet, Verb},
        person_import::{OnList, PersonImport},
        person_set::{PersonSet, Wishes},
        protect::{Protect, Unprotect},
        restore::AcceptLoss,
        spar_import::SparImport,
        undo::Undo,
        update_areas::{UpdateAreas, Wish},
    },
    registry::{Access, Check, Registry, runs::RunId},
};

use crate::support::{ANNA, World, spar_file};

const CARIN: &str = "198410092392";

/// Somebody for every job: Bo is protected, a file is held, something was rejected, a restore was at a loss.
fn world() -> World {
    let world = World::with_people("municipality = [\"0581\"]\n");
    let code =
        "INSERT INTO population (key, kind, municipality, nonresident, present, protected, key_code, pending)
                SELECT key, kind, '0581', 0, 1, 0, '1132', 1 FROM number";
    rusqlite::Connection::open(&world.settings.registry).unwrap().execute(code, []).unwrap();
    world.import(&format!("{CARIN};Carin;Carinsson;;;;\n"));
    world.run(&mut Protect { person: PersonId(2), kind: Kind::Manual, reason: "test".into() });
    assert_eq!(world.spar("rule02-sequence-12.xml").exit, 0);
    assert_eq!(world.spar("rule02-sequence-14.xml").exit, 4);
    let registry = Registry::open(&world.settings.registry, Access::Write, Check::Quick).unwrap();
    registry.mark_at_a_loss().unwrap();
    drop(registry);
    std::fs::write(world.path("links.csv"), "key_code;area\n1*;West\n").unwrap();
    std::fs::write(world.path("new.csv"), format!("id_number;email\n{ANNA};new@example.org\n")).unwrap();
    world
}

#[test]
fn a_dry_run_of_any_job_leaves_the_registry_and_everything_beside_it_as_it_was() {
    let world = world();
    let held = world.registry().list_findings(Some("held"), None).unwrap().remove(0).id;
    let wishes = Wishes { comment: Some("new".into()), ..Wishes::default() };
    let mut jobs: Vec<Box<dyn Job>> = vec![
        Box::new(PersonImport { file: world.path("new.csv"), on_list: OnList::Yes, source: None }),
        Box::new(AreaImport { file: world.path("links.csv"), taking: Taking::Replacing }),
        Box::new(UpdateAreas { wish: Wish::Update }),
        Box::new(SparImport { files: vec![spar_file("protection-skyddad.xml")] }),
        Box::new(SparImport { files: vec![spar_file("broken/nul.xml")] }),
        Box::new(PersonSet { person: PersonId(1), wishes }),
        Box::new(Protect { person: PersonId(1), kind: Kind::Manual, reason: "test".into() }),
        Box::new(Unprotect { person: PersonId(2), reason: "test".into() }),
        Box::new(Undo { run: RunId(2) }),
        Box::new(FindingSet { ids: vec![held], verb: Verb::Ignore, note: "no".into() }),
        Box::new(Backup { file: None, secrets: Some(world.path("secrets")) }),
        Box::new(AcceptLoss),
    ];
    let content = world.content();
    let beside = |world: &World| {
        let mut files = world.snapshot();
        files.retain(|name, _| !name.starts_with("registry.db"));
        files
    };
    let files = beside(&world);
    for job in &mut jobs {
        let report = world.dry_run(job.as_mut());
        let run = report.run.unwrap_or_else(|| panic!("{}: {:?}", job.name(), report.failure));
        assert!(run.dry_run && run.ended.is_some(), "{}", job.name());
        assert_eq!(world.content(), content, "{}", job.name());
        assert_eq!(beside(&world), files, "{}", job.name());
    }
    // Each would have changed something: the comparison is able to fail.
    for job in &mut jobs {
        let before = (world.content(), beside(&world));
        world.run(job.as_mut());
        assert_ne!((world.content(), beside(&world)), before, "{}", job.name());
    }
}
