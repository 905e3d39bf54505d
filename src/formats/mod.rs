//! Bytes into typed records and back. `Read` and `Write` come in; no paths, no registry.

pub mod csv;
pub mod csv_out;
pub mod encoding;
pub mod person_rows;
