//! Files of our own: private, whole or not there, never through somebody else's link. Knows no people but by hash.

pub mod access_log;
pub mod atomic_file;
pub mod filesystem;
pub mod hashed;
pub mod lock;
pub mod private;
pub mod reading;
pub mod secret_key;
pub mod side_file;
pub mod spool;

pub use atomic_file::{AtomicFile, Existing};
pub use lock::RunLock;
pub use secret_key::SecretKey;
pub use side_file::{Fact, Record, SideFile};
pub use spool::{Room, Spool, Spooled};

/// A pipe that blocks whoever opens it carelessly.
#[cfg(test)]
fn plant_fifo(path: &std::path::Path) {
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, path, kind, rustix::fs::Mode::RUSR, 0).unwrap();
}
