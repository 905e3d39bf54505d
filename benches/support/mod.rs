//! What benchmarks share: invented files, places to work in, what a process costs.

pub mod files;
pub mod measure;
pub mod place;
pub mod registry;
