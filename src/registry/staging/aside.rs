//! What was staged is read by a thread of its own while what was read before is worked on.

use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use super::Staging;
use crate::failure::{Failure, Result};

/// So many packs wait to be worked on at most.
const WAITING: usize = 4;

/// What the reader hands its packs over with.
pub(super) struct Hand<G> {
    packs: SyncSender<Vec<G>>,
    worked: Receiver<Vec<G>>,
}

impl<G> Hand<G> {
    /// Hands a pack over and gives an empty one: memory that one thread takes and another gives back is dear, so those that
    /// were worked on come back here. Fails if whoever works on them gave up: theirs is the failure that is told.
    pub(super) fn over(&self, pack: Vec<G>) -> Result<Vec<G>> {
        self.packs.send(pack).map_err(|_| Failure::internal("nobody works on what is read"))?;
        let mut empty = self.worked.try_recv().unwrap_or_default();
        empty.clear();
        Ok(empty)
    }
}

/// Visits everything that is read, in its order.
pub(super) fn read_aside<G: Send>(
    staging: &mut Staging,
    read: impl FnOnce(&Staging, &Hand<G>) -> Result<()> + Send,
    mut visit: impl FnMut(&mut G) -> Result<()>,
) -> Result<()> {
    let (sender, packs) = sync_channel(WAITING);
    let (give_back, worked) = channel();
    let hand = Hand { packs: sender, worked };
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(staging, &hand));
        let mut visit_all = || {
            for mut pack in &packs {
                pack.iter_mut().try_for_each(&mut visit)?;
                // At the end nobody takes it back.
                drop(give_back.send(pack));
            }
            Ok(())
        };
        let outcome = visit_all();
        // Let the reader stop if this side gave up first.
        drop(packs);
        let read = reader.join().map_err(|_| Failure::internal("the reader stopped"))?;
        outcome.and(read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(many: u32) -> impl FnOnce(&Staging, &Hand<u32>) -> Result<()> + Send {
        move |_, hand| {
            (0..many)
                .try_fold(Vec::new(), |mut pack, at| {
                    pack.push(at);
                    hand.over(pack)
                })
                .map(drop)
        }
    }

    fn staging(folder: &tempfile::TempDir) -> Staging {
        Staging::create(folder.path(), "").unwrap()
    }

    #[test]
    fn everything_that_was_read_is_visited_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut seen = Vec::new();
        read_aside(&mut staging(&folder), read(1_000), |at| {
            seen.push(*at);
            Ok(())
        })
        .unwrap();
        assert!(seen.into_iter().eq(0..1_000));
    }

    #[test]
    fn whoever_gives_up_is_told_of_and_the_reader_stops() {
        let folder = tempfile::tempdir().unwrap();
        let give_up = |at: &mut u32| if *at == 3 { Err(Failure::internal("enough")) } else { Ok(()) };
        let failure = read_aside(&mut staging(&folder), read(u32::MAX), give_up).unwrap_err();
        assert!(format!("{failure:?}").contains("enough"), "{failure:?}");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let fails = |_: &Staging, _: &Hand<u32>| Err(Failure::internal("broken"));
        let failure = read_aside(&mut staging(&folder), fails, |_| Ok(())).unwrap_err();
        assert!(format!("{failure:?}").contains("broken"), "{failure:?}");
    }
}
