//! Who is told how a job went: a ping when its work begins and when it has ended, and a program. Nothing of this can change
//! a run; what is not delivered is a log line.

use std::cell::RefCell;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::config::NotifySettings;
use crate::leak_control::{self, Place};
use crate::text::{Message, overdue as text};
use crate::transport::ping::ping;

/// How long the program may take; then it is killed.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// What the program gets of our environment: no credentials, no agents.
const PASSED_ON: [&str; 4] = ["PATH", "HOME", "LANG", "TZ"];

/// Tells of one run of one job.
#[derive(Debug)]
pub struct Notifier<'s> {
    settings: &'s NotifySettings,
    job: &'static str,
    start: RefCell<Option<JoinHandle<Result<(), String>>>>,
}

/// Something that was not delivered.
#[derive(Clone, Debug)]
pub struct Undelivered {
    /// What to log.
    pub message: Message,
    /// Of which job.
    pub job: &'static str,
    /// `start`, `success`, `fail`; empty for the program.
    pub step: &'static str,
    /// Why, without the address.
    pub reason: String,
}

impl<'s> Notifier<'s> {
    /// For a run of this job.
    pub const fn new(settings: &'s NotifySettings, job: &'static str) -> Self {
        Self { settings, job, start: RefCell::new(None) }
    }

    /// Whether a program wants the document.
    pub const fn tells_program(&self) -> bool {
        self.settings.command.is_some()
    }

    /// The work begins. It does not wait for the monitor.
    pub fn begun(&self) {
        if let Some(address) = self.settings.ping.get(self.job) {
            let address = with_step(address, "/start");
            *self.start.borrow_mut() = Some(std::thread::spawn(move || ping(&address, "")));
        }
    }

    /// The work has ended: `line` goes to the monitor, `document` to the program, if there is one: it may be long. Gives
    /// what was not delivered.
    pub fn ended(&self, exit: u8, line: &str, document: impl FnOnce() -> String) -> Vec<Undelivered> {
        let undelivered = |message, step| move |reason| Undelivered { message, job: self.job, step, reason };
        let mut all = Vec::new();
        // The monitor must hear of the start first, or it would take the end for that of the last run.
        if let Some(start) = self.start.take() {
            let told = start.join().unwrap_or_else(|_| Err("no answer".to_owned()));
            all.extend(told.err().map(undelivered(text::PING_FAILED, "start")));
        }
        if let Some(address) = self.settings.ping.get(self.job) {
            let (step, ending) = if matches!(exit, 0 | 3) { ("success", "") } else { ("fail", "/fail") };
            let told = ping(&with_step(address, ending), line);
            all.extend(told.err().map(undelivered(text::PING_FAILED, step)));
        }
        if let Some(words) = &self.settings.command {
            all.extend(run(words, &document()).err().map(undelivered(text::COMMAND_FAILED, "")));
        }
        all
    }
}

/// The step goes before the query.
fn with_step(address: &str, step: &str) -> String {
    let (path, query) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    if step.is_empty() { address.to_owned() } else { format!("{}{step}{query}", path.trim_end_matches('/')) }
}

/// Runs the program with the document on its standard input. What it prints goes nowhere: ours is read by others.
fn run(words: &[String], document: &str) -> Result<(), String> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let kept = PASSED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(kept).process_group(0);
    command.args(leak_control::text(Place::HookArgument));
    command.envs(leak_control::text(Place::HookEnvironment).map(|text| ("WHO", text)));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| error.kind().to_string())?;
    if let Some(mut input) = child.stdin.take() {
        let document = leak_control::text(Place::HookInput).unwrap_or_else(|| document.to_owned());
        // One that reads nothing is no failure, and must not keep us.
        std::thread::spawn(move || drop(input.write_all(document.as_bytes())));
    }
    wait(&mut child)
}

fn wait(child: &mut Child) -> Result<(), String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(status.to_string()),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(PAUSE),
            Ok(None) => {
                // Those that it started are in its group.
                let group = rustix::process::Pid::from_child(child);
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
                let _ = child.wait();
                return Err("timeout".to_owned());
            }
            Err(error) => return Err(error.kind().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_part_of_the_path_and_not_of_the_query() {
        // (address, step, what is called)
        let rows = [
            ("https://ping.example.se/abc", "/start", "https://ping.example.se/abc/start"),
            ("https://ping.example.se/abc/", "/fail", "https://ping.example.se/abc/fail"),
            ("https://ping.example.se/abc", "", "https://ping.example.se/abc"),
            ("https://ping.example.se/abc?create=1", "/fail", "https://ping.example.se/abc/fail?create=1"),
        ];
        for (address, step, expected) in rows {
            assert_eq!(with_step(address, step), expected);
        }
    }
}
