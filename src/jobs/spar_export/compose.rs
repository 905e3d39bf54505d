//! Makes a list: takes its number, chooses, counts for the limits, writes the file. One transaction, no network.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::config::{ListFormat, SparMode};
use crate::domain::change::hex;
use crate::domain::limit::LimitName;
use crate::failure::{Failure, Result};
use crate::formats::spar_list::{Form, ListWriter, Wish, pack};
use crate::io::private;
use crate::io::side_file::Fact;
use crate::io::spool::{Room, Spool};
use crate::jobs::run::Run;
use crate::leak_control::{self, Place};
use crate::registry::spar_lists::{Choice, Chosen};
use crate::text::line;

/// A list that is ready to go.
pub(super) struct Composed {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) file_name: String,
    pub(super) file: PathBuf,
    pub(super) size: u64,
    pub(super) numbers: u64,
}

/// The first mark: intent. None if there is nothing to send. `again` is the number of a list of which nothing is
/// on the server: it is made anew from today's queue.
pub(super) fn compose(run: &mut Run<'_>, again: Option<u64>) -> Result<Option<Composed>> {
    // An intent changes no person and nothing of the ledger: a run that gets no further has changed nothing.
    let committed = run.committed;
    let composed = take_number(run, again);
    run.committed = committed;
    composed
}

fn take_number(run: &mut Run<'_>, again: Option<u64>) -> Result<Option<Composed>> {
    run.unit(None, |run, _| {
        let serial = again.map_or_else(|| run.registry.next_serial(), Ok)?;
        let name = run.setup.settings.spar.list_name.render(serial, run.setup.today);
        let file_name = file_name(run, &name);
        let id = run.registry.begin_list(serial, &name, &file_name, run.id)?;
        let categories = &run.setup.settings.spar.categories;
        let chosen = run.registry.choose_numbers(id, choice(run), categories)?;
        let last = run.registry.last_sent_list()?;
        tell(run, chosen);
        count_limits(run, id, chosen, last.as_ref().map(|(last, _)| *last))?;
        let (file, content) = write(run, id, &name)?;
        run.guard.plan_content(&content);
        let is_same = last.is_some_and(|(_, last)| last == content) && chosen.newly_asked == 0;
        if chosen.numbers == 0 || is_same {
            run.registry.drop_list(id)?;
            return Ok(None);
        }
        let (sha256, size) = measure(&file)?;
        run.registry.describe_list(id, &sha256, &content, size, chosen.numbers)?;
        if !run.is_dry() {
            run.note_beside(&[Fact::Serial(serial)])?;
        }
        Ok(Some(Composed { id, name, file_name, file, size, numbers: chosen.numbers }))
    })
}

fn choice(run: &Run<'_>) -> Choice {
    let spar = &run.setup.settings.spar;
    match spar.mode {
        SparMode::New => Choice::New,
        SparMode::All => Choice::All { asks: spar.format == ListFormat::Xml2023 },
    }
}

const fn form(format: ListFormat) -> Form {
    match format {
        ListFormat::Csv => Form::Csv,
        ListFormat::Lines => Form::Lines,
        ListFormat::Xml2023 => Form::Xml,
    }
}

/// The list's name, plus `.xml` and `.zip` where they apply.
fn file_name(run: &Run<'_>, name: &str) -> String {
    let zip = if run.setup.settings.spar.zip { ".zip" } else { "" };
    let name = leak_control::text(Place::OutboxName).unwrap_or_else(|| member_name(run, name));
    format!("{name}{zip}")
}

fn member_name(run: &Run<'_>, name: &str) -> String {
    match run.setup.settings.spar.format {
        ListFormat::Xml2023 => format!("{name}.xml"),
        ListFormat::Csv | ListFormat::Lines => name.to_owned(),
    }
}

/// What going live would do: how many, how many held and why, what the limit says.
fn tell(run: &mut Run<'_>, chosen: Chosen) {
    run.counts.add("withheld", chosen.withheld);
    let limit = run.guard.ceiling(LimitName::ListSize);
    let params = [
        ("numbers", chosen.numbers),
        ("fresh", chosen.fresh),
        ("limit", limit),
        ("withheld", chosen.withheld),
    ];
    run.line(line::LIST_COMPOSED, &params.map(|(name, count)| (name, count.to_string())));
}

fn count_limits(run: &mut Run<'_>, id: i64, chosen: Chosen, last: Option<i64>) -> Result<()> {
    run.guard.set(LimitName::ListSize, chosen.fresh);
    if let (SparMode::All, Some(last)) = (run.setup.settings.spar.mode, last) {
        let (gone, had) = run.registry.numbers_gone(last, id)?;
        run.guard.set(LimitName::ListShrink, gone);
        run.guard.set_base(LimitName::ListShrink, had);
    }
    Ok(())
}

/// Writes the file into the staging room; gives it with the digest of the numbers, whatever the form.
fn write(run: &Run<'_>, id: i64, name: &str) -> Result<(PathBuf, String)> {
    let spool = Spool::open(&run.setup.settings.spool)?;
    let plain = spool.folder(Room::Staging).join(format!("list-{id}"));
    spool.remove(&plain)?;
    let failed = |error| Failure::io(&plain, error);
    let out = BufWriter::new(private::create_new(&plain)?);
    let mut list = ListWriter::new(out, form(run.setup.settings.spar.format)).map_err(failed)?;
    let mut content = Sha256::new();
    run.registry.each_listed_number(id, |number, asked| {
        content.update(number.reveal());
        let wish = if asked { Wish::CurrentState } else { Wish::Changes };
        list.add(number.reveal(), wish).map_err(failed)
    })?;
    if let Some(text) = leak_control::text(Place::Outbox) {
        list.add(&text, Wish::Changes).map_err(failed)?;
    }
    list.finish().and_then(|mut out| out.flush()).map_err(failed)?;
    let content = hex(&content.finalize());
    if !run.setup.settings.spar.zip {
        return Ok((plain, content));
    }
    let packed = spool.folder(Room::Staging).join(format!("list-{id}.zip"));
    spool.remove(&packed)?;
    let mut source = BufReader::new(File::open(&plain).map_err(failed)?);
    pack(private::create_new(&packed)?, &member_name(run, name), &mut source).map_err(failed)?;
    spool.remove(&plain)?;
    Ok((packed, content))
}

fn measure(path: &std::path::Path) -> Result<(String, u64)> {
    let failed = |error| Failure::io(path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    let size = file.stream_position().map_err(failed)?;
    Ok((hex(&hasher.finalize()), size))
}
