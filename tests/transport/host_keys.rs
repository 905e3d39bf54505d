//! Host keys: whatever is not known is refused before anything is said of who we are. The server's own log is asked.

use std::{fs, os::unix::fs::PermissionsExt};

use mantal::{
    text::Language,
    transport::{Fault, FaultKind, Flaw},
};

use super::sshd::{self, Sshd, fingerprint, key, plain_key, public};

fn refused(server: &Sshd) -> (Flaw, Fault) {
    let fault = server.stand.try_connect().err().expect("the key must not be taken");
    let FaultKind::Untrusted(flaw) = fault.kind else { panic!("{fault}") };
    assert!(!fault.is_transient());
    assert!(!server.saw_a_login(), "{}", server.log());
    assert!(server.log().contains("SSH2_MSG_KEXINIT"), "the log tells nothing: {}", server.log());
    (flaw, fault)
}

#[test]
fn an_unknown_host_key_is_refused_before_any_login_and_the_way_out_is_shown() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    server.known("");
    let (flaw, fault) = refused(&server);
    assert_eq!(flaw, Flaw::UnknownKey);
    let failure = fault.into_failure();
    assert_eq!(failure.kind.exit_code(), 5);
    let fingerprint = fingerprint(&plain_key("host"));
    for language in [Language::Swedish, Language::English] {
        let (text, hint) = (failure.text(language), failure.hint_text(language).unwrap());
        assert!(text.contains(&fingerprint) && text.contains("ssh-ed25519"), "{text}");
        assert!(hint.contains(&format!("ssh-keyscan -p {} 127.0.0.1", server.port)), "{hint}");
        assert!(hint.contains(&format!("host_key = \"{fingerprint}\"")), "{hint}");
    }
}

#[test]
fn a_changed_host_key_is_refused_before_any_login_with_a_warning() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    let known = format!("[127.0.0.1]:{} {}", server.port, public(&plain_key("another-host")));
    server.known(&known);
    let (flaw, fault) = refused(&server);
    assert_eq!(flaw, Flaw::ChangedKey);
    let failure = fault.into_failure();
    assert!(failure.text(Language::English).starts_with("WARNING"));
    assert!(failure.text(Language::Swedish).starts_with("VARNING"));
    assert!(failure.hint_text(Language::English).unwrap().contains(&fingerprint(&plain_key("host"))));
}

#[test]
fn a_revoked_host_key_is_refused_though_another_line_knows_it() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    let key = public(&plain_key("host"));
    server.known(&format!("[127.0.0.1]:{} {key}\n@revoked * {key}", server.port));
    assert_eq!(refused(&server).0, Flaw::RevokedKey);
}

#[test]
fn an_authority_in_known_hosts_makes_nothing_trusted() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    server.known(&format!("@cert-authority * {}", public(&plain_key("host"))));
    assert_eq!(refused(&server).0, Flaw::OnlyAuthority);
}

#[test]
fn a_pinned_host_key_is_the_only_one_that_is_taken() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    server.stand.settings.host_key = Some(fingerprint(&plain_key("another-host")));
    assert_eq!(refused(&server).0, Flaw::NotThePinnedKey, "though known_hosts knows the key");
    server.stand.settings.host_key = Some(fingerprint(&plain_key("host")));
    server.known("");
    server.stand.connect();
}

#[test]
fn a_server_of_several_keys_is_asked_for_one_that_is_known() {
    let rsa = key("rsa-host", &["-t", "rsa", "-b", "2048", "-N", ""]);
    let ecdsa = key("ecdsa-host", &["-t", "ecdsa", "-N", ""]);
    let more = [format!("HostKey {}", rsa.display()), format!("HostKey {}", ecdsa.display())];
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    for known in [&rsa, &ecdsa, &plain_key("host")] {
        let Some(mut server) = sshd::start(&plain_key("host"), &more) else { return };
        server.known(&format!("[127.0.0.1]:{} {}", server.port, public(known)));
        server.stand.connect();
    }
}

#[test]
fn the_files_that_ssh_uses_are_asked_where_the_configuration_names_none() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    let own = server.stand.settings.known_hosts.take().unwrap();
    server.stand.ssh.known_hosts = vec![server.stand.path("nowhere"), own];
    server.stand.connect();
    server.stand.ssh.known_hosts.pop();
    let kind = server.stand.try_connect().err().unwrap().kind;
    assert_eq!(kind, FaultKind::Untrusted(Flaw::UnknownKey));
}

#[test]
fn a_server_that_only_signs_with_sha1_is_not_spoken_to() {
    let rsa = key("rsa-host", &["-t", "rsa", "-b", "2048", "-N", ""]);
    let Some(server) = sshd::start(&rsa, &["HostKeyAlgorithms ssh-rsa"]) else { return };
    let kind = server.stand.try_connect().err().unwrap().kind;
    assert_eq!(kind, FaultKind::NoCommonWay);
    assert!(!server.saw_a_login());
}

#[test]
fn a_file_of_host_keys_that_is_not_there_or_open_to_others_is_a_mistake_of_the_configuration() {
    let Some(mut server) = sshd::start(&plain_key("host"), &[]) else { return };
    let refused = |server: &Sshd| server.stand.try_connect().err().unwrap().into_failure().kind.exit_code();
    let known = server.stand.settings.known_hosts.replace(server.stand.path("nowhere")).unwrap();
    assert_eq!(refused(&server), 2);
    for mode in [0o620, 0o602] {
        fs::set_permissions(&known, fs::Permissions::from_mode(mode)).unwrap();
        server.stand.settings.known_hosts = Some(known.clone());
        assert_eq!(refused(&server), 2);
    }
    assert_eq!(server.log(), "", "nothing was sent");
}
