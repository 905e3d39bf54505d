//! Decides what one statement of SPAR means for one stored person. No I/O, no clock.

use chrono::NaiveDate;

use super::links::Renumbering;
use super::statement::{Carried, Life, NameParts, Statement, Whereabouts, heard, name_of};
use crate::domain::address::{Address, AddressKind, Place, same_text};
use crate::domain::change::{Change, Field, Why, diff};
use crate::domain::id_number::{IdKind, IdNumber};
use crate::domain::person::{Deregistration, Notice, Person, PersonId, Said, Status};
use crate::domain::protection::{self, Kind, Mark, Names};

/// Written when SPAR marks a person protected [L].
pub const PROTECTED_LINE: &str = "SPAR - Personuppgifterna har sekretesskyddats och personen avregistrerats";
/// Written when SPAR deregisters a person for another cause than death, or knows no address for two years [L].
pub const DEREGISTERED_LINE: &str =
    "SPAR - Avregistrerad av annat skäl (utvandrad eller överförd till obefintligregistret)";

/// Whether a file is newer than everything applied before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Nothing newer was applied.
    Newest,
    /// Let in by `--allow older`: its marks of protection count, its NEJ never does.
    Older,
}

/// What holds for every post of one file.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The day of the file: envelope, else name, else the reference date.
    pub file_on: NaiveDate,
    /// Newer than all before it, or not.
    pub age: Age,
    /// Whether any post carries SkyddadFolkbokforing.
    pub carried: Carried,
    /// `protection.clear_names`.
    pub names: Names,
}

/// One thing to do to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Mark and erase.
    Protect(Vec<Mark>),
    /// Give the new number, keep the old as a former one.
    ChangeNumber(IdNumber),
    /// SPAR says that the number is of another kind.
    Reclassify(IdKind),
    /// Rule 8.
    Decease(Deregistration),
    /// Rule 9.
    Deregister(Deregistration),
    /// Rule 11.
    PlaceAddress(Place),
    /// Rule 12.
    Rename(NameParts),
    /// Rule 12: only when there was none.
    FillBirthDate(NaiveDate),
    /// Rule 10.
    StartClock(NaiveDate),
    /// Rule 10: any address stops it.
    StopClock,
    /// Something for a human to look at.
    Note(Notice, Option<PersonId>),
    /// No longer so.
    Unnote(Notice),
    /// Remember what was said, so that the same again writes nothing.
    Hear(Said),
}

/// What the box "Tillåt uppdatering" kept out (rule 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// An address.
    Address,
    /// A name.
    Name,
    /// A death.
    Deceased,
    /// A deregistration.
    Deregistered,
}

impl Kept {
    /// The word in findings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Name => "name",
            Self::Deceased => "deceased",
            Self::Deregistered => "deregistered",
        }
    }
}

/// Everything that a statement leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// In order.
    pub actions: Vec<Action>,
    /// Kept out by the box, each with the digest of what was kept out.
    pub kept: Vec<(Kept, u64)>,
    /// Fodelsedatum differs from the stored birth date: a log line (rule 12).
    pub birth_date_differs: bool,
}

/// The decision for a person: `said` are the digests of `statement`.
pub fn decide(
    stored: &Person,
    statement: &Statement,
    said: Said,
    renumbering: &Renumbering,
    policy: Policy,
) -> Decision {
    let mut decision = Decision::default();
    let concealed = stored.is_protected() || statement.is_protected(policy.carried);
    number(stored, statement, renumbering, concealed, &mut decision);
    reclassify(stored, statement, &mut decision);
    if statement.is_protected(policy.carried) {
        decision.actions.push(Action::Protect(marks_of(statement, policy)));
        life(stored, statement, said, &mut decision);
        if stored.notices.contains_key(&Notice::ProtectionLifted) {
            decision.actions.push(Action::Unnote(Notice::ProtectionLifted));
        }
        return decision;
    }
    if stored.is_protected() {
        lifted(stored, statement, policy, &mut decision);
        life(stored, statement, said, &mut decision);
        return decision;
    }
    if statement.life == Life::NumberReplaced {
        return decision;
    }
    life(stored, statement, said, &mut decision);
    address(stored, statement, said, &mut decision);
    name(stored, statement, said, &mut decision);
    birth_date(stored, statement, &mut decision);
    clock(stored, statement, said, policy, &mut decision);
    hear(stored, said, &mut decision);
    decision
}

/// Whether a part of the statement is news to a person of whom SPAR said `last`.
const fn is_news(last: u64, new: u64) -> bool {
    new != 0 && last != new
}

/// The marks of protection that a statement sets.
pub fn marks_of(statement: &Statement, policy: Policy) -> Vec<Mark> {
    let mark = |(kind, since): &(super::statement::KindName, Option<NaiveDate>)| Mark {
        kind: (*kind).into(),
        since: since.unwrap_or(policy.file_on),
    };
    let mut marks: Vec<Mark> = statement.marks.iter().map(mark).collect();
    if marks.is_empty() {
        // Only the missing SkyddadFolkbokforing in a file that otherwise carries it leads here.
        marks.push(Mark { kind: Kind::SkyddadFolkbokforing, since: policy.file_on });
    }
    marks
}

fn number(
    stored: &Person,
    statement: &Statement,
    renumbering: &Renumbering,
    concealed: bool,
    decision: &mut Decision,
) {
    let noted = stored.notices.contains_key(&Notice::NumberChange);
    let unclear = Action::Note(Notice::NumberChange, None);
    match renumbering {
        // No link of a protected person is followed by machine, or written down (Protection 5).
        Renumbering::To(_) | Renumbering::OtherRecord(_) | Renumbering::Unclear if concealed => {
            decision.actions.push(unclear);
        }
        Renumbering::To(path) => {
            decision.actions.extend(path.iter().copied().map(Action::ChangeNumber));
            if noted {
                decision.actions.push(Action::Unnote(Notice::NumberChange));
            }
        }
        Renumbering::OtherRecord(other) => {
            decision.actions.push(Action::Note(Notice::TwoRecords, Some(*other)))
        }
        Renumbering::Unclear => decision.actions.push(unclear),
        // GN or GS that leads nowhere new: somebody must find out (rule 7).
        Renumbering::None if statement.life == Life::NumberReplaced => decision.actions.push(unclear),
        Renumbering::None | Renumbering::AlreadyDone if noted && statement.life != Life::NumberReplaced => {
            decision.actions.push(Action::Unnote(Notice::NumberChange));
        }
        Renumbering::None | Renumbering::AlreadyDone => {}
    }
}

/// Only SPAR's Typ tells an immunitetsnummer from a personnummer.
fn reclassify(stored: &Person, statement: &Statement, decision: &mut Decision) {
    if statement.is_immunity && stored.number.kind() == IdKind::Personnummer {
        decision.actions.push(Action::Reclassify(IdKind::Immunitetsnummer));
    }
}

fn lifted(stored: &Person, statement: &Statement, policy: Policy, decision: &mut Decision) {
    let by_spar = stored.protection.iter().any(|mark| mark.kind != Kind::Manual);
    if by_spar && policy.age == Age::Newest && statement.life != Life::NumberReplaced {
        decision.actions.push(Action::Note(Notice::ProtectionLifted, None));
    }
}

fn life(stored: &Person, statement: &Statement, said: Said, decision: &mut Decision) {
    let news = is_news(stored.said.unwrap_or_default().status, said.status);
    let (kept, action) = match &statement.life {
        Life::NumberReplaced => return,
        Life::Alive => return returned(stored, statement, decision),
        Life::Deceased { code, date } => {
            (Kept::Deceased, Action::Decease(Deregistration { code: code.clone(), date: date.clone() }))
        }
        Life::Deregistered { code, date } => (
            Kept::Deregistered,
            Action::Deregister(Deregistration { code: code.clone(), date: date.clone() }),
        ),
    };
    if stored.notices.contains_key(&Notice::Returned) {
        decision.actions.push(Action::Unnote(Notice::Returned));
    }
    match (news, stored.allow_update) {
        (false, _) => {}
        (true, true) => decision.actions.push(action),
        (true, false) => decision.kept.push((kept, said.status)),
    }
}

/// Rule 13: SPAR blocked them, now they are delivered alive, registered, with an address.
fn returned(stored: &Person, statement: &Statement, decision: &mut Decision) {
    let is_back = !stored.is_protected() && statement.place.is_some() && statement.whereabouts == Whereabouts::Known;
    if stored.status != Status::Active && is_back {
        decision.actions.push(Action::Note(Notice::Returned, None));
    }
}

fn address(stored: &Person, statement: &Statement, said: Said, decision: &mut Decision) {
    let Some(place) = &statement.place else { return };
    if matches!(statement.life, Life::Deceased { .. }) {
        return;
    }
    if stored.no_address_since.is_some() {
        decision.actions.push(Action::StopClock);
    }
    if stored.notices.contains_key(&Notice::NoAddress) {
        decision.actions.push(Action::Unnote(Notice::NoAddress));
    }
    match (is_news(stored.said.unwrap_or_default().address, said.address), stored.allow_update) {
        (false, _) => {}
        (true, true) => decision.actions.push(Action::PlaceAddress(place.clone())),
        (true, false) if is_placed(stored, place) => {}
        (true, false) => decision.kept.push((Kept::Address, said.address)),
    }
}

fn is_placed(stored: &Person, place: &Place) -> bool {
    stored.addresses.get(&AddressKind::Home).is_some_and(|home| home.place.same_as(place))
}

fn name(stored: &Person, statement: &Statement, said: Said, decision: &mut Decision) {
    let Some(parts) = &statement.name else { return };
    match (is_news(stored.said.unwrap_or_default().name, said.name), stored.allow_update) {
        (false, _) => {}
        (true, true) => decision.actions.push(Action::Rename(parts.clone())),
        (true, false) if is_named(stored, parts) => {}
        (true, false) => decision.kept.push((Kept::Name, said.name)),
    }
}

fn is_named(stored: &Person, parts: &NameParts) -> bool {
    same_text(stored.name.first.as_deref(), parts.0.as_deref())
        && same_text(stored.name.called.as_deref(), parts.1.as_deref())
        && same_text(stored.name.middle.as_deref(), parts.2.as_deref())
        && same_text(stored.name.last.as_deref(), parts.3.as_deref())
}

fn birth_date(stored: &Person, statement: &Statement, decision: &mut Decision) {
    match (stored.birth_date, statement.birth_date) {
        (None, Some(date)) if stored.allow_update => decision.actions.push(Action::FillBirthDate(date)),
        (Some(stored), Some(said)) => decision.birth_date_differs = stored != said,
        (None | Some(_), None) | (None, Some(_)) => {}
    }
}

fn clock(stored: &Person, statement: &Statement, said: Said, policy: Policy, decision: &mut Decision) {
    let dead = matches!(statement.life, Life::Deceased { .. });
    let news = is_news(stored.said.unwrap_or_default().rest, said.rest);
    match statement.whereabouts {
        Whereabouts::Unknown if !dead && news && stored.no_address_since.is_none() => {
            decision.actions.push(Action::StartClock(policy.file_on));
            if stored.notices.contains_key(&Notice::NoAddress) {
                decision.actions.push(Action::Unnote(Notice::NoAddress));
            }
        }
        Whereabouts::NoAddress if !dead && news => {
            decision.actions.push(Action::Note(Notice::NoAddress, None))
        }
        Whereabouts::Known
            if stored.notices.contains_key(&Notice::NoAddress) && statement.place.is_none() =>
        {
            decision.actions.push(Action::Unnote(Notice::NoAddress));
        }
        Whereabouts::Unknown | Whereabouts::NoAddress | Whereabouts::Known => {}
    }
}

/// What was kept out counts as not heard: once the box is on, the same statement is news.
fn hear(stored: &Person, said: Said, decision: &mut Decision) {
    let mut now = heard(stored.said, said);
    let last = stored.said.unwrap_or_default();
    for (kept, _) in &decision.kept {
        match kept {
            Kept::Address => now.address = last.address,
            Kept::Name => now.name = last.name,
            Kept::Deceased | Kept::Deregistered => now.status = last.status,
        }
    }
    if stored.said != Some(now) {
        decision.actions.push(Action::Hear(now));
    }
}

/// Applies one action and returns what it changed.
pub fn apply(person: &mut Person, action: &Action, policy: Policy) -> Vec<Change> {
    let before = person.clone();
    match action {
        Action::Protect(marks) => {
            protection::add_marks(person, marks);
            protection::erase(person, policy.names);
            person.add_comment_line(PROTECTED_LINE);
        }
        Action::ChangeNumber(number) => person.change_number(*number),
        Action::Reclassify(kind) => {
            person.number = IdNumber::from_key(person.number.key(), *kind).unwrap_or(person.number);
        }
        Action::Decease(cause) => end(person, Status::Deceased, Some(cause), &death_line(cause)),
        Action::Deregister(cause) => end(person, Status::Deregistered, Some(cause), DEREGISTERED_LINE),
        Action::PlaceAddress(place) => place_address(person, place),
        Action::Rename(parts) => rename(person, parts),
        Action::FillBirthDate(date) => person.birth_date = Some(*date),
        Action::StartClock(date) => person.no_address_since = Some(*date),
        Action::StopClock => person.no_address_since = None,
        Action::Note(notice, other) => drop(person.notices.insert(*notice, *other)),
        Action::Unnote(notice) => drop(person.notices.remove(notice)),
        Action::Hear(said) => person.said = Some(*said),
    }
    diff(&before, person, |_| why(action))
}

/// Rule 10: two years without an address.
pub fn expire(person: &mut Person) -> Vec<Change> {
    let before = person.clone();
    end(person, Status::Deregistered, None, DEREGISTERED_LINE);
    person.no_address_since = None;
    diff(&before, person, |_: Field| Why("spar-import/10"))
}

fn why(action: &Action) -> Why {
    Why(match action {
        Action::Protect(_) => "protection/2",
        Action::ChangeNumber(_) => "spar-import/7",
        Action::Reclassify(_) => "id-number",
        Action::Decease(_) => "spar-import/8",
        Action::Deregister(_) => "spar-import/9",
        Action::PlaceAddress(_) => "spar-import/11",
        Action::Rename(_) | Action::FillBirthDate(_) => "spar-import/12",
        Action::StartClock(_) | Action::StopClock => "spar-import/10",
        Action::Note(notice, _) | Action::Unnote(notice) => notice.kind(),
        Action::Hear(_) => "spar-import/15",
    })
}

fn end(person: &mut Person, status: Status, cause: Option<&Deregistration>, line: &str) {
    person.status = status;
    person.blocked = true;
    person.deregistration = cause.cloned();
    person.notices.remove(&Notice::Returned);
    person.notices.remove(&Notice::NoAddress);
    person.add_comment_line(line);
    if status == Status::Deceased {
        person.no_address_since = None;
    }
}

/// Eight digits, unknown parts `00`; no date at all: the bare sentence (rule 8) [L].
fn death_line(cause: &Deregistration) -> String {
    let digits: String =
        cause.date.iter().flat_map(|date| date.chars()).filter(char::is_ascii_digit).take(8).collect();
    if digits.is_empty() {
        return "SPAR - Avliden.".to_owned();
    }
    format!("SPAR - Avliden. Avregistreringsdatum {digits:0<8}")
}

fn place_address(person: &mut Person, place: &Place) {
    let active = match person.active_address() {
        None | Some(AddressKind::Home) => true,
        Some(AddressKind::Work | AddressKind::Extra) => false,
    };
    let stored = person.addresses.get(&AddressKind::Home);
    // If equal, the stored spelling stays (Principles).
    let kept = stored.filter(|home| home.place.same_as(place)).map(|home| home.place.clone());
    person.put_address(AddressKind::Home, Address { active, place: kept.unwrap_or_else(|| place.clone()) });
}

fn rename(person: &mut Person, parts: &NameParts) {
    let new = name_of(parts);
    let keep = |stored: &mut Option<String>, new: Option<String>| {
        if !same_text(stored.as_deref(), new.as_deref()) || stored.is_some() != new.is_some() {
            *stored = new;
        }
    };
    keep(&mut person.name.first, new.first);
    keep(&mut person.name.called, new.called);
    keep(&mut person.name.middle, new.middle);
    keep(&mut person.name.last, new.last);
}
