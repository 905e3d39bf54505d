//! `mantal doctor`

use std::path::PathBuf;

use serde_json::{Value, json};

use super::output;
use super::session::{Session, ssh_places};
use super::terminal::{self, Tone};
use crate::failure::{Result, params_of};
use crate::jobs::doctor::{Around, Check, Diagnosis, Verdict, Visit, examine};
use crate::text::{Language, Message, doctor as text};

/// Looks at everything that the installation needs, the drop server too, and says step by step what works.
///
/// Changes nothing in the registry. On the server a probe file (mantal-probe-….part) is written, renamed and deleted.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(look, "mantal doctor --no-probe"))]
pub(crate) struct Args {
    /// Write no probe file on the drop server
    #[arg(long)]
    no_probe: bool,
    /// Don't call the drop server at all
    #[arg(long)]
    no_server: bool,
}

impl Args {
    const fn visit(&self) -> Visit {
        match (self.no_server, self.no_probe) {
            (true, _) => Visit::Nowhere,
            (false, true) => Visit::NoProbe,
            (false, false) => Visit::Full,
        }
    }
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let (json, quiet) = (session.global.json, session.global.quiet);
    let settings = session.settings()?;
    let language = session.language();
    let around = Around {
        settings,
        now: &chrono::Utc::now,
        stop: session.stop(),
        credentials: std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        ssh: ssh_places(),
        visit: args.visit(),
    };
    let show = |check: &Check| {
        let is_shown = !quiet || matches!(check.verdict, Verdict::Warning | Verdict::Problem);
        if !json && is_shown {
            output::out(&line(check, language));
        }
    };
    let diagnosis = Diagnosis::new(&show);
    examine(&around, &diagnosis)?;
    if json {
        output::out(&document(&diagnosis, language).to_string());
    } else if !quiet {
        output::out(&sum(&diagnosis, language));
    }
    Ok(diagnosis.exit())
}

/// `problem  files  modes  /srv/mantal/registry.db has mode 0644: …`
fn line(check: &Check, language: Language) -> String {
    let verdict = word(check.verdict).render(language, []);
    let (area, name) = (check.area.name(), check.name);
    let (text, hint) = texts(check, language);
    let subject = if check.subject.is_empty() || text.contains(&check.subject) {
        String::new()
    } else {
        format!("{}: ", check.subject)
    };
    let hint = hint.map(|hint| format!(" {hint}")).unwrap_or_default();
    let tone = match check.verdict {
        Verdict::Well => Tone::Well,
        Verdict::Skipped => Tone::Plain,
        Verdict::Warning => Tone::Warning,
        Verdict::Problem => Tone::Bad,
    };
    let place = format!("{area:<13}  {name:<10}  ");
    let sentence = format!("{subject}{}{hint}", text.trim_end());
    terminal::row(&[(&format!("{verdict:<11}  "), tone), (&place, Tone::Plain)], &sentence)
}

fn texts(check: &Check, language: Language) -> (String, Option<String>) {
    let render = |message: Message| message.render(language, params_of(&check.params));
    (render(check.message), check.hint.map(render))
}

const fn word(verdict: Verdict) -> Message {
    match verdict {
        Verdict::Well => text::WELL,
        Verdict::Warning => text::WARNING,
        Verdict::Problem => text::PROBLEM,
        Verdict::Skipped => text::SKIPPED,
    }
}

fn sum(diagnosis: &Diagnosis<'_>, language: Language) -> String {
    let counts = Verdict::ALL.map(|verdict| (verdict.name(), diagnosis.count(verdict).to_string()));
    text::SUM.render(language, counts.iter().map(|(name, count)| (*name, count.as_str())))
}

fn document(diagnosis: &Diagnosis<'_>, language: Language) -> Value {
    let checks: Vec<Value> = diagnosis.checks().iter().map(|check| check_json(check, language)).collect();
    let exit = diagnosis.exit();
    json!({ "ok": exit == 0, "exit": exit, "checks": checks })
}

fn check_json(check: &Check, language: Language) -> Value {
    let (text, hint) = texts(check, language);
    let params: serde_json::Map<String, Value> =
        check.params.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({
        "area": check.area.name(), "check": check.name, "subject": check.subject,
        "verdict": check.verdict.name(), "code": check.message.code, "params": params, "text": text, "hint": hint,
    })
}
