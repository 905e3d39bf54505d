//! People as JSON and as text. Everything passes `protection::visible` first. (product.md, JSON)

use serde_json::{Value, json};

use super::access::{self, Seen};
use super::csv_view::{Column, CsvView, Format};
use super::output;
use super::session::Session;
use crate::config::{Settings, SparMode};
use crate::domain::person::{Person, PersonId};
use crate::domain::protection::{Reveal, is_spar_line, visible};
use crate::domain::shown;
use crate::domain::spar::ledger::{AskMode, Asked, state};
use crate::failure::Result;
use crate::leak_control::{self, Place};
use crate::registry::Registry;
use crate::registry::ledger::Entry;
use crate::registry::listing::Search;
use crate::registry::people::{Reader, Stored};
use crate::text::{Language, word};

/// People are read in pages of this size.
const PAGE: u32 = 500;

/// What a person's standing with SPAR depends on, besides the person.
pub(crate) struct View<'v> {
    settings: &'v Settings,
    today: chrono::NaiveDate,
    at_a_loss: bool,
    reveal: Reveal,
}

impl<'v> View<'v> {
    /// The reference date.
    pub(crate) const fn today(&self) -> chrono::NaiveDate {
        self.today
    }

    pub(crate) fn of(session: &'v Session, registry: &Registry, reveal: Reveal) -> Result<Self> {
        let (settings, today) = (session.settings()?, session.today()?);
        Ok(Self { settings, today, at_a_loss: registry.is_at_a_loss()?, reveal })
    }

    /// How much of protected people is shown.
    pub(crate) const fn reveal(&self) -> Reveal {
        self.reveal
    }
}

/// One row a person, with the active address and the values of contact details.
const COLUMNS: &[Column] = &[
    ("person", "person"),
    ("id_number", "id_number"),
    ("id_kind", "id_kind"),
    ("category", "category"),
    ("first_name", "first_name"),
    ("middle_name", "middle_name"),
    ("last_name", "last_name"),
    ("birth_date", "birth_date"),
    ("status", "status"),
    ("protected", "protected"),
    ("blocked", "blocked"),
    ("allow_update", "allow_update"),
    ("address_kind", "active/kind"),
    ("care_of", "active/care_of"),
    ("street", "active/street"),
    ("postal_code", "active/postal_code"),
    ("city", "active/city"),
    ("country", "active/country"),
    ("email", "contacts/email/value"),
    ("mobile", "contacts/mobile/value"),
    ("phone", "contacts/phone/value"),
    ("key_code", "key_code"),
    ("spar_state", "spar/state"),
    ("comment", "comment"),
];

/// Everyone: an object a line, a table, or CSV.
pub(crate) fn list(session: &Session, format: Format, reason: Option<String>) -> Result<u8> {
    let registry = session.registry()?;
    let seen = Seen::Everyone(Some(registry.count_people()?));
    let view = View::of(session, &registry, access::note(session, "person list", &seen, reason)?)?;
    if format == Format::Csv {
        let Some(mut rows) = CsvView::begin(COLUMNS, session.language()) else { return Ok(0) };
        each(&registry, |stored| {
            let entry = registry.ledger_entry(stored.person.number.key())?;
            Ok(rows.put(&with_active(person_json(stored, &entry, &view))))
        })?;
        rows.end();
        return Ok(0);
    }
    let mut lines = output::Lines::new();
    each(&registry, |stored| {
        let line = if session.global.json {
            person_json(stored, &registry.ledger_entry(stored.person.number.key())?, &view).to_string()
        } else {
            row(stored, view.reveal, session.language())
        };
        Ok(lines.put(&line))
    })?;
    Ok(0)
}

/// Hands everyone of one state of the registry to `show`, until it says that nobody listens any more.
fn each(registry: &Registry, mut show: impl FnMut(&Stored) -> Result<bool>) -> Result<()> {
    registry.snapshot(|| {
        let mut people = registry.people()?;
        let mut after = PersonId(0);
        loop {
            let page = registry.people_after(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = *last;
            for id in page {
                let Some(stored) = people.find(id)? else { continue };
                if !show(&stored)? {
                    return Ok(());
                }
            }
        }
    })
}

/// The document with the active address under a key of its own.
fn with_active(mut document: Value) -> Value {
    let addresses = document.get("addresses").and_then(Value::as_array);
    let active = addresses.and_then(|all| all.iter().find(|one| one["active"] == true)).cloned();
    if let Some(document) = document.as_object_mut() {
        document.insert("active".to_owned(), active.unwrap_or_default());
    }
    document
}

/// One person.
pub(crate) fn show(
    session: &Session,
    registry: &Registry,
    id: PersonId,
    reason: Option<String>,
) -> Result<u8> {
    let stored = registry.people()?.get(id)?;
    let reveal = access::note(session, "person show", &Seen::People(&[id]), reason)?;
    let entry = registry.ledger_entry(stored.person.number.key())?;
    let person = person_json(&stored, &entry, &View::of(session, registry, reveal)?);
    if session.global.json {
        output::out(&person.to_string());
    } else {
        let mut lines = output::Lines::new();
        for (key, value) in person.as_object().into_iter().flatten().filter(|(_, value)| !is_empty(value)) {
            shown_lines(key, value).iter().all(|line| lines.put(line));
        }
    }
    Ok(0)
}

/// Internal ids and comments; of protected people only lines of SPAR's rules.
pub(crate) fn search(session: &Session, search: &Search, reason: Option<String>) -> Result<u8> {
    session.settings()?;
    let registry = session.registry()?;
    let mut people: Reader<'_> = registry.people()?;
    let wanted = search.comment.as_ref().map(|text| text.to_lowercase());
    let reveal = if reason.is_some() { Reveal::NamesAndComment } else { Reveal::Nothing };
    let matches = |stored: &Stored| {
        let comment = || searchable_comment(&stored.person, reveal).map(|text| text.to_lowercase());
        wanted.as_ref().is_none_or(|wanted| comment().is_some_and(|text| text.contains(wanted)))
    };
    let mut ids = Vec::new();
    for id in registry.search_people(search)? {
        ids.extend(people.find(id)?.filter(&matches).map(|stored| stored.id));
    }
    access::note(session, "person search", &Seen::People(&ids), reason)?;
    let mut lines = output::Lines::new();
    for id in ids {
        let Some(stored) = people.find(id)?.filter(&matches) else { continue };
        let comment = searchable_comment(&stored.person, reveal);
        if !lines.put(&found(&stored, comment.as_deref(), reveal, session)) {
            break;
        }
    }
    Ok(0)
}

fn found(stored: &Stored, comment: Option<&str>, reveal: Reveal, session: &Session) -> String {
    let protected = stored.person.is_protected();
    let is_shown = !protected || reveal == Reveal::NamesAndComment;
    let number = is_shown.then(|| stored.person.number.reveal());
    if session.global.json {
        return json!({
            "person": stored.id.0, "id_number": number, "status": stored.person.status.name(),
            "protected": protected, "blocked": stored.person.blocked, "comment": comment,
        })
        .to_string();
    }
    let number = number.map_or_else(|| word::PROTECTED.render(session.language(), []), str::to_owned);
    let comment = crate::failure::escaped(&comment.unwrap_or_default().replace('\n', " | "));
    format!("{:<12} {number:<14} {comment}", stored.id.to_string()).trim_end().to_owned()
}

fn searchable_comment(person: &Person, reveal: Reveal) -> Option<String> {
    let comment = person.comment.as_deref()?;
    if !person.is_protected() || reveal == Reveal::NamesAndComment {
        return Some(comment.to_owned());
    }
    let lines: Vec<&str> = comment.lines().filter(|line| is_spar_line(line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn row(stored: &Stored, reveal: Reveal, language: Language) -> String {
    let person = leak_control::shown(Place::ViewText, &stored.person);
    let person = visible(&person, reveal);
    let mark = person.is_protected().then(|| word::PROTECTED.render(language, []));
    let parts = [&mark, &person.name.first, &person.name.middle, &person.name.last];
    let name: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let name = name.join(" ");
    let name = crate::failure::escaped(&name);
    format!(
        "{:<12} {:<14} {:<13} {name}",
        stored.id.to_string(),
        person.number.reveal(),
        person.status.name()
    )
    .trim_end()
    .to_owned()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(items) => items.values().all(Value::is_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A line for a value, for each of several, or for each part that has parts: the names of JSON without its signs.
fn shown_lines(key: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(|item| format!("{key:<15} {}", text_of(item))).collect(),
        Value::Object(parts) if parts.values().any(Value::is_object) => {
            let filled = parts.iter().filter(|(_, part)| !is_empty(part));
            filled.map(|(name, part)| format!("{:<15} {}", format!("{key}.{name}"), text_of(part))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![format!("{key:<15} {}", text_of(value))]
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Object(parts) => {
            let filled = parts.iter().filter(|(_, part)| !is_empty(part));
            filled.map(|(name, part)| format!("{name} {}", text_of(part))).collect::<Vec<_>>().join("; ")
        }
        Value::String(text) => crate::failure::escaped(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            crate::failure::escaped(&value.to_string())
        }
    }
}

/// The JSON object of product.md; nothing passes that `visible` keeps back.
pub(crate) fn person_json(stored: &Stored, entry: &Entry, view: &View<'_>) -> Value {
    let person = leak_control::shown(Place::ViewJson, &stored.person);
    let mut object = shown::revealed(stored.id, &person, view.reveal);
    object.insert("spar".to_owned(), spar(&stored.person, entry, view));
    Value::Object(object)
}

fn spar(person: &Person, entry: &Entry, view: &View<'_>) -> Value {
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
    let categories = &view.settings.spar.categories;
    let asked = Asked {
        is_wanted: !view.at_a_loss
            && categories.iter().any(|wanted| wanted == "*" || person.has_category(wanted)),
        is_known: entry.known_to_spar,
        sent_on: entry.sent_on,
        due_on: entry.answer_due_on,
        answered_on: entry.answered_on,
    };
    let mode = match view.settings.spar.mode {
        SparMode::New => AskMode::New,
        SparMode::All => AskMode::All,
    };
    json!({
        "state": state(person, &asked, mode, view.today).name(),
        "list": entry.list,
        "sent": date(entry.sent_on),
        "answer_due": date(entry.answer_due_on),
        "answered": date(entry.answered_on),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_of_a_person_are_shown_by_name_without_what_is_not_there() {
        let rows = [
            ("blocked", json!(false), vec!["blocked         false"]),
            ("comment", json!("one\u{1b}[2J"), vec!["comment         one\\u{1b}[2J"]),
            ("spar", json!({ "state": "sent", "list": null }), vec!["spar            state sent"]),
            (
                "addresses",
                json!([{ "active": true, "care_of": null, "city": "MALMÖ" }, { "active": false, "city": "LUND" }]),
                vec!["addresses       active true; city MALMÖ", "addresses       active false; city LUND"],
            ),
            (
                "contacts",
                json!({ "email": { "origin": "import", "value": "a@b.se" }, "phone": null }),
                vec!["contacts.email  origin import; value a@b.se"],
            ),
        ];
        for (key, value, expected) in rows {
            assert_eq!(shown_lines(key, &value), expected);
        }
    }
}
