//! Reads a whole file into the staging area: one thread parses, this one looks numbers up. Nothing is decided and
//! nothing is written to the registry before the last byte was read.

use std::hash::{Hash, Hasher};
use std::io::BufRead;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use siphasher::sip::SipHasher13;

use super::judge;
use super::receive::Received;
use crate::domain::id_number::{IdKind, IdNumber, Reading};
use crate::domain::limit::LimitName;
use crate::domain::person::{PersonId, Said};
use crate::domain::spar::post::{Flag, LinkType, Post};
use crate::domain::spar::statement::{Carried, Life, Statement, heard};
use crate::failure::{Failure, Result};
use crate::formats::spar_xml::SparReader;
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::ledger::{LookupAlong, Seen};
use crate::registry::rejected::Rejected;
use crate::registry::staging::posts::{NewPost, Posts};
use crate::text::spar_file as text;

/// Posts travel between the threads in packs.
const PACK: usize = 256;
/// So many packs wait at most: memory stays flat when one side is slower.
const WAITING: usize = 4;

/// A file that was read to its end.
pub(super) struct Scan {
    /// The staging area.
    pub(super) posts: Posts,
    /// How many posts there were.
    pub(super) count: u64,
    /// Whether any carries SkyddadFolkbokforing.
    pub(super) carried: Carried,
    /// Posts without a readable number that are marked protected.
    pub(super) unreadable: u64,
    /// Posts without a readable number.
    pub(super) rejected: u64,
}

/// A post as the parsing thread hands it over.
struct Parsed {
    ordinal: u64,
    number: Option<IdNumber>,
    unread: Option<String>,
    statement: Statement,
    said: Said,
    links: Vec<(IdNumber, IdNumber)>,
    has_broken_link: bool,
    carries: bool,
}

/// Scans a file.
pub(super) fn scan(run: &mut Run<'_>, file: &Received) -> std::result::Result<Scan, Refusal> {
    let source = file.open()?;
    let reading = Reading::on(run.setup.today, run.setup.settings.country);
    let salt = run.registry.salt();
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::scope(|scope| {
        let parser = scope.spawn(move || parse(source, reading, salt, &sender));
        let staged = stage(run, file, &receiver);
        // Let the parser stop if this side gave up first.
        drop(receiver);
        let parsed = parser.join().map_err(|_| Failure::internal("the parser stopped"))?;
        let scan = staged?;
        parsed.map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        Ok(scan)
    })
}

type Pack = Vec<Parsed>;

fn parse(
    source: Box<dyn BufRead + Send>,
    reading: Reading,
    salt: (u64, u64),
    sender: &SyncSender<Pack>,
) -> std::result::Result<(), crate::formats::spar_xml::Fault> {
    let mut reader = SparReader::new(source, reading);
    let mut pack = Pack::with_capacity(PACK);
    while let Some(post) = reader.next_post()? {
        pack.push(parsed(reader.ordinal(), &post, salt));
        if pack.len() == PACK && sender.send(std::mem::replace(&mut pack, Pack::with_capacity(PACK))).is_err()
        {
            return Ok(());
        }
    }
    // The other side may have given up; it knows why.
    drop(sender.send(pack));
    Ok(())
}

fn parsed(ordinal: u64, post: &Post, salt: (u64, u64)) -> Parsed {
    let kind = post.number.map_or(IdKind::Personnummer, |number| number.kind());
    let statement = Statement::of(post, kind);
    let (links, has_broken_link) = links(post, &statement);
    Parsed {
        ordinal,
        number: post.number,
        unread: post.unread.clone(),
        said: statement.said(salt),
        links,
        has_broken_link,
        carries: post.skyddad != Flag::Absent,
        statement,
    }
}

/// Old and new number of each link of the current details; none of a missing person's (Protection 5).
fn links(post: &Post, statement: &Statement) -> (Vec<(IdNumber, IdNumber)>, bool) {
    let (Some(own), false) = (post.number, statement.is_missing) else { return (Vec::new(), false) };
    let mut pairs = Vec::new();
    let mut broken = false;
    for link in
        crate::domain::spar::statement::current_details(post).into_iter().flat_map(|details| &details.links)
    {
        match (link.number, link.way) {
            (Some(other), LinkType::To) if other.key() != own.key() => pairs.push((own, other)),
            (Some(other), LinkType::From) if other.key() != own.key() => pairs.push((other, own)),
            (None, LinkType::To | LinkType::From) => broken = true,
            (Some(_), LinkType::To | LinkType::From) | (_, LinkType::Untyped) => {}
        }
    }
    (pairs, broken)
}

/// People who had a post already, one bit each: flat whatever the file's size.
struct SeenPeople(Vec<u64>);

impl SeenPeople {
    fn up_to(highest: PersonId) -> Self {
        Self(vec![0; usize::try_from(highest.0 / 64 + 1).unwrap_or(0)])
    }

    /// Whether the person was seen before.
    fn insert(&mut self, person: PersonId) -> bool {
        let bit = 1_u64 << (person.0.unsigned_abs() % 64);
        match self.0.get_mut(usize::try_from(person.0 / 64).unwrap_or(usize::MAX)) {
            Some(word) => {
                let seen = *word & bit != 0;
                *word |= bit;
                seen
            }
            None => true,
        }
    }
}

fn stage(run: &mut Run<'_>, file: &Received, receiver: &Receiver<Pack>) -> Result<Scan> {
    let posts = Posts::create(&run.setup.settings.spool.join("staging"))?;
    let mut scan = Scan { posts, count: 0, carried: Carried::No, unreadable: 0, rejected: 0 };
    let registry = run.registry;
    let mut stager = Stager {
        lookup: registry.lookup_along()?,
        seen: SeenPeople::up_to(registry.highest_person()?),
        refuses: registry.refuses_any()?,
    };
    let mut unsaid = 0;
    while let Ok(pack) = receiver.recv() {
        run.check_stop()?;
        for parsed in pack {
            scan.count += 1;
            if parsed.carries {
                scan.carried = Carried::Yes;
            }
            if parsed.number.is_none() {
                scan.rejected += 1;
                reject(run, file, &parsed, &mut scan.unreadable, &mut unsaid);
            }
            stager.add(run, &scan.posts, &parsed)?;
        }
        run.setup.progress.at(scan.count);
    }
    if scan.carried == Carried::Yes {
        scan.unreadable += unsaid;
    }
    Ok(scan)
}

/// Rule 3: a post without a readable number; if it is protected, nobody knows whom to hide.
fn reject(run: &mut Run<'_>, file: &Received, parsed: &Parsed, unreadable: &mut u64, unsaid: &mut u64) {
    if !parsed.statement.marks.is_empty() {
        *unreadable += 1;
    } else if parsed.statement.skyddad_unsaid {
        *unsaid += 1;
    }
    let salt = run.registry.salt();
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    (&parsed.unread, parsed.said.to_bytes()).hash(&mut hasher);
    run.reject(Rejected {
        file: file.name.clone(),
        record: parsed.ordinal,
        code: text::NO_NUMBER.code.to_owned(),
        params: "{}".to_owned(),
        digest: hasher.finish(),
    });
}

struct Stager<'r> {
    lookup: LookupAlong<'r>,
    seen: SeenPeople,
    refuses: bool,
}

impl Stager<'_> {
    fn add(&mut self, run: &Run<'_>, posts: &Posts, parsed: &Parsed) -> Result<()> {
        let seen = parsed.number.map(|number| self.lookup.find(number.key())).transpose()?.flatten();
        let is_refused = self.is_refused(run, parsed, seen)?;
        if let Some(seen) = seen
            && self.seen.insert(seen.person)
        {
            posts.add_several(seen.person)?;
        }
        for (old, new) in &parsed.links {
            posts.add_link(old, new)?;
        }
        let plain = seen.is_some_and(|seen| is_plain(seen, parsed));
        posts.add(&NewPost {
            ordinal: parsed.ordinal,
            number: parsed.number.as_ref(),
            person: seen.map(|seen| seen.person),
            body: (!plain).then_some(&parsed.statement),
            is_marked: !parsed.statement.marks.is_empty(),
            is_unsaid: parsed.statement.skyddad_unsaid,
            is_refused,
            changed_on: parsed.statement.changed_on,
            said: parsed.said,
        })
    }

    fn is_refused(&self, run: &Run<'_>, parsed: &Parsed, seen: Option<Seen>) -> Result<bool> {
        match (self.refuses, seen, &parsed.number) {
            (true, None, Some(number)) => run.registry.is_refused(run.key.hash(number)),
            (true | false, _, _) => Ok(false),
        }
    }
}

/// Whether SPAR said just this last time, and nothing about it needs a second look.
fn is_plain(seen: Seen, parsed: &Parsed) -> bool {
    seen.is_current
        && seen.is_answered
        && parsed.statement.marks.is_empty()
        && parsed.links.is_empty()
        && !parsed.has_broken_link
        && parsed.statement.life != Life::NumberReplaced
        && seen.said.is_some_and(|said| heard(Some(said), parsed.said) == said)
}

/// Counts of the file for its limits.
pub(super) fn count_limits(run: &mut Run<'_>, scan: &Scan) {
    run.guard.set(LimitName::Unreadable, scan.unreadable);
    run.guard.set(LimitName::Rejected, scan.rejected);
    run.guard.set_base(LimitName::Rejected, scan.count);
}

// The limits of a file as a whole stand in `judge`; both are counted inside the unit.
pub(super) use judge::count_limits as count_file_limits;
