//! Bytes into typed records and back: `Read` and `Write` in, no paths, nothing decided.

pub mod archive;
pub mod area_links;
pub mod contact_rows;
pub mod csv;
pub mod csv_out;
pub mod edit_rows;
pub mod encoding;
pub mod metrics;
pub mod navet_xml;
pub mod number_search;
pub mod oneroster;
pub mod person_rows;
pub mod population_rows;
pub mod retained_rows;
pub mod retention_rows;
pub mod spar_list;
pub mod spar_xml;
pub mod xml;
