//! What the texts would have in a configuration is one that the program takes.

use std::{fs, os::unix::fs::PermissionsExt};

use super::{blocks, mantal, texts};

/// Files with secrets that the texts name.
const SECRETS: [&str; 3] = ["spar.password", "spar.passphrase", "spar_ed25519"];
/// Some show only what is added to a server that is there.
const SERVER: &str =
    "[spar.server]\ntransport = \"sftp\"\nhost = \"sftp.example.se\"\nuser = \"municipality\"\n";

/// Why a configuration is refused; none if it is taken.
fn refused(content: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in
        SECRETS.map(|name| (name, "secret\n")).into_iter().chain([("mantal.toml", content)])
    {
        fs::write(folder.path().join(name), content).unwrap();
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let config = folder.path().join("mantal.toml");
    let checked = mantal(&["--config", config.to_str().unwrap(), "config", "check"]);
    (!checked.status.success()).then(|| String::from_utf8(checked.stderr).unwrap())
}

#[test]
fn every_configuration_of_the_texts_is_taken() {
    let mut seen = 0;
    for (name, text) in texts() {
        for (_, lines) in blocks(&text).into_iter().filter(|(language, _)| language == "toml") {
            let block = lines.join("\n");
            let why = refused(&block);
            assert!(
                why.is_none() || refused(&format!("{SERVER}{block}")).is_none(),
                "{name}: {block}\n{why:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
    assert!(refused("spar.mood = \"new\"").is_some());
}
