//! `mantal person export`: the subject access file.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::access::{self, RevealFlag, Seen};
use super::output;
use super::session::{Session, now};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing};
use crate::leak_control::{Place, leaves_out};
use crate::registry::Registry;
use crate::text::access as text;

/// Writes everything that the registry holds about a person as one JSON document: a subject access file.
///
/// Other people stand in it as internal ids only. It says where the data came from, which lists and feeds they left in, and
/// who looked. Of a protected person it needs --reveal, and holds neither address nor contact details.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal person export person:17 --output person-17.json"))]
pub(crate) struct Args {
    /// An identity number in any spelling, a former number, or person:17; `-` reads it from standard input
    id: String,
    /// Write to a new file that only its owner can read, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reveal: RevealFlag,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let registry = session.registry()?;
    let person = session.person(&registry, &args.id)?;
    let reason = args.reveal.reason()?;
    let is_protected = registry.people()?.get(person)?.person.is_protected();
    if is_protected && reason.is_none() {
        return Err(Failure::failed(text::EXPORT_NEEDS_REASON).with("person", person));
    }
    access::note(session, "person export", &Seen::People(&[person]), reason)?;
    let document = registry.snapshot(|| document(session, &registry, person))?;
    let text = serde_json::to_string_pretty(&document);
    let text = text.map_err(|_| Failure::internal("a document that is no JSON"))?;
    match &args.output {
        None => output::out(&text),
        Some(path) => {
            let mut file = AtomicFile::create(path)?;
            file.write_all(format!("{text}\n").as_bytes()).map_err(|error| Failure::io(path, error))?;
            file.commit(Existing::Refuse)?;
        }
    }
    Ok(0)
}

fn document(session: &Session, registry: &Registry, person: PersonId) -> Result<Value> {
    let settings = session.settings()?;
    let is_protected = registry.people()?.get(person)?.person.is_protected() && !leaves_out(Place::Export);
    let looks: Vec<Value> = access::looks_at(session, person)?.iter().map(access::look_json).collect();
    let server = &settings.spar.server;
    let mut document = Map::new();
    document.insert("person".to_owned(), json!(person.0));
    document.insert("made".to_owned(), json!(now()));
    document.insert("protected".to_owned(), json!(is_protected));
    document.insert("held".to_owned(), Value::Object(registry.subject(person, is_protected)?));
    document.extend(registry.subject_traffic(person)?);
    document.insert(
        "lists_go_to".to_owned(),
        json!({ "transport": server.transport.name(), "host": server.host, "folder": server.put_dir }),
    );
    document.insert("looked_at_by".to_owned(), looks.into());
    Ok(Value::Object(document))
}
