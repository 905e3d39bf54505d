//! What starts by the clock: every line of the crontab and every timer runs a real command, at an hour that exists.

use std::{collections::BTreeSet, fs};

use super::{is_understood, root, words};

/// Lines of the crontab that start something, those too that are commented out.
fn crontab() -> Vec<String> {
    let text = fs::read_to_string(root().join("crontab.example")).unwrap();
    let lines = text.lines().map(|line| line.trim_start_matches('#').to_owned());
    lines.filter(|line| line.starts_with(|letter: char| letter.is_ascii_digit() || letter == '*')).collect()
}

/// The hours that a list with ranges means: `0,1,3-23`, in systemd's way `00..01,03..23`.
fn hours(field: &str) -> BTreeSet<u8> {
    if field == "*" {
        return (0..24).collect();
    }
    let one = |part: &str| {
        let part = part.replace("..", "-");
        let (first, last) = part.split_once('-').unwrap_or((&part, &part));
        let (first, last): (u8, u8) = (first.parse().unwrap(), last.parse().unwrap());
        assert!(first <= last && last < 24, "{field}");
        first..=last
    };
    field.split(',').flat_map(one).collect()
}

/// The value of a setting in a unit, the last one that is said.
fn unit_value(unit: &str, name: &str) -> Option<String> {
    let said = |line: &str| line.strip_prefix(&format!("{name}=")).map(str::to_owned);
    unit.lines().filter_map(said).next_back()
}

#[test]
fn every_timer_starts_a_command_of_the_program_outside_the_hour_that_may_be_missing() {
    let folder = root().join("packaging/systemd");
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let service = unit_value(&read("mantal@.service").unwrap(), "ExecStart").unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(job) = name.strip_suffix(".timer").map(|name| name.strip_prefix("mantal-").unwrap()) else {
            continue;
        };
        let timer = read(&name).unwrap();
        assert_eq!(unit_value(&timer, "Unit"), Some(format!("mantal@{job}.service")));
        let at = unit_value(&timer, "OnCalendar").unwrap();
        assert!(
            !hours(at.split(' ').nth(1).unwrap().split(':').next().unwrap()).contains(&2),
            "{name}: {at}"
        );
        let own = read(&format!("mantal@{job}.service.d/override.conf")).ok();
        let call = own.and_then(|own| unit_value(&own, "ExecStart")).unwrap_or_else(|| service.clone());
        let call = call.replace("%i", job).replace(" $MANTAL_FLAGS", "");
        assert!(is_understood(&words(&call).unwrap()), "{name}: {call}");
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn the_service_takes_remarks_for_success_and_tells_of_failures() {
    let unit = fs::read_to_string(root().join("packaging/systemd/mantal@.service")).unwrap();
    assert_eq!(unit_value(&unit, "SuccessExitStatus").as_deref(), Some("3"));
    assert_eq!(unit_value(&unit, "OnFailure").as_deref(), Some("mantal-failed@%i.service"));
    assert!(root().join("packaging/systemd/mantal-failed@.service").exists());
    // Not in the service: where there is no password it would not start.
    assert!(unit_value(&unit, "LoadCredential").is_none());
    let password = fs::read_to_string(root().join("packaging/systemd/password.conf")).unwrap();
    assert!(unit_value(&password, "LoadCredential").unwrap().starts_with("spar-password:/etc/mantal/"));
}

#[test]
fn every_line_of_the_crontab_runs_a_command_outside_the_hour_that_may_be_missing() {
    let lines = crontab();
    assert!(lines.len() >= 2, "{lines:?}");
    for line in lines {
        assert!(!hours(line.split_whitespace().nth(1).unwrap()).contains(&2), "{line}");
        // cron makes a line's end of a percent sign.
        assert!(!line.contains('%'), "{line}");
        let (_, call) = line.split_once(" mantal ").unwrap();
        assert!(is_understood(&words(&format!("mantal {call}")).unwrap()), "{call}");
    }
}

#[test]
fn the_crontab_says_where_mail_goes_and_which_configuration_is_meant() {
    let text = fs::read_to_string(root().join("crontab.example")).unwrap();
    for name in ["MAILTO", "MANTAL_CONFIG", "PATH"] {
        assert!(text.lines().any(|line| line.starts_with(&format!("{name}="))), "{name}");
    }
}
