//! What each step comes to, without a server.

use chrono::TimeDelta;

use super::*;
use crate::config;
use crate::transport::SshPlaces;

const NOW: &str = "2026-11-22T08:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// What each step came to: name, verdict, code.
fn told(transport: &str, steps: &[Step]) -> Vec<(&'static str, Verdict, &'static str)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mantal.toml");
    let lines = ["host = \"a.example\"", "user = \"u\"", "password_file = \"p\""];
    let lines = lines.map(|line| format!("spar.server.{line}\n")).concat();
    std::fs::write(&file, format!("spar.server.transport = \"{transport}\"\n{lines}")).unwrap();
    let settings = config::load(&file, &[]).unwrap();
    let stop = Arc::default();
    let around = Around {
        settings: &settings,
        now: &now,
        stop: &stop,
        credentials: None,
        ssh: SshPlaces::default(),
        visit: Visit::Full,
    };
    let diagnosis = Diagnosis::new(&|_| {});
    let look = Look {
        around: &around,
        diagnosis: &diagnosis,
        secrets: OnceCell::new(),
        pending: RefCell::new(super::steps(&around)),
    };
    for step in steps {
        look.step(step);
    }
    look.skip_rest(text::STEP_SKIPPED);
    let checks = diagnosis.checks();
    checks.iter().map(|check| (check.name, check.verdict, check.message.code)).take(4).collect()
}

#[test]
fn a_certificate_is_judged_by_its_days() {
    let days = TimeDelta::days;
    // (days since its first, days until its last, verdict, code)
    let rows = [
        (Some((10, 355)), Verdict::Well, "doctor-tls"),
        (Some((335, 30)), Verdict::Warning, "doctor-tls-ends"),
        (Some((366, -1)), Verdict::Problem, "doctor-tls-over"),
        (Some((-1, 300)), Verdict::Problem, "doctor-tls-not-yet"),
        (None, Verdict::Well, "doctor-tls-unread"),
    ];
    for (valid, verdict, code) in rows {
        let valid = valid.map(|(since, until)| (now() - days(since), now() + days(until)));
        let secured = Secured { protocol: "TLSv1.3".to_owned(), fingerprint: "ab".to_owned(), valid };
        let told = told("ftps", &[Step::Secured(secured)]);
        assert_eq!(told[0], ("tls", verdict, code));
    }
}

#[test]
fn each_way_has_its_own_steps_and_what_nobody_saw_is_skipped() {
    let skipped = |name| (name, Verdict::Skipped, "doctor-step-skipped");
    for transport in ["ftps", "ftps-implicit"] {
        assert_eq!(told(transport, &[]), ["name", "connect", "tls", "login"].map(skipped));
    }
    assert_eq!(told("sftp", &[]), ["name", "connect", "host-key", "login"].map(skipped));
    assert_eq!(told("dir", &[])[..2], ["folder", "get-folder"].map(skipped));
    let host_key = Step::HostKey { algorithm: "ssh-ed25519".to_owned(), fingerprint: "SHA256:a".to_owned() };
    assert_eq!(told("sftp", &[host_key])[0], ("host-key", Verdict::Well, "doctor-host-key"));
}
