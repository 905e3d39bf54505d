//! Rows of a file on their way from the thread that reads them to the one that looks them up.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::failure::Failure;

/// Rows and posts travel in packs of so many.
pub(super) const PACK: usize = 256;
/// So many packs wait at most: memory stays flat when one side is slower.
pub(super) const WAITING: usize = 4;

/// A pack that was worked goes back and is filled again: memory that one thread takes and another gives back is dear.
struct Pack<T> {
    rows: Vec<T>,
    filled: usize,
}

impl<T: Default> Pack<T> {
    fn fill<E>(&mut self, read: &mut impl FnMut(&mut T) -> Result<bool, E>) -> Result<(), E> {
        if self.rows.is_empty() {
            self.rows.resize_with(PACK, T::default);
        }
        self.filled = 0;
        for row in &mut self.rows {
            if !read(row)? {
                break;
            }
            self.filled += 1;
        }
        Ok(())
    }

    const fn is_last(&self) -> bool {
        self.filled < PACK
    }
}

/// `read` fills one row after the other in a thread of its own, until it says that there are no more; `take` gets them
/// here, in their order. What `read` fails with comes after the rows before it.
pub(super) fn in_packs<T: Default + Send, E: From<Failure> + Send>(
    read: impl FnMut(&mut T) -> Result<bool, E> + Send,
    take: impl FnMut(&mut T) -> Result<(), E>,
) -> Result<(), E> {
    let (sender, receiver) = sync_channel(WAITING);
    let (give_back, worked) = channel();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || send(read, &sender, &worked));
        let taken = take_in(&receiver, &give_back, take);
        // Let the reader stop if this side gave up first.
        drop(receiver);
        let read = reader.join().map_err(|_| Failure::internal("the reader stopped"))?;
        taken.and(read)
    })
}

fn send<T: Default, E>(
    mut read: impl FnMut(&mut T) -> Result<bool, E>,
    sender: &SyncSender<Pack<T>>,
    worked: &Receiver<Pack<T>>,
) -> Result<(), E> {
    loop {
        let mut pack = worked.try_recv().unwrap_or(Pack { rows: Vec::new(), filled: 0 });
        let outcome = pack.fill(&mut read);
        let is_last = pack.is_last();
        // If nobody takes it, the other side has given up, and knows why.
        let is_taken = sender.send(pack).is_ok();
        outcome?;
        if is_last || !is_taken {
            return Ok(());
        }
    }
}

fn take_in<T, E>(
    packs: &Receiver<Pack<T>>,
    worked: &Sender<Pack<T>>,
    mut take: impl FnMut(&mut T) -> Result<(), E>,
) -> Result<(), E> {
    while let Ok(mut pack) = packs.recv() {
        pack.rows.iter_mut().take(pack.filled).try_for_each(&mut take)?;
        // At the end of the file nobody takes it back.
        drop(worked.send(pack));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Result;

    /// Counts up to `last` and then fails or ends.
    fn count(last: u64, end: fn() -> Result<bool>) -> impl FnMut(&mut u64) -> Result<bool> + Send {
        let mut next = 0;
        move |row| {
            next += 1;
            *row = next;
            if next > last { end() } else { Ok(true) }
        }
    }

    #[test]
    fn every_row_comes_once_and_in_order_whatever_their_number() {
        for last in [0, 1, 255, 256, 257, 512, 5_000] {
            let mut taken = Vec::new();
            let take = |row: &mut u64| {
                taken.push(*row);
                Ok(())
            };
            in_packs(count(last, || Ok(false)), take).unwrap();
            assert_eq!(taken, (1..=last).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_reader_that_fails_fails_after_the_rows_before() {
        let mut taken = 0;
        let take = |row: &mut u64| {
            taken = *row;
            Ok(())
        };
        let read = in_packs(count(700, || Err(Failure::internal("for this test"))), take);
        assert!(read.is_err());
        assert_eq!(taken, 700);
    }

    #[test]
    fn whoever_gives_up_taking_ends_the_reading() {
        let endless = count(u64::MAX, || Ok(false));
        let take = |row: &mut u64| if *row < 300 { Ok(()) } else { Err(Failure::internal("for this test")) };
        assert!(in_packs(endless, take).is_err());
    }
}
