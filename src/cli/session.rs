//! One call of the program: its flags, its configuration, the clock, the signals, and how it ends.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, SecondsFormat, Utc};

use super::access::{self, Seen};
use super::flags::{Global, RunFlags};
use super::notice::{Told, tell};
use super::progress::Counter;
use super::{output, report};
use crate::config::{self, Settings, Surroundings};
use crate::domain::id_number::{IdNumber, Reading};
use crate::domain::person::PersonId;
use crate::domain::zone::Zone;
use crate::failure::{Failure, Result};
use crate::io::RunLock;
use crate::jobs::notify::Notifier;
use crate::jobs::report::Report;
use crate::jobs::run::{Detail, Extent, Mode, Setup, SshPlaces, Start, Who};
use crate::jobs::{Job, Origin, runner};
use crate::leak_control::{self, Place};
use crate::registry::runs::RunId;
use crate::registry::{Access, Check, Registry};
use crate::text::{Language, failure as text};

/// How long a hand command waits for the lock; a job does not.
const PATIENCE_BY_HAND: Duration = Duration::from_secs(5);

/// One call of the program.
pub(crate) struct Session {
    pub(crate) global: Global,
    arguments: String,
    settings: std::cell::OnceCell<Settings>,
    stop: Arc<AtomicUsize>,
    start: Start,
}

impl Session {
    pub(crate) fn new(global: Global, arguments: String) -> Self {
        let stop = Arc::new(AtomicUsize::new(0));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
        {
            // Where a signal can't be caught it ends the process, and the next run settles what is left.
            drop(signal_hook::flag::register_usize(
                signal,
                Arc::clone(&stop),
                signal.unsigned_abs() as usize,
            ));
        }
        Self { global, arguments, settings: std::cell::OnceCell::new(), stop, start: Start::default() }
    }

    /// A call inside this one, with other words: a line of the schedule.
    pub(crate) fn within(&self, global: Global, arguments: String, start: Start) -> Self {
        Self { global, arguments, settings: std::cell::OnceCell::new(), stop: Arc::clone(&self.stop), start }
    }

    /// Holds what the caller holds while runs go on.
    pub(crate) fn holding(&self, lock: &Arc<RunLock>) -> Self {
        let start = Start { lock: Some(Arc::clone(lock)), scheduled: None };
        self.within(self.global.clone(), self.arguments.clone(), start)
    }

    /// The configuration, read once.
    pub(crate) fn settings(&self) -> Result<&Settings> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let loaded = self.load()?;
        Ok(self.settings.get_or_init(|| loaded))
    }

    fn load(&self) -> Result<Settings> {
        let overrides: Result<Vec<(String, String)>> =
            self.global.set.iter().map(|word| config::parse_override(word)).collect();
        config::load(&config::find(&self.surroundings()?)?, &overrides?)
    }

    fn surroundings(&self) -> Result<Surroundings> {
        surroundings(self.global.config.clone())
    }

    /// The number of the signal that arrived, 0 for none.
    pub(crate) fn stop(&self) -> &Arc<AtomicUsize> {
        &self.stop
    }

    /// `--lang`, else the configuration's, else the locale's.
    pub(crate) fn language(&self) -> Language {
        let flag = self.global.lang.as_deref().and_then(Language::parse);
        let settled = flag.or_else(|| self.settings.get().map(|settings| settings.language));
        settled.unwrap_or_else(|| language_before_settings(self.global.config.clone()))
    }

    /// `--today`, else today where the installation is.
    pub(crate) fn today(&self) -> Result<NaiveDate> {
        let timezone = self.settings()?.timezone;
        Ok(self.global.today.unwrap_or_else(|| Utc::now().with_timezone(&timezone).date_naive()))
    }

    /// The present instant in UTC, moved by as many days as `--today` is from the real one.
    pub(crate) fn instant(&self) -> Result<NaiveDateTime> {
        let now = Utc::now();
        let real = now.with_timezone(&self.settings()?.timezone).date_naive();
        Ok(now.naive_utc() + self.today()?.signed_duration_since(real))
    }

    /// The registry for a view: no lock, the last committed state.
    pub(crate) fn registry(&self) -> Result<Registry> {
        Registry::open(&self.settings()?.registry, Access::Read, Check::Quick)
    }

    /// The registry for a command that is about to change something: an older one is upgraded under the lock first, as
    /// its run would do.
    pub(crate) fn registry_for_change(&self) -> Result<Registry> {
        match self.registry() {
            Err(failure) if failure.message == text::REGISTRY_OLDER => {
                let settings = self.settings()?;
                let _lock = RunLock::acquire(&settings.lock_file(), PATIENCE_BY_HAND)?;
                Registry::open(&settings.registry, Access::Write, Check::Quick)
            }
            opened => opened,
        }
    }

    /// Somebody by number in any spelling, former number, or `person:17`.
    pub(crate) fn person(&self, registry: &Registry, id: &str) -> Result<PersonId> {
        let id = Self::value(id)?;
        let not_found = || {
            Failure::failed(text::NOT_FOUND).with("what", if id.starts_with("person:") { &id } else { "ID" })
        };
        let found = match PersonId::parse(&id) {
            Some(person) => registry.people()?.find(person)?.map(|stored| stored.id),
            None => registry.people()?.holder(self.number(&id)?.key())?,
        };
        found.ok_or_else(not_found)
    }

    /// An identity number in any spelling.
    pub(crate) fn number(&self, text: &str) -> Result<IdNumber> {
        let reading = Reading::on(self.today()?, self.settings()?.country);
        IdNumber::parse(text, &reading).map_err(|_| Failure::usage(text::BAD_NUMBER))
    }

    /// A value; `-` reads it from standard input, one line each.
    pub(crate) fn value(text: &str) -> Result<String> {
        if text != "-" {
            return Ok(text.to_owned());
        }
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        read.map_err(|error| Failure::io(&PathBuf::from("-"), error))?;
        Ok(line.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// Runs a job and shows how it went.
    pub(crate) fn execute(&self, job: &mut dyn Job, flags: &RunFlags) -> Result<u8> {
        Ok(self.finish(&self.report(job, flags)?, flags.dry_run))
    }

    /// Runs a job; how it went is shown by [`Self::finish`].
    pub(crate) fn report(&self, job: &mut dyn Job, flags: &RunFlags) -> Result<Report> {
        let name = job.name();
        let is_told = job.origin() == Origin::Job && !flags.dry_run;
        let notifier = is_told.then_some(Notifier::new(&self.settings()?.notify, name));
        let mode = if flags.dry_run { Mode::DryRun } else { Mode::Real };
        let origin = job.origin();
        let work = |setup: &Setup<'_>| Ok(runner::execute(job, setup));
        let report = self.in_mode(origin, flags, mode, notifier.as_ref(), work)?;
        leak_control::speak();
        if let Some(notifier) = &notifier {
            tell(self, notifier, name, &report);
        }
        Ok(report)
    }

    /// Shows what a job would do; somebody has to confirm it.
    pub(crate) fn propose(&self, job: &mut dyn Job, flags: &RunFlags) -> Result<u8> {
        Ok(self.finish(&self.proposal(job, flags)?, true))
    }

    /// Runs a job as a proposal; how it went is shown by [`Self::finish`].
    pub(crate) fn proposal(&self, job: &mut dyn Job, flags: &RunFlags) -> Result<Report> {
        let work = |setup: &Setup<'_>| Ok(runner::execute(job, setup));
        self.in_mode(Origin::Job, flags, Mode::Proposal, None, work)
    }

    /// Everything that a run needs from outside.
    pub(crate) fn with_setup<T>(
        &self,
        origin: Origin,
        flags: &RunFlags,
        work: impl FnOnce(&Setup<'_>) -> Result<T>,
    ) -> Result<T> {
        let mode = if flags.dry_run { Mode::DryRun } else { Mode::Real };
        self.in_mode(origin, flags, mode, None, work)
    }

    fn in_mode<T>(
        &self,
        origin: Origin,
        flags: &RunFlags,
        mode: Mode,
        notifier: Option<&Notifier<'_>>,
        work: impl FnOnce(&Setup<'_>) -> Result<T>,
    ) -> Result<T> {
        let patience = match origin {
            Origin::Job => Duration::ZERO,
            Origin::Hand => PATIENCE_BY_HAND,
        };
        let wants_changes = mode != Mode::Real || self.global.verbose > 0;
        let wants_all = self.global.json || notifier.is_some_and(Notifier::tells_program);
        let setup = Setup {
            settings: self.settings()?,
            today: self.today()?,
            mode,
            detail: if wants_changes { Detail::Changes } else { Detail::Counts },
            findings: if wants_all { Extent::Whole } else { Extent::Beginning },
            allow: flags.allowed(),
            approve: flags.approve.map(RunId),
            wait: flags.wait.map_or(patience, Duration::from_secs),
            start: self.start.clone(),
            now: &now,
            stop: &self.stop,
            credentials: std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            ssh: ssh_places(),
            who: self.who(),
            progress: &Told { counter: Counter::new(self.global.quiet), notifier },
        };
        work(&setup)
    }

    /// What a demonstration needs from outside; it makes its own configuration.
    pub(crate) fn with_surroundings<T>(&self, work: impl FnOnce(Around<'_>) -> Result<T>) -> Result<T> {
        let timezone = Zone::STOCKHOLM;
        work(Around {
            today: self.global.today.unwrap_or_else(|| Utc::now().with_timezone(&timezone).date_naive()),
            stop: &self.stop,
            who: self.who(),
            progress: &Counter::new(self.global.quiet),
        })
    }

    /// Shows a report; gives the exit code.
    pub(crate) fn finish(&self, report: &Report, dry_run: bool) -> u8 {
        self.note_changes(report);
        report::show(report, self.language(), &self.global, dry_run);
        if let Some(text) = leak_control::text(Place::Stderr) {
            output::err(&text);
        }
        report.exit
    }

    /// Changes show people's details, before and after.
    fn note_changes(&self, report: &Report) {
        let people: std::collections::BTreeSet<i64> =
            report.changes.iter().map(|change| change.person).collect();
        if let Some(run) = report.run.as_ref().filter(|_| !people.is_empty()) {
            let seen = Seen::Everyone(Some(people.len() as u64));
            // Only a look that reveals can be refused.
            drop(access::note(self, &run.job, &seen, None));
        }
    }

    /// Shows a failure that has no run.
    pub(crate) fn fail(&self, failure: &Failure) -> u8 {
        if self.global.json {
            output::out(&report::failure_document(failure, self.language()));
        }
        report::show_failure(failure, self.language(), self.global.verbose);
        failure.kind.exit_code()
    }

    /// Who calls the program, and where.
    pub(crate) fn who(&self) -> Who {
        let name = |key: &str| std::env::var(key).ok().filter(|name| !name.is_empty());
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let user = name("USER").or_else(|| name("LOGNAME"));
        let user = user.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        Who { user, sudo_user: name("SUDO_USER"), host, arguments: self.arguments.clone() }
    }
}

/// What there is without a configuration.
pub(crate) struct Around<'a> {
    pub(crate) today: NaiveDate,
    pub(crate) stop: &'a Arc<AtomicUsize>,
    pub(crate) who: Who,
    pub(crate) progress: &'a Counter,
}

/// Where this machine keeps what its SSH programs share.
pub(crate) fn ssh_places() -> SshPlaces {
    // Not asked of the list of users: cron and systemd say it, and a static program could not load what asks elsewhere.
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    let own = home.map(|home| PathBuf::from(home).join(".ssh/known_hosts"));
    let agent = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty());
    SshPlaces {
        agent: agent.map(PathBuf::from),
        known_hosts: own.into_iter().chain([PathBuf::from("/etc/ssh/ssh_known_hosts")]).collect(),
    }
}

/// The present instant.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn surroundings(config_flag: Option<PathBuf>) -> Result<Surroundings> {
    let here = PathBuf::from(".");
    Ok(Surroundings {
        config_flag,
        config_env: std::env::var_os("MANTAL_CONFIG").map(PathBuf::from),
        working_directory: std::env::current_dir().map_err(|error| Failure::io(&here, error))?,
        uid: rustix::process::geteuid().as_raw(),
    })
}

/// The language that the configuration names, though it may be refused; the locale's where there is none.
pub(crate) fn language_before_settings(config_flag: Option<PathBuf>) -> Language {
    let file = surroundings(config_flag).and_then(|around| config::find(&around)).ok();
    file.and_then(|file| config::language_of_file(&file)).unwrap_or_else(locale)
}

/// The language of the locale: used by `init`, and for failures before there is a configuration.
pub(crate) fn locale() -> Language {
    let variable = |key: &str| std::env::var(key).ok();
    config::language_of_locale(
        variable("LC_ALL").as_deref(),
        variable("LC_MESSAGES").as_deref(),
        variable("LANG").as_deref(),
    )
}
