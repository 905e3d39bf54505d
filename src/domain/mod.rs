//! Rules and the things they speak of: pure values and functions. No I/O, no clock, no SQL, no log.

pub mod address;
pub mod area;
pub mod change;
pub mod contact;
pub mod day;
pub mod feed;
pub mod health;
pub mod hold;
pub mod id_number;
pub mod id_set;
pub mod keyed_hash;
pub mod limit;
pub mod merge;
pub mod origin;
pub mod person;
pub mod person_set;
pub mod population;
pub mod protection;
pub mod retained;
pub mod retention;
#[cfg(test)]
pub(crate) mod samples;
pub mod schedule;
pub mod search;
pub mod shown;
pub mod spar;
pub mod zone;
