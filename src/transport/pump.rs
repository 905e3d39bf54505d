//! Moves bytes from one side to the other, and remembers which of them failed.

use std::io::{self, Read, Write};

use super::fault::Cause;

const CHUNK: usize = 64 * 1024;

/// What ended a transfer before its end.
pub(super) enum Stuck {
    /// The side that gives.
    Reading(io::Error),
    /// The side that takes.
    Writing(io::Error),
    /// Time or a signal.
    Over(Cause),
}

/// Moves everything; how many bytes that were. `may_go_on` is asked before each chunk.
pub(super) fn pump(
    source: &mut dyn Read,
    sink: &mut dyn Write,
    may_go_on: &dyn Fn() -> Result<(), Cause>,
) -> Result<u64, Stuck> {
    let mut buffer = vec![0; CHUNK];
    let mut moved = 0;
    loop {
        may_go_on().map_err(Stuck::Over)?;
        let length = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Stuck::Reading(error)),
        };
        sink.write_all(buffer.get(..length).unwrap_or_default()).map_err(Stuck::Writing)?;
        moved += length as u64;
    }
    sink.flush().map_err(Stuck::Writing)?;
    Ok(moved)
}
