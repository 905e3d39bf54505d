//! The build that leaks on purpose is another one than this.

use crate::support::World;

#[test]
#[cfg(not(feature = "leak-control"))]
fn an_ordinary_build_leaks_nothing_whatever_it_is_told_to() {
    let world = World::with_three();
    // (place, a command that passes it)
    let rows: [(&str, &[&str]); 4] = [
        ("Failure", &["person", "show", "person:99"]),
        ("Stderr", &["update-search"]),
        ("ViewCsv", &["person", "list", "--format", "csv"]),
        ("LogLine", &["update-search", "--json"]),
    ];
    for (place, words) in rows {
        let mut command = world.command();
        command.env("MANTAL_LEAK", format!("{place}=Laeckagestigen"));
        let said = command.arg("--config").arg(world.home("mantal.toml")).args(words).output().unwrap();
        let said = [said.stdout, said.stderr].concat();
        assert!(!String::from_utf8_lossy(&said).contains("Laeckagestigen"), "{place}");
    }
    let held = std::fs::read(world.home("registry.db")).unwrap();
    assert!(!held.windows(14).any(|part| part == b"Laeckagestigen"));
}
