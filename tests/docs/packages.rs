//! What packages bring: the files that they list are there, their configuration is one that the program takes as it is.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use super::{mantal, root};

#[test]
fn every_file_that_the_package_lists_is_there() {
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().unwrap();
    let sources = assets.iter().map(|asset| asset[0].as_str().unwrap());
    // What is built isn't there yet; the others come with a clean clone.
    let sources: Vec<&str> = sources.filter(|source| !source.starts_with("target/")).collect();
    assert!(sources.len() > 8, "{sources:?}");
    for source in sources {
        let (folder, end) = source.split_once('*').unwrap_or((source, ""));
        let folder = root().join(folder);
        let has_some = || {
            let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
            names.into_iter().any(|name| name.to_str().unwrap().ends_with(end.rsplit('*').next().unwrap()))
        };
        assert!(folder.exists() && (!folder.is_dir() || has_some()), "{source}");
    }
}

#[test]
fn with_the_packages_configuration_as_it_is_init_makes_a_registry_and_doctor_has_nothing_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    let content = fs::read_to_string(root().join("packaging/mantal.toml")).unwrap();
    assert!(content.contains("\nregistry = \"/var/lib/mantal/registry.db\"\n"));
    let config = folder.path().join("mantal.toml");
    fs::write(&config, content.replace("/var/lib/mantal", &format!("{here}/lib"))).unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o640)).unwrap();
    let config = config.to_str().unwrap();
    for call in [&["config", "check"][..], &["init"], &["doctor", "-q"], &["backup"], &["doctor", "-q"]] {
        let output = mantal(&[call, &["--config", config]].concat());
        assert!(output.status.success() && output.stdout.is_empty(), "{call:?}: {output:?}");
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "everything is where the configuration says: {names:?}");
}

#[test]
fn the_scripts_are_ones_that_their_shells_can_read() {
    let mut seen = 0;
    for folder in ["packaging", "packaging/debian"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(content) = fs::read_to_string(&path) else { continue };
            let Some(first) = content.lines().next().filter(|line| line.starts_with("#!")) else { continue };
            let shell = if first.ends_with("bash") { "bash" } else { "sh" };
            assert!(
                Command::new(shell).arg("-n").arg(&path).status().unwrap().success(),
                "{}",
                path.display()
            );
            assert!(path.metadata().unwrap().permissions().mode() & 0o111 != 0, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
}
