//! Reads a whole file into the staging area: one thread reads, this one looks numbers up. Nothing is decided and nothing
//! is written to the registry before the last byte was read.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use siphasher::sip::SipHasher13;

use super::judge;
use super::parsed::Parsed;
use super::receive::Received;
use super::record::{Pack, Reader, Taken, WAITING};
use crate::domain::id_number::{NumberKey, Reading};
use crate::domain::limit::LimitName;
use crate::domain::person_set::PersonSet;
use crate::domain::spar::statement::{Carried, heard};
use crate::failure::{Failure, Result};
use crate::formats::spar_xml::{Fault, Glance};
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::ledger::{LookupAlong, Seen};
use crate::registry::rejected::Rejected;
use crate::registry::staging::plain::PlainPost;
use crate::registry::staging::posts::{NewPost, Posts};
use crate::text::spar_file as text;

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

/// Scans a file.
pub(super) fn scan(run: &mut Run<'_>, file: &Received) -> std::result::Result<Scan, Refusal> {
    let source = file.open()?;
    let reading = Reading::on(run.setup.today, run.setup.settings.country);
    let salt = run.registry.salt();
    let (sender, receiver) = sync_channel(WAITING);
    let (give_back, worked) = channel();
    let strange = AtomicBool::new(true);
    std::thread::scope(|scope| {
        let thread = Reader { reading, salt, are_strange: &strange };
        let reader = scope.spawn(move || thread.record(source, &sender, &worked));
        let work = Work { packs: &receiver, worked: &give_back, are_strange: &strange };
        let staged = stage(run, file, reading, &work);
        // Let the reader stop if this side gave up first.
        drop(receiver);
        let read = reader.join().map_err(|_| Failure::internal("the reader stopped"))?;
        let scan = staged?;
        read.map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        Ok(scan)
    })
}

/// What lies between the two threads.
struct Work<'w> {
    packs: &'w Receiver<Pack>,
    worked: &'w Sender<Pack>,
    /// Most posts were not known by their digest lately.
    are_strange: &'w AtomicBool,
}

fn stage(
    run: &mut Run<'_>,
    file: &Received,
    reading: Reading,
    work: &Work<'_>,
) -> std::result::Result<Scan, Refusal> {
    let posts = Posts::create(&run.setup.settings.spool.join("staging"))?;
    let mut scan = Scan { posts, count: 0, carried: Carried::No, unreadable: 0, rejected: 0 };
    let registry = run.registry;
    let mut stager = Stager {
        lookup: registry.lookup_along()?,
        seen: PersonSet::up_to(registry.highest_person()?),
        refuses: registry.refuses_any()?,
        salt: registry.salt(),
        reading,
        tape: String::new(),
    };
    let mut unsaid = 0;
    while let Ok(mut pack) = work.packs.recv() {
        run.check_stop()?;
        let mut parsed = std::mem::take(&mut pack.parsed).into_iter();
        let mut strange = 0;
        for taken in pack.posts() {
            let ahead = parsed.next();
            scan.count += 1;
            let glance = taken.glance;
            let seen = stager.look_up(glance.map(|glance| glance.key))?;
            if let Some(again) = glance.zip(seen).and_then(|of| stager.recognise(&taken, of)) {
                scan.carry(again.is_unsaid);
                stager.note(seen, &scan.posts)?;
                scan.posts.add_plain(&again)?;
                continue;
            }
            strange += 1;
            let parsed = match ahead {
                Some(parsed) => parsed,
                None => {
                    stager.read(taken).map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?
                }
            };
            scan.carry(parsed.statement.skyddad_unsaid);
            if parsed.number.is_none() {
                scan.rejected += 1;
                reject(run, file, &parsed, &mut scan.unreadable, &mut unsaid);
            }
            let key = parsed.number.map(|number| number.key());
            let seen = if key == glance.map(|glance| glance.key) { seen } else { stager.look_up(key)? };
            stager.note(seen, &scan.posts)?;
            stager.add(run, &scan.posts, &parsed, seen)?;
        }
        work.are_strange.store(strange * 2 > pack.len(), Ordering::Relaxed);
        run.setup.progress.at(scan.count);
        // At the end of the file nobody takes it back.
        drop(work.worked.send(pack));
    }
    if scan.carried == Carried::Yes {
        scan.unreadable += unsaid;
    }
    scan.posts.close(scan.carried)?;
    Ok(scan)
}

impl Scan {
    fn carry(&mut self, is_unsaid: bool) {
        if !is_unsaid {
            self.carried = Carried::Yes;
        }
    }
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
    /// People who had a post already.
    seen: PersonSet,
    refuses: bool,
    salt: (u64, u64),
    reading: Reading,
    tape: String,
}

impl Stager<'_> {
    fn look_up(&mut self, key: Option<NumberKey>) -> Result<Option<Seen>> {
        Ok(key.map(|key| self.lookup.find(key)).transpose()?.flatten())
    }

    /// Whoever has a second post is noted.
    fn note(&mut self, seen: Option<Seen>, posts: &Posts) -> Result<()> {
        match seen {
            Some(seen) if self.seen.insert(seen.person) => posts.add_several(seen.person),
            Some(_) | None => Ok(()),
        }
    }

    fn read(&mut self, taken: Taken<'_>) -> std::result::Result<Parsed, Fault> {
        Parsed::of(taken, &mut self.tape, &self.reading, self.salt)
    }

    /// A post that came before, just as it is; none for any other.
    fn recognise(&self, taken: &Taken<'_>, (glance, seen): (Glance, Seen)) -> Option<PlainPost> {
        let known = seen.post.zip(seen.said).filter(|_| seen.is_current && seen.is_answered);
        let said = known.and_then(|(post, last)| post.recognise(taken.digest, last, self.salt))?;
        Some(PlainPost {
            ordinal: taken.ordinal,
            key: glance.key,
            person: seen.person,
            is_unsaid: glance.is_unsaid,
            changed_on: glance.changed_on,
            said,
        })
    }

    fn add(&self, run: &Run<'_>, posts: &Posts, parsed: &Parsed, seen: Option<Seen>) -> Result<()> {
        let is_refused = self.is_refused(run, parsed, seen)?;
        for (old, new) in &parsed.links {
            posts.add_link(old, new)?;
        }
        if let (Some(number), Some(seen)) = (parsed.number, seen)
            && is_plain(seen, parsed)
        {
            return posts.add_plain(&PlainPost {
                ordinal: parsed.ordinal,
                key: number.key(),
                person: seen.person,
                is_unsaid: parsed.statement.skyddad_unsaid,
                changed_on: parsed.statement.changed_on,
                said: parsed.said,
            });
        }
        posts.add(&NewPost {
            ordinal: parsed.ordinal,
            number: parsed.number.as_ref(),
            seen,
            body: &parsed.statement,
            is_marked: !parsed.statement.marks.is_empty(),
            is_unsaid: parsed.statement.skyddad_unsaid,
            is_refused,
            changed_on: parsed.statement.changed_on,
            said: parsed.said,
            digest: parsed.mark(),
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
        && parsed.leaves_nothing_open()
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
