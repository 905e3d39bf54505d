//! `mantal person why`

use chrono::DateTime;
use serde_json::{Value, json};

use super::access::{self, Seen};
use super::output::{self, Lines};
use super::session::Session;
use crate::domain::change::Field;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result, escaped};
use crate::jobs::why::{Account, FIELDS, Fact, From, Lost, account, field};
use crate::registry::Registry;
use crate::registry::history::GivenReason;
use crate::text::{Language, Message, why as text};

/// Where each value came from: rule, run, when and what it replaced; and what others say, with what would make it count.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person why person:17 email"))]
pub(crate) struct Args {
    /// An identity number in any spelling, a former number, or person:17; `-` reads it from standard input
    id: String,
    /// Only this: a key of `person show --json`, or home, work, extra, email, mobile, phone, street, …
    #[arg(conflicts_with = "purge")]
    field: Option<String>,
    /// What keeps them, and until when, as `purge --explain` says it
    #[arg(long)]
    purge: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let registry = session.registry()?;
    let person = session.person(&registry, &args.id)?;
    access::note(session, "person why", &Seen::People(&[person]), None)?;
    if args.purge {
        return super::purge::show_reasons(session, &registry, person);
    }
    let shown = registry.snapshot(|| told(session, &registry, person, args.field.as_deref()))?;
    if session.global.json {
        output::out(&document(person, &shown, session.language()).to_string());
    } else {
        View { session, lines: Lines::new() }.show(&shown);
    }
    Ok(0)
}

fn told(session: &Session, registry: &Registry, id: PersonId, name: Option<&str>) -> Result<Account> {
    let stored = registry.people()?.get(id)?;
    let unknown = |_: &str| {
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        Failure::usage(text::WHY_UNKNOWN_FIELD).with("field", "FIELD").with("known", known.join(", "))
    };
    let wanted: Option<Field> =
        name.map(|name| field(name, &stored.person).ok_or_else(|| unknown(name))).transpose()?;
    account(registry, &stored, wanted, session.settings()?, session.today()?)
}

/// The rule in words; one without words by its code.
fn words(rule: Option<&str>, language: Language) -> String {
    let code = rule
        .map_or_else(|| text::RULE_ENTERED.code.to_owned(), |rule| format!("why-{}", rule.replace('/', "-")));
    let message = Message::by_code(&code);
    message.map_or_else(|| rule.unwrap_or_default().to_owned(), |message| message.render(language, []))
}

fn document(id: PersonId, account: &Account, language: Language) -> Value {
    let lost = |lost: &Lost| json!({ "source": lost.source, "value": lost.value, "code": lost.why.code, "text": lost.why.render(language, []) });
    let fact = |fact: &Fact| {
        let (origin, unknown) = match &fact.from {
            From::Run { trace, rule, old } => {
                let source = Some(&trace.source).filter(|source| !source.is_empty());
                let origin = json!({
                    "run": trace.run.0, "job": trace.job, "source": source, "file": trace.file, "at": trace.at,
                    "by": trace.user, "why": rule, "text": words(rule.as_deref(), language), "old": old,
                });
                (origin, Value::Null)
            }
            From::Erased => (Value::Null, json!("erased")),
            From::Older => (Value::Null, json!("older")),
        };
        let lost: Vec<Value> = fact.lost.iter().map(lost).collect();
        json!({ "field": fact.field, "value": fact.value, "origin": origin, "unknown": unknown, "lost": lost })
    };
    let reason = |reason: &GivenReason| json!({ "verb": reason.verb, "reason": reason.reason, "run": reason.run.0, "at": reason.at, "by": reason.user });
    json!({
        "person": id.0,
        "protected": account.protected,
        "fields": account.facts.iter().map(fact).collect::<Vec<_>>(),
        "reasons": account.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

/// The answer for people.
struct View<'s> {
    session: &'s Session,
    lines: Lines,
}

impl View<'_> {
    fn show(&mut self, account: &Account) {
        if account.protected {
            self.line(0, text::WHY_PROTECTED, &[]);
        }
        for fact in &account.facts {
            self.fact(fact, account.protected);
        }
        for reason in &account.reasons {
            let (run, at) = (reason.run.0.to_string(), self.local(&reason.at));
            let params = [
                ("verb", reason.verb.as_str()),
                ("reason", &reason.reason),
                ("run", &run),
                ("at", &at),
                ("user", &reason.user),
            ];
            self.line(0, text::WHY_REASON, &params);
        }
    }

    fn fact(&mut self, fact: &Fact, protected: bool) {
        let value = if protected { String::new() } else { self.value(&fact.value) };
        self.lines.put(format!("{:<15} {}", fact.field, escaped(&value)).trim_end());
        match &fact.from {
            From::Run { trace, rule, old } => {
                let rule = words(rule.as_deref(), self.session.language());
                let (run, at) = (trace.run.0.to_string(), self.local(&trace.at));
                let params = [
                    ("rule", rule.as_str()),
                    ("job", &trace.job),
                    ("run", &run),
                    ("at", &at),
                    ("user", &trace.user),
                ];
                self.line(1, text::WHY_RUN, &params);
                if !trace.source.is_empty() {
                    self.line(1, text::WHY_SOURCE, &[("source", &trace.source)]);
                }
                if let Some(file) = &trace.file {
                    self.line(1, text::WHY_FILE, &[("file", file)]);
                }
                if !old.is_null() {
                    let old = self.value(old);
                    self.line(1, text::WHY_OLD, &[("old", &old)]);
                }
            }
            From::Erased => self.line(1, text::WHY_ERASED, &[]),
            From::Older => {
                let days = self.session.settings().map(|settings| settings.log.journal_days.to_string());
                self.line(1, text::WHY_OLDER, &[("days", &days.unwrap_or_default())]);
            }
        }
        for lost in &fact.lost {
            self.lost(lost);
        }
    }

    fn lost(&mut self, lost: &Lost) {
        let language = self.session.language();
        let source = match lost.source.as_str() {
            "population" => text::WHY_REGISTER.render(language, []),
            source => source.to_owned(),
        };
        let (value, why) = (self.value(&lost.value), lost.why.render(language, []));
        self.line(1, text::WHY_LOST, &[("source", &source), ("value", &value), ("why", &why)]);
    }

    fn line(&mut self, indent: usize, message: Message, params: &[(&str, &str)]) {
        let sentence = message.render(self.session.language(), params.iter().copied());
        self.lines.put(&format!("{:indent$}{}", "", escaped(&sentence), indent = indent * 16));
    }

    /// A value in words: the parts of an address, a contact detail's value.
    fn value(&self, value: &Value) -> String {
        match value {
            Value::Null => text::WHY_NOTHING.render(self.session.language(), []),
            Value::String(text) => text.clone(),
            Value::Object(parts) if parts.contains_key("street") => {
                let part = |key: &str| parts.get(key).and_then(Value::as_str);
                let all =
                    ["care_of", "street", "postal_code", "city", "country"].into_iter().filter_map(part);
                all.collect::<Vec<_>>().join(", ")
            }
            Value::Object(parts) => match (parts.get("value"), parts.get("id_number")) {
                (Some(Value::String(text)), _) | (None, Some(Value::String(text))) => text.clone(),
                _ => value.to_string(),
            },
            Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
        }
    }

    /// An instant where the installation is.
    fn local(&self, at: &str) -> String {
        let zone = self.session.settings().map(|settings| settings.timezone);
        match (DateTime::parse_from_rfc3339(at), zone) {
            (Ok(instant), Ok(zone)) => instant.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
            (Ok(_) | Err(_), _) => at.to_owned(),
        }
    }
}
