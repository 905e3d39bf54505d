//! How we show an SSH server who we are.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use mantal::{
    config::{PasswordSource, secret},
    transport::{self, Call, Deadline, FaultKind, Step, Unfit},
};

use super::sshd::{self, Sshd, closed_file, fingerprint, key, plain_key, public};

/// A server that takes this key.
fn taking(user_key: &std::path::Path) -> Option<Sshd> {
    let mut server = sshd::start(&plain_key("host"), &[])?;
    std::fs::write(server.stand.path("authorized_keys"), public(user_key)).unwrap();
    server.stand.settings.key_file = Some(user_key.to_owned());
    Some(server)
}

fn with_passphrase(server: &mut Sshd, passphrase: &str) {
    let path = server.stand.path("passphrase");
    closed_file(&path, passphrase);
    server.stand.settings.password = PasswordSource::File(path);
}

#[test]
fn keys_of_every_kind_and_form_that_is_safe_are_taken() {
    let rows: [(&str, &[&str]); 7] = [
        ("an-ed25519", &["-t", "ed25519", "-N", ""]),
        ("an-ecdsa-256", &["-t", "ecdsa", "-b", "256", "-N", ""]),
        ("an-ecdsa-521", &["-t", "ecdsa", "-b", "521", "-N", ""]),
        ("an-rsa", &["-t", "rsa", "-b", "2048", "-N", ""]),
        ("an-rsa-pem", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""]),
        ("an-rsa-pkcs8", &["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", ""]),
        ("an-ecdsa-pem", &["-t", "ecdsa", "-m", "PEM", "-N", ""]),
    ];
    for (name, arguments) in rows {
        let Some(server) = taking(&key(name, arguments)) else { return };
        if let Err(fault) = server.stand.try_connect().map(drop) {
            panic!("{name}: {fault}");
        }
        assert!(
            !server.log().contains("ssh-rsa-sha1") && !server.log().contains("key type ssh-rsa [preauth]")
        );
    }
}

#[test]
fn a_locked_key_is_opened_with_the_configured_password() {
    let rows: [(&str, &[&str]); 3] = [
        ("locked", &["-t", "ed25519", "-N", "open sesame"]),
        ("locked-pem", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "open sesame"]),
        ("locked-pkcs8", &["-t", "ecdsa", "-m", "PKCS8", "-N", "open sesame"]),
    ];
    for (name, arguments) in rows {
        let Some(mut server) = taking(&key(name, arguments)) else { return };
        let unfit = |server: &Sshd| server.stand.try_connect().err().map(|fault| fault.kind);
        assert_eq!(unfit(&server), Some(FaultKind::Unfit(Unfit::NoPassphrase)), "{name}");
        with_passphrase(&mut server, "wrong");
        assert_eq!(unfit(&server), Some(FaultKind::Unfit(Unfit::Passphrase)), "{name}");
        assert_eq!(server.log(), "", "nothing was sent");
        with_passphrase(&mut server, "open sesame");
        assert_eq!(unfit(&server), None, "{name}");
    }
}

#[test]
fn a_password_beside_an_open_key_does_no_harm() {
    let Some(mut server) = taking(&key("an-ecdsa-pem", &["-t", "ecdsa", "-m", "PEM", "-N", ""])) else {
        return;
    };
    with_passphrase(&mut server, "for nothing");
    server.stand.connect();
}

#[test]
fn a_refused_key_is_final() {
    let Some(mut server) = taking(&plain_key("user")) else { return };
    server.stand.settings.key_file = Some(plain_key("stranger"));
    let fault = server.stand.try_connect().err().unwrap();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(!fault.is_transient());
    assert_eq!(server.log().matches("method publickey").count(), 1, "one attempt");
}

#[test]
fn what_is_no_private_key_is_a_mistake_of_the_configuration() {
    let Some(mut server) = taking(&plain_key("user")) else { return };
    for text in ["nonsense", &public(&plain_key("user")), "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"] {
        let path = server.stand.path("key");
        closed_file(&path, text);
        server.stand.settings.key_file = Some(path);
        let fault = server.stand.try_connect().err().unwrap();
        assert_eq!(fault.kind, FaultKind::Unfit(Unfit::Key));
        assert_eq!(fault.into_failure().kind.exit_code(), 2);
    }
}

#[test]
fn without_anything_to_log_in_with_nothing_is_sent() {
    let Some(mut server) = taking(&plain_key("user")) else { return };
    server.stand.settings.key_file = None;
    let fault = server.stand.try_connect().err().unwrap();
    assert_eq!(fault.kind, FaultKind::Unfit(Unfit::NoWayIn));
    let failure = fault.into_failure();
    assert_eq!(failure.kind.exit_code(), 2);
    assert!(failure.hint_text(mantal::text::Language::English).unwrap().contains("SSH_AUTH_SOCK"));
    assert_eq!(server.log(), "");
}

/// An ssh-agent; it ends with the test.
struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    fn start(socket: PathBuf) -> Self {
        let mut agent = Command::new("ssh-agent");
        agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
        let child = agent.spawn().unwrap();
        while !socket.exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child, socket }
    }

    fn add(&self, key: &std::path::Path) {
        let mut add = Command::new("ssh-add");
        let added = add.arg("-q").arg(key).env("SSH_AUTH_SOCK", &self.socket).status();
        assert!(added.unwrap().success());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_keys_of_the_agent_are_tried_one_after_the_other() {
    let rsa = key("an-rsa", &["-t", "rsa", "-b", "2048", "-N", ""]);
    let Some(mut server) = taking(&rsa) else { return };
    let agent = Agent::start(server.stand.path("agent"));
    server.stand.settings.key_file = None;
    server.stand.ssh.agent = Some(agent.socket.clone());
    let kind = server.stand.try_connect().err().unwrap().kind;
    assert_eq!(kind, FaultKind::Unfit(Unfit::NoAgentKey));
    agent.add(&plain_key("stranger"));
    assert_eq!(server.stand.try_connect().err().unwrap().kind, FaultKind::Refused);
    agent.add(&rsa);
    server.stand.connect();
    server.stand.ssh.agent = Some(server.stand.path("nowhere"));
    let kind = server.stand.try_connect().err().unwrap().kind;
    assert_eq!(kind, FaultKind::Unfit(Unfit::Agent));
}

#[test]
fn a_witness_hears_of_every_step() {
    let Some(server) = taking(&plain_key("user")) else { return };
    let steps = Mutex::new(Vec::new());
    let stand = &server.stand;
    let private_key = secret::private_key(&stand.settings, None).unwrap();
    let call = Call {
        server: &stand.settings,
        password: None,
        private_key: private_key.as_ref(),
        ssh: &stand.ssh,
        deadline: Deadline::after(stand.settings.total_timeout),
        stop: stand.stop.clone(),
        witness: &|step| steps.lock().unwrap().push(step.clone()),
    };
    transport::connect(&call).map(drop).unwrap();
    let address = format!("127.0.0.1:{}", server.port).parse().unwrap();
    let host_key =
        Step::HostKey { algorithm: "ssh-ed25519".to_owned(), fingerprint: fingerprint(&plain_key("host")) };
    let expected = [Step::Found(vec![address]), Step::Connected(address), host_key, Step::LoggedIn];
    assert_eq!(*steps.lock().unwrap(), expected);
}
