//! Bytes into typed records and back: `Read` and `Write` in, no paths, nothing decided.

pub mod archive;
pub mod encoding;
pub mod spar_xml;
