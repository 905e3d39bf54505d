//! Reads a whole file into the staging area: one thread tells the posts apart, this one looks their numbers up, others read
//! those that nobody knows. Nothing is decided and nothing is written to the registry before the last byte was read.

use std::hash::{Hash, Hasher};
use std::io::BufRead;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use siphasher::sip::SipHasher13;

use super::judge;
use super::parsed::Parsed;
use super::receive::Received;
use super::record::{Pack, Reader, Taken};
use super::strange::{self, Sifted, Strange, Strangers};
use crate::domain::id_number::{NumberKey, Reading};
use crate::domain::limit::LimitName;
use crate::domain::person_set::PersonSet;
use crate::domain::spar::statement::{Carried, heard};
use crate::failure::{Failure, Result};
use crate::formats::spar_xml::Glance;
use crate::jobs::packs::WAITING;
use crate::jobs::refusal::Refusal;
use crate::jobs::run::Run;
use crate::registry::files::FileRow;
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

/// Scans a file; what its hash is, is known afterwards.
pub(super) fn scan(
    run: &mut Run<'_>,
    file: &Received,
    row: &mut FileRow,
) -> std::result::Result<Scan, Refusal> {
    if file.sha256.is_some() {
        return read(run, file, &mut file.open()?);
    }
    let mut source = file.open_unhashed()?;
    let scan = read(run, file, &mut source);
    match &scan {
        // A refused file is known by all of it, though not all was read as posts.
        Ok(_) | Err(Refusal::Rejected(_)) => (row.sha256, row.size) = file.hashed(source)?,
        Err(Refusal::Failed(_)) => {}
    }
    scan
}

fn read(
    run: &mut Run<'_>,
    file: &Received,
    source: &mut (dyn BufRead + Send),
) -> std::result::Result<Scan, Refusal> {
    let reader = Reader {
        reading: Reading::on(run.setup.today, run.setup.settings.country),
        salt: run.registry.salt(),
    };
    let (packs, received) = sync_channel(WAITING);
    let (worked, emptied) = channel();
    std::thread::scope(|scope| {
        let recording = scope.spawn(move || reader.record(source, &packs, &emptied));
        let strange = Strangers::of(|sifted, done| {
            scope.spawn(move || strange::read(reader, &sifted, &done));
        });
        // What is left of the channels goes with it: the threads stop if this side gave up first.
        let staged = stage(run, file, reader, Work { packs: received, worked, strange });
        let recorded = recording.join().map_err(|_| Failure::internal("the reader stopped"))?;
        let scan = staged?;
        recorded.map_err(|fault| Refusal::Rejected(fault.into_failure(&file.name)))?;
        Ok(scan)
    })
}

/// What lies between the threads.
struct Work {
    packs: Receiver<Pack>,
    worked: Sender<Pack>,
    strange: Strangers,
}

fn stage(
    run: &mut Run<'_>,
    file: &Received,
    reader: Reader,
    mut work: Work,
) -> std::result::Result<Scan, Refusal> {
    let posts = Posts::create(&run.setup.settings.spool.join("staging"))?;
    let registry = run.registry;
    let mut stager = Stager {
        scan: Scan { posts, count: 0, carried: Carried::No, unreadable: 0, rejected: 0 },
        unsaid: 0,
        lookup: registry.lookup_along()?,
        seen: PersonSet::up_to(registry.highest_person()?),
        refuses: registry.refuses_any()?,
        salt: reader.salt,
        worked: work.worked,
    };
    while let Ok(pack) = work.packs.recv() {
        run.check_stop()?;
        let sifted = stager.sift(pack)?;
        run.setup.progress.at(stager.scan.count);
        work.strange.give(sifted)?;
        while let Some(sifted) = work.strange.try_take() {
            stager.add_all(run, file, sifted)?;
        }
    }
    while let Some(sifted) = work.strange.take()? {
        run.check_stop()?;
        stager.add_all(run, file, sifted)?;
    }
    let (mut scan, unsaid) = (stager.scan, stager.unsaid);
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

struct Stager<'r> {
    scan: Scan,
    /// Posts without a readable number and without SkyddadFolkbokforing.
    unsaid: u64,
    lookup: LookupAlong<'r>,
    /// People who had a post already.
    seen: PersonSet,
    refuses: bool,
    salt: (u64, u64),
    worked: Sender<Pack>,
}

impl Stager<'_> {
    /// Takes in the posts that are known; gives those that are not.
    fn sift(&mut self, pack: Pack) -> Result<Sifted> {
        let mut strange = Vec::new();
        for (place, taken) in pack.posts().enumerate() {
            self.scan.count += 1;
            let key = taken.glance.map(|glance| glance.key);
            let seen = self.look_up(key)?;
            if let Some(again) = taken.glance.zip(seen).and_then(|of| self.recognise(&taken, of)) {
                self.scan.carry(again.is_unsaid);
                self.note(seen)?;
                self.scan.posts.add_plain(&again)?;
            } else {
                strange.push(Strange { place, seen: (key, seen), parsed: None });
            }
        }
        Ok(Sifted { pack, strange, fault: None })
    }

    /// Takes in the others, read meanwhile.
    fn add_all(
        &mut self,
        run: &mut Run<'_>,
        file: &Received,
        sifted: Sifted,
    ) -> std::result::Result<(), Refusal> {
        // At the end of the file nobody takes it back.
        drop(self.worked.send(sifted.pack));
        for strange in sifted.strange {
            let Some(parsed) = strange.parsed else { break };
            self.scan.carry(parsed.statement.skyddad_unsaid);
            if parsed.number.is_none() {
                self.reject(run, file, &parsed);
            }
            let key = parsed.number.map(|number| number.key());
            let seen = if key == strange.seen.0 { strange.seen.1 } else { self.look_up(key)? };
            self.note(seen)?;
            self.add(run, &parsed, seen)?;
        }
        sifted.fault.map_or(Ok(()), |fault| Err(Refusal::Rejected(fault.into_failure(&file.name))))
    }

    /// Rule 3: a post without a readable number; if it is protected, nobody knows whom to hide.
    fn reject(&mut self, run: &mut Run<'_>, file: &Received, parsed: &Parsed) {
        self.scan.rejected += 1;
        if !parsed.statement.marks.is_empty() {
            self.scan.unreadable += 1;
        } else if parsed.statement.skyddad_unsaid {
            self.unsaid += 1;
        }
        let mut hasher = SipHasher13::new_with_keys(self.salt.0, self.salt.1);
        (&parsed.unread, parsed.said.to_bytes()).hash(&mut hasher);
        run.reject(Rejected {
            file: file.name.clone(),
            record: parsed.ordinal,
            code: text::NO_NUMBER.code.to_owned(),
            params: "{}".to_owned(),
            digest: hasher.finish(),
        });
    }

    fn look_up(&mut self, key: Option<NumberKey>) -> Result<Option<Seen>> {
        Ok(key.map(|key| self.lookup.find(key)).transpose()?.flatten())
    }

    /// Whoever has a second post is noted.
    fn note(&mut self, seen: Option<Seen>) -> Result<()> {
        match seen {
            Some(seen) if self.seen.insert(seen.person) => self.scan.posts.add_several(seen.person),
            Some(_) | None => Ok(()),
        }
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

    fn add(&self, run: &Run<'_>, parsed: &Parsed, seen: Option<Seen>) -> Result<()> {
        let posts = &self.scan.posts;
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
