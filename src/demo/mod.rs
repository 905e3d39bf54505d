//! `demo`: a folder with invented people and a stand-in for SPAR's answer, worked by the very jobs of production.
//! It knows no short cut: what it shows is what a real installation does.

mod answer;
mod life;
mod numbers;
mod partner;
mod people;
mod post;
mod random;
mod roster;
mod tour;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use chrono::{Days, NaiveDate};

use crate::config::Settings;
use crate::domain::limit::LimitName;
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing, private};
use crate::jobs::person_import::{OnList, PersonImport};
use crate::jobs::report::Report;
use crate::jobs::run::{Detail, Extent, Mode, Progress, Setup, SshPlaces, Start, Who};
use crate::jobs::spar_export::SparExport;
use crate::jobs::spar_import::SparImport;
use crate::jobs::{Job, init, runner};
use crate::registry::{Access, Check, Registry};
use crate::text::{Language, demo as text};

pub use answer::{Answer, Sorting};
pub use life::{Mix, Month};
pub use numbers::MOST_PEOPLE;
pub use people::Town;
pub use tour::Tour;

use tour::Examples;

/// The file of people in a demonstration.
pub const ROSTER: &str = "people.csv";

/// What to demonstrate, and everything from outside that it needs.
pub struct Order<'o> {
    /// A folder that is empty or not there.
    pub folder: &'o Path,
    /// Whom to invent; [`Town::people`] of 1 000 is the usual size.
    pub town: Town,
    /// Of the configuration and of the tour.
    pub language: Language,
    /// The reference date.
    pub today: NaiveDate,
    /// The present instant in UTC.
    pub now: &'o dyn Fn() -> String,
    /// The number of the signal that arrived, 0 for none.
    pub stop: &'o Arc<AtomicUsize>,
    /// For the run rows.
    pub who: Who,
    /// For a terminal.
    pub progress: &'o dyn Progress,
}

/// Makes the folder, takes the people in, sends their list, lets the partner answer it, fetches and applies the answer,
/// applies it again.
pub fn run(order: &Order<'_>) -> Result<Tour> {
    if !(1..=MOST_PEOPLE).contains(&order.town.people) {
        return Err(Failure::usage(text::HOW_MANY).with("most", MOST_PEOPLE));
    }
    refuse_used(order.folder)?;
    let settings = init::make(order.folder, order.language)?;
    let roster = settings.folder.join(ROSTER);
    write(&roster, |sink| order.town.write_roster(sink))?;
    let months = [Days::new(30), Days::new(0)].map(|ago| Month { day: order.today - ago, mix: Mix::USUAL });
    let entered =
        execute(order, &settings, &mut PersonImport { file: roster, on_list: OnList::No, source: None })?;
    let sent = execute(order, &settings, &mut SparExport)?;
    let asked = partner::collect(&settings)?;
    let first = write_answer(&settings, order.town, &months[..1], &|number| asked.contains(number))?;
    let applied = execute(order, &settings, &mut SparImport { files: Vec::new() })?;
    let again = execute(order, &settings, &mut SparImport { files: vec![first] })?;
    let next = write_answer(&settings, order.town, &months, &|_| true)?;
    let registry = Registry::open(&settings.registry, Access::Read, Check::Quick)?;
    let examples = Examples::find(&registry, applied.run.as_ref().map(|run| run.id))?;
    Ok(Tour { config: settings.file, folder: settings.folder, next, entered, sent, applied, again, examples })
}

fn refuse_used(folder: &Path) -> Result<()> {
    match folder.read_dir().map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(Failure::usage(text::FOLDER_NOT_EMPTY).with("path", folder.display())),
        Ok(false) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::io(folder, error)),
    }
}

/// The answer lies where a drop server would have put it.
fn write_answer(
    settings: &Settings,
    town: Town,
    months: &[Month],
    asked: &dyn Fn(&str) -> bool,
) -> Result<PathBuf> {
    let answer = Answer { town, months, sorting: Sorting::Windows };
    let path = settings.spar.server.path.join(&settings.spar.server.get_dir).join(answer.name());
    private::create_folder(path.parent().unwrap_or(&path))?;
    write(&path, |sink| answer.write_about(sink, asked).map(drop))?;
    Ok(path)
}

fn write(path: &Path, content: impl FnOnce(&mut BufWriter<&mut AtomicFile>) -> io::Result<()>) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    let mut sink = BufWriter::with_capacity(64 * 1024, &mut file);
    content(&mut sink).and_then(|()| sink.flush()).map_err(|error| Failure::io(path, error))?;
    drop(sink);
    file.commit(Existing::Refuse)
}

/// One run of a job, as a command would start it. Remarks are welcome here, failures are not.
fn execute(order: &Order<'_>, settings: &Settings, job: &mut dyn Job) -> Result<Report> {
    let setup = Setup {
        settings,
        today: order.today,
        mode: Mode::Real,
        detail: Detail::Counts,
        findings: Extent::Whole,
        // Going live sends everybody at once: the one time that the list's limit has to be raised.
        allow: BTreeMap::from([(LimitName::ListSize, order.town.people)]),
        approve: None,
        wait: Duration::ZERO,
        start: Start::default(),
        now: order.now,
        stop: order.stop,
        credentials: None,
        ssh: SshPlaces::default(),
        who: order.who.clone(),
        progress: order.progress,
    };
    let mut report = runner::execute(job, &setup);
    report.failure.take().map_or(Ok(report), Err)
}

#[cfg(test)]
mod tests;
