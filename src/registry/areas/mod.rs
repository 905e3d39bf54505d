//! Links of key codes to areas, who has which, and what the population register says of it.

mod links;
mod people;

pub use links::{LinkRow, Verb};
