//! The negative control of the canary test: a build that leaks on purpose at the one place that `MANTAL_LEAK` chooses, so
//! that the test can show that it would see a leak there (docs/protection.md, "How it is tested").
//!
//! Without the feature `leak-control` every function here is a constant that says "nothing leaks", and a release with the
//! feature does not compile. `MANTAL_LEAK=PLACE` leaves a step of the protection out, `MANTAL_LEAK=PLACE=TEXT` puts a text
//! where it may not be; which of the two, the place decides.

use std::borrow::Cow;

use crate::domain::person::Person;

#[cfg(all(feature = "leak-control", not(debug_assertions)))]
compile_error!("the feature leak-control leaks on purpose: never in a release");

/// Where it can leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Left out: addresses stay in their table.
    AddressesKept,
    /// Left out: e-mail and phone stay in their table.
    ContactsKept,
    /// Left out: key code and areas stay.
    AreasKept,
    /// Left out: what the sources said stays.
    StatementsKept,
    /// Left out: the journal's values stay.
    JournalKept,
    /// Left out: the journal row of the protection has the values.
    JournalWritten,
    /// Left out: facts, parameters and notes of findings stay.
    FindingsKept,
    /// Left out: the journal of cases, loans and the like stays.
    RetainedKept,
    /// Left out: the population register's row stays.
    PopulationKept,
    /// Left out: the entry of the search stays.
    SearchEntryKept,
    /// Left out: the words stay in the index of the search, though its entry goes.
    SearchIndexKept,
    /// Left out: free pages keep what was deleted.
    FreePages,
    /// Left out: the WAL is not emptied.
    Wal,
    /// Left out: held and rejected copies with the person stay.
    SpoolKept,
    /// Left out: JSON of somebody hidden.
    ViewJson,
    /// Left out: text of somebody hidden.
    ViewText,
    /// Left out: the search shows somebody hidden.
    SearchHit,
    /// Left out: the subject access file of somebody hidden.
    Export,
    /// A text in each line of CSV.
    ViewCsv,
    /// A text in the feed of changes.
    Feed,
    /// A text in a line of the registry's log.
    LogLine,
    /// A text among the run's words.
    RunArguments,
    /// A text in a finding.
    Finding,
    /// A text in why a record was rejected.
    Rejected,
    /// A text on standard error at every verbosity.
    Stderr,
    /// A text in the log of `-v`.
    LogInfo,
    /// A text in the log of `-vv`.
    LogDebug,
    /// A text in the message of a panic.
    Panic,
    /// A text in what a failure says.
    Failure,
    /// A text in the name of a temporary file.
    TemporaryName,
    /// A text in a scratch file that is deleted at once.
    ScratchGone,
    /// A text in a scratch file that stays.
    Scratch,
    /// The same in UTF-16.
    ScratchWide,
    /// A text in the name of a list to SPAR.
    OutboxName,
    /// A text in a list to SPAR.
    Outbox,
    /// A text in the side file.
    SideFile,
    /// A text in the access log.
    AccessLog,
    /// A text among the words of the program that is told.
    HookArgument,
    /// A text in the environment of the program that is told.
    HookEnvironment,
    /// A text in what the program that is told reads.
    HookInput,
    /// A text in the address of a ping.
    PingAddress,
    /// A text in the body of a ping.
    PingBody,
    /// A text in a label of the metrics.
    Metrics,
    /// A text in a plan of purge.
    Plan,
    /// A text in a copy of the registry.
    Backup,
}

/// What `MANTAL_LEAK` says after the place, if it chose this one.
#[cfg(feature = "leak-control")]
fn chosen(place: Place) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    let words = std::env::var_os("MANTAL_LEAK")?.into_vec();
    let mut parts = words.splitn(2, |byte| *byte == b'=');
    let name = format!("{place:?}");
    (parts.next() == Some(name.as_bytes())).then(|| parts.next().unwrap_or_default().to_vec())
}

/// Nothing is chosen in an ordinary build.
#[cfg(not(feature = "leak-control"))]
const fn chosen(_: Place) -> Option<Vec<u8>> {
    None
}

/// Whether a step of the protection is left out.
pub fn leaves_out(place: Place) -> bool {
    chosen(place).is_some()
}

/// The bytes that leak at a place.
pub fn bytes(place: Place) -> Option<Vec<u8>> {
    chosen(place)
}

/// The text that leaks at a place.
pub fn text(place: Place) -> Option<String> {
    chosen(place).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// What is written of somebody whose details are erased.
pub fn erased<'p>(before: &Person, after: &'p Person) -> Cow<'p, Person> {
    let mut after = Cow::Borrowed(after);
    if leaves_out(Place::AddressesKept) {
        after.to_mut().addresses.clone_from(&before.addresses);
    }
    if leaves_out(Place::ContactsKept) {
        after.to_mut().contacts.clone_from(&before.contacts);
    }
    if leaves_out(Place::AreasKept) {
        after.to_mut().key_code.clone_from(&before.key_code);
        after.to_mut().areas.clone_from(&before.areas);
    }
    if leaves_out(Place::StatementsKept) {
        after.to_mut().heard.clone_from(&before.heard);
    }
    after
}

/// Who is shown.
pub fn shown(place: Place, person: &Person) -> Cow<'_, Person> {
    let mut person = Cow::Borrowed(person);
    if leaves_out(place) {
        person.to_mut().protection.clear();
    }
    person
}

/// What a run says before it ends.
pub fn speak() {
    if let Some(text) = text(Place::LogInfo) {
        log::info!("{text}");
    }
    if let Some(text) = text(Place::LogDebug) {
        log::debug!("{text}");
    }
    #[cfg(feature = "leak-control")]
    if let Some(text) = text(Place::Panic) {
        drop(std::panic::take_hook());
        std::panic::panic_any(text);
    }
}
